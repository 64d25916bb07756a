"""编辑页 - what the editor shows of a text: its fields with the faults beside them, the grid of figures, numbered lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.languages import reads_english
from chuangju.policies.draft_form import (
    AMOUNT,
    HEAD,
    NOMINATION,
    SOURCE,
    Block,
    FieldSpec,
    blocks_of,
    parameter_grid,
    values_of,
)
from chuangju.policies.draft_nominators import line_of_nominators, nominator_word
from chuangju.policies.draft_reading import DraftReading
from chuangju.policies.policy_text import lines_of_paths
from chuangju.rules.kinds import Words
from chuangju.rules.policy import Policy
from chuangju.rules.yaml_nodes import PolicyFault, PolicyFaults
from chuangju.ui.signs import Sign

VERDICT_WORDS: dict[str, str | Promise] = {
    "eligible": pgettext_lazy("verdict", "可享"),
    "not_yet": pgettext_lazy("verdict", "到时可享"),
    "near_miss": pgettext_lazy("verdict", "还差一步"),
    "unknown": pgettext_lazy("verdict", "需补充信息"),
    "not_eligible": pgettext_lazy("verdict", "不符合"),
}
VERDICT_SIGNS = {"eligible": "good", "not_yet": "info", "near_miss": "soon", "unknown": "flat", "not_eligible": "flat"}
CHOICE_WORDS: dict[str, str | Promise] = {
    **VERDICT_WORDS,
    "national": pgettext_lazy("level", "国家"),
    "city": pgettext_lazy("level", "市级"),
    "district": pgettext_lazy("level", "区级"),
    "town": pgettext_lazy("level", "街镇级"),
    "venture": pgettext_lazy("subject", "企业"),
    "person": pgettext_lazy("subject", "个人"),
    "team": pgettext_lazy("subject", "团队"),
    "apply": pgettext_lazy("channel", "自己申请"),
    "offered": pgettext_lazy("channel", "主动送达"),
    "none": pgettext_lazy("channel", "无需申请"),
    "referral": pgettext_lazy("channel", "推荐或转办"),
    "grant": pgettext_lazy("benefit", "一次性补贴"),
    "subsidy": pgettext_lazy("benefit", "补贴"),
    "loan": pgettext_lazy("benefit", "贷款"),
    "interest": pgettext_lazy("benefit", "贴息"),
    "tax": pgettext_lazy("benefit", "税收优惠"),
    "fee": pgettext_lazy("benefit", "收费减免"),
    "recognition": pgettext_lazy("benefit", "认定"),
    "voucher": pgettext_lazy("benefit", "服务券"),
    "points": pgettext_lazy("benefit", "积分"),
    "residence": pgettext_lazy("benefit", "落户"),
    "prize": pgettext_lazy("benefit", "奖金"),
    "service": pgettext_lazy("benefit", "服务"),
    "official": _("官方来源"),
    "secondary": _("转载来源"),
    "unverified": _("未核实"),
    "sample": _("示例参数"),
}


@dataclass(frozen=True)
class ShownField:
    """A field as drawn: its value, its choices in words, the faults of its line, the machine's reading of it."""

    spec: FieldSpec
    value: str
    faults: tuple[str, ...] = ()
    sentence: str = ""

    @property
    def id(self) -> str:
        """An id for the page."""
        return "f-" + self.spec.path.replace(".", "-").replace("#", "-")

    @property
    def ticked(self) -> list[str]:
        """The members of a list that is ticked."""
        return [one.strip() for one in self.value.split(",") if one.strip()]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Values and words; a value that is none of them stays what it is."""
        known = [(one, str(CHOICE_WORDS.get(one, one))) for one in self.spec.choices]
        if self.spec.kind == "ticks":
            # What the product does not know stays ticked until somebody takes it out.
            return [(one, nominator_word(one)) for one in dict.fromkeys((*self.spec.choices, *self.ticked))]
        return known if self.value in self.spec.choices else [(self.value, self.value or "—"), *known]


@dataclass(frozen=True)
class ShownBlock:
    """A condition or an example with its fields, the faults of its lines, and where it stands in the text."""

    block: Block
    fields: dict[str, ShownField]
    faults: tuple[str, ...]
    line: int
    result: Any = None
    given: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Line:
    """A line of the text with what is wrong with it."""

    number: int
    fault: str = ""


@dataclass(frozen=True)
class Editor:
    """Everything the editor draws; without `is_yaml` there is no form, and the text comes first."""

    text: str
    reading: DraftReading
    is_yaml: bool
    faults: list[tuple[PolicyFault, str]]
    lines: list[Line]
    sections: dict[str, list[ShownField]] = field(default_factory=dict)
    conditions: list[ShownBlock] = field(default_factory=list)
    examples: list[ShownBlock] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    parameters: list[Any] = field(default_factory=list)

    @property
    def notices(self) -> list[tuple[PolicyFault, str]]:
        """What could not be checked, in the reader's language."""
        return [(one, say(one.words)) for one in self.reading.notices]

    @property
    def passed(self) -> int:
        """How many examples come out as written."""
        return sum(one.has_passed for one in self.reading.examples)


