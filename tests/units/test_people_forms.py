"""Forms about people say what to do where nobody can be chosen."""

from __future__ import annotations

import pytest

from chuangju.kernel.models import User
from chuangju.units.models import Role
from chuangju.units.people_forms import DelegationForm
from tests import people


@pytest.mark.django_db
def test_without_a_colleague_the_form_of_a_stand_in_says_whom_to_ask() -> None:
    alone = DelegationForm(roles=[], people=User.objects.none())
    assert "邀请一位同事" in str(alone.fields["to_user"].help_text)
    colleague = people.make_user("colleague", Role.CLERK)
    chosen = DelegationForm(roles=[], people=User.objects.filter(pk=colleague.pk))
    assert not chosen.fields["to_user"].help_text
