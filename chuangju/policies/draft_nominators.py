"""谁可以推荐 - who may put somebody forward, as one field of the drafting form: ticked, it is the first step of the process.

The field's path is made up (`nominators#list`): behind it stands `by` of the step `nominate`, wherever in the process that is.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chuangju.policies.policy_text import append, find, remove, set_raw
from chuangju.policies.policy_text_order import move_member
from chuangju.policies.procedure_checks import NOMINATION_STEPS, NOMINATORS
from chuangju.ventures.models import Party

FIELD = "nominators#list"
UNIT, INCUBATOR = "unit", "incubator"
_WORDS: dict[str, str | Promise] = {UNIT: _("有关单位"), INCUBATOR: _("孵化器")}
_STEP = {"step": "nominate", "label": "{zh: 推荐, en: Nomination}"}


def nominator_word(nominator: str) -> str:
    """What a kind of nominator is called; what the product does not know stays as it is written."""
    known = _WORDS.get(nominator) or dict(Party.Kind.choices).get(nominator, nominator)
    return str(known)


def nominators_in(values: Mapping[str, str]) -> tuple[str, ...]:
    """Who may nominate by the text's values, in the order of the form; all where the step names nobody, none without it."""
    place = _place(values)
    if place is None:
        return ()
    path = f"process.{place}.by"
    named = [value for key, value in values.items() if key == path or key.rpartition(".")[0] == path]
    named = [value for value in named if value]
    if not named:
        return NOMINATORS
    known = tuple(one for one in NOMINATORS if one in named)
    return (*known, *(one for one in named if one not in NOMINATORS))


def line_of_nominators(places: Mapping[str, int], values: Mapping[str, str]) -> int:
    """The line on which the text says it; 0 where it does not."""
    place = _place(values)
    return 0 if place is None else places.get(f"process.{place}.by", places.get(f"process.{place}", 0))


def set_nominators(text: str, values: Mapping[str, str], members: list[str]) -> str:
    """The text with these nominators: without any the step goes, with the first it comes before all others."""
    place = _place(values)
    written = "[" + ", ".join(members) + "]"
    if not members:
        return text if place is None else remove(text, ("process", str(place)))
    if place is not None:
        return set_raw(text, ("process", str(place), "by"), written)
    text = append(text, ("process",), {**_STEP, "by": written})
    item = find(text, ("process",))
    count = len(item.node.value) if item is not None and isinstance(item.node.value, list) else 0
    for number in range(count - 1, 0, -1):
        text = move_member(text, ("process",), number, -1)
    return text


def _place(values: Mapping[str, str]) -> int | None:
    """Which member of the process it is."""
    for path, value in values.items():
        first, _dot, rest = path.partition(".")
        number, _dot, key = rest.partition(".")
        if first == "process" and key == "step" and number.isdecimal() and value.strip().lower() in NOMINATION_STEPS:
            return int(number)
    return None
