"""Which row of one table is which row of another: titles first, then numbers, then likeness; one to one and stable."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

# Likeness is the Dice coefficient of character pairs, between 0 and 1.
ALIKE = 0.6
# What the same printed number adds to it.
SAME_NUMBER = 0.05
# What the same place in a row adds to the likeness of two measures: rewriting one in place is common.
SAME_PLACE = 0.3
# A title that was cut short or drawn out is nearly the same, where the common part is long enough to tell.
CONTAINED, TELLING = 0.9, 5
# How much of a row's likeness comes from its title; the rest comes from its measures. Titles of one table resemble
# each other (创业培训工作的开展, 创业见习工作的开展), so a title alone would pair strangers.
TITLE_SHARE = 0.75
# Below this likeness of titles no measures can make two rows alike, so they are not looked at.
HOPELESS = 0.4
# A row is compared with about so many others: those that share its rarest character pairs.
CANDIDATES = 40

Pair = tuple[int, int]
Pairs = list[tuple[int | None, int | None]]


def normalise(text: str) -> str:
    """The text without what print varies: width, spaces, quotation marks and the closing punctuation."""
    folded = unicodedata.normalize("NFKC", text)
    kept = (character for character in folded if not character.isspace() and character not in "\"'“”‘’「」")
    return "".join(kept).rstrip("。.;；,，、")


def _pairs_of(text: str) -> frozenset[str]:
    """The character pairs of a text, a repeated one with its count; a single character stands for itself."""
    seen: Counter[str] = Counter()
    found = set()
    for index in range(max(1, len(text) - 1)) if text else ():
        pair = text[index : index + 2]
        found.add(f"{pair}{seen[pair]}" if seen[pair] else pair)
        seen[pair] += 1
    return frozenset(found)


def _dice(left: frozenset[str], right: frozenset[str]) -> float:
    total = len(left) + len(right)
    return 2 * len(left & right) / total if total else 1.0


def likeness(old: str, new: str) -> float:
    """How alike two texts are, from 0 (nothing in common) to 1 (the same but for spaces and marks)."""
    return _dice(_pairs_of(normalise(old)), _pairs_of(normalise(new)))


@dataclass(frozen=True)
class Wording:
    """What matching looks at: a title, the body below it, and the printed number."""

    title: str
    body: str = ""
    number: int = 0

    @cached_property
    def title_key(self) -> str:
        """The title in its normal form."""
        return normalise(self.title)

    @cached_property
    def body_key(self) -> str:
        """The body in its normal form."""
        return normalise(self.body)

    @cached_property
    def title_pairs(self) -> frozenset[str]:
        """The title's character pairs."""
        return _pairs_of(self.title_key)

    @cached_property
    def body_pairs(self) -> frozenset[str]:
        """The body's character pairs."""
        return _pairs_of(self.body_key)

    def likeness(self, other: Wording) -> float:
        """How alike two rows are: mostly by title, and by measures where both have some."""
        titles = _dice(self.title_pairs, other.title_pairs)
        short, long = sorted((self.title_key, other.title_key), key=len)
        if len(short) >= TELLING and short in long:
            titles = max(titles, CONTAINED)
        if not self.body_key or not other.body_key:
            return titles
        if titles < HOPELESS:
            return TITLE_SHARE * titles
        return TITLE_SHARE * titles + (1 - TITLE_SHARE) * _dice(self.body_pairs, other.body_pairs)


