"""What people type about application rounds, their panels and their selection lists."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chuangju.applications.apply_settings import apply_settings
from chuangju.applications.models import Window
from chuangju.applications.window_changes import LONGEST_REASON, LONGEST_TITLE, WindowFacts
from chuangju.budget.forms_lines import YuanField
from chuangju.kernel.languages import reads_english
from chuangju.policies.current import current_catalogue
from chuangju.programme.forms_plans import RevisedForm
from chuangju.scoring.forms import SheetChoiceField
from chuangju.scoring.models import ScoreSheet
from chuangju.scoring.sheets import published_sheets
from chuangju.units.forms import DayInput, UnitChoiceField, UnitsChoiceField
from chuangju.units.models import Unit

_WIDEST = 10_000


class WindowForm(RevisedForm):
    """A round: its policy, days, places, money and manner."""

    policy_id = forms.ChoiceField(label=_("政策"))
    title = forms.CharField(label=_("批次名称"), max_length=LONGEST_TITLE)
    title_en = forms.CharField(
        label=_("英文名称"),
        max_length=LONGEST_TITLE,
        required=False,
        help_text=_("可不填；英文页面上没有的，用政策的英文名称和期次"),
    )
    unit = UnitChoiceField(label=_("受理单位"), queryset=Unit.objects.none(), to_field_name="code")
    opens_on = forms.DateField(label=_("开始受理"), widget=DayInput())
    closes_on = forms.DateField(label=_("截止受理"), widget=DayInput(), help_text=_("含当天"))
    places = forms.IntegerField(
        label=_("名额"), min_value=1, max_value=_WIDEST, required=False, help_text=_("不限的留空")
    )
    money = YuanField(label=_("资金额度"), required=False, help_text=_("可以写元或万元；不限的留空"))
    budget_code = forms.CharField(
        label=_("预算科目编号"), max_length=40, required=False, help_text=_("留空的，按政策和年度自动对应")
    )
    is_competitive = forms.BooleanField(
        label=_("集中评选"), required=False, help_text=_("截止以后统一评审、排名、审定，不逐件决定")
    )
    is_sealed = forms.BooleanField(
        label=_("截止前密封"), required=False, help_text=_("截止以前，谁都看不到收到的申请内容")
    )
    score_sheet = forms.ChoiceField(
        label=_("评分表"),
        required=False,
        help_text=_("集中评选时专家用的评分表；不选的，按政策文件，或在组织评审时再定"),
    )
    reserves = forms.ChoiceField(label=_("占用资金"), choices=Window.Reserves.choices)
    when_empty = forms.ChoiceField(label=_("资金用完时"), choices=Window.WhenEmpty.choices)
    towns = UnitsChoiceField(
        label=_("适用街镇"), queryset=Unit.objects.none(), required=False, help_text=_("不选的，全区适用")
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], towns: QuerySet[Unit], on: date, **kwargs: Any) -> None:
        """What may be chosen: policies in force that are applied for, units that one keeps rounds of."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["policy_id"].choices = [("", _("请选择")), *_policies(on)]
        fields["score_sheet"].choices = [("", _("以后再定")), *published_sheets()]
        fields["unit"].queryset, fields["towns"].queryset = units, towns

    def facts(self) -> WindowFacts:
        """What was typed, as the rules take it."""
        data = dict(self.cleaned_data)
        data.pop("revision", None)
        data["towns"] = list(data["towns"])
        return WindowFacts(**data)


class CloseForm(RevisedForm):
    """Why a round is closed before its day."""

    reason = forms.CharField(
        label=_("提前截止的原因"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("会写在政策页面上，任何人都能看到。"),
    )  # fmt: skip


class CasePanelForm(forms.Form):
    """How a panel over cases scores."""

    sheet = SheetChoiceField(label=_("评分表"), queryset=ScoreSheet.objects.none(), empty_label=_("请选择"))
    due_on = forms.DateField(label=_("评分截止日期"), widget=DayInput())
    is_blind = forms.BooleanField(label=_("匿名评审"), required=False, help_text=_("专家只看到编号，看不到名称和材料"))
    drop_extremes = forms.BooleanField(label=_("去掉最高分和最低分"), required=False)
    min_assessors = forms.IntegerField(
        label=_("每件至少几位专家"), min_value=1, max_value=99, required=False, help_text=_("留空的，按全区统一规定")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Published sheets only."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["sheet"].queryset = ScoreSheet.objects.filter(is_published=True).order_by("title", "-version")


class LineForm(RevisedForm):
    """Where the cut line runs."""

    cut = forms.IntegerField(label=_("入围数"), min_value=0, max_value=_WIDEST)
    reserves = forms.IntegerField(label=_("候补数"), min_value=0, max_value=_WIDEST)


class MoveForm(RevisedForm):
    """At which place a case is put, and why."""

    place = forms.IntegerField(label=_("调到第几名"), min_value=1, max_value=_WIDEST)
    reason = forms.CharField(
        label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("与名单一起留存，审定人会看到。"),
    )  # fmt: skip


class WhyForm(RevisedForm):
    """Why a list is sent back, or a winner leaves."""

    reason = forms.CharField(label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


def _policies(on: date) -> list[tuple[str, str]]:
    listed = [one for one in current_catalogue().in_force(on) if one.channel in apply_settings().applied_channels]
    names = [(one.id, one.title.en if reads_english() else one.title.zh) for one in listed]
    return sorted(dict(names).items(), key=lambda pair: pair[1])
