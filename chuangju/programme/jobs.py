"""Reading an uploaded table beside the request: the page waits a moment, then shows progress and can be left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.utils import timezone

from chuangju.papers.grids import UnreadableFile
from chuangju.programme.models import TableImport
from chuangju.programme.table import read_table_guarded
from chuangju.programme.uploads import fail_reading, finish_reading, stored_file, tell_progress

# Most tables are read before the page would have to say "please wait".
PATIENCE = 2.5
# How often a reading says how far it has come, in seconds.
TELL_EVERY = 0.4


def read_import(upload: TableImport, *, clock: Callable[[], datetime] = timezone.now) -> None:
    """Read the file of an import in a child process and write down what came of it."""
    told = 0.0

    def on_progress(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told > TELL_EVERY:
            told = time.monotonic()
            tell_progress(upload, rows_read=done, rows_total=total, at=clock())

    try:
        read = read_table_guarded(stored_file(upload), name=upload.file_name, on_progress=on_progress)
        finish_reading(upload, read, at=clock())
    except UnreadableFile as problem:
        fail_reading(upload, problem, at=clock())


def start_reading(upload: TableImport) -> None:
    """Begin the reading and wait for it a moment; a longer one goes on while the page shows how far it is."""

    def run() -> None:
        try:
            read_import(upload)
        finally:
            connection.close()

    if connection.in_atomic_block:
        # A thread would not see the upload before this transaction ends, so the reading stays here.
        read_import(upload)
        return
    thread = threading.Thread(target=run, name=f"read-{upload.pk}", daemon=True)
    thread.start()
    thread.join(PATIENCE)
