"""The lists of match runs and of the enterprises of one."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangju.policies.draft_page import VERDICT_WORDS, verdict_sign
from chuangju.policies.match_page import GROUP_FACTS, code_name, near_lines, run_address, run_sign
from chuangju.policies.match_reading import DecisionRow
from chuangju.policies.models import MatchRun
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ventures.registers import dictionary

_NUMBER = "policies/cells/number.html"


def match_listing(live: frozenset[str]) -> Listing:
    """Runs, the newest first."""
    return Listing(
        key="match_runs",
        title=pgettext_lazy("list", "政策找企业"),
        columns=[
            Column("day", gettext_lazy("测算日期"), lambda r: r.on, sort="on,started_at", css="short"),
            Column("title", gettext_lazy("名称"), lambda r: r.title or _("全区匹配"), url=run_address),
            Column("register", gettext_lazy("企业名录"), _register, sort="snapshot__number", css="short"),
            Column("policies", gettext_lazy("政策数"), lambda r: len(r.policies), css="short right"),
            Column("rows", gettext_lazy("企业数"), lambda r: r.rows or None, sort="rows", css="short right"),
            Column("by", gettext_lazy("发起人"), lambda r: r.started_by.name if r.started_by else _("系统")),
            Column("started", gettext_lazy("发起时间"), lambda r: timezone.localtime(r.started_at), sort="started_at", css="short"),
            Column("state", gettext_lazy("状态"), lambda r: run_sign(r, live), css="short"),
        ],
        filters=[Filter("state", gettext_lazy("状态"), lambda: MatchRun.State.choices, lambda rows, state: rows.filter(state=state))],
        search=_search,
        search_label=gettext_lazy("搜索名称、发起人"),
        default_sort="-started",
        empty_title=gettext_lazy("还没有匹配过"),
        empty_hint=gettext_lazy("选一版企业名录和一个日期，就能算出谁可享、谁还差一步。"),
    )  # fmt: skip


def _register(run: MatchRun) -> str:
    return _("第 %(number)s 版") % {"number": run.snapshot.number}


def _search(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(Q(title__icontains=text) | Q(started_by__name__icontains=text))


def enterprise_listing(run: MatchRun, policy: str) -> Listing:
    """The enterprises of a run: with a policy by their verdict, else by all that they qualify for."""

    def address(row: DecisionRow) -> str:
        return reverse("policies:match_enterprise", args=(run.pk, row.id))

    columns = [
        Column("name", gettext_lazy("企业"), lambda r: r.name, url=address),
        Column("id", gettext_lazy("统一社会信用代码"), lambda r: r.id, css="short"),
        Column("town", gettext_lazy("街镇"), lambda r: code_name("town", r.town), css="short"),
        Column("industry", gettext_lazy("行业"), lambda r: code_name("industry", r.industry)),
        Column("size", gettext_lazy("规模"), lambda r: code_name("size", r.size), css="short"),
    ]
    filters = [_group_filter("town", gettext_lazy("街镇")), _group_filter("industry", gettext_lazy("行业")), _group_filter("size", gettext_lazy("规模"))]  # fmt: skip
    if policy:
        columns += [
            Column("verdict", gettext_lazy("结论"), lambda r: verdict_sign(r.verdict), css="short"),
            Column("amount", gettext_lazy("金额（元）"), _yuan_of("amount"), css="short right", template=_NUMBER),
        ]
        filters = [
            Filter("verdict", gettext_lazy("结论"), VERDICT_WORDS.items, _by_verdict),
            Filter("lacks", gettext_lazy("只差"), lambda: _lacking(run, policy), _by_lacking),
            *filters,
        ]  # fmt: skip
    else:
        columns += [
            Column("eligible", gettext_lazy("可享项数"), lambda r: r.eligible, css="short right"),
            Column("near", gettext_lazy("还差一步"), lambda r: r.near, css="short right"),
            Column("amount", gettext_lazy("可享金额（元）"), _yuan_of("amount"), css="short right", template=_NUMBER),
            Column("sample", gettext_lazy("示例参数（元）"), _yuan_of("sample"), css="short right", template=_NUMBER),
        ]
    return Listing(
        key="match_enterprises",
        title=pgettext_lazy("list", "匹配到的企业"),
        columns=columns,
        filters=filters,
        search=_by_text,
        search_label=gettext_lazy("搜索企业名称、信用代码"),
        empty_title=gettext_lazy("没有这样的企业"),
    )


def _by_verdict(rows: Any, value: str) -> Any:
    return rows.narrowed(verdict=value)


def _by_lacking(rows: Any, bit: str) -> Any:
    return rows.narrowed(verdict="near_miss", bit=int(bit))


def _by_text(rows: Any, text: str) -> Any:
    return rows.narrowed(text=text)


def _yuan_of(name: str) -> Any:
    """Yuan as a number, so that a sheet can add it up."""

    def value(row: DecisionRow) -> float | int | None:
        fen: int | None = getattr(row, name)
        if fen is None:
            return None
        return fen // 100 if fen % 100 == 0 else fen / 100

    return value


def _group_filter(kind: str, label: Any) -> Filter:
    def choices() -> list[tuple[str, str]]:
        codes = dictionary().facts[GROUP_FACTS[kind]].codes
        return [(code, code_name(kind, code)) for code in (codes.codes if codes else ())] + [("-", _("未填"))]

    def chosen(rows: Any, code: str) -> Any:
        return rows.in_group(kind, code)

    return Filter(kind, label, choices, chosen)


def _lacking(run: MatchRun, policy: str) -> list[tuple[int, str]]:
    return [(line.bit, line.label) for line in near_lines(run, policy)]
