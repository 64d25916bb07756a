"""The demo's people from outside have numbers to sign in with; nobody else gets one."""

from __future__ import annotations

from datetime import datetime

from chuangju.kernel.mobiles import user_with_mobile
from chuangju.kernel.models import User
from chuangju.units.demo_mobiles import DEMO_MOBILES, load_demo_mobiles
from tests.people import make_user


def test_only_demo_accounts_get_the_numbers_and_keep_them(db: None, now: datetime) -> None:
    for username in DEMO_MOBILES:
        make_user(username)
    load_demo_mobiles(now)
    assert user_with_mobile(DEMO_MOBILES["founder"]) is None, "an account of that name that is not the demo's"
    User.objects.update(is_demo=True)
    for _twice in range(2):
        load_demo_mobiles(now)
    founder = user_with_mobile(DEMO_MOBILES["founder"])
    assert founder is not None
    assert founder.username == "founder"
