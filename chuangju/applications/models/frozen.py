"""What a case rested on at one moment: facts, the version of the policy and the trace of its rule; never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.models.cases import Application
from chuangju.kernel.encryption import EncryptedTextField
from chuangju.kernel.languages import in_kept_language


class FrozenFacts(models.Model):
    """数据快照: the facts, the version and the answer of the rule as they stood (guarded in the database)."""

    class Moment(models.TextChoices):
        """When it was taken."""

        SUBMITTED = "submitted", pgettext_lazy("moment", "提交时")
        RESUBMITTED = "resubmitted", pgettext_lazy("moment", "补正时")
        REBASED = "rebased", pgettext_lazy("moment", "改按新版本时")
        DECIDED = "decided", pgettext_lazy("moment", "审定时")
        RECHECKED = "rechecked", pgettext_lazy("moment", "拨付前复核时")

    application = models.ForeignKey(
        Application, on_delete=models.RESTRICT, related_name="frozen", verbose_name=_("办件")
    )
    moment = models.CharField(_("时点"), max_length=16, choices=Moment)
    # The day the rule was asked about.
    asked_on = models.DateField(_("测算日期"))
    policy_key = models.CharField(_("政策版本"), max_length=130)
    policy_sha256 = models.CharField(_("政策文本校验值"), max_length=64)
    # JSON: {key: value as a facts file gives it}; {key: {"source", "said", "on"}}; Explanation.as_json().
    facts = EncryptedTextField(_("数据"))
    sources = EncryptedTextField(_("来源"))
    explanation = EncryptedTextField(_("规则结论"))
    # Over the three texts, the key and the day.
    sha256 = models.CharField(_("校验值"), max_length=64)
    verdict = models.CharField(_("结论"), max_length=16)
    amount = models.BigIntegerField(_("金额"), null=True, blank=True)
    taken_at = models.DateTimeField(_("时间"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )

    class Meta:
        verbose_name = _("数据快照")
        verbose_name_plural = _("数据快照")
        ordering = ("application", "pk")

    def __str__(self) -> str:
        with in_kept_language():
            return f"{self.get_moment_display()} {self.asked_on}"
