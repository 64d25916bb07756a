"""The papers a case wants: given, checked, promised instead, or to follow."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.models.cases import Application
from chuangju.kernel.models import Attachment


class RequiredDocument(models.Model):
    """申请材料: one paper of a case as the policy names it, with its files."""

    class State(models.TextChoices):
        """Whether it is there, and what the clerk found."""

        MISSING = "missing", pgettext_lazy("document", "待提供")
        GIVEN = "given", pgettext_lazy("document", "已提供")
        CHECKED = "checked", pgettext_lazy("document", "已核对")
        FAULTY = "faulty", pgettext_lazy("document", "需补正")
        # 容缺受理: accepted without it, which is to follow by a day.
        TO_FOLLOW = "to_follow", _("容缺后补")
        # 告知承诺: a promise stands for it and is checked afterwards.
        PROMISED = "promised", _("告知承诺")
        BROKEN = "broken", _("承诺不实")
        WAIVED = "waived", pgettext_lazy("document", "不再需要")

    application = models.ForeignKey(
        Application, on_delete=models.RESTRICT, related_name="documents", verbose_name=_("办件")
    )
    position = models.PositiveIntegerField()
    name = models.CharField(_("材料名称"), max_length=200)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True, default="")
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.MISSING)
    may_follow = models.BooleanField(_("可容缺"), default=False)
    may_be_promised = models.BooleanField(_("可承诺"), default=False)
    due_on = models.DateField(_("补交截止日"), null=True, blank=True)
    # 原件核验: seen at the counter.
    original_seen_at = models.DateTimeField(_("原件核验时间"), null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("核对人"),
    )
    checked_at = models.DateTimeField(_("核对时间"), null=True, blank=True)
    remark = models.CharField(_("说明"), max_length=500, blank=True, default="")
    attachments = GenericRelation(Attachment, content_type_field="owner_type", object_id_field="owner_id")

    class Meta:
        verbose_name = _("申请材料")
        verbose_name_plural = _("申请材料")
        ordering = ("application", "position")
        constraints = (
            models.UniqueConstraint(fields=("application", "position"), name="document_once_per_place"),
            models.CheckConstraint(
                condition=~Q(state="to_follow") | Q(due_on__isnull=False), name="document_to_follow_has_its_day"
            ),
        )

    def __str__(self) -> str:
        return self.name
