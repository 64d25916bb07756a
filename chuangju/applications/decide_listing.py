"""Lists of decisions, notices, objections, parts, standings and obligations as the staff side works with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.case_words import shown_case_title
from chuangju.applications.models import Decision, Instalment, Objection, Obligation, PublicNotice, Standing
from chuangju.applications.obligations import is_late, shown_title
from chuangju.applications.public_notices import shown_notice_title
from chuangju.applications.standing_words import standing_sign, standing_title
from chuangju.kernel.money import format_yuan
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign

_TONES = {
    Decision.State.PROPOSED: "soon",
    Decision.State.APPROVED: "info",
    Decision.State.PUBLISHED: "done",
    Decision.State.RETURNED: "flat",
    Decision.State.REPLACED: "flat",
}
_PART_TONES = {
    Instalment.State.WAITING: "soon",
    Instalment.State.RETURNED: "late",
    Instalment.State.STOPPED: "late",
    Instalment.State.PAID: "done",
}


def decision_sign(decision: Decision) -> Sign:
    """Its state with a shape."""
    return Sign(_TONES.get(Decision.State(decision.state), "flat"), str(decision.get_state_display()))


def part_sign(part: Instalment) -> Sign:
    """Its state with a shape."""
    return Sign(_PART_TONES.get(Instalment.State(part.state), "info"), str(part.get_state_display()))


def obligation_sign(obligation: Obligation, *, on: date) -> Sign:
    """Its state with a shape; late where its day has passed."""
    if is_late(obligation, on):
        words = {Obligation.Kind.DOCUMENT: _("逾期未补交"), Obligation.Kind.PROMISE: _("逾期未核查")}
        return Sign("late", str(words.get(Obligation.Kind(obligation.kind), _("逾期未报送"))))
    tones = {Obligation.State.REPORTED: "soon", Obligation.State.MET: "done", Obligation.State.BROKEN: "late"}
    return Sign(tones.get(Obligation.State(obligation.state), "info"), str(obligation.get_state_display()))


def _case(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row.application, name)


def _case_title(row: Any) -> str:
    return shown_case_title(row.application)


def _search(path: str) -> Callable[[QuerySet[Any], str], QuerySet[Any]]:
    """By number, title and subject of the case that lies at this path."""
    return lambda rows, text: rows.filter(
        Q(**{f"{path}number__icontains": text})
        | Q(**{f"{path}title__icontains": text})
        | Q(**{f"{path}subject__name__icontains": text})
    )


def decision_listing() -> Listing:
    """决定: what waits for approval first."""
    return Listing(
        key="decisions",
        title=pgettext_lazy("list", "决定"),
        search_label=_("搜索办件编号、事项、主体"),
        columns=[
            Column("title", _("事项"), _case_title, url=lambda d: reverse("applications:decision", args=(d.pk,))),
            Column("number", _("办件编号"), _case("number"), sort="application__number", css="short"),
            Column("subject", _("主体"), lambda d: d.application.subject.name),
            Column("outcome", _("结果"), lambda d: d.get_outcome_display(), sort="outcome", css="short"),
            Column("amount", _("金额"), lambda d: _money(d.amount), sort="amount", css="short"),
            Column("proposed", _("拟定"), lambda d: timezone.localdate(d.proposed_at), sort="proposed_at", css="short"),
            Column("by", _("拟定人"), lambda d: d.proposed_by.name if d.proposed_by else "", css="short"),
            Column("state", _("状态"), decision_sign, sort="state", css="short"),
        ],
        filters=[
            Filter("state", _("状态"), lambda: Decision.State.choices, lambda q, v: q.filter(state=v)),
            Filter("outcome", _("结果"), lambda: Decision.Outcome.choices, lambda q, v: q.filter(outcome=v)),
        ],
        search=_search("application__"),
        default_sort="-proposed",
        empty_title=_("没有决定"),
        empty_hint=_("办件审核完毕后，由经办人拟定决定，显示在这里等待审定。"),
    )


def instalment_listing(*, is_changing: bool = True) -> Listing:
    """拨付期次: what is due first; holding back and letting go on only for whoever may."""
    step = Column("act", _("操作"), lambda _i: "", template="applications/cells/part_actions.html", css="short")
    return Listing(
        key="instalments",
        title=pgettext_lazy("list", "拨付期次"),
        search_label=_("搜索办件编号、事项、主体"),
        columns=[
            Column(
                "title",
                _("事项"),
                lambda i: shown_case_title(i.entitlement.application),
                url=lambda i: reverse("applications:decision", args=(i.entitlement.decision_id,)),
            ),
            Column("number", _("办件编号"), lambda i: i.entitlement.application.number, css="short"),
            Column("payee", _("收款主体"), lambda i: i.entitlement.payee.name),
            Column("part", _("期次"), lambda i: i.number, sort="number", css="short"),
            Column("amount", _("金额"), lambda i: _money(i.amount), sort="amount", css="short"),
            Column("due", _("计划拨付日"), lambda i: i.due_on, sort="due_on", css="short"),
            Column("paid", _("到账日"), lambda i: i.paid_on, sort="paid_on", css="short"),
            Column("reason", _("原因"), lambda i: i.reason),
            Column("state", _("状态"), part_sign, sort="state", css="short"),
            *([step] if is_changing else []),
        ],
        filters=[Filter("state", _("状态"), lambda: Instalment.State.choices, lambda q, v: q.filter(state=v))],
        search=_search("entitlement__application__"),
        default_sort="due",
        empty_title=_("没有拨付期次"),
        empty_hint=_("决定公布后，按政策分期列在这里。"),
    )


def standing_listing(*, on: date) -> Listing:
    """资格: the desk's list of them."""
    return Listing(
        key="standings",
        columns=_standing_columns("applications:standing", on=on),
        filters=[Filter("state", _("状态"), lambda: Standing.State.choices, lambda q, v: q.filter(state=v))],
        **_STANDINGS,
    )


