"""Somebody is put forward for a policy that asks for it, and confirms."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0013_offer_runs"),
        ("units", "0003_resets"),
        ("ventures", "0003_registers_and_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Nomination",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("policy_id", models.CharField(max_length=80, verbose_name="政策编号")),
                ("title", models.CharField(max_length=200, verbose_name="事项")),
                ("reason", models.CharField(max_length=1000, verbose_name="推荐理由")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "待本人确认"),
                            ("confirmed", "已确认"),
                            ("declined", "已谢绝"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="asked",
                        max_length=16,
                        verbose_name="状态",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="推荐时间")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="答复时间")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="nominations",
                        to="applications.application",
                        verbose_name="办件",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="填写人",
                    ),
                ),
                (
                    "nominee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="nominations",
                        to="ventures.party",
                        verbose_name="被推荐主体",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="nominations_made",
                        to="ventures.party",
                        verbose_name="推荐主体",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="nominations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="被推荐人",
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
                        verbose_name="推荐单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "推荐",
                "verbose_name_plural": "推荐",
                "ordering": ("-made_at", "id"),
                "indexes": [models.Index(fields=["policy_id", "state"], name="application_policy__9bac2e_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("party__isnull", False), ("unit__isnull", True)),
                            models.Q(("party__isnull", True), ("unit__isnull", False)),
                            _connector="OR",
                        ),
                        name="nomination_has_one_nominator",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("nominee__isnull", False), ("person__isnull", True)),
                            models.Q(("nominee__isnull", True), ("person__isnull", False)),
                            _connector="OR",
                        ),
                        name="nomination_has_one_nominee",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "asked"), ("answered_at__isnull", False), _connector="OR"),
                        name="nomination_answered_has_its_moment",
                    ),
                ],
            },
        ),
    ]
