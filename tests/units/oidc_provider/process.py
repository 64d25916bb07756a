"""Starts and ends the provider, and walks through its pages where no browser is needed."""

from __future__ import annotations

import html
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.units.oidc_provider.people import PASSWORD

ROOT = Path(__file__).resolve().parents[3]


class Provider:
    """A running provider: where it is, and what a person does there."""

    def __init__(self, url: str) -> None:
        """The provider at this address."""
        self.url = url

    def allow(self, return_address: str, *, wrong_nonce: bool = False) -> None:
        """Let a site be returned to."""
        flags = {"wrong_nonce": "1"} if wrong_nonce else {}
        requests.get(f"{self.url}/allow/", params={"uri": return_address, **flags}, timeout=10).raise_for_status()

    def visit(self, address: str, username: str, *, action: str = "grant") -> str:
        """Sign in at the provider and consent ("grant") or refuse ("cancel"); the address that it sends one back to."""
        with requests.Session() as browser:
            page = browser.get(address, timeout=10)
            form = {"login": username, "password": PASSWORD, **_hidden(page.text)}
            page = browser.post(page.url, data=form, timeout=10)
            fields = {**_hidden(page.text), "scopes": ["openid", "profile", "phone"], "action": action}
            answer = browser.post(f"{self.url}/identity/o/authorize", data=fields, timeout=10, allow_redirects=False)
            return answer.headers["Location"]


def _hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


@contextmanager
def running_provider(folder: Path) -> Iterator[Provider]:
    """The provider on a free port, until the block ends."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.units.oidc_provider", str(port)]
    environment = {**os.environ, "PROVIDER_DATABASE": str(folder / "provider.sqlite3")}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline().strip() == "ready"
        try:
            yield Provider(f"http://localhost:{port}")
        finally:
            process.terminate()
