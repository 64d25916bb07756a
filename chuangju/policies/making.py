"""政策档案 - how the record of a policy is opened, corrected and given up; its stages are recorded in making_steps.py."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.policies.access import can_keep_record, can_open_record_for
from chuangju.policies.models import PolicyRecord
from chuangju.units.models import Unit

POLICY_ID = re.compile(r"[a-z][a-z0-9_]{2,79}\Z")
LONGEST_TITLE, LONGEST_REASON = 200, 300


class MakingRefused(Refused):
    """The record of a policy cannot be opened, changed or taken on like this; the sentence says why."""


@dataclass(frozen=True)
class RecordFacts:
    """The outside of a record, as its keeper writes it."""

    policy_id: str
    title: str
    unit: Unit
    level: str = PolicyRecord.Level.DISTRICT
    version: str = ""
    title_en: str = ""
    issuer: str = ""
    document: str = ""
    url: str = ""
    confidence: str = "official"
    replaces: PolicyRecord | None = None


def record_facts(record: PolicyRecord) -> dict[str, Any]:
    """What the history tells of a record."""
    return {key: value for key, value in snapshot(record).items() if key != "revision"}


def require_keeper(record: PolicyRecord, by: User, at: datetime) -> None:
    """Refuse whoever neither answers for the policy's unit nor is of the programme office."""
    if not can_keep_record(by, record, on=timezone.localdate(at)):
        raise MakingRefused(_("只有责任单位的政策主管和创建办可以登记这项政策"))


def locked_record(record: PolicyRecord, *states: str, revision: int | None = None) -> PolicyRecord:
    """The record as it stands now, locked; refused in another state, or where the form was made from an older one."""
    take_locks(f"policies.record:{record.pk}")
    fresh = PolicyRecord.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=record.pk).first()
    if fresh is None or (revision is not None and fresh.revision != revision):
        raise StaleForm(_("这份政策档案刚刚被他人修改过，请核对最新内容后再提交"))
    if states and fresh.state not in states:
        raise MakingRefused(_("政策现在的状态是“%(state)s”，不能这样办理") % {"state": fresh.get_state_display()})
    return fresh


def save_record(record: PolicyRecord, action: str, before: dict[str, Any], *, by: User, at: datetime) -> PolicyRecord:
    """Write the changed record with its event."""
    record.revision += 1
    record.save()
    record_event(f"policies.{action}", record, by=by, at=at, before=before, after=record_facts(record))
    return record


def checked_title(title: str) -> str:
    """A title without stray blanks; refused where it is empty or too long."""
    words = " ".join(title.split())
    if not words:
        raise MakingRefused(_("请填写政策名称"))
    if len(words) > LONGEST_TITLE:
        raise MakingRefused(
            _("不能超过 %(limit)d 字，现有 %(count)d 字") % {"limit": LONGEST_TITLE, "count": len(words)}
        )
    return words


def _check_outside(record: PolicyRecord) -> None:
    others = PolicyRecord.objects.filter(policy_id=record.policy_id).exclude(pk=record.pk)
    if not POLICY_ID.match(record.policy_id):
        raise MakingRefused(_("政策编号由小写字母、数字和下划线组成，以字母开头，例如 rent_subsidy"))
    if record.version and others.filter(version=record.version).exists():
        raise MakingRefused(_("这项政策的这个版本已有档案"))
    if record.state == PolicyRecord.State.MAKING and others.filter(state=PolicyRecord.State.MAKING).exists():
        raise MakingRefused(_("这项政策已有一份正在制定的档案，请先完成或终止它"))
    if record.replaces is not None and record.replaces.state != PolicyRecord.State.ISSUED:
        raise MakingRefused(_("只能替代已印发的政策"))


def _apply(record: PolicyRecord, facts: RecordFacts) -> None:
    record.policy_id, record.version = facts.policy_id.strip(), facts.version.strip()
    record.title, record.title_en = checked_title(facts.title), " ".join(facts.title_en.split())
    record.unit, record.level, record.replaces = facts.unit, facts.level, facts.replaces
    record.issuer, record.document, record.url = facts.issuer.strip(), facts.document.strip(), facts.url.strip()
    record.confidence = facts.confidence


@transaction.atomic
def open_record(facts: RecordFacts, *, by: User, at: datetime) -> PolicyRecord:
    """Begin the making of a policy, before or after it is encoded; raises MakingRefused."""
    if not can_open_record_for(by, facts.unit, on=timezone.localdate(at)):
        raise MakingRefused(_("只能为本单位的政策建立档案"))
    take_locks(f"policies.policy:{facts.policy_id.strip()}")
    record = PolicyRecord(added_by=by, added_at=at)
    _apply(record, facts)
    _check_outside(record)
    record.save()
    record_event("policies.record_opened", record, by=by, at=at, after=record_facts(record))
    return record


@transaction.atomic
def change_record(record: PolicyRecord, facts: RecordFacts, *, revision: int, by: User, at: datetime) -> PolicyRecord:
    """Correct the outside of a record; its number and dates come with its stages. Raises MakingRefused, StaleForm."""
    fresh = locked_record(record, revision=revision)
    require_keeper(fresh, by, at)
    if not can_open_record_for(by, facts.unit, on=timezone.localdate(at)):
        raise MakingRefused(_("只能把政策交给本单位；转给其他单位请由创建办办理"))
    if fresh.is_shipped and (facts.policy_id, facts.version) != (fresh.policy_id, fresh.version):
        raise MakingRefused(_("已有政策文件的，编号和版本不能修改"))
    before = record_facts(fresh)
    if fresh.state != PolicyRecord.State.MAKING and facts.level != fresh.level:
        raise MakingRefused(_("印发后不能再改层级"))
    replaced = fresh.replaces
    _apply(fresh, facts)
    if fresh.state != PolicyRecord.State.MAKING:
        fresh.replaces = replaced
    else:
        _check_outside(fresh)
    if record_facts(fresh) == before:
        raise MakingRefused(_("没有任何改动"))
    return save_record(fresh, "record_changed", before, by=by, at=at)


@transaction.atomic
def abandon_record(record: PolicyRecord, *, reason: str, by: User, at: datetime) -> PolicyRecord:
    """Give up the making of a policy, with the reason; raises MakingRefused."""
    fresh = locked_record(record, PolicyRecord.State.MAKING)
    require_keeper(fresh, by, at)
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not words:
        raise MakingRefused(_("请写明原因，它会记入历史"))
    before = record_facts(fresh)
    fresh.state = PolicyRecord.State.ABANDONED
    fresh.revision += 1
    fresh.save()
    record_event(
        "policies.record_abandoned", fresh, by=by, at=at, before=before, after=record_facts(fresh), reason=words
    )
    return fresh
