"""Forms of registers: the files of one, and what its columns are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from chuangju.rules.kinds import Kind
from chuangju.units.forms import DayInput
from chuangju.ventures.register_words import said
from chuangju.ventures.registers import dictionary

ACCEPT = ".parquet,.xlsx,.csv,.txt"


class FilesInput(forms.FileInput):
    """A file input for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, as a list; what they hold is looked at by a child process."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:  # noqa: ARG002 - Django's signature
        """The files that were sent, at least one."""
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return files


class RegisterUploadForm(forms.Form):
    """The files of a register and the day of its data."""

    uploads = FilesField(
        label=_("名录文件"),
        widget=FilesInput({"accept": ACCEPT, "multiple": True}),
        help_text=_("Parquet、xlsx 或 csv；csv 的员工、租赁等明细可一并选择，文件名以“员工”“租赁”等结尾"),
    )
    on = forms.DateField(label=_("数据日期"), widget=DayInput(), help_text=_("名录截至哪一天；晚于它的日期按有误处理"))
    is_complete = forms.BooleanField(
        label=_("这是全量名录：其中没有的企业不再保留"),
        required=False,
        help_text=_("不勾选则只更新文件里有的企业和数据项"),
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = on


class ColumnsForm(forms.Form):
    """Which fact each column of a file holds."""

    def __init__(self, *args: Any, columns: Sequence[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = list(columns)
        choices = [
            ("", _("（不采用）")),
            *(
                (key, f"{said(fact.name)}（{key}）")
                for key, fact in dictionary().facts.items()
                if fact.kind is not Kind.RECORDS
            ),
        ]
        for place, column in enumerate(self.columns):
            known = column["key"] if column["key"] in dictionary().facts else ""
            self.fields[f"column{place}"] = forms.ChoiceField(
                label=column["name"], choices=choices, required=False, initial=known
            )

    def rows(self) -> list[tuple[dict[str, Any], forms.BoundField]]:
        """Each column with its field."""
        return [(column, self[f"column{place}"]) for place, column in enumerate(self.columns)]

    def mapping(self) -> dict[str, str]:
        """Key by column's name; columns that hold related records of a Parquet file stay what they are."""
        return {
            column["name"]: self.cleaned_data[f"column{place}"]
            for place, column in enumerate(self.columns)
            if column["key"] not in _records() or self.cleaned_data[f"column{place}"]
        }


def _records() -> set[str]:
    return {key for key, fact in dictionary().facts.items() if fact.kind is Kind.RECORDS}
