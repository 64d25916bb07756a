"""Reliefs that nobody applies for: entitled by matching, enjoyed as reported, and the gap between."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from chuangju.applications.relief_uptake import (
    KEEPERS,
    READERS,
    UptakeFigures,
    UptakeGap,
    can_keep_uptake,
    enter_uptake,
    latest_run,
    relief_policies,
    uptake_gaps,
)
from chuangju.applications.voucher_forms import MoneyField
from chuangju.kernel.languages import reads_english
from chuangju.kernel.money import format_wan
from chuangju.programme.views.plan_steps import Step, answer_step, bound, today
from chuangju.units.permissions import acting_user, roles_required

_YEARS = 5


class UptakeForm(forms.Form):
    """The sum of a year as the tax office reported it."""

    policy_id = forms.ChoiceField(label=gettext_lazy("政策"))
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=2000)
    count = forms.IntegerField(label=gettext_lazy("享受户数"), min_value=0, max_value=100_000_000)
    amount = MoneyField(label=gettext_lazy("减免金额"), max_length=40, help_text=gettext_lazy("可以写元或万元"))
    source = forms.CharField(
        label=gettext_lazy("来源"),
        max_length=200,
        help_text=gettext_lazy("提供数据的部门和文件，如：区税务局 2026 年 1 月统计表"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The policies that nobody applies for."""
        super().__init__(*args, **kwargs)
        field = self.fields["policy_id"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above
        field.choices = [
            (one.id, one.title.en if reads_english() else one.title.zh) for one in relief_policies(today())
        ]


def _year_of(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    this = today().year
    return int(text) if text.isascii() and text.isdecimal() and this - _YEARS < int(text) <= this else this


@require_safe
@roles_required(*READERS)
def uptake_list(request: HttpRequest) -> HttpResponse:
    """Entitled but not claimed: each policy, the widest gap first."""
    year = _year_of(request)
    gaps = uptake_gaps(year=year, on=today())
    if request.GET.get("export"):
        return _export(request, gaps)
    context = {
        "gaps": gaps,
        "year": year,
        "years": [today().year - back for back in range(_YEARS)],
        "run": latest_run(),
        "can_keep": can_keep_uptake(request.user, today()),
    }
    return render(request, "applications/uptake_list.html", context)


def _export(request: HttpRequest, gaps: list[UptakeGap]) -> HttpResponse:
    from chuangju.papers.sheets import write_csv, write_xlsx  # noqa: PLC0415 - weighs on a process that never exports

    header = [_("政策"), _("测算可享户数"), _("测算金额"), _("享受户数"), _("减免金额"), _("应享未享"), _("来源")]
    rows: list[list[object]] = [
        [
            one.title,
            one.entitled,
            format_wan(one.entitled_amount) if one.entitled_amount is not None else None,
            one.enjoyed,
            format_wan(one.amount) if one.amount is not None else None,
            one.unclaimed,
            one.source,
        ]
        for one in gaps
    ]
    if request.GET["export"] == "csv":
        content, kind, name = write_csv(header, rows), "text/csv; charset=utf-8", "uptake.csv"
    else:
        content = write_xlsx(rows, header=header, title=_("应享未享"))
        kind, name = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "uptake.xlsx"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@roles_required(*KEEPERS)
def uptake_enter(request: HttpRequest) -> HttpResponse:
    """Enter what the tax office reported."""
    back = reverse("applications:uptake_list")
    form = UptakeForm(bound(request), initial={"year": today().year, "policy_id": request.GET.get("policy", "")})
    hint = _("只登记合计数，不登记任何企业的税务信息。同一年度再次登记即为更正，原数留在记录里。")
    step = Step(_("登记享受情况"), _("登记"), _("应享未享"), back, done=_("已登记。"), hint=hint)

    def act(typed: dict[str, Any]) -> str:
        enter_uptake([UptakeFigures(**typed)], by=acting_user(request), at=timezone.now())
        return f"{back}?year={typed['year']}"

    return answer_step(request, form, step, act, template="applications/loan_form.html")
