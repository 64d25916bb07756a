"""The index of search: one row for each record that can be found, kept by `search_index` alone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SearchEntry(models.Model):
    """检索条目: what one record can be found by; whether somebody may see it is asked of its source each time."""

    source = models.CharField(_("来源"), max_length=40)
    # The record's own key, in the type it has there, so that the database can compare the two.
    record_number = models.BigIntegerField(null=True)
    record_uuid = models.UUIDField(null=True)
    # Title and other names, evened out and set between bars: "|区人社局|人社局|".
    keys = models.TextField()
    # The names in pinyin, syllables apart: "|qu ren she ju|ren she ju|".
    pinyin = models.TextField(blank=True)
    # Space-separated ASCII tokens (search_tokens); the full-text index stands over this column.
    tokens = models.TextField()
    # The record's own day, by which newer ones come first among equals.
    moment = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("检索条目")
        verbose_name_plural = _("检索条目")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("source", "record_number"), name="search_entry_number_once"),
            models.UniqueConstraint(fields=("source", "record_uuid"), name="search_entry_uuid_once"),
            models.CheckConstraint(
                condition=Q(record_number__isnull=False, record_uuid__isnull=True)
                | Q(record_number__isnull=True, record_uuid__isnull=False),
                name="search_entry_has_one_key",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.record_number or self.record_uuid}"
