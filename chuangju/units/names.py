"""名称 - which unit or group of units a printed name stands for.

A name resolves only when it equals a name or an alias somebody wrote down, after width, brackets, spaces and the
district's own prefix have been evened out. Whatever merely looks alike is never taken: it is offered as a suggestion.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db.models import F

from chuangju.units.models import Unit, UnitGroup, UnitName

_BRACKETS = str.maketrans({"〔": "(", "［": "(", "【": "(", "[": "(", "〕": ")", "］": ")", "】": ")", "]": ")"})
_SPACE = re.compile(r"[\s\u200b\ufeff]+")
# Words that nearly every unit's name carries; they say nothing about which unit is meant.
_COMMON = re.compile(r"^(?:中共|共青团|国家)|委员会|人民政府|办事处|街道|[上海市区镇局委办部]")
# What stands in a policy in the place of a unit where each applicant's own town is meant.
OWN_TOWN = frozenset(
    ("街镇受理点", "所属街镇", "属地街镇", "所在街镇", "街镇", "各街镇", "各街镇(工业区)", "属地镇(街道)", "镇(街道)")
)
# Below this likeness a suggestion is more noise than help.
_LIKE_ENOUGH = 0.5


def even_out(text: str) -> str:
    """The name without differences of width, brackets and spaces."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text).translate(_BRACKETS))


def _spellings(text: str) -> list[str]:
    """The name evened out, then with the district's own name before it read as 区 and left out."""
    plain = even_out(text)
    district = even_out(str(settings.DISTRICT["district"]))
    for prefix in (f"上海市{district}", district):
        if plain.startswith(prefix) and len(plain) > len(prefix):
            rest = plain[len(prefix) :]
            return [plain, f"区{rest}", rest]
    return [plain]


def likeness(text: str, name: str) -> float:
    """How alike two names are, from 0 to 1: the order of their characters, and which telling ones they share."""
    a, b = even_out(text), even_out(name)
    order = difflib.SequenceMatcher(None, a, b, autojunk=False).ratio()
    telling_a, telling_b = set(_COMMON.sub("", a)), set(_COMMON.sub("", b))
    if not telling_a or not telling_b:
        return order / 2
    shared = len(telling_a & telling_b) / min(len(telling_a), len(telling_b))
    return (order + shared) / 2


@dataclass
class NameDirectory:
    """All names on one day, read in two queries, for resolving many names."""

    on: date
    units: dict[int, Unit] = field(default_factory=dict)
    _by_name: dict[str, tuple[int, int]] = field(default_factory=dict)
    _groups: dict[str, UnitGroup] = field(default_factory=dict)
    _written: list[tuple[str, int]] = field(default_factory=list)

    def find(self, text: str) -> Unit | UnitGroup | None:
        """The unit or group of this name, or None; a unit that is no more answers through its successor."""
        for spelling in _spellings(text):
            if spelling in self._groups:
                return self._groups[spelling]
            if spelling in self._by_name:
                return self._in_force(self.units[self._by_name[spelling][1]])
        return None

    def suggest(self, text: str, *, limit: int = 3) -> list[Unit]:
        """The units whose names look most like this one, best first; none where nothing is alike."""
        best: dict[int, float] = {}
        for name, unit_id in self._written:
            unit = self._in_force(self.units[unit_id])
            best[unit.pk] = max(best.get(unit.pk, 0.0), likeness(text, name))
        ranked = sorted(best, key=lambda pk: (-best[pk], self.units[pk].position, pk))
        return [self.units[pk] for pk in ranked if best[pk] >= _LIKE_ENOUGH][:limit]

    def add_unit_name(self, row: UnitName) -> None:
        """Take a name in; on this day an official name goes before an alias, and that before an old or a later name."""
        self.units[row.unit_id] = row.unit
        rank = 0 if row.holds_on(self.on) else 1 if row.is_alias else 2
        key = even_out(row.name)
        if key not in self._by_name or rank < self._by_name[key][0]:
            self._by_name[key] = (rank, row.unit_id)
        self._written.append((row.name, row.unit_id))

    def add_group(self, group: UnitGroup) -> None:
        """Take a group in with its other spellings."""
        for name in (group.name, *group.aliases):
            self._groups[even_out(name)] = group

    def _in_force(self, unit: Unit) -> Unit:
        """The unit that answers for this one on the day: itself, or the last of its successors that is known."""
        seen = {unit.pk}
        while not unit.exists_on(self.on) and unit.successor_id in self.units and unit.successor_id not in seen:
            unit = self.units[unit.successor_id]
            seen.add(unit.pk)
        return unit


def name_directory(on: date) -> NameDirectory:
    """All names of units and groups as they count on this day."""
    directory = NameDirectory(on)
    # Of two names outside their time the later one counts: it comes first.
    for row in UnitName.objects.select_related("unit").order_by(
        "is_alias", F("valid_from").desc(nulls_last=True), "pk"
    ):
        directory.add_unit_name(row)
    for group in UnitGroup.objects.order_by("key"):
        directory.add_group(group)
    return directory


def resolve_name(text: str, *, on: date) -> Unit | UnitGroup | None:
    """What one printed name stands for on this day; None where nobody has written the name down."""
    return name_directory(on).find(text)


def means_own_town(text: str) -> bool:
    """Whether a printed name stands for the applicant's own town, whichever that is."""
    return even_out(text) in OWN_TOWN


def suggest_units(text: str, *, limit: int = 3, on: date = date.max) -> list[Unit]:
    """Units that an unknown name may mean, best first; without a day, those that are not abolished."""
    return name_directory(on).suggest(text, limit=limit)
