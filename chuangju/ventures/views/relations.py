"""Forms of relations between parties."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuangju.ui.confirmations import Confirmation
from chuangju.units.form_views import answer_form
from chuangju.units.permissions import acting_user, roles_required
from chuangju.ventures.access import KEEPERS, parties_visible_to, relations_visible_to
from chuangju.ventures.forms import LastDayForm, ReasonForm, RelationForm
from chuangju.ventures.models import PartyRelation
from chuangju.ventures.parties import find_party
from chuangju.ventures.relations import RelationRefused, add_relation, end_relation, remove_relation


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*KEEPERS)
def relation_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What another party is to this one, or this one to it."""
    user, today = acting_user(request), timezone.localdate()
    party = get_object_or_404(parties_visible_to(user, today), pk=pk)
    form = RelationForm(request.POST if request.method == "POST" else None, party=party)

    def act() -> str:
        other = find_party(form.cleaned_data["other"], parties_visible_to(user, today))
        if other is None:
            raise RelationRefused(_("没有找到对方主体，或有多个同名主体，请改填信用代码或证件号码"))
        from_party, to_party, kind = form.ends(party, other)
        add_relation(
            from_party,
            to_party,
            kind=kind,
            starts_on=form.cleaned_data["starts_on"],
            ends_on=form.cleaned_data["ends_on"],
            share=form.share_kept(),
            by=user,
            at=timezone.now(),
        )
        messages.success(request, _("已登记关系"))
        return resolve_url("ventures:party_detail", party.pk)

    step = Confirmation(
        title=_("登记关系：%(name)s") % {"name": party.name},
        sentence=_("同一关系在同一天只登记一次；变更时先登记原关系的截止日期"),
        action_label=_("登记关系"),
        cancel_url=resolve_url("ventures:party_detail", party.pk),
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*KEEPERS)
def relation_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day of a relation."""
    user = acting_user(request)
    relation = get_object_or_404(
        relations_visible_to(user, timezone.localdate()).select_related("from_party", "to_party"), pk=pk
    )
    form = LastDayForm(request.POST if request.method == "POST" else None, initial={"last_day": timezone.localdate()})
    back = resolve_url("ventures:party_detail", relation.to_party_id)

    def act() -> str:
        end_relation(relation, last_day=form.cleaned_data["last_day"], by=user, at=timezone.now())
        messages.success(request, _("已登记截止日期"))
        return back

    step = Confirmation(
        title=_("结束关系"), sentence=_in_words(relation), action_label=_("登记截止日期"), cancel_url=back
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*KEEPERS)
def relation_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was entered by mistake."""
    user = acting_user(request)
    relation = get_object_or_404(
        relations_visible_to(user, timezone.localdate()).select_related("from_party", "to_party"), pk=pk
    )
    form = ReasonForm(request.POST if request.method == "POST" else None)
    back = resolve_url("ventures:party_detail", relation.to_party_id)

    def act() -> str:
        remove_relation(relation, reason=form.cleaned_data["reason"], by=user, at=timezone.now())
        messages.success(request, _("已删除这条关系，原因记入审计"))
        return back

    step = Confirmation(
        title=_("删除登记错误的关系"),
        sentence=_in_words(relation),
        action_label=_("删除"),
        cancel_url=back,
        is_dangerous=True,
    )
    return answer_form(request, form, step, act)


def _in_words(relation: PartyRelation) -> str:
    return _("%(from)s → %(to)s：%(kind)s") % {
        "from": relation.from_party.name,
        "to": relation.to_party.name,
        "kind": relation.get_kind_display(),
    }
