"""Where the browser for tests is, and how it is started: quietly, and talking to nobody but the server under test."""

from __future__ import annotations

import os
from pathlib import Path

PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)


def find_chromium() -> str:
    """The system's Chromium, or the one that CHROMIUM names."""
    named = os.environ.get("CHROMIUM", "")
    found = next((path for path in (named, *PLACES) if path and Path(path).exists()), None)
    assert found, "browser tests need Chromium: apt-get install chromium fonts-wqy-microhei"
    return found
