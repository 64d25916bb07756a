"""The few ways of writing that Python's grammar does not have: 3000元, 30%, 2027-12-31, and fields like `l.from`.

They are put in place of names before the grammar sees the text; `original` leads every position back to what was written.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from datetime import date

from chuangju.rules.amounts import read_money, read_rate
from chuangju.rules.kinds import Fault, Kind, Value

MAX_TEXT = 4000
MAX_NESTING = 40
_LITERAL = re.compile(
    r"""(?P<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")
    |(?P<date>(?<![\w.])\d{4}-\d{2}-\d{2}(?![\d-]))
    |(?P<number>(?<![\w.])\d+(?:\.\d+)?)\ ?(?P<unit>亿元|万元|元|%|％|‱)
    |\.(?P<field>[a-z]+)\b
    |(?P<word>\b(?:true|false)\b)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text for Python's grammar, the literals taken out of it, and where each character came from."""

    text: str
    literals: dict[str, tuple[Kind, Value]]
    origins: tuple[int, ...]

    def original(self, index: int) -> int:
        """The position in the text as written."""
        return self.origins[min(max(index, 0), len(self.origins) - 1)]


def prepare(text: str) -> Prepared:
    """Take the literals out; raises Fault for what is too long, too deep or no literal after all."""
    if len(text) > MAX_TEXT:
        raise Fault(f"表达式超过 {MAX_TEXT} 个字符", f"the expression is longer than {MAX_TEXT} characters", MAX_TEXT)
    if "\x00" in text:
        raise Fault("表达式含有不可见字符", "the expression holds an invisible character", text.index("\x00"))
    _refuse_deep(text)
    flat = re.sub(r"[\r\n\t\u3000]", " ", text)
    pieces, origins, literals, last = [], [], dict[str, tuple[Kind, Value]](), 0
    for match in _LITERAL.finditer(flat):
        new = _replacement(match, literals)
        if new is None:
            continue
        pieces += [flat[last : match.start()], new]
        origins += [*range(last, match.start()), *[match.start()] * len(new)]
        last = match.end()
    pieces.append(flat[last:])
    origins += range(last, len(flat) + 1)
    stripped = "".join(pieces)
    lead = len(stripped) - len(stripped.lstrip())
    return Prepared(stripped.strip(), literals, tuple(origins[lead:]))


def _refuse_deep(text: str) -> None:
    depth = 0
    for position, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if depth > MAX_NESTING:
            raise Fault(f"括号嵌套超过 {MAX_NESTING} 层", f"more than {MAX_NESTING} nested brackets", position)


def _replacement(match: re.Match[str], literals: dict[str, tuple[Kind, Value]]) -> str | None:
    """What stands in the text instead; None to leave it as it is."""
    if match["string"] is not None:
        return None
    if match["word"] is not None:
        return str(match["word"]).capitalize()
    if match["field"] is not None:
        return f".{match['field']}_" if keyword.iskeyword(match["field"]) else None
    try:
        if match["date"] is not None:
            value: tuple[Kind, Value] = (Kind.DATE, date.fromisoformat(match["date"]))
        elif match["unit"] in {"%", "％", "‱"}:
            value = (Kind.RATE, read_rate(match[0]))
        else:
            value = (Kind.MONEY, read_money(match[0]))
    except Fault as fault:
        raise Fault(fault.words.zh, fault.words.en, match.start()) from fault
    except ValueError as problem:
        raise Fault(f"没有 {match[0]} 这一天", f"{match[0]} is no day of the calendar", match.start()) from problem
    name = f"_L{len(literals)}"
    literals[name] = value
    return f" {name} "
