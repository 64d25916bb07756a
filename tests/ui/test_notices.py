"""Sentences about the reader above every page of the staff side."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from chuangju.ui.menus import MenuContext
from chuangju.ui.notices import notices_for, register_shell_notice, shell_notices


def test_every_registered_sentence_is_told(now: datetime) -> None:
    context = MenuContext(user=AnonymousUser(), at=now, path="/")
    before = notices_for(context)
    register_shell_notice("test", lambda given: [f"您在 {given.path}"])
    try:
        assert notices_for(context) == [*before, "您在 /"]
    finally:
        shell_notices.remove("test")
