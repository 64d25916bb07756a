"""The look: colours only in tokens.css, readable contrast, no styles or scripts in templates, a light first load."""

from __future__ import annotations

import gzip
import re
from importlib.resources import files
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from chuangju.ui.templatetags.ui import STYLESHEETS

PACKAGES = Path(str(files("chuangju")))
STATIC = PACKAGES / "ui" / "static" / "ui"
SHEETS = sorted(PACKAGES.glob("*/static/**/*.css"))
TEMPLATES = sorted(PACKAGES.glob("*/templates/**/*.html"))
SCRIPTS = sorted(PACKAGES.glob("*/static/**/*.js"))
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(")


def tokens() -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", (STATIC / "tokens.css").read_text(encoding="utf-8")))


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(tokens()[one]), luminance(tokens()[other])), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *[(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("paper", "ground", "brand-50", "soon-50")],
        ("ink-2", "line-2"),
        *[("brand-600", ground) for ground in ("paper", "ground", "brand-50")],
        ("brand-700", "brand-50"),
        ("brand-700", "ground"),
        *[("paper", ground) for ground in ("brand-700", "brand-600", "late", "late-700")],
        ("brand-100", "brand-700"),
        ("soon-line", "brand-700"),
        *[(state, ground) for state in ("good", "late", "soon") for ground in ("paper", "ground", f"{state}-50")],
        ("late", "brand-50"),
        ("late-700", "late-50"),
        ("warm-700", "warm-50"),
    ],
)
def test_text_stands_out_from_its_ground(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), [("edge", "paper"), ("brand-500", "paper"), ("brand-500", "ground")])
def test_edges_of_inputs_and_the_focus_ring_are_seen(edge: str, ground: str) -> None:
    assert contrast(edge, ground) >= 3


@pytest.mark.parametrize("sheet", [each for each in SHEETS if each.name != "tokens.css"], ids=lambda path: path.name)
def test_colours_are_named_only_among_the_tokens(sheet: Path) -> None:
    assert COLOUR.findall(sheet.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_every_variable_used_is_a_token(sheet: Path) -> None:
    assert set(re.findall(r"var\(--([\w-]+)", sheet.read_text(encoding="utf-8"))) <= set(tokens())


def test_every_token_is_used() -> None:
    used = {name for sheet in SHEETS for name in re.findall(r"var\(--([\w-]+)", sheet.read_text(encoding="utf-8"))}
    assert set(tokens()) - used == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_templates_hold_no_style_script_or_handler(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|<style\b", text)
    assert not re.search(r"\son[a-z]+\s*=|javascript:", text)
    assert not [tag for tag in re.findall(r"<script\b[^>]*>", text) if "nonce=" not in tag or "src=" not in tag]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nothing_is_fetched_from_another_host(template: Path) -> None:
    assert not re.search(r'(?:src|href|action)\s*=\s*"(?:https?:)?//', template.read_text(encoding="utf-8"))


def test_sheets_fetch_nothing_and_move_nothing_for_those_who_asked_for_rest() -> None:
    text = "".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)
    assert "url(" not in text
    assert "@import" not in text
    assert "prefers-reduced-motion: reduce" in text
    assert ":focus-visible" in text


def test_what_every_page_loads_weighs_less_than_half_of_what_a_page_may() -> None:
    shared = [STATIC / f"{name}.css" for name in (*STYLESHEETS, "print")]
    shared += [STATIC / "ui.js", STATIC / "mark.svg", Path(str(finders.find("django_htmx/htmx-2.min.js")))]
    weight = sum(len(gzip.compress(path.read_bytes(), 9)) for path in shared)
    assert weight <= 30 * 1024


def test_every_sheet_and_script_is_short_enough_to_read() -> None:
    assert [path.name for path in (*SHEETS, *SCRIPTS) if len(path.read_text(encoding="utf-8").splitlines()) > 300] == []
