"""Cases, letters and notices are found within the minute by whoever may open them; the change itself pays nothing for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangju.applications.letters import DECISION
from chuangju.applications.models import Application, PublicNotice, Window
from chuangju.applications.search import SOURCES
from chuangju.kernel import search_index
from chuangju.kernel.audit import record_event
from chuangju.kernel.models import Paper, SearchEntry, User
from chuangju.kernel.rounds import run_rounds
from chuangju.kernel.search import find_index_faults, find_records, index_what_changed, reconcile_index
from chuangju.units.models import Role
from chuangju.ventures.models import Party
from chuangju.ventures.parties import PartyFacts, change_party
from tests.applications import deciding, desk
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data", "clock")]
KEYS = [source.key for source in SOURCES]


@pytest.fixture
def founder() -> User:
    return make_user("founder", Role.ENTREPRENEUR)


@pytest.fixture
def firm(founder: User) -> Party:
    return desk.make_firm(1, founder=founder, name="上海麦穗食品科技有限公司")


def found(text: str, user: Any, *, side: str = "staff") -> list[tuple[str, str]]:
    hits = find_records(text, user, limit=20, side=side).hits  # type: ignore[arg-type]
    return [(hit.source, hit.address) for hit in hits if hit.source in KEYS]


def test_a_case_is_found_by_number_title_applicant_and_pinyin_by_those_who_may_open_it(
    firm: Party, founder: User, now: datetime
) -> None:
    case = desk.hand_in(firm, by=founder, at=now)
    bureau = desk.clerk_of("rsj")
    assert found(str(case.number), bureau) == [], "nothing is indexed with the change"
    index_what_changed(now)
    staff, own = f"/cases/{case.pk}/", f"/my/cases/{case.pk}/"
    for text in (
        str(case.number),
        str(case.number)[-14:],
        "场地房租",
        "麦穗食品",
        "maisuishipin",
        "mssp",
        "rent subsidy",
    ):
        assert found(text, bureau) == [("applications.case", staff)], text
        assert found(text, founder, side="public") == [("applications.own_case", own)], text
    assert found("麦穗食品", desk.clerk_of(deciding.TOWN)) == [("applications.case", staff)]
    assert found("麦穗食品", make_user("leader", Role.LEADER)) == [("applications.case", staff)]
    for stranger in (desk.clerk_of("310112101"), AnonymousUser(), make_user("other", Role.ENTREPRENEUR)):
        assert found("麦穗食品", stranger) == []
        assert found("麦穗食品", stranger, side="public") == []


def test_drafts_and_sealed_cases_are_found_by_their_own_people_alone(firm: Party, founder: User, now: datetime) -> None:
    case = desk.begin_case(firm, by=founder, at=now)
    index_what_changed(now)
    assert found("麦穗食品", desk.clerk_of("rsj")) == []
    assert found("麦穗食品", founder, side="public") == [("applications.own_case", f"/my/cases/{case.pk}/")]
    other = desk.hand_in(desk.make_firm(2, founder=founder, name="上海帆起信息有限公司"), by=founder, at=now)
    Window.objects.filter(pk=other.window_id).update(is_sealed=True, closes_on=now.date() + timedelta(days=3))
    index_what_changed(now)
    assert found("帆起信息", desk.clerk_of("rsj")) == []


def test_a_case_is_found_by_the_new_name_of_its_applicant_at_once(firm: Party, founder: User, now: datetime) -> None:
    desk.hand_in(firm, by=founder, at=now)
    index_what_changed(now)
    keeper = make_user("office", Role.PROGRAMME_OFFICE)
    facts = PartyFacts(
        kind=firm.kind, name="上海麦芒食品有限公司", credit_code=firm.credit_code, town=firm.town,
        registered_on=firm.registered_on,
    )  # fmt: skip
    change_party(firm, facts, revision=firm.revision, by=keeper, at=now + timedelta(days=30))
    bureau = desk.clerk_of("rsj")
    assert len(found("麦芒食品", bureau)) == len(found("麦穗食品", bureau)) == 1


def test_decisions_are_found_by_their_letters_and_notices_by_everybody(
    firm: Party, founder: User, now: datetime
) -> None:
    deciding.give_line(90_000 * deciding.YUAN, at=now)
    case = deciding.case_at_approval(firm, founder=founder, at=now)
    later = now + timedelta(days=10)
    deciding.granted(case, at=now, later=later)
    for at in (now, later):
        index_what_changed(at)
    notice, decision = PublicNotice.objects.get(), case.decisions.get()
    hit = ("applications.decision", f"/decisions/{decision.pk}/")
    for text in ("审核决定书", str(case.number), "maisui"):
        assert hit in found(text, desk.clerk_of("rsj"))
        assert hit in found(text, make_user("leader", Role.LEADER))
        assert hit not in found(text, desk.clerk_of("310112101"))
    letter = Paper.objects.get(template_key=DECISION)
    Paper.objects.filter(pk=letter.pk).update(number="闵人社创决〔2026〕77号")
    letter.refresh_from_db()
    record_event("kernel.paper_sealed", letter, by=None, at=later, about=decision)
    assert found("闵人社创决〔2026〕77号", desk.clerk_of("rsj")) == [hit]
    for reader, side in ((AnonymousUser(), "public"), (founder, "public"), (desk.clerk_of("rsj"), "staff")):
        assert ("applications.notice", f"/notices/{notice.pk}/") in found("拟支持名单公示", reader, side=side)
        assert ("applications.notice", f"/notices/{notice.pk}/") in found("麦穗食品", reader, side=side)
    PublicNotice.objects.update(state=PublicNotice.State.WITHDRAWN)
    assert found("拟支持名单公示", AnonymousUser(), side="public") == []


def test_names_of_people_are_not_found_in_a_notice(founder: User, now: datetime) -> None:
    deciding.give_line(90_000 * deciding.YUAN, at=now)
    person = desk.make_firm(1, founder=founder, name="欧阳小麦")
    case = deciding.case_at_approval(person, founder=founder, at=now)
    deciding.granted(case, at=now, later=now + timedelta(days=10))
    Party.objects.filter(pk=person.pk).update(kind=Party.Kind.PERSON, credit_code=None)
    index_what_changed(now)
    assert found("拟支持名单公示", AnonymousUser(), side="public")
    assert found("欧阳小麦", AnonymousUser(), side="public") == []


@pytest.mark.database("sqlite")
def test_handing_in_asks_nothing_for_the_search(firm: Party, founder: User, now: datetime) -> None:
    with CaptureQueriesContext(connection) as queries:
        desk.hand_in(firm, by=founder, at=now)
    touched = [query["sql"] for query in queries if SearchEntry._meta.db_table in query["sql"]]
    assert [sql for sql in touched if "'applications." in sql] == []


def test_what_a_killed_worker_left_the_next_one_indexes(
    founder: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [desk.hand_in(desk.make_firm(place, founder=founder), by=founder, at=now) for place in (1, 2, 3)]
    reconcile_index()
    SearchEntry.objects.filter(source__startswith="applications.").delete()
    monkeypatch.setattr(search_index, "_BATCH", 1)
    write, written = search_index._index_keys, []

    def dies_soon(source: Any, keys: list[Any]) -> int:
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(keys)
        return write(source, keys)

    monkeypatch.setattr(search_index, "_index_keys", dies_soon)
    with pytest.raises(KeyboardInterrupt):
        index_what_changed(now)
    monkeypatch.setattr(search_index, "_index_keys", write)
    assert SearchEntry.objects.filter(source="applications.case").count() == 2
    assert list(find_index_faults()) == [], "what waits for a worker is no fault"
    assert "search_index" in run_rounds(at=now)
    assert SearchEntry.objects.filter(source="applications.case").count() == len(cases)
    assert index_what_changed(now) == 0, "nothing is written twice"


def test_what_waited_longer_than_a_worker_looks_back_the_daily_duty_finds(
    firm: Party, founder: User, now: datetime
) -> None:
    case = desk.hand_in(firm, by=founder, at=now)
    late = now + search_index.LOOKING_BACK + timedelta(days=1)
    index_what_changed(late)
    assert found("麦穗食品", desk.clerk_of("rsj")) == []
    reconcile_index()
    assert found("麦穗食品", desk.clerk_of("rsj")) == [("applications.case", f"/cases/{case.pk}/")]
    Application.objects.filter(pk=case.pk).update(changed_at=late)
    assert index_what_changed(late) == 2, "its two entries move with it"
