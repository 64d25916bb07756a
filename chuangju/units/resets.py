"""三员账号的重置 - password or second factors of an administrator take two people: one asks, another agrees.

Whoever could do it alone could become any administrator, and 三员分立 would be a word. The person is told when it is
asked for, so that they can object before it is done.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.outbox import notify
from chuangju.kernel.refusals import Refused
from chuangju.units.access import ADMINISTRATOR_ROLES, has_role, is_administrator
from chuangju.units.accounts import give_temporary_password
from chuangju.units.models import ResetRequest, Role, RoleAssignment
from chuangju.units.second_factors import has_second_factor, remove_all_factors

VALID_FOR = timedelta(days=7)
LONGEST_REASON = 200
Kind, State = ResetRequest.Kind, ResetRequest.State


class ResetRefused(Refused):
    """A reset that cannot be asked for or decided on like this."""


def reset_address(reset: ResetRequest) -> str:
    """The page of a reset."""
    return reverse("units:reset_request", args=(reset.pk,))


def resets_visible_to(user: User) -> QuerySet[ResetRequest]:
    """Requests: for the three kinds of administrators, who decide on them."""
    return ResetRequest.objects.all() if has_role(user, *ADMINISTRATOR_ROLES) else ResetRequest.objects.none()


def waiting_resets(user: User, *, at: datetime) -> list[ResetRequest]:
    """What waits for a decision about an account."""
    return list(ResetRequest.objects.filter(user=user, state=State.WAITING, asked_at__gt=at - VALID_FOR))


def may_decide(reset: ResetRequest, user: User, *, at: datetime) -> bool:
    """Whether somebody is the second person: another administrator, neither who asked nor whom it is about."""
    is_open = reset.state == State.WAITING and at - reset.asked_at < VALID_FOR
    return (
        is_open
        and user.pk not in {reset.asked_by_id, reset.user_id}
        and has_role(user, *ADMINISTRATOR_ROLES, on=timezone.localdate(at))
    )


@transaction.atomic
def ask_reset(user: User, *, kind: str, reason: str, by: User, at: datetime) -> ResetRequest:
    """A system administrator asks; the other administrators and the person are told. Raises ResetRefused."""
    on = timezone.localdate(at)
    _refuse_asking(user, kind, by=by, at=at)
    words = _checked(reason, _("请写明原因，例如手机遗失、本人到场核实"))
    take_locks(f"units.resets.{user.pk}")
    waiting = ResetRequest.objects.filter(user=user, kind=kind, state=State.WAITING)
    if waiting.filter(asked_at__gt=at - VALID_FOR).exists():
        raise ResetRefused(_("已有一份待核准的申请"))
    waiting.update(state=State.LAPSED)
    deciders = _administrators(on, without={user.pk, by.pk})
    if not deciders:
        raise ResetRefused(_("没有另一位管理员可以核准，请先增设管理员"))
    made = ResetRequest.objects.create(user=user, kind=kind, reason=words, asked_by=by, asked_at=at)
    record_event("units.reset_asked", made, by=by, at=at, after=_facts(made), about=user, reason=words)
    values = {"name": by.name, "whose": user.name, "what": made.get_kind_display, "reason": words}
    for person in deciders:
        notify(person, "units.reset_to_decide", made, at=at, values=values, address=reset_address(made))
    notify(user, "units.reset_asked", made, at=at, values=values)
    return made


@transaction.atomic
def approve_reset(reset: ResetRequest, *, by: User, at: datetime) -> ResetRequest:
    """The second person agrees, and it is done; whoever asked reads a temporary password once. Raises ResetRefused."""
    fresh = _locked(reset, by=by, at=at)
    _refuse_asking(fresh.user, fresh.kind, by=fresh.asked_by, at=at)
    before = _facts(fresh)
    _decide(fresh, State.DONE, "", by=by, at=at)
    if fresh.kind == Kind.PASSWORD:
        fresh.password = give_temporary_password(fresh.user, by=fresh.asked_by, at=at, agreed_by=by)
        fresh.save(update_fields=["password"])
    else:
        remove_all_factors(fresh.user, reason=fresh.reason, by=fresh.asked_by, at=at, agreed_by=by)
    record_event("units.reset_decided", fresh, by=by, at=at, before=before, after=_facts(fresh), about=fresh.user)
    _tell_asker(fresh, at=at)
    return fresh


@transaction.atomic
def decline_reset(reset: ResetRequest, *, reason: str, by: User, at: datetime) -> ResetRequest:
    """The second person does not agree, and says why; raises ResetRefused."""
    fresh = _locked(reset, by=by, at=at)
    words = _checked(reason, _("请写明不予核准的原因"))
    before = _facts(fresh)
    _decide(fresh, State.DECLINED, words, by=by, at=at)
    record_event(
        "units.reset_decided", fresh, by=by, at=at, before=before, after=_facts(fresh), about=fresh.user, reason=words
    )
    _tell_asker(fresh, at=at)
    return fresh


@transaction.atomic
def take_password(reset: ResetRequest, *, by: User) -> str:
    """The temporary password, to whoever asked for it and the first time only; else an empty text."""
    fresh = ResetRequest.objects.select_for_update().get(pk=reset.pk)
    if fresh.asked_by_id != by.pk or not fresh.password:
        return ""
    password: str = fresh.password
    fresh.password = ""
    fresh.save(update_fields=["password"])
    return password


def _refuse_asking(user: User, kind: str, *, by: User, at: datetime) -> None:
    on = timezone.localdate(at)
    if not has_role(by, Role.SYSTEM_ADMINISTRATOR, on=on):
        raise ResetRefused(_("只有系统管理员可以申请重置"))
    if by.pk == user.pk:
        raise ResetRefused(_("不能重置自己的账号，请另一位系统管理员办理"))
    if not is_administrator(user, on) or kind not in Kind.values:
        raise ResetRefused(_("只有三员账号的重置须由两人办理"))
    if kind == Kind.FACTORS and not has_second_factor(user):
        raise ResetRefused(_("该账号没有设置第二重验证"))


def _administrators(on: date, *, without: set[int]) -> list[User]:
    held = RoleAssignment.objects.held_on(on).filter(role__in=ADMINISTRATOR_ROLES, user__is_active=True)
    found = {one.user.pk: one.user for one in held.select_related("user").order_by("pk")}
    return [user for pk, user in found.items() if pk not in without]


def _locked(reset: ResetRequest, *, by: User, at: datetime) -> ResetRequest:
    rows = ResetRequest.objects.select_for_update(of=("self",)).select_related("user", "asked_by")
    fresh = rows.get(pk=reset.pk)
    if fresh.state != State.WAITING or at - fresh.asked_at >= VALID_FOR:
        raise ResetRefused(_("该申请已核准、未核准或超过 7 天，请重新申请"))
    if not may_decide(fresh, by, at=at):
        raise ResetRefused(_("须由申请人和本人以外的另一位管理员核准"))
    return fresh


def _decide(reset: ResetRequest, state: str, words: str, *, by: User, at: datetime) -> None:
    reset.state, reset.decision, reset.decided_by, reset.decided_at = state, words, by, at
    reset.save(update_fields=["state", "decision", "decided_by", "decided_at"])


def _tell_asker(reset: ResetRequest, *, at: datetime) -> None:
    values = {
        "whose": reset.user.name,
        "what": reset.get_kind_display,
        "result": reset.get_state_display,
        "words": reset.decision or "—",
    }
    notify(reset.asked_by, "units.reset_decided", reset, at=at, values=values, address=reset_address(reset))


def _facts(reset: ResetRequest) -> dict[str, object]:
    """What the log keeps: never the password."""
    return {name: value for name, value in snapshot(reset).items() if name != "password"}


def _checked(words: str, empty: str) -> str:
    even = " ".join(words.split())
    if not even:
        raise ResetRefused(empty)
    return even[:LONGEST_REASON]
