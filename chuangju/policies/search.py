"""检索 - what of policies can be found: on the staff side records and clauses, by everybody policies in force and calculators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.kernel.search import ListedItem, SearchList, SearchSource
from chuangju.policies.access import clauses_visible_to, is_reader, records_visible_to
from chuangju.policies.check_reading import say
from chuangju.policies.current import current_catalogue
from chuangju.policies.models import PackageClause, PolicyRecord
from chuangju.policies.policy_words import AUDIENCES, words_of


def _records(user: Any) -> QuerySet[PolicyRecord]:
    return records_visible_to(user, on=timezone.localdate())


def _clauses(user: Any) -> QuerySet[PackageClause]:
    on = timezone.localdate()
    found = clauses_visible_to(user, on=on)
    return found if is_reader(user, on=on) else found.none()


SOURCES = (
    SearchSource(
        key="policies.record",
        label=_("政策档案"),
        model=PolicyRecord,
        visible_to=_records,
        title=lambda record: record.shown_title,
        address=lambda record: reverse("policies:making", args=(record.pk,)),
        text=lambda record: f"{record.document_number} {record.document} {record.title_en}".strip(),
        names=lambda record: (record.title,),
    ),
    SearchSource(
        key="policies.clause",
        label=_("政策条款"),
        model=PackageClause,
        visible_to=_clauses,
        title=str,
        address=lambda clause: reverse("policies:clause", args=(clause.pk,)),
        text=lambda clause: f"{clause.package.title} {clause.text[:400]}",
        names=lambda clause: (clause.heading,),
        records=lambda: PackageClause.objects.select_related("package"),
    ),
)


def _policies(_user: Any) -> Iterator[ListedItem]:
    """Policies in force, by title, summary, document and whom they are for."""
    for policy in current_catalogue().in_force(timezone.localdate()):
        source = policy.source
        words = f"{say(policy.summary)} {words_of(AUDIENCES, policy.audience)} {source.document} {source.number}"
        yield ListedItem(say(policy.title), reverse("policies:policy", args=(policy.id,)), words)


def _pages(_user: Any) -> Iterator[ListedItem]:
    """The check and the calculators, found by what people call them."""
    yield ListedItem(str(_("我能享受什么")), reverse("policies:check"), str(_("补贴 资格 测算 能领多少钱")))
    yield ListedItem(str(_("减税测算")), reverse("policies:tax_calculator"), str(_("税收优惠 减免 一年省多少")))
    yield ListedItem(str(_("贷款测算")), reverse("policies:loan_calculator"), str(_("担保贷款 利息 还款计划")))
    yield ListedItem(str(_("人才积分规划")), reverse("policies:planner_list"), str(_("居住证积分 落户 居转户")))


LISTS = (
    SearchList("policies.pages", _("测算"), _pages, audience="any"),
    SearchList("policies.policy", pgettext_lazy("list", "政策"), _policies, audience="any"),
)
