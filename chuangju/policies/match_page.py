"""结果页 - what the page of a run lays out from its summary: policies, towns, industries, sizes, near misses, two runs compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangju.kernel.languages import reads_english
from chuangju.kernel.models import Job
from chuangju.policies.check_measures import say_quantity
from chuangju.policies.models import MatchRun
from chuangju.rules.program import VERDICTS
from chuangju.ui.signs import Figure, Sign
from chuangju.ventures.registers import dictionary

GROUP_FACTS = {"town": "town", "industry": "industry_section", "size": "size_class"}
_FEN_PER_WAN, _MANY_WAN = 1_000_000, 100
_FEN_PER_MILLION = 100_000_000


@dataclass(frozen=True)
class PolicyLine:
    """A policy of a run: the five verdicts and the money."""

    id: str
    title: str
    version: str
    unit: str
    confidence: str
    verdicts: tuple[int, ...]
    amount: int | None
    amount_unit: str
    amount_unknown: int

    @property
    def shares(self) -> list[tuple[str, int, str, str]]:
        """Each verdict with its number, and where its part of a bar begins and how long it is (of 100)."""
        return shares_of(self.verdicts)

    @property
    def eligible(self) -> int:
        """How many qualify."""
        return self.verdicts[0]


def shares_of(numbers: tuple[int, ...]) -> list[tuple[str, int, str, str]]:
    """The parts of a bar for the five verdicts: which, how many, from where, how long (of 100)."""
    total, begin, found = max(sum(numbers), 1), 0, []
    for name, number in zip(VERDICTS, numbers, strict=True):
        found.append((name, number, f"{100 * begin / total:.2f}", f"{100 * number / total:.2f}"))
        begin += number
    return found


@dataclass(frozen=True)
class GroupLine:
    """A town, an industry or a size: pairs of enterprise and policy by verdict, and the money apart by its confidence."""

    code: str
    name: str
    verdicts: tuple[int, ...]
    amount: int
    sample: int

    @property
    def shares(self) -> list[tuple[str, int, str, str]]:
        """As those of a policy."""
        return shares_of(self.verdicts)


@dataclass(frozen=True)
class NearLine:
    """Those who lack one condition of one policy: how many, by how much, and what could be done."""

    policy: str
    policy_title: str
    condition: str
    bit: int
    label: str
    mend: str
    is_actionable: bool
    count: int
    sentence: str
    gaps: tuple[tuple[str, int], ...]
    gain: int | None
    is_partly: bool
    confidence: str


def say_json(words: Mapping[str, str] | None) -> str:
    """Words as JSON holds them, in the reader's language."""
    return (words or {}).get("en" if reads_english() else "zh", "")


def code_name(kind: str, code: str) -> str:
    """A town, an industry or a size by its name."""
    if not code:
        return _("未填")
    codes = dictionary().facts[GROUP_FACTS[kind]].codes
    words = codes.codes.get(code) if codes else None
    return code if words is None else words.en if reads_english() else words.zh


def policy_lines(run: MatchRun) -> list[PolicyLine]:
    """The policies of a run, those that reach most first."""
    lines = [
        PolicyLine(
            key,
            say_json(one["title"]),
            one["version"],
            one["unit"],
            one["confidence"],
            tuple(one["verdicts"][name] for name in VERDICTS),
            one["amount"] if one["amount_unit"] in {"money", "loan"} else None,
            one["amount_unit"],
            one["amount_unknown"],
        )
        for key, one in run.counted["policies"].items()
    ]
    return sorted(lines, key=lambda line: (-line.eligible, line.id))


def group_lines(run: MatchRun, kind: str) -> list[GroupLine]:
    """The towns, industries or sizes of a run in the order of their codes; what is not told comes last."""
    found = [
        GroupLine(
            code or "-",
            code_name(kind, code),
            tuple(one[name] for name in VERDICTS),
            one["amount"],
            one["sample"],
        )
        for code, one in run.counted["groups"][kind].items()
    ]
    order = list(_codes(kind))
    return sorted(found, key=lambda line: (line.code == "-", order.index(line.code) if line.code in order else 0))


def _codes(kind: str) -> list[str]:
    codes = dictionary().facts[GROUP_FACTS[kind]].codes
    return list(codes.codes) if codes else []


def near_lines(run: MatchRun, policy: str = "") -> list[NearLine]:
    """Near misses, those that somebody can mend first."""
    policies = run.counted["policies"]
    return [
        _near_line(one, say_json(policies[one["policy"]]["title"]))
        for one in run.counted["near"]
        if not policy or one["policy"] == policy
    ]


