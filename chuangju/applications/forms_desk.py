"""What clerks type: opinions, reasons, days, who is asked, what an outside body answered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangju.applications.consultations import usual_silence_days
from chuangju.applications.models import Step
from chuangju.kernel.forms import AttachmentsField
from chuangju.kernel.models import User
from chuangju.programme.forms_plans import RevisedForm
from chuangju.units.forms import DayInput
from chuangju.units.models import Unit

_AREA = forms.Textarea(attrs={"rows": 3})


class ReasonForm(RevisedForm):
    """Why: read by whoever is concerned, and kept."""

    reason = forms.CharField(label=_("原因"), max_length=500, widget=_AREA)


class OpinionForm(RevisedForm):
    """How a step ends and why."""

    result = forms.ChoiceField(
        label=_("结果"),
        choices=[(Step.Result.PASSED, _("通过")), (Step.Result.FAILED, _("不通过"))],
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(label=_("意见"), max_length=2000, required=False, widget=_AREA)


class AcceptForm(RevisedForm):
    """受理, with what is let off."""

    opinion = forms.CharField(label=_("受理意见"), max_length=2000, required=False, widget=_AREA)


class ConsultForm(RevisedForm):
    """Which units are asked, what, and whether silence counts."""

    units = forms.ModelMultipleChoiceField(
        label=_("请哪些单位会签"), queryset=Unit.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    question = forms.CharField(label=_("请答复的问题"), max_length=500, widget=_AREA)
    days = forms.IntegerField(label=_("答复期限（工作日）"), min_value=1, max_value=60)
    silence_counts = forms.BooleanField(label=_("逾期不答复视为同意"), required=False)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        """Units that exist today."""
        kwargs["initial"] = {"days": usual_silence_days(), "silence_counts": True, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]
        self.fields["units"].label_from_instance = lambda unit: unit.shown_name  # type: ignore[attr-defined]


class AnswerForm(RevisedForm):
    """What a unit that was asked has to say."""

    result = forms.ChoiceField(
        label=_("答复"),
        choices=[
            (Step.Result.PASSED, _("同意")),
            (Step.Result.UNDECIDED, _("仅提意见")),
            (Step.Result.FAILED, _("不同意")),
        ],
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(label=_("意见"), max_length=2000, required=False, widget=_AREA)


class AssignForm(RevisedForm):
    """Who deals with a step."""

    user = forms.ModelChoiceField(label=_("承办人"), queryset=User.objects.none(), empty_label=_("请选择"))

    def __init__(self, *args: Any, users: Any, **kwargs: Any) -> None:
        """Colleagues who may."""
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = users  # type: ignore[attr-defined]


class ReturnForm(RevisedForm):
    """To which earlier step a case goes back, and why."""

    step = forms.ModelChoiceField(
        label=_("退回到"), queryset=Step.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    reason = forms.CharField(label=_("退回原因"), max_length=500, widget=_AREA)

    def __init__(self, *args: Any, steps: Any, **kwargs: Any) -> None:
        """The steps that have ended."""
        super().__init__(*args, **kwargs)
        self.fields["step"].queryset = steps  # type: ignore[attr-defined]


class VisitPlanForm(RevisedForm):
    """The day of a visit."""

    day = forms.DateField(label=_("核查日期"), widget=DayInput())


class VisitForm(OpinionForm):
    """What was found on the spot, with pictures and the place."""

    photos = AttachmentsField(label=_("现场照片"), required=False, max_files=9)
    latitude = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    longitude = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    accuracy = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)


class ReferralForm(RevisedForm):
    """To whom it went, when, and the number of the receipt."""

    body = forms.CharField(label=_("外部机构"), max_length=200)
    sent_on = forms.DateField(label=_("转出日期"), widget=DayInput())
    receipt = forms.CharField(label=_("收件回执号"), max_length=60, required=False)
    officer = forms.ModelChoiceField(
        label=_("平台内承办人"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("对方不在平台内办理，由我登记结果"),
        help_text=_("选定后，只有此人能看到转去的内容并答复。"),
    )

    def __init__(self, *args: Any, officers: Any, **kwargs: Any) -> None:
        """Officers of banks and guarantors; none where such a body does not work here."""
        super().__init__(*args, **kwargs)
        if officers is None:
            del self.fields["officer"]
        else:
            self.fields["officer"].queryset = officers  # type: ignore[attr-defined]


class OutcomeForm(RevisedForm):
    """What an outside body decided."""

    result = forms.ChoiceField(
        label=_("办理结果"),
        choices=[(Step.Result.PASSED, _("同意")), (Step.Result.FAILED, _("不同意"))],
        widget=forms.RadioSelect,
    )
    receipt = forms.CharField(label=_("结果文号"), max_length=60, required=False)
    answered_on = forms.DateField(label=_("答复日期"), widget=DayInput())
    words = forms.CharField(label=_("说明"), max_length=2000, required=False, widget=_AREA)
