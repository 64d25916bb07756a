"""Figures over lists in words: how many employees fulfil what, none of the grants, six in a row."""

from __future__ import annotations

from collections.abc import Callable

from chuangju.rules.kinds import Kind, Words
from chuangju.rules.saying_values import lower_first
from chuangju.rules.tree import Aggregate, Item, Node, OverMonths

Say = Callable[[Node], Words]


def tell_list(node: Aggregate, say: Say, say_condition: Say) -> Words:
    """One figure over a list; `say` puts a value in words, `say_condition` a part that is yes or no."""
    name, which = _list_name(node), _which(node, say_condition)
    if node.op in {"any", "all", "run"}:
        zh, en = {
            "any": ("中有", "one of"),
            "all": ("全部", "all of"),
            "run": (f"连续 {node.n} 期", f"{node.n} in a row of"),
        }[node.op]
        return Words(f"{name.zh}{zh}“{which.zh}”", f"{en} {lower_first(name.en)}: {which.en}")
    of = Words(f"{which.zh}的{name.zh}", f"{name.en} with {which.en}") if which.zh else name
    if node.op == "count":
        zh = "人数" if node.source.fact.unit.zh == "人" or node.source.fact.key == "employees" else "数量"
        return Words(f"{of.zh}{zh}", f"number of {lower_first(of.en)}")
    body = say(node.body) if node.body is not None else Words("", "")
    zh, en = {"sum": ("合计", "total"), "min": ("最小值", "least"), "max": ("最大值", "greatest")}.get(
        node.op, ("", "")
    )
    if isinstance(node.body, Item):
        return Words(f"{of.zh}的{zh}", f"{en} of {lower_first(of.en)}")
    return Words(f"{of.zh}的{body.zh}{zh}", f"{en} {lower_first(body.en)} of {lower_first(of.en)}")


def tell_months(node: OverMonths, say: Say, say_condition: Say) -> Words:
    """A figure over the months before the day asked about."""
    where = say_condition(node.where) if node.where is not None else None
    months = Words(f"此前 {node.months} 个月", f"the {node.months} months before")
    if where is not None:
        months = Words(f"{months.zh}（{where.zh}的月份）", f"{months.en} (those with {where.en})")
    if node.op in {"any", "all"}:
        body = say_condition(node.body)
        return Words(
            f"{months.zh}{'有一个月' if node.op == 'any' else '每个月'}：{body.zh}",
            f"{node.op} of {months.en}: {body.en}",
        )
    if node.op == "count":
        body = say_condition(node.body)
        return Words(f"{months.zh}中“{body.zh}”的月数", f"number of {months.en} with {body.en}")
    body = say(node.body)
    zh, en = {"sum": ("逐月合计", "total"), "min": ("最小值", "least"), "max": ("最大值", "greatest")}[node.op]
    return Words(f"{months.zh}{zh}（{body.zh}）", f"{en} over {months.en} of ({body.en})")


def tell_none_of(node: Aggregate, say_condition: Say) -> Words:
    """That no element of a list is such."""
    name, which = _list_name(node), _which(node, say_condition)
    return Words(f"{name.zh}中没有“{which.zh}”的", f"none of {lower_first(name.en)} with {which.en}")


def _list_name(node: Aggregate) -> Words:
    name = node.source.fact.name
    if node.latest is None:
        return name
    return Words(f"最近 {node.latest} 期{name.zh}", f"the latest {node.latest} of {lower_first(name.en)}")


def _which(node: Aggregate, say_condition: Say) -> Words:
    body = node.body if node.body is not None and node.body.kind is Kind.BOOL else None
    parts = [say_condition(one) for one in (node.where, body) if one is not None]
    return Words("且".join(one.zh for one in parts), " and ".join(one.en for one in parts))
