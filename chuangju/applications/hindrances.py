"""为什么不符合 - what keeps a case that is being filled in from being eligible, and where each of it can be put right."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from chuangju.applications.evaluation import Evaluation
from chuangju.applications.questions import Topic, known_topics
from chuangju.policies.check_cards import Reason, reason_of
from chuangju.policies.check_explaining import titles_of
from chuangju.policies.current import current_catalogue


@dataclass(frozen=True)
class Change:
    """A value that a condition rests on, and the page on which it is changed or said to be wrong."""

    name: str
    address: str


@dataclass(frozen=True)
class Hindrance:
    """One condition that fails, with the applicant's own value, the clause, and what can be changed."""

    reason: Reason
    changes: tuple[Change, ...]


def hindrances_of(evaluation: Evaluation, pk: UUID) -> list[Hindrance]:
    """Every condition that fails on the day, in the order of the policy; none where the verdict is eligible."""
    failing = evaluation.explanation.failing
    if evaluation.verdict == "eligible" or not failing:
        return []
    titles, topics = titles_of(current_catalogue()), {one.key: one for one in known_topics(evaluation)}
    found = []
    for answer in failing:
        of_it = (topics[key] for key in answer.program.facts if key in topics)
        changes = (Change(one.name, _change_address(one, pk)) for one in of_it)
        reason = reason_of(answer, evaluation.explanation, titles)
        found.append(Hindrance(reason, tuple(one for one in changes if one.address)))
    return found


def _change_address(topic: Topic, pk: UUID) -> str:
    """What a register says is disputed, what somebody said is said again; empty where neither is asked."""
    if topic.is_certified and not topic.is_disputed:
        return reverse("applications:fill_dispute", args=(pk, topic.key))
    if topic.question:
        return reverse("applications:fill_question", args=(pk, topic.question)) + "?back=1"
    return ""
