"""Who asked for an administrator's password or second factor to be reset, and who agreed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.encryption import EncryptedTextField


class ResetRequest(models.Model):
    """重置申请: what one administrator may not do alone to another's account; a second one agrees or declines."""

    class Kind(models.TextChoices):
        """What is to be reset."""

        PASSWORD = "password", _("登录密码")
        FACTORS = "factors", _("第二重验证")

    class State(models.TextChoices):
        """Waiting for the second person, done or declined; one left lying lapses when it is asked for anew."""

        WAITING = "waiting", _("待核准")
        DONE = "done", _("已重置")
        DECLINED = "declined", _("未核准")
        LAPSED = "lapsed", _("已过期")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="reset_requests", verbose_name=_("账号")
    )
    kind = models.CharField(_("重置内容"), max_length=16, choices=Kind)
    reason = models.CharField(_("原因"), max_length=200)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("申请人")
    )
    asked_at = models.DateTimeField(_("申请时间"))
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("核准人"),
    )
    decided_at = models.DateTimeField(_("核准时间"), null=True, blank=True)
    decision = models.CharField(_("核准意见"), max_length=200, blank=True)
    # The temporary password until whoever asked has seen it, once.
    password = EncryptedTextField(default="", blank=True)

    class Meta:
        verbose_name = _("重置申请")
        verbose_name_plural = _("重置申请")
        ordering = ("-asked_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("user", "kind"), condition=Q(state="waiting"), name="reset_waits_once"),
            models.CheckConstraint(
                condition=~Q(user=F("asked_by"))
                & (Q(decided_by__isnull=True) | (~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("user")))),
                name="reset_by_two_others",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "lapsed")) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="reset_decided_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} {self.get_kind_display()}"
