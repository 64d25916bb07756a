"""A newcomer meets parties of every kind, all of them made up, and a founder who acts for one and waits for another."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from chuangju.kernel.key_rotation import find_encryption_faults
from chuangju.kernel.models import User
from chuangju.units.demo import load_demo_accounts
from chuangju.ventures.access import acting_parties
from chuangju.ventures.demo import load_demo
from chuangju.ventures.models import Claim, Party, PartyRelation
from chuangju.ventures.relation_guards import find_relation_faults


@pytest.mark.usefixtures("reference_data")
def test_the_demo_shows_every_kind_marked_as_demo(now: datetime, client: Client) -> None:
    load_demo_accounts(now)
    load_demo(now)
    assert Party.objects.count() >= 40
    assert set(Party.objects.values_list("kind", flat=True)) == set(Party.Kind.values)
    assert not Party.objects.filter(is_demo=False).exists()
    assert set(PartyRelation.objects.values_list("kind", flat=True)) == set(PartyRelation.Kind.values)
    founder = User.objects.get(username="founder")
    assert acting_parties(founder, now.date()).count() == 1
    assert sorted(Claim.objects.values_list("state", flat=True)) == [Claim.State.CONFIRMED, Claim.State.PENDING]
    assert list(find_relation_faults()) == list(find_encryption_faults()) == []
    client.force_login(founder)
    page = client.get(reverse("ventures:own_ventures"))
    assert "上海晨屿智能科技有限公司（演示）" in page.content.decode()
