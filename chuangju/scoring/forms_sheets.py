"""Forms of score sheets and their criteria."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangju.scoring.criteria import Criterion
from chuangju.scoring.models import ScoreSheet


class SheetForm(forms.Form):
    """What a sheet is called."""

    key = forms.SlugField(
        label=_("编号"), max_length=64, help_text=_("小写字母、数字和连字符；已发布过的编号会生成新版本")
    )
    title = forms.CharField(label=_("名称"), max_length=120)
    title_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    summary = forms.CharField(label=_("适用范围"), max_length=300, required=False)


class CriterionForm(forms.Form):
    """One criterion; what a scale does not need is left empty."""

    key = forms.SlugField(label=_("编号"), max_length=32, help_text=_("小写字母、数字和下划线，如 team"))
    label = forms.CharField(label=_("名称"), max_length=60)
    label_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    scale = forms.ChoiceField(label=_("计分方式"), choices=ScoreSheet.Scale.choices)
    weight = forms.IntegerField(label=_("分值"), min_value=1, max_value=1000)
    help = forms.CharField(label=pgettext_lazy("score", "评分说明"), max_length=300, required=False)
    help_en = forms.CharField(label=_("英文说明"), max_length=300, required=False)
    points = forms.CharField(
        label=_("分段"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("只用于分段计分：每行“起点 得分率”，如“500 60”表示 500 起得 60%"),
    )
    is_linear = forms.BooleanField(label=_("两档之间按比例"), required=False)
    each = forms.DecimalField(
        label=_("每件得分"), required=False, min_value=0, decimal_places=2, help_text=_("只用于计数计分")
    )
    places = forms.IntegerField(label=_("前几名得分"), required=False, min_value=1, help_text=_("只用于名次"))

    def clean_points(self) -> tuple[tuple[int, int], ...]:
        """The steps, each a pair of whole numbers."""
        found = []
        for line in self.cleaned_data["points"].splitlines():
            parts = line.replace("，", " ").replace(",", " ").split()
            if not parts:
                continue
            if len(parts) != len(("start", "share")) or not all(part.isascii() and part.isdecimal() for part in parts):
                raise forms.ValidationError(gettext("每行写两个整数：起点和得分率"))
            found.append((int(parts[0]), int(parts[1])))
        return tuple(found)

    def criterion(self) -> Criterion:
        """What was said."""
        data = {**self.cleaned_data}
        data["each"] = int((data["each"] or 0) * 100)
        data["places"] = data["places"] or 0
        return Criterion(**data)


def initial_of(criterion: Criterion) -> dict[str, Any]:
    """What the form of a criterion holds before anybody has typed."""
    said = {name: getattr(criterion, name) for name in Criterion.__dataclass_fields__}
    said["points"] = "\n".join(f"{start} {share}" for start, share in criterion.points)
    said["each"] = f"{criterion.each // 100}.{criterion.each % 100:02d}" if criterion.each else None
    said["places"] = criterion.places or None
    return said