def title_and_version(policy: Policy) -> str:
    """A version as choices name it."""
    return str(_("%(title)s（%(version)s）") % {"title": say(policy.title), "version": policy.version})


def say(words: Words) -> str:
    """In the reader's language."""
    return words.en if reads_english() else words.zh


def verdict_sign(verdict: str) -> Sign:
    """A verdict by shape and word."""
    return Sign(VERDICT_SIGNS.get(verdict, "flat"), str(VERDICT_WORDS.get(verdict, verdict)))


def draw_editor(reading: DraftReading, extra_days: Sequence[str] = ()) -> Editor:
    """The page of a text as far as it can be read."""
    faults = [(one, say(one.words)) for one in reading.faults]
    by_line: dict[int, list[str]] = {}
    for fault, sentence in faults:
        by_line.setdefault(fault.line, []).append(sentence)
    lines = [Line(number, "；".join(by_line.get(number, ()))) for number in range(1, reading.text.count("\n") + 2)]
    try:
        values, places = values_of(reading.text), lines_of_paths(reading.text)
    except PolicyFaults:
        return Editor(reading.text, reading, False, faults, lines)
    maker = _Maker(reading, values, places, by_line)
    days, parameters = parameter_grid(values, list(extra_days))
    return Editor(
        reading.text,
        reading,
        True,
        faults,
        lines,
        {
            "head": maker.fields(HEAD),
            "nomination": [maker.nomination()],
            "source": maker.fields(SOURCE),
            "amount": maker.fields(AMOUNT),
        },
        maker.blocks("conditions"),
        maker.blocks("examples"),
        days,
        parameters,
    )


class _Maker:
    def __init__(
        self,
        reading: DraftReading,
        values: Mapping[str, str],
        places: Mapping[str, int],
        faults: Mapping[int, list[str]],
    ) -> None:
        self._reading, self._values, self._places, self._faults = reading, values, places, faults

    def fields(self, specs: Sequence[FieldSpec]) -> list[ShownField]:
        return [self.field(one, self._values.get(one.path, "")) for one in specs]

    def field(self, spec: FieldSpec, value: str) -> ShownField:
        path = spec.path.partition("#")[0]
        line = self._places.get(path) or self._places.get(path.rpartition(".")[0], 0)
        words = self._reading.sentences.get(path)
        return ShownField(spec, value, tuple(self._faults.get(line, ())), say(words) if words else "")

    def nomination(self) -> ShownField:
        line = line_of_nominators(self._places, self._values)
        return ShownField(NOMINATION, self._values.get(NOMINATION.path, ""), tuple(self._faults.get(line, ())))

    def blocks(self, name: str) -> list[ShownBlock]:
        blocks = blocks_of(self._reading.text, self._values, name)
        starts = [self._places.get(one.path, 0) for one in blocks]
        results = self._reading.examples if name == "examples" and self._reading.policy else ()
        found = []
        for number, block in enumerate(blocks):
            first = starts[number]
            last = starts[number + 1] if number + 1 < len(starts) else self._end_of(name)
            faults = [text for line, texts in self._faults.items() if first <= line < last for text in texts]
            fields = {spec.path.removeprefix(f"{block.path}."): self.field(spec, value) for spec, value in block.fields}
            given = tuple(
                (path.removeprefix(f"{block.path}.given."), value)
                for path, value in self._values.items()
                if path.startswith(f"{block.path}.given.") and path.count(".") == 3  # noqa: PLR2004 - examples.0.given.key
            )
            result = results[number] if number < len(results) else None
            found.append(ShownBlock(block, fields, tuple(faults), first, result, given))
        return found

    def _end_of(self, name: str) -> int:
        """The line on which the next part of the file begins."""
        start = self._places.get(name, 0)
        later = [line for path, line in self._places.items() if "." not in path and path and line > start]
        return min(later, default=1_000_000)
