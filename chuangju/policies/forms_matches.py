"""What people choose for a match run: register, day, policies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.policies.draft_page import title_and_version
from chuangju.rules.policy import Policy
from chuangju.units.forms import DayInput
from chuangju.ventures.models import RegisterSnapshot


class SnapshotChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes no argument at run time
    """One of the registers, by its number and day."""

    def label_from_instance(self, obj: Any) -> str:
        """Number, day, how many enterprises."""
        told = {"number": obj.number, "day": obj.on, "count": f"{obj.counts.get('enterprises', 0):,}"}
        words = _("第 %(number)s 版（%(day)s，%(count)s 家）") % told
        return f"{words} · {_('演示数据')}" if obj.is_synthetic else words


class MatchForm(forms.Form):
    """A run to be started."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=120, required=False)
    snapshot = SnapshotChoiceField(
        label=gettext_lazy("企业名录"), queryset=RegisterSnapshot.objects.none(), empty_label=None
    )
    on = forms.DateField(
        label=gettext_lazy("测算日期"),
        widget=DayInput(),
        help_text=gettext_lazy("政策版本、年限和期限都按这一天算；可以选将来的日子。"),
    )
    policies = forms.MultipleChoiceField(
        label=gettext_lazy("政策"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("个人和团队的政策用企业名录算，多半会是“需补充信息”。"),
    )

    def __init__(self, *args: Any, snapshots: Any, policies: Sequence[Policy], **kwargs: Any) -> None:
        """`policies` are those that answer on the day the form is first shown with."""
        super().__init__(*args, **kwargs)
        self.fields["snapshot"].queryset = snapshots  # type: ignore[attr-defined]
        self.fields["policies"].choices = [(one.id, title_and_version(one)) for one in policies]  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        """A day for which rules can be bound."""
        day: date = self.cleaned_data["on"]
        if not date(2000, 1, 1) <= day <= date(2100, 12, 31):
            raise forms.ValidationError(_("日期应在 2000 年至 2100 年之间"))
        return day
