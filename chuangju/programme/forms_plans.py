"""What people type about plans: their outside, sections, items, opinions, decisions, adjustments, reviews."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.forms import AttachmentsField
from chuangju.kernel.models import Paper
from chuangju.programme.models import Opinion, Plan, TableVersion, Task
from chuangju.programme.plan_consultations import LONGEST_OPINION, LONGEST_REASON
from chuangju.programme.plan_content import task_titles
from chuangju.programme.plan_items import LONGEST_PERSON, LONGEST_REPORT, MAX_FILES
from chuangju.programme.plans import LONGEST_HEADING, LONGEST_TEXT, LONGEST_TITLE
from chuangju.units.access import existing_units_visible_to
from chuangju.units.forms import DayInput, UnitChoiceField, UnitsChoiceField
from chuangju.units.models import Unit


class RevisedForm(forms.Form):
    """A form made from one revision of a record."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def with_revision(self, revision: int) -> None:
        """The same words as typed, now made from the newest revision, for whoever decides to send them all the same."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["revision"] = str(revision)
        self.data = data


class PlanForm(RevisedForm):
    """The outside of a plan."""

    kind = forms.ChoiceField(label=_("种类"), choices=Plan.Kind.choices)
    title = forms.CharField(label=_("方案标题"), max_length=LONGEST_TITLE)
    version = forms.ModelChoiceField(
        label=_("依据的分解表"), queryset=TableVersion.objects.none(), empty_label=_("请选择")
    )
    parent = forms.ModelChoiceField(
        label=_("所属总体方案"),
        queryset=Plan.objects.none(),
        required=False,
        empty_label=_("（无）"),
        help_text=_("阶段方案须选择；总体方案不填。"),
    )
    starts_on = forms.DateField(label=_("起始日期"), widget=DayInput())
    ends_on = forms.DateField(label=_("结束日期"), widget=DayInput())
    openness = forms.ChoiceField(label=_("公开属性"), choices=Paper.Openness.choices)
    replaces = forms.ModelChoiceField(
        label=_("替代的方案"),
        queryset=Plan.objects.none(),
        required=False,
        empty_label=_("（无）"),
        help_text=_("本方案印发时，被替代的方案自动失效。"),
    )

    def __init__(
        self,
        *args: Any,
        versions: Any,
        plans: Any,
        is_kind_fixed: bool = False,
        plan: Plan | None = None,
        **kwargs: Any,
    ) -> None:
        """`versions` and `plans` are what the user may see; the kind of a plan stays once it is drafted."""
        super().__init__(*args, **kwargs)
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]
        parents = plans.filter(kind=Plan.Kind.OVERALL).exclude(state__in=(Plan.State.SUPERSEDED, Plan.State.ENDED))
        self.fields["parent"].queryset = parents.exclude(pk=plan.pk if plan else None)  # type: ignore[attr-defined]
        self.fields["replaces"].queryset = plans.filter(state=Plan.State.ISSUED)  # type: ignore[attr-defined]
        if is_kind_fixed:
            del self.fields["kind"]


class SectionForm(RevisedForm):
    """A part of the text."""

    heading = forms.CharField(label=_("章节标题"), max_length=LONGEST_HEADING)
    text = forms.CharField(
        label=_("正文"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("每段一行。非涉密系统，请勿填写国家秘密、工作秘密。"),
    )
    position = forms.IntegerField(label=_("次序"), min_value=1, max_value=99, initial=1)

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        """A new section comes at the end."""
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["position"]


class TaskChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes no argument at run time
    """A task of the table by the number and title printed in one version."""

    titles: dict[int, str]

    def label_from_instance(self, obj: Any) -> str:
        """Number and title; the code where the version does not print it."""
        return str(self.titles.get(obj.pk, obj.code))


def offer_tasks(field: Any, version: TableVersion, tasks: Any) -> None:
    """Let a field choose among the tasks that a version prints, in printed order."""
    field.titles = task_titles(version)
    field.queryset = tasks.filter(rows__version=version).order_by("rows__position")


class ItemForm(RevisedForm):
    """One thing that a plan wants done."""

    title = forms.CharField(label=pgettext_lazy("plan", "事项"), max_length=LONGEST_TITLE)
    task = TaskChoiceField(label=_("服务的任务"), queryset=Task.objects.none(), empty_label=_("请选择"))
    unit = UnitChoiceField(label=_("责任单位"), queryset=Unit.objects.none())
    person = forms.CharField(label=_("责任人"), max_length=LONGEST_PERSON, required=False)
    starts_on = forms.DateField(label=_("开始日期"), required=False, widget=DayInput())
    due_on = forms.DateField(label=_("完成期限"), widget=DayInput())
    weight = forms.IntegerField(
        label=_("权重"), min_value=1, max_value=100, initial=1, help_text=_("计算完成进度时的份量，一般为 1。")
    )

    def __init__(self, *args: Any, user: Any, plan: Plan, tasks: Any, on: date, **kwargs: Any) -> None:
        """Tasks of the plan's version, units that exist."""
        super().__init__(*args, **kwargs)
        offer_tasks(self.fields["task"], plan.version, tasks)
        units = existing_units_visible_to(user, on).order_by("position")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class ItemReportForm(RevisedForm):
    """What was done for an item, with pictures; closing it is one tick away."""

    text = forms.CharField(
        label=_("完成情况"),
        max_length=LONGEST_REPORT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写清做了什么、什么时候、数量多少。非涉密系统，请勿填写国家秘密、工作秘密。"),
    )
    photos = AttachmentsField(label=_("照片或文件"), required=False, max_files=MAX_FILES)
    is_done = forms.BooleanField(label=_("该事项已经完成"), required=False)
    done_on = forms.DateField(label=_("完成日期"), required=False, widget=DayInput(), help_text=_("不填则为今天。"))


