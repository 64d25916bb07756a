"""日志用词 - how somebody came in, and what else the log of accounts calls by keys of its own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangju.ui.event_words import register_event_words, register_value_words

_WORDS = {
    "factor": gettext_lazy("第二重验证"),
    "factors": gettext_lazy("第二重验证"),
    "left": gettext_lazy("剩余恢复码"),
    "ways": gettext_lazy("验证方式"),
}
_WAYS = {
    "password": gettext_lazy("密码"),
    "totp": gettext_lazy("验证器应用"),
    "webauthn": gettext_lazy("通行密钥"),
    "recovery_codes": gettext_lazy("恢复码"),
    "code": pgettext_lazy("sign-in", "短信验证码"),
    "city": pgettext_lazy("sign-in", "随申办"),
}


def register_account_words() -> None:
    """Called once, when the application starts."""
    register_event_words(_WORDS)
    register_value_words("ways", _ways)


def _ways(ways: Any) -> str:
    listed = ways if isinstance(ways, list) else [ways]
    return _("、").join(str(_WAYS.get(way, way)) for way in listed)