def _near_line(one: Mapping[str, Any], title: str) -> NearLine:
    measured = sum(number for _short, _unit, number in one["short"])
    # A few stray gaps say nothing of those for whom there is none.
    is_told = measured * 2 >= one["measured"] > 0
    gaps = (
        [(_gap(number, unit, people=one["people"]), count) for number, unit, count in one["short"]] if is_told else []
    )
    told = {"count": f"{one['count']:,}", "gap": gaps[0][0] if gaps else ""}
    if len(gaps) == 1:
        sentence = ngettext("%(count)s 家仅差 %(gap)s", "%(count)s 家仅差 %(gap)s", one["count"]) % told
    else:
        sentence = ngettext("%(count)s 家只差这一条", "%(count)s 家只差这一条", one["count"]) % told
    return NearLine(
        one["policy"],
        title,
        one["condition"],
        one["bit"],
        say_json(one["label"]),
        say_json(one["mend"]),
        one["actionable"],
        one["count"],
        sentence,
        tuple(gaps),
        one["gain"],
        one["measured"] < one["count"],
        one["confidence"],
    )


def _gap(number: int, unit: str, *, people: bool) -> str:
    if unit == "count":
        return say_quantity(number, "people" if people else "items")
    return say_quantity(number, unit)


def run_figures(run: MatchRun) -> list[Figure]:
    """The strip above a result: confirmed money apart from what rests on sample figures."""
    lines = policy_lines(run)
    paid = [one for one in lines if one.amount_unit == "money"]
    confirmed = sum(one.amount or 0 for one in paid if one.confidence != "sample")
    sample = sum(one.amount or 0 for one in paid if one.confidence == "sample")
    near = sum(one["count"] for one in run.counted["near"] if one["actionable"])
    unknown = sum(one.verdicts[VERDICTS.index("unknown")] for one in lines)
    return [
        Figure(_("至少可享一项"), run.counted["any_eligible"], f"/ {run.rows:,} " + _("家")),
        Figure(_("还差一步，可以补齐"), near, _("户次")),
        Figure(_("需补充信息"), unknown, _("户次")),
        Figure(_("可享金额（测算）"), *wan_figure(confirmed)),
        Figure(_("示例参数金额（不计入）"), *wan_figure(sample)),
    ]


def wan_figure(fen: int) -> tuple[str, str]:
    """An amount as a figure and its unit, for strips: whole ten thousands where there are many, in English millions."""
    if reads_english() and abs(fen) >= _FEN_PER_MILLION:
        return f"{fen / _FEN_PER_MILLION:,.1f}", _("百万元")
    if abs(fen) < _FEN_PER_WAN or reads_english():
        return f"{fen // 100:,}", _("元")
    wan = round(fen / _FEN_PER_WAN, 1)
    return (f"{wan:,.0f}" if abs(wan) >= _MANY_WAN else f"{wan:,.1f}"), _("万元")


def run_sign(run: MatchRun, live: frozenset[str], *, failed: bool = False) -> Sign:
    """How a run stands: done, being computed, or come to nothing."""
    if run.is_done:
        return Sign("good", str(run.get_state_display()))
    if str(run.pk) in live:
        return Sign("info", str(run.get_state_display()))
    return Sign("late", _("没有算成")) if failed or not run.is_done else Sign("flat", "")


def job_sentence(job: Job | None) -> str:
    """Why a run came to nothing, for whoever reads its page."""
    if job is None:
        return _("后台任务的记录已经清理，请重新计算。")
    if job.state == Job.State.CANCELLED:
        return _("计算已中止，没有留下结果。")
    return job.problem or _("计算没有完成，请重新计算。")


@dataclass(frozen=True)
class ComparedLine:
    """A policy in two runs."""

    title: str
    before: tuple[int, ...] | None
    after: tuple[int, ...] | None
    amount_before: int | None
    amount_after: int | None
    versions: tuple[str, str]

    @property
    def change(self) -> int | None:
        """How many more qualify."""
        return self.after[0] - self.before[0] if self.before and self.after else None

    @property
    def amount_change(self) -> int | None:
        """How much more money."""
        if self.amount_before is None or self.amount_after is None:
            return None
        return self.amount_after - self.amount_before


def compare_runs(old: MatchRun, new: MatchRun) -> list[ComparedLine]:
    """Each policy of either run, those that changed most first."""
    before, after = ({one.id: one for one in policy_lines(run)} for run in (old, new))
    found = []
    for key in dict.fromkeys([*after, *before]):
        one, other = before.get(key), after.get(key)
        known = other or one
        found.append(
            ComparedLine(
                known.title if known else key,
                one.verdicts if one else None,
                other.verdicts if other else None,
                one.amount if one else None,
                other.amount if other else None,
                (one.version if one else "", other.version if other else ""),
            )
        )
    return sorted(found, key=lambda line: -abs(line.change or 0))


def run_address(run: MatchRun) -> str:
    """The page of a run."""
    return reverse("policies:match", args=(run.pk,))