class ReasonForm(RevisedForm):
    """A decision that needs its reason."""

    reason = forms.CharField(label=_("原因"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))


class ConsultForm(forms.Form):
    """Who is asked about a draft, and until when."""

    due_on = forms.DateField(label=_("反馈期限"), widget=DayInput())
    words = forms.CharField(
        label=_("征求意见说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    units = UnitsChoiceField(label=_("征求意见的单位"), queryset=Unit.objects.none())

    def __init__(self, *args: Any, user: Any, on: date, **kwargs: Any) -> None:
        """Units that exist, in 建制序."""
        super().__init__(*args, **kwargs)
        units = existing_units_visible_to(user, on).order_by("position")
        self.fields["units"].queryset = units  # type: ignore[attr-defined]


class ExtendForm(forms.Form):
    """More time for a round."""

    due_on = forms.DateField(label=_("新的反馈期限"), widget=DayInput())
    reason = forms.CharField(label=_("延期原因"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2}))


class OpinionForm(forms.Form):
    """What a unit wants changed, and where."""

    place = forms.ChoiceField(label=_("所涉内容"))
    text = forms.CharField(
        label=pgettext_lazy("plan", "意见"), max_length=LONGEST_OPINION, widget=forms.Textarea(attrs={"rows": 4})
    )
    suggestion = forms.CharField(
        label=_("修改建议"),
        max_length=LONGEST_OPINION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("可以直接写出建议的文字。"),
    )

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        """`places`: what stands in the draft, as ("section-3", "二、主要任务")."""
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places  # type: ignore[attr-defined]


class DecideOpinionForm(RevisedForm):
    """What became of an opinion."""

    result = forms.ChoiceField(
        label=_("采纳情况"),
        choices=[choice for choice in Opinion.Result.choices if choice[0] != Opinion.Result.PENDING],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("部分采纳或不采纳的必须写明。"),
    )


class ApproveForm(RevisedForm):
    """Where and when the leading group approved."""

    meeting = forms.CharField(label=_("审定的会议或方式"), max_length=200)
    approved_on = forms.DateField(label=_("审定日期"), widget=DayInput())


class IssueForm(forms.Form):
    """To whom the plan is sent."""

    recipient = forms.CharField(label=_("主送"), max_length=200)
