"""演示手机号 - numbers with which a visitor of the demo tries the sign-in by SMS; nothing is ever sent to them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from chuangju.kernel.mobiles import set_mobile
from chuangju.kernel.models import User

DEMO_MOBILES = {"founder": "13800000001", "student": "13800000002", "mentor": "13800000003"}


@transaction.atomic
def load_demo_mobiles(at: datetime) -> None:
    """Give people from outside their made-up numbers, where they have none."""
    for user in User.objects.filter(username__in=DEMO_MOBILES, is_demo=True, mobile_hash__isnull=True).order_by("pk"):
        set_mobile(user, mobile=DEMO_MOBILES[user.username], by=None, at=at)
