"""The few ways of writing that Python's grammar does not have: 3000元, 30%, 2027-12-31, and fields like `l.from`.

They are put in place of names before the grammar sees the text; `original` leads every position back to what was written.
What the grammar would take without a word and mean otherwise (a comment that swallows the next line) is refused.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from datetime import date

from chuangju.rules.amounts import read_money, read_rate
from chuangju.rules.facts import FIRST_DAY, LAST_DAY
from chuangju.rules.kinds import Fault, Kind, Value

MAX_TEXT = 4000
MAX_NESTING = 40
_STRING = r"""'[^'\\\n]*'|"[^"\\\n]*\""""
_LITERAL = re.compile(
    rf"""(?P<string>{_STRING})
    |(?P<sign>[\#\\])
    |(?P<date>(?<![\w.])\d{{4}}-\d{{2}}-\d{{2}}(?![\d-]))
    |(?P<number>(?<![\w.])\d+(?:\.\d+)?)\ ?(?P<unit>亿元|万元|元|%|％|‱)
    |(?P<glued>(?<![\w.])\d+(?:\.\d+)?[^\W\d_]\w*)
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
    flat = re.sub(r"[\r\n\t\u3000\xa0]", " ", text)
    # Names that stand in for literals must not be names that somebody wrote.
    prefix = "_L"
    while prefix in flat:
        prefix += "_"
    pieces, origins, literals, last = [], list[int](), dict[str, tuple[Kind, Value]](), 0
    for match in _LITERAL.finditer(flat):
        new = _replacement(match, literals, prefix)
        if new is None:
            continue
        pieces += [flat[last : match.start()], new]
        origins += [*range(last, match.start()), *[match.start()] * len(new)]
        last = match.end()
    pieces.append(flat[last:])
    origins += range(last, len(flat) + 1)
    whole = _with_runs_in_brackets("".join(pieces), origins)
    lead = len(whole) - len(whole.lstrip())
    return Prepared(whole.strip(), literals, tuple(origins[lead:]))


def _refuse_deep(text: str) -> None:
    depth = 0
    for position, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if depth > MAX_NESTING:
            raise Fault(f"括号嵌套超过 {MAX_NESTING} 层", f"more than {MAX_NESTING} nested brackets", position)


def _with_runs_in_brackets(text: str, origins: list[int]) -> str:
    """`has_run(… for x in series, 6)` with its first part in brackets, as Python's grammar wants a loop beside a second part."""
    for match in reversed(list(re.finditer(r"\bhas_run\s*\(", text))):
        masked = re.sub(_STRING, lambda string: "_" * len(string[0]), text)
        comma = _last_comma(masked, match.end())
        if comma is not None:
            text = f"{text[: match.end()]}({text[match.end() : comma]}){text[comma:]}"
            origins.insert(comma, origins[comma])
            origins.insert(match.end(), origins[match.end()])
    return text


def _last_comma(text: str, start: int) -> int | None:
    """The last comma before the bracket that closes what opened just before `start`."""
    depth, found = 0, None
    for position in range(start, len(text)):
        sign = text[position]
        depth += (sign in "([{") - (sign in ")]}")
        if depth < 0:
            return found
        if sign == "," and depth == 0:
            found = position
    return None


def _replacement(match: re.Match[str], literals: dict[str, tuple[Kind, Value]], prefix: str) -> str | None:
    """What stands in the text instead; None to leave it as it is."""
    if match["string"] is not None:
        return None
    if match["sign"] is not None:
        sign = match["sign"]
        raise Fault(f"表达式里不能写 {sign}", f"{sign} cannot stand in an expression", match.start())
    if match["glued"] is not None:
        shown = match["glued"][:40]
        zh = f"“{shown}”读不懂：金额写成 3000元 或 1.5万元，比率写成 30%，数字和词之间空一格"
        raise Fault(
            zh, f"“{shown}” cannot be read: write 3000元, 1.5万元 or 30%, and a space after a number", match.start()
        )
    if match["word"] is not None:
        return str(match["word"]).capitalize()
    if match["field"] is not None:
        return f".{match['field']}_" if keyword.iskeyword(match["field"]) else None
    try:
        if match["date"] is not None:
            value: tuple[Kind, Value] = (Kind.DATE, _day(match["date"]))
        elif match["unit"] in {"%", "％", "‱"}:
            value = (Kind.RATE, read_rate(match[0]))
        else:
            value = (Kind.MONEY, read_money(match[0]))
    except Fault as fault:
        raise Fault(fault.words.zh, fault.words.en, match.start()) from fault
    except ValueError as problem:
        raise Fault(f"没有 {match[0]} 这一天", f"{match[0]} is no day of the calendar", match.start()) from problem
    name = f"{prefix}{len(literals)}"
    literals[name] = value
    return f" {name} "


def _day(text: str) -> date:
    day = date.fromisoformat(text)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Fault(f"日期应在 {FIRST_DAY} 至 {LAST_DAY} 之间", f"a date must lie between {FIRST_DAY} and {LAST_DAY}")
    return day
