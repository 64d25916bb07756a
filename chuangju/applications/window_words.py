"""批次名称 - what rounds and selection lists are called in the reader's language.

A round bears the name that its unit gave it. In English it bears the English name where the unit gave one, else that of its
policy with the number of the round, so that nobody who reads English meets a name they cannot read.
"""

from __future__ import annotations

from django.utils.translation import gettext

from chuangju.applications.models import DecisionBatch, Window
from chuangju.kernel.languages import reads_english
from chuangju.policies.check_reading import say
from chuangju.policies.current import current_catalogue
from chuangju.rules.catalogue import Catalogue


def shown_window_title(window: Window, catalogue: Catalogue | None = None) -> str:
    """What a round is called; `catalogue` where many are named at once."""
    if not reads_english():
        return window.title
    name, is_policys = _english_name(window, catalogue)
    has_own = is_policys and window.title != _policy_title_zh(window, catalogue)
    return f"{name} {window.cycle}".strip() if has_own else name


def shown_batch_title(batch: DecisionBatch) -> str:
    """What a selection list is called: after its round, with the number and what else stands behind it."""
    return shown_list_name(batch.title, batch.window)


def shown_list_name(name: str, window: Window) -> str:
    """A name that begins with that of a round, in the reader's language; another one stays as it was given."""
    if not reads_english() or not name.startswith(window.title):
        return name
    # Behind it stand the number of the round and the product's own words, such as 递补.
    rest = [gettext(word) for word in name.removeprefix(window.title).split()]
    return " ".join([_english_name(window, None)[0], *rest])


def _english_name(window: Window, catalogue: Catalogue | None) -> tuple[str, bool]:
    """Without its number; and whether it is that of its policy."""
    if window.title_en:
        return window.title_en, False
    policy = (catalogue or current_catalogue()).latest(window.policy_id)
    return (say(policy.title), True) if policy is not None else (window.title, False)


def _policy_title_zh(window: Window, catalogue: Catalogue | None) -> str:
    policy = (catalogue or current_catalogue()).latest(window.policy_id)
    return policy.title.zh if policy is not None else ""
