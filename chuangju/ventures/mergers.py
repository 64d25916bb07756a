"""合并 - the same body entered twice: one entry points to the other, both keep their numbers, and it can be taken back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.ventures.access import can_merge_parties
from chuangju.ventures.models import Party
from chuangju.ventures.parties import PARTIES_LOCK


class MergerRefused(Refused):
    """The two entries cannot be made one, or not be parted again."""


@transaction.atomic
def merge_party(duplicate: Party, *, into: Party, reason: str, by: User, at: datetime) -> None:
    """Say that `duplicate` is `into`; nothing is moved or lost. Raises MergerRefused."""
    if not can_merge_parties(by, timezone.localdate(at)):
        raise MergerRefused(_("您没有合并主体的权限"))
    if not reason.strip():
        raise MergerRefused(_("请写明合并的依据"))
    take_locks(PARTIES_LOCK)
    rows = {
        party.pk: party
        for party in Party.objects.select_for_update(of=("self",)).filter(pk__in=[duplicate.pk, into.pk])
    }
    gone, stays = rows[duplicate.pk], rows[into.pk]
    _refuse_merger(gone, stays)
    gone.merged_into = stays
    gone.revision += 1
    gone.save(update_fields=["merged_into", "revision"])
    after = {"merged_into": stays.pk, "credit_code": gone.credit_code}
    record_event(
        "ventures.party_merged",
        gone,
        by=by,
        at=at,
        before={"merged_into": None},
        after=after,
        about=stays,
        reason=reason,
    )
    duplicate.refresh_from_db()


@transaction.atomic
def part_party(duplicate: Party, *, reason: str, by: User, at: datetime) -> None:
    """Take a merger back; raises MergerRefused."""
    if not can_merge_parties(by, timezone.localdate(at)):
        raise MergerRefused(_("您没有撤销合并的权限"))
    if not reason.strip():
        raise MergerRefused(_("请写明撤销合并的原因"))
    take_locks(PARTIES_LOCK)
    fresh = Party.objects.select_for_update(of=("self",)).get(pk=duplicate.pk)
    stays = fresh.merged_into
    if stays is None:
        raise MergerRefused(_("该主体没有并入其他主体"))
    fresh.merged_into = None
    fresh.revision += 1
    fresh.save(update_fields=["merged_into", "revision"])
    record_event(
        "ventures.party_parted",
        fresh,
        by=by,
        at=at,
        before={"merged_into": stays.pk},
        after={"merged_into": None},
        about=stays,
        reason=reason,
    )
    duplicate.refresh_from_db()


def _refuse_merger(gone: Party, stays: Party) -> None:
    if gone.pk == stays.pk:
        raise MergerRefused(_("不能并入自身"))
    if gone.merged_into_id or stays.merged_into_id:
        raise MergerRefused(_("其中一个已并入其他主体，请先撤销那次合并"))
    if gone.duplicates.exists():
        raise MergerRefused(_("已有其他主体并入它，请先撤销那些合并"))
    if gone.kind != stays.kind:
        raise MergerRefused(_("主体类型不同，不能合并"))
    if gone.account_id and stays.account_id:
        raise MergerRefused(_("两个主体各有本人账号，不能合并"))
