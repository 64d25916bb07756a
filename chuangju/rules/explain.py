"""说明 - why: every condition with its answer, the values used, the threshold, the clause; what is missing, how far short,
from when, and what one more step would bring.

`explain` answers for one policy, `explain_all` for a catalogue; `as_json` gives the answer that others rely on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from chuangju.rules.binding import Binder
from chuangju.rules.catalogue import Catalogue
from chuangju.rules.closures import FROM_KEY, compile_tree
from chuangju.rules.folding import fold
from chuangju.rules.gaps import FindMissing, Gap, find_gap, find_missing
from chuangju.rules.judging import Judge, Judgement, judge_for
from chuangju.rules.kinds import FAR, Value, Words
from chuangju.rules.policy import Policy
from chuangju.rules.program import ConditionProgram, Program, prepare_policy
from chuangju.rules.showing import show_deductions, show_points, show_steps, show_values
from chuangju.rules.wording import Wording

Facts = Mapping[str, Value]
_ANSWERS = {True: "yes", False: "no", None: "unknown"}


@dataclass(frozen=True, slots=True)
class ConditionAnswer:
    """One condition: yes, no or unknown; how far short and from when where it fails; what is missing where it is unknown."""

    program: ConditionProgram
    answer: bool | None
    gap: Gap | None
    from_day: date | None
    missing: tuple[str, ...]
    sentence: Words
    values: Mapping[str, Value]

    @property
    def verdict(self) -> str:
        """In one word: yes, no, unknown."""
        return _ANSWERS[self.answer]

    @property
    def is_actionable(self) -> bool:
        """Whether the applicant can mend it."""
        condition = self.program.condition
        if condition.actionable:
            return condition.actionable == "true"
        return condition.mend is not None or self.program.is_mendable

    def as_json(self) -> dict[str, Any]:
        """As formats.md says, with the label's English and what can be done about it."""
        condition = self.program.condition
        return {
            "id": condition.id,
            "verdict": self.verdict,
            "label": condition.label.zh,
            "labels": condition.label.as_json(),
            "sentence": self.sentence.as_json(),
            "values": show_values(self.program.bound, self.values),
            "short_by": self.gap.short_by if self.gap else None,
            "short_unit": self.gap.unit if self.gap else None,
            "from": self.from_day.isoformat() if self.from_day else None,
            "missing": list(self.missing),
            "law": condition.law,
            "mend": condition.mend.as_json() if condition.mend else None,
            "actionable": self.answer is False and self.is_actionable,
        }


