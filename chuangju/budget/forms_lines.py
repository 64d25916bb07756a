"""What people type about lines: their outside, amounts, reallocations, the end of a year, next year's request."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangju.budget.models import BudgetLine, Earmark, PerformanceTarget
from chuangju.kernel.money import MoneyRefused, parse_yuan
from chuangju.programme.forms_plans import RevisedForm
from chuangju.units.forms import UnitChoiceField
from chuangju.units.models import Unit

FIRST_YEAR, LAST_YEAR = 2000, 2099


class YuanField(forms.CharField):
    """An amount as people write it (3000元, 1.2万元); its value is whole fen."""

    def __init__(self, **kwargs: Any) -> None:
        """With the usual hint."""
        kwargs.setdefault("help_text", _("例如 3000元、1.5万元，精确到分。"))
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """Fen; None where nothing was written and nothing is demanded."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_yuan(text)
        except MoneyRefused as refused:
            raise forms.ValidationError(refused.sentence) from refused


class LineChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes no argument at run time
    """A line by its code, name and unit."""

    def label_from_instance(self, obj: Any) -> str:
        """As lists name it."""
        return f"{obj.year}-{obj.code} {obj.shown_name} · {obj.unit.shown_name}"


class LineForm(RevisedForm):
    """The outside of a line."""

    year = forms.IntegerField(label=_("年度"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    code = forms.CharField(label=_("条目编号"), max_length=40)
    name = forms.CharField(label=_("条目名称"), max_length=120)
    name_en = forms.CharField(label=_("英文名称"), max_length=160, required=False)
    unit = UnitChoiceField(label=_("预算单位"), queryset=Unit.objects.none())
    policy_id = forms.SlugField(
        label=_("政策编号"),
        max_length=80,
        required=False,
        help_text=_("这笔钱只用于哪项政策，例如 rent_subsidy；不填则本单位的政策都可以用。"),
    )
    task_code = forms.SlugField(label=_("任务"), max_length=80, required=False, help_text=_("服务于分解表的哪项任务。"))
    earmark = forms.ChoiceField(label=_("专项用途"), choices=[("", _("不限对象")), *Earmark.choices], required=False)
    document = forms.CharField(label=_("预算批复文号"), max_length=120, required=False)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        """Units whose lines the user keeps."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class PlanMoneyForm(forms.Form):
    """How much a line is given."""

    amount = YuanField(label=_("预算数"))
    reason = forms.CharField(label=_("事由"), max_length=300, help_text=_("写明依据，例如 年初预算批复文号。"))


class ReallocationForm(forms.Form):
    """From where, to where, how much and why."""

    source = LineChoiceField(
        label=_("调出条目"),
        queryset=BudgetLine.objects.none(),
        required=False,
        empty_label=_("（追加，不从其他条目调出）"),
    )
    target = LineChoiceField(
        label=_("调入条目"),
        queryset=BudgetLine.objects.none(),
        required=False,
        empty_label=_("（压减，不调入其他条目）"),
    )
    amount = YuanField(label=_("金额"))
    reason = forms.CharField(label=_("事由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    document = forms.CharField(label=_("依据文号"), max_length=120, required=False)

    def __init__(self, *args: Any, lines: Any, **kwargs: Any) -> None:
        """Open lines that the user keeps."""
        super().__init__(*args, **kwargs)
        for name in ("source", "target"):
            self.fields[name].queryset = lines  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """Whether a reallocation is agreed to."""

    is_approved = forms.TypedChoiceField(
        label=_("审批结果"),
        choices=[("yes", _("同意")), ("no", _("不同意"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("审批意见"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("不同意的须写明原因。"),
    )


class CloseForm(RevisedForm):
    """How much of what nobody claimed goes on to the next year."""

    carried = YuanField(
        label=_("结转下年的可用资金"), help_text=_("其余的可用资金作为结余上缴；已占用的资金随事项转入下年。")
    )


class ReasonForm(RevisedForm):
    """Why something is done that is told about."""

    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class RequestForm(RevisedForm):
    """Next year's request."""

    title = forms.CharField(label=_("项目名称"), max_length=120)
    amount = YuanField(label=_("申请金额"))
    simulation = forms.CharField(
        label=_("测算依据"),
        max_length=200,
        required=False,
        help_text=_("写明所用测算的名称和日期，例如 政策测算“提高上限”。"),
    )
    simulated = YuanField(label=_("测算金额"), required=False)
    reasons = forms.CharField(label=_("申请理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))
    goal = forms.CharField(
        label=_("总体目标"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class TargetForm(forms.Form):
    """One target of a request."""

    kind = forms.ChoiceField(label=_("指标类别"), choices=PerformanceTarget.Kind.choices)
    name = forms.CharField(label=_("指标名称"), max_length=120)
    value = forms.CharField(label=_("指标值"), max_length=60, help_text=_("例如 ≥500家、≤15个工作日、≥90%。"))
