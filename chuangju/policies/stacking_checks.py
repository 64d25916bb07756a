"""同享核对 - whether the policies that a file names beside itself are there: a misspelt one would exclude nobody.

It keeps no file back: the other policy may be published later.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from chuangju.rules.catalogue import Catalogue
from chuangju.rules.policy import Policy
from chuangju.rules.yaml_nodes import Faults, Map, PolicyFault, Scalar, Sequence, YamlNode, read_yaml

KEYS = ("excludes", "stacks_with", "tops_up")


def stacking_notices(policy: Policy, catalogue: Catalogue) -> tuple[PolicyFault, ...]:
    """A notice for every policy that `stacking` names and the catalogue does not hold, where it stands in the text."""
    known = {*catalogue.ids, policy.id}
    root, notices = read_yaml(policy.text), Faults("")
    if isinstance(root, Map):
        for named in _named(root):
            if named.text not in known:
                _tell(named, known, notices)
    return tuple(sorted(notices.found, key=lambda one: (one.line, one.column)))


def _tell(named: Scalar, known: set[str], notices: Faults) -> None:
    near = difflib.get_close_matches(named.text[:60], sorted(known), 1)
    hint, asked = (f"，是不是“{near[0]}”？", f"; did you mean “{near[0]}”?") if near else ("；", ";")
    notices.add(
        named,
        f"目录里没有标识为“{named.text[:40]}”的政策{hint}如果还没有发布，发布以后这里写的才起作用",
        f"the catalogue holds no policy “{named.text[:40]}”{asked} what is said here works once it is published",
    )


def _named(root: Map) -> Iterator[Scalar]:
    stacking = root.values.get("stacking")
    inner = [stacking.values.get(key) for key in KEYS] if isinstance(stacking, Map) else []
    for node in (root.values.get("excludes"), *inner):
        yield from _scalars(node)


def _scalars(node: YamlNode | None) -> Iterator[Scalar]:
    for one in node.values if isinstance(node, Sequence) else (node,):
        if isinstance(one, Scalar) and not one.is_null:
            yield one
