"""政策制定: the life of a policy around its file - how it was made, how long it holds, and what was decided at its end."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.languages import reads_english
from chuangju.kernel.models import Attachment
from chuangju.policies.models.sources import Citation
from chuangju.units.models import Unit


class PolicyRecord(Citation):
    """政策档案: one issue of a policy, from its first draft to its end; `policy_id` and `version` are those of its file."""

    class Level(models.TextChoices):
        """Who makes it; what is made above the district has its reviews there."""

        NATIONAL = "national", pgettext_lazy("level", "国家")
        CITY = "city", pgettext_lazy("level", "市级")
        DISTRICT = "district", pgettext_lazy("level", "区级")
        TOWN = "town", pgettext_lazy("level", "街镇级")

    class State(models.TextChoices):
        """Whether it holds on a day, or runs out soon, follows from its dates and is never stored."""

        MAKING = "making", _("制定中")
        ISSUED = "issued", _("已印发")
        SUPERSEDED = "superseded", _("已被替代")
        REPEALED = "repealed", _("已废止")
        ABANDONED = "abandoned", _("终止制定")

    class Stage(models.TextChoices):
        """The stages of its life in their order; which may be recorded when is said in making.py."""

        DRAFT = "draft", pgettext_lazy("policy", "起草")
        CONSULTATION = "consultation", _("征求意见")
        LEGALITY = "legality", _("合法性审核")
        COMPETITION = "competition", _("公平竞争审查")
        DELIBERATION = "deliberation", _("集体审议")
        NUMBER = "number", _("发文字号")
        ISSUE = "issue", pgettext_lazy("policy", "印发")
        EXPLANATION = "explanation", _("政策解读")
        VALIDITY = "validity", _("有效期")
        EVALUATION = "evaluation", _("到期评估")

    class Conclusion(models.TextChoices):
        """What the evaluation before its end says."""

        CONTINUE = "continue", _("继续有效")
        AMEND = "amend", _("修订")
        REPEAL = "repeal", _("废止")

    # Made here, so that the order of its making is ours to hold.
    OWN_LEVELS = (Level.DISTRICT, Level.TOWN)

    policy_id = models.CharField(_("政策编号"), max_length=80)
    version = models.CharField(_("版本"), max_length=20, blank=True)
    title = models.CharField(_("政策名称"), max_length=200)
    title_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    unit = models.ForeignKey(
        Unit,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="policy_records",
        verbose_name=_("责任单位"),
    )
    # As written in the file, where no unit of the register is meant.
    unit_printed = models.CharField(_("责任单位原文"), max_length=100, blank=True)
    level = models.CharField(_("层级"), max_length=16, choices=Level, default=Level.DISTRICT)
    rows = models.JSONField(_("服务的任务"), default=list, blank=True)
    # Came with a policy file: shipped with the product, or published in the browser.
    is_shipped = models.BooleanField(_("有政策文件"), default=False)
    state = models.CharField(_("状态"), max_length=16, choices=State, default=State.MAKING)
    # The furthest stage that stands recorded; kept with the steps, so that lists can be ordered by it.
    stage = models.CharField(_("环节"), max_length=16, choices=Stage, default=Stage.DRAFT)
    issued_on = models.DateField(_("印发日期"), null=True, blank=True)
    effective_from = models.DateField(_("施行日期"), null=True, blank=True)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    explanation = models.TextField(_("政策解读文字"), max_length=5000, blank=True)
    explanation_url = models.URLField(_("政策解读链接"), max_length=500, blank=True)
    conclusion = models.CharField(_("评估结论"), max_length=16, choices=Conclusion, blank=True)
    evaluated_on = models.DateField(_("评估日期"), null=True, blank=True)
    repealed_on = models.DateField(_("废止日期"), null=True, blank=True)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.RESTRICT, related_name="replacements", verbose_name=_("替代")
    )
    revision = models.PositiveIntegerField(default=1)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("登记人"),
    )
    added_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("政策档案")
        verbose_name_plural = _("政策档案")
        ordering = ("policy_id", "version", "pk")
        indexes = (models.Index(fields=("state", "valid_until")), models.Index(fields=("policy_id", "state")))
        constraints = (
            models.UniqueConstraint(
                fields=("policy_id", "version"), condition=~Q(version=""), name="policy_record_version_once"
            ),
            models.UniqueConstraint(
                fields=("policy_id",), condition=Q(state="making"), name="policy_record_one_in_making"
            ),
            models.CheckConstraint(
                condition=Q(effective_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("effective_from")),
                name="policy_record_holds_before_it_ends",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued")
                | Q(is_shipped=True)
                | (Q(issued_on__isnull=False, effective_from__isnull=False) & ~Q(document_number="")),
                name="policy_record_issued_has_number_and_days",
            ),
            models.CheckConstraint(
                condition=Q(conclusion="", evaluated_on__isnull=True)
                | (~Q(conclusion="") & Q(evaluated_on__isnull=False)),
                name="policy_record_conclusion_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="repealed") | Q(repealed_on__isnull=False), name="policy_record_repealed_has_its_day"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """As its file is called: id@version; the id alone while there is no version."""
        return f"{self.policy_id}@{self.version}" if self.version else self.policy_id

    @property
    def shown_title(self) -> str:
        """The title in the reader's language."""
        return (self.title_en if reads_english() else "") or self.title

    @property
    def shown_unit(self) -> str:
        """The unit that answers for it, as the reader calls it."""
        return self.unit.shown_name if self.unit else self.unit_printed

    @property
    def is_own(self) -> bool:
        """Whether the district or a town makes it, so that its making is recorded here."""
        return self.level in self.OWN_LEVELS

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        if self.state not in {self.State.ISSUED, self.State.REPEALED, self.State.SUPERSEDED}:
            return False
        begun = self.effective_from is None or self.effective_from <= day
        ends = [each for each in (self.valid_until, self.repealed_on) if each is not None]
        return begun and all(day <= each for each in ends)


