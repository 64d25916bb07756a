"""政策目录 - the policies as files, one for each version, and the shared parameters and lists they refer to; no Django."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from chuangju.rules.catalogue import Catalogue, load_catalogue
from chuangju.ventures.registers import dictionary

FOLDER = Path(__file__).parent


@cache
def shipped_catalogue() -> Catalogue:
    """The catalogue that comes with the product; its faults are listed in it."""
    return load_catalogue(FOLDER, dictionary=dictionary())
