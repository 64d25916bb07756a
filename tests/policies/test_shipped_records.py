"""Every policy file that the product brings along has its record from the first start, once, and as its keepers left it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from chuangju.kernel.audit import events_about
from chuangju.kernel.models import User
from chuangju.policies.making import MakingRefused
from chuangju.policies.models import PolicyDraft, PolicyRecord, PublishedPolicy
from chuangju.policies.shipped_records import (
    PolicyHead,
    catalogue_stamp,
    enter_published_record,
    enter_shipped_records,
    shipped_heads,
)
from chuangju.units.models import Unit
from tests import people
from tests.conftest import NOW
from tests.policies.life import TODAY, issued, opened

pytestmark = pytest.mark.django_db


def _head(version: str, first: date | None, last: date | None = None, **more: object) -> PolicyHead:
    given: dict[str, object] = {
        "policy_id": "grant",
        "title": "补贴",
        "title_en": "Grant",
        "unit": "区人力资源社会保障局",
        "level": "city",
        "rows": (6,),
        "source": {"number": "某号", "confidence": "secondary", "note": {"zh": "说明"}},
    }
    return PolicyHead(version=version, effective_from=first, effective_to=last, **(given | more))  # type: ignore[arg-type]


OLD = _head("2018", date(2018, 1, 1), date(2022, 12, 31))
NEW = _head("2023", date(2023, 1, 1))


def test_every_file_of_the_catalogue_has_a_head_that_can_be_read() -> None:
    folder = Path(__file__).parents[2] / "chuangju" / "policies" / "catalogue"
    names = {path.name.removesuffix(".yaml") for path in folder.glob("*@*.yaml")}
    assert {f"{head.policy_id}@{head.version}" for head in shipped_heads()} == names
    for head in shipped_heads():
        assert head.title
        assert head.level in PolicyRecord.Level.values
        assert head.source.get("confidence")


def test_records_are_opened_once_and_the_last_version_stands_as_issued(unit: Unit) -> None:
    enter_shipped_records(NOW, heads=(OLD, NEW))
    enter_shipped_records(NOW, heads=(OLD, NEW))
    old, new = PolicyRecord.objects.order_by("version")
    assert (old.state, new.state) == ("superseded", "issued")
    assert (new.unit, new.document_number, new.confidence, new.source_note) == (unit, "某号", "secondary", "说明")
    assert (old.valid_until, new.valid_until) == (date(2022, 12, 31), None)
    assert new.holds_on(NOW.date())
    assert old.holds_on(date(2020, 1, 1))
    assert [event.action for event in events_about(old).order_by("sequence")] == [
        "policies.record_opened",
        "policies.record_superseded",
    ]


def test_what_its_keepers_changed_stays_and_a_new_version_takes_over(unit: Unit) -> None:
    enter_shipped_records(NOW, heads=(OLD,))
    PolicyRecord.objects.update(title="本区的说法")
    enter_shipped_records(NOW, heads=(OLD, NEW))
    assert PolicyRecord.objects.get(version="2018").title == "本区的说法"
    assert PolicyRecord.objects.get(version="2018").state == "superseded"


def test_a_unit_by_its_code_and_one_that_nobody_knows(unit: Unit) -> None:
    enter_shipped_records(NOW, heads=(_head("1", None, unit="rsj"), _head("2", None, policy_id="other", unit="市某局")))
    assert PolicyRecord.objects.get(policy_id="grant").unit == unit
    other = PolicyRecord.objects.get(policy_id="other")
    assert (other.unit, other.shown_unit) == (None, "市某局")


def test_a_file_that_cannot_be_read_is_left_to_the_catalogue(tmp_path: Path) -> None:
    (tmp_path / "a@1.yaml").write_text("id: [", encoding="utf-8")
    (tmp_path / "b@1.yaml").write_text(
        "id: b\ntitle: {zh: 乙}\neffective: 2024-01-01 ..\nrow: [4, 6]\n", encoding="utf-8"
    )
    first = catalogue_stamp(tmp_path)
    (head,) = shipped_heads(tmp_path)
    assert (head.policy_id, head.version, head.rows) == ("b", "2024-01-01", (4, 6))
    (tmp_path / "c@1.yaml").write_text("x", encoding="utf-8")
    assert catalogue_stamp(tmp_path) != first


def _published(office: User, first: date, version: str = "v2", policy_id: str = "grant") -> PublishedPolicy:
    """A version published in the browser, with as much of its text as a record reads."""
    text = f"id: {policy_id}\nversion: '{version}'\ntitle: {{zh: 补贴, en: Grant}}\nunit: rsj\neffective: {first} ..\nsource: {{number: 新号}}\n"
    author = people.make_user("author")
    draft = PolicyDraft.objects.create(policy_id=policy_id, text=text, author=author, created_at=NOW, changed_at=NOW)
    return PublishedPolicy.objects.create(
        policy_id=policy_id, version=version, title="补贴", text=text, sha256="0" * 64, effective_from=first,
        draft=draft, author=author, published_by=office, at=NOW,
    )  # fmt: skip


def test_a_version_published_in_the_browser_has_its_record_and_ends_the_one_before(office: User, unit: Unit) -> None:
    enter_shipped_records(NOW, heads=(OLD, NEW))
    first = date(2026, 7, 1)
    record = enter_published_record(_published(office, first), by=office, at=NOW)
    assert (record.unit, record.document_number, record.effective_from) == (unit, "新号", first)
    before = PolicyRecord.objects.get(version="2023")
    assert (before.state, before.valid_until) == ("superseded", date(2026, 6, 30))
    assert PolicyRecord.objects.get(version="2018").valid_until == date(2022, 12, 31)
    assert events_about(record).get().actor == office


def test_what_is_still_being_made_is_not_published(office: User, unit: Unit) -> None:
    opened(office, unit, "grant")
    with pytest.raises(MakingRefused, match="还在制定中"):
        enter_published_record(_published(office, TODAY), by=office, at=NOW)


def test_a_policy_that_was_made_here_gets_its_file(office: User, unit: Unit) -> None:
    enter_shipped_records(NOW, heads=(OLD, NEW))
    made = issued(office, unit, "grant")
    assert (made.document_number, made.title_en) == ("示例〔2026〕1号", "")
    record = enter_published_record(_published(office, TODAY), by=office, at=NOW)
    assert (record.pk, record.version, record.is_shipped) == (made.pk, "v2", True)
    # What was entered in the making stays; what only the file says is filled in, and the versions before are over.
    assert (record.document_number, record.title_en) == ("示例〔2026〕1号", "Grant")
    before = PolicyRecord.objects.get(version="2023")
    assert (before.state, before.valid_until) == ("superseded", TODAY - timedelta(days=1))
    assert enter_published_record(PublishedPolicy.objects.get(), by=office, at=NOW).revision == record.revision
