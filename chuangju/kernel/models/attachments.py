"""Files that belong to any one record."""

from __future__ import annotations

import uuid

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models.accounts import User


class Attachment(models.Model):
    """附件: a checked file, stored under a random name outside the web root; belongs to any one record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner_type = models.ForeignKey(ContentType, on_delete=models.RESTRICT, verbose_name=_("所属对象类型"))
    owner_id = models.CharField(max_length=64, verbose_name=_("所属对象编号"))
    owner = GenericForeignKey("owner_type", "owner_id")
    name = models.CharField(_("文件名"), max_length=200)
    media_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveBigIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64, verbose_name=_("校验值"))
    stored_name = models.CharField(max_length=80, unique=True, verbose_name=_("存储文件名"))
    uploaded_by = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+", verbose_name=_("上传人"))
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = _("附件")
        ordering = ("uploaded_at", "id")
        indexes = (models.Index(fields=("owner_type", "owner_id")),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether the file is a re-encoded image that a page may show in place."""
        return self.media_type in {"image/jpeg", "image/png", "image/webp"}
