"""What thousands of requests by the same few people need once: who they are, what their menus hold, how a refusal looks.

For tests that take back whatever a request changes. Each of these parts has tests of its own where nothing is kept.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy, deepcopy
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.test.client import ClientHandler

from chuangju.kernel.models import User
from chuangju.ui import menus
from chuangju.ui import views as ui_views
from chuangju.ui.menus import MenuContext, MenuLink, MenuSection
from chuangju.units import access
from chuangju.units.models import RoleAssignment


class Asker(RequestFactory):
    """Asks as somebody who signed in: the whole product answers, and nobody notes which templates it drew."""

    def __init__(self, signed_in: Client, handler: ClientHandler) -> None:
        super().__init__()
        self.cookies = copy(signed_in.cookies)
        self._handler = handler

    def request(self, **request: Any) -> HttpResponseBase:
        """The answer; a fault of the product is a 500."""
        return self._handler(self._base_environ(**request))


def _draw_problem_pages_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One for each person, status and side: most answers are such pages, and they are all alike."""
    drawn: dict[tuple[object, ...], bytes] = {}
    draw = ui_views.problem_page

    def problem_page(request: HttpRequest, failure: Any, **options: Any) -> HttpResponse:
        status = failure if isinstance(failure, int) else failure.status
        key = (request.user.pk, status, request.path.startswith("/staff/"))
        if key not in drawn:
            drawn[key] = draw(request, failure, **options).content
        return HttpResponse(drawn[key], status=status)

    for module in list(sys.modules.values()):
        if getattr(module, "problem_page", None) is draw:
            monkeypatch.setattr(module, "problem_page", problem_page)


def _read_people_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts, their sessions and their roles; each request has copies of its own."""
    read_user, read_session, read_roles = ModelBackend.get_user, SessionStore.load, access._read_roles
    users: dict[int, User | None] = {}
    sessions: dict[str, dict[str, Any]] = {}
    roles: dict[int, list[RoleAssignment]] = {}

    def get_user(self: ModelBackend, pk: int) -> User | None:
        if pk not in users:
            users[pk] = read_user(self, pk)  # type: ignore[assignment]
        return copy(users[pk])

    def load(self: SessionStore) -> dict[str, Any]:
        key = str(self.session_key)
        if key not in sessions:
            found = read_session(self)
            if self.session_key is None:
                return found
            sessions[key] = found
        return deepcopy(sessions[key])

    def roles_of(user: User) -> list[RoleAssignment]:
        if user.pk not in roles:
            roles[user.pk] = read_roles(user)
        return list(roles[user.pk])

    monkeypatch.setattr(ModelBackend, "get_user", get_user)
    monkeypatch.setattr(SessionStore, "load", load)
    monkeypatch.setattr(access, "_read_roles", roles_of)


def _fill_menus_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one's menus hold, the numbers beside the links included, is counted at the first page."""
    sections: tuple[MenuSection, ...] = tuple(_kept(section) for section in menus.registered_menus())
    monkeypatch.setattr(menus, "registered_menus", lambda: sections)


def _kept(section: MenuSection) -> MenuSection:
    ask: Callable[[MenuContext], list[MenuLink]] = section.links
    known: dict[object, list[MenuLink]] = {}

    def links(context: MenuContext) -> list[MenuLink]:
        if context.user.pk not in known:
            known[context.user.pk] = ask(context)
        return known[context.user.pk]

    return replace(section, links=links)


@contextmanager
def same_people(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Begin when everybody is signed in, who will ask again and again."""
    _draw_problem_pages_once(monkeypatch)
    _read_people_once(monkeypatch)
    _fill_menus_once(monkeypatch)
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
