"""Forms of invitations: one person, many from a sheet, and the password of whoever accepts."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models import User
from chuangju.papers.grids import UnreadableFile
from chuangju.papers.guard import read_in_child
from chuangju.units.access import STAFF_ROLES, existing_units_visible_to
from chuangju.units.forms import UnitChoiceField
from chuangju.units.invitations import Invitee
from chuangju.units.models import Role, Unit

READER = "chuangju.units.invitation_sheets:read_people"


class InvitationForm(forms.Form):
    """Who is invited, how they are reached, and which roles are proposed."""

    name = forms.CharField(label=_("姓名"), max_length=64)
    username = forms.CharField(
        label=_("登录名"), max_length=64, required=False, help_text=_("留空则由姓名的拼音生成，例如 zhangxiaoyun")
    )
    mobile = forms.CharField(label=_("手机号"), max_length=20, required=False, help_text=_("链接由短信发给本人"))
    email = forms.CharField(
        label=_("电子邮箱"),
        max_length=254,
        required=False,
        help_text=_("手机号和邮箱至少填一项；只填邮箱的，请把链接转交本人"),
    )
    unit = UnitChoiceField(
        label=_("单位"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("（不属于某一单位）"),
        to_field_name="code",
    )
    roles = forms.MultipleChoiceField(
        label=_("建议角色"),
        choices=[choice for choice in Role.choices if choice[0] in STAFF_ROLES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("本人开通账号后，由安全保密管理员审定"),
    )

    def __init__(self, *args: Any, user: User, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = existing_units_visible_to(user, on)  # type: ignore[attr-defined]

    def invitee(self) -> Invitee:
        """Who was entered."""
        return Invitee(**self.cleaned_data)


class InvitationSheetForm(forms.Form):
    """Many people from a sheet."""

    file = forms.FileField(
        label=_("名单文件"),
        help_text=_("xlsx 或 csv，表头为姓名、登录名、电子邮箱、手机号、单位、角色；有一行不对就一个也不发送"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> list[dict[str, Any]]:
        """The lines of the file, read in a child process."""
        file = self.cleaned_data["file"]
        with tempfile.NamedTemporaryFile(suffix=Path(file.name).suffix[:8]) as copy:
            for piece in file.chunks():
                copy.write(piece)
            copy.flush()
            try:
                lines: list[dict[str, Any]] = read_in_child(READER, Path(copy.name), name=file.name)["lines"]
            except UnreadableFile as refusal:
                raise forms.ValidationError(refusal.sentence) from refusal
        if not lines:
            raise forms.ValidationError(_("表头下面没有人员"))
        return lines


class AcceptForm(forms.Form):
    """The password of a new account, twice."""

    password = forms.CharField(
        label=_("密码"),
        strip=False,
        help_text=_("至少 10 个字符，不要只用数字，不要与登录名或姓名相近"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label=_("再输一次密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        """Both entries are the same."""
        data = super().clean() or {}
        if data.get("password") and data.get("repeated") and data["password"] != data["repeated"]:
            self.add_error("repeated", _("两次输入的密码不一致"))
        return data
