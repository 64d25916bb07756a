"""Lines of the budget, their ledger, reallocations, payments and their batches."""

import chuangju.kernel.encryption
import django.db.models.deletion
import django.db.models.expressions
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("units", "0003_resets"),
        ("ventures", "0003_registers_and_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("code", models.CharField(max_length=40, verbose_name="条目编号")),
                ("name", models.CharField(max_length=120, verbose_name="条目名称")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="英文名称")),
                ("policy_id", models.CharField(blank=True, max_length=80, verbose_name="政策编号")),
                ("task_code", models.CharField(blank=True, max_length=80, verbose_name="任务")),
                (
                    "earmark",
                    models.CharField(
                        blank=True,
                        choices=[("young_graduate", "青年大学生"), ("start_up", "初创组织")],
                        max_length=20,
                        verbose_name="专项用途",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "编制中"), ("open", "执行中"), ("closed", "已年终结账")],
                        default="draft",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="预算批复文号")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                ("revision", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="登记时间")),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="启用时间")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="结账时间")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "follows",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="successor",
                        to="budget.budgetline",
                        verbose_name="结转自",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="budget_lines",
                        to="units.unit",
                        verbose_name="预算单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "资金条目",
                "verbose_name_plural": "资金条目",
                "ordering": ("-year", "code"),
                "indexes": [models.Index(fields=["year", "state", "policy_id"], name="budget_budg_year_bc509d_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("year", "code"), name="budget_line_code_once_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("follows__isnull", True),
                            models.Q(("follows", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="budget_line_never_follows_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", False), _connector="OR"
                        ),
                        name="budget_line_closed_has_its_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimBalance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("claim_key", models.CharField(max_length=120, verbose_name="对应事项")),
                ("reserved", models.BigIntegerField(default=0, verbose_name="已预留")),
                ("committed", models.BigIntegerField(default=0, verbose_name="已批待拨")),
                ("paid", models.BigIntegerField(default=0, verbose_name="已支付")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="claims",
                        to="budget.budgetline",
                        verbose_name="资金条目",
                    ),
                ),
            ],
            options={
                "verbose_name": "事项余额",
                "verbose_name_plural": "事项余额",
                "ordering": ("line", "claim_key"),
                "constraints": [
                    models.UniqueConstraint(fields=("claim_key", "line"), name="claim_balance_once_per_line"),
                    models.UniqueConstraint(
                        condition=models.Q(("reserved__gt", 0), ("committed__gt", 0), _connector="OR"),
                        fields=("claim_key",),
                        name="claim_holds_money_of_one_line",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reserved__gte", 0)), name="claim_balance_reserved_not_below_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("committed__gte", 0)), name="claim_balance_committed_not_below_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("paid__gte", 0)), name="claim_balance_paid_not_below_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("plan", "下达预算"),
                            ("move", "预算调剂"),
                            ("reserve", "预留"),
                            ("commit", "核定待拨"),
                            ("release", "释放"),
                            ("pay", "支付"),
                            ("return", "退票退回"),
                            ("recover", "追回"),
                            ("carry", "年终结转"),
                            ("surrender", "结余上缴"),
                            ("reverse", "冲正"),
                        ],
                        max_length=12,
                        verbose_name="业务",
                    ),
                ),
                ("claim_key", models.CharField(blank=True, max_length=120, verbose_name="对应事项")),
                ("amount", models.BigIntegerField(verbose_name="金额（分）")),
                ("reference", models.CharField(blank=True, max_length=120, verbose_name="凭据")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="事由")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="entries",
                        to="budget.budgetline",
                        verbose_name="资金条目",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="reversed_by",
                        to="budget.entry",
                        verbose_name="冲正对象",
                    ),
                ),
            ],
            options={
                "verbose_name": "分录",
                "verbose_name_plural": "分录",
                "ordering": ("-at", "-id"),
                "indexes": [
                    models.Index(fields=["line", "at"], name="budget_entr_line_id_12a781_idx"),
                    models.Index(fields=["claim_key"], name="budget_entr_claim_k_11de31_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reference", ""), _negated=True),
                        fields=("kind", "reference"),
                        name="entry_reference_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="entry_moves_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reverses__isnull", True), models.Q(("kind", "reverse"), _negated=True)),
                            models.Q(("kind", "reverse"), ("reverses__isnull", False)),
                            _connector="OR",
                        ),
                        name="entry_reversal_names_its_entry",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaymentBatch",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=24, unique=True, verbose_name="批次号")),
                ("title", models.CharField(max_length=120, verbose_name="批次名称")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "组批中"),
                            ("checked", "已联审"),
                            ("approved", "已审批"),
                            ("sent", "已报送"),
                            ("settled", "已结清"),
                            ("dissolved", "已撤批"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("total", models.BigIntegerField(default=0, verbose_name="合计（分）")),
                ("count", models.PositiveIntegerField(default=0, verbose_name="笔数")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="校验值")),
                ("returned_reason", models.CharField(blank=True, max_length=300, verbose_name="退回原因")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                ("revision", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(verbose_name="组批时间")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="联审时间")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="审批时间")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="报送时间")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="结清时间")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审批人",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="联审人",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="组批人",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="报送人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="payment_batches",
                        to="units.unit",
                        verbose_name="预算单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "拨付批次",
                "verbose_name_plural": "拨付批次",
                "ordering": ("-created_at", "-number"),
                "indexes": [models.Index(fields=["unit", "state"], name="budget_paym_unit_id_e9597c_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(
                                models.Q(("approved_by", models.F("checked_by")), _negated=True),
                                models.Q(("approved_by", models.F("created_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="batch_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("draft", "dissolved")), ("checked_by__isnull", False), _connector="OR"
                        ),
                        name="batch_checked_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("draft", "checked", "dissolved")),
                            ("approved_by__isnull", False),
                            _connector="OR",
                        ),
                        name="batch_approved_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("sent", "settled")), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="batch_sent_has_its_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=24, unique=True, verbose_name="支付编号")),
                ("claim_key", models.CharField(max_length=120, unique=True, verbose_name="对应事项")),
                ("amount", models.BigIntegerField(verbose_name="金额（分）")),
                ("recovered", models.BigIntegerField(default=0, verbose_name="追回金额（分）")),
                ("account_name", models.CharField(max_length=120, verbose_name="账户名称")),
                ("account_number", chuangju.kernel.encryption.EncryptedTextField(verbose_name="银行账号")),
                (
                    "account_hash",
                    chuangju.kernel.encryption.KeyedHashField(
                        blank=True,
                        db_index=True,
                        editable=False,
                        max_length=73,
                        null=True,
                        purpose="budget.account_number",
                        source="account_number",
                    ),
                ),
                ("bank", models.CharField(max_length=120, verbose_name="开户银行")),
                ("purpose", models.CharField(max_length=200, verbose_name="用途")),
                ("instalment", models.PositiveSmallIntegerField(default=1, verbose_name="期次")),
                ("due_on", models.DateField(verbose_name="计划拨付日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "待拨付"),
                            ("checked", "已联审"),
                            ("approved", "已审批"),
                            ("sent", "已报送国库"),
                            ("paid", "已到账"),
                            ("failed", "支付失败"),
                            ("returned", "已退票"),
                            ("recovered", "已追回"),
                            ("stopped", "已停付"),
                        ],
                        default="requested",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=1, verbose_name="第几次拨付")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="失败、退票或停付原因")),
                ("paid_on", models.DateField(blank=True, null=True, verbose_name="到账日期")),
                ("voucher", models.CharField(blank=True, max_length=60, verbose_name="国库凭证号")),
                ("is_demo", models.BooleanField(default=False, verbose_name="演示数据")),
                ("revision", models.PositiveIntegerField(default=1)),
                ("requested_at", models.DateTimeField(verbose_name="申请时间")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="payments",
                        to="budget.budgetline",
                        verbose_name="资金条目",
                    ),
                ),
                (
                    "payee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="payments",
                        to="ventures.party",
                        verbose_name="收款人",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申请人",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="payments",
                        to="budget.paymentbatch",
                        verbose_name="拨付批次",
                    ),
                ),
            ],
            options={
                "verbose_name": "拨付",
                "verbose_name_plural": "拨付",
                "ordering": ("-requested_at", "-number"),
                "indexes": [
                    models.Index(fields=["state", "due_on"], name="budget_paym_state_43f77a_idx"),
                    models.Index(fields=["line", "state"], name="budget_paym_line_id_12769b_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="payment_moves_something"),
                    models.CheckConstraint(
                        condition=models.Q(("recovered__gte", 0), ("recovered__lte", models.F("amount"))),
                        name="payment_recovers_what_was_paid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("paid", "recovered")), _negated=True),
                            ("paid_on__isnull", False),
                            _connector="OR",
                        ),
                        name="payment_paid_has_its_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ("checked", "approved", "sent", "paid", "recovered")), _negated=True
                            ),
                            ("batch__isnull", False),
                            _connector="OR",
                        ),
                        name="payment_goes_out_in_a_batch",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("failed", "returned", "stopped")), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="payment_back_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BatchItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(verbose_name="序号")),
                ("attempt", models.PositiveSmallIntegerField(verbose_name="第几次拨付")),
                ("amount", models.BigIntegerField(verbose_name="金额（分）")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("waiting", "待回执"),
                            ("paid", "支付成功"),
                            ("failed", "支付失败"),
                            ("returned", "已退票"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="回执结果",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="失败或退票原因")),
                ("paid_on", models.DateField(blank=True, null=True, verbose_name="到账日期")),
                ("voucher", models.CharField(blank=True, max_length=60, verbose_name="国库凭证号")),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="items",
                        to="budget.payment",
                        verbose_name="拨付",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="items",
                        to="budget.paymentbatch",
                        verbose_name="拨付批次",
                    ),
                ),
            ],
            options={
                "verbose_name": "拨付明细",
                "verbose_name_plural": "拨付明细",
                "ordering": ("batch", "position"),
                "constraints": [
                    models.UniqueConstraint(fields=("payment", "attempt"), name="batch_item_attempt_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("outcome__in", ("waiting", "paid"))),
                        fields=("payment",),
                        name="batch_item_one_alive",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="batch_item_moves_something"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnswerFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                ("sha256", models.CharField(max_length=64, verbose_name="校验值")),
                ("rows", models.PositiveIntegerField(verbose_name="行数")),
                ("total", models.BigIntegerField(verbose_name="支付成功合计（分）")),
                ("paid", models.PositiveIntegerField(verbose_name="成功笔数")),
                ("failed", models.PositiveIntegerField(verbose_name="失败笔数")),
                ("returned", models.PositiveIntegerField(verbose_name="退票笔数")),
                ("unchanged", models.PositiveIntegerField(verbose_name="无变化笔数")),
                ("read_at", models.DateTimeField(verbose_name="导入时间")),
                (
                    "read_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="导入人",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="answers",
                        to="budget.paymentbatch",
                        verbose_name="拨付批次",
                    ),
                ),
            ],
            options={
                "verbose_name": "国库回执",
                "verbose_name_plural": "国库回执",
                "ordering": ("-read_at", "-id"),
                "constraints": [models.UniqueConstraint(fields=("batch", "sha256"), name="answer_file_once_per_batch")],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.CharField(
                        choices=[
                            ("planned", "预算数"),
                            ("carried_in", "上年结转"),
                            ("available", "可用"),
                            ("reserved", "已预留"),
                            ("committed", "已批待拨"),
                            ("paid", "已支付"),
                            ("carried_out", "结转下年"),
                            ("surrendered", "结余上缴额"),
                        ],
                        max_length=12,
                        verbose_name="账户",
                    ),
                ),
                ("amount", models.BigIntegerField(verbose_name="金额（分）")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="postings",
                        to="budget.entry",
                        verbose_name="分录",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="postings",
                        to="budget.budgetline",
                        verbose_name="资金条目",
                    ),
                ),
            ],
            options={
                "verbose_name": "记账",
                "verbose_name_plural": "记账",
                "ordering": ("entry", "id"),
                "indexes": [models.Index(fields=["line", "account"], name="budget_post_line_id_3edaa5_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("entry", "line", "account"), name="posting_once_per_entry_and_account"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="posting_moves_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reallocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.BigIntegerField(verbose_name="金额（分）")),
                ("reason", models.CharField(max_length=300, verbose_name="事由")),
                ("document", models.CharField(blank=True, max_length=120, verbose_name="依据文号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "待审批"),
                            ("approved", "已批准"),
                            ("refused", "未批准"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="proposed",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="提出时间")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审批时间")),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="审批意见")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审批人",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="reallocation",
                        to="budget.entry",
                        verbose_name="分录",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="moved_out",
                        to="budget.budgetline",
                        verbose_name="调出条目",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="moved_in",
                        to="budget.budgetline",
                        verbose_name="调入条目",
                    ),
                ),
            ],
            options={
                "verbose_name": "预算调剂",
                "verbose_name_plural": "预算调剂",
                "ordering": ("-proposed_at", "-id"),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="reallocation_moves_something"),
                    models.CheckConstraint(
                        condition=models.Q(("source__isnull", False), ("target__isnull", False), _connector="OR"),
                        name="reallocation_names_a_line",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source__isnull", True),
                            ("target__isnull", True),
                            models.Q(("source", models.F("target")), _negated=True),
                            _connector="OR",
                        ),
                        name="reallocation_between_two_lines",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            ("state", "withdrawn"),
                            _connector="OR",
                        ),
                        name="reallocation_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_by__isnull", False), ("entry__isnull", False), ("state", "approved")),
                            models.Q(models.Q(("state", "approved"), _negated=True), ("entry__isnull", True)),
                            _connector="OR",
                        ),
                        name="reallocation_approved_stands_in_the_ledger",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LineBalance",
            fields=[
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.RESTRICT,
                        primary_key=True,
                        related_name="balance",
                        serialize=False,
                        to="budget.budgetline",
                        verbose_name="资金条目",
                    ),
                ),
                ("planned", models.BigIntegerField(default=0, verbose_name="预算数")),
                ("carried_in", models.BigIntegerField(default=0, verbose_name="上年结转")),
                ("available", models.BigIntegerField(default=0, verbose_name="可用")),
                ("reserved", models.BigIntegerField(default=0, verbose_name="已预留")),
                ("committed", models.BigIntegerField(default=0, verbose_name="已批待拨")),
                ("paid", models.BigIntegerField(default=0, verbose_name="已支付")),
                ("carried_out", models.BigIntegerField(default=0, verbose_name="结转下年")),
                ("surrendered", models.BigIntegerField(default=0, verbose_name="结余上缴额")),
            ],
            options={
                "verbose_name": "条目余额",
                "verbose_name_plural": "条目余额",
                "ordering": ("line",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("planned__gte", 0)), name="line_balance_planned_not_below_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("carried_in__gte", 0)), name="line_balance_carried_in_not_below_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("available__gte", 0)), name="line_balance_available_not_below_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reserved__gte", 0)), name="line_balance_reserved_not_below_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("committed__gte", 0)), name="line_balance_committed_not_below_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("paid__gte", 0)), name="line_balance_paid_not_below_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("carried_out__gte", 0)), name="line_balance_carried_out_not_below_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("surrendered__gte", 0)), name="line_balance_surrendered_not_below_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "planned",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                django.db.models.expressions.CombinedExpression(
                                                    django.db.models.expressions.CombinedExpression(
                                                        models.F("available"), "+", models.F("reserved")
                                                    ),
                                                    "+",
                                                    models.F("committed"),
                                                ),
                                                "+",
                                                models.F("paid"),
                                            ),
                                            "+",
                                            models.F("carried_out"),
                                        ),
                                        "+",
                                        models.F("surrendered"),
                                    ),
                                    "-",
                                    models.F("carried_in"),
                                ),
                            )
                        ),
                        name="line_balance_in_balance",
                    ),
                ],
            },
        ),
    ]
