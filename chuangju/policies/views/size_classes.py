"""Size classes: the standard as a table, and a small form that says which class a firm belongs to."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from chuangju.kernel.languages import reads_english
from chuangju.policies.forms_packages import SizeForm
from chuangju.policies.making_listing import confidence_sign
from chuangju.policies.size_class_words import SizeAnswer, answer_of, table_lines
from chuangju.policies.size_classes import SizeTable, shipped_size_tables, size_table_on
from chuangju.policies.views.fees import asked_day

_FEN_IN_WAN = 1_000_000


def _fen(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * _FEN_IN_WAN)


def size_classes(request: HttpRequest) -> HttpResponse:
    """行业、人数、营收 → 小型: asked by address, so that an answer can be shared and works without JavaScript."""
    day = asked_day(request)
    table = size_table_on(day)
    language = "en" if reads_english() else "zh"
    industries = [(each.id, each.name[language]) for each in table.industries.values()] if table else []
    is_asked = "industry" in request.GET
    form = SizeForm(request.GET if is_asked else None, industries=industries)
    answer: SizeAnswer | None = None
    if table is not None and is_asked and form.is_valid():
        given = form.cleaned_data
        answer = answer_of(
            given["industry"], given["staff"], _fen(given["turnover"]), _fen(given["assets"]), table=table, on=day
        )
    context = {
        "day": day,
        "table": table,
        "form": form,
        "answer": answer,
        "lines": table_lines(table) if table else [],
        "source": _source(table, language),
        "confidence": confidence_sign(table.source["confidence"]) if table else None,
        "first_day": shipped_size_tables()[0].starts_on,
    }
    return render(request, "policies/size_classes.html", context, status=422 if form.errors else 200)


def _source(table: SizeTable | None, language: str) -> dict[str, str]:
    if table is None:
        return {}
    note = (table.source.get("note") or {}).get(language, "")
    return {key: str(table.source.get(key, "")) for key in ("issuer", "document", "number", "url")} | {"note": note}
