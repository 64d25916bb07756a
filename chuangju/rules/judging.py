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
    """What came out: the verdict, each condition's answer, the day from which (not_yet), and the amount (eligible only)."""

    verdict: str
    answers: tuple[bool | None, ...]
    firsts: tuple[date | None, ...]
    from_day: date | None
    amount: int | None


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
        firsts = self._first_days(facts, answers)
        is_mendable = all(first is not None for first, answer in zip(firsts, answers, strict=True) if answer is False)
        if None in answers:
            return Judgement("unknown" if is_mendable else "not_eligible", answers, firsts, None, None)
        from_day = self._from_day(facts, firsts) if is_mendable else None
        if from_day is not None:
            return Judgement("not_yet", answers, firsts, from_day, None)
        verdict = "near_miss" if answers.count(False) == 1 else "not_eligible"
        return Judgement(verdict, answers, firsts, None, None)

    def _first_days(self, facts: Facts, answers: tuple[bool | None, ...]) -> tuple[date | None, ...]:
        """For each failing condition the first day at which time alone mends it; None where it never does."""
        found: list[date | None] = []
        for answer, first in zip(answers, self._first, strict=True):
            day = first(facts, None) if first is not None and answer is False else None
            found.append(None if day == FAR else day)
        return tuple(found)

    def _from_day(self, facts: Facts, firsts: tuple[date | None, ...]) -> date | None:
        """The day on which all conditions hold together; None where there is none within the term."""
        day = max(first for first in firsts if first is not None)
        last = self.program.last_day
        if last is not None and day > last:
            return None
        then = {**facts, FROM_KEY: day}
        return day if all(later(then, None) is True for later in self._later if later is not None) else None


@lru_cache(maxsize=512)
def judge_for(program: Program) -> Judge:
    """The judge of a program, made once."""
    return Judge(program)
