"""The provider's addresses, and two by which a test sets it up."""

from __future__ import annotations

from allauth.idp.oidc.models import Client
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def allow(request: HttpRequest) -> HttpResponse:
    """Let the product's site be returned to; `wrong_nonce=1` makes the provider answer with another nonce."""
    client = Client.objects.get()
    known = set(client.get_redirect_uris())
    client.set_redirect_uris(sorted(known | {request.GET["uri"]}))
    client.data = {"wrong_nonce": "wrong_nonce" in request.GET}
    client.save()
    return HttpResponse("ok")


urlpatterns = [
    path("allow/", allow),
    path("accounts/", include("allauth.account.urls")),
    path("", include("allauth.idp.urls")),
]