class Explanation:
    """The answer for one policy on one day; what costs more (formula, steps, points) is worked out when asked for."""

    def __init__(
        self, explainer: Explainer, facts: Facts, judgement: Judgement, conditions: tuple[ConditionAnswer, ...]
    ) -> None:
        """As `explain` makes it."""
        self._explainer, self.facts, self._judgement = explainer, facts, judgement
        self.conditions = conditions
        self.policy = explainer.program.policy
        self.on = explainer.program.day
        self.verdict, self.amount, self.from_day = judgement.verdict, judgement.amount, judgement.from_day

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that could still settle the verdict; where it is settled as eligible, those the amount wants."""
        if self.verdict == "unknown":
            return tuple(dict.fromkeys(key for one in self.conditions for key in one.missing))
        if self.verdict == "eligible" and self.amount is None:
            return self._explainer.missing_for_amount(self.facts)
        return ()

    @property
    def failing(self) -> tuple[ConditionAnswer, ...]:
        """The conditions that are not fulfilled."""
        return tuple(one for one in self.conditions if one.answer is False)

    @property
    def is_actionable(self) -> bool:
        """Whether a near miss is something the applicant can mend."""
        return self.verdict == "near_miss" and all(one.is_actionable for one in self.failing)

    @property
    def claim_by(self) -> date | None:
        """The last day to claim; after it the right is lost."""
        day = self._explainer.claim_by(self.facts)
        return None if day is None or day == FAR else day

    @property
    def amount_at_from(self) -> int | None:
        """For `not_yet`: the amount on the day from which it would hold, the facts staying as they are."""
        if self.from_day is None or self.policy.amount is None:
            return None
        return explainer_for(prepare_policy(self.policy, self.from_day)).amount(self.facts)

    @property
    def formula(self) -> Words | None:
        """The amount's formula with the applicant's numbers."""
        amount = self.policy.amount
        return self._explainer.wording.tell(amount, self.facts) if amount is not None else None

    @property
    def documents(self) -> tuple[Words, ...]:
        """The papers that are wanted of this applicant, as far as the facts tell; others of an unknown need stay in."""
        return self._explainer.documents(self.facts)

    @property
    def steps(self) -> list[dict[str, Any]]:
        """What one more step would bring: label, verdict, amount, gain; only steps that change something."""
        return show_steps(self._explainer.judge, self.facts, self.verdict, self.amount)

    @property
    def points(self) -> list[dict[str, Any]]:
        """The lines of the points table with the value of each."""
        return show_points(self._explainer.program, self.facts)

    @property
    def deductions(self) -> list[dict[str, Any]]:
        """Deductions in their order, where the amount is one."""
        return show_deductions(self._explainer.program, self.facts)

    def as_json(self) -> dict[str, Any]:
        """The answer as formats.md says, and more beside it."""
        claim_by, policy = self.claim_by, self.policy
        days_left = (claim_by - self.on).days if claim_by else None
        formula = self.formula
        return {
            "policy": policy.id,
            "version": policy.version,
            "title": policy.title.as_json(),
            "on": self.on.isoformat(),
            "verdict": self.verdict,
            "actionable": self.is_actionable,
            "amount": self.amount,
            "amount_unit": policy.amount_unit,
            "amount_at_from": self.amount_at_from,
            "amount_formula": formula.as_json() if formula else None,
            "from": self.from_day.isoformat() if self.from_day else None,
            "missing": list(self.missing),
            "confidence": policy.confidence,
            "claim_by": claim_by.isoformat() if claim_by else None,
            "days_to_claim": days_left,
            "conditions": [one.as_json() for one in self.conditions],
            "points": self.points,
            "deductions": self.deductions,
            "steps": self.steps,
            "excludes": list(policy.stacking.excludes),
        }


class Explainer:
    """A program ready to explain: its judge, and per condition what is said, missing and short."""

    def __init__(self, program: Program) -> None:
        """Work out what does not depend on the applicant."""
        self.program = program
        self.judge: Judge = judge_for(program)
        self.wording = Wording(program.policy, program.day)
        self._sentences = tuple(self.wording.tell(one.condition.when) for one in program.conditions)
        self._missing: tuple[FindMissing, ...] = tuple(find_missing(one.now) for one in program.conditions)
        self._gaps = tuple(find_gap(one.bound, program.day) for one in program.conditions)
        self._claim_by = compile_tree(program.claim_by) if program.claim_by is not None else None
        binder = Binder(program.day, program.policy.parameters, program.policy.shared)
        self._documents = tuple(
            compile_tree(fold(binder.bind(when), program.day)) if when is not None else None
            for when in program.policy.document_conditions
        )
        self._of_amount = find_missing(program.amount) if program.amount is not None else None
        self._amount = compile_tree(program.amount) if program.amount is not None else None

    def explain(self, facts: Facts) -> Explanation:
        """The answer for these facts."""
        judgement = self.judge.judge(facts)
        conditions = tuple(
            ConditionAnswer(
                program=one,
                answer=answer,
                gap=self._gaps[index](facts) if answer is False else None,
                from_day=judgement.firsts[index],
                missing=self._missing_of(index, judgement, facts),
                sentence=self._sentences[index],
                values={key: facts.get(key) for key in one.facts},
            )
            for index, (one, answer) in enumerate(zip(self.program.conditions, judgement.answers, strict=True))
        )
        return Explanation(self, facts, judgement, conditions)

    def _missing_of(self, index: int, judgement: Judgement, facts: Facts) -> tuple[str, ...]:
        """What one condition lacks: for its answer, or, where all answers are there, for the day on which it holds."""
        answers, program = judgement.answers, self.program.conditions[index]
        if answers[index] is None:
            return tuple(self._missing[index](facts))
        if judgement.verdict != "unknown" or None in answers:
            return ()
        if judgement.candidate is not None:
            then = {**facts, FROM_KEY: judgement.candidate}
            return tuple(find_missing(program.later)(then)) if program.later is not None else ()
        is_open = answers[index] is False and program.first is not None
        return tuple(find_missing(program.first)(facts)) if is_open and program.first is not None else ()

    def documents(self, facts: Facts) -> tuple[Words, ...]:
        """The papers wanted: all but those whose condition is surely not fulfilled."""
        wanted = zip(self.program.policy.documents, self._documents, strict=True)
        return tuple(words for words, when in wanted if when is None or when(facts, None) is not False)

    def missing_for_amount(self, facts: Facts) -> tuple[str, ...]:
        """The facts that the amount wants."""
        return tuple(self._of_amount(facts)) if self._of_amount is not None else ()

    def amount(self, facts: Facts) -> int | None:
        """The amount, whatever the verdict."""
        return self._amount(facts, None) if self._amount is not None else None

    def claim_by(self, facts: Facts) -> date | None:
        """The last day to claim, where the policy has one and the facts tell it."""
        return self._claim_by(facts, None) if self._claim_by is not None else None


@lru_cache(maxsize=512)
def explainer_for(program: Program) -> Explainer:
    """The explainer of a program, made once."""
    return Explainer(program)


def explain(policy: Policy, facts: Facts, *, on: date) -> Explanation:
    """Why, for one version of a policy on a day; facts as `clean_facts` gives them (absent is unknown)."""
    return explainer_for(prepare_policy(policy, on)).explain(facts)


def explain_all(catalogue: Catalogue, facts: Facts, *, on: date) -> list[Explanation]:
    """Why, for every policy that has a version on this day, in the order of the catalogue."""
    return [explain(policy, facts, on=on) for policy in catalogue.in_force(on)]
