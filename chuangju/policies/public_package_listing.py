"""Policy packages as everybody reads them: numbered clauses, the policy and the unit that carry each out, landed or not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.languages import reads_english
from chuangju.policies.access import issued_records_visible_to
from chuangju.policies.models import PackageClause, PolicyPackage
from chuangju.policies.package_listing import package_sign, unit_choices
from chuangju.policies.packages import Landing, landing_sign
from chuangju.rules.catalogue import Catalogue
from chuangju.ui.listing import Band, Column, Filter, Listing


def public_package_listing() -> Listing:
    """The packages in force with how much of each has landed."""
    return Listing(
        key="public_packages",
        title=pgettext_lazy("list", "政策包"),
        search_label=_("搜索名称、文号"),
        columns=[
            Column(
                "title",
                pgettext_lazy("list", "政策包"),
                lambda p: p.shown_title,
                sort="title",
                url=lambda p: reverse("policies:public_package", args=(p.pk,)),
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
            Column("state", _("状态"), package_sign, css="short"),
        ],
        search=lambda q, text: q.filter(Q(title__icontains=text) | Q(document_number__icontains=text)),
        default_sort="-issued_on,title",
        empty_title=_("还没有公开的政策包"),
        empty_hint=_("整份印发的条款导入后显示在这里；单项政策请看政策目录。"),
    )


def titles_of(clauses: Collection[PackageClause], catalogue: Catalogue, *, on: date) -> dict[str, tuple[str, str]]:
    """What each policy of the clauses is called in public, and the address of its page where it has one; one query.

    A policy that is still being made is not spoken of here.
    """
    wanted = {clause.policy_id for clause in clauses if clause.policy_id}
    issued = issued_records_visible_to(None, on=on).filter(policy_id__in=wanted)
    found = {
        record.policy_id: (record.shown_title, "")
        for record in issued.order_by(F("effective_from").asc(nulls_first=True), "pk")
    }
    for policy_id in wanted:
        latest = catalogue.latest(policy_id)
        if latest is not None:
            title = latest.title.en if reads_english() else latest.title.zh
            found[policy_id] = (title, reverse("policies:policy", args=(policy_id,)))
    return found


def public_clause_listing(
    package: PolicyPackage, clauses: Collection[PackageClause], policies: Mapping[str, tuple[str, str]]
) -> Listing:
    """The clauses in printed order; without the notes that the units keep for themselves."""
    nothing = ("", "")

    def group(clause: Any) -> Band | str:
        return clause.chapter or ""

    return Listing(
        key="public_clauses",
        title=package.title,
        search_label=_("搜索条款、责任单位"),
        columns=[
            Column("number", _("条款"), lambda c: c.number, sort="number", css="short"),
            Column(
                "heading",
                _("内容"),
                lambda c: c.heading,
                template="policies/cells/public_clause.html",
                url=lambda c: f"#clause-{c.number}",
            ),
            Column(
                "policy",
                _("对应政策"),
                lambda c: policies.get(c.policy_id, nothing)[0],
                url=lambda c: policies.get(c.policy_id, nothing)[1],
            ),
            Column(
                "unit", _("责任单位"), lambda c: c.unit.shown_name if c.unit else c.unit_printed, sort="unit__position"
            ),
            Column("landing", _("落地情况"), landing_sign, sort="landing", css="short"),
        ],
        filters=[
            Filter("landing", _("落地情况"), lambda: Landing.choices, lambda q, v: q.filter(landing=v)),
            Filter("unit", _("责任单位"), lambda: unit_choices(clauses), lambda q, v: q.filter(unit__code=v)),
        ],
        search=lambda q, text: q.filter(
            Q(heading__icontains=text) | Q(text__icontains=text) | Q(unit_printed__icontains=text)
        ),
        default_sort="number",
        group=group,
        empty_title=_("这份政策包没有条款"),
    )
