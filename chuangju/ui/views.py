"""Problem pages, the language switch and the district's colours."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST, require_safe

from chuangju.kernel.message_templates import remember_language
from chuangju.kernel.models import User
from chuangju.ui.confirmations import Confirmation
from chuangju.ui.problems import DATABASE_BUSY, SESSION_LOST, STORAGE_FULL, Problem, problem_for

COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")
# The value of a tick, a choice, a number, a day or a key: nobody would miss it.
TICKED_OR_KEY = re.compile(r"[A-Za-z0-9_.:/?=&%-]{0,40}")
# What is typed into these is never shown again. Named here: the views that mark them as sensitive have not run yet.
SECRET_FIELDS = frozenset({"password", "present", "new", "repeated", "code", "credential"})
# What SQLite and PostgreSQL say when somebody else holds the lock, and when nothing can be written.
BUSY = re.compile(r"is locked|lock timeout|pool timeout|couldn't get a connection")
FULL = re.compile(
    r"disk is full|disk I/O error|readonly database|unable to open database|No space left|Read-only file system"
)
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
    """Keep the chosen language in a cookie, and with the account for messages; back to the page one came from."""
    response = HttpResponseRedirect(local_next(request, request.POST.get("next")))
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        if isinstance(request.user, User):
            remember_language(request.user, code)
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
        for name, value in sorted(settings.DISTRICT["colours"].items())
        if name in BRAND_TOKENS and COLOUR.match(value)
    ]
    return HttpResponse(f":root{{{''.join(lines)}}}", content_type="text/css; charset=utf-8")


def typed_words(request: HttpRequest) -> list[str]:
    """What somebody wrote by hand in a form that was not accepted; no choices, keys or passwords."""
    if request.method != "POST":
        return []
    values = (value.strip() for name, values in request.POST.lists() if name not in SECRET_FIELDS for value in values)
    return [value for value in values if not TICKED_OR_KEY.fullmatch(value)]


def session_lost_page(request: HttpRequest, words: list[str]) -> HttpResponse:
    """A form came too late or without its token: nothing of it was done, and here is what was written in it."""
    return problem_page(request, SESSION_LOST, words=words)


def problem_page(
    request: HttpRequest, failure: int | Problem, *, sentence: str = "", words: Sequence[str] = ()
) -> HttpResponse:
    """The page of a failure, in the shell the reader was in; `sentence` replaces the general one."""
    problem = problem_for(failure) if isinstance(failure, int) else failure
    status = failure if isinstance(failure, int) else failure.status
    user = getattr(request, "user", None)
    is_staff_side = request.path.startswith("/staff/") and user is not None and user.is_authenticated
    context = {
        "problem": problem,
        "sentence": sentence or problem.sentence,
        "status": status,
        "words": words,
        "is_session_lost": problem is SESSION_LOST,
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
    cause = _first_cause(exception)
    if isinstance(exception, SessionInterrupted) and isinstance(cause, OperationalError):
        # The session could not be saved because of the database: nothing is wrong with the request.
        return _fault_page(cause)
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
    """A form whose token is missing or old: most often a page left open overnight.

    What was written in it is given back only where the form stood on our own page.
    """
    is_ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    return session_lost_page(request, typed_words(request) if is_ours else [])


def _first_cause(fault: BaseException | None) -> BaseException | None:
    """The database's own error where the framework has wrapped it, else the fault itself."""
    inner = fault
    while inner is not None and not isinstance(inner, OperationalError):
        inner = inner.__context__
    return inner or fault


def _is_busy(fault: BaseException | None) -> bool:
    return isinstance(fault, OperationalError) and BUSY.search(str(fault)) is not None


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """500: drawn without the database, the session or any context processor, since any of them may be what failed.

    A database that others kept busy for too long is no fault: as with a lock that is taken, one tries again.
    """
    return _fault_page(_first_cause(sys.exc_info()[1]))


def _fault_page(fault: BaseException | None) -> HttpResponse:
    language = translation.get_language() or settings.LANGUAGE_CODE
    is_busy = _is_busy(fault)
    is_full = not is_busy and isinstance(fault, OperationalError | OSError) and FULL.search(str(fault)) is not None
    status = 409 if is_busy else 500
    context = {
        "problem": problem_for(status),
        "status": status,
        "sentence": DATABASE_BUSY if is_busy else STORAGE_FULL if is_full else problem_for(status).sentence,
        "at": timezone.now(),
        "html_lang": "zh-Hans" if language.startswith("zh") else language,
        "brand_name": settings.DISTRICT["brand" if language.startswith("zh") else "brand_en"],
    }
    headers = {"Retry-After": "10"} if is_busy else {}
    return HttpResponse(render_to_string("ui/problem_500.html", context), status=status, headers=headers)
