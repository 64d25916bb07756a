"""What people type about the table: uploads, confirmations, milestones, notes, units."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.forms import AttachmentsField
from chuangju.programme.comparison import Comparison, Kind
from chuangju.programme.imports import UnitChoice
from chuangju.programme.milestones import LONGEST_TITLE
from chuangju.programme.models import Measure, Milestone, TableVersion
from chuangju.programme.notes import LONGEST_TEXT, MAX_FILES
from chuangju.units.access import units_visible_to
from chuangju.units.forms import DayInput, UnitChoiceField, UnitsChoiceField
from chuangju.units.models import Unit
from chuangju.units.names import name_directory

# So many rows that seem new are asked about one by one; in a table that differs more, matching speaks for itself.
MOST_TASK_QUESTIONS = 30


class UploadForm(forms.Form):
    """The file of a table; what is in it is judged by reading it, not by its name."""

    file = forms.FileField(
        label=_("任务分解表文件"),
        help_text=_("docx、xlsx、csv 或纯文本，不超过 20 MB。上传后先预览，确认前不会写入任何内容。"),
        widget=forms.FileInput(attrs={"accept": ".docx,.xlsx,.csv,.tsv,.txt"}),
        allow_empty_file=True,
    )


class ConfirmImportForm(forms.Form):
    """The version's name and first day, and what each unknown unit name stands for."""

    name = forms.CharField(label=_("版本名称"), max_length=100, help_text=_("例如：2026 年任务分解表"))
    effective_from = forms.DateField(label=_("起用日期"), widget=DayInput())
    # The number of the version that the preview was compared with; 0 where there was none.
    compared_with = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, unknown: list[str], on: date, comparison: Comparison | None = None, **kwargs: Any
    ) -> None:
        """One pair of fields per unknown name: the unit it is the same as, or else the kind of the new unit."""
        super().__init__(*args, **kwargs)
        self.unknown = unknown
        self._add_task_fields(comparison)
        self.directory = name_directory(on)
        for index, name in enumerate(unknown):
            likely = self.directory.suggest(name, limit=1)
            self.fields[f"same_{index}"] = forms.CharField(
                label=_("“%(name)s”与哪个单位相同？") % {"name": name},
                required=False,
                initial=likely[0].name if likely else "",
                help_text=_("已填入最相近的单位，请核对；确是新单位的，请清空此栏。")
                if likely
                else _("留空则作为新单位加入。"),
                widget=forms.TextInput(attrs={"list": "known-units", "autocomplete": "off"}),
            )
            self.fields[f"kind_{index}"] = forms.ChoiceField(
                label=_("如为新单位，类别"), choices=Unit.Kind.choices, initial=Unit.Kind.OTHER, required=False
            )

    def _add_task_fields(self, comparison: Comparison | None) -> None:
        """For each row that seems new: which of the tasks that seem gone it carries on, if any."""
        changes = comparison.differences if comparison else ()
        gone = [change.row for change in changes if change.kind == Kind.REMOVED]
        fresh = [change.row for change in changes if change.kind == Kind.ADDED]
        self.fresh_numbers = [row.number for row in fresh[:MOST_TASK_QUESTIONS]] if gone else []
        choices = [("", _("新任务")), *((row.code, f"{row.number} {row.title}") for row in gone)]
        for row in fresh[: len(self.fresh_numbers)]:
            self.fields[f"task_{row.number}"] = forms.ChoiceField(
                label=_("%(number)d %(title)s 延续自") % {"number": row.number, "title": row.title},
                choices=choices,
                required=False,
            )

    def compared_afresh(self, current: TableVersion | None) -> None:
        """The same answers as typed, now for a preview that was compared with this version."""
        self.data = {
            **{key: self.data[key] for key in self.data},
            "compared_with": str(current.number if current else 0),
        }

    def task_fields(self) -> list[forms.BoundField]:
        """The questions about rows that seem new."""
        return [self[f"task_{number}"] for number in self.fresh_numbers]

    def unit_rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Unknown name, field for the unit it equals, field for the kind of a new one."""
        return [(name, self[f"same_{index}"], self[f"kind_{index}"]) for index, name in enumerate(self.unknown)]

    def clean(self) -> dict[str, Any]:
        """Names typed must be known units."""
        data = super().clean() or {}
        choices: dict[str, UnitChoice] = {}
        for index, name in enumerate(self.unknown):
            typed = (data.get(f"same_{index}") or "").strip()
            if not typed:
                choices[name] = UnitChoice(new_kind=data.get(f"kind_{index}") or Unit.Kind.OTHER)
                continue
            unit = self.directory.find(typed)
            if isinstance(unit, Unit):
                choices[name] = UnitChoice(same_as=unit)
            else:
                self.add_error(f"same_{index}", _("没有名为“%(name)s”的单位，请从列表中选择或留空") % {"name": typed})
        data["unit_choices"] = choices
        data["task_choices"] = self._chosen_tasks(data)
        return data

    def _chosen_tasks(self, data: dict[str, Any]) -> dict[int, str]:
        """Printed number -> code of the task carried on; each at most once."""
        chosen: dict[int, str] = {}
        for number in self.fresh_numbers:
            code = data.get(f"task_{number}") or ""
            if code and code in chosen.values():
                self.add_error(f"task_{number}", _("同一项任务只能由一行延续"))
            elif code:
                chosen[number] = code
        return chosen


class MilestoneForm(forms.Form):
    """A step under a measure."""

    title = forms.CharField(label=_("落实节点"), max_length=LONGEST_TITLE)
    unit = UnitChoiceField(label=_("责任单位"), queryset=Unit.objects.none())
    due_on = forms.DateField(
        label=_("完成期限"), required=False, widget=DayInput(), help_text=_("没有期限可不填，将显示为“无时限”。")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        """Units in 建制序, as far as the user may see them."""
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["unit"].queryset = units_visible_to(user).order_by("position")  # type: ignore[attr-defined]


class AddMilestoneForm(MilestoneForm):
    """A new step; its measure is chosen among those of the row."""

    measure = forms.ModelChoiceField(label=_("推进举措"), queryset=Measure.objects.none(), empty_label=_("请选择"))
    field_order = ("measure", "title", "unit", "due_on")

    def __init__(self, *args: Any, measures: list[tuple[int, str]], **kwargs: Any) -> None:
        """`measures`: (id, text) of the row's measures in printed order."""
        super().__init__(*args, **kwargs)
        field = self.fields["measure"]
        field.queryset = Measure.objects.filter(pk__in=[pk for pk, _text in measures])  # type: ignore[attr-defined]
        field.choices = [(pk, text) for pk, text in measures]  # type: ignore[attr-defined]
        field.initial = measures[0][0] if measures else None


