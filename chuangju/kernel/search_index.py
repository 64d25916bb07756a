"""检索索引: which records can be found, kept current with them in the same transaction.

A package registers a source for each kind of record; `audit.record_event` has its subject indexed, imports call
`index_records`, and a daily duty makes good what neither told of. Sources whose records change with every click say what
changed lately instead (`changed_since`): their changes cost nothing, and a worker indexes them within the minute. The
index only finds: whether somebody may see what was found is asked of the source's own `visible_to`, in the same query
(`search`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from chuangju.kernel.full_text import find_full_text_faults, mend_index
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import SearchEntry, User
from chuangju.kernel.registry import Registry
from chuangju.kernel.search_tokens import key_of, name_tokens, pinyin_key, text_tokens

Seeker = User | AnonymousUser | None
Audience = Literal["staff", "public", "any"]
_BATCH = 500
_MOST_AT_ONCE = 5_000
# What changed before that, while no worker ran, the daily reconciling finds.
LOOKING_BACK = timedelta(days=2)
_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_MAX_KEYS = 20
# Records that changed, by their model and key.
Noted = dict[tuple[type[models.Model] | None, Any], models.Model]
# Where it is set, changes are noted in it and indexed later (`search_deferral`).
noted: ContextVar[Noted | None] = ContextVar("noted", default=None)
_MAX_KEY = 300


@dataclass(frozen=True)
class SearchSource:
    """How one kind of record is found and shown.

    `visible_to(user)` is asked with every search. What `text` and `names` return can be guessed by whoever may see the
    record at all, so a source for the public holds public words only; a record with a page on either side has two sources.
    """

    key: str
    label: str | Promise
    model: type[models.Model]
    visible_to: Callable[[Any], QuerySet[Any]]
    title: Callable[[Any], str]
    address: Callable[[Any], str]
    # Further words that lead to the record, shown as an excerpt where they are what was found.
    text: Callable[[Any], str] | None = None
    # What else it is called; these and only these are also found by pinyin.
    names: Callable[[Any], Iterable[str]] | None = None
    audience: Audience = "staff"
    # The record's own moment, by which newer ones come first.
    moment: Callable[[Any], datetime | None] | None = None
    # The records to index with what `title` and `text` need of them; every record of the model where not given.
    records: Callable[[], QuerySet[Any]] | None = None
    # Further models whose events change what these records are found by: the records of the source for one of theirs.
    follows: tuple[tuple[type[models.Model], Callable[[Any], QuerySet[Any]]], ...] = ()
    # Further models whose words stand in these entries: the records of the source for many of theirs (`index_records`).
    holds_words_of: tuple[tuple[type[models.Model], Callable[[QuerySet[Any]], QuerySet[Any]]], ...] = ()
    # Indexed by a worker, not with the change: the records changed since a moment, each with `changed` as `moment` has it.
    changed_since: Callable[[datetime], QuerySet[Any]] | None = None

    @property
    def field(self) -> Literal["record_number", "record_uuid"]:
        """The column of the index that holds this model's keys."""
        return "record_uuid" if isinstance(_key_field(self.model), models.UUIDField) else "record_number"

    def all_records(self) -> QuerySet[Any]:
        """Everything that belongs into the index."""
        return self.records() if self.records else self.model._meta.base_manager.all()


@dataclass(frozen=True)
class ListedItem:
    """Something with a page and no row of its own: an indicator, a tool."""

    title: str
    address: str
    text: str = ""


@dataclass(frozen=True)
class SearchList:
    """A short list held in code, read through at each search and shown before what the index finds."""

    key: str
    label: str | Promise
    items: Callable[[Any], Iterable[ListedItem]]
    audience: Audience = "staff"


search_sources: Registry[str, SearchSource] = Registry("search_sources")
search_lists: Registry[str, SearchList] = Registry("search_lists")


def register_search_source(source: SearchSource) -> None:
    """Let records of a kind be found; raises TypeError where their keys are neither numbers nor UUIDs."""
    if not isinstance(_key_field(source.model), models.UUIDField | models.IntegerField):
        raise TypeError(f"search needs a number or a UUID as key: {source.model._meta.label}")
    search_sources.register(source.key, source)


def register_search_list(listed: SearchList) -> None:
    """Let the items of a short list be found; `items(user)` gives what this person may open, in their language."""
    search_lists.register(listed.key, listed)


def note_change(*changed: models.Model | None) -> None:
    """Index anew what an audit event was about, as it stands in the database now; nothing where nobody searches for it."""
    records = {
        (record._meta.concrete_model, record.pk): record for record in changed if record is not None and record.pk
    }
    waiting = noted.get()
    if waiting is None:
        index_noted(records)
    else:
        waiting.update(records)


def index_noted(records: Noted) -> None:
    """Index these records, each once for each of its sources."""
    for source in search_sources.values():
        keys = [pk for (model, pk) in records if model is source.model and source.changed_since is None]
        for part in _parts(keys):
            _index_keys(source, part)
        for model, find in source.follows:
            for record in (one for (kind, _pk), one in records.items() if kind is model):
                _index_keys(source, list(find(record).values_list("pk", flat=True)))


@transaction.atomic
def index_records(records: QuerySet[Any]) -> int:
    """Index many records of one model after a bulk import; returns how many entries were written."""
    keys = list(records.order_by().values_list("pk", flat=True))
    sources = [source for source in search_sources.values() if source.model is records.model]
    written = sum(_index_keys(source, part) for source in sources for part in _parts(keys))
    for source in search_sources.values():
        for model, find in source.holds_words_of:
            if model is records.model:
                own = list(find(records.order_by()).order_by().values_list("pk", flat=True))
                written += sum(_index_keys(source, part) for part in _parts(own))
    return written


