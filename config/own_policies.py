"""The district's own policy files for commands that know no database: those of the folder that `load_policies` reads."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.rules.catalogue import Catalogue, find_overlaps
from chuangju.rules.policy import Policy
from chuangju.rules.policy_file import parse_policy
from chuangju.rules.yaml_nodes import PolicyFault, PolicyFaults
from chuangju.ventures.registers import dictionary
from config.refusing import CommandRefused

_BASE = Path(__file__).resolve().parent.parent


def own_folder() -> Path:
    """CHUANGJU_POLICIES, else `policies` in the data folder; the settings say the same for the web application."""
    data = Path(os.environ.get("CHUANGJU_DATA") or _BASE / "var")
    return Path(os.environ.get("CHUANGJU_POLICIES") or data / "policies")


def whole_catalogue() -> Catalogue:
    """The shipped catalogue with the district's own files; what is wrong with one of these is listed in it."""
    shipped, policies, faults = shipped_catalogue(), list[Policy](), list[PolicyFault]()
    folder = own_folder()
    files = sorted(one for one in folder.iterdir() if one.suffix in {".yaml", ".yml"}) if folder.is_dir() else []
    for file in files:
        try:
            text = file.read_text("utf-8-sig")
            policies.append(parse_policy(text, dictionary=dictionary(), shared=shipped.shared, file=file.name))
        except PolicyFaults as problem:
            faults += problem.faults
        except (OSError, UnicodeDecodeError) as problem:
            raise CommandRefused(f"读不了政策文件 {file}：不能读取，或不是 UTF-8 文本") from problem
    if not files:
        return shipped
    merged = shipped.with_policies(policies)
    return replace(merged, faults=(*merged.faults, *faults, *find_overlaps(policies)))
