"""政策名称 - what the key of a policy, with or without its version, is called where only the key was kept."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.policies.check_reading import say
from chuangju.policies.current import current_catalogue
from chuangju.rules.kinds import Words


def policy_key_words(key: Any) -> str:
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
