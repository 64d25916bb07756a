"""The applicant's timeline: what happened stands in the order in which it happened, on one day too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.utils.translation import override

from chuangju.applications.models import Application, Correction, Instalment, Step
from chuangju.applications.timeline import PAST, CaseRecords, timeline_of

MORNING = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)


def test_what_happened_on_one_day_stands_in_its_order() -> None:
    def later(hours: int) -> datetime:
        return MORNING + timedelta(hours=hours)

    case = Application(state=Application.State.GRANTED, submitted_at=MORNING)
    steps = [Step(kind=kind, state=Step.State.DONE, done_at=later(at)) for kind, at in (("accept", 3), ("screen", 4))]
    corrections = [Correction(state=Correction.State.ANSWERED, asked_at=later(1), answered_at=later(2))]
    part = Instalment(number=1, amount=100_00, paid_on=date(2026, 6, 15), state=Instalment.State.PAID)
    records = CaseRecords(steps=steps, flags=[], corrections=corrections, decisions=[], instalments=[part])
    with override("zh-hans"):
        past = [one.title for one in timeline_of(case, records, on=date(2026, 6, 16)) if one.kind == PAST]
    assert past == ["您提交了申请", "通知您补正", "您补正了", "已受理", "初审完成", "第 1 期到账"]
