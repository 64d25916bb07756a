"""补正差异 - what an applicant changed between two snapshots: facts, papers, and what they said to each item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chuangju.applications.evaluation import facts_in
from chuangju.applications.models import Correction, CorrectionItem, FrozenFacts
from chuangju.applications.questions import value_text
from chuangju.kernel.models import Attachment
from chuangju.policies.check_reading import say
from chuangju.ventures.registers import dictionary


@dataclass(frozen=True)
class ChangedFact:
    """A fact that is different now: what it was and what it is, as rules take them (None: not known)."""

    key: str
    before: Any
    after: Any

    @property
    def name(self) -> str:
        """What the fact is called."""
        return say(dictionary().facts[self.key].name)

    @property
    def was(self) -> str:
        """What it was, in words; empty where it was not known."""
        return "" if self.before is None else value_text(self.before, dictionary().facts[self.key])

    @property
    def is_now(self) -> str:
        """What it is now, in words; empty where it is not known any more."""
        return "" if self.after is None else value_text(self.after, dictionary().facts[self.key])


@dataclass(frozen=True)
class GivenPaper:
    """A paper that was asked for, with the files that came since."""

    name: str
    name_en: str
    files: tuple[Attachment, ...]


@dataclass(frozen=True)
class CorrectionDiff:
    """Everything that came back with an answer."""

    items: tuple[CorrectionItem, ...]
    facts: tuple[ChangedFact, ...]
    papers: tuple[GivenPaper, ...]

    @property
    def count(self) -> int:
        """How many differences there are."""
        return len(self.facts) + len(self.papers)


def diff_of(correction: Correction) -> CorrectionDiff:
    """What changed by the answer to a request; for one that is still open, what came so far."""
    items = tuple(correction.items.select_related("document").prefetch_related("document__attachments"))
    return CorrectionDiff(
        items=items,
        facts=changed_facts(correction.before, correction.after),
        papers=tuple(_papers(items, since=correction.asked_at, until=correction.answered_at)),
    )


def changed_facts(before: FrozenFacts | None, after: FrozenFacts | None) -> tuple[ChangedFact, ...]:
    """The facts that differ between two snapshots; none where one of them is missing."""
    if before is None or after is None:
        return ()
    return differences(facts_in(before), facts_in(after))


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[ChangedFact, ...]:
    """The keys whose values differ, in the order in which they stand."""
    keys = [key for key in dict.fromkeys([*old, *new]) if key in dictionary().facts]
    return tuple(ChangedFact(key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key))


def _papers(items: tuple[CorrectionItem, ...], *, since: datetime, until: datetime | None) -> list[GivenPaper]:
    found = []
    for item in items:
        if item.document is None:
            continue
        files = tuple(
            one
            for one in item.document.attachments.all()
            if one.uploaded_at >= since and (until is None or one.uploaded_at <= until)
        )
        if files:
            found.append(GivenPaper(item.document.name, item.document.name_en, files))
    return found
