"""Problem pages, the language switch and the district's colours."""

from __future__ import annotations

import re

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST, require_safe

from chuangju.ui.confirmations import Confirmation
from chuangju.ui.problems import SESSION_LOST, problem_for

COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")
BRAND_TOKENS = frozenset({"brand-700", "brand-600", "brand-500", "brand-100", "brand-50"})


def local_next(request: HttpRequest, given: str | None, *, default: str = "/") -> str:
    """The address to return to if it lies on this very host, else the default (no open redirect)."""
    if given and url_has_allowed_host_and_scheme(
        given, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return given
    return default


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie and go back to the page one came from."""
    response = HttpResponseRedirect(local_next(request, request.POST.get("next")))
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=365 * 24 * 3600,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response


@require_safe
@cache_control(public=True, max_age=3600)
def brand_css(_request: HttpRequest) -> HttpResponse:
    """The district's own brand colours as variables; anything that is not a known token and a colour is left out."""
    lines = [
        f"--{name}:{value};"
        for name, value in sorted(settings.DISTRICT.get("colours", {}).items())
        if name in BRAND_TOKENS and COLOUR.match(value)
    ]
    return HttpResponse(f":root{{{''.join(lines)}}}", content_type="text/css; charset=utf-8")


def problem_page(request: HttpRequest, status: int, *, sentence: str = "") -> HttpResponse:
    """The page of a failure, in the shell the reader was in; `sentence` replaces the general one."""
    problem = problem_for(status)
    user = getattr(request, "user", None)
    is_staff_side = request.path.startswith("/staff/") and user is not None and user.is_authenticated
    context = {
        "problem": problem,
        "sentence": sentence or problem.sentence,
        "status": status,
        "at": timezone.now(),
        "layout": "ui/staff.html" if is_staff_side else "ui/public.html",
    }
    return HttpResponse(render_to_string("ui/problem.html", context, request=request), status=status)


def confirm_page(request: HttpRequest, confirmation: Confirmation, *, status: int = 200) -> HttpResponse:
    """The step before a change; its form posts to the same address, with `confirmation.hidden` and `.form`."""
    return render(request, "ui/confirm.html", {"step": confirmation, "layout": confirmation.layout}, status=status)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 when the body was larger than allowed."""
    too_big = isinstance(exception, RequestDataTooBig | TooManyFilesSent)
    return problem_page(request, 413 if too_big else 400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the sentence of whoever refused."""
    return problem_page(request, 403, sentence=str(exception))


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """404; never says whether the thing exists."""
    return problem_page(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A form whose token is missing or old: most often a page left open overnight."""
    return problem_page(request, 403, sentence=str(SESSION_LOST))


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """500: drawn without the database, the session or any context processor, since any of them may be what failed."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    context = {
        "problem": problem_for(500),
        "at": timezone.now(),
        "html_lang": "zh-Hans" if language.startswith("zh") else language,
        "brand_name": settings.DISTRICT["brand" if language.startswith("zh") else "brand_en"],
    }
    return HttpResponse(render_to_string("ui/problem_500.html", context), status=500)
