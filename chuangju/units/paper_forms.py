"""Forms of outgoing papers: the words of a notice, the seal, a delivery, a reason, a file to compare."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.forms import AttachmentsField
from chuangju.kernel.models import Paper, PaperDelivery, User
from chuangju.units.access import drafting_units, existing_units_visible_to
from chuangju.units.forms import DayInput, UnitChoiceField
from chuangju.units.models import Unit
from chuangju.units.notices import LONGEST_TEXT


class NoticeForm(forms.Form):
    """A notice in one's own words."""

    title = forms.CharField(label=_("标题"), max_length=200, help_text=_("例如：关于报送第三季度工作进展的通知"))
    recipient = forms.CharField(
        label=_("主送"), max_length=500, required=False, help_text=_("例如：各成员单位；不写冒号")
    )
    text = forms.CharField(
        label=_("正文"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("每段一行；“一、”“（一）”“1.”开头的短行排成标题"),
    )
    issuer = forms.CharField(label=_("落款"), max_length=200, help_text=_("发文机关署名；成文日期在签发后填写"))
    openness = forms.ChoiceField(label=_("公开属性"), choices=[("", _("请选择")), *Paper.Openness.choices])
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput())


class NewNoticeForm(NoticeForm):
    """A new notice also says in whose name it is drafted."""

    unit = UnitChoiceField(
        label=_("起草单位"), queryset=Unit.objects.none(), to_field_name="code", empty_label=_("请选择")
    )
    field_order = ("unit", "title", "recipient", "text", "issuer", "openness")

    def __init__(self, *args: Any, user: User, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["revision"]
        allowed = drafting_units(user, on)
        units = existing_units_visible_to(user, on)
        if allowed is not None:
            units = units.filter(pk__in=[unit.pk for unit in allowed])
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class SealForm(forms.Form):
    """What comes back from 签发、编号、用印."""

    number = forms.CharField(
        label=_("发文字号"), max_length=80, help_text=_("按“机关代字〔年份〕序号”填写；每个字号只能用一次")
    )
    sealed_on = forms.DateField(label=_("用印日期"), widget=DayInput())
    scan = AttachmentsField(
        label=_("用印扫描件"), max_files=1, help_text=_("盖章后的 PDF 或照片；核验时以它的校验值为准")
    )


class DeliveryForm(forms.Form):
    """To whom the paper went, how and when."""

    recipient = forms.CharField(label=_("受送达人"), max_length=200)
    method = forms.ChoiceField(label=_("送达方式"), choices=[("", _("请选择")), *PaperDelivery.Method.choices])
    delivered_on = forms.DateField(label=_("送达日期"), widget=DayInput())
    note = forms.CharField(label=_("送达备注"), max_length=200, required=False, help_text=_("例如：签收人、快递单号"))


class WhyForm(forms.Form):
    """Why a paper is taken back or voided."""

    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class CompareForm(forms.Form):
    """A file in hand, or its SHA-256, to be compared with the paper."""

    file = forms.FileField(label=_("手中的文件"), required=False, help_text=_("只计算校验值，不保存文件"))
    sha256 = forms.RegexField(
        r"^\s*[0-9A-Fa-f]{64}\s*$",
        label=_("或者填写 SHA-256 校验值"),
        required=False,
        error_messages={"invalid": _("SHA-256 校验值是 64 位的数字和字母 a–f")},
    )

    def clean(self) -> dict[str, Any]:
        """One of the two is there."""
        data = super().clean() or {}
        if not self.errors and not data.get("file") and not data.get("sha256"):
            raise forms.ValidationError(_("请选择文件，或填写它的 SHA-256 校验值"))
        return data
