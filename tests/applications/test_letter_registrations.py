"""Letters of acceptance and correction are found by those who write them, and by the applicant once they bear their seal."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from chuangju.applications.case_papers import begin_case_paper
from chuangju.applications.corrections import Wanted, request_correction
from chuangju.applications.letter_registrations import LETTER_SOURCES
from chuangju.applications.letters import ACCEPTANCE, CORRECTION
from chuangju.applications.models import Application
from chuangju.kernel.models import Paper, User
from chuangju.kernel.outgoing_papers import hand_over_paper, record_seal, void_paper
from chuangju.kernel.search import find_index_faults, find_records, index_what_changed, reconcile_index
from chuangju.units.models import Role
from tests.applications import deciding, desk
from tests.kernel.letters import scan
from tests.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data", "clock")]
KEYS = [source.key for source in LETTER_SOURCES]


@pytest.fixture
def founder() -> User:
    return make_user("founder", Role.ENTREPRENEUR)


@pytest.fixture
def case(founder: User, now: datetime) -> Application:
    """Handed in for a firm in 浦江镇."""
    return desk.hand_in(desk.make_firm(1, founder=founder, name="上海麦穗食品科技有限公司"), by=founder, at=now)


def found(text: str, user: Any, *, side: str = "staff") -> list[str]:
    hits = find_records(text, user, limit=20, side=side).hits  # type: ignore[arg-type]
    return [hit.address for hit in hits if hit.source in KEYS]


def test_a_letter_of_acceptance_is_found_at_the_desk_and_once_sealed_by_its_applicant(
    case: Application, founder: User, now: datetime
) -> None:
    clerk = desk.clerk_of("rsj")
    desk.accept(case, at=now)
    case.refresh_from_db()
    letter = begin_case_paper(case, ACCEPTANCE, by=clerk, at=now)
    assert found("受理凭证", clerk) == [], "nothing is indexed with the change"
    index_what_changed(now)
    page = f"/staff/papers/{letter.code}/"
    for reader in (clerk, desk.clerk_of(deciding.TOWN), desk.approver_of("rsj")):
        assert found("受理凭证", reader) == found("maisui", reader) == [page]
    for stranger in (desk.clerk_of("310112101"), make_user("leader", Role.LEADER), AnonymousUser(), founder):
        assert found("受理凭证", stranger) == found("受理凭证", stranger, side="public") == []
    later = now + timedelta(hours=1)
    sealed = seal(letter, by=clerk, at=later)
    index_what_changed(later)
    assert found(sealed.number, clerk) == [page]
    own = f"/my/cases/{case.pk}/"
    assert found("受理凭证", founder, side="public") == found(sealed.number, founder, side="public") == [own]
    assert found("受理凭证", make_user("other", Role.ENTREPRENEUR), side="public") == []
    assert [one for one in find_index_faults() if "文书" in one] == []


def test_a_letter_of_correction_leads_to_its_case_and_a_voided_one_nowhere(
    case: Application, founder: User, now: datetime
) -> None:
    clerk = desk.clerk_of(deciding.TOWN)
    request_correction(case, [Wanted("补最后一页")], by=clerk, at=now)
    case.refresh_from_db()
    letter = begin_case_paper(case, CORRECTION, by=clerk, at=now)
    seal(letter, by=clerk, at=now)
    reconcile_index()
    assert found("补正告知书", clerk) == [f"/staff/papers/{letter.code}/"]
    assert found("补正告知书", founder, side="public") == [f"/my/cases/{case.pk}/"]
    void_paper(letter, reason="内容有误", by=clerk, at=now)
    assert found("补正告知书", clerk) == found("补正告知书", founder, side="public") == []


def seal(letter: Paper, *, by: User, at: datetime) -> Paper:
    hand_over_paper(letter, by=by, at=at)
    letter.refresh_from_db()
    return record_seal(
        letter, number="闵人社受〔2026〕7号", sealed_on=timezone.localdate(at), scan=scan(), by=by, at=at
    )
