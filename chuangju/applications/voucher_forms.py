"""What people type about vouchers: an order, an answer, where the money goes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.money import MoneyRefused, parse_yuan
from chuangju.ventures.models import Party


class MoneyField(forms.CharField):
    """An amount as people write it; cleaned to whole fen."""

    def clean(self, value: Any) -> Any:
        """Whole fen."""
        text = super().clean(value)
        try:
            return parse_yuan(str(text))
        except MoneyRefused as refused:
            raise forms.ValidationError(refused.sentence) from refused


class ProviderField(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes no argument at run time
    """A provider by its name."""

    def label_from_instance(self, obj: Any) -> str:
        """The name alone."""
        return str(obj.name)


class OrderForm(forms.Form):
    """What is bought, from whom, for how much."""

    provider = ProviderField(label=_("服务机构"), queryset=Party.objects.none(), empty_label=_("请选择"))
    service = forms.CharField(label=_("服务内容"), max_length=300, help_text=_("如：专利申请代理，一件发明专利"))
    price = MoneyField(label=_("服务价格"), max_length=40, help_text=_("可以写元或万元"))
    amount = MoneyField(label=_("用券金额"), max_length=40, help_text=_("其余部分由企业自己支付"))

    def __init__(self, *args: Any, providers: QuerySet[Party], **kwargs: Any) -> None:
        """Providers that may be chosen."""
        super().__init__(*args, **kwargs)
        field = self.fields["provider"]
        assert isinstance(field, ProviderField)  # noqa: S101 - as declared above
        field.queryset = providers.order_by("name", "pk")


class AccountForm(forms.Form):
    """Where a provider is paid."""

    name = forms.CharField(label=_("户名"), max_length=200)
    number = forms.CharField(label=_("账号"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    bank = forms.CharField(label=_("开户银行"), max_length=200)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ConfirmForm(forms.Form):
    """Nothing to type."""
