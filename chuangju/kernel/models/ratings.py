"""Ratings (好差评) of what the public was served with."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models.accounts import User


class Rating(models.Model):
    """好差评: one person's judgement of one record, one to five."""

    class Stars(models.IntegerChoices):
        """The five words of the national scheme, best first."""

        VERY_GOOD = 5, _("非常满意")
        GOOD = 4, _("满意")
        FAIR = 3, _("基本满意")
        POOR = 2, _("不满意")
        VERY_POOR = 1, _("非常不满意")

    owner_type = models.ForeignKey(ContentType, on_delete=models.RESTRICT, verbose_name=_("所属对象类型"))
    owner_id = models.CharField(max_length=64, verbose_name=_("所属对象编号"))
    owner = GenericForeignKey("owner_type", "owner_id")
    stars = models.PositiveSmallIntegerField(_("评价"), choices=Stars)
    comment = models.TextField(_("意见"), max_length=1000, blank=True)
    by = models.ForeignKey(User, on_delete=models.RESTRICT, related_name="+", verbose_name=_("评价人"))
    at = models.DateTimeField(_("评价时间"))
    changed_at = models.DateTimeField(_("修改时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("好差评")
        verbose_name_plural = _("好差评")
        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("owner_type", "owner_id", "by"), name="rating_once_per_person"),
            models.CheckConstraint(condition=models.Q(stars__gte=1, stars__lte=5), name="rating_one_to_five"),
        )

    def __str__(self) -> str:
        return f"{self.owner} {self.get_stars_display()}"[:200]
