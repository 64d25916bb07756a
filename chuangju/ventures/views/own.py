"""我代表的企业: what somebody from outside acts for, and how they come to."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.kernel.attachments import attachments_visible_to
from chuangju.kernel.ratings import rating_of
from chuangju.ui.confirmations import Confirmation
from chuangju.units.form_views import answer_form
from chuangju.units.permissions import acting_user, signed_in_required
from chuangju.ventures.access import (
    acting_parties,
    claims_visible_to,
    own_claims_visible_to,
    own_parties_visible_to,
    relations_visible_to,
)
from chuangju.ventures.claim_clocks import read_review
from chuangju.ventures.claim_papers import add_papers
from chuangju.ventures.claims import make_claim, withdraw_claim
from chuangju.ventures.forms import ClaimForm, PapersForm
from chuangju.ventures.lists import claim_sign, clock_sign, party_sign
from chuangju.ventures.models import Claim
from chuangju.ventures.timelines import relations_of

PUBLIC = "ui/public.html"


@require_safe
@signed_in_required
def own_ventures(request: HttpRequest) -> HttpResponse:
    """The firms one acts for, one's own entry, and what became of one's claims."""
    user, today = acting_user(request), timezone.localdate()
    firms = list(acting_parties(user, today).select_related("town").order_by("name", "pk"))
    claims = own_claims_visible_to(user).order_by("-made_at", "pk")
    context = {
        "firms": [(firm, party_sign(firm)) for firm in firms],
        "person": own_parties_visible_to(user, today).filter(account=user).first(),
        "claims": [(claim, claim_sign(claim)) for claim in claims],
    }
    return render(request, "ventures/own_ventures.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def claim_make(request: HttpRequest) -> HttpResponse:
    """Say that one acts for a firm; the answer is the same whether or not the firm is known."""
    user, today = acting_user(request), timezone.localdate()
    is_sent = request.method == "POST"
    form = ClaimForm(request.POST if is_sent else None, request.FILES if is_sent else None, user=user, on=today)

    def act() -> str:
        claim = make_claim(form.facts(), files=form.cleaned_data["papers"], by=user, at=timezone.now())
        by_paper = claim.way == Claim.Way.DOCUMENT
        said = _("已提交，工作人员核实后会告知您") if by_paper else _("已提交，请在 30 天内带证件和执照到窗口核实")
        messages.success(request, said)
        return resolve_url("ventures:own_ventures")

    step = Confirmation(
        title=_("申请代表企业"),
        sentence=_("经核实后，您可以代表该企业申请政策、预约服务、查看办件"),
        action_label=_("提交"),
        cancel_url=resolve_url("ventures:own_ventures"),
        layout=PUBLIC,
    )
    return answer_form(request, form, step, act)


@require_safe
@signed_in_required
def own_claim(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One's own claim: what one said, the papers, what became of it, messages with the clerk."""
    user = acting_user(request)
    claim = get_object_or_404(claims_visible_to(user).select_related("town"), pk=pk)
    if claim.user_id != user.pk:
        # A clerk who was told of a message comes here as well.
        return redirect("ventures:claim_detail", claim.pk)
    context = {
        "claim": claim,
        "sign": claim_sign(claim),
        "clock": clock_sign(claim, timezone.localdate()),
        "review": read_review(claim, on=timezone.localdate()),
        "files": attachments_visible_to(user).of(claim)[claim.pk],
        "is_live": claim.state in Claim.LIVE,
        "given": rating_of(claim, user),
    }
    return render(request, "ventures/own_claim.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def claim_add_papers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Bring what the clerk found missing, or anything else that helps."""
    user = acting_user(request)
    claim = get_object_or_404(own_claims_visible_to(user), pk=pk)
    is_sent = request.method == "POST"
    form = PapersForm(request.POST if is_sent else None, request.FILES if is_sent else None)

    def act() -> str:
        add_papers(claim, files=form.cleaned_data["papers"], by=user, at=timezone.now())
        messages.success(request, _("已补充，工作人员会继续核实"))
        return resolve_url("ventures:own_claim", claim.pk)

    review = read_review(claim, on=timezone.localdate())
    is_asked = review is not None and review.is_paused
    step = Confirmation(
        title=_("补充材料：%(name)s") % {"name": claim.given_name},
        sentence=_("还缺：%(missing)s") % {"missing": review.pause_reason}
        if review and is_asked
        else _("补充的材料与原来的一并核对"),
        action_label=_("提交"),
        cancel_url=resolve_url("ventures:own_claim", claim.pk),
        layout=PUBLIC,
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def claim_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one's claim back, or lay one's part down."""
    user = acting_user(request)
    claim = get_object_or_404(own_claims_visible_to(user), pk=pk)

    def act() -> str:
        withdraw_claim(claim, by=user, at=timezone.now())
        messages.success(request, _("已撤回"))
        return resolve_url("ventures:own_ventures")

    is_confirmed = claim.state == Claim.State.CONFIRMED
    step = Confirmation(
        title=_("撤回：%(name)s") % {"name": claim.given_name},
        sentence=_("撤回后您不能再代表该企业办事") if is_confirmed else _("撤回后不再核实，可以重新申请"),
        action_label=_("撤回"),
        cancel_url=resolve_url("ventures:own_claim", claim.pk),
        is_dangerous=True,
        layout=PUBLIC,
    )
    return answer_form(request, Form(request.POST if request.method == "POST" else None), step, act)


@require_safe
@signed_in_required
def own_party(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the programme keeps of a firm one acts for, or of oneself; numbers masked."""
    user, today = acting_user(request), timezone.localdate()
    party = get_object_or_404(
        own_parties_visible_to(user, today).select_related("town").prefetch_related("duplicates", "former_names"), pk=pk
    )
    context = {
        "party": party,
        "sign": party_sign(party),
        "relations": relations_of(party, relations_visible_to(user, today), on=today),
    }
    return render(request, "ventures/own_party.html", context)
