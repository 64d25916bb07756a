"""Made cases in bulk, so that lists of the clerks' desk can be measured with a hundred thousand of them.

Rows alone: no rule is asked and no event recorded. Most cases have ended, as in life; the others stand at every step of a
process, for one department and all towns, with marks and clocks.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

PROCESS = (
    ("accept", "收件受理", True),
    ("screen", "受理点初审", True),
    ("verify", "就业促进中心审核", False),
    ("approve", "审定", False),
    ("notice", "公示", False),
    ("pay", "汇总拨付", False),
)
POLICIES = (
    ("setup_grant", "一次性开办补贴"),
    ("rent_subsidy", "创业场地房租补贴"),
    ("employment_subsidy", "带动就业补贴"),
)
PARTIES = 4_000
OPEN_SHARE = 0.04
BATCH = 4_000


def make_cases(count: int, *, at: datetime, seed: int = 7) -> int:
    """Add so many cases with their steps; how many of them are open."""
    from chuangju.applications.models import Application, ApplicationFlag, Step  # noqa: PLC0415 - after django.setup()
    from chuangju.kernel.models import Clock  # noqa: PLC0415

    chance = random.Random(seed)
    made = _cases(count, _ground(at), chance, at)
    opened = 0
    while batch := list(islice(made, BATCH)):
        Application.objects.bulk_create(case for case, *_rest in batch)
        Step.objects.bulk_create((step for _case, steps, *_rest in batch for step in steps), batch_size=BATCH)
        ApplicationFlag.objects.bulk_create(flag for *_head, flags, _clocks in batch for flag in flags)
        Clock.objects.bulk_create(clock for *_head, clocks in batch for clock in clocks)
        opened += sum(case.state in {"submitted", "in_review"} for case, *_rest in batch)
    return opened


def _ground(at: datetime) -> dict[str, Any]:
    """The units, windows and parties that the cases belong to."""
    from chuangju.applications.models import Window  # noqa: PLC0415
    from chuangju.units.models import Unit  # noqa: PLC0415
    from chuangju.ventures.models import Party  # noqa: PLC0415

    unit, finance = Unit.objects.get(code="rsj"), Unit.objects.get(code="czj")
    towns = list(Unit.objects.filter(kind__in=Unit.PLACES).order_by("position", "code"))
    windows = {
        key: Window.objects.get_or_create(
            policy_id=key, kind="rolling", state="open", defaults={"title": title, "unit": unit, "created_at": at}
        )[0]
        for key, title in POLICIES
    }
    parties = Party.objects.bulk_create(
        Party(kind="firm", name=f"样本企业{number:05d}", town=towns[number % len(towns)], source="demo", created_at=at)
        for number in range(PARTIES)
    )
    return {"unit": unit, "finance": finance, "towns": towns, "windows": windows, "parties": parties}


def _cases(count: int, ground: dict[str, Any], chance: random.Random, at: datetime) -> Iterator[tuple[Any, ...]]:
    from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415

    from chuangju.applications.models import Application  # noqa: PLC0415

    kind = ContentType.objects.get_for_model(Application)
    # Numbers of one run begin where nobody's stand.
    mark = uuid.uuid4().hex[:6]
    for number in range(count):
        is_open = chance.random() < OPEN_SHARE
        ago = chance.randrange(0, 12) if is_open else chance.randrange(30, 1_000)
        yield _case(number, mark, ground, chance, at - timedelta(days=ago), is_open=is_open, kind=kind)


def _case(
    number: int, mark: str, ground: dict[str, Any], chance: random.Random, begun: datetime, *, is_open: bool, kind: Any
) -> tuple[Any, ...]:
    from chuangju.applications.models import Application, ApplicationFlag  # noqa: PLC0415
    from chuangju.kernel.models import Clock  # noqa: PLC0415

    key, title = POLICIES[number % len(POLICIES)]
    party = ground["parties"][number % PARTIES]
    at_step = chance.randrange(len(PROCESS)) if is_open else len(PROCESS)
    state = ("submitted" if at_step == 0 else "in_review") if is_open else chance.choice(("granted", "refused"))
    case = Application(
        id=uuid.UUID(int=chance.getrandbits(128), version=4),
        number=f"B{mark}{number:07d}",
        window=ground["windows"][key],
        policy_id=key,
        policy_version="2024",
        title=title,
        state=state,
        subject=party,
        period=f"{mark}{number}"[:16],
        unit=ground["unit"],
        town=party.town,
        started_at=begun,
        changed_at=begun,
        submitted_at=begun,
        accepted_at=None if state == "submitted" else begun,
        decided_at=None if is_open else begun + timedelta(days=20),
        due_on=(begun + timedelta(days=30)).date(),
        expected_amount=1_000_000,
    )
    flags = []
    if is_open and chance.random() < 0.1:
        flags.append(ApplicationFlag(application=case, kind="correction", reason="待补正 1 项", began_at=begun))
    clock = Clock(
        owner_type=kind, owner_id=str(case.pk), kind="applications.case", started_on=begun.date(), promised_days=37
    )
    return case, list(_steps(case, at_step, ground, begun)), flags, [clock] if is_open else []


def _steps(case: Any, at_step: int, ground: dict[str, Any], begun: datetime) -> Iterator[Any]:
    from chuangju.applications.models import Step  # noqa: PLC0415

    for place, (kind, label, in_town) in enumerate(PROCESS):
        state = "done" if place < at_step else "open" if place == at_step else "waiting"
        unit = case.town if in_town else ground["finance"] if kind == "pay" else ground["unit"]
        yield Step(
            application=case,
            position=place + 1,
            kind=kind,
            label=label,
            unit=unit,
            state=state,
            result="passed" if state == "done" else "",
            opened_at=begun if state != "waiting" else None,
            done_at=begun if state == "done" else None,
            due_on=(begun + timedelta(days=place * 3 + 4)).date() if state == "open" else None,
        )
