"""Forms of coming in: codes, mobiles, names, passkeys."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.mobiles import MobileRefused, normal_mobile


class DigitsInput(forms.TextInput):
    """Digits that were sent or shown on a telephone: the number pad, and no suggestions but the code itself."""

    def __init__(self) -> None:
        """Telephones offer to fill in a code that has just arrived."""
        super().__init__(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"})


class TelephoneInput(forms.TextInput):
    """A telephone number, with its pad."""

    input_type = "tel"


class MobileForm(forms.Form):
    """The mobile somebody signs in with."""

    mobile = forms.CharField(
        label=_("手机号"),
        max_length=30,
        widget=TelephoneInput(attrs={"autocomplete": "tel"}),
        help_text=_("未注册的手机号验证后自动开通账号"),
    )

    def clean_mobile(self) -> str:
        """Eleven digits, however they were typed."""
        try:
            return normal_mobile(self.cleaned_data["mobile"])
        except MobileRefused as refused:
            raise forms.ValidationError(refused.sentence) from None


class CodeForm(forms.Form):
    """The digits of an SMS."""

    code = forms.CharField(label=_("短信验证码"), max_length=20, widget=DigitsInput())


class FactorCodeForm(forms.Form):
    """The digits of an authenticator app, or a recovery code."""

    code = forms.CharField(
        label=_("验证码"),
        max_length=20,
        widget=DigitsInput(),
        help_text=_("验证器应用显示的 6 位数字，或一个 8 位恢复码"),
    )


class AppSetUpForm(forms.Form):
    """The first digits that the new app shows."""

    code = forms.CharField(
        label=_("验证器显示的 6 位数字"), max_length=20, widget=DigitsInput(), help_text=_("数字每 30 秒更换一次")
    )


class CredentialField(forms.JSONField):
    """The answer of a browser about a passkey."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """What is nested so deeply that nobody can read it is no answer either."""
        try:
            return super().to_python(value)
        except RecursionError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class PasskeyForm(forms.Form):
    """What the browser answers when a passkey is made or used; filled in by its script."""

    credential = CredentialField()


class PasskeyNameForm(PasskeyForm):
    """A new passkey, with what its owner calls it."""

    name = forms.CharField(
        label=_("名称"), max_length=40, required=False, help_text=_("便于以后辨认，例如：办公室电脑、我的手机")
    )
    field_order = ("name", "credential")


class FounderForm(forms.Form):
    """What a new account of a founder needs: a name, and the consent."""

    name = forms.CharField(label=_("姓名"), max_length=64, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    consent = forms.BooleanField(
        label=_("我已阅读并同意个人信息保护说明"),
        error_messages={"required": _("请阅读并同意个人信息保护说明，再开通账号")},
    )


class PresentPasswordForm(forms.Form):
    """The present password, asked again."""

    password = forms.CharField(
        label=_("密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class ResetDecisionForm(forms.Form):
    """Whether a second administrator agrees to a reset, and why not."""

    decision = forms.ChoiceField(
        label=_("核准意见"),
        choices=[("approve", _("核准，立即重置")), ("decline", _("不予核准"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("原因"), max_length=200, required=False, help_text=_("不予核准的，请写明原因"))


class NeededReasonForm(forms.Form):
    """Why something is done to somebody else's account."""

    reason = forms.CharField(
        label=_("原因"), max_length=200, help_text=_("例如：手机遗失，本人到场核实身份；写入审计记录并告知本人")
    )

    def clean(self) -> dict[str, Any]:
        """Blanks are no reason."""
        data = super().clean() or {}
        return {name: " ".join(value.split()) for name, value in data.items()}
