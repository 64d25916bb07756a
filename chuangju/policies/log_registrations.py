"""日志用词 - policies, verdicts and facts as a reader of the log knows them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.policies.check_reading import say
from chuangju.policies.check_results import TITLES
from chuangju.policies.current import current_catalogue
from chuangju.rules.kinds import Words
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
    register_value_words("policy", policy_words)
    register_value_words("policy_id", policy_words)
    register_value_words("verdict", lambda verdict: str(TITLES.get(verdict, verdict)))
    register_value_words("keys", fact_words)
    register_value_words("skipped", fact_words)
    register_value_words("ventures.fact.key", fact_words)


def policy_words(key: Any) -> str:
    """The title of a policy, with its version where one is named; the key itself where there is no such policy."""
    policy_id, _at, version = str(key).partition("@")
    try:
        title = say(_title(policy_id))
    except LookupError:
        return str(key)
    return _("%(title)s（%(version)s 版）") % {"title": title, "version": version} if version else title


@lru_cache(maxsize=512)
def _title(policy_id: str) -> Words:
    """Asked once for each policy, so that a page of many lines costs no more than one of few; raises LookupError."""
    versions = shipped_catalogue().versions(policy_id) or current_catalogue().versions(policy_id)
    if not versions:
        raise LookupError(policy_id)
    return versions[-1].title


def fact_words(keys: Any) -> str:
    """What facts are called."""
    known = dictionary().facts
    listed = keys if isinstance(keys, list) else [keys]
    return _("、").join(say(known[key].name) if key in known else str(key) for key in listed)
