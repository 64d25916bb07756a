"""A nomination that was confirmed can be taken back with a reason; who took one back is no answer of the nominee."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def move_withdrawals(apps: Any, _schema: Any) -> None:
    """Only unanswered ones could be taken back until now, and it was written where the answer stands."""
    taken_back = apps.get_model("applications", "Nomination").objects.filter(state="withdrawn")
    taken_back.update(withdrawn_at=F("answered_at"), withdrawn_by=F("answered_by"), answered_at=None, answered_by=None)


def move_back(apps: Any, _schema: Any) -> None:
    """As it was."""
    taken_back = apps.get_model("applications", "Nomination").objects.filter(state="withdrawn")
    taken_back.update(answered_at=F("withdrawn_at"), answered_by=F("withdrawn_by"))


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0014_nominations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="nomination", name="nomination_answered_has_its_moment"),
        migrations.AddField(
            model_name="nomination",
            name="withdrawal_reason",
            field=models.CharField(blank=True, default="", max_length=1000, verbose_name="撤回理由"),
        ),
        migrations.AddField(
            model_name="nomination",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="撤回时间"),
        ),
        migrations.AddField(
            model_name="nomination",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(move_withdrawals, move_back),
    ]
