"""经办核对 - what a policy file must say rightly before cases can run on it: who answers, the steps, the money, what remains.

No rule looks at these parts, so the language takes whatever stands there; a district that puts a file in force needs more.
Every fault is told with its line and column.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from chuangju.rules.policy import Policy
from chuangju.rules.policy_values import as_json
from chuangju.rules.yaml_nodes import Faults, Map, PolicyFault, Scalar, Sequence, YamlNode, read_yaml
from chuangju.units.models import Unit
from chuangju.units.names import means_own_town, name_directory

MOST_DAYS, MOST_PARTS, MOST_MONTHS = 500, 120, 600
LEFT = ("entitlement", "standing", "obligation")
JOINS = ("all", "any", "lead")
# What follows a paper that never came and a promise that was untrue, and whether the other side is heard first.
LENIENT = {"overdue": ("desk", "end"), "broken": ("recover", "note"), "hearing": ("true", "false")}
# Who may put somebody forward (step: nominate): kinds of parties, recognised incubators, units.
NOMINATORS = ("association", "social_organisation", "provider", "school", "incubator", "unit")
NOMINATION_STEPS = frozenset({"nominate", "nomination"})
# Ways by which a benefit is come by that lead to a case.
_WITH_CASES = frozenset({"apply", "offered", "referral"})


def procedure_faults(policy: Policy, *, on: date) -> tuple[PolicyFault, ...]:
    """What is wrong with the parts of a sound policy that the work goes by."""
    root = read_yaml(policy.text)
    faults = Faults("")
    if isinstance(root, Map):
        _check_unit(policy, root, faults, on=on)
        for step in _maps(root.values.get("process")):
            _check_step(step, faults)
        _check_pays(policy, root.values.get("pays"), faults)
        for leaf in _maps(root.values.get("leaves")):
            _check_leaf(leaf, faults)
    return tuple(sorted(faults.found, key=lambda one: (one.line, one.column)))


def procedure_notices(policy: Policy, *, on: date) -> tuple[PolicyFault, ...]:
    """What could not be looked at, so that nobody takes silence for a yes; it keeps no file back."""
    root = read_yaml(policy.text)
    notices = Faults("")
    if isinstance(root, Map) and _names_a_unit(policy) and not name_directory(on).units:
        notices.add(
            root.values.get("unit", root),
            f"还没有登记任何单位，“{policy.unit[:40]}”没有核对；登记单位以后请再核对一次",
            f"no unit has been entered yet, so “{policy.unit[:40]}” was not checked; check again once units are entered",
        )
    return tuple(notices.found)


def _names_a_unit(policy: Policy) -> bool:
    return policy.channel in _WITH_CASES and not means_own_town(policy.unit) and bool(policy.unit)


def _check_unit(policy: Policy, root: Map, faults: Faults, *, on: date) -> None:
    """Cases are somebody's: a unit of the register, or the applicant's own town."""
    if policy.channel not in _WITH_CASES or means_own_town(policy.unit):
        return
    node = root.values.get("unit", root)
    if not policy.unit:
        faults.add(node, "缺少“unit”：写明由哪个单位办理", "“unit” is missing: say which unit handles it")
        return
    directory = name_directory(on)
    if not directory.units:
        # Nobody has entered any unit yet: there is nothing to compare with, which `procedure_notices` says.
        return
    if not isinstance(directory.find(policy.unit), Unit):
        near = [unit.name for unit in directory.suggest(policy.unit, limit=1)]
        hint = f"，是不是“{near[0]}”？" if near else ""
        asked = f"; did you mean “{near[0]}”?" if near else ""
        faults.add(
            node, f"没有登记名为“{policy.unit[:40]}”的单位{hint}", f"no unit is called “{policy.unit[:40]}”{asked}"
        )


def _check_step(step: Map, faults: Faults) -> None:
    for key in ("days", "silence_days"):
        _check_whole(step, key, 0, MOST_DAYS, faults)
    units, lead, join = (step.values.get(key) for key in ("units", "lead", "join"))
    if units is not None and not _is_names(units):
        faults.add(units, "units 要写成一组单位名称", "units is a list of names of units")
    elif isinstance(units, Sequence) and isinstance(lead, Scalar) and not lead.is_null:
        names = [one.text for one in units.values if isinstance(one, Scalar)]
        if lead.text not in names:
            zh = f"牵头单位“{lead.text[:40]}”不在 units 里"
            faults.add(lead, zh, f"the lead “{lead.text[:40]}” is not among units")
    _check_nominators(step, faults)
    if isinstance(join, Scalar) and not join.is_null and join.text not in JOINS:
        faults.add(join, f"join 应为 {'、'.join(JOINS)} 之一", f"join must be one of {', '.join(JOINS)}")
    for key, words in LENIENT.items():
        said = step.values.get(key)
        if said is not None and not (isinstance(said, Scalar) and (said.is_null or said.text in words)):
            faults.add(said, f"{key} 应为 {'、'.join(words)} 之一", f"{key} must be one of {', '.join(words)}")


def _check_nominators(step: Map, faults: Faults) -> None:
    word, by = step.values.get("step"), step.values.get("by")
    if by is None or not isinstance(word, Scalar) or word.text not in NOMINATION_STEPS:
        return
    named = by.values if isinstance(by, Sequence) else (by,)
    for one in named:
        if not isinstance(one, Scalar) or one.text not in NOMINATORS:
            known = ", ".join(NOMINATORS)
            faults.add(one, f"by 里只能写：{known}", f"by names only {known}")


def _check_pays(policy: Policy, pays: YamlNode | None, faults: Faults) -> None:
    if not isinstance(pays, Map):
        return
    _check_whole(pays, "instalments", 1, MOST_PARTS, faults)
    _check_whole(pays, "every_months", 1, MOST_MONTHS, faults)
    living = pays.values.get("living")
    if living is None or (isinstance(living, Scalar) and living.is_null):
        return
    if not (isinstance(living, Sequence) and _is_names(living)):
        faults.add(living, "living 要写成一组条件名，如 [active, lease]", "living is a list of the ids of conditions")
        return
    known = [one.id for one in policy.conditions]
    for one in living.values:
        if isinstance(one, Scalar) and one.text not in known:
            zh = f"没有名为“{one.text[:40]}”的条件；有：{'、'.join(known)}"
            faults.add(one, zh, f"no condition is called “{one.text[:40]}”; there are {', '.join(known)}")


def _check_leaf(leaf: Map, faults: Faults) -> None:
    kind = leaf.values.get("kind")
    if not isinstance(kind, Scalar) or kind.text not in LEFT:
        zh = f"kind 应为 {'、'.join(LEFT)} 之一（权益、资格、义务）"
        faults.add(kind if kind is not None else leaf, zh, f"kind must be one of {', '.join(LEFT)}")
    _check_whole(leaf, "months", 1, MOST_MONTHS, faults)


def _check_whole(node: Map, key: str, least: int, most: int, faults: Faults) -> None:
    value = node.values.get(key)
    given = as_json(value)
    if value is None or given is None:
        return
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
        faults.add(
            value, f"{key} 要写 {least} 至 {most} 之间的整数", f"{key} is a whole number between {least} and {most}"
        )


def _maps(node: YamlNode | None) -> Iterator[Map]:
    """The mappings of a list, or the one that stands alone; sentences are left as they are."""
    found = node.values if isinstance(node, Sequence) else (node,)
    return (one for one in found if isinstance(one, Map))


def _is_names(node: YamlNode) -> bool:
    return isinstance(node, Sequence) and all(isinstance(one, Scalar) and not one.is_null for one in node.values)
