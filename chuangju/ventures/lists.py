"""列表 - what the lists of parties, claims and imports show, and how they are narrowed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangju.kernel.search import keys_found
from chuangju.ui.clock_signs import sign_of_clock
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign
from chuangju.units.models import Unit
from chuangju.ventures.claim_clocks import read_review
from chuangju.ventures.codes import even_out
from chuangju.ventures.models import Claim, Party, PartyImport

SEARCH_SOURCE = "ventures.party"
_STATUS_SIGNS = {
    Party.Status.ACTIVE: "good",
    Party.Status.CLOSED: "flat",
    Party.Status.REVOKED: "late",
    Party.Status.MOVED_OUT: "flat",
}
_CLAIM_SIGNS = {
    Claim.State.PENDING: "soon",
    Claim.State.CONFIRMED: "good",
    Claim.State.REFUSED: "late",
    Claim.State.WITHDRAWN: "flat",
    Claim.State.ENDED: "flat",
    Claim.State.LAPSED: "flat",
}
_IMPORT_SIGNS = {
    PartyImport.State.CHECKING: "info",
    PartyImport.State.READY: "soon",
    PartyImport.State.WRITING: "info",
    PartyImport.State.DONE: "done",
    PartyImport.State.DISCARDED: "flat",
}


def party_listing() -> Listing:
    """The register, by name."""
    return Listing(
        key="parties",
        title=gettext_lazy("主体名册"),
        columns=(
            Column("name", gettext_lazy("名称"), lambda party: party.name, sort="name,id", url=_party_url),
            Column("kind", gettext_lazy("主体类型"), lambda party: party.get_kind_display(), sort="kind,name", css="short"),
            Column("code", gettext_lazy("统一社会信用代码"), lambda party: party.credit_code, sort="credit_code", css="short"),
            Column("id_number", gettext_lazy("证件号码"), lambda party: party.masked_id_number, css="short"),
            Column("town", gettext_lazy("所属街镇"), _town_name, sort="town__position,name"),
            Column("registered", gettext_lazy("成立日期"), lambda party: party.registered_on, sort="registered_on", css="short"),
            Column("status", gettext_lazy("状态"), party_sign, sort="status,name", css="short"),
        ),
        filters=(
            Filter("kind", gettext_lazy("主体类型"), lambda: Party.Kind.choices, lambda rows, kind: rows.filter(kind=kind)),
            Filter("town", gettext_lazy("所属街镇"), _towns, lambda rows, code: rows.filter(town__code=code)),
            Filter("status", gettext_lazy("登记状态"), lambda: Party.Status.choices, lambda rows, status: rows.filter(status=status)),
            Filter("source", gettext_lazy("数据来源"), lambda: Party.Source.choices, lambda rows, source: rows.filter(source=source)),
            Filter("entry", gettext_lazy("核实与合并"), _entries, _by_entry),
        ),
        search=search_parties,
        search_label=gettext_lazy("搜索名称、拼音、信用代码"),
        default_sort="name",
        empty_title=gettext_lazy("名册里还没有主体"),
        empty_hint=gettext_lazy("可以逐个登记，也可以从 xlsx、csv 名册批量导入。"),
    )  # fmt: skip


def search_parties(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """By any part of a name or former name, by how it sounds, and by a whole credit code.

    Not by ID number: what is searched for stands in the address, and numbers of people have a form of their own.
    """
    found = Q(name__icontains=text) | Q(former_names__name__icontains=text) | Q(credit_code=even_out(text))
    if text.isascii() and not any(sign.isdigit() for sign in text):
        found |= Q(pk__in=keys_found(text, SEARCH_SOURCE))
    return rows.filter(pk__in=Party.objects.filter(found).values("pk"))


def party_sign(party: Party) -> Sign:
    """Whether the party is in being, and whether its entry counts."""
    if party.merged_into_id:
        return Sign("flat", _("已并入"))
    if not party.is_checked:
        return Sign("soon", _("未核实"))
    return Sign(_STATUS_SIGNS[Party.Status(party.status)], party.get_status_display())


def claim_listing(on: date) -> Listing:
    """The clerk's work list: what waits, the oldest first."""
    return Listing(
        key="claims",
        title=gettext_lazy("代表关系"),
        columns=(
            Column("name", gettext_lazy("填写的名称"), lambda claim: claim.given_name, sort="given_name", url=_claim_url),
            Column("party", gettext_lazy("名册中的名称"), lambda claim: claim.party.name, sort="party__name"),
            Column("by", gettext_lazy("申请人"), lambda claim: str(claim.user), sort="user__name", css="short"),
            Column("capacity", gettext_lazy("身份"), lambda claim: claim.get_capacity_display(), css="short"),
            Column("way", gettext_lazy("核实方式"), lambda claim: claim.get_way_display(), css="short"),
            Column("made", gettext_lazy("提交日期"), lambda claim: timezone.localdate(claim.made_at), sort="made_at,id", css="short"),
            Column("clock", gettext_lazy("办理时限"), lambda claim: clock_sign(claim, on), css="short"),
            Column("state", gettext_lazy("状态"), claim_sign, sort="state,made_at", css="short"),
        ),
        filters=(
            Filter("state", gettext_lazy("状态"), lambda: Claim.State.choices, lambda rows, state: rows.filter(state=state)),
            Filter("way", gettext_lazy("核实方式"), lambda: Claim.Way.choices, lambda rows, way: rows.filter(way=way)),
            Filter("capacity", gettext_lazy("身份"), lambda: Claim.Capacity.choices, lambda rows, value: rows.filter(capacity=value)),
        ),
        search=_search_claims,
        search_label=gettext_lazy("搜索企业、申请人、代码"),
        default_sort="made",
        empty_title=gettext_lazy("没有待核实的申请"),
        empty_hint=gettext_lazy("企业人员在“我代表的企业”提交后，会出现在这里，先提交的排在前面。"),
    )  # fmt: skip


