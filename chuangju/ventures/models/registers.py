"""Registers of enterprises: each upload that was confirmed is a snapshot, kept as a file of columns."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.encryption import EncryptedTextField


class RegisterSnapshot(models.Model):
    """企业名录: the enterprises of the district on one day, as facts; nothing of an upload counts until it is confirmed."""

    class State(models.TextChoices):
        """From upload to the register in force, and on to the record."""

        CHECKING = "checking", _("正在核对")
        MAPPING = "mapping", _("待指定列")
        READY = "ready", _("待确认")
        CURRENT = "current", _("现行")
        SUPERSEDED = "superseded", _("已被替换")
        FAILED = "failed", _("不能用")
        DISCARDED = "discarded", _("已放弃")

    # States in which there is a number and a file for good.
    NUMBERED = (State.CURRENT, State.SUPERSEDED)
    # States in which it is somebody's unfinished work.
    OPEN = (State.CHECKING, State.MAPPING, State.READY)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.CHECKING)
    # Counted up as snapshots are confirmed; nothing before that.
    number = models.PositiveIntegerField(_("版本"), null=True, blank=True, unique=True)
    # What its files are called, the list of enterprises first.
    file_names = models.JSONField(_("文件名"), default=list)
    source_sha256 = models.CharField(max_length=64, verbose_name=_("来源文件校验值"))
    # The day of the data: nothing in it can have happened later.
    on = models.DateField(_("数据日期"))
    # Whether the files are the whole register, so that enterprises they lack are no longer in it.
    is_complete = models.BooleanField(_("全量名录"), default=False)
    # Which key a column holds, by its name in the file, where somebody had to say so.
    mapping = models.JSONField(default=dict, blank=True)
    # The columns of the list of enterprises: name, key, samples; and what was found in the files, by row and column.
    columns = EncryptedTextField(blank=True, default="")
    report = EncryptedTextField(blank=True, default="")
    counts = models.JSONField(default=dict, blank=True)
    # The result: a file of columns, found by its hash, and the state of the dictionary it was made with.
    sha256 = models.CharField(max_length=64, blank=True, default="")
    dictionary_version = models.CharField(max_length=16, blank=True, default="")
    # The snapshot it was laid over.
    former = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="refreshed", verbose_name=_("上一版本")
    )
    is_synthetic = models.BooleanField(_("演示数据"), default=False)
    problem_code = models.CharField(max_length=40, blank=True, default="")
    problem_params = models.JSONField(default=dict, blank=True)
    problem = models.CharField(_("原因"), max_length=500, blank=True, default="")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("上传人"),
    )
    uploaded_at = models.DateTimeField(_("上传时间"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("确认人"),
    )
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("企业名录")
        verbose_name_plural = _("企业名录")
        ordering = ("-uploaded_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("state",), condition=Q(state="current"), name="register_one_is_current"),
            models.CheckConstraint(
                condition=Q(state__in=("current", "superseded"), number__isnull=False, confirmed_at__isnull=False)
                | (~Q(state__in=("current", "superseded")) & Q(number__isnull=True)),
                name="register_numbered_once_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("ready", "current", "superseded")) | ~Q(sha256=""),
                name="register_checked_has_its_file",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(problem=""), name="register_failed_with_its_reason"
            ),
        )

    def __str__(self) -> str:
        return self.file_names[0] if self.file_names else str(self.pk)
