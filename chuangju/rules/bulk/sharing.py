"""What stands more than once in the trees of a run is worked out once, in a column of an earlier step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from chuangju.rules.bulk.nodes import Held, IsUnknown
from chuangju.rules.transforms import rebuild
from chuangju.rules.tree import Aggregate, Node, Not, children, walk

Trees = dict[str, Node]
Written = Callable[[Node], Iterable[Node]]


def share(wanted: Mapping[str, Node], written_again: Written = lambda _node: ()) -> list[Trees]:
    """Steps that end in these trees by name; a tree may speak of another one of them as `Held`.

    `written_again` tells which parts of a node an engine writes down more than once: they get a column as well.
    No name may be that of a fact: a column would come to stand in its place before others have asked for it.
    """
    made: dict[Node, Held] = {}
    shared = sorted(_find_shared(wanted.values(), written_again), key=lambda node: len(walk(node)))

    def _held(node: Node) -> Node:
        return made.get(node, node)

    found: Trees = {}
    for node in shared:
        # Smaller parts come first, so that here as everywhere they are columns by now.
        tree = rebuild(node, _held)
        made[tree] = Held(node.kind, f"shared {len(made)}")
        found[made[tree].name] = tree
    return _in_steps(found | {name: rebuild(tree, _held) for name, tree in wanted.items()})


def _find_shared(trees: Iterable[Node], written_again: Written) -> set[Node]:
    """What is worth a column of its own; the insides of aggregates speak of elements and are left as they are."""
    counts: Counter[Node] = Counter()
    again: set[Node] = set()
    waiting = list(trees)
    while waiting:
        node = waiting.pop()
        below = children(node)
        if below:
            counts[node] += 1
            if counts[node] == 1 and not isinstance(node, Aggregate):
                waiting += below
                again.update(one for one in written_again(node) if children(one))
    return again | {node for node, count in counts.items() if count > 1 and not _is_slight(node)}


def _is_slight(node: Node) -> bool:
    return isinstance(node, Not | IsUnknown) and not children(children(node)[0])


def _in_steps(trees: Trees) -> list[Trees]:
    """Each tree in the first step that comes after all it speaks of."""
    levels: dict[str, int] = {}

    def _level(name: str) -> int:
        if name not in levels:
            spoken = {one.name for one in walk(trees[name]) if isinstance(one, Held) and one.name in trees}
            levels[name] = max((_level(one) + 1 for one in spoken), default=0)
        return levels[name]

    steps: list[Trees] = []
    for name, tree in trees.items():
        level = _level(name)
        while len(steps) <= level:
            steps.append({})
        steps[level][name] = tree
    return steps
