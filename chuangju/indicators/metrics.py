"""指标 - what can be counted, registered by the packages whose records it counts, and the evidence behind every figure.

A computed metric is never typed in: its value comes from `compute`, and `evidence` lists the records it stands on, each
with an address to open. This package counts the whole world and imports none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, TypeVar, overload

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet, Sum, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models import User
from chuangju.kernel.registry import Registry
from chuangju.ui.tallies import word_question
from chuangju.units.access import is_staff_member
from chuangju.units.models import Unit

Words = str | Promise
Value = Decimal | int | None
ALL_TASKS: Literal["all"] = "all"


class MetricKind(TextChoices):
    """指标类型: where a figure comes from."""

    COMPUTED = "computed", _("系统计算")
    SURVEY = "survey", _("抽样调查")
    EXTERNAL = "external", _("外部提供")


Record = TypeVar("Record", bound=Model)
Kept = TypeVar("Kept")


class Asked:
    """What several figures ask: gathered in one round, asked in one query, answered in the same order in a second round."""

    def __init__(self) -> None:
        self._questions: list[tuple[QuerySet[Any], str]] = []
        self._answers: list[int] | None = None
        self._next = 0

    def answer(self, records: QuerySet[Any], amount: str) -> int:
        """Zero while questions are gathered, then the answer to the same question."""
        if self._answers is None:
            self._questions.append((records, amount))
            return 0
        place, self._next = self._next, self._next + 1
        asked, field_asked = self._questions[place]
        if asked.model is not records.model or field_asked != amount:
            raise RuntimeError(f"figures asked something else in the second round: {records.model} {amount}")
        return self._answers[place]

    def ask(self) -> None:
        """Put the questions gathered, in one query."""
        named = {str(place): records for place, (records, _amount) in enumerate(self._questions)}
        totals = {str(place): amount for place, (_records, amount) in enumerate(self._questions) if amount}
        found = word_question(named, totals).ask()
        self._answers = [found[str(place)] for place in range(len(self._questions))]


@dataclass(frozen=True)
class MetricScope:
    """What a figure is asked for: as of a day, and where given for one unit or one task."""

    on: date
    unit: Unit | None = None
    task_code: str | None = None
    asked: Asked | None = field(default=None, compare=False, repr=False)
    _kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def count(self, records: QuerySet[Any]) -> int:
        """How many records there are; together with what other figures ask where several are read at once."""
        return records.count() if self.asked is None else self.asked.answer(records, "")

    def total(self, records: QuerySet[Any], amount: str) -> int:
        """The sum of a field over records, likewise; nothing for no records."""
        if self.asked is None:
            return records.aggregate(total=Sum(amount))["total"] or 0
        return self.asked.answer(records, amount)

    def once(self, key: str, read: Callable[[], Kept]) -> Kept:
        """What several figures stand on, read once for this scope."""
        if key not in self._kept:
            self._kept[key] = read()
        kept: Kept = self._kept[key]
        return kept

    def narrow(self, records: QuerySet[Record], *, task: str) -> QuerySet[Record]:
        """Of records that name their unit, those of the unit and the task; `task` is the way from a record to its task."""
        if self.unit is not None:
            records = records.filter(unit=self.unit)
        if self.task_code is not None:
            records = records.filter(**{f"{task}__code": self.task_code})
        return records


def percentage(part: int, *, of: int) -> Decimal | None:
    """The share in percent with one decimal; of nothing there is no share, which is not zero."""
    return (Decimal(part) * 100 / of).quantize(Decimal("0.1")) if of else None


@dataclass(frozen=True)
class Evidence:
    """One record behind a figure: what it is, its day, where it can be opened, and who holds it."""

    label: str
    day: date | None
    address: str
    holder: str = ""


class EvidenceRecords(Sequence[Evidence]):
    """Evidence read from the database page by page: counting and slicing cost one query each, whatever the size."""

    def __init__(self, records: QuerySet[Any], as_evidence: Callable[[Any], Evidence]) -> None:
        self._records = records if records.ordered else records.order_by("pk")
        self._as_evidence = as_evidence

    @cached_property
    def _count(self) -> int:
        return self._records.count()

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Evidence: ...

    @overload
    def __getitem__(self, index: slice) -> list[Evidence]: ...

    def __getitem__(self, index: int | slice) -> Evidence | list[Evidence]:
        if isinstance(index, slice):
            return [self._as_evidence(record) for record in self._records[index]]
        position = index if index >= 0 else len(self) + index
        if not 0 <= position < len(self):
            raise IndexError(index)
        return self._as_evidence(self._records[position])

    def __iter__(self) -> Iterator[Evidence]:
        return map(self._as_evidence, self._records.iterator(chunk_size=500))


@dataclass(frozen=True)
class Metric:
    """An indicator: what it means, how its value is worked out, and which records prove it."""

    key: str
    label: Words
    definition: Words
    unit: Words
    compute: Callable[[MetricScope], Value]
    evidence: Callable[[MetricScope], Sequence[Evidence]]
    is_public: bool = False
    kind: MetricKind = MetricKind.COMPUTED
    task_codes: tuple[str, ...] | Literal["all"] = ()
    # The rule of calculation in words a reader can check by hand.
    formula: Words = ""
    # The office or unit that answers for the figure.
    owner: Words = ""
    # Whether the figure can be asked for a single unit.
    by_unit: bool = False
    order: int = 100

    def serves(self, task_code: str) -> bool:
        """Whether the metric counts for this task."""
        return self.task_codes == ALL_TASKS or task_code in self.task_codes


@dataclass(frozen=True)
class Reading:
    """A metric's value in one scope; the evidence is fetched only when somebody opens it."""

    metric: Metric
    scope: MetricScope
    value: Value

    @property
    def on(self) -> date:
        """The day the value is of."""
        return self.scope.on

    @cached_property
    def evidence(self) -> Sequence[Evidence]:
        """The records behind the value."""
        return self.metric.evidence(self.scope)


