"""成员名单 - the list of units, leaders in charge and liaison officers as it stood on a day, and the notice that goes out.

A list is kept when the notice is drafted: papers that are printed again later say what they said. What changed is told
against the list before; its sentences are Chinese, because papers are.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.kernel.audit import record_event
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import Paper, User
from chuangju.kernel.outgoing_papers import PaperTemplate, draft_paper
from chuangju.kernel.refusals import Refused
from chuangju.papers.documents import Block, Heading, PaperColumn, PaperDocument, PaperTable, Paragraph, SignedBy
from chuangju.units.access import can_appoint, member_lists_visible_to
from chuangju.units.appointment_register import in_order_of_office
from chuangju.units.models import Appointment, MemberList, Unit

TEMPLATE = "units.member_list"
TITLE = "关于调整创建工作成员单位分管领导和联络员名单的通知"
ISSUER = "创建工作领导小组办公室"
RECIPIENTS = "各成员单位"
_KINDS = (Appointment.Kind.LEADER_IN_CHARGE, Appointment.Kind.WORK, Appointment.Kind.PUBLICITY)


class MemberListRefused(Refused):
    """A notice that cannot be drafted like this."""


@transaction.atomic
def draft_member_notice(*, as_of: date, by: User, at: datetime) -> Paper:
    """Keep the list of a day and begin the notice about it; raises MemberListRefused."""
    if not can_appoint(by, timezone.localdate(at)):
        raise MemberListRefused(_("只有创建办可以起草成员名单通知"))
    take_locks("units.member_list")
    entries = list_entries(as_of)
    before = MemberList.objects.first()
    if before is not None and before.entries == entries:
        raise MemberListRefused(
            _("名单自上次起草（%(day)s）以来没有变化")
            % {"day": timezone.localtime(before.drafted_at).date().isoformat()}
        )
    kept = MemberList.objects.create(
        as_of=as_of,
        entries=entries,
        changes=find_changes(before.entries, entries) if before else [],
        drafted_by=by,
        drafted_at=at,
    )
    # The paper's own event belongs to a lower package, and is recorded first.
    paper = draft_paper(TEMPLATE, kept, title=TITLE, recipient=RECIPIENTS, openness=Paper.Openness.CLOSED, by=by, at=at)
    after = {"名单日期": as_of, "调整": kept.changes}
    record_event("units.member_list_drafted", kept, by=by, at=at, after=after)
    return paper


def list_entries(as_of: date) -> list[dict[str, Any]]:
    """Each existing unit in 建制序 with its people by office, as printed: `{"code", "name", "people": {kind: {...}}}`."""
    rows = Appointment.objects.in_force_on(as_of)
    units = Unit.objects.existing_on(as_of).prefetch_related(
        Prefetch("appointments", queryset=rows, to_attr="appointed")
    )
    return [_entry(unit) for unit in units.order_by("position", "code")]


def find_changes(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[str]:
    """What differs between two lists, one sentence for each unit and kind."""
    known = {entry["code"]: entry for entry in old}
    found = []
    with in_kept_language():
        for entry in new:
            before = known.pop(entry["code"], None)
            if before is None:
                found.append(f"增加成员单位：{entry['name']}。")
                continue
            if before["name"] != entry["name"]:
                found.append(f"{before['name']}更名为{entry['name']}。")
            found += [sentence for kind in _KINDS if (sentence := _change(entry["name"], kind, before, entry))]
        found += [f"不再作为成员单位：{entry['name']}。" for entry in known.values()]
    return found


def member_document(kept: MemberList) -> PaperDocument:
    """The notice: what was changed, and the whole list in 建制序."""
    blocks: list[Block] = [
        Paragraph(
            "因人事变动和工作需要，现对创建工作各成员单位分管领导、工作联络员和宣传联络员名单作如下调整，请遵照执行。"
        )
    ]
    if kept.changes:
        blocks.append(Heading("一、调整情况"))
        blocks += [Paragraph(f"{number}．{sentence}") for number, sentence in enumerate(kept.changes, 1)]
        blocks.append(Heading("二、调整后的名单"))
    blocks += [
        PaperTable(_COLUMNS, [_row(number, entry) for number, entry in enumerate(kept.entries, 1)]),
        Paragraph("今后如有变动，由所在单位及时报领导小组办公室，不再另行发文。"),
        SignedBy(ISSUER, kept.as_of),
    ]
    return PaperDocument(TITLE, blocks, issuer=ISSUER, recipients=RECIPIENTS, day=kept.as_of)


_COLUMNS = (
    PaperColumn("序号", 6, is_centred=True),
    PaperColumn("单位", 22),
    PaperColumn("分管领导", 24),
    PaperColumn("工作联络员", 26),
    PaperColumn("宣传联络员", 26),
)


def member_list_template() -> PaperTemplate:
    """How notices about the members come about: the office drafts them, staff read them."""
    return PaperTemplate(
        TEMPLATE,
        gettext_lazy("调整成员名单的通知"),
        build=member_document,
        can_manage=lambda user, _kept: can_appoint(user),
        can_read=lambda user, kept: member_lists_visible_to(user).filter(pk=kept.pk).exists(),
    )


def _entry(unit: Any) -> dict[str, Any]:
    people = {
        one.kind: {"name": one.name, "post": one.post, "phone": one.phone} for one in in_order_of_office(unit.appointed)
    }
    return {"code": unit.code, "name": unit.name, "people": people}


def _change(unit: str, kind: Appointment.Kind, before: dict[str, Any], after: dict[str, Any]) -> str:
    old, new = (entry["people"].get(kind.value, {}).get("name", "") for entry in (before, after))
    if old == new:
        return ""
    if not new:
        return f"{unit}：{old}不再担任{kind.label}。"
    return f"{unit}：{kind.label}由{old}调整为{new}。" if old else f"{unit}：{new}任{kind.label}。"


def _row(number: int, entry: dict[str, Any]) -> list[str]:
    return [str(number), entry["name"], *(_cell(entry["people"].get(kind.value)) for kind in _KINDS)]


def _cell(person: dict[str, str] | None) -> str:
    """Name, post and telephone below one another; a dash where there is nobody."""
    if person is None:
        return "—"
    return "\n".join(part for part in (person["name"], person["post"], person["phone"]) if part)
