"""The shipped list of fees: complete, dated, and refused where an entry does not say what it must."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from chuangju.policies.fee_list import FeeFault, load_fees, shipped_fees

GOOD = """fees:
- id: a
  class: licence
  name: {zh: 甲, en: A}
  entries:
  - {from: 2015-01-01, to: 2015-12-31, standing: exempt, source: {confidence: sample}}
  - {from: 2017-01-01, standing: abolished, source: {confidence: official}}
"""


def _load(tmp_path: Path, text: str) -> tuple[object, ...]:
    file = tmp_path / "fees.yaml"
    file.write_text(text, encoding="utf-8")
    return load_fees(file)


def test_every_shipped_fee_has_both_names_a_class_and_a_source_for_each_entry() -> None:
    fees = shipped_fees()
    assert {fee.kind for fee in fees} == {"registration", "licence", "administration"}
    for fee in fees:
        assert set(fee.name) == {"zh", "en"}
        for entry in fee.entries:
            assert entry.source.get("document")
            assert entry.for_whom.get("en")


def test_what_began_last_counts_and_a_gap_says_nothing(tmp_path: Path) -> None:
    (fee,) = _load(tmp_path, GOOD)
    said = {day: fee.standing_on(day) for day in (date(2014, 12, 31), date(2015, 1, 1), date(2016, 6, 1))}  # type: ignore[attr-defined]
    assert [each.standing if each else None for each in said.values()] == [None, "exempt", None]
    assert fee.standing_on(date(2026, 1, 1)).standing == "abolished"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("class: licence", "class: other", "class 'other'"),
        ("standing: exempt", "standing: free", "standing 'free'"),
        ("from: 2015-01-01, ", "", "first day"),
        ("to: 2015-12-31", "to: 2014-12-31", "before 2015-01-01"),
        ("source: {confidence: sample}", "source: {}", "how sure"),
        ("  entries:", "  others:", "no entry"),
    ],
)
def test_a_faulty_entry_is_refused_with_the_fee_and_the_fault(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(FeeFault, match=r"^a: ") as refused:
        _load(tmp_path, GOOD.replace(old, new))
    assert said in str(refused.value)


def test_a_fee_that_is_listed_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeeFault, match="twice"):
        _load(tmp_path, GOOD + GOOD.removeprefix("fees:\n"))
