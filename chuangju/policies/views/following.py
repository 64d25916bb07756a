"""A page on which work in the background is followed: its progress is asked for again and again until it has come to an end."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def followed(request: HttpRequest, response: HttpResponse, *, is_live: bool) -> HttpResponse:
    """The page; whoever followed the work sees all of it anew once there is nothing to follow any more."""
    if request.headers.get("HX-Request") and not is_live:
        response["HX-Refresh"] = "true"
    return response