def index_what_changed(at: datetime) -> int:
    """Bring up to date what is not indexed with its change; each worker's round. Returns how many entries were written.

    Nothing says that it was done but the entries themselves: a run that is killed leaves the rest to the next one.
    """
    written = 0
    for source in search_sources.values():
        for part in _parts(list(_waiting(source, at).values_list("pk", flat=True)[:_MOST_AT_ONCE])):
            with transaction.atomic():
                written += _index_keys(source, part)
    return written


def _waiting(source: SearchSource, at: datetime) -> QuerySet[Any]:
    """The records that changed lately and whose entry is older or not there."""
    if source.changed_since is None:
        return source.model._meta.base_manager.none()
    current = SearchEntry.objects.filter(
        source=source.key, moment=OuterRef("changed"), **{source.field: OuterRef("pk")}
    )
    return source.changed_since(at - LOOKING_BACK).filter(~Exists(current)).order_by("changed", "pk")


def reconcile_index() -> int:
    """Make the index agree with the records; returns how many entries were added, changed or removed."""
    changed: int = SearchEntry.objects.exclude(source__in=search_sources.keys()).delete()[0]
    for source in search_sources.values():
        for part in _parts(list(source.all_records().order_by().values_list("pk", flat=True))):
            with transaction.atomic():
                changed += _index_keys(source, part)
        changed += _orphans(source).delete()[0]
    return changed


@transaction.atomic
def rebuild_index() -> int:
    """Write the whole index anew; returns how many records can be found."""
    # First, for a broken full-text index cannot even be emptied.
    mend_index()
    SearchEntry.objects.all().delete()
    reconcile_index()
    return SearchEntry.objects.count()


def find_index_faults() -> Iterator[str]:
    """Recompute every entry; one sentence for each source whose entries do not agree with its records."""
    yield from find_full_text_faults()
    for source in search_sources.values():
        wrong = 0
        waiting = _still_waiting(source)
        kept = {
            getattr(entry, source.field): entry
            for entry in SearchEntry.objects.filter(source=source.key).iterator(2000)
        }
        for record in source.all_records().iterator(_BATCH):
            entry = kept.pop(record.pk, None)
            if record.pk not in waiting:
                wrong += entry is None or _said(entry) != _said(_entry_for(source, record))
        if wrong or kept:
            yield _(
                "检索索引与“%(source)s”不符：%(wrong)s 条缺失或过时，%(left)s 条多余；运行 rebuild_index 可重建。"
            ) % {
                "source": source.label,
                "wrong": wrong,
                "left": len(kept),
            }


def _still_waiting(source: SearchSource) -> frozenset[Any]:
    """What the next round indexes, as seen from the latest change: no fault yet."""
    if source.changed_since is None:
        return frozenset()
    latest = source.changed_since(_EVER).aggregate(latest=Max("changed"))["latest"]
    return frozenset(_waiting(source, latest).values_list("pk", flat=True)) if latest else frozenset()


def _index_keys(source: SearchSource, keys: list[Any]) -> int:
    """Bring the entries of these records up to date, in two queries and a write where something changed."""
    if not keys:
        return 0
    # Held before the records are read: whoever changes one meanwhile writes its entry after us.
    own = (
        SearchEntry.objects.select_for_update()
        .filter(source=source.key, **{f"{source.field}__in": keys})
        .order_by("pk")
    )
    kept = {getattr(entry, source.field): entry for entry in own}
    changed = []
    for record in source.all_records().filter(pk__in=keys):
        fresh = _entry_for(source, record)
        entry = kept.pop(record.pk, None)
        if entry is None or _said(entry) != _said(fresh):
            changed.append(fresh)
    if changed:
        SearchEntry.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["source", source.field],
            update_fields=["keys", "pinyin", "tokens", "moment"],
        )
    if kept:
        SearchEntry.objects.filter(pk__in=[entry.pk for entry in kept.values()]).delete()
    return len(changed) + len(kept)


def _entry_for(source: SearchSource, record: models.Model) -> SearchEntry:
    with in_kept_language():
        title = source.title(record)
        names = list(source.names(record)) if source.names else []
        text = source.text(record) if source.text else ""
    keys = list(dict.fromkeys(key_of(name)[:_MAX_KEY] for name in (title, *names)))[:_MAX_KEYS]
    tokens = [token for part in (title, *names, text) for token in text_tokens(part)]
    return SearchEntry(
        source=source.key,
        keys="|" + "|".join(keys) + "|",
        pinyin=pinyin_key(names),
        tokens=" ".join([*tokens, *name_tokens(names)]),
        moment=source.moment(record) if source.moment else None,
        **{source.field: record.pk},
    )


def _said(entry: SearchEntry) -> tuple[object, ...]:
    return (entry.keys, entry.pinyin, entry.tokens, entry.moment)


def _orphans(source: SearchSource) -> QuerySet[SearchEntry]:
    standing = source.all_records().order_by().filter(pk=OuterRef(source.field))
    return SearchEntry.objects.filter(~Exists(standing), source=source.key)


def _parts(keys: list[Any]) -> Iterator[list[Any]]:
    return (keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH))


def _key_field(model: type[models.Model]) -> models.Field[Any, Any]:
    return model._meta.pk
