"""Rows of the applicant's lists, written straight to the tables."""

from __future__ import annotations

from chuangju.applications.models import Application, ApplicationRole, Window
from chuangju.kernel.models import User
from chuangju.ventures.models import Party
from tests import people
from tests.conftest import NOW
from tests.ventures.numbers import credit_code


def add_own_case(number: int) -> None:
    """A draft in which the reader of the list has a part."""
    unit = people.make_unit("rsj", "区人力资源社会保障局")
    window, _is_new = Window.objects.get_or_create(
        policy_id="rent_subsidy", defaults={"title": "房租补贴", "unit": unit, "created_at": NOW}
    )
    party = Party.objects.create(
        kind=Party.Kind.FIRM,
        name=f"企业{number}",
        credit_code=credit_code(number),
        source=Party.Source.REGISTER,
        created_at=NOW,
    )
    case = Application.objects.create(
        window=window,
        policy_id="rent_subsidy",
        policy_version="2024",
        title="房租补贴",
        subject=party,
        unit=unit,
        started_at=NOW,
        changed_at=NOW,
    )
    ApplicationRole.objects.create(
        application=case,
        kind=ApplicationRole.Kind.CO_EDITOR,
        user=User.objects.get(username="reader"),
        consent=ApplicationRole.Consent.GIVEN,
        asked_at=NOW,
    )
