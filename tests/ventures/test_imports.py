"""A register is checked row by row, previewed, and written as a whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from chuangju.kernel.jobs import run_waiting_jobs
from chuangju.kernel.models import AuditEvent, Job, User
from chuangju.kernel.refusals import StaleForm
from chuangju.units.models import Role, Unit
from chuangju.ventures import import_writing, imports
from chuangju.ventures.access import imports_visible_to
from chuangju.ventures.imports import (
    ImportRefused,
    confirm_import,
    discard_import,
    findings_of,
    start_import,
    working_job,
)
from chuangju.ventures.models import Party, PartyImport
from chuangju.ventures.parties import PartyFacts, change_party
from tests.ventures import numbers
from tests.ventures.party_sheets import many_rows, upload, workbook

pytestmark = pytest.mark.usefixtures("town")


def test_a_register_is_previewed_and_nothing_is_written(hand_in: Callable[..., PartyImport]) -> None:
    made = hand_in(many_rows(3))
    assert made.state == PartyImport.State.READY
    assert made.counts["parties"] == {"new": 3, "changed": 0, "unchanged": 0, "faulty": 0}
    assert not Party.objects.exists()


def test_a_confirmed_register_is_written_by_a_job_and_importing_it_again_changes_nothing(
    hand_in: Callable[..., PartyImport], write: Callable[..., PartyImport], town: Unit, now: datetime
) -> None:
    done = write(hand_in(many_rows(3)))
    assert (done.state, done.rows, done.findings) == (PartyImport.State.DONE, "", "")
    party = Party.objects.get(credit_code=numbers.credit_code(2))
    assert (party.name, party.town, party.registered_on) == ("企业2", town, date(2024, 3, 1))
    assert (party.source, party.is_checked, party.came_with_id) == (Party.Source.IMPORT, True, done.pk)
    events = AuditEvent.objects.count()
    again = hand_in(many_rows(3))
    assert again.counts["parties"] == {"new": 0, "changed": 0, "unchanged": 3, "faulty": 0}
    with pytest.raises(ImportRefused, match="没有需要写入"):
        write(again)
    assert Party.objects.count() == 3
    assert AuditEvent.objects.count() == events + 1  # the upload itself


def test_only_what_is_filled_in_changes_and_each_change_has_its_event(
    hand_in: Callable[..., PartyImport], write: Callable[..., PartyImport]
) -> None:
    write(hand_in(many_rows(2)))
    rows = [
        ("信用代码", "公司名称", "联系电话"),
        (numbers.credit_code(1), "", "138 1234 1234"),
        (numbers.credit_code(2), "新名字", ""),
    ]
    made = hand_in(rows)
    assert made.counts["parties"]["changed"] == 2
    write(made)
    first, second = (Party.objects.get(credit_code=numbers.credit_code(place)) for place in (1, 2))
    assert (first.name, first.mobile, first.address) == ("企业1", "13812341234", "示例路1号")
    assert second.name == "新名字"
    assert second.former_names.get().name == "企业2"
    assert AuditEvent.objects.filter(action="ventures.party_changed").count() == 2
    assert "13812341234" not in json.dumps([each.changes for each in AuditEvent.objects.all()])


def test_a_register_that_changed_since_the_preview_is_not_written_and_previewed_anew(
    hand_in: Callable[..., PartyImport], write: Callable[..., PartyImport], firm: Party, clerk: User, now: datetime
) -> None:
    made = hand_in(many_rows(2))
    facts = PartyFacts(Party.Kind.FIRM, "别人刚改的名字", credit_code=numbers.credit_code(1), town=firm.town)
    change_party(firm, facts, revision=1, by=clerk, at=now)
    after = write(made)
    assert after.state == PartyImport.State.READY
    assert after.preview_digest != made.preview_digest
    assert Party.objects.count() == 1
    assert Job.objects.get(kind=imports.WRITE_JOB).state == Job.State.FAILED
    with pytest.raises(StaleForm):
        confirm_import(after, digest=made.preview_digest, by=clerk, at=now)
    assert write(after).state == PartyImport.State.DONE
    assert Party.objects.count() == 2


def test_a_fault_in_the_middle_of_writing_leaves_nothing_and_the_job_can_be_tried_again(
    hand_in: Callable[..., PartyImport], clerk: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = hand_in(many_rows(3))

    def fall(*_rows: object, **_more: object) -> None:
        raise RuntimeError("disk on fire")

    with monkeypatch.context() as patch:
        patch.setattr(import_writing, "_write_relations", fall)
        confirm_import(made, digest=made.preview_digest, by=clerk, at=now)
        run_waiting_jobs(at=now)
    assert not Party.objects.exists()
    job = working_job(made)
    assert job is not None
    run_waiting_jobs(at=job.next_try_at)
    assert Party.objects.count() == 3


def test_confirming_twice_asks_for_one_job(hand_in: Callable[..., PartyImport], clerk: User, now: datetime) -> None:
    made = hand_in(many_rows(2))
    first = confirm_import(made, digest=made.preview_digest, by=clerk, at=now)
    assert confirm_import(made, digest=made.preview_digest, by=clerk, at=now) == first
    with pytest.raises(ImportRefused, match="不能放弃"):
        discard_import(made, by=clerk, at=now)
    run_waiting_jobs(at=now)
    with pytest.raises(ImportRefused, match="不在待确认"):
        confirm_import(made, digest=made.preview_digest, by=clerk, at=now)


def test_what_is_given_up_is_gone(hand_in: Callable[..., PartyImport], clerk: User, now: datetime) -> None:
    made = hand_in(many_rows(2))
    discard_import(made, by=clerk, at=now)
    discard_import(made, by=clerk, at=now)
    gone = PartyImport.objects.get(pk=made.pk)
    assert (gone.state, gone.rows, gone.findings) == (PartyImport.State.DISCARDED, "", "")
    assert findings_of(gone) == {"parties": [], "relations": []}


def test_a_long_register_is_checked_in_the_background(
    hand_in: Callable[..., PartyImport], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "CHECKED_AT_ONCE", 2)
    made = hand_in(many_rows(3))
    assert made.state == PartyImport.State.CHECKING
    assert working_job(made) is not None
    run_waiting_jobs(at=now)
    made.refresh_from_db()
    assert (made.state, made.counts["parties"]["new"]) == (PartyImport.State.READY, 3)


def test_who_keeps_one_town_imports_nothing(town_clerk: User, clerk: User, founder: User, now: datetime) -> None:
    content = workbook(("主体", many_rows(1)))
    with pytest.raises(ImportRefused, match="权限"):
        start_import(upload("a.xlsx", content), by=town_clerk, at=now)
    made = start_import(upload("a.xlsx", content), by=clerk, at=now)
    for user in (town_clerk, founder, None):
        assert not imports_visible_to(user).exists()
    with pytest.raises(ImportRefused, match="权限"):
        confirm_import(made, digest=made.preview_digest, by=town_clerk, at=now)
    with pytest.raises(ImportRefused, match="权限"):
        discard_import(made, by=town_clerk, at=now)


def test_a_file_beyond_the_limit_is_refused(clerk: User, now: datetime, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 10
    with pytest.raises(ImportRefused, match="MB"):
        start_import(upload("大.csv", b"x" * 11), by=clerk, at=now)


@pytest.mark.usefixtures("make_user")
def test_the_role_of_a_programme_office_imports_for_the_district(make_user: Callable[..., User], now: datetime) -> None:
    office = make_user("office", Role.PROGRAMME_OFFICE)
    made = start_import(upload("a.xlsx", workbook(("主体", many_rows(1)))), by=office, at=now)
    assert made.uploaded_by == office
