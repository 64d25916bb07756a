"""检索 - what somebody finds: every hit passes through its source's own rule in the same query, and so does every count.

`find_records` takes what was typed; Chinese is found by any two neighbouring characters, names also by pinyin (rensheju,
rsj, renshj), codes and words by their beginning. Exact titles come first, then beginnings, then titles, then texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from chuangju.kernel.duties import Duty
from chuangju.kernel.full_text import Phrase, TokensMatch
from chuangju.kernel.models import SearchEntry
from chuangju.kernel.search_index import (
    Audience,
    ListedItem,
    SearchList,
    SearchSource,
    Seeker,
    find_index_faults,
    index_records,
    index_what_changed,
    rebuild_index,
    reconcile_index,
    register_search_list,
    register_search_source,
    search_lists,
    search_sources,
)
from chuangju.kernel.search_tokens import (
    MAX_QUERY,
    Run,
    char_token,
    chinese_tokens,
    key_of,
    readings_of,
    runs_of,
    word_token,
)

__all__ = [
    "Found",
    "Hit",
    "ListedItem",
    "SearchList",
    "SearchSource",
    "find_index_faults",
    "find_near",
    "find_records",
    "index_records",
    "index_what_changed",
    "keys_found",
    "label_of",
    "rebuild_index",
    "reconcile_index",
    "register_search_list",
    "register_search_source",
]

RECONCILING = Duty(
    "kernel.search_index",
    gettext_lazy("核对检索索引"),
    every="day",
    run=lambda _period: reconcile_index(),
    catches_up=False,
    is_atomic=False,
    is_repeatable=True,
)
_NEAR_CANDIDATES = 400
_NEAR_ENOUGH = 0.5
_EXACT, _BEGINS, _NAME_BEGINS, _IN_TITLE, _IN_TEXT = range(5)


@dataclass(frozen=True)
class Hit:
    """One thing found, as its source shows it in the reader's language."""

    source: str
    label: str | Promise
    title: str
    address: str
    text: str = ""
    moment: datetime | None = None


@dataclass(frozen=True)
class Found:
    """A page of hits, and how many there are of each source; every count holds only what the seeker may see."""

    hits: list[Hit] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Hits of all sources together."""
        return sum(self.counts.values())


def find_records(
    text: str,
    user: Seeker,
    *,
    limit: int,
    source: str | None = None,
    side: Audience = "any",
    offset: int = 0,
    has_counts: bool = True,
) -> Found:
    """What this person finds, best first: at most `limit` hits after `offset`, of one source where it is given.

    `side` keeps to the sources of the staff or of the public side. Items of short lists come first. Takes three
    queries, and two for each source on the page.
    """
    runs = runs_of(text[:MAX_QUERY])
    if not runs:
        return Found()
    listed = [hit for hit in _listed_hits(runs, user, side) if source in {None, hit.source}]
    counts = Counter(hit.source for hit in _listed_hits(runs, user, side)) if has_counts else Counter()
    hits = listed[offset : offset + limit]
    sources = _holding(runs, side)
    if sources:
        visible = SearchEntry.objects.filter(_fits(runs)).filter(_may_see(sources, user))
        if has_counts:
            counts.update(dict(visible.order_by().values_list("source").annotate(count=Count("pk"))))
        wanted = visible.filter(source=source) if source else visible
        start = max(0, offset - len(listed))
        page = list(_ranked(wanted, text, runs)[start : start + limit - len(hits)])
        hits += _hits(page, user)
    return Found(hits, dict(counts))


def keys_found(text: str, source: str) -> QuerySet[Any, Any]:
    """The keys of one source's records that fit what was typed, for narrowing a list of visible records with `pk__in`."""
    runs, field_name = runs_of(text[:MAX_QUERY]), search_sources.get(source).field
    entries = SearchEntry.objects.filter(source=source)
    found: QuerySet[Any, Any] = (entries.filter(_fits(runs)) if runs else entries.none()).values(field_name)
    return found


def find_near(text: str, user: Seeker, *, limit: int, side: Audience = "any") -> list[Hit]:
    """Records whose titles share at least half of the pairs typed, best first: for when nothing fits."""
    pairs = {token for run in runs_of(text[:MAX_QUERY]) if run.is_chinese for token in chinese_tokens(run.text)[:-1]}
    sources = _sources_for(side)
    if not pairs or not sources:
        return []
    some = reduce(or_, (Q(TokensMatch(Phrase((pair,)))) for pair in sorted(pairs)))
    entries = SearchEntry.objects.filter(some).filter(_may_see(sources, user)).order_by("-pk")[:_NEAR_CANDIDATES]
    shares = [(len(pairs.intersection(entry.tokens.split())) / len(pairs), entry) for entry in entries]
    near = sorted((one for one in shares if one[0] >= _NEAR_ENOUGH), key=lambda one: (-one[0], one[1].pk))
    return _hits([entry for _share, entry in near[:limit]], user)


