"""What people type about the making of policies: the outside of a record, each stage, why something is taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.forms import AttachmentsField
from chuangju.policies.making import LONGEST_REASON, LONGEST_TITLE
from chuangju.policies.making_stages import outcomes_of
from chuangju.policies.making_steps import MAX_FILES
from chuangju.policies.models import Confidence, PolicyRecord, PolicyStep
from chuangju.programme.forms_plans import RevisedForm
from chuangju.units.forms import DayInput, UnitChoiceField
from chuangju.units.models import Unit

Stage = PolicyRecord.Stage


class RecordChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes no argument at run time
    """One of the policies in force, told apart by its version."""

    def label_from_instance(self, obj: Any) -> str:
        """The title in the reader's language and the version."""
        return f"{obj.shown_title} {obj.version}".strip()


class RecordForm(RevisedForm):
    """The outside of a record."""

    title = forms.CharField(label=_("政策名称"), max_length=LONGEST_TITLE)
    title_en = forms.CharField(label=_("英文名称"), max_length=LONGEST_TITLE, required=False)
    policy_id = forms.CharField(
        label=_("政策编号"),
        max_length=80,
        help_text=_("小写字母、数字和下划线，与政策文件的编号一致，例如 rent_subsidy；还没有政策文件的，先起一个。"),
    )
    version = forms.CharField(label=_("版本"), max_length=20, required=False, help_text=_("不填则在印发时取施行日期。"))
    unit = UnitChoiceField(label=_("责任单位"), queryset=Unit.objects.none())
    level = forms.ChoiceField(label=_("层级"), choices=PolicyRecord.Level.choices)
    issuer = forms.CharField(label=_("发文机关"), max_length=120, required=False)
    document = forms.CharField(label=_("文件名称"), max_length=200, required=False)
    url = forms.URLField(label=_("官方地址"), max_length=500, required=False, assume_scheme="https")
    confidence = forms.ChoiceField(
        label=_("可信程度"),
        choices=Confidence.choices,
        help_text=_("不是官方来源的，页面上都会标明。"),
    )
    replaces = RecordChoiceField(
        label=_("替代的政策"),
        queryset=PolicyRecord.objects.none(),
        required=False,
        empty_label=_("（无）"),
        help_text=_("本政策印发时，被替代的政策到施行前一日为止。"),
    )

    def __init__(self, *args: Any, units: Any, records: Any, **kwargs: Any) -> None:
        """Units whose policies the user keeps, records in force that may be replaced."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["replaces"].queryset = records  # type: ignore[attr-defined]


class StepForm(RevisedForm):
    """One stage; which fields stand in it depends on the stage."""

    day = forms.DateField(label=pgettext_lazy("policy", "日期"), widget=DayInput())
    outcome = forms.ChoiceField(label=_("结果"), widget=forms.RadioSelect)
    document_number = forms.CharField(
        label=_("发文字号"), max_length=80, help_text=_("机关代字、六角括号中的年份和序号，照文件填写。")
    )
    effective_from = forms.DateField(label=_("施行日期"), widget=DayInput())
    conclusion = forms.ChoiceField(
        label=_("评估结论"), choices=PolicyRecord.Conclusion.choices, widget=forms.RadioSelect
    )
    valid_until = forms.DateField(label=_("有效期至"), widget=DayInput())
    repealed_on = forms.DateField(
        label=_("废止日期"), widget=DayInput(), required=False, help_text=_("结论为废止的填写。")
    )
    explanation = forms.CharField(
        label=_("政策解读文字"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("用大白话写清：谁能享受、享受什么、怎么办、找谁。"),
    )
    explanation_url = forms.URLField(label=_("政策解读链接"), max_length=500, required=False, assume_scheme="https")
    person = forms.CharField(label=_("经办人或会议"), max_length=100, required=False)
    document = forms.CharField(
        label=_("依据文书"),
        max_length=200,
        required=False,
        help_text=_("例如 审核意见书的名称和编号、会议纪要的编号。"),
    )
    words = forms.CharField(
        label=_("说明"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("非涉密系统，请勿填写国家秘密、工作秘密。"),
    )
    papers = AttachmentsField(label=_("文书附件"), required=False, max_files=MAX_FILES)

    _OF_STAGES: dict[str, tuple[str, ...]] = {  # noqa: RUF012 - read only
        "document_number": (Stage.NUMBER,),
        "effective_from": (Stage.ISSUE,),
        "valid_until": (Stage.ISSUE, Stage.VALIDITY, Stage.EVALUATION),
        "conclusion": (Stage.EVALUATION,),
        "repealed_on": (Stage.EVALUATION,),
        "explanation": (Stage.EXPLANATION,),
        "explanation_url": (Stage.EXPLANATION,),
    }
    _HINTS: dict[str, Any] = {  # noqa: RUF012 - read only
        Stage.CONSULTATION: _("写明征求了谁的意见、收到多少条、采纳情况；公开征求意见的，写明网址和起止日期。"),
        Stage.COMPETITION: _("写明审查结论；适用例外规定的，写明依据和实施期限。"),
    }

    def __init__(self, *args: Any, stage: str, **kwargs: Any) -> None:
        """Only what belongs to the stage; a stage that cannot fail asks for no outcome."""
        super().__init__(*args, **kwargs)
        for name, stages in self._OF_STAGES.items():
            if stage not in stages:
                del self.fields[name]
        outcomes = outcomes_of(stage)
        if len(outcomes) == 1:
            del self.fields["outcome"]
        else:
            labels = [(each, PolicyStep.Outcome(each).label) for each in outcomes]
            self.fields["outcome"].choices = labels  # type: ignore[attr-defined]
        if stage == Stage.ISSUE:
            self.fields["valid_until"].required = False
            self.fields["valid_until"].help_text = _("文件写明有效期的一并填写；不填则另行登记。")
        elif stage == Stage.EVALUATION:
            self.fields["valid_until"].required = False
            self.fields["valid_until"].help_text = _("结论为继续有效的，填写新的有效期。")
        if stage in self._HINTS:
            self.fields["words"].help_text = self._HINTS[stage]


class WithdrawForm(forms.Form):
    """Why something that was recorded is taken back or given up."""

    reason = forms.CharField(label=_("原因"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))


def first_values(record: PolicyRecord, stage: str, on: date) -> dict[str, Any]:
    """What a stage's form begins with."""
    values: dict[str, Any] = {"day": on, "revision": record.revision}
    if stage == Stage.EXPLANATION:
        values |= {"explanation": record.explanation, "explanation_url": record.explanation_url}
    if stage == Stage.ISSUE:
        values["effective_from"] = record.effective_from
    if stage == Stage.VALIDITY:
        values["valid_until"] = record.valid_until
    return values
