"""What people type around a draft: how a new version begins, a note, a reason."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.policies.drafts import NewVersion
from chuangju.programme.forms_plans import RevisedForm
from chuangju.rules.policy import Policy
from chuangju.units.forms import DayInput, UnitChoiceField
from chuangju.units.models import Unit

_ID = re.compile(r"[a-z][a-z0-9_]{1,59}")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_LONGEST_REASON = 500


class VersionForm(forms.Form):
    """The term of a new version of an existing policy."""

    version = forms.CharField(label=gettext_lazy("版本号"), max_length=40, help_text=gettext_lazy("一般用施行的年份。"))
    starts_on = forms.DateField(label=gettext_lazy("施行日期"), widget=DayInput())
    ends_on = forms.DateField(
        label=gettext_lazy("有效期至"), widget=DayInput(), required=False, help_text=gettext_lazy("不填为长期有效。")
    )

    def clean_version(self) -> str:
        """Letters, digits, dots and hyphens."""
        version = str(self.cleaned_data["version"])
        if not _VERSION.fullmatch(version):
            raise forms.ValidationError(_("版本号只用字母、数字、点和横线"))
        return version

    def clean(self) -> dict[str, Any]:
        """The term begins before it ends."""
        found = super().clean() or {}
        if found.get("starts_on") and found.get("ends_on") and found["ends_on"] < found["starts_on"]:
            self.add_error("ends_on", _("止日早于施行日期"))
        return found

    def new_version(self) -> NewVersion:
        """What was typed."""
        found = self.cleaned_data
        return NewVersion(found["version"], found["starts_on"], found["ends_on"])


class NewPolicyForm(VersionForm):
    """A policy that is not in the catalogue yet."""

    title = forms.CharField(label=gettext_lazy("政策名称"), max_length=100)
    policy_id = forms.CharField(
        label=gettext_lazy("政策编号"),
        max_length=60,
        help_text=gettext_lazy("小写字母、数字和下划线，如 rent_subsidy。"),
    )
    unit = UnitChoiceField(label=gettext_lazy("责任单位"), queryset=Unit.objects.none())
    row = forms.IntegerField(label=gettext_lazy("服务的任务（序号）"), min_value=1, max_value=99)
    field_order = ("title", "policy_id", "unit", "row", "version", "starts_on", "ends_on")

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        """`units` are those for which the user writes policies."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean_policy_id(self) -> str:
        """A name that expressions and addresses can hold."""
        name = str(self.cleaned_data["policy_id"])
        if not _ID.fullmatch(name):
            raise forms.ValidationError(_("只用小写字母、数字和下划线，以字母开头"))
        return name

    def new_version(self) -> NewVersion:
        """What was typed."""
        found = self.cleaned_data
        return NewVersion(
            found["version"],
            found["starts_on"],
            found["ends_on"],
            found["policy_id"],
            found["title"],
            found["unit"],
            str(found["row"]),
        )


class PolicyFileForm(forms.Form):
    """A policy written elsewhere."""

    file = forms.FileField(
        label=gettext_lazy("政策文件"),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
        help_text=gettext_lazy("YAML 文本，写法见政策编写指南；有错也能上传，接着在编辑页改正。"),
    )


class SubmitForm(RevisedForm):
    """What the second person should know."""

    note = forms.CharField(
        label=gettext_lazy("修改说明"),
        max_length=_LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("改了什么、依据哪份文件，复核的同事会看到。"),
    )


class ReturnForm(RevisedForm):
    """What is to be mended."""

    reason = forms.CharField(
        label=gettext_lazy("退回原因"), max_length=_LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 4})
    )


class DecisionForm(RevisedForm):
    """Nothing to type: which revision was looked at."""


def next_version(base: Policy | None) -> dict[str, Any]:
    """What a new version's form begins with: the day after the old term's end, where it has one."""
    if base is None or base.effective_to is None:
        return {}
    year = base.effective_to.year + 1
    return {"version": str(year), "starts_on": f"{year}-01-01"} if base.effective_to.month == 12 else {}  # noqa: PLR2004 - December