def public_standing_listing(*, on: date) -> Listing:
    """资格: the public register."""
    columns = _standing_columns("applications:public_standing", on=on)
    return Listing(key="public_standings", columns=columns, **_STANDINGS)


_STANDINGS: dict[str, Any] = {
    "title": pgettext_lazy("list", "资格名册"),
    "search_label": _("搜索名称、证书编号、持有主体"),
    "search": lambda q, text: q.filter(
        Q(title__icontains=text) | Q(number__icontains=text) | Q(party__name__icontains=text)
    ),
    "default_sort": "-starts",
    "empty_title": _("名册中还没有资格"),
    "empty_hint": _("认定、备案一类的决定公布后列入名册。"),
}


def _standing_columns(page: str, *, on: date) -> list[Column]:
    return [
        Column("title", _("名称"), standing_title, sort="title", url=lambda s: reverse(page, args=(s.number,))),
        Column("party", _("持有主体"), lambda s: s.party.name, sort="party__name"),
        Column("number", _("证书编号"), lambda s: s.number, sort="number", css="short"),
        Column("grade", _("等级"), lambda s: s.grade, sort="grade", css="short"),
        Column("starts", _("起"), lambda s: s.starts_on, sort="starts_on", css="short"),
        Column("ends", _("止"), lambda s: s.ends_on, sort="ends_on", css="short"),
        Column("state", _("状态"), lambda s: standing_sign(s, on=on), sort="state", css="short"),
    ]


def obligation_listing(*, on: date, is_settling: bool = True) -> Listing:
    """后续义务 of the desk: the nearest day first; each leads to its page for whoever settles them."""
    page = "applications:obligation" if is_settling else ""
    return Listing(key="obligations", columns=_obligation_columns(page, on=on), **_OBLIGATIONS)


