"""What people type about policy packages and fees."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangju.policies.models import Confidence, FeeEntry, PolicyPackage
from chuangju.programme.forms_plans import RevisedForm
from chuangju.units.access import existing_units_visible_to
from chuangju.units.forms import DayInput, UnitChoiceField
from chuangju.units.models import Unit


class PackageUploadForm(forms.Form):
    """The file of a package."""

    file = forms.FileField(
        label=_("政策包文件"),
        widget=forms.FileInput(attrs={"accept": ".docx,.xlsx,.csv,.txt"}),
        help_text=_(
            "Word（docx）、Excel（xlsx）、csv 或文本；条款按“第一条”“一、”“1.”“（一）”编号，或在表格中写明序号、内容、责任单位。"
        ),
    )


class PackageForm(forms.Form):
    """The outside of a package, confirmed with its preview."""

    title = forms.CharField(label=_("政策包名称"), max_length=200)
    title_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    issuer = forms.CharField(label=_("发文机关"), max_length=120, required=False)
    document_number = forms.CharField(label=_("发文字号"), max_length=80, required=False)
    issued_on = forms.DateField(label=_("印发日期"), required=False, widget=DayInput())
    url = forms.URLField(label=_("官方地址"), max_length=500, required=False, assume_scheme="https")
    confidence = forms.ChoiceField(label=_("可信程度"), choices=Confidence.choices, initial=Confidence.OFFICIAL)
    replaces = forms.ModelChoiceField(
        label=_("替代的政策包"),
        queryset=PolicyPackage.objects.none(),
        required=False,
        empty_label=_("（无）"),
        help_text=_("标题相同的条款沿用原来的对应政策和责任单位。"),
    )

    def __init__(self, *args: Any, packages: Any, **kwargs: Any) -> None:
        """Packages in force, which a new one may replace."""
        super().__init__(*args, **kwargs)
        current = packages.filter(state=PolicyPackage.State.CURRENT)
        self.fields["replaces"].queryset = current  # type: ignore[attr-defined]


class PolicyInput(forms.TextInput):
    """A policy by its id, with those known offered while typing."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"list": "known-policies", "autocomplete": "off", **(attrs or {})})


class ClauseForm(RevisedForm):
    """Which policy carries a clause out, and who answers for it."""

    policy_id = forms.CharField(
        label=_("对应政策的编号"),
        max_length=80,
        required=False,
        widget=PolicyInput,
        help_text=_("填写政策编号；政策有效的，条款即为已落地。没有细则的留空。"),
    )
    unit = UnitChoiceField(label=_("责任单位"), queryset=Unit.objects.none(), required=False)
    note = forms.CharField(
        label=_("落实说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, user: Any, on: date, **kwargs: Any) -> None:
        """Units that exist."""
        super().__init__(*args, **kwargs)
        units = existing_units_visible_to(user, on).order_by("position")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class FeeForm(forms.Form):
    """How a fee stands from a day on, and from which document that is known."""

    fee_id = forms.CharField(
        label=_("收费编号"), max_length=80, help_text=_("小写字母、数字和下划线，例如 seal_engraving。")
    )
    name = forms.CharField(label=_("收费名称"), max_length=120)
    name_en = forms.CharField(label=_("英文名称"), max_length=160, required=False)
    kind = forms.ChoiceField(label=_("收费类别"), choices=FeeEntry.Kind.choices)
    standing = forms.ChoiceField(label=_("收费状态"), choices=FeeEntry.Standing.choices, widget=forms.RadioSelect)
    starts_on = forms.DateField(label=_("起"), widget=DayInput())
    ends_on = forms.DateField(label=_("止"), widget=DayInput(), required=False)
    for_whom = forms.CharField(label=_("适用对象"), max_length=300, required=False)
    for_whom_en = forms.CharField(label=_("适用对象（英文）"), max_length=300, required=False)
    issuer = forms.CharField(label=_("发文机关"), max_length=120, required=False)
    document = forms.CharField(label=_("文件名称"), max_length=200, required=False)
    document_number = forms.CharField(label=_("发文字号"), max_length=80, required=False)
    url = forms.URLField(label=_("官方地址"), max_length=500, required=False, assume_scheme="https")
    confidence = forms.ChoiceField(label=_("可信程度"), choices=Confidence.choices)
    source_note = forms.CharField(label=_("来源说明"), max_length=300, required=False)

    def __init__(self, *args: Any, is_known: bool = False, **kwargs: Any) -> None:
        """Of a fee that is known, its id and class stay what they are."""
        super().__init__(*args, **kwargs)
        if is_known:
            del self.fields["fee_id"], self.fields["kind"]


class SizeForm(forms.Form):
    """What the size class of a firm depends on; figures may be left out."""

    industry = forms.ChoiceField(label=_("行业"))
    staff = forms.IntegerField(label=_("从业人员（人）"), min_value=0, max_value=10_000_000, required=False)
    turnover = forms.DecimalField(
        label=_("年营业收入（万元）"), min_value=0, max_value=1_000_000_000, decimal_places=2, required=False
    )
    assets = forms.DecimalField(
        label=_("资产总额（万元）"), min_value=0, max_value=1_000_000_000, decimal_places=2, required=False
    )

    def __init__(self, *args: Any, industries: list[tuple[str, str]], **kwargs: Any) -> None:
        """The industries of the standard in force."""
        super().__init__(*args, **kwargs)
        self.fields["industry"].choices = industries  # type: ignore[attr-defined]
