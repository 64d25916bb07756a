"""名单上的决定 - the decisions of a list taken together: all of them or none, and every case that stands in the way is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangju.applications.batch_ranking import GRANTED, RESERVE, Entry
from chuangju.applications.decisions import approve_decision, propose_decision, return_decision
from chuangju.applications.models import Application, Decision, DecisionBatch
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.scoring.score_text import score_text

Outcome = Decision.Outcome


class BatchRefused(Refused):
    """The list cannot be changed or decided like this; `problems` says what stands in the way of which case."""

    def __init__(self, sentence: Any, problems: Sequence[tuple[str, str]] = ()) -> None:
        """One sentence, and one for each case that keeps the whole list back."""
        super().__init__(sentence)
        self.problems = list(problems)


def propose_all(batch: DecisionBatch, *, by: User, at: datetime) -> None:
    """A decision for each case of a frozen list that is not in reserve. Raises BatchRefused with every problem."""
    cases = hold_cases(batch)

    def propose(entry: Entry) -> None:
        place = batch.ranking.index(entry) + 1
        is_granted = entry["outcome"] == GRANTED
        reasons: list[dict[str, str]] = [] if is_granted else [refusal_ground(batch, entry, place)]
        propose_decision(
            cases[entry["application"]],
            Outcome.GRANTED if is_granted else Outcome.REFUSED,
            amount=entry["amount"] if is_granted else None,
            reasons=reasons,
            remark=score_ground(batch, entry, place)["zh"] if is_granted else "",
            batch=batch,
            by=by,
            at=at,
        )

    each_case([one for one in batch.ranking if one["outcome"] != RESERVE], propose, _("名单还不能报审定，请逐件处理"))


def approve_all(batch: DecisionBatch, *, opinion: str, by: User, at: datetime) -> None:
    """Approve every proposed decision of a list, from the top. Raises BatchRefused with every problem."""
    hold_cases(batch)
    waiting = _decisions(batch, Decision.State.PROPOSED)

    def approve(entry: Entry) -> None:
        decision = waiting.get(entry["application"])
        if decision is None:
            raise BatchRefused(_("办件已撤回或由他人办理，名单要退回重新拟定"))
        approve_decision(decision, opinion=opinion, batch=batch, by=by, at=at)

    each_case([one for one in batch.ranking if one["outcome"] != RESERVE], approve, _("名单不能审定，一件也没有审定"))


def return_all(batch: DecisionBatch, *, reason: str, by: User, at: datetime) -> None:
    """Send every proposed decision of a list back."""
    hold_cases(batch)
    for decision in _decisions(batch, Decision.State.PROPOSED).values():
        return_decision(decision, reason=reason, batch=batch, by=by, at=at)


def hold_cases(batch: DecisionBatch) -> dict[str, Application]:
    """The cases of a list, all held in one order before anything else is, so that no two ways of deciding wait for each other."""
    keys = [one["application"] for one in batch.ranking]
    take_locks(*(f"applications.case:{key}" for key in keys))
    found = Application.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return {str(case.pk): case for case in found.select_related("subject", "unit", "window")}


def score_ground(batch: DecisionBatch, entry: Entry, place: int) -> dict[str, str]:
    """What a case came to, in both languages."""
    count = len(batch.ranking)
    if entry["score"] is None:
        return {"zh": f"集中评选，名次第{place}（共{count}件）", "en": f"Selection: place {place} of {count}"}
    score = score_text(entry["score"])
    return {
        "zh": f"集中评选，专家评审得分{score}，名次第{place}（共{count}件）",
        "en": f"Selection: scored {score}, place {place} of {count}",
    }


def refusal_ground(batch: DecisionBatch, entry: Entry, place: int) -> dict[str, str]:
    """Why a case of the list is not granted."""
    said = score_ground(batch, entry, place)
    if batch.parent_id is not None:
        return {"zh": "候补期满，本批次没有空出名额", "en": "The reserve list has ended; no place became free"}
    line = batch.cut_line
    return {
        "zh": f"{said['zh']}，未进入前{line}名的入围名单",
        "en": f"{said['en']}, below the cut line after the first {line}",
    }


def each_case(entries: Sequence[Entry], act: Callable[[Entry], object], sentence: str) -> None:
    """Do something to each case of a list; raises BatchRefused with what kept which back, so that nothing is kept."""
    problems: list[tuple[str, str]] = []
    for entry in entries:
        try:
            with transaction.atomic():
                act(entry)
        except Refused as refused:
            problems.append((entry["number"], refused.sentence))
    if problems:
        raise BatchRefused(sentence, problems)


def _decisions(batch: DecisionBatch, state: str) -> dict[str, Decision]:
    return {str(one.application_id): one for one in batch.decisions.filter(state=state).select_related("application")}
