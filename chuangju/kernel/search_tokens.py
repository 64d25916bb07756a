"""检索词: how texts and queries are cut so that both databases find Chinese by any two characters, and names by pinyin.

A run of Chinese characters becomes its overlapping pairs and its last character (创业补贴: 创业 业补 补贴 贴), so a query of one
character is the beginning of a token and a longer one a sequence of tokens. Tokens are written in ASCII (h + code points,
w + word, i + initials), so that neither database's own parser has anything left to decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

MAX_QUERY = 80
MAX_TEXT = 6_000
_MAX_WORD = 40
_MAX_INITIALS = 12
_MAX_READINGS = 24
_GROUPED_DIGITS = re.compile(r"(?<=\d)[,'](?=\d{3}(?!\d))")
_CHINESE_RANGES = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CHINESE = re.compile(f"[{_CHINESE_RANGES}]")
# Letters of any script and digits; Chinese characters are letters to `re`, so they come first.
_RUN = re.compile(f"[{_CHINESE_RANGES}]+|(?:(?![{_CHINESE_RANGES}])[^\\W_])+")
_LETTERS = re.compile(r"[a-z]+")
# Read otherwise than a dictionary of words would read them.
_LOCAL_READINGS = {"闵行": [["mǐn"], ["háng"]], "莘庄": [["xīn"], ["zhuāng"]]}


@dataclass(frozen=True)
class Run:
    """A stretch of a query without a break: Chinese characters, or a word of letters and digits."""

    text: str
    is_chinese: bool


def even_out(text: str) -> str:
    """Full-width and compatibility signs as plain ones, small letters, digits without commas."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _GROUPED_DIGITS.sub("", plain)


def key_of(text: str) -> str:
    """A title as it is compared: evened out, without spaces and signs."""
    return "".join(_RUN.findall(even_out(text)))


def runs_of(text: str) -> list[Run]:
    """The runs of a text in order; whatever is no letter, digit or Chinese character divides them."""
    return [Run(part, is_chinese=bool(_CHINESE.match(part))) for part in _RUN.findall(even_out(text))]


def text_tokens(text: str) -> list[str]:
    """The tokens of a text in order, its first six thousand characters."""
    tokens: list[str] = []
    for run in runs_of(text[:MAX_TEXT]):
        tokens += chinese_tokens(run.text) if run.is_chinese else [word_token(run.text)]
    return tokens


def chinese_tokens(run: str) -> list[str]:
    """Every two neighbours, then the last character alone."""
    return [char_token(run[at : at + 2]) for at in range(len(run))]


def char_token(chars: str) -> str:
    """One or two characters in ASCII; one character is the beginning of every pair that begins with it."""
    return "h" + "".join(f"{ord(char):05x}" for char in chars)


def word_token(word: str) -> str:
    """A word or number in ASCII."""
    safe = (char if char.isascii() else f"u{ord(char):05x}" for char in word[:_MAX_WORD])
    return "w" + "".join(safe)


def name_tokens(names: Sequence[str]) -> list[str]:
    """The initials of each name, read from each of its characters on: 人社局 gives irsj, isj, ij."""
    found: dict[str, None] = {}
    for name in names:
        initials = "".join(syllable[0] for syllable in syllables_of(name))
        for start in range(len(initials)):
            found["i" + initials[start : start + _MAX_INITIALS]] = None
    return list(found)


@lru_cache(maxsize=4096)
def syllables_of(name: str) -> tuple[str, ...]:
    """A name's reading, one syllable for each Chinese character; letters and digits in it stay as they are, one each."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionary is large, and reading pages needs none of it

    _load_local_readings()
    found: list[str] = []
    for run in runs_of(name):
        found += lazy_pinyin(run.text) if run.is_chinese else run.text
    return tuple(part for part in found if part.isascii())


@lru_cache(maxsize=1)
def _load_local_readings() -> None:
    from pypinyin import load_phrases_dict  # noqa: PLC0415

    load_phrases_dict(_LOCAL_READINGS)


def pinyin_key(names: Sequence[str]) -> str:
    """The readings of names between bars, syllables apart: "|ren she ju|min hang qu|"."""
    read = [" ".join(syllables) for name in names if (syllables := syllables_of(name))]
    return "|" + "|".join(dict.fromkeys(read)) + "|" if read else ""


@dataclass(frozen=True)
class Reading:
    """One way of reading letters as pinyin: its initials, and a pattern for the syllables they begin."""

    initials: str
    pattern: str


def readings_of(word: str) -> list[Reading]:
    """How letters may be cut into syllables written out or begun: renshj is ren she ju, mh is min hang; fewest cuts first."""
    if not _LETTERS.fullmatch(word):
        return []
    cuts = sorted(_cuts(word), key=len)[:_MAX_READINGS]
    return [Reading("".join(piece[0] for piece in pieces)[:_MAX_INITIALS], "[a-z]* ".join(pieces)) for pieces in cuts]


def _cuts(word: str) -> list[tuple[str, ...]]:
    """All ways to cut the word into pieces, each the beginning of a syllable; at most a few hundred are followed."""
    ways: list[list[tuple[str, ...]]] = [[()], *([] for _ in word)]
    begun = _beginnings()
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 6), end):
            if word[start:end] in begun:
                ways[end] += [(*before, word[start:end]) for before in ways[start]]
        ways[end] = sorted(ways[end], key=len)[:64]
    return ways[len(word)]


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    """Every beginning of every syllable: initials alone, syllables half written, syllables written out."""
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415
    from pypinyin.contrib.tone_convert import to_normal  # noqa: PLC0415

    toned = {one for readings in PINYIN_DICT.values() for one in readings.split(",")}
    plain = {one for one in map(to_normal, toned) if _LETTERS.fullmatch(one)}
    return frozenset(one[:end] for one in plain for end in range(1, len(one) + 1))
