"""What people type about plans in force: adjustments and what is decided on them, reviews and what is noted of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.programme.forms_plans import RevisedForm, TaskChoiceField, offer_tasks
from chuangju.programme.models import Plan, PlanAdjustment, Task
from chuangju.programme.plan_consultations import LONGEST_REASON
from chuangju.programme.plan_reviews import LONGEST_NOTE
from chuangju.programme.plan_reviews import LONGEST_TEXT as LONGEST_REVIEW
from chuangju.programme.plans import LONGEST_TITLE
from chuangju.units.access import existing_units_visible_to
from chuangju.units.forms import DayInput, UnitChoiceField
from chuangju.units.models import Unit


class AdjustmentForm(forms.Form):
    """What is to change about an item of an issued plan."""

    kind = forms.ChoiceField(
        label=_("调整内容"),
        choices=[choice for choice in PlanAdjustment.Kind.choices if choice[0] != PlanAdjustment.Kind.ADD],
        widget=forms.RadioSelect,
    )
    new_due_on = forms.DateField(
        label=_("新的完成期限"), required=False, widget=DayInput(), help_text=_("调整期限时填写。")
    )
    new_unit = UnitChoiceField(
        label=_("新的责任单位"),
        queryset=Unit.objects.none(),
        required=False,
        help_text=_("调整责任单位时选择。"),
    )
    reason = forms.CharField(label=_("调整理由"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, user: Any, on: date, **kwargs: Any) -> None:
        """Units that exist."""
        super().__init__(*args, **kwargs)
        units = existing_units_visible_to(user, on).order_by("position")
        self.fields["new_unit"].queryset = units  # type: ignore[attr-defined]


class NewItemForm(forms.Form):
    """A further item for an issued plan."""

    new_title = forms.CharField(label=_("新增事项"), max_length=LONGEST_TITLE)
    new_task = TaskChoiceField(label=_("服务的任务"), queryset=Task.objects.none(), empty_label=_("请选择"))
    new_unit = UnitChoiceField(label=_("责任单位"), queryset=Unit.objects.none())
    new_due_on = forms.DateField(label=_("完成期限"), widget=DayInput())
    reason = forms.CharField(label=_("调整理由"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, plan: Plan, tasks: Any, units: Any, **kwargs: Any) -> None:
        """Tasks of the plan's version; the units in whose name the user may propose."""
        super().__init__(*args, **kwargs)
        offer_tasks(self.fields["new_task"], plan.version, tasks)
        self.fields["new_unit"].queryset = units  # type: ignore[attr-defined]


class DecideForm(forms.Form):
    """Yes or no to an adjustment."""

    answer = forms.ChoiceField(
        label=pgettext_lazy("adjustment", "决定"),
        choices=[("yes", _("批准")), ("no", _("不批准"))],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("批准意见"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("不批准的必须写明理由。"),
    )


class ReviewForm(RevisedForm):
    """The words of a review; the figures come from the records."""

    overall = forms.CharField(
        label=_("总体评价"),
        max_length=LONGEST_REVIEW,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("暂存时可以不写，提交时必须写明。"),
    )
    problems = forms.CharField(
        label=_("存在问题"), max_length=LONGEST_REVIEW, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    next_steps = forms.CharField(
        label=_("下一步安排"), max_length=LONGEST_REVIEW, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class NoteReviewForm(RevisedForm):
    """A leader takes note of a review, or sends it back."""

    answer = forms.ChoiceField(
        label=_("阅示"), choices=[("noted", _("已阅")), ("returned", _("退回重写"))], widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("阅示意见"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("退回的必须写明原因。"),
    )
