"""Forms of sign-in, one's own password, units, groups and accounts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models import User
from chuangju.units.access import existing_units_visible_to
from chuangju.units.accounts import username_as_stored
from chuangju.units.models import Role, Unit


class DayInput(forms.DateInput):
    """A day, with the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        """ISO format, which is what browsers send and expect."""
        super().__init__(format="%Y-%m-%d")


class UnitChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes no argument at run time
    """One unit, by its name in the reader's language."""

    def __init__(self, queryset: Any, *, empty_label: Any = _("请选择"), **kwargs: Any) -> None:  # noqa: B008 - lazy
        """As Django's, with words where nothing has been chosen yet."""
        super().__init__(queryset, empty_label=empty_label, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """The English name on an English page, where there is one."""
        return str(obj.shown_name)


class UnitsChoiceField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # takes no argument at run time
    """Any number of units, to be ticked, by their names in the reader's language."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """The English name on an English page, where there is one."""
        return str(obj.shown_name)


class SignInForm(AuthenticationForm):
    """Sign-in name and password; one sentence for everything that is wrong with them."""

    error_messages = dict.fromkeys(
        ("invalid_login", "inactive"), _("登录名或密码不正确。连续 5 次不正确将锁定 15 分钟")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("登录名")
        self.fields["username"].widget.attrs.update({"autocapitalize": "none", "autocomplete": "username"})
        self.fields["password"].label = _("密码")

    def clean_username(self) -> str:
        """The name as it is kept: its case and width give nobody further tries."""
        return username_as_stored(self.cleaned_data["username"])


class PasswordForm(forms.Form):
    """The present password once, the new one twice."""

    present = forms.CharField(
        label=_("现密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label=_("新密码"),
        strip=False,
        help_text=_("至少 10 个字符，不要只用数字，不要与登录名或姓名相近"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label=_("再输一次新密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        """Both entries of the new password are the same."""
        data = super().clean() or {}
        if data.get("new") and data.get("repeated") and data["new"] != data["repeated"]:
            self.add_error("repeated", _("两次输入的新密码不一致"))
        return data


class UnitForm(forms.Form):
    """A new unit."""

    name = forms.CharField(label=_("名称"), max_length=100)
    name_en = forms.CharField(label=_("英文名称"), max_length=150, required=False)
    kind = forms.ChoiceField(label=_("类别"), choices=Unit.Kind.choices)
    code = forms.RegexField(
        r"^[A-Za-z0-9_-]+$",
        label=_("代码"),
        max_length=32,
        required=False,
        help_text=_("街镇和工业区填九位区划代码；留空则自动编号"),
        error_messages={"invalid": _("代码只能用字母、数字、横线和下划线")},
    )
    established_on = forms.DateField(label=_("设立日期"), required=False, widget=DayInput())

    def clean_code(self) -> str:
        """A code that is not an address of its own."""
        code = str(self.cleaned_data["code"])
        if code.lower() in {"new", "groups"}:
            raise forms.ValidationError(_("这个代码不能使用，请换一个"))
        return code


class RenameForm(forms.Form):
    """A unit's new official name and the day from which it counts."""

    name = forms.CharField(label=_("新名称"), max_length=100)
    name_en = forms.CharField(label=_("英文名称"), max_length=150, required=False, help_text=_("留空则不变"))
    valid_from = forms.DateField(label=_("起用日期"), widget=DayInput())


class AliasForm(forms.Form):
    """A further spelling of a unit or a group."""

    name = forms.CharField(
        label=_("别名"), max_length=100, help_text=_("他处表格中的写法，例如简称；今后导入时直接识别")
    )


class AbolishForm(forms.Form):
    """When a unit is abolished, and which one takes its duties over."""

    on = forms.DateField(label=_("撤销日期"), widget=DayInput(), help_text=_("自这一天起不再存在"))
    successor = UnitChoiceField(
        label=_("承接单位"), queryset=Unit.objects.none(), required=False, empty_label=_("（无）"), to_field_name="code"
    )

    def __init__(self, *args: Any, user: User, unit: Unit, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = existing_units_visible_to(user, on).exclude(pk=unit.pk)
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something is done, for the audit log."""

    reason = forms.CharField(label=_("原因"), max_length=200, required=False)


class AccountForm(forms.Form):
    """A new account."""

    name = forms.CharField(label=_("姓名"), max_length=64)
    username = forms.CharField(
        label=_("登录名"), max_length=64, help_text=_("小写字母、数字、点、横线或下划线，例如 zhang.xiaoyun")
    )
    email = forms.CharField(label=_("电子邮箱"), max_length=254, required=False)

    def clean_username(self) -> str:
        """A name that is not an address of its own."""
        username = username_as_stored(self.cleaned_data["username"])
        if username == "new":
            raise forms.ValidationError(_("这个登录名不能使用，请换一个"))
        return username


class RoleForm(forms.Form):
    """A role to grant, for which unit, from when to when."""

    role = forms.ChoiceField(label=_("角色"), choices=[("", _("请选择")), *Role.choices])
    unit = UnitChoiceField(
        label=_("所属单位"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("（不属于某一单位）"),
        to_field_name="code",
        help_text=_("联络员、政策主管、经办人、审批人和财务须选择单位"),
    )
    starts_on = forms.DateField(label=_("开始日期"), widget=DayInput())
    ends_on = forms.DateField(label=_("结束日期"), required=False, widget=DayInput(), help_text=_("留空为长期"))

    def __init__(self, *args: Any, user: User, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = existing_units_visible_to(user, on)  # type: ignore[attr-defined]


class EndRoleForm(forms.Form):
    """The last day of a role, and why."""

    last_day = forms.DateField(label=_("最后一天"), required=False, widget=DayInput(), help_text=_("留空则立即结束"))
    reason = forms.CharField(label=_("原因"), max_length=200, required=False)


class UnmaskForm(forms.Form):
    """Why somebody has to see a number in full."""

    reason = forms.CharField(
        label=_("查看原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("例如：电话核对材料")
    )
