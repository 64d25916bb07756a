"""Limits on sessions, and forms that take effect once however often they are sent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone

from chuangju.kernel.idempotency import claim_key, is_valid_key, keep_location, run_once
from chuangju.kernel.sessions import SEEN, STARTED

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# How often the moment of the last request is written down; a write with every request would cost more than it tells.
_NOTE_EVERY_SECONDS = 60
_REDIRECTS = range(300, 400)


class SessionLimitsMiddleware:
    """Signs out whoever was idle for half an hour or signed in half a day ago."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """End the session or note that it lives; strangers pass untouched."""
        if SESSION_KEY in request.session:
            self._limit(request, int(timezone.now().timestamp()))
        return self.get_response(request)

    def _limit(self, request: HttpRequest, now: int) -> None:
        session = request.session
        seen = session.get(SEEN, now)
        if now - seen > settings.SESSION_IDLE_SECONDS or now - session.get(STARTED, now) > settings.SESSION_COOKIE_AGE:
            logout(request)
            return
        if STARTED not in session:
            session[STARTED] = now
        if SEEN not in session or now - seen >= _NOTE_EVERY_SECONDS:
            session[SEEN] = now
            _save_at_once(session)


def _save_at_once(session: SessionBase) -> None:
    """Keep the moment; where the disk is full or the database taken, whoever only reads goes on reading."""
    try:
        session.save()
    except UpdateError as error:
        if not isinstance(error.__context__, OperationalError):
            return
    session.modified = False


class IdempotencyMiddleware:
    """A form with a key takes effect once: the second copy is sent where the first one went."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Only POST forms of signed-in users that carry a key; everything else passes untouched."""
        if request.method != "POST" or not request.user.is_authenticated or "idempotency_key" not in request.POST:
            return self.get_response(request)
        if _counts_tries(request):
            return self.get_response(request)
        key = request.POST["idempotency_key"]
        if not is_valid_key(key):
            # Without a body: the problem page is drawn by the middleware of the floor above.
            return HttpResponse(status=422)
        return self._once(request, key)

    def _once(self, request: HttpRequest, key: str) -> HttpResponseBase:
        with run_once() as rejecting:
            claim = claim_key(request.user, key, body=body_digest(request), at=timezone.now())
            if claim.is_other_body:
                return HttpResponse(status=409)
            if claim.is_repeated:
                return HttpResponseRedirect(claim.location or request.path)
            response = self.get_response(request)
            location = response.get("Location", "") if response.status_code in _REDIRECTS else ""
            if location:
                keep_location(claim, location)
            else:
                rejecting()
            return response


def _counts_tries(request: HttpRequest) -> bool:
    """Whether the form goes to a view that must not run inside one transaction (`takes_no_key`)."""
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return getattr(view, "takes_no_key", False)


def body_digest(request: HttpRequest) -> str:
    """What was sent, to where, with which files; without the token and the key, which differ between copies of a page."""
    total = hashlib.sha256(request.get_full_path().encode())
    for name, values in sorted(request.POST.lists()):
        if name not in {"csrfmiddlewaretoken", "idempotency_key"}:
            _add(total, name, *values)
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            _add(total, name, str(file.name), _file_digest(file))
    return total.hexdigest()


def _add(total: Any, *parts: str) -> None:
    """Each part with its length before it, so that no two forms read alike."""
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        total.update(len(data).to_bytes(8, "big") + data)


def _file_digest(file: Any) -> str:
    content = hashlib.sha256()
    for chunk in file.chunks():
        content.update(chunk)
    file.seek(0)
    return content.hexdigest()
