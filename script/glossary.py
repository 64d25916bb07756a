#!/usr/bin/env python3
"""Writes docs/glossary.md from glossary.toml: `script/glossary.py` writes it, the suite holds the two equal."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TITLES = {
    "kernel": "内核 · Kernel",
    "units": "单位与人员 · Units and people",
    "programme": "任务分解表 · The programme's table",
    "ventures": "主体 · Parties",
    "budget": "资金 · Money",
    "policies": "政策 · Policies",
    "applications": "办件 · Applications",
    "indicators": "指标 · Indicators",
    "scoring": "评审 · Scoring",
    "words": "常用词 · Words of the field",
}
HEAD = """# 术语表 · Glossary

一个概念只用一个名称：页面、公文、英文界面和代码保持一致。本页由 `glossary.toml` 生成，请修改后者，再运行 `script/glossary.py`。

One concept, one name: on pages, in papers, in the English catalogue and in the code. Made from `glossary.toml`.
"""


def read_glossary() -> dict[str, dict[str, dict[str, str]]]:
    """The sections of glossary.toml, each with its terms by identifier."""
    return tomllib.loads((ROOT / "glossary.toml").read_text(encoding="utf-8"))


def write_page(sections: dict[str, dict[str, dict[str, str]]]) -> str:
    """The page: one table for each section, in the order of the file."""
    parts = [HEAD]
    for section, terms in sections.items():
        rows = [f"| {term['zh']} | {term['en']} | `{key}` | {term.get('note', '')} |" for key, term in terms.items()]
        parts.append(
            f"## {TITLES[section]}\n\n| 中文 | English | 代码 | 说明 |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    (ROOT / "docs" / "glossary.md").write_text(write_page(read_glossary()), encoding="utf-8")
