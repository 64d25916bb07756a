"""A policy of a few lines, and the commands run in this process, for tests of both commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from config import cli

Capture = pytest.CaptureFixture[str]
SIMPLE = """\
id: heads
version: "1"
title: {zh: 人头补贴, en: Heads}
source: {issuer: 区政府, document: 办法, number: 1号, confidence: sample}
effective: 2024-01-01 .. 2026-12-31
conditions:
- {id: heads, label: 三人以上, when: staff_count >= 3, law: 第一条}
- {id: half, label: 满半年, when: months_since(registered_on) >= 6, law: 第二条}
amount: share_of(turnover_month, 50%)
what_if:
- {label: 再招一人, change: {staff_count: +1}}
examples:
- {given: {staff_count: 3, registered_on: 2024-01-01, turnover_month: 3000元}, on: 2025-01-01, expect: eligible, amount: 1500元}
"""


class Called:
    """A command that was run in this process: its code and what it said."""

    def __init__(self, capsys: Capture, *arguments: str | Path) -> None:
        self.code = cli.main([str(one) for one in arguments])
        self.out, self.err = capsys.readouterr()

    @property
    def answer(self) -> Any:
        return json.loads(self.out)


def facts_file(folder: Path, **facts: Any) -> Path:
    file = folder / "facts.json"
    file.write_text(json.dumps(facts, ensure_ascii=False), "utf-8")
    return file
