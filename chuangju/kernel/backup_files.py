"""备份的文件 - files beside the database that a backup takes along: each package names its own and knows where they belong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from chuangju.kernel.registry import Registry


@dataclass(frozen=True)
class KeptFiles:
    """The files of one package: which there are as its records say (plain names, once each), and where one belongs."""

    names: Callable[[], Iterable[str]]
    place: Callable[[str], Path]


kept_files: Registry[str, KeptFiles] = Registry("backup_files")


def register_backup_files(key: str, files: KeptFiles) -> None:
    """Let every backup hold these files, and every restoring put them back."""
    kept_files.register(key, files)


def names_now() -> Mapping[str, list[str]]:
    """The files of each package as of this moment."""
    return {key: sorted(set(files.names())) for key, files in kept_files.items()}


def places_of(names: Iterable[str]) -> Iterator[tuple[Path, str]]:
    """Where each file of a backup (`package/name`) belongs; those of a package that is gone belong nowhere."""
    for whole in names:
        key, _slash, name = whole.partition("/")
        files = kept_files.find(key)
        if files is not None:
            yield files.place(name), whole
