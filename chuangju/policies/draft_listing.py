"""The lists of drafts and of versions of policies: columns, filters, order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangju.kernel.languages import reads_english
from chuangju.policies.draft_page import CHOICE_WORDS, say
from chuangju.policies.models import PolicyDraft
from chuangju.rules.policy import Policy
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign

_STATE_SIGNS = {
    PolicyDraft.State.DRAFT: "info",
    PolicyDraft.State.SUBMITTED: "soon",
    PolicyDraft.State.RETURNED: "late",
    PolicyDraft.State.PUBLISHED: "good",
    PolicyDraft.State.DISCARDED: "flat",
}
_CONFIDENCE_SIGNS = {"official": "good", "secondary": "flat", "unverified": "soon", "sample": "new"}


def draft_sign(draft: PolicyDraft) -> Sign:
    """Where a draft stands."""
    return Sign(_STATE_SIGNS[PolicyDraft.State(draft.state)], str(draft.get_state_display()))


def draft_title(draft: PolicyDraft) -> str:
    """What the draft's policy is called, in the reader's language."""
    return (draft.title_en if reads_english() else "") or draft.title or draft.policy_id


def _address(draft: PolicyDraft) -> str:
    return reverse("policies:draft", args=(draft.pk,))


def _search(drafts: QuerySet[Any], text: str) -> QuerySet[Any]:
    return drafts.filter(Q(title__icontains=text) | Q(title_en__icontains=text) | Q(policy_id__icontains=text))


def draft_listing() -> Listing:
    """Drafts, those changed last first."""
    return Listing(
        key="policy_drafts",
        title=pgettext_lazy("list", "政策草稿"),
        columns=[
            Column("title", gettext_lazy("政策"), draft_title, sort="title", url=_address),
            Column("version", gettext_lazy("版本"), lambda d: d.version, sort="policy_id,version", css="short"),
            Column("unit", gettext_lazy("责任单位"), lambda d: d.unit.shown_name if d.unit else "", sort="unit__position"),
            Column("author", gettext_lazy("起草人"), lambda d: d.author.name, sort="author__name", css="short"),
            Column("changed", gettext_lazy("修改时间"), lambda d: timezone.localtime(d.changed_at), sort="changed_at", css="short"),
            Column("faults", gettext_lazy("待改正问题"), lambda d: d.fault_count or None, sort="fault_count", css="short right"),
            Column("state", gettext_lazy("状态"), draft_sign, sort="state,changed_at", css="short"),
        ],
        filters=[Filter("state", gettext_lazy("状态"), lambda: PolicyDraft.State.choices, lambda rows, state: rows.filter(state=state))],
        search=_search,
        search_label=gettext_lazy("搜索政策名称、编号"),
        default_sort="-changed",
        empty_title=gettext_lazy("还没有政策草稿"),
        empty_hint=gettext_lazy("从一项政策的现行版本起草新版本，或新写一项政策。"),
    )  # fmt: skip


def confidence_sign_of(policy: Policy) -> Sign:
    """How sure a policy's source is."""
    return Sign(
        _CONFIDENCE_SIGNS.get(policy.confidence, "flat"), str(CHOICE_WORDS.get(policy.confidence, policy.confidence))
    )


def term_sign(policy: Policy, on: date) -> Sign:
    """Whether a version is in force on a day."""
    if policy.is_in_force(on):
        return Sign("good", _("现行有效"))
    if on < policy.effective_from:
        return Sign("info", _("尚未施行"))
    return Sign("soon", _("到期，部分延续")) if policy.grandfathering else Sign("flat", _("已到期"))


def _version_address(policy: Policy) -> str:
    return reverse("policies:version", args=(policy.key,))


def version_listing(units: list[str], published: frozenset[str], *, on: date) -> Listing:
    """Every version of every policy, shipped or published here."""
    return Listing(
        key="policy_versions",
        title=pgettext_lazy("list", "政策文本"),
        columns=[
            Column("title", gettext_lazy("政策"), lambda p: say(p.title), sort="title", url=_version_address),
            Column("version", gettext_lazy("版本"), lambda p: p.version, sort="version", css="short"),
            Column("row", gettext_lazy("任务"), lambda p: "、".join(str(one) for one in p.rows), css="short"),
            Column("unit", gettext_lazy("责任单位"), lambda p: p.unit, sort="unit", template="policies/cells/unit.html"),
            Column("from", gettext_lazy("施行日期"), lambda p: p.effective_from, sort="from", css="short"),
            Column("to", gettext_lazy("有效期至"), lambda p: p.effective_to, sort="to", css="short"),
            Column("conditions", gettext_lazy("条件"), lambda p: len(p.conditions), sort="conditions", css="short right"),
            Column("confidence", gettext_lazy("来源"), confidence_sign_of, css="short"),
            Column("origin", gettext_lazy("来自"), lambda p: _("本区发布") if p.key in published else _("随附目录"), css="short"),
            Column("state", gettext_lazy("状态"), lambda p: term_sign(p, on), css="short"),
        ],
        filters=[
            Filter("term", gettext_lazy("时效"), _terms, _keeping(lambda p, value: _term_of(p, on) == value)),
            Filter("row", gettext_lazy("任务"), lambda: [(n, n) for n in range(1, 23)], _keeping(lambda p, n: int(n) in p.rows)),
            Filter("unit", gettext_lazy("责任单位"), lambda: [(one, one) for one in units], _keeping(lambda p, unit: p.unit == unit)),
            Filter("confidence", gettext_lazy("来源"), _confidences, _keeping(lambda p, value: p.confidence == value)),
        ],
        search=_keeping(lambda p, text: text.lower() in f"{p.title.zh} {p.title.en} {p.id}".lower()),
        search_label=gettext_lazy("搜索政策名称、编号"),
        default_sort="title",
        empty_title=gettext_lazy("目录里还没有政策"),
    )  # fmt: skip


def _keeping(fits: Callable[[Policy, str], bool]) -> Callable[[Any, str], Any]:
    """A filter over policies, which are held in code and not in a table."""
    return lambda rows, value: [one for one in rows if fits(one, value)]


def _terms() -> list[tuple[str, str]]:
    return [("now", _("现行有效")), ("later", _("尚未施行")), ("past", _("已到期"))]


def _term_of(policy: Policy, on: date) -> str:
    return "now" if policy.is_in_force(on) else "later" if on < policy.effective_from else "past"


def _confidences() -> list[tuple[str, str]]:
    return [(one, str(CHOICE_WORDS[one])) for one in _CONFIDENCE_SIGNS]
