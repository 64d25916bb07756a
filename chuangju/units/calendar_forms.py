"""The form that takes the yearly holiday notice, pasted or as a file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.holiday_notices import LONGEST_TEXT
from chuangju.papers.grids import UnreadableFile
from chuangju.papers.guard import read_in_child
from chuangju.papers.sentences import say_refusal

LARGEST_FILE = 2 * 1024 * 1024


class HolidayNoticeForm(forms.Form):
    """The words of the notice, from the clipboard or out of a file; the year only where the words do not say it."""

    text = forms.CharField(
        label=_("通知内容"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("粘贴通知全文即可；也可以每行写一天，如“2027-01-01 休 元旦”“2027-02-14 班 春节”"),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    file = forms.FileField(
        label=_("或上传文件"),
        required=False,
        help_text=_("docx、txt、csv 或 xlsx，不超过 2 MB"),
        widget=forms.FileInput(attrs={"accept": ".docx,.txt,.csv,.xlsx"}),
    )
    year = forms.IntegerField(
        label=_("年份"), required=False, min_value=2000, max_value=2200, help_text=_("通知里写明年份的，可以不填")
    )

    def clean(self) -> dict[str, Any]:
        """Either the pasted words or those of the file; both would leave it open which of them counts."""
        data = super().clean() or {}
        text, file = (data.get("text") or "").strip(), data.get("file")
        if self.errors:
            return data
        if bool(text) == bool(file):
            self.add_error("text", gettext("请粘贴通知内容，或者上传文件，二选一"))
        elif file:
            data["text"] = self._words_of(file)
        return data

    def _words_of(self, file: Any) -> str:
        if file.size > LARGEST_FILE:
            self.add_error("file", gettext("文件超过 2 MB，请只上传通知本身"))
            return ""
        with tempfile.NamedTemporaryFile() as copy:
            for chunk in file.chunks():
                copy.write(chunk)
            copy.flush()
            file.seek(0)
            try:
                read = read_in_child("chuangju.papers.prose:read_prose", Path(copy.name), name=file.name)
            except UnreadableFile as refusal:
                self.add_error("file", unreadable_sentence(refusal))
                return ""
        return "\n".join(read["lines"])[:LONGEST_TEXT]


def unreadable_sentence(refusal: UnreadableFile) -> str:
    """Why the file cannot be read, in the reader's language."""
    return say_refusal(refusal, gettext)
