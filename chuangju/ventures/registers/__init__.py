"""企业名录 - registers of enterprises as columns of facts: made, read, checked, refreshed. Neither Django nor a database."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from chuangju.rules.facts import CodeList, Dictionary, load_dictionary
from chuangju.ventures.registers.industries import IndustryCodes

DATA = Path(__file__).resolve().parents[1] / "data"


@cache
def dictionary() -> Dictionary:
    """The product's facts and code lists; industry codes of any level are known by their division."""
    loaded = load_dictionary(DATA / "facts.toml", DATA / "code_lists.toml")
    industry = loaded.lists["industry"]
    industry = replace(industry, codes=IndustryCodes(industry.codes, section_of_division()))
    facts = {
        key: replace(fact, codes=industry) if fact.codes is loaded.lists["industry"] else fact
        for key, fact in loaded.facts.items()
    }
    return Dictionary(facts, {**loaded.lists, "industry": industry})


@cache
def section_of_division() -> Mapping[str, str]:
    """The section of GB/T 4754 that each division belongs to."""
    entries = tomllib.loads((DATA / "code_lists.toml").read_text("utf-8"))["lists"]["industry"]["codes"]
    return {entry["code"]: entry["parent"] for entry in entries if "parent" in entry}


def all_codes(codes: CodeList) -> list[str]:
    """Every code of a list, those known only by what they begin with included."""
    return list(codes.codes.all_codes() if isinstance(codes.codes, IndustryCodes) else codes.codes)
