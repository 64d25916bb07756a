"""One more row of each list of decisions and what follows them, written straight to the tables."""

from __future__ import annotations

import uuid
from datetime import timedelta

from chuangju.applications.models import (
    Application,
    Decision,
    Entitlement,
    Instalment,
    Objection,
    Obligation,
    PublicNotice,
    Standing,
    Window,
)
from chuangju.kernel.models import User
from chuangju.units.models import Unit
from chuangju.ventures.models import Party
from tests import people
from tests.conftest import NOW

ON = NOW.date()


def _unit() -> Unit:
    return people.make_unit("own", "本单位")


def _window() -> Window:
    found, _is_new = Window.objects.get_or_create(
        policy_id="rent_subsidy", defaults={"title": "房租补贴", "unit": _unit(), "created_at": NOW}
    )
    return found


def add_case(number: int, *, submitter: User | None = None) -> Application:
    """A granted case of a firm of its own."""
    firm = Party.objects.create(kind="firm", name=f"企业{number}", source="register", created_at=NOW)
    return Application.objects.create(
        number=f"310112-20260615-{number:05d}",
        window=_window(),
        policy_id="rent_subsidy",
        policy_version="2024",
        title="房租补贴",
        state=Application.State.GRANTED,
        subject=firm,
        payee=firm,
        unit=_unit(),
        submitter=submitter,
        started_at=NOW,
        changed_at=NOW,
        submitted_at=NOW,
        decided_at=NOW,
    )


def add_decision(number: int) -> Decision:
    """A decision in force."""
    return Decision.objects.create(
        application=add_case(number),
        outcome=Decision.Outcome.GRANTED,
        state=Decision.State.PUBLISHED,
        amount=100,
        proposed_by=people.make_user(f"p{number}"),
        proposed_at=NOW,
        approved_at=NOW,
        published_at=NOW,
        effective_on=ON,
    )


def add_notice(number: int) -> PublicNotice:
    """A notice that runs."""
    unit = people.make_unit(f"n{number}", f"单位{number}")
    notice = PublicNotice.objects.create(
        title=f"公示{number}", unit=unit, starts_on=ON, ends_on=ON + timedelta(days=7), published_at=NOW
    )
    notice.decisions.add(add_decision(number))
    return notice


def add_objection(number: int) -> None:
    """An objection that waits for its answer."""
    notice = add_notice(number)
    decision = notice.decisions.get()
    Objection.objects.create(notice=notice, decision=decision, name="甲", phone="1", text="异议", made_at=NOW)


def add_instalment(number: int) -> None:
    """A part that is not due yet."""
    decision = add_decision(number)
    application = decision.application
    entitlement = Entitlement.objects.create(
        application=application, decision=decision, payee=application.subject, amount=100, created_at=NOW
    )
    Instalment.objects.create(pk=uuid.uuid4(), entitlement=entitlement, number=1, amount=100, due_on=ON)


def add_standing(number: int) -> None:
    """A standing that holds."""
    decision = add_decision(number)
    Standing.objects.create(
        decision=decision,
        party=decision.application.subject,
        policy_id="rent_subsidy",
        number=f"ZG310112-2026-{number:04d}",
        title=f"称号{number}",
        starts_on=ON,
    )


def add_obligation(number: int) -> None:
    """An obligation of the desk."""
    decision = add_decision(number)
    _oblige(decision.application, decision)


def add_own_obligation(number: int) -> None:
    """An obligation of the reader's own case."""
    reader = people.make_user("reader")
    application = add_case(number, submitter=reader)
    Party.objects.filter(account=reader).update(account=None)
    own = Party.objects.filter(name="读者").first() or Party.objects.create(
        kind="person", name="读者", source="register", created_at=NOW
    )
    own.account = reader
    own.save()
    Application.objects.filter(pk=application.pk).update(subject=own)
    _oblige(application, None)


def _oblige(application: Application, decision: Decision | None) -> None:
    Obligation.objects.create(
        application=application,
        decision=decision,
        kind=Obligation.Kind.REPORT,
        title="报告",
        due_on=ON + timedelta(days=30),
    )
