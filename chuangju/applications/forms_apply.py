"""Forms of the applicant's side: account, dispute, withdrawal, invitation, handing in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangju.applications.models import ApplicationRole
from chuangju.kernel.models import User
from chuangju.ventures.forms import offer_towns, town_field
from chuangju.ventures.models import Party


class AccountForm(forms.Form):
    """Where the money is to go."""

    name = forms.CharField(label=_("户名"), max_length=200)
    number = forms.CharField(
        label=_("账号"),
        max_length=40,
        help_text=_("可以带空格；保存后只显示后四位"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    bank = forms.CharField(label=_("开户银行"), max_length=200, help_text=_("写到支行"))

    def account(self) -> dict[str, str]:
        """What was typed."""
        return {key: self.cleaned_data[key] for key in ("name", "number", "bank")}


class DisputeForm(forms.Form):
    """What is wrong with a value of the register."""

    reason = forms.CharField(
        label=_("哪里不对"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如：实际成立日期以执照为准"),
    )


class WithdrawForm(forms.Form):
    """Why a case is taken back; may stay empty."""

    reason = forms.CharField(
        label=_("原因（可不填）"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class PersonForm(forms.Form):
    """Oneself, where one applies in one's own name."""

    name = forms.CharField(label=_("姓名"), max_length=200)
    id_kind = forms.ChoiceField(label=_("证件类型"), choices=Party.IdKind.choices)
    id_number = forms.CharField(
        label=_("证件号码"),
        max_length=40,
        help_text=_("加密保存，页面上只显示首尾"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    town = town_field()

    def __init__(self, *args: Any, user: User, on: date, **kwargs: Any) -> None:
        """With the towns of the day."""
        super().__init__(*args, **kwargs)
        offer_towns(self, user, on)


class TeamForm(forms.Form):
    """A team without a licence."""

    name = forms.CharField(label=_("团队名称"), max_length=200, help_text=_("还没有执照的团队；开办企业后可以关联"))
    town = town_field()

    def __init__(self, *args: Any, user: User, on: date, **kwargs: Any) -> None:
        """With the towns of the day."""
        super().__init__(*args, **kwargs)
        offer_towns(self, user, on)


class RoleForm(forms.Form):
    """Whom to ask to take part, and in what part."""

    kind = forms.ChoiceField(
        label=_("角色"),
        choices=[
            (ApplicationRole.Kind.CO_EDITOR, ApplicationRole.Kind.CO_EDITOR.label),
            (ApplicationRole.Kind.AGENT, ApplicationRole.Kind.AGENT.label),
        ],
        widget=forms.RadioSelect,
    )
    mobile = forms.CharField(label=_("对方手机号"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    ends_on = forms.DateField(
        label=_("授权截止日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text=_("代办必填")
    )
    authority = forms.FileField(
        label=_("授权委托书"),
        required=False,
        help_text=_("代办必传，照片或 PDF"),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )
