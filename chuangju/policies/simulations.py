"""政策测算 - other figures or another condition tried over a register; what is worth keeping is saved with its result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event
from chuangju.kernel.languages import reads_english
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.policies.current import current_catalogue
from chuangju.policies.match_access import can_start_runs
from chuangju.policies.models import Simulation
from chuangju.policies.policy_text import scalars_of, set_value
from chuangju.rules.bounds import BoundsCheck
from chuangju.rules.kinds import KIND_NAMES, NUMBERS, Fault, Kind, Value
from chuangju.rules.parameters import Parameter
from chuangju.rules.policy import Policy
from chuangju.rules.policy_file import parse_policy
from chuangju.rules.policy_values import read_figure
from chuangju.rules.yaml_nodes import Faults, Place, PolicyFaults, Scalar
from chuangju.ventures.models import RegisterSnapshot
from chuangju.ventures.register_files import snapshot_path

# So many enterprises are computed while somebody waits for the page; larger registers are a job (`simulation_work`).
MOST_ROWS = 300_000
MOST_STEPS = 40
Tell = Callable[[int, int], None]


class SimulationRefused(Refused):
    """The change cannot be tried, or the simulation not be saved; `field` names what to mend."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Sweep:
    """One figure from one value to another in equal steps, as typed."""

    name: str
    first: str
    last: str
    step: str


@dataclass(frozen=True)
class Question:
    """What is to be tried: the policy, over which register, on which day, with which changes."""

    policy_key: str
    on: date
    parameters: Mapping[str, str] = field(default_factory=dict)
    conditions: Mapping[str, str] = field(default_factory=dict)
    sweep: Sweep | None = None
    # As if the version went on after its last day, so that the coming quarters say something.
    goes_on: bool = True

    def as_json(self) -> dict[str, Any]:
        """For keeping."""
        swept = None
        if self.sweep is not None:
            swept = {
                "name": self.sweep.name,
                "first": self.sweep.first,
                "last": self.sweep.last,
                "step": self.sweep.step,
            }
        return {
            "parameters": dict(self.parameters),
            "conditions": dict(self.conditions),
            "sweep": swept,
            "goes_on": self.goes_on,
        }


def policy_named(key: str) -> Policy:
    """The version of this name; raises SimulationRefused where it is no more in the catalogue."""
    found = next((one for one in current_catalogue().policies if one.key == key), None)
    if found is None:
        raise SimulationRefused(_("目录里没有这个政策版本：%(keys)s") % {"keys": key[:80]}, field="policy")
    return found


def changed_policy(policy: Policy, question: Question) -> Policy:
    """The policy with the changes of the question; raises SimulationRefused naming the field."""
    new = policy
    if question.conditions:
        new = _with_conditions(policy, question.conditions)
    figures = dict(new.parameters)
    for name, text in question.parameters.items():
        parameter = figures.get(name)
        if parameter is None or parameter.is_banded:
            raise SimulationRefused(_("参数 %(name)s 不能在这里改") % {"name": name[:40]}, field=f"p:{name}")
        figures[name] = parameter.with_value(figure_of(parameter, text))
    return _computable(replace(new, parameters=figures), field=f"p:{next(iter(question.parameters), '')}")


def _computable(policy: Policy, *, field: str) -> Policy:
    """The same policy; refused where figures as large or as small as these cannot be computed with."""
    check = BoundsCheck(lambda name: policy.parameters.get(name) or policy.shared.parameters.get(name))
    try:
        for tree in [*(one.when for one in policy.conditions), *([policy.amount] if policy.amount else [])]:
            check.check(tree)
    except Fault as fault:
        raise SimulationRefused(fault.words.en if reads_english() else fault.words.zh, field=field) from fault
    return policy


def figure_of(parameter: Parameter, text: str) -> Value:
    """The value that was typed for a parameter; raises SimulationRefused."""
    faults = Faults("")
    read = read_figure(Scalar(text.strip(), Place(1, 1), text.strip()), faults)
    if faults.found or read is None:
        words = faults.found[0].words if faults.found else None
        told = (words.en if reads_english() else words.zh) if words else _("请填写数值")
        raise SimulationRefused(told, field=f"p:{parameter.name}")
    kind, value = read
    if kind is not parameter.kind:
        wanted = KIND_NAMES[parameter.kind][1 if reads_english() else 0]
        sentence = _("“%(text)s”应是%(kind)s，写法与原值一致") % {"text": text[:40], "kind": wanted}
        raise SimulationRefused(sentence, field=f"p:{parameter.name}")
    return value


def _with_conditions(policy: Policy, conditions: Mapping[str, str]) -> Policy:
    text, catalogue = policy.text, current_catalogue()
    scalars = scalars_of(text)
    places = {}
    for path, value in scalars.items():
        section, _dot, rest = path.partition(".")
        number, _dot, key = rest.partition(".")
        if section == "conditions" and key == "id":
            places[value] = number
    for name, expression in conditions.items():
        if name not in places:
            raise SimulationRefused(_("没有这个条件：%(name)s") % {"name": name[:40]}, field=f"c:{name}")
        if not expression.strip():
            raise SimulationRefused(_("条件式不能留空；要取消这个条件，写 true"), field=f"c:{name}")
        text = set_value(text, ("conditions", places[name], "when"), expression)
        try:
            parse_policy(text, dictionary=catalogue.dictionary, shared=catalogue.shared)
        except PolicyFaults as problem:
            words = problem.faults[0].words
            raise SimulationRefused(words.en if reads_english() else words.zh, field=f"c:{name}") from problem
    return replace(
        parse_policy(text, dictionary=catalogue.dictionary, shared=catalogue.shared), effective_to=policy.effective_to
    )