def own_obligation_listing(*, on: date) -> Listing:
    """后续义务 of one's own cases."""
    columns = _obligation_columns("applications:my_obligation", on=on)
    return Listing(key="own_obligations", columns=columns, **_OBLIGATIONS)


_OBLIGATIONS: dict[str, Any] = {
    "title": pgettext_lazy("list", "后续义务"),
    "search_label": _("搜索办件编号、事项、主体"),
    "filters": [
        Filter("state", _("状态"), lambda: Obligation.State.choices, lambda q, v: q.filter(state=v)),
        Filter("kind", _("种类"), lambda: Obligation.Kind.choices, lambda q, v: q.filter(kind=v)),
    ],
    "search": _search("application__"),
    "default_sort": "due",
    "empty_title": _("没有后续义务"),
    "empty_hint": _("决定之后要报送、核查的事项列在这里。"),
}


def _obligation_columns(page: str, *, on: date) -> list[Column]:
    return [
        Column(
            "title", _("内容"), shown_title, sort="title", url=lambda o: reverse(page, args=(o.pk,)) if page else ""
        ),
        Column("case", _("事项"), _case_title),
        Column("number", _("办件编号"), _case("number"), css="short"),
        Column("subject", _("主体"), lambda o: o.application.subject.name),
        Column("due", _("截止日"), lambda o: o.due_on, sort="due_on", css="short"),
        Column("state", _("状态"), lambda o: obligation_sign(o, on=on), sort="state", css="short"),
    ]


def objection_listing(*, is_answering: bool = True) -> Listing:
    """公示异议: what has not been answered first."""
    return Listing(
        key="objections",
        title=pgettext_lazy("list", "公示异议"),
        columns=[
            Column(
                "case",
                _("针对的办件"),
                lambda o: f"{shown_case_title(o.decision.application)} {o.decision.application.number}",
                url=lambda o: reverse("applications:objection", args=(o.pk,)) if is_answering else "",
            ),
            Column("notice", _("公示"), lambda o: o.notice.title),
            Column("made", _("提出时间"), lambda o: o.made_at, sort="made_at", css="short"),
            Column(
                "state",
                _("状态"),
                lambda o: Sign("soon" if o.state == Objection.State.RECEIVED else "done", str(o.get_state_display())),
                sort="state",
                css="short",
            ),
        ],
        filters=[Filter("state", _("状态"), lambda: Objection.State.choices, lambda q, v: q.filter(state=v))],
        default_sort="-made",
        empty_title=_("没有公示异议"),
    )


def notice_listing(*, on: date) -> Listing:
    """公示, as everybody reads them: running ones first."""

    def sign(notice: PublicNotice) -> Sign:
        is_running = notice.state == PublicNotice.State.RUNNING and notice.ends_on >= on
        return Sign("info" if is_running else "flat", str(_("公示中") if is_running else _("已结束")))

    return Listing(
        key="notices",
        title=pgettext_lazy("list", "公示"),
        search_label=_("搜索标题"),
        columns=[
            Column("title", _("标题"), shown_notice_title, url=lambda n: reverse("applications:notice", args=(n.pk,))),
            Column("unit", _("发布单位"), lambda n: n.unit.shown_name, sort="unit__position"),
            Column("starts", _("公示开始"), lambda n: n.starts_on, sort="starts_on", css="short"),
            Column("ends", _("公示结束"), lambda n: n.ends_on, sort="ends_on", css="short"),
            Column("state", _("状态"), sign, css="short"),
        ],
        filters=[Filter("state", _("状态"), lambda: PublicNotice.State.choices, lambda q, v: q.filter(state=v))],
        search=lambda q, text: q.filter(title__icontains=text),
        default_sort="-starts",
        empty_title=_("现在没有公示"),
        empty_hint=_("审定后、公布前的决定在这里公示，任何人可以实名提出异议。"),
    )


def _money(fen: int | None) -> str:
    return format_yuan(fen) if fen is not None else ""
