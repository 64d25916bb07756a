"""The documents point only at what exists, decisions stay short and numbered, and both read-me files say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chuangju.units.demo import DEMO_ACCOUNTS
from config.settings import BASE_DIR
from tests.architecture import house

PAGES = sorted([*house.ROOT.glob("*.md"), *(house.ROOT / "docs").rglob("*.md")])
DECISION_LINES = 40


def find_dead_references(page: Path, text: str) -> Iterator[str]:
    """Links, pictures and quoted paths of a page that lead nowhere."""
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if not re.match(r"https?://", target) and not (page.parent / target).exists():
            yield target
    for quoted in re.findall(r"`((?:chuangju|tests|config|script|docs|bench|locale)/[\w./-]+)`", text):
        if not (house.ROOT / quoted).exists():
            yield quoted


@pytest.mark.parametrize("page", PAGES, ids=house.label_of)
def test_whatever_a_document_points_at_exists(page: Path) -> None:
    assert list(find_dead_references(page, house.source_of(page))) == []


def test_a_dead_reference_is_found() -> None:
    page = house.ROOT / "README.md"
    text = "[a](docs/nothing.md) `tests/nothing.py` [b](https://example.org/x) `chuangju/kernel/audit.py`"
    assert list(find_dead_references(page, text)) == ["docs/nothing.md", "tests/nothing.py"]


def test_decisions_are_numbered_without_a_gap_and_fit_on_a_page() -> None:
    files = sorted((house.ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    assert len(files) > 5
    for file in files:
        lines = house.source_of(file).splitlines()
        assert len(lines) <= DECISION_LINES, file.name
        assert lines[0].startswith(f"# {int(file.name[:4])}. "), file.name


def test_every_library_that_is_required_is_named_in_the_decision_on_libraries() -> None:
    wanted = re.findall(r"^([\w-]+)", house.source_of(house.ROOT / "requirements.in"), re.MULTILINE)
    page = house.source_of(house.ROOT / "docs" / "decisions" / "0001-libraries.md").lower()
    assert len(wanted) > 10
    assert [name for name in wanted if name.lower() not in page] == []


def test_both_read_me_files_name_the_same_demo_accounts_commands_and_pictures() -> None:
    readings = []
    for name in ("README.md", "README.en.md"):
        text = house.source_of(house.ROOT / name)
        lines = [line for line in text.splitlines() if line.startswith("| `")]
        accounts = {found for line in lines for found in re.findall(r"`([\w-]+)`", line)}
        commands = re.findall(r"^(script/\w+)", text, re.MULTILINE)
        readings.append((accounts, commands, re.findall(r"!\[[^]]*\]\(([^)]+)\)", text)))
    assert readings[0] == readings[1]
    # There is a liaison officer for every unit: one of them stands for all.
    told = {account.username for account in DEMO_ACCOUNTS if not account.username.startswith("liaison-")}
    assert readings[0][0] == told | {"liaison-rsj"}
    assert readings[0][1][:2] == ["script/server", "script/test"]
    assert len(readings[0][2]) == 2


def test_every_setting_that_an_installation_may_set_is_told() -> None:
    """What `config/settings.py` reads from the environment stands in docs/operations.md."""
    page = house.source_of(house.ROOT / "docs" / "operations.md")
    read = set(re.findall(r'"((?:CHUANGJU|DATABASE)_\w+)"', house.source_of(BASE_DIR / "config" / "settings.py")))
    assert len(read) > 8
    assert sorted(name for name in read if name not in page) == []


def test_the_licence_is_the_whole_apache_licence() -> None:
    text = house.source_of(house.ROOT / "LICENSE")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert "Version 2.0, January 2004" in text
