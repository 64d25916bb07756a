"""A plan as one SQL statement: conditions first, then days, verdicts and bits, each step a query over the one before it."""

from __future__ import annotations

from collections.abc import Mapping

from chuangju.rules.bulk.decisions import ELIGIBLE, UNKNOWN, Plan, PolicyPlan
from chuangju.rules.bulk.dialects import Dialect
from chuangju.rules.bulk.missing import surely
from chuangju.rules.bulk.nodes import Held
from chuangju.rules.bulk.sharing import share
from chuangju.rules.bulk.sql import Sql, written_again
from chuangju.rules.kinds import Kind
from chuangju.rules.program import VERDICTS
from chuangju.rules.transforms import rebuild
from chuangju.rules.tree import FromDay, If, Node


def decide_statement(plan: Plan, dialect: Dialect, source: str) -> str:
    """SQL that decides the rows of `source`: `id`, and for each policy verdict, amount, failed and missing."""
    sql = Sql(dialect)
    query = f"SELECT * FROM {source}"  # noqa: S608 - our own text
    wanted: dict[str, Node] = {}
    for made in (*plan.steps, _rest(plan)):
        wanted |= made
    for step in share(wanted, written_again):
        query = _over(sql, query, {name: sql.text(tree) for name, tree in step.items()})
    answers = {name: text for policy in plan.policies for name, text in _answers(sql, policy).items()}
    return _over(sql, query, {"id": sql.named("id"), **answers}, keep=False)


def _rest(plan: Plan) -> dict[str, Node]:
    """Days, verdicts, amounts and what is missing, by the names of their columns; they speak of one another."""
    found: dict[str, Node] = {}
    for policy in plan.policies:
        code: Node = policy.verdict
        missing: Node = policy.missing
        if policy.time is not None:
            waits, day = policy.columns.waits, _day_of(policy)
            found[day.name] = policy.time.from_day
            code = If(Kind.INT, surely(waits), _with(policy.time.verdict, day), code)
            missing = If(Kind.INT, surely(waits), _with(policy.time.missing, day), missing)
        found[_name(policy, "code")] = code
        found[_name(policy, "lacking")] = missing
        if policy.amount is not None:
            found[_name(policy, "figure")] = policy.amount
            found[_name(policy, "lacking figure")] = policy.amount_missing
    return found


def _over(sql: Sql, query: str, columns: Mapping[str, str], *, keep: bool = True) -> str:
    wanted = [f"{text} AS {sql.named(name)}" for name, text in columns.items()]
    return f"SELECT {', '.join((['*'] if keep else []) + wanted)} FROM ({query}) AS step"  # noqa: S608 - our own text


def _name(policy: PolicyPlan, what: str) -> str:
    return f"{policy.id} {what}"


def _day_of(policy: PolicyPlan) -> Held:
    return Held(Kind.DATE, _name(policy, "from"))


def _with(tree: Node, day: Held) -> Node:
    """The tree with the policy's own column for the day found."""
    return rebuild(tree, lambda one: day if isinstance(one, FromDay) else one)


def _answers(sql: Sql, policy: PolicyPlan) -> dict[str, str]:
    name, dialect, code = policy.id, sql.dialect, sql.named(_name(policy, "code"))
    words = " ".join(f"WHEN {number} THEN {dialect.text_of(word)}" for number, word in enumerate(VERDICTS))
    nobody, nothing = dialect.number(0), dialect.constant(None, Kind.INT)
    lacking, figure, of_figure = (sql.named(_name(policy, what)) for what in ("lacking", "figure", "lacking figure"))
    amount, of_amount = f"(CASE WHEN ({code} = {ELIGIBLE}) THEN {figure} END)", ""
    if policy.amount is None:
        amount = nothing
    else:
        of_amount = f"WHEN (({code} = {ELIGIBLE}) AND ({figure} IS NULL)) THEN {of_figure} "
    return {
        f"{name}.verdict": f"(CASE {code} {words} END)",
        f"{name}.amount": amount,
        f"{name}.failed": sql.named(policy.columns.failed.name),
        f"{name}.missing": f"(CASE WHEN ({code} = {UNKNOWN}) THEN {lacking} {of_amount}ELSE {nobody} END)",
    }
