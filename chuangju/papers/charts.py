"""图表 - figures drawn on the server: the same SVG stands in the page, the PDF and (as a picture) the docx.

A chart is made once for the same content and kept. Its numbers stand in a table beside it, which the caller draws.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal

from lxml import etree

from chuangju.papers.fonts import SANS, font_folder
from chuangju.papers.plain_text import clean_text, text_width

# The same values as in the tokens of the product (a test holds them together).
INK, INK_2, LINE, BRAND, WARM = "#16232b", "#4a5a63", "#dfe5e8", "#16757e", "#e2703a"
SERIES = (BRAND, WARM, "#0b4a50", "#7fb8bc", "#855600", "#5c6c75")
TODAY_COLOUR = "#a3430f"
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
STATE_COLOURS = {"done": "#17734a", "good": BRAND, "soon": "#855600", "late": "#b3261e", "flat": "#7a8992"}
_STATE_WORDS = {
    "zh": {"done": "已完成", "good": "按期", "soon": "临近时限", "late": "逾期", "flat": "未执行"},
    "en": {"done": "Done", "good": "On time", "soon": "Due soon", "late": "Overdue", "flat": "Not in force"},
}
_TODAY = {"zh": "今天", "en": "Today"}
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_VERSION = "6.4"
# The reader's own faces follow: a page does not send a font along.
_FACES = f"{SANS}, PingFang SC, HarmonyOS Sans SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"
_WIDTH, _STEP, _LONGEST_LABEL, _LABEL_PIXELS = 560, 26, 34, 240
_KEPT_CHARTS = 256
_PNG_SCALE = 3

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it counts, and how many."""

    label: str
    value: float
    # Bars of several series stand side by side, told apart by a legend.
    series: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a line: a day and its value."""

    at: date
    value: float
    series: str = ""


@dataclass(frozen=True, slots=True)
class GanttBar:
    """One item of a plan from its first to its last day; `state` is one of late, soon, good, flat, done."""

    label: str
    start: date
    end: date
    state: str
    # Items of one group stand together under its name; the order is the caller's.
    group: str = ""


def chart_svg(spec: dict[str, Any], *, title: str = "") -> str:
    """A Vega-Lite specification as SVG; `title` is what a screen reader says. Raises ValueError for a broken one."""
    return _draw(json.dumps(spec, ensure_ascii=False, sort_keys=True), clean_text(title))


@lru_cache(maxsize=_KEPT_CHARTS)
def chart_png(svg: str) -> bytes:
    """The chart as a picture for papers, three dots for each of its pixels."""
    return bytes(_renderer().svg_to_png(svg, scale=_PNG_SCALE))


def bar_chart(bars: Sequence[Bar], *, title: str = "", value_title: str = "", width: int = _WIDTH) -> str:
    """Horizontal bars in the order given, each with its number at its end."""
    labels = [_short(bar.label) for bar in bars]
    many = any(bar.series for bar in bars)
    values = [
        {"label": label, "value": bar.value, "series": clean_text(bar.series)}
        for label, bar in zip(labels, bars, strict=True)
    ]
    y: dict[str, Any] = {"field": "label", "type": "nominal", "sort": None, "axis": _label_axis()}
    x: dict[str, Any] = {"field": "value", "type": "quantitative", "axis": _value_axis(value_title)}
    offset = {"yOffset": {"field": "series", "sort": None}} if many else {}
    colour: dict[str, Any] = {"value": BRAND}
    if many:
        colour = {
            "field": "series",
            "type": "nominal",
            "sort": None,
            "scale": {"range": list(SERIES)},
            "legend": _legend(),
        }
    spec = _base(values, width) | {
        "height": {"step": _STEP},
        "encoding": {"y": y, "x": x, **offset},
        "layer": [
            {"mark": {"type": "bar", "cornerRadiusEnd": 2}, "encoding": {"color": colour}},
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "color": INK},
                "encoding": {"text": {"field": "value", "type": "quantitative", "format": ","}},
            },
        ],
    }
    return chart_svg(spec, title=title)


def line_chart(points: Sequence[Point], *, title: str = "", value_title: str = "", width: int = _WIDTH) -> str:
    """Lines over time, one for each series, their points marked."""
    many = any(point.series for point in points)
    values = [
        {"at": point.at.isoformat(), "value": point.value, "series": clean_text(point.series)} for point in points
    ]
    encoding: dict[str, Any] = {
        "x": _day_axis("at"),
        "y": {"field": "value", "type": "quantitative", "axis": _value_axis(value_title)},
    }
    colour: dict[str, Any] = {"value": BRAND}
    shape: dict[str, Any] = {"value": "circle"}
    if many:
        told_apart = {"field": "series", "type": "nominal", "legend": _legend()}
        names = list(dict.fromkeys(str(value["series"]) for value in values))
        colour = {**told_apart, "scale": {"domain": names, "range": list(SERIES)}}
        # Not by colour alone: each line has a sign of its own.
        shape = {**told_apart, "scale": {"domain": names, "range": list(SHAPES)}}
    spec = _base(values, width) | {
        "height": 220,
        "encoding": encoding,
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 2}, "encoding": {"color": colour}},
            {
                "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
                "encoding": {"shape": shape, "color": colour},
            },
        ],
    }
    return chart_svg(spec, title=title)


def gantt_chart(
    rows: Sequence[GanttBar], *, today: date, language: Language = "zh", title: str = "", width: int = _WIDTH
) -> str:
    """Items of a plan as bars over time, their state in colour and in a word, and a line where today is."""
    words = _STATE_WORDS[language]
    values: list[dict[str, object]] = []
    taken: dict[str, int] = {}
    group = ""
    for row in rows:
        if row.group and row.group != group:
            values.append({"label": _unlike(f"【{_short(row.group)}】", taken)})
        group = row.group
        values.append(
            {
                "label": _unlike(_short(row.label), taken),
                "start": row.start.isoformat(),
                # A bar reaches to the end of its last day.
                "end": (row.end + timedelta(days=1)).isoformat(),
                "state": words[row.state],
                "shape": "day" if row.start == row.end else "span",
            }
        )
    spec = _base(values, width) | {
        "height": {"step": _STEP},
        "encoding": {
            "y": {
                "field": "label",
                "type": "nominal",
                "axis": _label_axis(),
                # The names of groups have no bar, and stand in their place all the same.
                "scale": {"domain": [value["label"] for value in values]},
            }
        },
        "layer": [*_gantt_bars(words), *_today_line(today, _TODAY[language])],
    }
    return chart_svg(spec, title=title)


def _gantt_bars(words: dict[str, str]) -> list[dict[str, Any]]:
    span = {"x": _day_axis("start"), "x2": {"field": "end"}}
    scale = {"domain": list(words.values()), "range": [STATE_COLOURS[state] for state in words]}
    colour = {"field": "state", "type": "nominal", "scale": scale, "legend": None}
    at_end = {"x": {"field": "end", "type": "temporal", "scale": {"type": "utc"}}}
    at_start = {"x": {"field": "start", "type": "temporal", "scale": {"type": "utc"}}}
    word = {"type": "text", "align": "left", "dx": 6, "color": INK_2, "fontSize": 11}
    spans, days = [{"filter": "datum.shape == 'span'"}], [{"filter": "datum.shape == 'day'"}]
    return [
        {
            "transform": spans,
            "mark": {"type": "bar", "height": 14, "cornerRadius": 3},
            "encoding": {**span, "color": colour},
        },
        {
            "transform": days,
            "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 130, "opacity": 1},
            "encoding": {**at_start, "color": colour},
        },
        {
            "transform": [{"filter": "isValid(datum.end)"}],
            "mark": word,
            "encoding": {**at_end, "text": {"field": "state", "type": "nominal"}},
        },
    ]


def _today_line(today: date, word: str) -> list[dict[str, Any]]:
    data = {"data": {"values": [{"today": today.isoformat(), "word": word}]}}
    at = {"x": {"field": "today", "type": "temporal", "scale": {"type": "utc"}}}
    return [
        {**data, "mark": {"type": "rule", "color": WARM, "strokeDash": [4, 3]}, "encoding": {**at, "y": None}},
        {
            **data,
            "mark": {"type": "text", "color": TODAY_COLOUR, "baseline": "bottom", "dy": -4, "fontSize": 11},
            "encoding": {**at, "y": {"value": 0}, "text": {"field": "word", "type": "nominal"}},
        },
    ]


def _base(values: Sequence[dict[str, object]], width: int) -> dict[str, Any]:
    return {"$schema": _SCHEMA, "width": width, "data": {"values": list(values)}, "background": None}


def _label_axis() -> dict[str, Any]:
    return {"title": None, "labelLimit": _LABEL_PIXELS, "ticks": False, "domain": False, "labelPadding": 8}


def _value_axis(title: str) -> dict[str, Any]:
    return {"title": clean_text(title) or None, "tickCount": 6}


def _day_axis(name: str) -> dict[str, Any]:
    # Written the same way in both languages; in UTC, so that a day is that day wherever the server stands.
    axis = {"title": None, "format": "%Y-%m", "tickCount": "month", "labelOverlap": "greedy", "labelFlush": False}
    return {"field": name, "type": "temporal", "scale": {"type": "utc"}, "axis": axis}


def _legend() -> dict[str, Any]:
    return {"title": None, "orient": "top", "direction": "horizontal", "labelLimit": _LABEL_PIXELS}


def _short(label: str) -> str:
    """One line that fits beside a bar; the table beside the chart has every word."""
    text = " ".join(clean_text(label).split())
    if text_width(text) <= _LONGEST_LABEL:
        return text
    kept = ""
    for sign in text:
        if text_width(kept + sign) > _LONGEST_LABEL - 2:
            break
        kept += sign
    return kept + "…"


def _unlike(label: str, taken: dict[str, int]) -> str:
    """A label that is the only one of its kind: equal ones would share one line of the chart."""
    count = taken[label] = taken.get(label, 0) + 1
    return label + "\u200b" * (count - 1)


@lru_cache(maxsize=1)
def _renderer() -> Any:
    import vl_convert  # noqa: PLC0415 - a script engine, loaded by whoever draws the first chart
    from vl_convert import register_font_directory as add_fonts  # noqa: PLC0415 - as above

    add_fonts(str(font_folder()))
    return vl_convert


@lru_cache(maxsize=_KEPT_CHARTS)
def _draw(spec: str, title: str) -> str:
    grid = {"gridColor": LINE, "tickColor": LINE, "domainColor": LINE, "labelColor": INK_2, "titleColor": INK_2}
    config = {
        "font": _FACES,
        "axis": {**grid, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"},
        "legend": {"labelColor": INK_2, "labelFontSize": 12},
        "view": {"stroke": None},
        "text": {"fontSize": 12},
    }
    svg = _renderer().vegalite_to_svg(spec, vl_version=_VERSION, config=config, allowed_base_urls=[])
    return _say_title(svg, title)


def _say_title(svg: str, title: str) -> str:
    """One picture with one name, instead of the English names that the renderer gives each of its parts."""
    root = etree.fromstring(svg.encode())
    for element in root.iter():
        for name in ("role", "aria-label", "aria-roledescription", "aria-hidden"):
            element.attrib.pop(name, None)
    for name, value in ({"role": "img", "aria-label": title} if title else {"aria-hidden": "true"}).items():
        root.set(name, value)
    return str(etree.tostring(root, encoding="unicode"))
