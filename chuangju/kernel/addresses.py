"""地址 - addresses that every row and every line of a navigation needs, worked out once instead of each time.

Django's `reverse` walks the whole list of routes; a page with fifty rows and sixty links asks it more than a hundred times.
"""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.urls import get_script_prefix, reverse

_NOBODY = UUID(int=0)


def address_of(name: str, *args: str) -> str:
    """The address of a page that is always the same: of a list, of a form."""
    return _fixed(name, args, get_script_prefix())


def row_address(name: str, key: UUID) -> str:
    """The address of the page of one row, by its key."""
    head, tail = _around_key(name, get_script_prefix())
    return f"{head}{key}{tail}"


@lru_cache(maxsize=1024)
def _fixed(name: str, args: tuple[str, ...], _prefix: str) -> str:
    return reverse(name, args=args)


@lru_cache(maxsize=256)
def _around_key(name: str, _prefix: str) -> tuple[str, str]:
    head, _key, tail = reverse(name, args=(_NOBODY,)).partition(str(_NOBODY))
    return head, tail
