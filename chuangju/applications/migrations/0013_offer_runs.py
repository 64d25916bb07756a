"""Offers made together are kept as one run, with whom was left out and why."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0012_application_changed"),
        ("units", "0003_resets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OfferRun",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("policy_id", models.CharField(max_length=80, verbose_name="政策编号")),
                ("policy_version", models.CharField(max_length=40, verbose_name="政策版本")),
                ("title", models.CharField(max_length=200, verbose_name="事项")),
                ("source", models.CharField(max_length=100, verbose_name="数据来源")),
                ("found", models.PositiveIntegerField(default=0, verbose_name="比对符合")),
                ("left_out", models.JSONField(blank=True, default=list, verbose_name="不推送")),
                ("made_at", models.DateTimeField(verbose_name="推送时间")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="推送人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="责任单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "推送批次",
                "verbose_name_plural": "推送批次",
                "ordering": ("-made_at", "id"),
            },
        ),
        migrations.AddField(
            model_name="application",
            name="offer_run",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="offers",
                to="applications.offerrun",
                verbose_name="推送批次",
            ),
        ),
    ]
