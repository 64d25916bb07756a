"""版本变更 - the law changed while a case was under way: it goes on by its old version, or by the new one, with a reason."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.applications.evaluation import EvaluationRefused, evaluate, freeze_facts, note_evaluation
from chuangju.applications.models import Application, Decision, FrozenFacts
from chuangju.kernel.audit import record_event
from chuangju.kernel.models import User
from chuangju.policies.current import current_catalogue
from chuangju.rules.policy import Policy

_LONGEST = 300


def newer_version(application: Application, *, on: date) -> Policy | None:
    """The version in force on a day where it is another one than the case goes by."""
    policy = current_catalogue().version_for(application.policy_id, on)
    return policy if policy is not None and policy.version != application.policy_version else None


@transaction.atomic
def rebase_application(application: Application, *, reason: str, by: User, at: datetime) -> Application:
    """Go by the version in force now, and keep a snapshot of what it says; raises EvaluationRefused."""
    fresh, words = _under_way(application), _checked(reason)
    policy = newer_version(fresh, on=timezone.localdate(at))
    if policy is None:
        raise EvaluationRefused(_("没有更新的版本"))
    before = fresh.policy_version
    fresh.policy_version = policy.version
    evaluation = evaluate(fresh, on=timezone.localdate(at), policy=policy)
    note_evaluation(fresh, evaluation)
    fresh.changed_at, fresh.revision = at, fresh.revision + 1
    fresh.save(update_fields=["policy_version", "verdict", "expected_amount", "changed_at", "revision"])
    freeze_facts(fresh, FrozenFacts.Moment.REBASED, by=by, at=at, evaluation=evaluation)
    record_event(
        "applications.rebased",
        fresh,
        by=by,
        at=at,
        before={"policy_version": before},
        after={"policy_version": policy.version},
        reason=words,
    )
    return fresh


@transaction.atomic
def keep_version(application: Application, *, reason: str, by: User, at: datetime) -> Application:
    """Go on by the version of the submission although a newer one is in force; raises EvaluationRefused."""
    fresh, words = _under_way(application), _checked(reason)
    if newer_version(fresh, on=timezone.localdate(at)) is None:
        raise EvaluationRefused(_("没有更新的版本"))
    record_event("applications.kept", fresh, by=by, at=at, after={"policy_version": fresh.policy_version}, reason=words)
    return fresh


def _under_way(application: Application) -> Application:
    fresh = Application.objects.select_for_update(of=("self",)).select_related("subject__town").get(pk=application.pk)
    if fresh.state not in Application.OPEN_STATES:
        raise EvaluationRefused(_("只有已提交、办理中的办件可以改按新版政策"))
    if fresh.decisions.filter(state=Decision.State.APPROVED).exists():
        raise EvaluationRefused(_("已经审定的办件按审定时的版本办理，不能再改"))
    return fresh


def _checked(reason: str) -> str:
    words = " ".join(reason.split())
    if not words or len(words) > _LONGEST:
        raise EvaluationRefused(_("请写明理由（不超过 300 个字）"))
    return words
