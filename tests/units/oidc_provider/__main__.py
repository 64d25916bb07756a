"""Run the provider: `python -m tests.units.oidc_provider PORT`; says "ready" once it answers."""

from __future__ import annotations

import os
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.units.oidc_provider.settings"

import django

django.setup()

from allauth.idp.oidc.models import Client  # noqa: E402 - models exist only now
from django.contrib.auth import get_user_model  # noqa: E402 - as above
from django.contrib.auth.hashers import make_password  # noqa: E402 - as above
from django.core.management import call_command  # noqa: E402 - as above
from django.core.wsgi import get_wsgi_application  # noqa: E402 - as above

from tests.units.oidc_provider.people import CLIENT_ID, CLIENT_SECRET, PASSWORD, PEOPLE  # noqa: E402 - as above


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """Say nothing of each request."""


def main() -> None:
    """Make the database, the people and the client, and answer."""
    call_command("migrate", verbosity=0)
    for username in PEOPLE:
        get_user_model().objects.create_user(username, password=PASSWORD)
    Client.objects.create(
        id=CLIENT_ID, name="创聚", secret=make_password(CLIENT_SECRET), scopes="openid\nprofile\nphone"
    )
    with make_server("localhost", int(sys.argv[1]), get_wsgi_application(), _Server, _Quiet) as server:
        print("ready", flush=True)  # noqa: T201 - what the process that started us waits for
        server.serve_forever()


if __name__ == "__main__":
    main()
