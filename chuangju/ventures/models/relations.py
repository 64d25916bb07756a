"""How parties are related, from a day to a day."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.ventures.models.parties import Party


class RelationQuerySet(models.QuerySet["PartyRelation"]):
    """Questions about many relations."""

    def holding_on(self, day: date) -> RelationQuerySet:
        """Relations that hold on this day; an unknown beginning or end leaves that side open."""
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=day), Q(ends_on__isnull=True) | Q(ends_on__gte=day)
        )

    def overlapping(self, starts_on: date | None, ends_on: date | None) -> RelationQuerySet:
        """Relations that share a day with this span."""
        found = self
        if ends_on is not None:
            found = found.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=ends_on))
        if starts_on is not None:
            found = found.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
        return found


class PartyRelation(models.Model):
    """主体关系: what one party is to another, from a day to a day (both included); unknown days are left open."""

    class Kind(models.TextChoices):
        """Read as "from … to": 张三 is 法定代表人 of 某公司."""

        LEGAL_REPRESENTATIVE = "legal_representative", _("法定代表人")
        SHAREHOLDER = "shareholder", _("股东")
        FOUNDER = "founder", pgettext_lazy("relation", "创办人")
        EMPLOYEE = "employee", _("员工")
        MEMBER_OF = "member_of", _("成员")
        STUDENT_OF = "student_of", _("学生")
        TEACHER_OF = "teacher_of", _("教师")
        BRANCH_OF = "branch_of", _("分支机构")
        BECOMES = "becomes", _("团队落地为")
        INCUBATED_IN = "incubated_in", _("入驻孵化")

    # Of these a party has one at a time.
    ONE_AT_A_TIME = (Kind.LEGAL_REPRESENTATIVE, Kind.BRANCH_OF)

    from_party = models.ForeignKey(
        Party, on_delete=models.RESTRICT, related_name="relations_from", verbose_name=_("主体")
    )
    to_party = models.ForeignKey(
        Party, on_delete=models.RESTRICT, related_name="relations_to", verbose_name=_("对方主体")
    )
    kind = models.CharField(_("关系"), max_length=24, choices=Kind)
    starts_on = models.DateField(_("起"), null=True, blank=True)
    ends_on = models.DateField(_("止"), null=True, blank=True)
    # In ten-thousandths; shareholders only.
    share = models.PositiveIntegerField(_("持股比例"), null=True, blank=True)
    source = models.CharField(_("数据来源"), max_length=16, choices=Party.Source)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    created_at = models.DateTimeField(_("登记时间"))

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("主体关系")
        verbose_name_plural = _("主体关系")
        ordering = (F("starts_on").desc(nulls_last=True), "-id")
        constraints = (
            models.CheckConstraint(condition=~Q(from_party=F("to_party")), name="relation_never_to_itself"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="relation_from_before_to",
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(kind="shareholder", share__gte=1, share__lte=10_000),
                name="relation_share_of_a_shareholder",
            ),
            # The whole rule against overlaps stands in triggers (relation_guards.py); these hold without them too.
            models.UniqueConstraint(
                fields=("from_party", "to_party", "kind"),
                condition=Q(ends_on__isnull=True),
                name="relation_open_once",
            ),
            models.UniqueConstraint(
                fields=("from_party", "to_party", "kind", "starts_on"), name="relation_once_from_a_day"
            ),
            models.UniqueConstraint(
                fields=("from_party", "to_party", "kind"),
                condition=Q(starts_on__isnull=True),
                name="relation_once_from_ever",
            ),
        )

    def __str__(self) -> str:
        return f"{self.from_party} - {self.to_party}"

    def holds_on(self, day: date) -> bool:
        """Whether the relation holds on this day."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or self.ends_on >= day)
