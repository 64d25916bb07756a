"""Fees that somebody did not have to pay, with the rule that waived each."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """After what stands."""

    dependencies = [
        ("applications", "0006_financing"),
        ("ventures", "0003_registers_and_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FeeWaiver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=64, verbose_name="步骤")),
                ("fee_id", models.CharField(max_length=80, verbose_name="收费编号")),
                ("fee_kind", models.CharField(max_length=16, verbose_name="收费类别")),
                ("fee_name", models.CharField(max_length=200, verbose_name="收费名称")),
                ("fee_name_en", models.CharField(blank=True, default="", max_length=200, verbose_name="英文名称")),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("rule", "按政策免收"),
                            ("exempt", "目录免征"),
                            ("suspended", "目录停征"),
                            ("abolished", "项目已取消"),
                            ("charged", "照常收取"),
                        ],
                        max_length=16,
                        verbose_name="依据种类",
                    ),
                ),
                ("rule", models.CharField(blank=True, default="", max_length=300, verbose_name="依据")),
                ("waived_on", models.DateField(verbose_name="办理日期")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "bundle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="waivers",
                        to="applications.applicationbundle",
                        verbose_name="一件事",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to="ventures.party",
                        verbose_name="主体",
                    ),
                ),
            ],
            options={
                "verbose_name": "免收记录",
                "verbose_name_plural": "免收记录",
                "ordering": ("bundle", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("bundle", "step", "fee_id"), name="fee_waiver_once_per_step")
                ],
            },
        ),
    ]
