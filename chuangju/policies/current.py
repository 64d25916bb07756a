"""现行政策目录 - what the product's pages and runs go by: the files it came with, and what was published in the browser since.

`current_catalogue()` costs one small query; the parsed catalogue is kept until something is published. A published text whose
digest is not the recorded one is left out and named in `faults`, as is one that the language does not take any more.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from django.db.models import Count, Max

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.policies.models import PublishedPolicy
from chuangju.rules.catalogue import Catalogue, find_overlaps
from chuangju.rules.kinds import Words
from chuangju.rules.policy import Policy
from chuangju.rules.policy_file import parse_policy
from chuangju.rules.yaml_nodes import PolicyFault, PolicyFaults

_last_known: list[Catalogue] = []


def current_catalogue() -> Catalogue:
    """All policies that count: shipped and published; ask once for a page."""
    state = PublishedPolicy.objects.aggregate(count=Count("pk"), last=Max("pk"))
    catalogue = _catalogue_of(state["count"], state["last"] or 0)
    _last_known[:] = [catalogue]
    return catalogue


def known_catalogue() -> Catalogue:
    """What this process went by last, without a question: for navigation, which stands on every page, and nothing else."""
    return _last_known[0] if _last_known else current_catalogue()


def forget_catalogue() -> None:
    """Read the published versions afresh next time: for tests, whose keys begin anew."""
    _catalogue_of.cache_clear()
    _last_known.clear()


@lru_cache(maxsize=4)
def _catalogue_of(_count: int, _last: int) -> Catalogue:
    """The table only ever grows, so its number of rows and its last key say which state was read."""
    shipped = shipped_catalogue()
    published, ends, faults = list[Policy](), dict[str, str](), list[PolicyFault]()
    for row in PublishedPolicy.objects.order_by("pk"):
        policy = _read(row, shipped, faults)
        if policy is not None:
            published.append(policy)
            if row.ends_key:
                ends[row.ends_key] = row.key
    merged = shipped.with_policies(published)
    return _ended(replace(merged, faults=(*merged.faults, *faults)), ends)


def _read(row: PublishedPolicy, shipped: Catalogue, faults: list[PolicyFault]) -> Policy | None:
    if hashlib.sha256(row.text.encode()).hexdigest() != row.sha256:
        zh = f"{row.key} 已经发布，文字却与发布时的校验值不符，不予采用"
        en = f"{row.key} has been published, but its text does not have the recorded digest; it is left out"
        faults.append(PolicyFault(1, 1, Words(zh, en), row.key))
        return None
    try:
        return parse_policy(row.text, dictionary=shipped.dictionary, shared=shipped.shared, file=row.key)
    except PolicyFaults as problem:
        faults.extend(problem.faults)
        return None


def _ended(catalogue: Catalogue, ends: dict[str, str]) -> Catalogue:
    """The terms of versions that a later one ended: until the day before it begins; their texts stay as they are."""
    by_key = {one.key: one for one in catalogue.policies}
    cut = []
    for key, by in ends.items():
        old, new = by_key.get(key), by_key.get(by)
        if old is not None and new is not None and new.effective_from > old.effective_from:
            cut.append(replace(old, effective_to=new.effective_from - timedelta(days=1)))
    return catalogue.with_policies(cut) if cut else catalogue


def overlapping_versions(policy: Policy, catalogue: Catalogue) -> list[Policy]:
    """The other versions of the same policy whose terms share a day with this one."""
    others = [one for one in catalogue.versions(policy.id) if one.key != policy.key]
    return [one for one in others if find_overlaps([one, policy])]
