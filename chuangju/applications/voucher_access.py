"""Who sees which vouchers and their uses: holders and providers their own, staff those of their unit."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from chuangju.applications.access import desk_units
from chuangju.applications.models import Voucher, VoucherUse
from chuangju.kernel.models import User
from chuangju.units.access import Visitor, has_role
from chuangju.units.models import Role
from chuangju.ventures.access import acting_parties, own_entries_visible_to
from chuangju.ventures.models import Party

READERS = (Role.LEADER, Role.PROGRAMME_OFFICE, Role.POLICY_OFFICER, Role.CLERK, Role.APPROVER, Role.FINANCE)


def vouchers_visible_to(user: Visitor, on: date) -> QuerySet[Voucher]:
    """Vouchers: of the whole district for its readers, of one's unit for its desk, one's own for their holder."""
    if has_role(user, Role.LEADER, Role.PROGRAMME_OFFICE, Role.FINANCE, on=on):
        return Voucher.objects.all()
    units = desk_units(user, on)
    own = own_entries_visible_to(user, on).values("pk")
    return Voucher.objects.filter(Q(holder__in=own) | Q(decision__application__unit__in=units))


def own_vouchers_visible_to(user: Visitor, on: date) -> QuerySet[Voucher]:
    """The vouchers of whoever somebody is or acts for."""
    return Voucher.objects.filter(holder__in=own_entries_visible_to(user, on).values("pk"))


def uses_visible_to(user: Visitor, on: date) -> QuerySet[VoucherUse]:
    """Uses of the vouchers one sees, and those of the providers one acts for."""
    seen = vouchers_visible_to(user, on).values("pk")
    provided = acting_parties(user, on).values("pk")
    return VoucherUse.objects.filter(Q(voucher__in=seen) | Q(provider__in=provided))


def provided_uses_visible_to(user: Visitor, on: date) -> QuerySet[VoucherUse]:
    """What was ordered from the providers that somebody acts for."""
    return VoucherUse.objects.filter(provider__in=acting_parties(user, on).values("pk"))


def providers_visible_to(user: Visitor) -> QuerySet[Party]:
    """Whom a voucher can be spent with: providers whose entry was checked."""
    del user
    return Party.objects.standing().filter(kind=Party.Kind.PROVIDER, is_checked=True, status=Party.Status.ACTIVE)


def acts_for_holder(user: Visitor, voucher: Voucher, on: date) -> bool:
    """Whether somebody spends this voucher."""
    return isinstance(user, User) and own_entries_visible_to(user, on).filter(pk=voucher.holder_id).exists()


def acts_for_provider(user: Visitor, use: VoucherUse, on: date) -> bool:
    """Whether somebody answers for the provider of a use."""
    return isinstance(user, User) and acting_parties(user, on).filter(pk=use.provider_id).exists()


def can_settle_use(user: Visitor, use: VoucherUse, on: date) -> bool:
    """Whether somebody settles a use: a clerk of the unit that granted the voucher, on neither side of it."""
    if not isinstance(user, User) or acts_for_provider(user, use, on) or acts_for_holder(user, use.voucher, on):
        return False
    return use.voucher.decision.application.unit_id in desk_units(user, on, Role.CLERK)
