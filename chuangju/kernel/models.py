"""User, audit events, attachments, idempotency keys, saved views and the installation's own record."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Accounts are found by their sign-in name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The account with this sign-in name; raises User.DoesNotExist."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """用户: somebody who can sign in. What they may do follows from roles, which live above (units)."""

    username = models.CharField(_("登录名"), max_length=64, unique=True)
    name = models.CharField(_("姓名"), max_length=64)
    email = models.EmailField(_("电子邮箱"), blank=True)
    is_active = models.BooleanField(_("可登录"), default=True)
    is_demo = models.BooleanField(_("演示账号"), default=False)
    must_change_password = models.BooleanField(_("须修改密码"), default=False)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")
        ordering = ("username",)

    def __str__(self) -> str:
        return self.name or self.username


class AuditStream(models.Model):
    """审计链: one hash chain; its row is locked last, so writers of different streams never wait for each other."""

    name = models.CharField(max_length=64, primary_key=True)
    last_sequence = models.PositiveBigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        verbose_name = _("审计链")
        verbose_name_plural = _("审计链")

    def __str__(self) -> str:
        return self.name


class AuditEvent(models.Model):
    """审计事件: who changed what, when and in which role; append-only and chained by hash (triggers refuse edits)."""

    stream = models.ForeignKey(AuditStream, on_delete=models.RESTRICT, related_name="events")
    sequence = models.PositiveBigIntegerField(_("序号"))
    at = models.DateTimeField(_("时间"))
    actor = models.ForeignKey(User, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    actor_name = models.CharField(_("操作人"), max_length=128)
    role = models.CharField(_("角色"), max_length=64, blank=True)
    action = models.CharField(_("动作"), max_length=64)
    object_type = models.CharField(_("对象类型"), max_length=64)
    object_id = models.CharField(max_length=64)
    object_label = models.CharField(_("对象"), max_length=300)
    about_type = models.CharField(max_length=64, blank=True)
    about_id = models.CharField(max_length=64, blank=True)
    reason = models.TextField(_("原因"), blank=True)
    changes = models.JSONField(_("变更"), default=dict)
    digest_before = models.CharField(max_length=64, blank=True)
    digest_after = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("审计事件")
        verbose_name_plural = _("审计事件")
        ordering = ("-at", "-id")
        constraints = (models.UniqueConstraint(fields=("stream", "sequence"), name="audit_sequence_once"),)
        indexes = (
            models.Index(fields=("object_type", "object_id")),
            models.Index(fields=("about_type", "about_id")),
            models.Index(fields=("at",)),
        )

    def __str__(self) -> str:
        return f"{self.stream_id}#{self.sequence} {self.action}"


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


class IdempotencyKey(models.Model):
    """幂等键: a form sent twice with the same key and body takes effect once."""

    actor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    body_digest = models.CharField(max_length=64)
    location = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("幂等键")
        verbose_name_plural = _("幂等键")
        constraints = (models.UniqueConstraint(fields=("actor", "key"), name="idempotency_once_per_actor"),)

    def __str__(self) -> str:
        return self.key


class SavedView(models.Model):
    """保存的视图: a list's filters and order under a name of the user's own."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    listing = models.CharField(max_length=64)
    name = models.CharField(_("视图名称"), max_length=40)
    query = models.CharField(max_length=1000, blank=True)

    class Meta:
        verbose_name = _("保存的视图")
        verbose_name_plural = _("保存的视图")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("user", "listing", "name"), name="saved_view_name_once"),)

    def __str__(self) -> str:
        return self.name


class Installation(models.Model):
    """安装: the one row that says whether this database holds demo data."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_demo = models.BooleanField(_("演示数据库"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # Which reference data and demo sets are in, each with its version, so that a second start has nothing to do.
    loaded = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("安装")
        verbose_name_plural = _("安装")
        constraints = (models.CheckConstraint(condition=Q(id=1), name="installation_is_one_row"),)

    def __str__(self) -> str:
        return "demo" if self.is_demo else "production"