def sweep_values(policy: Policy, swept: Sweep) -> list[Value]:
    """The figures of a sweep; raises SimulationRefused."""
    parameter = policy.parameters.get(swept.name)
    if parameter is None or parameter.is_banded or parameter.kind not in NUMBERS:
        raise SimulationRefused(_("请选一个数值参数来逐档测算"), field="sweep_name")
    first, last, step = (figure_of(parameter, text) for text in (swept.first, swept.last, swept.step))
    if step <= 0 or last < first:
        raise SimulationRefused(_("逐档测算要从小到大，步长大于 0"), field="sweep_name")
    if (last - first) // step >= MOST_STEPS:
        raise SimulationRefused(_("最多 %(count)d 档，请把步长放大") % {"count": MOST_STEPS}, field="sweep_name")
    _computable(
        replace(policy, parameters={**policy.parameters, swept.name: parameter.with_value(last)}), field="sweep_name"
    )
    return list(range(first, last + 1, step))


def is_large(snapshot: RegisterSnapshot) -> bool:
    """Whether a register has more enterprises than are computed while somebody waits."""
    return int(snapshot.counts.get("enterprises", 0)) > MOST_ROWS


def answer_question(question: Question, snapshot: RegisterSnapshot) -> dict[str, Any]:
    """What the changes would bring; raises Refused where they cannot be tried or the register is gone."""
    return _answer(snapshot, *parts_of(question))


@dataclass(frozen=True, eq=False)
class Pair:
    """Both wordings; told apart by what they ask and pay, so that the same question is computed once."""

    old: Policy
    new: Policy

    def key(self) -> tuple[object, ...]:
        """What tells this question from another."""
        figures = tuple((name, one.values) for name, one in self.new.parameters.items())
        return self.old.sha256, self.new.sha256, self.new.effective_to, figures

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pair) and self.key() == other.key()

    def __hash__(self) -> int:
        return hash(self.key())


Parts = tuple[date, Pair, str, tuple[Value, ...]]


def parts_of(question: Question) -> Parts:
    """The day, both wordings, and what is swept with its values; raises SimulationRefused."""
    old = policy_named(question.policy_key)
    new = changed_policy(old, question)
    if question.goes_on:
        old, new = replace(old, effective_to=None), replace(new, effective_to=None)
    values = sweep_values(new, question.sweep) if question.sweep else []
    return question.on, Pair(old, new), question.sweep.name if question.sweep else "", tuple(values)


@lru_cache(maxsize=8)
def _answer(snapshot: RegisterSnapshot, on: date, pair: Pair, swept: str, values: tuple[Value, ...]) -> dict[str, Any]:
    return compute_answer(snapshot, (on, pair, swept, values))


def compute_answer(snapshot: RegisterSnapshot, parts: Parts, tell: Tell | None = None) -> dict[str, Any]:
    """The same, worked out and told how far it is; of the register only what is asked for is in memory. Raises Refused."""
    from chuangju.policies.simulation_engine import columns_asked, simulate, sweep  # noqa: PLC0415 - 60 MB of dataframes
    from chuangju.rules.bulk.decisions import CannotDecide  # noqa: PLC0415 - as above
    from chuangju.rules.bulk.widths import keep_columns  # noqa: PLC0415 - as above

    on, pair, swept, values = parts
    register = snapshot_path(snapshot)
    frame = keep_columns(register, columns_asked(register, [pair.old, pair.new], on))
    try:
        found = simulate(frame, pair.old, pair.new, on, tell)
        if values:
            found["sweep"] = {"name": swept, "kind": pair.new.parameters[swept].kind.value}
            found["sweep"]["values"] = sweep(frame, pair.new, swept, values, on)
    except CannotDecide as problem:
        raise SimulationRefused(str(problem)) from problem
    found["rows"] = frame.height
    found["is_money"] = pair.new.amount is not None and pair.new.amount.kind is Kind.MONEY
    found["confidence"] = pair.old.confidence
    return found


@transaction.atomic
def save_simulation(
    question: Question,
    snapshot: RegisterSnapshot,
    *,
    title: str,
    budget: int | None,
    by: User,
    at: datetime,
    result: dict[str, Any] | None = None,
) -> Simulation:
    """Compute and keep, or keep what a job has worked out; raises Refused."""
    if not can_start_runs(by, on=timezone.localdate(at)):
        raise SimulationRefused(_("只有政策主管和创建办可以保存测算"))
    if not title.strip():
        raise SimulationRefused(_("请给这次测算起个名称，以后好找"), field="title")
    found = Simulation.objects.create(
        title=title.strip()[:120],
        policy_key=question.policy_key,
        snapshot=snapshot,
        on=question.on,
        changes=question.as_json(),
        budget=budget,
        result=result or answer_question(question, snapshot),
        saved_by=by,
        saved_at=at,
    )
    after = {"policy_key": found.policy_key, "on": found.on, "changes": found.changes}
    record_event("policies.simulation_saved", found, by=by, at=at, after=after)
    return found


@transaction.atomic
def remove_simulation(simulation: Simulation, *, by: User, at: datetime) -> None:
    """Drop a simulation that one saved oneself; raises SimulationRefused."""
    if simulation.saved_by_id != by.pk:
        raise SimulationRefused(_("只能删除自己保存的测算"))
    take_locks(f"policies.simulation:{simulation.pk}")
    if not Simulation.objects.filter(pk=simulation.pk).exists():
        raise SimulationRefused(_("这次测算已经删除"))
    record_event("policies.simulation_removed", simulation, by=by, at=at, before={"title": simulation.title})
    simulation.delete()
