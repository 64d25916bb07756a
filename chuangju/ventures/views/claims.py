"""The clerk's side of claims: the work list, one claim with its papers, and the decision."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.kernel.attachments import attachments_visible_to
from chuangju.kernel.audit import events_about
from chuangju.kernel.refusals import Refused
from chuangju.ui.confirmations import Confirmation
from chuangju.ui.list_views import render_list
from chuangju.units.form_views import answer_form
from chuangju.units.permissions import acting_user, roles_required
from chuangju.ventures.access import VERIFIERS, can_verify_claim, claims_visible_to
from chuangju.ventures.claim_clocks import read_review
from chuangju.ventures.claim_papers import ask_for_papers
from chuangju.ventures.claims import confirm_claim, end_claim, refuse_claim
from chuangju.ventures.counter_claims import enter_claim
from chuangju.ventures.forms import CounterClaimForm, MissingForm, ReasonForm
from chuangju.ventures.lists import claim_listing, claim_sign, clock_sign, party_sign
from chuangju.ventures.models import Claim

_EVENTS = 20
ALL = "all"


@require_safe
@roles_required(*VERIFIERS)
def claim_list(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, the oldest first; everything that was ever decided where asked for."""
    today = timezone.localdate()
    claims = claims_visible_to(request.user, today).exclude(user=acting_user(request)).select_related("user", "party")
    claims = claims.prefetch_related("clocks__pauses")
    has_all = request.GET.get("show") == ALL or "state" in request.GET
    shown = claims if has_all else claims.filter(state=Claim.State.PENDING)
    context = {"has_all": has_all}
    return render_list(request, claim_listing(today), shown, template="ventures/claim_list.html", context=context)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*VERIFIERS)
def claim_counter(request: HttpRequest) -> HttpResponse:
    """Somebody without an account stands at the counter: the person, the firm and the papers in one form."""
    user, today = acting_user(request), timezone.localdate()
    is_sent = request.method == "POST"
    form = CounterClaimForm(request.POST if is_sent else None, request.FILES if is_sent else None, user=user, on=today)

    def act() -> str:
        claim = enter_claim(form.who(), form.facts(), files=form.cleaned_data["papers"], by=user, at=timezone.now())
        said = _("已登记并确认：%(person)s可以代表%(firm)s，用登记的手机号收验证码即可登录")
        messages.success(request, said % {"person": claim.user, "firm": claim.party.name})
        return resolve_url("ventures:claim_detail", claim.pk)

    step = Confirmation(
        title=_("窗口登记代表关系"),
        sentence=_("供没有账号的来访人使用。请先核对本人身份证件、营业执照和授权委托书原件；登记即视为已核实"),
        action_label=_("登记并确认"),
        cancel_url=resolve_url("ventures:claim_list"),
    )
    return answer_form(request, form, step, act)


@require_safe
@roles_required(*VERIFIERS)
def claim_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One claim: what was typed beside what the register says, the papers, and who else acts for the party."""
    user, today = acting_user(request), timezone.localdate()
    seen = claims_visible_to(user, today)
    claim = get_object_or_404(
        claims_visible_to(user, today).select_related("user", "party__town", "town", "decided_by"), pk=pk
    )
    others = seen.filter(party=claim.party_id, state__in=Claim.LIVE).exclude(pk=claim.pk).select_related("user")
    context = {
        "claim": claim,
        "party": claim.party,
        "sign": claim_sign(claim),
        "clock": clock_sign(claim, today),
        "review": read_review(claim, on=today),
        "party_sign": party_sign(claim.party),
        "files": attachments_visible_to(user).of(claim)[claim.pk],
        "others": [(other, claim_sign(other)) for other in others.order_by("made_at", "pk")],
        "events": list(events_about(claim).order_by("-at", "-pk")[:_EVENTS]),
        "can_decide": can_verify_claim(user, claim, today),
        "is_same_name": claim.given_name == claim.party.name,
    }
    return render(request, "ventures/claim_detail.html", context)


@require_POST
@roles_required(*VERIFIERS)
def claim_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From now on the claimant acts for the party."""
    user = acting_user(request)
    claim = get_object_or_404(claims_visible_to(user, timezone.localdate()), pk=pk)
    try:
        confirm_claim(claim, by=user, at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return HttpResponseRedirect(resolve_url("ventures:claim_detail", claim.pk))
    messages.success(request, _("已确认，申请人会收到消息"))
    return HttpResponseRedirect(resolve_url("ventures:claim_list"))


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*VERIFIERS)
def claim_ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything that is missing, told at once; until it comes the clock stands still."""
    user = acting_user(request)
    claim = get_object_or_404(claims_visible_to(user, timezone.localdate()).select_related("user"), pk=pk)
    form = MissingForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        ask_for_papers(claim, missing=form.cleaned_data["missing"], by=user, at=timezone.now())
        messages.success(request, _("已告知申请人，补充材料前不计入办理时限"))
        return resolve_url("ventures:claim_detail", claim.pk)

    step = Confirmation(
        title=_("通知补正：%(name)s") % {"name": claim.given_name},
        sentence=_("请一次写明缺少的全部材料；%(user)s补充后时限继续计算") % {"user": claim.user},
        action_label=_("通知补正"),
        cancel_url=resolve_url("ventures:claim_detail", claim.pk),
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*VERIFIERS)
def claim_refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """No, and why."""
    user = acting_user(request)
    claim = get_object_or_404(claims_visible_to(user, timezone.localdate()).select_related("user"), pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        refuse_claim(claim, reason=form.cleaned_data["reason"], by=user, at=timezone.now())
        messages.success(request, _("已告知申请人未通过的原因"))
        return resolve_url("ventures:claim_list")

    step = Confirmation(
        title=_("不予通过：%(name)s") % {"name": claim.given_name},
        sentence=_("%(user)s会收到原因，可以补充材料后重新申请") % {"user": claim.user},
        action_label=_("不予通过"),
        cancel_url=resolve_url("ventures:claim_detail", claim.pk),
        is_dangerous=True,
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*VERIFIERS)
def claim_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Somebody no longer acts for a party."""
    user = acting_user(request)
    claim = get_object_or_404(claims_visible_to(user, timezone.localdate()).select_related("user", "party"), pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        end_claim(claim, reason=form.cleaned_data["reason"], by=user, at=timezone.now())
        messages.success(request, _("已解除代表关系"))
        return resolve_url("ventures:claim_detail", claim.pk)

    step = Confirmation(
        title=_("解除代表关系：%(name)s") % {"name": claim.party.name},
        sentence=_("%(user)s今后不能再代表该企业办事") % {"user": claim.user},
        action_label=_("解除"),
        cancel_url=resolve_url("ventures:claim_detail", claim.pk),
        is_dangerous=True,
    )
    return answer_form(request, form, step, act)