def label_of(source: str) -> str | Promise:
    """What the records of a source or list are called together; its key where its package is gone."""
    known = search_sources.find(source) or search_lists.find(source)
    return known.label if known else source


def _listed_hits(runs: Sequence[Run], user: Seeker, side: Audience) -> list[Hit]:
    """The items of short lists that hold every run, by title before by text."""
    found = []
    for listed in search_lists.values():
        if side != "any" and listed.audience not in {side, "any"}:
            continue
        for item in listed.items(user):
            titled, full = key_of(item.title), key_of(f"{item.title} {item.text}")
            if all(run.text in full for run in runs):
                is_titled = all(run.text in titled for run in runs)
                found.append((not is_titled, Hit(listed.key, listed.label, item.title, item.address, item.text)))
    return [hit for _in_text, hit in sorted(found, key=lambda one: one[0])]


def _sources_for(side: Audience) -> list[SearchSource]:
    return [one for one in search_sources.values() if side == "any" or one.audience in {side, "any"}]


def _holding(runs: Sequence[Run], side: Audience) -> list[SearchSource]:
    """The sources that hold anything that fits, whoever may see it: the rules of the others need not be asked."""
    holding = set(SearchEntry.objects.filter(_fits(runs)).order_by().values_list("source", flat=True).distinct())
    return [source for source in _sources_for(side) if source.key in holding]


def _may_see(sources: Iterable[SearchSource], user: Seeker) -> Q:
    """The seeker's own rule of each source, asked of each candidate by its key."""
    allowed: Q = Q(pk__in=[])
    for source in sources:
        own = source.visible_to(user).order_by().filter(pk=OuterRef(source.field))
        # Not by the index of sources: SQLite would ask the rule of every entry of a source instead of those that fit.
        allowed |= Q(Exists(own)) & Q(Exact(Coalesce("source", Value("")), Value(source.key)))
    return allowed


def _fits(runs: Sequence[Run]) -> Q:
    """Every run is found: Chinese ones in sequence, words whole, the last of them perhaps only begun; names by pinyin."""
    plain, others = [], Q()
    for run in runs:
        phrase, readings = _phrase_of(run, is_last=run is runs[-1]), readings_of(run.text)
        if not readings:
            plain.append(phrase)
            continue
        fits = Q(TokensMatch(phrase))
        for reading in readings:
            named = Phrase((f"i{reading.initials}",), is_begun=True)
            fits |= Q(TokensMatch(named)) & Q(pinyin__regex=f"[| ]{reading.pattern}")
        others &= fits
    # In one question where possible: the index is quicker at cutting lists than the tables around it.
    return Q(TokensMatch(*plain)) & others if plain else others


def _phrase_of(run: Run, *, is_last: bool) -> Phrase:
    if not run.is_chinese:
        return Phrase((word_token(run.text),), is_begun=is_last)
    if len(run.text) == 1:
        return Phrase((char_token(run.text),), is_begun=True)
    return Phrase(tuple(chinese_tokens(run.text)[:-1]))


def _ranked(entries: QuerySet[SearchEntry], text: str, runs: Sequence[Run]) -> QuerySet[SearchEntry]:
    """Best first: the title itself, its beginning, a name's beginning in pinyin, in a title, in a text; then newer first."""
    key = key_of(text[:MAX_QUERY])
    in_title = reduce(and_, (Q(keys__contains=run.text) for run in runs))
    cases = [
        When(keys__contains=f"|{key}|", then=Value(_EXACT)),
        When(keys__contains=f"|{key}", then=Value(_BEGINS)),
        When(in_title, then=Value(_IN_TITLE)),
    ]
    readings = readings_of(runs[0].text) if len(runs) == 1 else []
    cases += [When(pinyin__regex=f"[|]{reading.pattern}", then=Value(_NAME_BEGINS)) for reading in readings]
    rank = Case(*cases, default=Value(_IN_TEXT), output_field=IntegerField())
    return entries.annotate(rank=rank).order_by("rank", F("moment").desc(nulls_last=True), "pk")


def _hits(entries: Sequence[SearchEntry], user: Seeker) -> list[Hit]:
    """The records behind entries in their order, fetched again through their sources' own rule."""
    by_source: dict[str, list[SearchEntry]] = {}
    for entry in entries:
        by_source.setdefault(entry.source, []).append(entry)
    records: dict[int, Hit] = {}
    for key, own in by_source.items():
        source = search_sources.get(key)
        wanted = {getattr(entry, source.field): entry.pk for entry in own}
        found = source.visible_to(user).filter(pk__in=wanted)
        needed = source.all_records().filter(pk__in=found.order_by().values("pk"))
        records |= {wanted[record.pk]: _hit(source, record) for record in needed}
    return [records[entry.pk] for entry in entries if entry.pk in records]


def _hit(source: SearchSource, record: Any) -> Hit:
    return Hit(
        source=source.key,
        label=source.label,
        title=source.title(record),
        address=source.address(record),
        text=source.text(record) if source.text else "",
        moment=source.moment(record) if source.moment else None,
    )
