"""Sessions: who is signed in, where, and since when."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models.accounts import User


class UserSession(AbstractBaseSession):
    """登录会话: one browser; whose it is stands beside what it holds, so that it can be listed and ended."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("用户"))
    # Names it in addresses, where its key must never stand.
    number = models.CharField(max_length=32, blank=True)
    address = models.CharField(_("网络地址"), max_length=45, blank=True)
    # What the browser says of itself; put into words where it is shown.
    agent = models.CharField(_("浏览器"), max_length=300, blank=True)
    started_at = models.DateTimeField(_("登录时间"), null=True)
    seen_at = models.DateTimeField(_("最近使用"), null=True)

    class Meta:
        verbose_name = _("登录会话")
        verbose_name_plural = _("登录会话")
        ordering = ("-seen_at", "session_key")

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The engine that reads and writes these records."""
        return import_string(f"{settings.SESSION_ENGINE}.SessionStore")
