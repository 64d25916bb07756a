"""Pages of the register: the list, one party, and the forms that enter, correct, merge and part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.kernel.audit import events_about
from chuangju.kernel.unmasking import can_unmask
from chuangju.ui.confirmations import Confirmation
from chuangju.ui.list_views import render_list
from chuangju.ui.views import confirm_page
from chuangju.units.form_views import answer_form
from chuangju.units.permissions import acting_user, roles_required
from chuangju.ventures.access import (
    KEEPERS,
    READERS,
    can_import_parties,
    can_keep_parties,
    can_keep_party,
    can_merge_parties,
    claims_visible_to,
    parties_visible_to,
    relations_visible_to,
)
from chuangju.ventures.forms import MergeForm, PartyForm, ReasonForm, initial_of, place_refusal
from chuangju.ventures.lists import claim_sign, party_listing, party_sign
from chuangju.ventures.mergers import MergerRefused, merge_party, part_party
from chuangju.ventures.parties import PartyRefused, add_party, change_party, find_party, parties_with_id_number
from chuangju.ventures.timelines import relations_of

_EVENTS = 20


@require_safe
@roles_required(*READERS)
def party_list(request: HttpRequest) -> HttpResponse:
    """The register, as far as one sees it."""
    today = timezone.localdate()
    parties = parties_visible_to(request.user, today).select_related("town")
    if not {"q", "entry"} & set(request.GET):
        parties = parties.filter(merged_into__isnull=True)
    context = {
        "can_keep": can_keep_parties(request.user, today),
        "can_import": can_import_parties(request.user, today),
    }
    return render_list(request, party_listing(), parties, template="ventures/party_list.html", context=context)


@require_POST
@roles_required(*READERS)
def party_find(request: HttpRequest) -> HttpResponse:
    """Straight to the person of an ID number; sent as a form, so that the number stands in no address and no log."""
    number = request.POST.get("number", "")
    among = parties_visible_to(request.user, timezone.localdate())
    found = among.filter(pk__in=parties_with_id_number(number).values("pk")).first() if number.strip() else None
    if found is None:
        messages.error(request, _("没有找到这个证件号码"))
        return HttpResponseRedirect(resolve_url("ventures:party_list"))
    return HttpResponseRedirect(resolve_url("ventures:party_detail", found.pk))


@require_safe
@roles_required(*READERS)
def party_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One party: facts with masked numbers, relations through time, who acts for it, what was changed."""
    today, user = timezone.localdate(), acting_user(request)
    party = get_object_or_404(
        parties_visible_to(user, today)
        .select_related("town", "merged_into", "came_with__uploaded_by")
        .prefetch_related("former_names", "duplicates"),
        pk=pk,
    )
    claims = claims_visible_to(user, today).filter(party=party).select_related("user").order_by("-made_at", "pk")
    context = {
        "party": party,
        "sign": party_sign(party),
        "relations": relations_of(party, relations_visible_to(user, today), on=today),
        "claims": [(claim, claim_sign(claim)) for claim in claims],
        "events": list(events_about(party).order_by("-at", "-pk")[:_EVENTS]),
        "can_keep": can_keep_party(user, party, today),
        "can_merge": can_merge_parties(user, today),
        "may_unmask": can_unmask(user, party, "mobile"),
    }
    return render(request, "ventures/party_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*KEEPERS)
def party_add(request: HttpRequest) -> HttpResponse:
    """A new party."""
    user, today = acting_user(request), timezone.localdate()
    form = PartyForm(request.POST if request.method == "POST" else None, user=user, on=today)

    def act() -> str:
        party = add_party(form.facts(), by=user, at=timezone.now())
        messages.success(request, _("已登记“%(name)s”") % {"name": party.name})
        return resolve_url("ventures:party_detail", party.pk)

    step = Confirmation(
        title=_("登记主体"),
        sentence=_("同一主体只登记一次：信用代码、证件号码不能重复"),
        action_label=_("登记"),
        cancel_url=resolve_url("ventures:party_list"),
    )
    return answer_party_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*KEEPERS)
def party_change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A correction."""
    user, today = acting_user(request), timezone.localdate()
    party = get_object_or_404(parties_visible_to(user, today).select_related("town"), pk=pk)
    data = request.POST if request.method == "POST" else None
    form = PartyForm(data, user=user, on=today, party=party, initial=initial_of(party))

    def act() -> str:
        revision = form.cleaned_data["revision"]
        change_party(party, form.facts(), revision=revision, by=user, at=timezone.now())
        messages.success(request, _("已更正“%(name)s”") % {"name": party.name})
        return resolve_url("ventures:party_detail", party.pk)

    step = Confirmation(
        title=_("更正：%(name)s") % {"name": party.name},
        sentence=_("改名后，原名称作为曾用名保留，仍能搜到"),
        action_label=_("保存"),
        cancel_url=resolve_url("ventures:party_detail", party.pk),
    )
    return answer_party_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*KEEPERS)
def party_merge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This entry and another one are the same body."""
    user, today = acting_user(request), timezone.localdate()
    party = get_object_or_404(parties_visible_to(user, today), pk=pk)
    form = MergeForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        into = find_party(form.cleaned_data["other"], parties_visible_to(user, today))
        if into is None:
            raise MergerRefused(_("没有找到对方主体，或有多个同名主体，请改填信用代码或证件号码"))
        merge_party(party, into=into, reason=form.cleaned_data["reason"], by=user, at=timezone.now())
        messages.success(request, _("已并入“%(name)s”，可随时撤销") % {"name": into.name})
        return resolve_url("ventures:party_detail", into.pk)

    step = Confirmation(
        title=_("合并重复主体：%(name)s") % {"name": party.name},
        sentence=_("本主体将指向对方主体，两者的号码、关系和记录都保留，可以撤销"),
        action_label=_("并入对方主体"),
        cancel_url=resolve_url("ventures:party_detail", party.pk),
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*KEEPERS)
def party_part(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A merger is taken back."""
    user = acting_user(request)
    party = get_object_or_404(parties_visible_to(user, timezone.localdate()), pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        part_party(party, reason=form.cleaned_data["reason"], by=user, at=timezone.now())
        messages.success(request, _("已撤销合并"))
        return resolve_url("ventures:party_detail", party.pk)

    step = Confirmation(
        title=_("撤销合并：%(name)s") % {"name": party.name},
        sentence=_("两个主体重新各自独立，合并期间的记录不变"),
        action_label=_("撤销合并"),
        cancel_url=resolve_url("ventures:party_detail", party.pk),
    )
    return answer_form(request, form, step, act)


def answer_party_form(request: HttpRequest, form: Form, step: Confirmation, act: Callable[[], str]) -> HttpResponse:
    """As `answer_form`, with the sentences of a refusal beside the fields they are about."""
    if request.method == "POST" and form.is_valid():
        try:
            return HttpResponseRedirect(act())
        except PartyRefused as refused:
            place_refusal(form, refused)
    return confirm_page(request, replace(step, form=form), status=422 if form.is_bound else 200)
