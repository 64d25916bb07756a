"""A small made-up register in force, and drafts, for tests of the policy officers' desk."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import date
from pathlib import Path

from chuangju.kernel.models import User
from chuangju.policies.current import current_catalogue
from chuangju.policies.drafts import NewVersion, begin_draft, change_draft, submit_draft
from chuangju.policies.models import PolicyDraft
from chuangju.policies.policy_text import remove
from chuangju.ventures.models import RegisterSnapshot
from chuangju.ventures.register_files import settle_file
from chuangju.ventures.registers.generate import write_register
from tests.conftest import NOW

TODAY = NOW.date()
ROWS = 400


def register_in_force(rows: int = ROWS) -> RegisterSnapshot:
    """A register of so many made-up enterprises, in force; the same rows every time."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "register.parquet"
        write_register(file, rows, seed=7, on=TODAY)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        settle_file(file, digest)
    return RegisterSnapshot.objects.create(
        state=RegisterSnapshot.State.CURRENT,
        number=1,
        file_names=["名录.parquet"],
        source_sha256=digest,
        sha256=digest,
        on=TODAY,
        counts={"enterprises": rows},
        dictionary_version="test",
        is_synthetic=True,
        uploaded_at=NOW,
        confirmed_at=NOW,
    )


def rent_draft(by: User, *, version: str = "2027", first: date = date(2027, 1, 1)) -> PolicyDraft:
    """A sound draft of the next version of the rent subsidy: what its old examples no longer tell is left out."""
    base = current_catalogue().version("rent_subsidy", "2024")
    draft = begin_draft(NewVersion(version, first, date(2028, 12, 31)), base=base, by=by, at=NOW)
    return change_draft(draft, remove(draft.text, ("examples", "3")), revision=draft.revision, by=by, at=NOW)


def submitted(draft: PolicyDraft) -> PolicyDraft:
    """Handed in by its author."""
    submit_draft(draft, note="按预算调整", revision=draft.revision, by=draft.author, at=NOW)
    draft.refresh_from_db()
    return draft
