"""One more row for each list of the product, so that pages can be asked for with few rows and with many."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType

from chuangju.kernel.audit import record_event
from chuangju.kernel.models import Delivery, DutyRun, Job, Message, Rating, User
from chuangju.programme.models import (
    Category,
    Measure,
    MeasureRow,
    Milestone,
    PrintedUnit,
    RowUnit,
    TableImport,
    TableVersion,
    Task,
    TaskRow,
    UnitPart,
)
from chuangju.units.models import FollowUp, Role, Unit
from chuangju.units.notices import draft_notice
from chuangju.ventures.claim_clocks import start_review
from chuangju.ventures.models import Claim, Party, PartyImport
from tests import people
from tests.conftest import NOW


def _office() -> User:
    return people.make_user("office", Role.PROGRAMME_OFFICE)


def table_version(number: int = 1, state: str = TableVersion.State.CURRENT) -> TableVersion:
    """A version of the table, once."""
    found, _is_new = TableVersion.objects.get_or_create(
        number=number,
        defaults={
            "title": "分解表",
            "name": f"第 {number} 版",
            "state": state,
            "effective_from": date(2026, 1, 1),
            "file_name": "表.docx",
            "file_sha256": "0" * 64,
            "imported_by": _office(),
            "imported_at": NOW,
        },
    )
    return found


def add_rows(number: int) -> None:
    """A printed row, one of its units and one of its measures."""
    version = table_version()
    category, _is_new = Category.objects.get_or_create(version=version, name=f"类别{number % 3}", position=number % 3)
    task = Task.objects.create(code=f"task-{number}")
    row = TaskRow.objects.create(
        version=version, task=task, category=category, position=number, number=number, title="任务", lead_printed="局"
    )
    unit = people.make_unit(f"u{number}", f"单位{number}")
    PrintedUnit.objects.create(row=row, part=UnitPart.LEAD, position=1, printed="局", unit=unit)
    RowUnit.objects.create(row=row, unit=unit, part=UnitPart.LEAD)
    measure = Measure.objects.create(task=task, code=f"measure-{number}")
    MeasureRow.objects.create(row=row, measure=measure, position=1, text="举措")


def add_milestone(number: int, *, state: str = Milestone.State.OPEN) -> None:
    """A milestone under a measure of its own."""
    add_rows(number)
    Milestone.objects.create(
        measure=Measure.objects.get(code=f"measure-{number}"),
        title=f"节点{number}",
        unit=Unit.objects.get(code=f"u{number}"),
        due_on=NOW.date() + timedelta(days=number),
        done_on=NOW.date() if state == Milestone.State.DONE else None,
        state=state,
        created_by=_office(),
        created_at=NOW,
    )


def add_own_milestone(number: int) -> None:
    """A milestone of the very unit that the reader reports for."""
    add_milestone(number)
    Milestone.objects.filter(measure__code=f"measure-{number}").update(unit=people.make_unit("own", "本单位"))


def add_done_milestone(number: int) -> None:
    """A milestone that is done: evidence of an indicator."""
    add_milestone(number, state=Milestone.State.DONE)


def add_version(number: int) -> None:
    """A version that has been superseded."""
    table_version(number, TableVersion.State.SUPERSEDED)


def add_import(number: int) -> None:
    """An upload that could not be read."""
    TableImport.objects.create(
        state=TableImport.State.FAILED,
        file_name=f"{number}.docx",
        file_sha256="0" * 64,
        uploaded_by=people.make_user(f"uploader{number}"),
        uploaded_at=NOW,
    )


def add_officer(number: int) -> None:
    """A unit with its liaison officer."""
    unit = people.make_unit(f"u{number}", f"单位{number}")
    people.make_user(f"officer{number}", Role.LIAISON_OFFICER, unit=unit)


def add_event(number: int) -> None:
    """An audited change of an account of its own."""
    user = people.make_user(f"actor{number}", Role.LEADER)
    record_event(
        "units.account_disabled", user, by=user, at=NOW, before={"is_active": True}, after={"is_active": False}
    )


def add_message(number: int) -> None:
    """Something the reader is told, and the SMS to somebody else about it."""
    reader = people.make_user("reader")
    message = Message.objects.create(
        user=reader, template="tests", topic="work", language="zh-hans", subject=f"消息{number}", created_at=NOW
    )
    for channel in ("in_app", "sms"):
        Delivery.objects.create(message=message, channel=channel, state=Delivery.State.SENT, sent_at=NOW)


def add_paper(number: int) -> None:
    """A notice of a unit of its own, begun as a paper."""
    unit = people.make_unit(f"u{number}", f"单位{number}")
    said = {"title": f"通知{number}", "recipient": "各单位", "issuer": "局", "text": "正文。", "openness": "open"}
    draft_notice(unit, **said, by=_office(), at=NOW)


def add_job(number: int) -> None:
    """A job of the reader's or of somebody else."""
    by = people.make_user("reader") if number % 2 else people.make_user(f"asker{number}")
    Job.objects.create(kind="x", title=f"任务{number}", started_by=by, created_at=NOW, next_try_at=NOW)


def add_own_job(number: int) -> None:
    """A job of the reader's own."""
    by = people.make_user("reader")
    Job.objects.create(kind="x", title=f"任务{number}", started_by=by, created_at=NOW, next_try_at=NOW)


def add_duty_run(number: int) -> None:
    """What a duty did on a day."""
    starts_at = NOW - timedelta(days=number)
    DutyRun.objects.create(duty="kernel.verify", period=f"{starts_at:%Y-%m-%d}", starts_at=starts_at, started_at=NOW)


def add_party(number: int) -> None:
    """A person in the register, with encrypted numbers and a town of their own."""
    town = people.make_unit(f"t{number}", f"镇{number}", kind=Unit.Kind.TOWN)
    Party.objects.create(
        kind=Party.Kind.PERSON,
        name=f"某人{number}",
        id_kind=Party.IdKind.PASSPORT,
        id_number=f"X{number:08d}",
        mobile=f"138{number:08d}",
        town=town,
        source=Party.Source.REGISTER,
        is_checked=True,
        created_at=NOW,
    )


def add_claim(number: int) -> None:
    """Somebody who says that they act for a firm and has shown a paper: the clerk's clock runs."""
    firm = Party.objects.create(
        kind=Party.Kind.FIRM, name=f"企业{number}", source=Party.Source.SELF_DECLARED, created_at=NOW
    )
    by = people.make_user(f"claimant{number}")
    claim = Claim.objects.create(
        user=by,
        party=firm,
        given_name=firm.name,
        capacity=Claim.Capacity.EMPLOYEE,
        way=Claim.Way.DOCUMENT,
        made_at=NOW,
    )
    start_review(claim, by=by, at=NOW)


def add_follow_up(number: int) -> None:
    """A low rating that has become the work of a unit of its own."""
    by, unit = people.make_user(f"rater{number}"), people.make_unit(f"u{number}", f"单位{number}")
    kind = ContentType.objects.get_for_model(Unit)
    rating = Rating.objects.create(owner_type=kind, owner_id=str(unit.pk), stars=1, by=by, at=NOW)
    FollowUp.objects.create(rating=rating, unit=unit, subject=f"事项{number}", opened_at=NOW, due_on=NOW.date())


def add_party_import(number: int) -> None:
    """A register that was handed in."""
    by = people.make_user(f"uploader{number}")
    PartyImport.objects.create(file_name=f"{number}.xlsx", file_sha256="0" * 64, uploaded_by=by, uploaded_at=NOW)
