"""The command that makes the first accounts of an installation."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from chuangju.kernel.models import User
from chuangju.units.access import roles_of

pytestmark = pytest.mark.django_db


def appoint(role: str, username: str, name: str = "张三") -> str:
    out = StringIO()
    call_command("appoint_administrator", role, username, name, stdout=out)
    return out.getvalue()


def test_it_makes_the_account_and_prints_the_password_once() -> None:
    printed = appoint("security_administrator", "zhang")
    username, password = printed.split()
    user = User.objects.get(username=username)
    assert user.check_password(password)
    assert user.must_change_password
    assert roles_of(user, timezone.localdate()) == {"security_administrator"}


def test_a_taken_name_leaves_nothing_behind_and_says_so() -> None:
    appoint("security_administrator", "zhang")
    with pytest.raises(CommandError, match="已被使用"):
        appoint("auditor", "zhang")
    assert User.objects.count() == 1


def test_it_grants_no_other_role() -> None:
    with pytest.raises(CommandError, match="leader"):
        appoint("leader", "zhang")
