"""What people type about payments and batches: which, why, an account, the treasury's answers."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangju.budget.forms_lines import YuanField
from chuangju.budget.models import Payment
from chuangju.papers.grids import UnreadableFile
from chuangju.papers.guard import read_in_child
from chuangju.programme.forms_plans import RevisedForm
from chuangju.units.forms import UnitChoiceField
from chuangju.units.models import Unit

READER = "chuangju.budget.answer_sheets:read_answers"


@dataclass(frozen=True)
class ReadFile:
    """A file of answers as it was read: its rows, its name and its fingerprint."""

    rows: list[dict[str, Any]]
    name: str
    sha256: str


class BatchUnitForm(forms.Form):
    """For which unit a batch is gathered."""

    unit = UnitChoiceField(label=_("预算单位"), queryset=Unit.objects.none())

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        """Units with payments that wait."""
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class BatchForm(forms.Form):
    """The name of a batch and its payments."""

    title = forms.CharField(label=_("批次名称"), max_length=120)
    payments = forms.ModelMultipleChoiceField(label=_("款项"), queryset=Payment.objects.none())

    def __init__(self, *args: Any, waiting: Any, **kwargs: Any) -> None:
        """Payments that wait and are in no batch."""
        super().__init__(*args, **kwargs)
        self.fields["payments"].queryset = waiting  # type: ignore[attr-defined]


class RecoverForm(RevisedForm):
    """How much came back, and why."""

    amount = YuanField(label=_("追回金额"))
    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class AccountForm(forms.Form):
    """Where the money goes."""

    account_name = forms.CharField(label=_("账户名称"), max_length=120, help_text=_("与银行开户名称完全一致。"))
    account_number = forms.CharField(
        label=_("银行账号"),
        max_length=40,
        help_text=_("个人请填写社会保障卡的银行账号。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    bank = forms.CharField(label=_("开户银行"), max_length=120, help_text=_("写到支行，例如 工商银行闵行支行。"))


class AnswersForm(forms.Form):
    """The treasury's answers as a file."""

    file = forms.FileField(
        label=_("国库回执文件"),
        help_text=_(
            "xlsx 或 csv，须有“支付编号”“支付结果”两列；可以直接在拨付明细表上填写。有一处不对就一行也不导入。"
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> ReadFile:
        """The rows of the file, read in a child process."""
        file = self.cleaned_data["file"]
        digest = hashlib.sha256()
        with tempfile.NamedTemporaryFile(suffix=Path(file.name).suffix[:8]) as copy:
            for piece in file.chunks():
                copy.write(piece)
                digest.update(piece)
            copy.flush()
            try:
                rows: list[dict[str, Any]] = read_in_child(READER, Path(copy.name), name=file.name)["rows"]
            except UnreadableFile as refusal:
                raise forms.ValidationError(refusal.sentence) from refusal
        return ReadFile(rows, file.name, digest.hexdigest())
