"""The server's entry: granian and any other WSGI server load `config.wsgi:application`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.utils import timezone

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

# Only now are the applications loaded.
from chuangju.policies.day_preparation import start_preparing  # noqa: E402

start_preparing(timezone.now)