def claim_sign(claim: Claim) -> Sign:
    """What became of a claim."""
    return Sign(_CLAIM_SIGNS[Claim.State(claim.state)], claim.get_state_display())


def import_listing() -> Listing:
    """The registers that were handed in, newest first."""
    return Listing(
        key="party_imports",
        title=gettext_lazy("名册导入"),
        columns=(
            Column("file", gettext_lazy("文件名"), lambda each: each.file_name, sort="file_name", url=_import_url),
            Column("state", gettext_lazy("状态"), import_sign, sort="state", css="short"),
            Column("new", pgettext_lazy("rows", "新增"), lambda each: _count(each, "new"), css="no"),
            Column("changed", pgettext_lazy("rows", "更正"), lambda each: _count(each, "changed"), css="no"),
            Column("faulty", pgettext_lazy("rows", "有误"), lambda each: _count(each, "faulty"), css="no"),
            Column("by", gettext_lazy("上传人"), lambda each: str(each.uploaded_by), sort="uploaded_by__name"),
            Column("at", gettext_lazy("上传时间"), lambda each: each.uploaded_at, sort="uploaded_at"),
        ),
        filters=(
            Filter("state", gettext_lazy("状态"), lambda: PartyImport.State.choices, lambda rows, state: rows.filter(state=state)),
        ),
        search=lambda rows, text: rows.filter(file_name__icontains=text),
        search_label=gettext_lazy("搜索文件名"),
        default_sort="-at",
        empty_title=gettext_lazy("还没有导入过名册"),
        empty_hint=gettext_lazy("在上方选择文件，先预览再确认。"),
    )  # fmt: skip


def import_sign(upload: PartyImport) -> Sign:
    """Where an import stands."""
    return Sign(_IMPORT_SIGNS[PartyImport.State(upload.state)], upload.get_state_display())


def _party_url(party: Party) -> str:
    return reverse("ventures:party_detail", args=[party.pk])


def _claim_url(claim: Claim) -> str:
    return reverse("ventures:claim_detail", args=[claim.pk])


def _import_url(upload: PartyImport) -> str:
    return reverse("ventures:import_preview", args=[upload.pk])


def _town_name(party: Party) -> str:
    return party.town.shown_name if party.town else ""


def _towns() -> list[tuple[str, str]]:
    return [(unit.code, unit.shown_name) for unit in Unit.objects.towns().order_by("position", "code")]


def _entries() -> list[tuple[str, str]]:
    return [("unchecked", _("未核实")), ("merged", _("已并入"))]


def _by_entry(rows: QuerySet[Any], entry: str) -> QuerySet[Any]:
    if entry == "merged":
        return rows.filter(merged_into__isnull=False)
    return rows.filter(merged_into__isnull=True, is_checked=False)


def clock_sign(claim: Claim, on: date) -> Sign | None:
    """How the promised days of a claim stand; None for one that is proved at the counter."""
    reading = read_review(claim, on=on)
    return sign_of_clock(reading) if reading else None


def _search_claims(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(
        Q(given_name__icontains=text)
        | Q(party__name__icontains=text)
        | Q(user__name__icontains=text)
        | Q(party__credit_code=even_out(text))
    )


def _count(upload: PartyImport, outcome: str) -> int | None:
    if not upload.counts:
        return None
    counts: dict[str, dict[str, int]] = upload.counts
    return sum(part.get(outcome, 0) for part in counts.values())
