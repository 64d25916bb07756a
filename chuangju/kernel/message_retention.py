"""消息保存期 - what was told long ago goes, with what is known of how it went out; what is still to go out stays."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from chuangju.kernel.models import Delivery, Message

_AT_ONCE = 500


def forget_messages(*, before: datetime, before_without_account: datetime) -> int:
    """Delete messages made before a moment, those to people without an account before another; how many went."""
    gone = 0
    while keys := list(_old(before, before_without_account).order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        _forget(keys)
        gone += len(keys)
    return gone


def _old(before: datetime, before_without_account: datetime) -> QuerySet[Message]:
    still_to_go = Delivery.objects.filter(message=OuterRef("pk"), state__in=Delivery.OPEN)
    past = Q(created_at__lt=before) | Q(user__isnull=True, created_at__lt=before_without_account)
    return Message.objects.filter(past, ~Exists(still_to_go))


@transaction.atomic
def _forget(keys: list[int]) -> None:
    # A younger delivery that travelled along in the bundle of an old one stays, without saying in which.
    Delivery.objects.filter(carrier__message__in=keys).update(carrier=None)
    Delivery.objects.filter(message__in=keys).delete()
    Message.objects.filter(pk__in=keys).delete()
