"""Second factors: what counts, how often, who must have one, and what happens when it is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from chuangju.kernel.models import AuditEvent, Message, User
from chuangju.units.authenticator_apps import app_code, matching_period, new_app_secret
from chuangju.units.models import FactorSecret
from chuangju.units.second_factors import (
    SecondFactorRefused,
    add_passkey,
    check_factor_code,
    factors_of,
    has_second_factor,
    must_have_second_factor,
    remove_factor,
    renew_recovery_codes,
    reset_factors,
    set_up_app,
    show_recovery_codes,
)
from tests.kernel.racing import errors_of, race
from tests.units.factors import PERIOD, give_app


def actions(*names: str) -> list[str]:
    return list(AuditEvent.objects.filter(action__in=names).order_by("pk").values_list("action", flat=True))


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, SHA-1, the last six of eight digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, digits in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        at = datetime.fromtimestamp(seconds).astimezone()
        assert app_code(secret, at=at) == digits
        assert matching_period(secret, digits, at=at) == seconds // 30


def test_a_clock_may_be_one_period_off_and_no_more(now: datetime) -> None:
    secret = new_app_secret()
    accepted = [step for step in range(-3, 4) if matching_period(secret, app_code(secret, at=now, step=step), at=now)]
    assert accepted == [-1, 0, 1]
    code = app_code(secret, at=now)
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert matching_period(secret, f" {full_width[:3]} {full_width[3:]} ", at=now) is not None
    assert matching_period(secret, "", at=now) is None


def test_an_app_counts_once_it_has_shown_its_code(leader: User, now: datetime) -> None:
    secret = new_app_secret()
    with pytest.raises(SecondFactorRefused, match="验证码不正确"):
        set_up_app(leader, secret=secret, code="000000", at=now)
    assert not has_second_factor(leader)
    set_up_app(leader, secret=secret, code=app_code(secret, at=now), at=now)
    assert has_second_factor(leader)
    assert factors_of(leader).codes_left == 10
    with pytest.raises(SecondFactorRefused, match="已经设置了"):
        set_up_app(leader, secret=secret, code=app_code(secret, at=now), at=now)
    assert actions("units.factor_added") == ["units.factor_added"]
    assert Message.objects.get(user=leader).template == "units.factor_added"


def test_secrets_are_encrypted_where_they_lie(leader: User, now: datetime) -> None:
    secret = give_app(leader, at=now)
    assert secret not in str(list(Authenticator.objects.values()))
    assert {one.secret for one in FactorSecret.objects.all()} > {secret}
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM units_factorsecret")
        assert not [text for (text,) in cursor.fetchall() if secret in text]


def test_a_code_counts_once_and_an_older_one_never_after_a_newer(leader: User, now: datetime) -> None:
    secret = give_app(leader, at=now)
    code = app_code(secret, at=now)
    assert check_factor_code(leader, code, at=now).type == "totp"
    with pytest.raises(SecondFactorRefused, match="已用过"):
        check_factor_code(leader, code, at=now)
    with pytest.raises(SecondFactorRefused):
        check_factor_code(leader, app_code(secret, at=now, step=-1), at=now)
    assert check_factor_code(leader, app_code(secret, at=now, step=1), at=now + PERIOD)


def test_the_code_that_set_the_app_up_does_not_sign_in(leader: User, now: datetime) -> None:
    secret = new_app_secret()
    code = app_code(secret, at=now)
    set_up_app(leader, secret=secret, code=code, at=now)
    with pytest.raises(SecondFactorRefused):
        check_factor_code(leader, code, at=now)


def test_after_five_wrong_codes_even_the_right_one_waits_a_quarter_of_an_hour(leader: User, now: datetime) -> None:
    secret = give_app(leader, at=now)
    for _ in range(5):
        with pytest.raises(SecondFactorRefused, match="不正确"):
            check_factor_code(leader, "000000", at=now)
    with pytest.raises(SecondFactorRefused, match="15 分钟"):
        check_factor_code(leader, app_code(secret, at=now), at=now)
    later = now + timedelta(minutes=15)
    assert check_factor_code(leader, app_code(secret, at=later), at=later)
    assert len(actions("units.second_factor_failed")) == 5


def test_recovery_codes_are_shown_once_and_each_counts_once(leader: User, now: datetime) -> None:
    give_app(leader, at=now)
    codes = show_recovery_codes(leader, at=now)
    assert len(set(codes)) == 10
    assert show_recovery_codes(leader, at=now) == []
    assert check_factor_code(leader, codes[3], at=now).type == "recovery_codes"
    with pytest.raises(SecondFactorRefused):
        check_factor_code(leader, codes[3], at=now)
    assert factors_of(leader).codes_left == 9
    assert Message.objects.filter(user=leader, template="units.recovery_code_used").count() == 1
    renew_recovery_codes(leader, at=now)
    fresh = show_recovery_codes(leader, at=now)
    assert set(fresh).isdisjoint(codes)
    with pytest.raises(SecondFactorRefused):
        check_factor_code(leader, codes[4], at=now)


def test_without_a_factor_there_are_no_recovery_codes(leader: User, now: datetime) -> None:
    with pytest.raises(SecondFactorRefused, match="请先设置"):
        renew_recovery_codes(leader, at=now)
    assert show_recovery_codes(leader, at=now) == []


def test_removing_the_last_factor_takes_codes_and_secrets_along(leader: User, office: User, now: datetime) -> None:
    give_app(leader, at=now)
    app = factors_of(leader).app
    assert app is not None
    with pytest.raises(SecondFactorRefused, match="自己的"):
        remove_factor(app, by=office, at=now)
    remove_factor(app, by=leader, at=now)
    assert not Authenticator.objects.exists()
    assert not FactorSecret.objects.exists()
    assert Message.objects.filter(user=leader, template="units.factor_removed").count() == 1


@pytest.mark.usefixtures("factor_required")
def test_staff_keep_one_factor_and_people_from_outside_may_do_without(
    leader: User, entrepreneur: User, now: datetime
) -> None:
    assert must_have_second_factor(leader, on=now.date())
    assert not must_have_second_factor(entrepreneur, on=now.date())
    for person in (leader, entrepreneur):
        give_app(person, at=now)
    app = factors_of(leader).app
    with pytest.raises(SecondFactorRefused, match="至少一种"):
        remove_factor(app, by=leader, at=now)  # type: ignore[arg-type]
    add_passkey(leader, name=" ", credential={}, at=now)
    assert [one.data["name"] for one in factors_of(leader).passkeys] == ["通行密钥 1"]
    remove_factor(app, by=leader, at=now)  # type: ignore[arg-type]
    remove_factor(factors_of(entrepreneur).app, by=entrepreneur, at=now)  # type: ignore[arg-type]


def test_passkeys_are_not_without_end(leader: User, now: datetime) -> None:
    for number in range(10):
        add_passkey(leader, name=f"第{number}个", credential={}, at=now)
    with pytest.raises(SecondFactorRefused, match="最多 10 个"):
        add_passkey(leader, name="又一个", credential={}, at=now)


def test_the_system_administrator_resets_with_a_reason_and_the_person_is_told(
    leader: User, system_administrator: User, security_administrator: User, now: datetime, client: Client
) -> None:
    client.force_login(leader)
    with pytest.raises(SecondFactorRefused, match="没有设置"):
        reset_factors(leader, reason="手机遗失", by=system_administrator, at=now)
    give_app(leader, at=now)
    with pytest.raises(SecondFactorRefused, match="只有系统管理员"):
        reset_factors(leader, reason="手机遗失", by=security_administrator, at=now)
    with pytest.raises(SecondFactorRefused, match="写明原因"):
        reset_factors(leader, reason="  ", by=system_administrator, at=now)
    give_app(system_administrator, at=now)
    with pytest.raises(SecondFactorRefused, match="自己的"):
        reset_factors(system_administrator, reason="手机遗失", by=system_administrator, at=now)
    reset_factors(leader, reason="手机遗失", by=system_administrator, at=now)
    assert not has_second_factor(leader)
    assert client.get("/account/").status_code == 302, "whoever is signed in with it is out"
    event = AuditEvent.objects.get(action="units.factors_reset")
    assert (event.actor, event.reason) == (system_administrator, "手机遗失")
    told = Message.objects.get(user=leader, template="units.factors_reset")
    assert "手机遗失" in told.body


@pytest.mark.django_db(transaction=True)
def test_of_many_who_send_the_same_code_at_once_one_comes_in(make_user: Callable[..., User], now: datetime) -> None:
    user = make_user("leader", "leader")
    code = app_code(give_app(user, at=now), at=now)
    outcomes = race(lambda _number: check_factor_code(user, code, at=now), 4)
    assert len(errors_of(outcomes)) == 3
