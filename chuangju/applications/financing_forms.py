"""What people type about financing: a need, an answer, an outcome."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.applications.models import FinancingAnswer, FinancingNeed
from chuangju.applications.voucher_forms import MoneyField, ProviderField
from chuangju.units.forms import DayInput
from chuangju.ventures.models import Party

_RATE = re.compile(r"(\d{1,2})(?:\.(\d{1,2}))?")


class RateField(forms.CharField):
    """A rate a year in percent; cleaned to basis points, None where nothing was typed."""

    def clean(self, value: Any) -> Any:
        """Basis points."""
        text = str(super().clean(value) or "").strip().rstrip("%％").strip()
        if not text:
            return None
        found = _RATE.fullmatch(text)
        if found is None:
            raise forms.ValidationError(_("年利率写成数字，最多两位小数，如 3.45"))
        return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


class OptionalMoneyField(MoneyField):
    """An amount, or nothing."""

    def clean(self, value: Any) -> Any:
        """Whole fen, or None."""
        return super().clean(value) if str(value or "").strip() else None


class NeedForm(forms.Form):
    """What a venture looks for."""

    party = ProviderField(label=gettext_lazy("企业"), queryset=Party.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label=gettext_lazy("融资方式"), choices=FinancingNeed.Kind.choices)
    amount = MoneyField(label=gettext_lazy("需求金额"), max_length=40, help_text=gettext_lazy("可以写元或万元"))
    months = forms.IntegerField(label=gettext_lazy("期限（月）"), min_value=1, max_value=360, required=False)
    purpose = forms.CharField(label=gettext_lazy("用途"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    contact = forms.CharField(
        label=gettext_lazy("联系人和电话"),
        max_length=120,
        help_text=gettext_lazy("只给答复的银行、担保机构、基金和本区经办人看"),
    )
    open_until = forms.DateField(label=gettext_lazy("征集截止日"), widget=DayInput())

    def __init__(self, *args: Any, parties: QuerySet[Party], **kwargs: Any) -> None:
        """Ventures that one acts for."""
        super().__init__(*args, **kwargs)
        field = self.fields["party"]
        assert isinstance(field, ProviderField)  # noqa: S101 - as declared above
        field.queryset = parties


class AnswerForm(forms.Form):
    """What an institution says."""

    institution = forms.CharField(label=gettext_lazy("机构"), max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("答复"), choices=FinancingAnswer.Kind.choices)
    amount = OptionalMoneyField(label=gettext_lazy("可提供金额"), max_length=40, required=False)
    rate = RateField(label=gettext_lazy("年利率（%）"), max_length=8, required=False)
    text = forms.CharField(
        label=gettext_lazy("说明"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class OutcomeForm(forms.Form):
    """What came of a need."""

    state = forms.ChoiceField(
        label=gettext_lazy("结果"),
        choices=[one for one in FinancingNeed.State.choices if one[0] != FinancingNeed.State.OPEN],
    )
    funded_amount = OptionalMoneyField(label=gettext_lazy("落实金额"), max_length=40, required=False)
    outcome = forms.CharField(label=gettext_lazy("结果说明"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
