"""Turns refusals and empty error answers into pages that say what to do next."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from chuangju.kernel.refusals import Refused
from chuangju.ui.problems import PROBLEMS
from chuangju.ui.views import problem_page


class ProblemPagesMiddleware:
    """A refusal that no view caught, and any error answer without a body, become a problem page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Draw the page for an empty answer such as 405 or 409; its headers (Allow, Retry-After) are kept."""
        # PostgreSQL knows no text with a NUL in it, and no page of ours has an address with one.
        response = HttpResponse(status=404) if "\x00" in request.path else self.get_response(request)
        if response.status_code not in PROBLEMS or response.streaming or response.content:  # type: ignore[attr-defined]
            return response
        page = problem_page(request, response.status_code)
        for name, value in response.items():
            if name.lower() not in {"content-type", "content-length"}:
                page[name] = value
        page.cookies.update(response.cookies)
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """A refusal answers with the status it carries and its own sentence; every other exception is Django's."""
        if isinstance(exception, Refused):
            return problem_page(request, exception.status, sentence=exception.sentence)
        return None
