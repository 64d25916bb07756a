"""The product's settings with what a test may not share with an installation: its data, its mail, its speed."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

# Decided before the settings are read: no test looks at, or writes to, the installation of whoever runs it.
for _name in [name for name in os.environ if name.startswith("CHUANGJU_")]:
    del os.environ[_name]
os.environ["CHUANGJU_DATA"] = tempfile.mkdtemp(prefix="chuangju-tests-")

# Whatever text was changed later than this is not, or not wholly, what this run has read.
SUITE_STARTED_AT = time.time()

from config.settings import *  # noqa: E402 - these settings read the environment, which must be cleared first


class UndefinedTemplateVariable(Exception):
    """A template named something that its context does not hold."""


class _Refusing(str):
    """Stands in for `string_if_invalid`: Django formats it with the name it could not find."""

    __slots__ = ()

    def __contains__(self, key: object) -> bool:
        return key == "%s"

    def __mod__(self, name: object) -> str:
        raise UndefinedTemplateVariable(f"the template names {name!r}, which its context does not hold")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = _Refusing("%s")

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Signing in is tested with the lock-out switched on where it is the subject (`settings.AXES_ENABLED = True`).
AXES_ENABLED = False
# Staff come in by password alone, but where the second factor is the subject (`settings.SECOND_FACTOR_REQUIRED = True`).
SECOND_FACTOR_REQUIRED = False
# Holiday notices are read when a test enters one, never in between: counted queries must not depend on the clock.
HOLIDAYS_REREAD_SECONDS = None
# Names without digests: pages can be rendered without collecting static files first.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT.mkdir()
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: threads that race for a row must meet at the same locks as in production.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(os.environ["CHUANGJU_DATA"]) / "tests.sqlite3")}
