"""保存和分享 - a check kept under one's account, and a link that shows it to others without anything personal."""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.policies.check_answers import Answers
from chuangju.policies.check_questions import question_book
from chuangju.policies.models import SavedCheck, SharedCheck
from chuangju.ventures.registers import dictionary

MOST_SAVED = 20
SHARED_FOR = timedelta(days=30)
# What names a business or a person is never shared, whatever the dictionary says of it.
_NEVER = frozenset({"id", "name", "incubator"})
_TOKEN_BYTES = 18


class CheckRefused(Refused):
    """The check cannot be kept or shared like this."""


@transaction.atomic
def save_check(answers: Answers, *, by: User, at: datetime, is_quiet: bool = False) -> SavedCheck:
    """Keep the answers under the account; raises CheckRefused for nothing to keep and for too many."""
    if answers.is_empty:
        raise CheckRefused(_("还没有回答，请先完成测算"))
    take_locks(f"policies.saved_checks:{by.pk}")
    if SavedCheck.objects.filter(user=by).count() >= MOST_SAVED:
        raise CheckRefused(_("最多保存 %(count)d 份，请先删除不用的") % {"count": MOST_SAVED})
    standpoint = answers.standpoint
    name = answers.party_name or (standpoint.name.zh if standpoint else _("测算"))
    text = json.dumps(answers.kept(), ensure_ascii=False)
    saved = SavedCheck.objects.create(user=by, name=name[:80], answers=text, saved_at=at)
    if not is_quiet:
        record_event("policies.check_saved", saved, by=by, at=at, after={"name": saved.name})
    return saved


def answers_in(saved: SavedCheck) -> Answers:
    """The answers of a saved check."""
    try:
        kept: Any = json.loads(saved.answers)
    except ValueError:
        kept = None
    return Answers.read(kept)


@transaction.atomic
def remove_check(saved: SavedCheck, *, by: User, at: datetime) -> None:
    """Forget a saved check; one that is gone already is gone."""
    take_locks(f"policies.saved_checks:{by.pk}")
    if not SavedCheck.objects.filter(pk=saved.pk).exists():
        return
    record_event("policies.check_removed", saved, by=by, at=at, before={"name": saved.name})
    saved.delete()


def shareable(given: dict[str, Any]) -> dict[str, Any]:
    """What of the answers is about nobody in person."""
    facts = dictionary().facts
    return {
        key: value
        for key, value in given.items()
        if key in facts and key not in _NEVER and facts[key].sensitivity != "personal"
    }


@transaction.atomic
def share_check(answers: Answers, *, by: User | None, at: datetime) -> SharedCheck:
    """Keep what is not personal behind an address that cannot be guessed, for thirty days."""
    if answers.is_empty:
        raise CheckRefused(_("还没有回答，请先完成测算"))
    facts = shareable(answers.given)
    left_out = sum(1 for key, value in answers.given.items() if key not in facts and value is not None)
    shared = SharedCheck.objects.create(
        token=secrets.token_urlsafe(_TOKEN_BYTES),
        who=answers.who,
        facts=facts,
        left_out=left_out,
        shared_at=at,
        expires_at=at + SHARED_FOR,
    )
    record_event("policies.check_shared", shared, by=by, at=at, after={"expires_at": shared.expires_at.isoformat()})
    return shared


def find_shared(token: str, *, at: datetime) -> SharedCheck | None:
    """The check behind a link that has not run out."""
    return SharedCheck.objects.filter(token=token, expires_at__gt=at).first()


def answers_shared(shared: SharedCheck) -> Answers:
    """The answers that a link shows."""
    answers = Answers(who=shared.who if question_book().standpoint(shared.who) else "")
    answers.given = dict(shared.facts)
    questions = [question_book().for_fact(key) for key in answers.given]
    answers.answered = list(dict.fromkeys(one.key for one in questions if one is not None))
    return answers


def forget_shared(*, before: datetime) -> int:
    """Remove links that have run out; how many."""
    gone, _kinds = SharedCheck.objects.filter(expires_at__lte=before).delete()
    return gone
