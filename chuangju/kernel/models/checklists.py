"""Checklists that belong to any one record; each item may carry a note and photos."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models.accounts import User
from chuangju.kernel.models.attachments import Attachment


class Checklist(models.Model):
    """核验清单: the items of one template, to be ticked for one record."""

    owner_type = models.ForeignKey(ContentType, on_delete=models.RESTRICT, verbose_name=_("所属对象类型"))
    owner_id = models.CharField(max_length=64, verbose_name=_("所属对象编号"))
    owner = GenericForeignKey("owner_type", "owner_id")
    template_key = models.CharField(_("清单模板"), max_length=64)
    title = models.CharField(_("清单名称"), max_length=100)
    started_by = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+", verbose_name=_("建立人"))
    started_at = models.DateTimeField(_("建立时间"))

    class Meta:
        verbose_name = _("核验清单")
        verbose_name_plural = _("核验清单")
        ordering = ("started_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("owner_type", "owner_id", "template_key"), name="checklist_once_per_record_and_template"
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} {self.owner}"[:200]


class ChecklistItem(models.Model):
    """核验事项: one thing to look at: found in order or not yet, by whom, when, with a note and photos."""

    checklist = models.ForeignKey(Checklist, on_delete=models.RESTRICT, related_name="items")
    key = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    # As the template said when the list was begun: a template that changes later does not change what was verified.
    label = models.CharField(_("核验事项"), max_length=200)
    is_done = models.BooleanField(_("已核验"), default=False)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    done_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.RESTRICT, related_name="+", verbose_name=_("核验人")
    )
    done_at = models.DateTimeField(_("核验时间"), null=True, blank=True)
    photos = GenericRelation(Attachment, content_type_field="owner_type", object_id_field="owner_id")

    class Meta:
        verbose_name = _("核验事项")
        verbose_name_plural = _("核验事项")
        ordering = ("checklist", "position")
        constraints = (
            models.UniqueConstraint(fields=("checklist", "key"), name="checklist_item_once"),
            models.CheckConstraint(
                condition=Q(is_done=True, done_by__isnull=False, done_at__isnull=False)
                | Q(is_done=False, done_by__isnull=True, done_at__isnull=True),
                name="checklist_item_done_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return self.label
