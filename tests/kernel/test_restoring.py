"""A restoring that fails leaves everything as it was: rows, and files that were there before."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangju.kernel.attachments import attach_file, path_of
from chuangju.kernel.backups import BackupRefused, make_backup
from chuangju.kernel.models import Attachment, HolidayNotice, User
from chuangju.kernel.restoring import restore_backup
from tests.kernel.installations import AT, empty, fill

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_anchors(data_folder: Path) -> None:
    """Anchors of other tests tell of other chains."""


def test_a_restoring_that_fails_takes_back_what_it_placed_and_leaves_what_was_there(
    tmp_path: Path,
) -> None:
    user = fill()
    attach_file(HolidayNotice.objects.get(), SimpleUploadedFile("附.txt", b"more"), by=user, at=AT)
    made = make_backup(tmp_path / "b.tar.gz", at=AT)
    there, gone = (path_of(one) for one in Attachment.objects.order_by("pk"))
    there_before, gone_before = there.read_bytes(), gone.read_bytes()
    empty()
    there.write_bytes(b"somebody else's")
    with pytest.raises(BackupRefused, match="同名而内容不同"):
        restore_backup(made.file, at=AT)
    assert there.read_bytes() == b"somebody else's"
    there.write_bytes(there_before)
    full_disk = patch("chuangju.kernel.restoring.rebuild_index", side_effect=OSError("the disk is full"))
    with full_disk, pytest.raises(BackupRefused, match="数据库保持原样"):
        restore_backup(made.file, at=AT)
    assert (there.exists(), gone.exists(), User.objects.exists()) == (True, False, False)
    restore_backup(made.file, at=AT)
    assert gone.read_bytes() == gone_before
