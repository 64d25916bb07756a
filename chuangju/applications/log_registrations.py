"""日志用词 - what the log of cases, bundles and loans calls things by keys of its own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.kernel.money import format_yuan
from chuangju.ui.event_words import register_event_words, register_value_words

_WORDS = {
    "account": gettext_lazy("收款账户"),
    "amount": gettext_lazy("金额"),
    "consent": gettext_lazy("同意"),
    "done_on": gettext_lazy("办理日期"),
    "event": gettext_lazy("一件事"),
    "fees": gettext_lazy("收费"),
    "follow": gettext_lazy("开办后事项"),
    "is_done": gettext_lazy("已办"),
    "items": gettext_lazy("补正事项"),
    "key": gettext_lazy("数据项"),
    "opinion": gettext_lazy("意见"),
    "owed": gettext_lazy("未还本金"),
    "paid_on": gettext_lazy("兑付日期"),
    "panel": gettext_lazy("评审"),
    "policy_version": gettext_lazy("政策版本"),
    "step": gettext_lazy("环节"),
    "subsidy": gettext_lazy("贴息"),
}


def register_case_words() -> None:
    """Called once, when the application starts."""
    register_event_words(_WORDS)
    for key in ("amount", "owed", "subsidy"):
        register_value_words(key, _money)
    register_value_words("fees", lambda fees: _("%(count)d 项") % {"count": len(fees)} if fees else "")


def _money(fen: Any) -> str:
    return format_yuan(fen) if isinstance(fen, int) else str(fen)
