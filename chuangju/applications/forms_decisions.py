"""What people type about decisions and what follows them: outcomes and grounds, reasons, objections, reports, receipts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangju.applications.decision_settings import days_of
from chuangju.applications.follow_ups import FollowUp
from chuangju.applications.models import Obligation, PublicNotice
from chuangju.budget.forms_lines import YuanField
from chuangju.kernel.forms import AttachmentsField
from chuangju.programme.forms_plans import RevisedForm
from chuangju.units.forms import DayInput, UnitChoiceField
from chuangju.units.models import Unit

_LONG, _SHORT = 2000, 500


def _area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ReasonForm(RevisedForm):
    """A reason that others will read."""

    reason = forms.CharField(label=_("原因"), max_length=_SHORT, widget=_area(3))


class TextForm(forms.Form):
    """Somebody's own words: an objection, a statement, why a case is done over again."""

    text = forms.CharField(label=_("内容"), max_length=_LONG, widget=_area(6))

    def __init__(self, *args: Any, label: Any = None, hint: Any = "", **kwargs: Any) -> None:
        """The words around the field."""
        super().__init__(*args, **kwargs)
        if label is not None:
            self.fields["text"].label = label
        self.fields["text"].help_text = hint


class PublicObjectionForm(forms.Form):
    """An objection during a notice, with the name of who makes it."""

    decision = forms.ChoiceField(label=_("针对"))
    name = forms.CharField(label=_("真实姓名或单位名称"), max_length=100)
    phone = forms.CharField(label=_("联系电话"), max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    text = forms.CharField(
        label=_("异议内容和依据"),
        max_length=_LONG,
        widget=_area(6),
        help_text=_("匿名的不予受理；您的身份对被异议人保密。"),
    )

    def __init__(self, *args: Any, notice: PublicNotice, rows: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        """What can be objected to in this notice."""
        super().__init__(*args, **kwargs)
        self.notice = notice
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it is, see above
        field.choices = [("", _("请选择")), *rows]


class AnswerForm(forms.Form):
    """What was found about an objection."""

    is_right = forms.ChoiceField(
        label=_("结论"),
        widget=forms.RadioSelect,
        choices=(("no", _("异议不成立")), ("yes", _("异议成立，撤回决定重新审核"))),
    )
    answer = forms.CharField(label=_("核查经过和结论"), max_length=_LONG, widget=_area(6))


class SettleForm(forms.Form):
    """Whether an obligation was met."""

    state = forms.ChoiceField(label=_("核实结果"), widget=forms.RadioSelect)
    remark = forms.CharField(label=_("核实意见"), required=False, max_length=_SHORT, widget=_area(3))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The three ways in which it ends."""
        super().__init__(*args, **kwargs)
        ends = (Obligation.State.MET, Obligation.State.BROKEN, Obligation.State.WAIVED)
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it is, see above
        field.choices = [(one.value, one.label) for one in ends]


class FollowUpForm(forms.Form):
    """What is done about a paper that was to follow, or a promise."""

    how = forms.ChoiceField(label=_("办理"), widget=forms.RadioSelect)
    due_on = forms.DateField(label=_("新的补交截止日"), required=False, widget=DayInput())
    papers = AttachmentsField(
        label=_("窗口收到的材料"), required=False, help_text=_("看过原件的，可以不上传；照片或扫描件（图片、PDF）。")
    )
    remark = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=_SHORT,
        widget=_area(3),
        help_text=_("相符、属实的可以不写；其余写明原因，申请人会看到。"),
    )

    def __init__(self, *args: Any, choices: Iterable[tuple[str, Any]], latest: date, **kwargs: Any) -> None:
        """Only what is allowed now, and only the fields that belong to it; `latest`: the last day to put it off to."""
        super().__init__(*args, **kwargs)
        words = _("只有延期要填；只能延期一次，不晚于 %(day)s。") % {"day": latest.isoformat()}
        self.fields["due_on"].help_text = words
        offered = list(choices)
        field = self.fields["how"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - it is, see above
        field.choices = offered
        keys = {key for key, _label in offered}
        if FollowUp.EXTENDED not in keys:
            del self.fields["due_on"]
        if FollowUp.RECEIVED not in keys or FollowUp.FAULTY in keys:
            del self.fields["papers"]


class RepaymentForm(forms.Form):
    """Money that came back."""

    amount = YuanField(label=_("到账金额"))
    reference = forms.CharField(label=_("缴款凭证号"), max_length=80)
    received_on = forms.DateField(label=_("到账日期"), widget=DayInput())


class SampleForm(forms.Form):
    """What is drawn, and from what."""

    unit = UnitChoiceField(label=_("责任单位"), queryset=Unit.objects.none(), empty_label=None)
    policy_id = forms.ChoiceField(label=_("政策"), required=False)
    share = forms.IntegerField(label=_("抽查比例（%）"), min_value=1, max_value=100)
    seed = forms.CharField(
        label=_("随机种子"),
        required=False,
        max_length=60,
        help_text=_("留空由系统生成；凭种子和名单，任何人可以重做这次抽取。"),
    )

    def __init__(self, *args: Any, units: Any, policies: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        """The units for which somebody may draw, and the policies that granted anything."""
        super().__init__(*args, **kwargs)
        self.fields["share"].initial = days_of("sample", "share")
        field, policy = self.fields["unit"], self.fields["policy_id"]
        assert isinstance(field, UnitChoiceField)  # noqa: S101 - see above
        assert isinstance(policy, forms.ChoiceField)  # noqa: S101 - see above
        field.queryset = units
        policy.choices = [("", _("全部")), *policies]
