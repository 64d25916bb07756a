"""行业代码 - codes of GB/T 4754 at any level: a section's letter, and two to four digits that begin with a division."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from chuangju.rules.facts import CodeTree
from chuangju.rules.kinds import Words

_SHAPE = re.compile(r"([A-T]?)(\d{2}\d{0,2})|([A-T])")
_CLASS_DIGITS = 4
_DEEPER = tuple(f"{number}" for number in range(10)) + tuple(f"{number:02d}" for number in range(100))


class IndustryCodes(CodeTree):
    """The named codes, to walk through and choose from; any group or class below a named division is known as well."""

    def __init__(self, named: Mapping[str, Words], parents: Mapping[str, str]) -> None:
        """The named sections and divisions; `parents` gives the section of each division."""
        self._named = dict(named)
        self._parents = dict(parents)

    def __getitem__(self, code: str) -> Words:
        if code in self._named:
            return self._named[code]
        division = division_of(code)
        if not re.fullmatch(r"\d{3,4}", code) or division not in self._named:
            raise KeyError(code)
        return self._named[division]

    def __iter__(self) -> Iterator[str]:
        return iter(self._named)

    def __len__(self) -> int:
        return len(self._named)

    def normal(self, text: str) -> str:
        """As `normal_industry` has it."""
        return normal_industry(text)

    def below(self, code: str) -> tuple[str, ...]:
        """A section with its divisions, a division or group with all below it, a class alone."""
        if code.isalpha():
            divisions = [division for division, section in self._parents.items() if section == code]
            return (code, *(below for division in divisions for below in self.below(division)))
        return (code, *(code + more for more in _DEEPER if len(code) + len(more) <= _CLASS_DIGITS))

    def all_codes(self) -> Iterator[str]:
        """Every code there can be, in the same order for good: what a column of codes is frozen with."""
        for code in self._named:
            yield code
            if code.isdigit():
                yield from (code + more for more in _DEEPER)


def normal_industry(text: str) -> str:
    """The code as it is kept: `I6510` is 6510, `i` is I; what is no such code comes back evened out."""
    plain = re.sub(r"[\s.\-]+", "", unicodedata.normalize("NFKC", text)).upper()
    match = _SHAPE.fullmatch(plain)
    return (match[2] or match[3]) if match else plain


def division_of(code: str) -> str:
    """The division a code belongs to; empty for a section."""
    return code[:2] if code[:2].isdigit() else ""
