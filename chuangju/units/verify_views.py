"""文书核验 - the public pages behind the code on a paper: what it is, whether it counts, whether a file is the same."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.kernel.limits import Limit, has_attempts_left, take_attempt
from chuangju.kernel.models import Paper
from chuangju.kernel.paper_verification import VerifiedPaper, sha256_of, verified_paper
from chuangju.ui.signs import Sign
from chuangju.ui.views import problem_page
from chuangju.units.adapters import address_of
from chuangju.units.paper_forms import CompareForm

# Codes cannot be guessed, but each guess asks the database; a whole office may sit behind one address.
UNKNOWN_CODES = Limit("verify.unknown", 30, timedelta(minutes=15))
COMPARISONS = Limit("verify.compared", 60, timedelta(minutes=15))


@require_safe
def verify_start(request: HttpRequest) -> HttpResponse:
    """Where the code of a paper is typed by whoever cannot scan it."""
    typed = request.GET.get("code", "")
    if typed.strip():
        found = _look_up(request, typed)
        if isinstance(found, HttpResponse):
            return found
        if found is not None:
            return redirect("units:paper_verify", found.code)
    context = {"typed": typed, "is_unknown": bool(typed.strip())}
    return render(request, "units/verify_start.html", context, status=404 if typed.strip() else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def paper_verify(request: HttpRequest, code: str) -> HttpResponse:
    """One paper as anybody may know it, and a comparison with a file in hand; nothing sent is kept."""
    paper = _look_up(request, code)
    if isinstance(paper, HttpResponse):
        return paper
    if paper is None:
        raise Http404(_("没有这个核验码，请核对后再试。"))
    is_sent = request.method == "POST"
    if is_sent and not take_attempt(COMPARISONS, address_of(request), at=timezone.now()):
        return _too_many(request)
    form = CompareForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    context: dict[str, object] = {"paper": paper, "sign": _sign(paper), "form": form, "compared": None, "digest": ""}
    status = 200
    if is_sent:
        if form.is_valid():
            file = form.cleaned_data["file"]
            digest = sha256_of(file.chunks()) if file else form.cleaned_data["sha256"].strip().lower()
            context |= {"compared": paper.is_this(digest), "digest": digest}
        else:
            status = 422
    return render(request, "units/paper_verify.html", context, status=status)


def _look_up(request: HttpRequest, typed: str) -> VerifiedPaper | HttpResponse | None:
    """The paper of a code, None for an unknown one; to whoever has typed too many of those, a page that says so."""
    address, at = address_of(request), timezone.now()
    if not has_attempts_left(UNKNOWN_CODES, address, at=at):
        return _too_many(request)
    paper = verified_paper(typed)
    if paper is None:
        take_attempt(UNKNOWN_CODES, address, at=at)
    return paper


def _too_many(request: HttpRequest) -> HttpResponse:
    page = problem_page(request, 429, sentence=_("从您的网络核验的次数过多。请 15 分钟后再试，或向发文单位核实"))
    page["Retry-After"] = str(int(UNKNOWN_CODES.per.total_seconds()))
    return page


def _sign(paper: VerifiedPaper) -> Sign:
    if paper.state == Paper.State.VOIDED:
        return Sign("late", pgettext("paper", "已作废"))
    if paper.is_in_force:
        return Sign("good", _("有效，已用印"))
    return Sign("soon", _("草稿，未用印"))
