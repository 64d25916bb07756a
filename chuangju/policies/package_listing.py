"""The lists of policy packages, of their clauses and of their imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.policies.models import PackageClause, PackageImport, PolicyPackage, PolicyRecord
from chuangju.policies.packages import Landing, landing_sign
from chuangju.ui.listing import Band, Column, Filter, Listing
from chuangju.ui.signs import Sign


def package_sign(package: PolicyPackage) -> Sign:
    """In force, replaced, or a sample."""
    if package.is_sample:
        return Sign("new", str(_("示例")))
    is_current = package.state == PolicyPackage.State.CURRENT
    return Sign("good" if is_current else "flat", str(package.get_state_display()))


def package_listing() -> Listing:
    """Every package with how much of it has landed."""
    return Listing(
        key="policy_packages",
        title=pgettext_lazy("list", "政策包"),
        search_label=_("搜索名称、文号"),
        columns=[
            Column(
                "title",
                pgettext_lazy("list", "政策包"),
                lambda p: p.shown_title,
                sort="title",
                url=lambda p: reverse("policies:package", args=(p.pk,)),
            ),
            Column("number", _("发文字号"), lambda p: p.document_number, sort="document_number"),
            Column("issued", _("印发日期"), lambda p: p.issued_on, sort="issued_on", css="short"),
            Column(
                "landed",
                _("已落地条款"),
                lambda p: f"{p.clauses_landed}/{p.clauses_total}",
                sort="clauses_landed",
                css="short",
            ),
            Column("state", _("状态"), package_sign, sort="state", css="short"),
        ],
        filters=[Filter("state", _("状态"), lambda: PolicyPackage.State.choices, lambda q, v: q.filter(state=v))],
        search=lambda q, text: q.filter(Q(title__icontains=text) | Q(document_number__icontains=text)),
        default_sort="state,-issued_on",
        empty_title=_("还没有政策包"),
        empty_hint=_("上传印发的 Word、Excel 或文本文件，先预览条款再确认。"),
    )


def unit_choices(clauses: Iterable[PackageClause]) -> list[tuple[str, str]]:
    """The units that answer for clauses, in the order of the register."""
    units = {clause.unit.pk: clause.unit for clause in clauses if clause.unit is not None}
    in_order = sorted(units.values(), key=lambda unit: (unit.position, unit.code))
    return [(unit.code, unit.shown_name) for unit in in_order]


def clause_listing(
    package: PolicyPackage, clauses: Iterable[PackageClause], policies: Mapping[str, PolicyRecord]
) -> Listing:
    """The clauses of a package in printed order, each with its policy, its unit and whether it has landed."""

    def policy_of(clause: Any) -> str:
        record = policies.get(clause.policy_id)
        return record.shown_title if record else clause.policy_id

    return Listing(
        key="package_clauses",
        title=package.title,
        search_label=_("搜索条款、责任单位"),
        columns=[
            Column("number", _("条款"), lambda c: c.number, sort="number", css="short"),
            Column(
                "heading",
                _("内容"),
                lambda c: c.heading,
                template="policies/cells/clause.html",
                url=lambda c: reverse("policies:clause", args=(c.pk,)),
            ),
            Column(
                "unit", _("责任单位"), lambda c: c.unit.shown_name if c.unit else c.unit_printed, sort="unit__position"
            ),
            Column("policy", _("对应政策"), policy_of),
            Column("landing", _("落地情况"), landing_sign, sort="landing", css="short"),
            Column("note", _("落实说明"), lambda c: c.note),
        ],
        filters=[
            Filter("landing", _("落地情况"), lambda: Landing.choices, lambda q, v: q.filter(landing=v)),
            Filter("unit", _("责任单位"), lambda: unit_choices(clauses), lambda q, v: q.filter(unit__code=v)),
        ],
        search=lambda q, text: q.filter(
            Q(heading__icontains=text) | Q(text__icontains=text) | Q(unit_printed__icontains=text)
        ),
        default_sort="number",
        group=_chapter,
        empty_title=_("这份政策包没有条款"),
    )


def _chapter(clause: Any) -> Band | str:
    return clause.chapter or ""


def import_listing() -> Listing:
    """The uploads so far, the newest first."""
    return Listing(
        key="package_imports",
        title=_("政策包导入记录"),
        search_label=_("搜索文件名"),
        columns=[
            Column(
                "file",
                _("文件名"),
                lambda i: i.file_name,
                sort="file_name",
                url=lambda i: reverse("policies:package_preview", args=(i.pk,)),
            ),
            Column("clauses", _("条款数"), lambda i: len(i.content.get("clauses", ())), css="short"),
            Column("state", _("状态"), lambda i: i.get_state_display(), sort="state", css="short"),
            Column("by", _("上传人"), lambda i: i.uploaded_by.name, sort="uploaded_by__name", css="short"),
            Column("at", _("上传时间"), lambda i: i.uploaded_at, sort="uploaded_at", css="short"),
        ],
        filters=[Filter("state", _("状态"), lambda: PackageImport.State.choices, lambda q, v: q.filter(state=v))],
        search=lambda q, text: q.filter(file_name__icontains=text),
        default_sort="-at",
        empty_title=_("还没有导入过政策包"),
        empty_hint=_("在上方选择文件，先预览再确认。"),
    )
