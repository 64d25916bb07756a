"""What a file says of who answers for it is held against the units; where none are entered yet, that is said and not passed over."""

from __future__ import annotations

from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from chuangju.policies.current import current_catalogue
from chuangju.policies.draft_page import draw_editor
from chuangju.policies.draft_reading import DraftReading, read_draft
from chuangju.policies.procedure_checks import procedure_faults, procedure_notices
from chuangju.units.models import Unit
from tests.policies.test_policy_files import POLICY

pytestmark = pytest.mark.django_db
KNOWN = POLICY.replace("unit: 区商务委", "unit: 区人力资源社会保障局")


def reading(now: datetime, text: str = POLICY) -> DraftReading:
    return read_draft(text, current_catalogue(), on=timezone.localdate(now))


def test_without_any_unit_the_file_is_taken_and_it_is_said_what_was_not_checked(now: datetime) -> None:
    assert not Unit.objects.exists()
    found = reading(now)
    assert found.policy is not None
    assert procedure_faults(found.policy, on=now.date()) == ()
    (notice,) = found.notices
    assert "“区商务委”没有核对" in notice.words.zh
    assert "was not checked" in notice.words.en
    assert POLICY.splitlines()[notice.line - 1].startswith("unit:")
    assert [sentence for _fault, sentence in draw_editor(found).notices] == [notice.words.zh]


@pytest.mark.usefixtures("reference_data")
def test_with_units_nothing_is_left_open_and_an_unknown_one_is_a_fault(now: datetime) -> None:
    assert (reading(now, KNOWN).notices, reading(now, KNOWN).faults) == ((), ())
    wrong = reading(now, POLICY.replace("unit: 区商务委", "unit: 没有的单位"))
    assert wrong.policy is None
    assert wrong.notices == ()
    assert "没有登记名为“没有的单位”的单位" in wrong.faults[0].words.zh


def test_what_needs_no_unit_has_no_notice(now: datetime) -> None:
    found = reading(now, POLICY.replace("channel: apply", "channel: none"))
    assert found.policy is not None
    assert procedure_notices(found.policy, on=now.date()) == ()


def test_the_command_says_it_beside_its_answer(tmp_path: Path, clock: datetime) -> None:
    file = tmp_path / "night.yaml"
    file.write_text(POLICY, encoding="utf-8")
    out, beside = StringIO(), StringIO()
    call_command("load_policies", str(file), check=True, stdout=out, stderr=beside)
    assert "night_market_subsidy@2026" in out.getvalue()
    assert "night.yaml" in beside.getvalue()
    assert "没有核对" in beside.getvalue()


@pytest.mark.usefixtures("reference_data")
@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("overdue: end, broken: note, hearing: false", ""),
        ("overdue: later", "overdue 应为 desk、end 之一"),
        ("broken: forgive", "broken 应为 recover、note 之一"),
        ("hearing: maybe", "hearing 应为 true、false 之一"),
    ],
)
def test_what_follows_leniency_is_one_of_a_few_words(now: datetime, said: str, fault: str) -> None:
    text = KNOWN.replace("process:\n", f"process:\n- {{step: accept, label: {{zh: 受理, en: Intake}}, {said}}}\n", 1)
    assert text != KNOWN
    found = [one.words.zh for one in reading(now, text).faults]
    assert found == ([fault] if fault else [])
