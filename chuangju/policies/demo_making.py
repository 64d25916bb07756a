"""演示政策档案 - sample policies at every point of their life, and a package of placeholders; each is marked 示例.

Every step goes through the same functions that the pages call, at the moment when it would have happened.
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from chuangju.kernel.models import User
from chuangju.policies.fees import FeeFacts, enter_fee
from chuangju.policies.making import RecordFacts, open_record
from chuangju.policies.making_steps import StepFacts, record_step
from chuangju.policies.models import PolicyRecord
from chuangju.policies.package_imports import PackageFacts, confirm_package_import, start_package_import
from chuangju.units.models import Role, RoleAssignment, Unit

Stage = PolicyRecord.Stage
# Days before the issue on which the earlier stages were gone through.
_BEFORE_ISSUE = {
    Stage.CONSULTATION: 50,
    Stage.LEGALITY: 30,
    Stage.COMPETITION: 28,
    Stage.DELIBERATION: 10,
    Stage.NUMBER: 2,
}
_JUDGED = {Stage.LEGALITY, Stage.COMPETITION, Stage.DELIBERATION}


def load_demo_making(at: datetime) -> None:
    """Tell the story of the file as of a day; nothing where there is no policy officer to tell it."""
    held = RoleAssignment.objects.filter(role=Role.POLICY_OFFICER, user__is_demo=True, unit__isnull=False)
    keeper = held.select_related("user", "unit").order_by("pk").first()
    if keeper is None or keeper.unit is None:
        return
    told = tomllib.loads((files("chuangju.policies") / "data" / "demo_making.toml").read_text(encoding="utf-8"))
    on = timezone.localdate(at)
    for entry in told["record"]:
        _tell(entry, keeper.user, keeper.unit, on)
    _import_package(told["package"], keeper.user, at)
    _enter_fee(told["fee"], keeper.user, on)


def _moment(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=timezone.get_default_timezone())


def _tell(entry: dict[str, Any], by: User, unit: Unit, on: date) -> None:
    issued = entry.get("issued")
    first = on - timedelta(days=issued["ago"] + 60) if issued else on - timedelta(days=entry["steps"][0]["ago"] + 20)
    facts = RecordFacts(
        policy_id=entry["policy_id"],
        title=entry["title"],
        title_en=entry["title_en"],
        unit=unit,
        issuer="本产品示例",
        document=entry["title"],
        confidence="sample",
    )
    record = open_record(facts, by=by, at=_moment(first))
    for step in entry.get("steps", ()):
        day = on - timedelta(days=step["ago"])
        told = {key: step[key] for key in ("outcome", "person", "document", "words") if key in step}
        _record(record, step["stage"], StepFacts(day=day, **told), by)
    if issued:
        _issue(record, entry, by, on)


def _record(record: PolicyRecord, stage: str, facts: StepFacts, by: User, uploads: tuple[Any, ...] = ()) -> None:
    record.refresh_from_db()
    moment = _moment(facts.day, 15)
    record_step(record, stage=stage, facts=facts, files=uploads, revision=record.revision, by=by, at=moment)


def _issue(record: PolicyRecord, entry: dict[str, Any], by: User, on: date) -> None:
    told = entry["issued"]
    issued_on = on - timedelta(days=told["ago"])
    for stage, before in _BEFORE_ISSUE.items():
        outcome = "passed" if stage in _JUDGED else "done"
        facts = StepFacts(
            day=issued_on - timedelta(days=before),
            outcome=outcome,
            words="（示例）",
            document_number=told["number"] if stage == Stage.NUMBER else "",
        )
        uploads = (_paper(entry["title"]),) if entry.get("files") and stage == Stage.LEGALITY else ()
        _record(record, stage, facts, by, uploads)
    from_day = issued_on + timedelta(days=30)
    until = issued_on + timedelta(days=told["days"])
    issue = StepFacts(day=issued_on, document=told["number"], effective_from=from_day, valid_until=until)
    _record(record, Stage.ISSUE, issue, by)
    words = entry.get("explanation", "这是演示用的示例政策，没有实际内容。")
    _record(record, Stage.EXPLANATION, StepFacts(day=issued_on + timedelta(days=3), explanation=words), by)
    if "evaluation" in entry:
        judged = entry["evaluation"]
        facts = StepFacts(
            day=on - timedelta(days=judged["ago"]), conclusion=judged["conclusion"], words=judged["words"]
        )
        _record(record, Stage.EVALUATION, facts, by)


def _paper(title: str) -> SimpleUploadedFile:
    text = f"合法性审核意见（示例）\n\n关于《{title}》的审核意见：同意。\n本文件用于演示，没有效力。\n"
    return SimpleUploadedFile("合法性审核意见（示例）.txt", text.encode(), content_type="text/plain")


def _import_package(told: dict[str, Any], by: User, at: datetime) -> None:
    """The sample package comes in like any other: as a file, previewed and confirmed."""
    file = SimpleUploadedFile("示例政策包.txt", told["lines"].strip().encode(), content_type="text/plain")
    upload = start_package_import(file, by=by, at=at - timedelta(days=3))
    facts = PackageFacts(title=told["title"], title_en=told["title_en"], issuer="本产品示例", is_sample=True)
    confirm_package_import(upload, facts, by=by, at=at - timedelta(days=3))
    # A second one waits, with mistakes in it, so that it can be seen how those are told.
    faulty = SimpleUploadedFile("示例政策包（有错误）.txt", told["faulty"].strip().encode(), content_type="text/plain")
    start_package_import(faulty, by=by, at=at - timedelta(days=1))


def _enter_fee(told: dict[str, Any], by: User, on: date) -> None:
    """One entry of the district beside the shipped list, so that it can be seen how that looks."""
    facts = FeeFacts(**told, starts_on=on - timedelta(days=200), confidence="sample")
    enter_fee(facts, by=by, at=_moment(on - timedelta(days=100)))
