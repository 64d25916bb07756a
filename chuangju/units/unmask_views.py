"""查看完整号码: ask for the reason, then show the value once."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.kernel.shown_once import keep_for_once, take_once
from chuangju.kernel.unmasking import can_unmask, unmask, unmaskable_visible_to, unmaskings
from chuangju.ui.confirmations import Confirmation
from chuangju.ui.views import local_next
from chuangju.units.form_views import answer_form
from chuangju.units.forms import UnmaskForm
from chuangju.units.permissions import acting_user, signed_in_required

# Where an unmasked value waits, encrypted, for the one page that shows it.
SHOWN_ONCE = "unmasked"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_required
def unmask_value(request: HttpRequest, key: str, pk: str) -> HttpResponse:
    """Why somebody has to see a number in full."""
    entry, user = unmaskings.find(key), acting_user(request)
    if entry is None:
        raise Http404
    try:
        record = get_object_or_404(unmaskable_visible_to(key, user), pk=entry.model._meta.pk.to_python(pk))
    except ValidationError:
        raise Http404 from None
    if not can_unmask(user, record, entry.field.name):
        raise Http404
    back = local_next(request, request.GET.get("next"))
    form = UnmaskForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        value = unmask(record, entry.field.name, reason=form.cleaned_data["reason"], by=user, at=timezone.now())
        shown = {"value": value, "label": str(entry.label), "record": str(record), "back": back}
        keep_for_once(request.session, SHOWN_ONCE, shown)
        return resolve_url("units:unmasked")

    step = Confirmation(
        title=_("查看完整号码"),
        sentence=_("%(record)s，%(label)s：%(masked)s。查看人、时间和原因会记入审计日志，号码本身不会")
        % {"record": record, "label": entry.label, "masked": entry.masked(record)},
        action_label=_("查看"),
        cancel_url=back,
    )
    return answer_form(request, form, step, act)


@never_cache
@require_safe
@signed_in_required
def unmasked(request: HttpRequest) -> HttpResponse:
    """The value, once; whoever comes again is sent back."""
    shown = take_once(request.session, SHOWN_ONCE)
    if shown is None:
        return redirect("units:my_account")
    return render(request, "units/unmasked.html", {"shown": shown})
