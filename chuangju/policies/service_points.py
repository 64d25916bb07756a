"""受理点 - where one can go: the service point of one's town and the district's centre, from a dated file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from chuangju.policies.check_reading import say
from chuangju.rules.kinds import Words

_FILE = Path(__file__).parent / "data" / "service_points.toml"


@dataclass(frozen=True)
class ServicePoint:
    """One place: its town (empty: the whole district), address, hours, telephone, what to bring."""

    town: str
    names: Words
    address: str
    hours: Words
    phone: str
    is_sample: bool

    @property
    def name(self) -> str:
        """In the language of the page."""
        return say(self.names)

    @property
    def shown_hours(self) -> str:
        """In the language of the page."""
        return say(self.hours)


@dataclass(frozen=True)
class ServicePoints:
    """The list as of a day."""

    as_of: date
    points: tuple[ServicePoint, ...]
    bring: tuple[Words, ...]
    deputies: Words

    def nearest(self, town: str | None) -> list[ServicePoint]:
        """The town's own point first, then the district's."""
        own = [one for one in self.points if town and one.town == town]
        return own + [one for one in self.points if not one.town]


@cache
def service_points() -> ServicePoints:
    """The service points that come with the product."""
    data = tomllib.loads(_FILE.read_text("utf-8"))
    points = tuple(
        ServicePoint(
            town=one.get("town", ""),
            names=Words(one["name"]["zh"], one["name"]["en"]),
            address=one["address"],
            hours=Words(data["hours"]["zh"], data["hours"]["en"]),
            phone=one["phone"],
            is_sample=bool(data["sample"]),
        )
        for one in data["point"]
    )
    bring = tuple(Words(one["zh"], one["en"]) for one in data["bring"])
    return ServicePoints(data["as_of"], points, bring, Words(data["deputies"]["zh"], data["deputies"]["en"]))
