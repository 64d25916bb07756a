"""排版 - typst with the fonts of the installation; long papers are set in a process of their own, which takes its memory along."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from chuangju.papers.fonts import SANS, SERIF, font_folder

_TEMPLATE = Path(__file__).parent / "data" / "paper.typ"
_ROOT = Path(__file__).resolve().parents[2]
# typst keeps what it has laid out: a table of a thousand rows would cost a server 30 MB for good. Signs of JSON.
_LONGEST_HERE = 20_000
_SECONDS = 120
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "SYSTEMROOT")


class PaperFault(Exception):
    """The paper could not be set, or not in its own fonts: a fault of the product or of the installation."""


def set_pdf(paper: str) -> bytes:
    """The PDF of a paper, given as the JSON that the template reads; raises PaperFault."""
    return compile_pdf(paper) if len(paper) <= _LONGEST_HERE else _set_in_child(paper)


def compile_pdf(paper: str, *, serif: str = SERIF, sans: str = SANS) -> bytes:
    """The PDF, set in this process; raises PaperFault, also for a font that is not there."""
    typst = _typst()
    try:
        pdf, warnings = typst.compile_with_warnings(
            _TEMPLATE.read_bytes(),
            font_paths=[str(font_folder())],
            ignore_system_fonts=True,
            sys_inputs={"paper": paper, "serif": serif, "sans": sans},
        )
    except typst.TypstError as error:
        raise PaperFault(str(error)) from error
    if warnings:
        # A font that is missing is only a warning to typst; a paper in the wrong face must not leave the house.
        raise PaperFault("; ".join(str(warning) for warning in warnings))
    return bytes(pdf)


@lru_cache(maxsize=1)
def _typst() -> Any:
    import typst  # noqa: PLC0415 - loaded by whoever writes the first PDF

    return typst


def _set_in_child(paper: str) -> bytes:
    # The child sees none of the installation's settings, keys or database address.
    environment = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    environment |= {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "chuangju.papers.typesetting"],
            input=paper.encode(),
            capture_output=True,
            check=True,
            timeout=_SECONDS,
            env=environment,
            cwd=_ROOT,
        )
    except subprocess.CalledProcessError as error:
        raise PaperFault(error.stderr.decode(errors="replace")) from error
    except subprocess.TimeoutExpired as error:
        raise PaperFault(f"not set within {_SECONDS} s") from error
    return done.stdout


def main() -> int:
    """Set the paper that comes in, write the PDF out."""
    try:
        sys.stdout.buffer.write(compile_pdf(sys.stdin.read()))
    except PaperFault as fault:
        sys.stderr.write(str(fault))
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