_METRICS: Registry[str, Metric] = Registry("indicators.metrics")
_TASK_NAMES: Registry[str, Callable[[], list[tuple[str, str]]]] = Registry("indicators.task_names")


def register_metric(metric: Metric) -> None:
    """Offer a metric to every page that shows figures; once a key."""
    _METRICS.register(metric.key, metric)


def register_task_names(names: Callable[[], list[tuple[str, str]]]) -> None:
    """Let the package that keeps the tasks say what they are: (code, name in the reader's language), in printed order."""
    _TASK_NAMES.register("tasks", names)


def tasks_served_by(metric: Metric) -> list[tuple[str, str]]:
    """The tasks for which the metric can be asked one by one, as (code, name)."""
    names = _TASK_NAMES.find("tasks")
    if names is None or not metric.task_codes:
        return []
    return [(code, name) for code, name in names() if metric.serves(code)]


def metric_of(key: str) -> Metric | None:
    """The metric with this key, or None."""
    return _METRICS.find(key)


def all_metrics() -> list[Metric]:
    """Every metric in its order."""
    return sorted(_METRICS.values(), key=lambda metric: (metric.order, metric.key))


def metrics_visible_to(user: User | AnonymousUser | None, *, on: date) -> list[Metric]:
    """Staff see every metric, strangers those meant for the public; in their order."""
    if isinstance(user, User) and is_staff_member(user, on):
        return all_metrics()
    return [metric for metric in all_metrics() if metric.is_public]


def reading_of(metric: Metric, scope: MetricScope) -> Reading:
    """The metric's value in this scope, worked out now."""
    return Reading(metric, scope, metric.compute(scope))


def readings_of(metrics: Sequence[Metric], scope: MetricScope) -> list[Reading]:
    """The values of several metrics in this scope; what they count and add up costs one query together."""
    together = replace(scope, asked=Asked())
    for metric in metrics:
        metric.compute(together)
    if together.asked is not None:
        together.asked.ask()
    return [Reading(metric, scope, metric.compute(together)) for metric in metrics]


def readings_for_task(task_code: str, *, on: date) -> list[Reading]:
    """What is counted for one row of the table, as of a day."""
    scope = MetricScope(on=on, task_code=task_code)
    return readings_of([metric for metric in all_metrics() if metric.serves(task_code)], scope)
