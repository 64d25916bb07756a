"""日志用词 - policies, verdicts and facts as a reader of the log knows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.policies.check_reading import say
from chuangju.policies.check_results import TITLES
from chuangju.policies.policy_titles import policy_key_words
from chuangju.ui.event_words import register_event_words, register_value_words
from chuangju.ventures.registers import dictionary

_WORDS = {
    "counts": gettext_lazy("各类数量"),
    "mapping": gettext_lazy("列的对应"),
    "policies": gettext_lazy("政策数"),
    "policy": gettext_lazy("政策"),
    "skipped": gettext_lazy("跳过的数据项"),
}


def register_policy_words() -> None:
    """Called once, when the application starts."""
    register_event_words(_WORDS)
    register_value_words("policy", policy_key_words)
    register_value_words("policy_id", policy_key_words)
    register_value_words("verdict", lambda verdict: str(TITLES.get(verdict, verdict)))
    register_value_words("keys", fact_words)
    register_value_words("skipped", fact_words)
    register_value_words("ventures.fact.key", fact_words)


def fact_words(keys: Any) -> str:
    """What facts are called."""
    known = dictionary().facts
    listed = keys if isinstance(keys, list) else [keys]
    return _("、").join(say(known[key].name) if key in known else str(key) for key in listed)
