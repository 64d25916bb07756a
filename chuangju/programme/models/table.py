"""The table itself: what is printed in a version, and the tasks and measures that live on across versions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangju.programme.models.versions import TableVersion
from chuangju.units.models import Unit, UnitGroup


class UnitPart(models.TextChoices):
    """承担方式: what a unit does in a row or a measure."""

    LEAD = "lead", _("牵头")
    COOPERATING = "cooperating", _("配合")


class Task(models.Model):
    """工作任务: one task across all versions; its code never changes, its printed number and title may."""

    code = models.SlugField(_("任务代码"), max_length=64, unique=True)
    title_en = models.CharField(_("英文标题"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("工作任务")
        verbose_name_plural = _("工作任务")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.code


class Category(models.Model):
    """类别: a category of one version, in printed order."""

    version = models.ForeignKey(TableVersion, on_delete=models.RESTRICT, related_name="categories")
    position = models.PositiveIntegerField()
    name = models.CharField(_("类别"), max_length=100)
    name_en = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = _("类别")
        verbose_name_plural = _("类别")
        ordering = ("version", "position")
        constraints = (models.UniqueConstraint(fields=("version", "name"), name="category_once_in_a_version"),)

    def __str__(self) -> str:
        return self.name


class TaskRow(models.Model):
    """任务行: a task as printed in one version."""

    version = models.ForeignKey(TableVersion, on_delete=models.RESTRICT, related_name="rows")
    task = models.ForeignKey(Task, on_delete=models.RESTRICT, related_name="rows")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.RESTRICT, related_name="rows")
    position = models.PositiveIntegerField()
    number = models.PositiveIntegerField(_("序号"))
    title = models.CharField(_("工作任务"), max_length=300)
    lead_printed = models.TextField(_("牵头部门"))
    cooperating_printed = models.TextField(_("配合单位"), blank=True)
    due_printed = models.CharField(_("完成时限"), max_length=100, blank=True)
    due_on = models.DateField(_("完成期限"), null=True, blank=True)

    class Meta:
        verbose_name = _("任务行")
        verbose_name_plural = _("任务行")
        ordering = ("version", "position")
        constraints = (
            models.UniqueConstraint(fields=("version", "number"), name="number_once_in_a_version"),
            models.UniqueConstraint(fields=("version", "task"), name="task_once_in_a_version"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class PrintedUnit(models.Model):
    """写法: one name in a unit cell as printed, standing for a unit or for a group."""

    row = models.ForeignKey(TaskRow, on_delete=models.RESTRICT, related_name="printed_units")
    part = models.CharField(_("承担方式"), max_length=16, choices=UnitPart)
    position = models.PositiveIntegerField()
    printed = models.CharField(_("印发名称"), max_length=100)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    group = models.ForeignKey(UnitGroup, null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    # For a group whose members the office picks (相关创建成员单位).
    chosen = models.ManyToManyField(Unit, blank=True, related_name="+", verbose_name=_("指定单位"))

    class Meta:
        verbose_name = _("印发写法")
        verbose_name_plural = _("印发写法")
        ordering = ("row", "part", "position")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(unit__isnull=False, group__isnull=True)
                | models.Q(unit__isnull=True, group__isnull=False),
                name="printed_name_is_unit_or_group",
            ),
        )

    def __str__(self) -> str:
        return self.printed


class RowUnit(models.Model):
    """承担单位: a unit that takes part in a row, groups resolved; kept by set_row_units alone."""

    row = models.ForeignKey(TaskRow, on_delete=models.RESTRICT, related_name="row_units")
    unit = models.ForeignKey(Unit, on_delete=models.RESTRICT, related_name="row_units")
    part = models.CharField(_("承担方式"), max_length=16, choices=UnitPart)

    class Meta:
        verbose_name = _("承担单位")
        verbose_name_plural = _("承担单位")
        ordering = ("row", "unit")
        constraints = (models.UniqueConstraint(fields=("row", "unit"), name="unit_once_in_a_row"),)

    def __str__(self) -> str:
        return f"{self.unit} {self.get_part_display()}"


class Measure(models.Model):
    """推进举措: one printed measure across versions; milestones stand under it."""

    task = models.ForeignKey(Task, on_delete=models.RESTRICT, related_name="measures")
    code = models.CharField(_("举措代码"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("推进举措")
        verbose_name_plural = _("推进举措")
        ordering = ("task", "id")

    def __str__(self) -> str:
        return self.code


class MeasureRow(models.Model):
    """举措行: a measure as printed in one version."""

    row = models.ForeignKey(TaskRow, on_delete=models.RESTRICT, related_name="measure_rows")
    measure = models.ForeignKey(Measure, on_delete=models.RESTRICT, related_name="rows")
    position = models.PositiveIntegerField()
    text = models.TextField(_("推进举措"))

    class Meta:
        verbose_name = _("举措行")
        verbose_name_plural = _("举措行")
        ordering = ("row", "position")
        constraints = (models.UniqueConstraint(fields=("row", "measure"), name="measure_once_in_a_row"),)

    def __str__(self) -> str:
        return f"{self.row.number}（{self.position}）"


class MeasureUnit(models.Model):
    """举措承担单位: set where a measure's own lead or cooperating units differ from its row's."""

    measure_row = models.ForeignKey(MeasureRow, on_delete=models.RESTRICT, related_name="measure_units")
    unit = models.ForeignKey(Unit, on_delete=models.RESTRICT, related_name="+")
    part = models.CharField(_("承担方式"), max_length=16, choices=UnitPart)

    class Meta:
        verbose_name = _("举措承担单位")
        verbose_name_plural = _("举措承担单位")
        ordering = ("measure_row", "unit")
        constraints = (models.UniqueConstraint(fields=("measure_row", "unit"), name="unit_once_in_a_measure"),)

    def __str__(self) -> str:
        return f"{self.unit} {self.get_part_display()}"
