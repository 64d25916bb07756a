"""What stands behind signing in: codes sent to mobiles, and the secrets of second factors."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.encryption import HASH_LENGTH, EncryptedTextField, KeyedHashField, mask_mobile


class MobileCode(models.Model):
    """短信验证码: six digits sent to a mobile for one purpose; only their hash is kept, and it counts once."""

    class Purpose(models.TextChoices):
        """What knowing the code allows."""

        SIGN_IN = "sign_in", _("短信登录")
        CONFIRM = "confirm", _("确认身份")

    purpose = models.CharField(_("用途"), max_length=16, choices=Purpose)
    mobile = EncryptedTextField(_("手机号"), mask=mask_mobile)
    mobile_hash = KeyedHashField(source="mobile", purpose="mobile", null=False)
    code_hash = models.CharField(max_length=HASH_LENGTH)
    sent_at = models.DateTimeField(_("发送时间"))
    expires_at = models.DateTimeField(_("失效时间"))
    tries = models.PositiveSmallIntegerField(_("已试次数"), default=0)
    used_at = models.DateTimeField(_("使用时间"), null=True)

    class Meta:
        verbose_name = _("短信验证码")
        verbose_name_plural = _("短信验证码")
        ordering = ("-sent_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="mobile_code_sent_before_it_expires"),
        )
        indexes = (models.Index(fields=("mobile_hash", "-sent_at"), name="mobile_codes_of_a_number"),)

    def __str__(self) -> str:
        return mask_mobile(self.mobile)


class FactorSecret(models.Model):
    """验证密钥: what an authenticator app or the recovery codes are computed from, encrypted like personal data."""

    reference = models.UUIDField(_("编号"), primary_key=True)
    secret = EncryptedTextField(_("密钥"))

    class Meta:
        verbose_name = _("验证密钥")
        verbose_name_plural = _("验证密钥")

    def __str__(self) -> str:
        return str(self.reference)
