"""Messages, ratings and checklists of any record: the registry says who may, the record's own page shows them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.kernel import checklists, ratings, threads
from chuangju.kernel.owners import find_owner
from chuangju.kernel.refusals import Refused
from chuangju.ui.confirmations import Confirmation
from chuangju.units.access import is_staff_member
from chuangju.units.form_views import answer_form
from chuangju.units.permissions import acting_user, signed_in_required
from chuangju.units.word_forms import MessageForm, RatingForm, TickForm, WithdrawMessageForm


def layout_for(request: HttpRequest) -> str:
    """The shell of the side that somebody belongs to."""
    is_staff = is_staff_member(request.user, timezone.localdate())
    return "ui/staff.html" if is_staff else "ui/public.html"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def thread(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The messages about a record on a page of their own; a message sent from anywhere comes here."""
    owner = _readable(threads.thread_owners, kind, key, request)
    rules = threads.thread_rules(owner)
    form = MessageForm(request.POST, request.FILES) if request.method == "POST" else MessageForm()
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            sent = threads.post_message(
                owner, text=data["text"], files=data["attachments"], by=acting_user(request), at=timezone.now()
            )
        except Refused as refused:
            status = refused.status
            form.add_error(None, refused.sentence)
        else:
            return HttpResponseRedirect(f"{rules.address(owner)}#message-{sent.pk}")
    context = {"owner": owner, "form": form, "layout": layout_for(request), "back": rules.address(owner)}
    return render(request, "units/thread_page.html", context | {"name": rules.label(owner)}, status=status)


@require_POST
@signed_in_required
def thread_read(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """One has read what stands there."""
    owner = _readable(threads.thread_owners, kind, key, request)
    threads.mark_read(owner, by=acting_user(request))
    if request.headers.get("HX-Request"):
        return HttpResponse()
    return HttpResponseRedirect(f"{threads.thread_rules(owner).address(owner)}#thread")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def message_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own message back, with the reason."""
    message = threads.messages_by(acting_user(request)).filter(pk=pk, withdrawn_at__isnull=True).first()
    if message is None or message.thread.owner is None:
        raise Http404
    owner = message.thread.owner
    back = f"{threads.thread_rules(owner).address(owner)}#message-{message.pk}"
    form = WithdrawMessageForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        reason = form.cleaned_data["reason"]
        threads.withdraw_message(message, reason=reason, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已撤回留言"))
        return back

    step = Confirmation(
        title=_("撤回留言"),
        sentence=_("撤回后他人不再看到内容和附件，只看到撤回原因；原文留存备查。"),
        action_label=_("撤回"),
        cancel_url=back,
        items=[message.text],
        layout=layout_for(request),
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def rating(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Rate what one was served with, or change one's rating."""
    user = acting_user(request)
    owner = find_owner(ratings.rating_owners, kind, key)
    if owner is None or not ratings.rating_rules(owner).can_rate(user, owner):
        raise Http404
    rules = ratings.rating_rules(owner)
    given = ratings.rating_of(owner, user)
    initial = {"stars": given.stars, "comment": given.comment} if given else {}
    form = RatingForm(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> str:
        data = form.cleaned_data
        ratings.rate(owner, stars=data["stars"], comment=data["comment"], by=user, at=timezone.now())
        messages.success(request, _("感谢您的评价"))
        return rules.address(owner)

    step = Confirmation(
        title=_("好差评"),
        sentence=str(rules.label(owner)),
        action_label=_("提交评价"),
        cancel_url=rules.address(owner),
        layout=layout_for(request),
    )
    return answer_form(request, form, step, act)


@require_POST
@signed_in_required
def checklist_start(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Begin a list for a record."""
    owner = _readable(checklists.checklist_owners, kind, key, request)
    begun = checklists.start_checklist(
        owner, request.POST.get("template", ""), by=acting_user(request), at=timezone.now()
    )
    return HttpResponseRedirect(f"{checklists.checklist_rules(owner).address(owner)}#checklist-{begun.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def checklist_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one item: in order or not, a note, photos from the phone."""
    user = acting_user(request)
    item = checklists.find_item(pk, user)
    owner = item.checklist.owner if item else None
    if item is None or owner is None:
        raise Http404
    back = f"{checklists.checklist_rules(owner).address(owner)}#checklist-{item.checklist_id}"
    initial = {"is_done": "1", "note": item.note, "was_done": "1" if item.is_done else "0"}
    form = TickForm(request.POST, request.FILES) if request.method == "POST" else TickForm(initial=initial)

    def act() -> str:
        checklists.tick_item(item, **form.cleaned_data, by=user, at=timezone.now())
        messages.success(request, _("已保存“%(item)s”") % {"item": item.label})
        return back

    step = Confirmation(
        title=item.label,
        sentence=str(item.checklist),
        action_label=_("保存"),
        cancel_url=back,
        layout=layout_for(request),
    )
    return answer_form(request, form, step, act)


@require_safe
@signed_in_required
def checklist(request: HttpRequest, pk: int) -> HttpResponse:
    """A list with its notes and photos, for paper."""
    found = checklists.find_checklist(pk, acting_user(request))
    owner = found.owner if found else None
    if found is None or owner is None:
        raise Http404
    rules = checklists.checklist_rules(owner)
    context = {
        "checklist": found,
        "progress": checklists.progress_of(found),
        "name": rules.label(owner),
        "back": rules.address(owner),
        "layout": layout_for(request),
    }
    return render(request, "units/checklist_page.html", context)


def _readable(owners: Any, kind: str, key: str, request: HttpRequest) -> Model:
    """The record behind an address, if its own rule lets this person read it; else 404."""
    owner = find_owner(owners, kind, key)
    if owner is None or not owners.get(kind).can_read(request.user, owner):
        raise Http404
    return owner