class _Matching:
    """Pairs found so far between two sequences; each item is paired once."""

    def __init__(self, old: Sequence[Wording], new: Sequence[Wording]) -> None:
        self.old, self.new = old, new
        self.to_old: dict[int, int] = {}
        self.to_new: dict[int, int] = {}

    def join(self, old: int, new: int) -> None:
        """Pair two items, unless one of them is taken."""
        if old not in self.to_new and new not in self.to_old:
            self.to_new[old], self.to_old[new] = new, old

    def left(self) -> tuple[list[int], list[int]]:
        """The items of both sides without a partner, in order."""
        return (
            [index for index in range(len(self.old)) if index not in self.to_new],
            [index for index in range(len(self.new)) if index not in self.to_old],
        )

    def join_by(self, key: Callable[[Wording], Hashable], *, only_single: bool = False) -> None:
        """Pair what has the same key, in order; with `only_single`, only where the key is unique on both sides."""
        old_left, new_left = self.left()
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for index in old_left:
            waiting[key(self.old[index])].append(index)
        arriving: dict[Hashable, list[int]] = defaultdict(list)
        for index in new_left:
            arriving[key(self.new[index])].append(index)
        for value, news in arriving.items():
            olds = waiting.get(value, [])
            if not value or (only_single and (len(olds) != 1 or len(news) != 1)):
                continue
            for old, new in zip(olds, news, strict=False):
                self.join(old, new)

    def join_alike(self, *, least: float, same_number: float = 0.0) -> None:
        """Pair what is most alike first; ties go to the nearest places, so both directions give the same pairs."""
        scored = []
        for old, new in _candidates(self.old, self.new, *self.left()):
            score = self.old[old].likeness(self.new[new])
            if self.old[old].number == self.new[new].number:
                score += same_number
            if score >= least:
                scored.append((-score, abs(old - new), old + new, old, new))
        for *_, old, new in sorted(scored):
            self.join(old, new)

    def pairs(self) -> Pairs:
        """All pairs in the new order; what was removed follows what it followed before."""
        result: Pairs = []
        removed_after: dict[int, list[int]] = defaultdict(list)
        anchor = -1
        for index in range(len(self.old)):
            if index in self.to_new:
                anchor = self.to_new[index]
            else:
                removed_after[anchor].append(index)
        result.extend((index, None) for index in removed_after[-1])
        for new in range(len(self.new)):
            result.append((self.to_old.get(new), new))
            result.extend((index, None) for index in removed_after[new])
        return result


def _candidates(
    old: Sequence[Wording], new: Sequence[Wording], old_left: Sequence[int], new_left: Sequence[int]
) -> set[Pair]:
    """Pairs worth comparing: the same number, and each item with those that share its rarest character pairs."""
    numbered: dict[int, list[int]] = defaultdict(list)
    for item in new_left:
        numbered[new[item].number].append(item)
    found = {(item, other) for item in old_left for other in numbered.get(old[item].number, ())}
    found |= {(mine, other) for mine, other in _neighbours(old, new, old_left, new_left)}
    found |= {(other, mine) for mine, other in _neighbours(new, old, new_left, old_left)}
    return found


def _neighbours(
    mine: Sequence[Wording], others: Sequence[Wording], mine_left: Sequence[int], others_left: Sequence[int]
) -> Iterable[Pair]:
    index: dict[str, list[int]] = defaultdict(list)
    for other in others_left:
        for pair in others[other].title_pairs:
            index[pair].append(other)
    for item in mine_left:
        near: dict[int, None] = {}
        for pair in sorted(mine[item].title_pairs, key=lambda pair: (len(index.get(pair, ())), pair)):
            # Of a pair common to the whole table only the nearest places count, or every row would be a neighbour.
            places = index.get(pair, [])
            middle = bisect_left(places, item)
            near.update(dict.fromkeys(places[max(0, middle - CANDIDATES) : middle + CANDIDATES]))
            if len(near) >= CANDIDATES:
                break
        for other in near:
            yield item, other


def match_wordings(old: Sequence[Wording], new: Sequence[Wording]) -> Pairs:
    """Pair the rows of two tables by index: same title, then same measures, then most alike; the number helps."""
    matching = _Matching(old, new)
    matching.join_by(lambda row: (row.title_key, row.number) if row.title_key else None)
    matching.join_by(lambda row: row.title_key)
    matching.join_by(lambda row: row.body_key, only_single=True)
    matching.join_alike(least=ALIKE, same_number=SAME_NUMBER)
    return matching.pairs()


def match_texts(old: Sequence[str], new: Sequence[str]) -> Pairs:
    """Pair the measures of one row by index: same text, then most alike, then somewhat alike at the same place."""
    matching = _Matching(
        [Wording(text, number=place) for place, text in enumerate(old, 1)],
        [Wording(text, number=place) for place, text in enumerate(new, 1)],
    )
    matching.join_by(lambda measure: measure.title_key)
    matching.join_alike(least=ALIKE)
    matching.join_alike(least=ALIKE, same_number=SAME_PLACE)
    return matching.pairs()