class PolicyStep(models.Model):
    """政策环节: one stage as it was gone through - the day, who, on which document, with what outcome."""

    class Outcome(models.TextChoices):
        """How a stage ended; one that failed is gone through again."""

        DONE = "done", _("已完成")
        PASSED = "passed", _("通过")
        AMENDED = "amended", _("修改后通过")
        FAILED = "failed", _("未通过")

    # With one of these the stage counts as behind us.
    GOOD = (Outcome.DONE, Outcome.PASSED, Outcome.AMENDED)

    record = models.ForeignKey(
        PolicyRecord, on_delete=models.RESTRICT, related_name="steps", verbose_name=_("政策档案")
    )
    stage = models.CharField(_("环节"), max_length=16, choices=PolicyRecord.Stage)
    outcome = models.CharField(_("结果"), max_length=16, choices=Outcome, default=Outcome.DONE)
    day = models.DateField(pgettext_lazy("policy", "日期"))
    person = models.CharField(_("经办人或会议"), max_length=100, blank=True)
    document = models.CharField(_("依据文书"), max_length=200, blank=True)
    words = models.TextField(_("说明"), max_length=1000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name=_("登记人")
    )
    at = models.DateTimeField(_("登记时间"))
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("撤销人"),
    )
    withdrawn_reason = models.CharField(_("撤销原因"), max_length=300, blank=True)
    attachments = GenericRelation(Attachment, content_type_field="owner_type", object_id_field="owner_id")

    class Meta:
        verbose_name = _("政策环节")
        verbose_name_plural = _("政策环节")
        ordering = ("record", "day", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="policy_step_withdrawn_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.record} {self.get_stage_display()}"

    @property
    def counts(self) -> bool:
        """Whether the stage is behind us with this."""
        return self.withdrawn_at is None and self.outcome in self.GOOD
