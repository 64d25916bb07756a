"""Registers of parties that somebody hands in as a file."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.encryption import EncryptedTextField


class PartyImport(models.Model):
    """名册导入: one file of parties on its way into the register; nothing of it counts until somebody confirms it."""

    class State(models.TextChoices):
        """From upload to the register."""

        CHECKING = "checking", _("正在核对")
        READY = "ready", _("待确认")
        WRITING = "writing", _("正在写入")
        DONE = "done", _("已导入")
        DISCARDED = "discarded", _("已放弃")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.CHECKING)
    file_name = models.CharField(_("文件名"), max_length=200)
    file_sha256 = models.CharField(max_length=64, verbose_name=_("来源文件校验值"))
    # The cells as read (JSON); personal data, so encrypted, and emptied once the import is over.
    rows = EncryptedTextField(blank=True, default="")
    # What each row would do, or what is wrong with it (JSON); names, so encrypted as well.
    findings = EncryptedTextField(blank=True, default="")
    # How many rows are new, changed, unchanged, faulty: {"parties": {...}, "relations": {...}}.
    counts = models.JSONField(default=dict)
    # What the preview found, as one digest: whoever confirms, confirms this.
    preview_digest = models.CharField(max_length=64, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"))
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("名册导入")
        verbose_name_plural = _("名册导入")
        ordering = ("-uploaded_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False), name="party_import_done_has_its_moment"
            ),
        )

    def __str__(self) -> str:
        return self.file_name