class ChangeMilestoneForm(MilestoneForm):
    """A correction: it says why, and which revision it was made from."""

    reason = forms.CharField(
        label=_("调整原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("会记入历史，成员单位可见。"),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def made_from(self, revision: int) -> ChangeMilestoneForm:
        """The same words as typed, now made from the newest revision, for whoever decides to send them all the same."""
        data = QueryDict(mutable=True)
        data.update({**{key: self.data.get(key, "") for key in self.fields}, "revision": str(revision)})
        return ChangeMilestoneForm(data, user=self.user)


class ReasonForm(forms.Form):
    """A decision on a milestone or note that needs its reason."""

    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class NoteForm(forms.Form):
    """Progress in a sentence or two, with pictures; closing the milestone is one tick away."""

    unit = UnitChoiceField(label=_("填报单位"), queryset=Unit.objects.none())
    milestone = forms.ModelChoiceField(
        label=_("对应落实节点"), queryset=Milestone.objects.none(), required=False, empty_label=_("整项任务")
    )
    text = forms.CharField(
        label=_("进展情况"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写清做了什么、什么时候、数量多少。非涉密系统，请勿填写国家秘密、工作秘密。"),
    )
    photos = AttachmentsField(label=_("照片或文件"), required=False, max_files=MAX_FILES)
    is_done = forms.BooleanField(label=_("该落实节点已经完成"), required=False)
    done_on = forms.DateField(label=_("完成日期"), required=False, widget=DayInput(), help_text=_("不填则为今天。"))

    def __init__(self, *args: Any, units: Any, milestones: Any, **kwargs: Any) -> None:
        """Only units that the user reports for, only milestones of this task that are open."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["milestone"].queryset = milestones  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A milestone can only be closed where one is chosen."""
        data = super().clean() or {}
        if data.get("is_done") and not data.get("milestone"):
            self.add_error("milestone", _("请选择已完成的落实节点"))
        return data


class UnitsForm(forms.Form):
    """Which units a group or a measure means."""

    units = UnitsChoiceField(label=pgettext_lazy("list", "单位"), queryset=Unit.objects.none(), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        """Units in 建制序."""
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units_visible_to(user).order_by("position")  # type: ignore[attr-defined]


class MeasureUnitsForm(UnitsForm):
    """Lead and cooperating units of one measure; none at all: as its row."""

    leads = UnitsChoiceField(label=_("牵头单位"), queryset=Unit.objects.none(), required=False)
    field_order = ("leads", "units")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        """Both lists offer every unit."""
        super().__init__(*args, user=user, **kwargs)
        self.fields["units"].label = _("配合单位")
        self.fields["leads"].queryset = units_visible_to(user).order_by("position")  # type: ignore[attr-defined]


class SnapshotForm(forms.Form):
    """Why a version is kept for the record."""

    reason = forms.CharField(label=_("存档原因"), max_length=200, help_text=_("例如：年中自查评估留档"))
