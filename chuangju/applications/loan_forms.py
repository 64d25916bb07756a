"""What people type about guaranteed loans: a contract, a bank's file, a reason."""

from __future__ import annotations

import hashlib
import re
import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.applications.facilities import Contract
from chuangju.kernel.money import MoneyRefused, parse_yuan
from chuangju.papers.grids import UnreadableFile
from chuangju.papers.guard import read_in_child
from chuangju.units.forms import DayInput

_READER = "chuangju.applications.loan_sheets:read_loan_sheet"
_RATE = re.compile(r"(\d{1,2})(?:\.(\d{1,2}))?")


class ContractForm(forms.Form):
    """A loan contract as it was signed."""

    bank = forms.CharField(label=gettext_lazy("经办银行"), max_length=100)
    number = forms.CharField(label=gettext_lazy("借款合同号"), max_length=60)
    principal = forms.CharField(label=gettext_lazy("合同金额"), max_length=40, help_text=gettext_lazy("可以写元或万元"))
    rate = forms.CharField(label=gettext_lazy("年利率（%）"), max_length=8, help_text=gettext_lazy("如 3.45"))
    signed_on = forms.DateField(label=gettext_lazy("签约日"), widget=DayInput())
    ends_on = forms.DateField(label=gettext_lazy("到期日"), widget=DayInput())
    jobs = forms.IntegerField(label=gettext_lazy("带动就业人数"), min_value=0, max_value=1_000_000, required=False)

    def clean_principal(self) -> int:
        """Whole fen."""
        try:
            return parse_yuan(str(self.cleaned_data["principal"]))
        except MoneyRefused as refused:
            raise forms.ValidationError(refused.sentence) from refused

    def clean_rate(self) -> int:
        """Basis points."""
        text = str(self.cleaned_data["rate"]).strip().rstrip("%％").strip()
        found = _RATE.fullmatch(text)
        if found is None:
            raise forms.ValidationError(_("年利率写成数字，最多两位小数，如 3.45"))
        return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))

    def contract(self) -> Contract:
        """What was typed."""
        found = self.cleaned_data
        return Contract(
            bank=found["bank"],
            number=found["number"],
            principal=found["principal"],
            rate=found["rate"],
            signed_on=found["signed_on"],
            ends_on=found["ends_on"],
            jobs=found["jobs"],
        )


class MovementsForm(forms.Form):
    """A bank's file of movements."""

    file = forms.FileField(
        label=gettext_lazy("银行流水文件"),
        help_text=gettext_lazy(
            "xlsx 或 csv，表头为借款合同号、日期、业务、金额（元）、流水号；有一处错误就一笔也不导入。"
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean(self) -> dict[str, Any]:
        """The rows of the file, read in a child process, its name and its digest."""
        found = super().clean() or {}
        file = found.get("file")
        if file is None:
            return found
        digest = hashlib.sha256()
        with tempfile.NamedTemporaryFile(suffix=Path(file.name).suffix[:8]) as copy:
            for piece in file.chunks():
                copy.write(piece)
                digest.update(piece)
            copy.flush()
            try:
                found["rows"] = read_in_child(_READER, Path(copy.name), name=file.name)["rows"]
            except UnreadableFile as refusal:
                self.add_error("file", refusal.sentence)
        found["name"], found["sha256"] = file.name, digest.hexdigest()
        return found


class StopForm(forms.Form):
    """Why a period is not subsidised."""

    reason = forms.CharField(
        label=gettext_lazy("不予贴息的原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class SettleForm(forms.Form):
    """Nothing to type: the figures were looked at."""
