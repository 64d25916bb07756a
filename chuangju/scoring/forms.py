"""Forms of panels, assessors and scores."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models import User
from chuangju.kernel.working_days import add_working_days
from chuangju.papers.grids import UnreadableFile
from chuangju.papers.guard import read_in_child
from chuangju.scoring.access import assessors_on, running_units
from chuangju.scoring.answer_words import choices_of, scale_text
from chuangju.scoring.criteria import Criterion, ScoreRefused, limits_of
from chuangju.scoring.models import Assessment, Panel, PanelEntry, ScoreSheet
from chuangju.scoring.parameters import read_parameters
from chuangju.scoring.submissions import LONGEST_COMMENT
from chuangju.units.forms import DayInput, UnitChoiceField

READER = "chuangju.scoring.paper_rows:read_score_rows"
_PREFIX = "score_"


class SheetChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes no argument at run time
    """One published sheet, by its title in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """With its version."""
        return gettext("%(title)s（第 %(version)d 版）") % {"title": obj.shown_title, "version": obj.version}


class AssessorChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes no argument at run time
    """One assessor, by name."""

    def label_from_instance(self, obj: Any) -> str:
        """The sign-in name tells people of one name apart."""
        return f"{obj.name}（{obj.username}）"


class PanelForm(forms.Form):
    """What a panel is, and whom it assesses."""

    title = forms.CharField(label=_("评审名称"), max_length=120)
    sheet = SheetChoiceField(label=_("评分表"), queryset=ScoreSheet.objects.none(), empty_label=_("（请选择）"))
    unit = UnitChoiceField(
        label=_("组织单位"), queryset=ScoreSheet.objects.none(), to_field_name="code", empty_label=_("（请选择）")
    )
    due_on = forms.DateField(label=_("评分截止日期"), widget=DayInput())
    is_blind = forms.BooleanField(
        label=_("匿名评审"),
        required=False,
        help_text=_("专家只看到匿名编号，看不到名称、文件名和链接"),
    )
    min_assessors = forms.IntegerField(label=_("每个对象最少评分数"), min_value=1, max_value=50)
    max_per_assessor = forms.IntegerField(
        label=_("每位专家最多对象数"), required=False, min_value=1, max_value=2000, help_text=_("不限可留空")
    )
    drop_extremes = forms.BooleanField(label=_("去掉一个最高分和一个最低分"), required=False)
    normalisation = forms.ChoiceField(
        label=_("评委间调整"),
        choices=Panel.Normalisation.choices,
        help_text=_("按均分平移：把每位专家的均分调到全体均分；按名次换算：只看每位专家给出的先后"),
    )
    subjects = forms.CharField(
        label=_("参评对象"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("每行一个；也可以先留空，筹备中随时补充。从申请等业务发起的评审会自动带入"),
    )

    def __init__(self, data: Any = None, *, user: User, on: date) -> None:
        figures = read_parameters()
        units = running_units(user, on)
        first = units.order_by("position", "code").first() if units.count() == 1 else None
        initial = {
            "min_assessors": figures.min_assessors,
            "due_on": add_working_days(on, figures.due_working_days),
            "unit": first.code if first else "",
        }
        super().__init__(data, initial=initial)
        self.fields["sheet"].queryset = newest_sheets()  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units.order_by("position", "code")  # type: ignore[attr-defined]
        hint = gettext("有效评分达到 %(count)d 份时才去掉") % {"count": figures.drop_extremes_from}
        self.fields["drop_extremes"].help_text = hint

    def labels(self) -> list[str]:
        """The subjects, one for each line."""
        return [line for line in self.cleaned_data["subjects"].splitlines() if line.strip()]


def newest_sheets() -> Any:
    """The newest published version of each sheet."""
    published = ScoreSheet.objects.filter(is_published=True).order_by("key", "-version")
    newest: dict[str, Any] = {}
    for key, pk in published.values_list("key", "pk"):
        newest.setdefault(key, pk)
    return ScoreSheet.objects.filter(pk__in=newest.values()).order_by("title", "pk")


class SubjectsForm(forms.Form):
    """Further subjects, one for each line."""

    subjects = forms.CharField(label=_("参评对象"), widget=forms.Textarea(attrs={"rows": 8}), help_text=_("每行一个"))

    def labels(self) -> list[str]:
        """The subjects."""
        return [line for line in self.cleaned_data["subjects"].splitlines() if line.strip()]


class AssessorForm(forms.Form):
    """Who joins, and which subjects they get at once."""

    assessor = AssessorChoiceField(label=_("评审专家"), queryset=User.objects.none(), empty_label=_("（请选择）"))
    subjects = forms.MultipleChoiceField(
        label=_("直接分派的对象"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("可以不选，加入后用“均衡分派”"),
    )

    def __init__(self, *args: Any, entries: Iterable[PanelEntry], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assessor"].queryset = assessors_on(on)  # type: ignore[attr-defined]
        choices = [(entry.subject_key, f"{entry.blind_label} {entry.label}") for entry in entries]
        self.fields["subjects"].choices = choices  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class ConflictForm(forms.Form):
    """Why an assessor steps back."""

    reason = forms.CharField(
        label=_("需要回避的原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如：近三年有合作、师生或亲属关系、持有股份"),
    )


class DueDayForm(forms.Form):
    """A new day, and why."""

    due_on = forms.DateField(label=_("评分截止日期"), widget=DayInput())
    reason = forms.CharField(label=_("改期原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class PaperScoresForm(forms.Form):
    """Scores from paper, as a sheet."""

    file = forms.FileField(
        label=_("录入表"),
        help_text=_("xlsx 或 csv；有一行不对就一份也不录入"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> dict[str, Any]:
        """Heads and lines of the file, read in a child process."""
        file = self.cleaned_data["file"]
        with tempfile.NamedTemporaryFile(suffix=Path(file.name).suffix[:8]) as copy:
            for piece in file.chunks():
                copy.write(piece)
            copy.flush()
            try:
                read: dict[str, Any] = read_in_child(READER, Path(copy.name), name=file.name)
            except UnreadableFile as refusal:
                raise forms.ValidationError(refusal.sentence) from refusal
        if not read["lines"]:
            raise forms.ValidationError(gettext("表头下面没有评分"))
        return read


class ScoreForm(forms.Form):
    """One field for each criterion: buttons where there is a choice, a number where something is counted or measured."""

    comment = forms.CharField(
        label=_("评语"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("说明主要理由，组织单位会看到"),
    )

    def __init__(self, data: Any = None, *, assessment: Assessment, criteria: Iterable[Criterion]) -> None:
        self.criteria = tuple(criteria)
        kept = {f"{_PREFIX}{key}": value for key, value in assessment.scores.items()}
        super().__init__(data, initial={**kept, "comment": assessment.comment})
        for criterion in self.criteria:
            self.fields[f"{_PREFIX}{criterion.key}"] = _score_field(criterion)
        self.order_fields([f"{_PREFIX}{each.key}" for each in self.criteria])

    # Keeping what there is so far asks for nothing; the rules say what is missing when it is handed in.
    use_required_attribute = False

    def shown_fields(self) -> list[forms.BoundField]:
        """The fields as drawn, after the form was read: no criterion is optional in the end."""
        for criterion in self.criteria:
            self.fields[f"{_PREFIX}{criterion.key}"].required = True
        return [self[name] for name in self.fields]

    def scores(self) -> dict[str, str]:
        """What was entered, by the key of the criterion."""
        return {each.key: self.cleaned_data.get(f"{_PREFIX}{each.key}", "") for each in self.criteria}

    def place_refusal(self, refused: ScoreRefused) -> None:
        """The sentences beside their fields."""
        for key, sentence in refused.by_key.items():
            name = f"{_PREFIX}{key}"
            self.add_error(name if name in self.fields else None, sentence)


def _score_field(criterion: Criterion) -> forms.Field:
    label = gettext("%(label)s（%(points)s 分）") % {"label": criterion.shown_label, "points": criterion.weight}
    hint = gettext("；").join(filter(None, [criterion.shown_help, scale_text(criterion)]))
    choices = choices_of(criterion)
    if choices:
        widget = forms.RadioSelect
        return forms.ChoiceField(label=label, choices=choices, widget=widget, required=False, help_text=hint)
    low, high, is_whole = limits_of(criterion)
    attrs: dict[str, object] = {"inputmode": "numeric" if is_whole else "decimal", "min": low, "autocomplete": "off"}
    attrs["step"] = "1" if is_whole else "0.01"
    if high is not None:
        attrs["max"] = high
    widget_number = forms.NumberInput(attrs=attrs)
    return forms.CharField(label=label, required=False, max_length=12, widget=widget_number, help_text=hint)
