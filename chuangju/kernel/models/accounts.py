"""Accounts: somebody who can sign in, and what they saved for themselves."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.encryption import EncryptedTextField, KeyedHashField, mask_mobile


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
    # Eleven digits; kept by mobiles.py, found by its hash.
    mobile = EncryptedTextField(_("手机号"), blank=True, default="", mask=mask_mobile)
    mobile_hash = KeyedHashField(source="mobile", purpose="mobile", unique=True, null=True, blank=True)
    # The language that messages are written in; empty: the district's.
    language = models.CharField(_("语言"), max_length=8, blank=True, default="")
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
