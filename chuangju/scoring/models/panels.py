"""A panel: who assesses whom by which sheet, and what came of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chuangju.scoring.models.sheets import ScoreSheet
from chuangju.units.models import Unit


class Panel(models.Model):
    """评审: assessors score subjects by one sheet until it is frozen; from then on nothing of it changes."""

    class State(models.TextChoices):
        """From preparing to the end."""

        DRAFT = "draft", _("筹备中")
        SCORING = "scoring", _("评分中")
        FROZEN = "frozen", _("已冻结")
        CLOSED = "closed", _("已结束")

    class Normalisation(models.TextChoices):
        """How severe and lenient assessors are made comparable."""

        NONE = "none", _("不作调整")
        MEAN_SHIFT = "mean_shift", _("按均分平移")
        BY_RANK = "by_rank", _("按名次换算")

    # States in which nothing of the panel's scores may change; held by triggers too (scoring/guards.py).
    SETTLED = (State.FROZEN, State.CLOSED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("名称"), max_length=120)
    sheet = models.ForeignKey(ScoreSheet, on_delete=models.RESTRICT, related_name="panels", verbose_name=_("评分表"))
    unit = models.ForeignKey(Unit, on_delete=models.RESTRICT, related_name="panels", verbose_name=_("组织单位"))
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.DRAFT)
    is_blind = models.BooleanField(_("匿名评审"), default=False)
    drop_extremes = models.BooleanField(_("去掉最高分和最低分"), default=False)
    # With fewer scores than this nothing is dropped; kept with the panel, because the house's figure may change.
    drop_from = models.PositiveSmallIntegerField(_("去极值所需评分数"))
    normalisation = models.CharField(_("评委间调整"), max_length=16, choices=Normalisation, default=Normalisation.NONE)
    min_assessors = models.PositiveSmallIntegerField(_("每个对象最少评分数"), default=3)
    max_per_assessor = models.PositiveSmallIntegerField(_("每位专家最多对象数"), null=True, blank=True)
    due_on = models.DateField(_("评分截止日期"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("发起人"),
    )
    opened_at = models.DateTimeField(_("发起时间"))
    frozen_at = models.DateTimeField(_("冻结时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    is_demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("评审")
        verbose_name_plural = _("评审")
        ordering = ("-opened_at", "id")
        indexes = (models.Index(fields=("unit", "state")), models.Index(fields=("state", "due_on")))
        constraints = (
            models.CheckConstraint(condition=Q(min_assessors__gte=1), name="panel_needs_an_assessor"),
            models.CheckConstraint(
                condition=Q(max_per_assessor__isnull=True) | Q(max_per_assessor__gte=1), name="panel_limit_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "scoring"), frozen_at__isnull=True)
                | Q(state__in=("frozen", "closed"), frozen_at__isnull=False),
                name="panel_frozen_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="panel_closed_has_its_moment",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_settled(self) -> bool:
        """Whether its scores stand for good."""
        return self.state in self.SETTLED


class PanelEntry(models.Model):
    """参评对象: what is assessed, by an opaque key of the package it belongs to, and how it is called in the open and blind."""

    panel = models.ForeignKey(Panel, on_delete=models.RESTRICT, related_name="entries", verbose_name=_("评审"))
    # "applications.application:<uuid>": what stands before the colon names who registered it (scoring/subjects.py).
    subject_key = models.CharField(_("对象标识"), max_length=120)
    label = models.CharField(_("参评对象"), max_length=200)
    blind_label = models.CharField(_("匿名编号"), max_length=40)
    position = models.PositiveIntegerField(_("序号"))
    withdrawn_at = models.DateTimeField(_("退出时间"), null=True, blank=True)
    withdraw_reason = models.CharField(_("退出原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("参评对象")
        verbose_name_plural = _("参评对象")
        ordering = ("panel", "position")
        constraints = (
            models.UniqueConstraint(fields=("panel", "subject_key"), name="panel_entry_once"),
            models.UniqueConstraint(fields=("panel", "position"), name="panel_entry_position_once"),
            models.UniqueConstraint(fields=("panel", "blind_label"), name="panel_entry_blind_label_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdraw_reason=""),
                name="panel_entry_withdrawn_for_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.label


class PanelMember(models.Model):
    """评审组成员: an assessor of a panel, whatever subjects fall to them."""

    panel = models.ForeignKey(Panel, on_delete=models.RESTRICT, related_name="members", verbose_name=_("评审"))
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        related_name="panel_memberships",
        verbose_name=_("评审专家"),
    )
    joined_at = models.DateTimeField(_("加入时间"))

    class Meta:
        verbose_name = _("评审组成员")
        verbose_name_plural = _("评审组成员")
        ordering = ("panel", "joined_at", "id")
        constraints = (models.UniqueConstraint(fields=("panel", "assessor"), name="panel_member_once"),)

    def __str__(self) -> str:
        return str(self.assessor)


class FrozenResult(models.Model):
    """评审结果: what a panel came to when it was frozen, with its hash; append-only."""

    panel = models.OneToOneField(Panel, on_delete=models.RESTRICT, related_name="frozen", verbose_name=_("评审"))
    results: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(_("结果"))
    sha256 = models.CharField(_("校验值"), max_length=64)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("冻结人"),
    )
    frozen_at = models.DateTimeField(_("冻结时间"))

    class Meta:
        verbose_name = _("评审结果")
        verbose_name_plural = _("评审结果")
        ordering = ("-frozen_at", "id")

    def __str__(self) -> str:
        return str(self.panel)
