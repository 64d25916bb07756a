"""浏览器 - what a browser says of itself, in words that its owner recognises."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The first that is found counts: browsers call themselves by the names of their ancestors too.
_BROWSERS: tuple[tuple[str, str | Promise], ...] = (
    ("MicroMessenger", gettext_lazy("微信")),
    ("AlipayClient", gettext_lazy("支付宝")),
    ("DingTalk", gettext_lazy("钉钉")),
    ("QQBrowser", gettext_lazy("QQ 浏览器")),
    ("360", gettext_lazy("360 浏览器")),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: tuple[tuple[str, str | Promise], ...] = (
    ("HarmonyOS", gettext_lazy("鸿蒙")),
    ("OpenHarmony", gettext_lazy("鸿蒙")),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Kylin", gettext_lazy("麒麟")),
    ("UOS", gettext_lazy("统信")),
    ("Linux", "Linux"),
)


def browser_in_words(agent: str) -> str:
    """Browser and system, as in “Chrome · Windows”; what is not recognised is said to be so."""
    browser = _first(_BROWSERS, agent) or _("其他浏览器")
    system = _first(_SYSTEMS, agent) or _("其他设备")
    return f"{browser} · {system}"


def _first(names: tuple[tuple[str, str | Promise], ...], agent: str) -> str:
    return next((str(name) for sign, name in names if sign in agent), "")
