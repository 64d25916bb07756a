"""The database as the migrations leave it, made once on a machine and afterwards copied: making takes many seconds, copying none.

A copy is used only where every text that the migrations run is the same to the last byte, and Django migrates once more
over it, so that a new migration is run in any case. SQLite only: its database is one file.
"""

from __future__ import annotations

import ast
import fcntl
import hashlib
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

PROJECT = Path(__file__).resolve().parent.parent
# Beside what pytest itself keeps between runs; whoever empties that cache loses a few seconds.
KEPT = PROJECT / ".pytest_cache" / "empty-databases"
AT_MOST = 6


def place_copy(place: Path | None = None) -> bool:
    """Lay the copy there, or where the test database is expected; whether there was one."""
    kept = _kept_file()
    with _alone():
        if not kept.exists():
            return False
        os.utime(kept)
        shutil.copyfile(kept, place or _test_file())
    return True


def keep_copy() -> None:
    """Keep the test database, which nothing was written to yet, for the runs to come; of older ones a few stay."""
    if any(file.stat().st_mtime > settings.SUITE_STARTED_AT for file in _texts()):
        return
    kept = _kept_file()
    unfinished = kept.with_suffix(f".{os.getpid()}")
    with _alone():
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(unfinished)])
        unfinished.replace(kept)
        newest_first = sorted(KEPT.glob("*.sqlite3"), key=lambda file: file.stat().st_mtime, reverse=True)
        for old in newest_first[AT_MOST:]:
            old.unlink()


def _test_file() -> Path:
    return Path(connection.settings_dict["TEST"]["NAME"])


def _kept_file() -> Path:
    return KEPT / f"{digest()}.sqlite3"


@contextmanager
def _alone() -> Iterator[None]:
    """Runs beside each other take turns: nobody copies what another is still writing."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest() -> str:
    """Of everything that decides what the migrated database holds."""
    told = hashlib.sha256(repr((django.VERSION, sys.version, sqlite3.sqlite_version)).encode())
    for file in sorted(_texts()):
        told.update(str(file).encode() + file.read_bytes())
    # Kinds of content and permissions are entered after the migrations, from the models as they are.
    for model in apps.get_models():
        options = model._meta
        told.update(repr((options.label, options.verbose_name_raw, options.permissions)).encode())
        told.update(repr(options.default_permissions).encode())
    return told.hexdigest()


def _texts() -> set[Path]:
    migrations = migration_files()
    return migrations | read_by(migrations)


def migration_files() -> set[Path]:
    """The files of all migrations, those of the libraries included."""
    found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.values()
    return {Path(str(sys.modules[migration.__module__].__file__)) for migration in found}


def read_by(files: set[Path]) -> set[Path]:
    """The files of the product that these import, and those that they import in turn."""
    found: set[Path] = set()
    waiting = set(files)
    while waiting:
        for name in _imported_names(waiting.pop()):
            file = _file_of(name)
            if file is not None and file not in found:
                found.add(file)
                waiting.add(file)
    return found


def _imported_names(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _file_of(name: str) -> Path | None:
    if not name.startswith(("chuangju.", "config.")):
        return None
    place = PROJECT.joinpath(*name.split("."))
    return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None)
