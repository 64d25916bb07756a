"""An installation with a little of everything, and an empty one, for tests of backups and of restoring."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from chuangju.kernel.attachments import attach_file, path_of
from chuangju.kernel.guards import guards_lifted
from chuangju.kernel.holiday_notices import enter_notice
from chuangju.kernel.mobiles import set_mobile
from chuangju.kernel.models import Attachment, MessagePreference, User
from tests.kernel.notices import INVENTED_2027

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def fill() -> User:
    """A little of everything that is hard to keep: Chinese, days, moments, hours, JSON, encrypted values, files, chains."""
    user = User.objects.create(username="wang", name='王芳·O\'Neil "引号" \\ 换行\n', created_at=AT)
    set_mobile(user, mobile="13800138000", by=user, at=AT)
    notice = enter_notice(INVENTED_2027, year=None, by=user, at=AT)
    attach_file(notice, SimpleUploadedFile("通知.txt", "内容".encode()), by=user, at=AT)
    # Hours of the day.
    MessagePreference.objects.create(user=user)
    return user


def empty() -> None:
    """The database as a fresh installation has it; files too."""
    for attachment in Attachment.objects.all():
        path_of(attachment).unlink()
    with guards_lifted():
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=False)
