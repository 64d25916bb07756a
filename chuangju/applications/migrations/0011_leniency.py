"""Papers that follow and promises: each duty knows its paper; it can be put off once, and its day can have passed."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# How duties of lenient acceptances were called before they knew their paper.
_TITLES = (("document", "补交", "document"), ("sample", "核查告知承诺：", "promise"))


def link_papers(apps: Any, _schema: Any) -> None:
    """Duties that stand already get their paper by its name; where two are of one name nothing is guessed."""
    obligations = apps.get_model("applications", "Obligation").objects
    documents = apps.get_model("applications", "RequiredDocument").objects
    for kind, prefix, new in _TITLES:
        taken = set()
        for duty in obligations.filter(kind=kind, title__startswith=prefix, document__isnull=True):
            found = list(documents.filter(application=duty.application_id, name=duty.title.removeprefix(prefix))[:2])
            if len(found) == 1 and (found[0].pk, new) not in taken:
                taken.add((found[0].pk, new))
                obligations.filter(pk=duty.pk).update(document=found[0], kind=new)


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0010_selection"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="obligation",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="duties",
                to="applications.requireddocument",
                verbose_name="材料",
            ),
        ),
        migrations.AddField(
            model_name="obligation",
            name="extended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="延期时间"),
        ),
        migrations.AddField(
            model_name="obligation",
            name="extension_reason",
            field=models.CharField(blank=True, default="", max_length=500, verbose_name="延期原因"),
        ),
        migrations.AddField(
            model_name="obligation",
            name="overdue_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="转入逾期处理的时间"),
        ),
        migrations.AlterField(
            model_name="applicationflag",
            name="kind",
            field=models.CharField(
                choices=[
                    ("correction", "补正中"),
                    ("external", "等待外部机构"),
                    ("suspended", "暂停"),
                    ("notice", "公示中"),
                    ("objection", "有异议"),
                    ("funds", "等待资金"),
                    ("reserve", "候补"),
                    ("disputed", "数据有异议"),
                    ("overdue", "容缺材料逾期"),
                ],
                max_length=16,
                verbose_name="标记",
            ),
        ),
        migrations.AlterField(
            model_name="obligation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("report", "报告情况"),
                    ("condition", "保持条件"),
                    ("document", "补交材料"),
                    ("visit", "回访核查"),
                    ("promise", "核查承诺"),
                    ("sample", "抽查"),
                    ("repayment", "退回资金"),
                ],
                max_length=16,
                verbose_name="种类",
            ),
        ),
        migrations.AlterField(
            model_name="requireddocument",
            name="state",
            field=models.CharField(
                choices=[
                    ("missing", "待提供"),
                    ("given", "已提供"),
                    ("checked", "已核对"),
                    ("faulty", "需补正"),
                    ("to_follow", "容缺后补"),
                    ("promised", "告知承诺"),
                    ("broken", "承诺不实"),
                    ("waived", "不再需要"),
                ],
                default="missing",
                max_length=16,
                verbose_name="状态",
            ),
        ),
        migrations.RunPython(link_papers, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("extended_at__isnull", True), models.Q(("extension_reason", ""), _negated=True), _connector="OR"
                ),
                name="obligation_extended_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="obligation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("open", "reported"))),
                fields=("document", "kind"),
                name="obligation_paper_once",
            ),
        ),
    ]
