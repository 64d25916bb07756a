"""Libraries that came with the project: a folder of wheels beside it, made by script/bundle, used instead of a registry."""

from __future__ import annotations

import json
import platform
import sys
from pathlib import Path

from folders import PROJECT
from say import CannotGoOn

WHEELS = PROJECT / "wheels"
# For which Python on which machine the wheels are.
KIND_FILE = "machine.json"


def kind_of_machine() -> dict[str, str]:
    """What decides whether a wheel fits: the version of Python, the system and the processor."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {"python": version, "system": platform.system(), "processor": platform.machine()}


def has_wheels() -> bool:
    """Whether this copy of the project came with its libraries."""
    return (WHEELS / KIND_FILE).exists()


def require_fitting_wheels() -> None:
    """Refuse wheels that were made for another Python or another processor, before anything is installed."""
    made_for = read_kind(WHEELS)
    here = kind_of_machine()
    if made_for != here:
        raise CannotGoOn(
            f"安装包是为 {_say(made_for)} 制作的，本机是 {_say(here)}，请在同类机器上重新制作",
            f"the bundle was made for {_say(made_for)}, this machine is {_say(here)}; make it on a machine of this kind",
        )


def read_kind(folder: Path) -> dict[str, str]:
    """What is written beside the wheels; refuses a folder that was damaged on its way."""
    try:
        kind = json.loads((folder / KIND_FILE).read_text("utf-8"))
        return {key: str(kind[key]) for key in ("python", "system", "processor")}
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise CannotGoOn(
            "安装包不完整，请重新复制并核对校验值",
            "the bundle is incomplete; copy it again and compare its checksum",
        ) from fault


def _say(kind: dict[str, str]) -> str:
    return f"Python {kind['python']}, {kind['system']} {kind['processor']}"


def sources_of_uv() -> list[str]:
    """What uv is told: the wheels alone where they came along, else the registry it knows."""
    return ["--no-index", "--find-links", str(WHEELS)] if has_wheels() else []


def sources_of_pip() -> list[str]:
    """What pip is told, for uv itself."""
    return ["--no-index", f"--find-links={WHEELS}"] if has_wheels() else ["--retries=2", "--timeout=20"]
