"""Lines of the budget: whose money it is, of which year and for what."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.languages import reads_english
from chuangju.units.models import Unit


class Earmark(models.TextChoices):
    """Whom the money of a line is kept for; empty means anybody."""

    YOUNG_GRADUATE = "young_graduate", _("青年大学生")
    START_UP = "start_up", _("初创组织")


class BudgetLine(models.Model):
    """资金条目: money of one year and one unit, for a policy or a task; what becomes of it stands in the ledger."""

    class State(models.TextChoices):
        """Money is taken from open lines alone."""

        DRAFT = "draft", pgettext_lazy("budget", "编制中")
        OPEN = "open", pgettext_lazy("budget", "执行中")
        CLOSED = "closed", pgettext_lazy("budget", "已年终结账")

    year = models.PositiveSmallIntegerField(_("年度"))
    code = models.CharField(_("条目编号"), max_length=40)
    name = models.CharField(_("条目名称"), max_length=120)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.RESTRICT, related_name="budget_lines", verbose_name=_("预算单位"))
    # The policy of the catalogue that is paid from it; empty for any.
    policy_id = models.CharField(_("政策编号"), max_length=80, blank=True)
    # The task of the table that it serves.
    task_code = models.CharField(_("任务"), max_length=80, blank=True)
    earmark = models.CharField(_("专项用途"), max_length=20, choices=Earmark, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.DRAFT)
    # The paper by which the money was given: 预算批复文号.
    document = models.CharField(_("预算批复文号"), max_length=120, blank=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    # The line of the year before whose remaining money came here.
    follows = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="successor", verbose_name=_("结转自")
    )
    is_demo = models.BooleanField(_("演示数据"), default=False)
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("登记人"),
    )
    created_at = models.DateTimeField(_("登记时间"))
    opened_at = models.DateTimeField(_("启用时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结账时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("资金条目")
        verbose_name_plural = _("资金条目")
        ordering = ("-year", "code")
        indexes = (models.Index(fields=("year", "state", "policy_id")),)
        constraints = (
            models.UniqueConstraint(fields=("year", "code"), name="budget_line_code_once_a_year"),
            models.CheckConstraint(
                condition=Q(follows__isnull=True) | ~Q(follows=F("id")), name="budget_line_never_follows_itself"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False), name="budget_line_closed_has_its_moment"
            ),
        )

    def __str__(self) -> str:
        return f"{self.year} {self.name}"

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return (self.name_en if reads_english() else "") or self.name

    @property
    def is_open(self) -> bool:
        """Whether money may be taken from it."""
        return self.state == self.State.OPEN
