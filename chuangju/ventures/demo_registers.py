"""演示名录 - ten thousand made-up enterprises as the first register, so that there is something to match from the start."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.locks import take_locks
from chuangju.ventures.models import RegisterSnapshot
from chuangju.ventures.register_files import settle_file
from chuangju.ventures.register_uploads import REGISTERS_LOCK, put_into_force

ENTERPRISES = 10_000
SEED = 2026
_NAME = "企业名录（演示数据）.parquet"


@transaction.atomic
def load_demo_register(at: datetime) -> None:
    """Make the register up and put it into force; everything in it says that it is made up."""
    from chuangju.ventures.registers.columns import dictionary_version  # noqa: PLC0415 - columns weigh 60 MB
    from chuangju.ventures.registers.generate import write_register  # noqa: PLC0415

    on = timezone.localdate(at)
    with tempfile.TemporaryDirectory() as folder, in_kept_language():
        file = Path(folder) / "register.parquet"
        write_register(file, ENTERPRISES, seed=SEED, on=on)
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        settle_file(file, digest)
    counts = {"rows": ENTERPRISES, "enterprises": ENTERPRISES, "new": ENTERPRISES}
    snapshot = RegisterSnapshot.objects.create(
        state=RegisterSnapshot.State.READY,
        file_names=[_NAME],
        source_sha256=digest,
        sha256=digest,
        on=on,
        is_complete=True,
        counts=counts | {"changed": 0, "unchanged": 0, "gone": 0, "faults": 0},
        dictionary_version=dictionary_version(),
        is_synthetic=True,
        uploaded_at=at,
    )
    take_locks(REGISTERS_LOCK)
    put_into_force(snapshot, None, by=None, at=at)
