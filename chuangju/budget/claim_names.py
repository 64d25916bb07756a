"""对应事项的名称 - what the claims of the ledger are about, in words: the payment asked for says it, else whoever made the claim."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from chuangju.budget.models import Payment
from chuangju.kernel.registry import Registry

# Names for claim keys that begin with a prefix; what is not known is left out. Its queries must not grow with the keys.
ClaimNamer = Callable[[Sequence[str]], Mapping[str, str]]
claim_namers: Registry[str, ClaimNamer] = Registry("budget.claim_namers")
# So much of a key is enough to tell claims without a name apart.
_TAIL = 8


def register_claim_namer(prefix: str, namer: ClaimNamer) -> None:
    """Say what the claims are about whose key begins with this, such as "applications.instalment"."""
    claim_namers.register(prefix, namer)


def names_of_claims(claim_keys: Iterable[str]) -> dict[str, str]:
    """A name for each key; the end of the key itself where nobody knows one."""
    keys = sorted({key for key in claim_keys if key})
    asked_for = Payment.objects.filter(claim_key__in=keys).values_list("claim_key", "purpose")
    found = {key: purpose for key, purpose in asked_for if purpose} if keys else {}
    for prefix, namer in claim_namers.items():
        rest = [key for key in keys if key not in found and key.partition(":")[0] == prefix]
        if rest:
            found.update(namer(rest))
    return {key: found.get(key) or f"…{key[-_TAIL:]}" for key in keys}
