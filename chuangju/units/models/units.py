"""Units with dated names, aliases and groups."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.languages import reads_english


class UnitQuerySet(models.QuerySet["Unit"]):
    """Questions about many units."""

    def existing_on(self, day: date) -> UnitQuerySet:
        """Units set up by this day and not yet abolished."""
        return self.filter(
            Q(established_on__isnull=True) | Q(established_on__lte=day),
            Q(abolished_on__isnull=True) | Q(abolished_on__gt=day),
        )

    def towns(self) -> UnitQuerySet:
        """Towns, sub-districts and zones: the places among the units."""
        return self.filter(kind__in=Unit.PLACES)


class Unit(models.Model):
    """单位: a department, town or zone; its names are dated, and the table keeps the name as printed."""

    class Kind(models.TextChoices):
        """In 建制序: party, government, mass organisations, then towns and zones."""

        PARTY = "party", _("党委部门")
        GOVERNMENT = "government", _("政府部门")
        MASS = "mass", _("群团组织")
        TOWN = "town", _("街镇")
        ZONE = "zone", _("工业区")
        OTHER = "other", _("其他单位")

    # The kinds that 各街镇（工业区） means.
    PLACES = (Kind.TOWN, Kind.ZONE)

    code = models.CharField(_("代码"), max_length=32, unique=True)
    kind = models.CharField(_("类别"), max_length=16, choices=Kind)
    position = models.PositiveIntegerField(_("建制序"), default=0)
    established_on = models.DateField(_("设立日期"), null=True, blank=True)
    # The first day on which the unit is no more.
    abolished_on = models.DateField(_("撤销日期"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="predecessors",
        verbose_name=_("承接单位"),
    )
    # The current name again, so that lists and foreign keys need no join to say who it is; kept by rename_unit.
    name = models.CharField(_("名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=150, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        ordering = ("position", "code")
        constraints = (
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")), name="unit_never_succeeds_itself"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return (self.name_en if reads_english() else "") or self.name

    def exists_on(self, day: date) -> bool:
        """Whether the unit is set up and not yet abolished on this day."""
        if self.established_on is not None and day < self.established_on:
            return False
        return self.abolished_on is None or day < self.abolished_on


class UnitName(models.Model):
    """单位名称: what a unit is or was called, officially (dated) or in other people's tables (alias)."""

    class Confidence(models.TextChoices):
        """How sure the name and its days are; what is not official is shown as 未核实."""

        OFFICIAL = "official", _("官方来源")
        SECONDARY = "secondary", _("转载来源")
        UNVERIFIED = "unverified", _("未核实")

    unit = models.ForeignKey(Unit, on_delete=models.RESTRICT, related_name="names", verbose_name=_("单位"))
    name = models.CharField(_("名称"), max_length=100)
    is_alias = models.BooleanField(_("别名"), default=False)
    valid_from = models.DateField(_("起"), null=True, blank=True)
    valid_to = models.DateField(_("止"), null=True, blank=True)
    confidence = models.CharField(_("可信程度"), max_length=16, choices=Confidence, default=Confidence.OFFICIAL)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("单位名称")
        verbose_name_plural = _("单位名称")
        ordering = ("is_alias", "valid_from", "id")
        constraints = (
            models.UniqueConstraint(fields=("name", "valid_from"), name="unit_name_once_from_a_day"),
            models.UniqueConstraint(
                fields=("name",), condition=Q(valid_from__isnull=True), name="unit_name_once_undated"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="unit_name_from_before_to",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def holds_on(self, day: date) -> bool:
        """Whether the unit officially bears this name on this day (an alias never does)."""
        if self.is_alias or (self.valid_from is not None and day < self.valid_from):
            return False
        return self.valid_to is None or day <= self.valid_to


class UnitGroup(models.Model):
    """单位组: a word of the table that stands for several units (各街镇, 各创建成员单位, 相关创建成员单位)."""

    class Rule(models.TextChoices):
        """How members are found: by kind for towns, all members of the version, or chosen by the office."""

        TOWNS = "towns", _("全部街镇和工业区")
        ALL = "all", _("全部成员单位")
        CHOSEN = "chosen", _("由创建办指定")

    key = models.SlugField(_("代码"), max_length=32, unique=True)
    name = models.CharField(_("名称"), max_length=60, unique=True)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    aliases = models.JSONField(_("其他写法"), default=list)
    rule = models.CharField(_("成员规则"), max_length=16, choices=Rule)

    class Meta:
        verbose_name = _("单位组")
        verbose_name_plural = _("单位组")
        ordering = ("key",)

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return (self.name_en if reads_english() else "") or self.name
