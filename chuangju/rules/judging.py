"""The verdict on one applicant: a program's trees as plain functions, and the five steps that lead from them to a verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from chuangju.rules.closures import FROM_KEY, Function, compile_tree
from chuangju.rules.kinds import FAR, Value
from chuangju.rules.program import Program

Facts = Mapping[str, Value]
Missing = Callable[[Facts], list[str]]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came out: the verdict, each condition's answer, the day from which (not_yet), and the amount (eligible only).

    `firsts` holds for each failing condition the first day at which time alone mends it (None: never, or unknown);
    `candidate` is the day that was looked at, also where it is unknown whether everything holds on it.
    """

    verdict: str
    answers: tuple[bool | None, ...]
    firsts: tuple[date | None, ...]
    from_day: date | None
    amount: int | None
    candidate: date | None = None


class Judge:
    """A program ready to judge; making one costs a few milliseconds, judging some microseconds."""

    def __init__(self, program: Program) -> None:
        """Compile the program's trees."""
        self.program = program
        self._now = tuple(compile_tree(one.now) for one in program.conditions)
        self._first = tuple(compile_tree(one.first) if one.first is not None else None for one in program.conditions)
        self._later = tuple(compile_tree(one.later) if one.later is not None else None for one in program.conditions)
        self._amount: Function | None = compile_tree(program.amount) if program.amount is not None else None

    def judge(self, facts: Facts) -> Judgement:
        """The verdict on these facts."""
        answers: tuple[bool | None, ...] = tuple([now(facts, None) for now in self._now])
        if False not in answers:
            verdict = "unknown" if None in answers else "eligible"
            amount = self._amount(facts, None) if self._amount is not None and verdict == "eligible" else None
            return Judgement(verdict, answers, (None,) * len(answers), None, amount)
        days = [
            (first(facts, None) if first is not None else FAR) if answer is False else None
            for answer, first in zip(answers, self._first, strict=True)
        ]
        firsts = tuple([None if day == FAR else day for day in days])
        if FAR in days:
            is_near = None not in answers and answers.count(False) == 1
            return Judgement("near_miss" if is_near else "not_eligible", answers, firsts, None, None)
        if None in answers or len([day for day in days if day is not None]) < answers.count(False):
            return Judgement("unknown", answers, firsts, None, None)
        return self._on_candidate(facts, answers, firsts)

    def _on_candidate(
        self, facts: Facts, answers: tuple[bool | None, ...], firsts: tuple[date | None, ...]
    ) -> Judgement:
        """Every failing condition has its day: whether all of them hold together on the latest."""
        day = max(first for first in firsts if first is not None)
        then = {**facts, FROM_KEY: day}
        stays = [later(then, None) for later in self._later if later is not None]
        if False in stays:
            verdict = "near_miss" if answers.count(False) == 1 else "not_eligible"
            return Judgement(verdict, answers, firsts, None, None)
        if None in stays:
            return Judgement("unknown", answers, firsts, None, None, day)
        return Judgement("not_yet", answers, firsts, day, None, day)


@lru_cache(maxsize=512)
def judge_for(program: Program) -> Judge:
    """The judge of a program, made once."""
    return Judge(program)
