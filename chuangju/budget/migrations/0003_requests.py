"""Next year's requests and their targets."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("budget", "0002_entry_guard"),
        ("units", "0003_resets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BudgetRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="申请年度")),
                ("title", models.CharField(max_length=120, verbose_name="项目名称")),
                ("amount", models.BigIntegerField(verbose_name="申请金额（分）")),
                ("spent", models.BigIntegerField(default=0, verbose_name="本年已支付（分）")),
                ("expected", models.BigIntegerField(default=0, verbose_name="本年预计支出（分）")),
                ("simulation", models.CharField(blank=True, max_length=200, verbose_name="测算依据")),
                ("simulated", models.BigIntegerField(blank=True, null=True, verbose_name="测算金额（分）")),
                ("reasons", models.TextField(max_length=2000, verbose_name="申请理由")),
                ("goal", models.TextField(blank=True, max_length=2000, verbose_name="总体目标")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "编制中"), ("submitted", "已上报")],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                ("revision", models.PositiveIntegerField(default=1)),
                ("written_at", models.DateTimeField(verbose_name="编制时间")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="上报时间")),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="requests",
                        to="budget.budgetline",
                        verbose_name="本年度资金条目",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="budget_requests",
                        to="units.unit",
                        verbose_name="预算单位",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="编制人",
                    ),
                ),
            ],
            options={
                "verbose_name": "预算申请",
                "verbose_name_plural": "预算申请",
                "ordering": ("-year", "unit", "title", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="budget_request_asks_for_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "draft"), ("submitted_at__isnull", True)),
                            models.Q(("state", "submitted"), ("submitted_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="budget_request_submitted_has_its_moment",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("line__isnull", False)),
                        fields=("year", "line"),
                        name="budget_request_once_per_line",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PerformanceTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("quantity", "数量指标"),
                            ("quality", "质量指标"),
                            ("timeliness", "时效指标"),
                            ("cost", "成本指标"),
                            ("economic", "经济效益指标"),
                            ("social", "社会效益指标"),
                            ("satisfaction", "满意度指标"),
                        ],
                        max_length=16,
                        verbose_name="指标类别",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="指标名称")),
                ("value", models.CharField(max_length=60, verbose_name="指标值")),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="targets",
                        to="budget.budgetrequest",
                        verbose_name="预算申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "绩效目标",
                "verbose_name_plural": "绩效目标",
                "ordering": ("request", "position", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("request", "kind", "name"), name="target_once_per_request")
                ],
            },
        ),
    ]
