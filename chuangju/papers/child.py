"""Child - what runs inside the guard: limits first, then the reader, its answer as lines of JSON."""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any, TextIO

from chuangju.papers.grids import UnreadableFile
from chuangju.papers.sentences import name_file, unreadable

_MEGABYTE = 1024 * 1024


def main(arguments: list[str]) -> int:
    """Reads one file: `module:function path name megabytes`."""
    module_function, path, name, megabytes = arguments
    answers = _take_output()
    _set_limits(int(megabytes) * _MEGABYTE)

    def _report(done: int, total: int) -> None:
        _say(answers, {"progress": [done, total]})

    try:
        module, _, function = module_function.partition(":")
        read = getattr(importlib.import_module(module), function)
        _say(answers, {"result": read(Path(path), name=name, on_progress=_report)})
    except UnreadableFile as refusal:
        _refuse(answers, name_file(refusal, name))
    except MemoryError:
        _refuse(answers, name_file(unreadable("out_of_memory"), name))
    except (ArithmeticError, AttributeError, ImportError, LookupError, OSError, RuntimeError, TypeError, ValueError):
        # A fault of ours or of a library on a strange file: the reader is told, nothing else stops.
        _refuse(answers, name_file(unreadable("crashed"), name))
    return 0


def _take_output() -> TextIO:
    """The pipe to the parent, out of reach of whatever a library may print."""
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return pipe


def _set_limits(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _say(answers: TextIO, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message, ensure_ascii=True) + "\n")
    answers.flush()


def _refuse(answers: TextIO, refusal: UnreadableFile) -> None:
    params = {key: value if isinstance(value, int | str) else str(value) for key, value in refusal.params.items()}
    _say(answers, {"refused": {"sentence": refusal.sentence, "code": refusal.code, "params": params}})


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
