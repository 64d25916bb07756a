"""Registries: the only way up. A lower package offers one `register_…()`, packages above call it in `AppConfig.ready()`."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

_every: dict[str, Registry[Any, Any]] = {}


class AlreadyRegistered(Exception):
    """Two packages claimed the same key; a programming error, told at start-up."""


class NotRegistered(LookupError):
    """Nothing was registered under this key; the message lists what there is."""


class Registry(Generic[K, V]):
    """A named table from key to value: written once per key, read in the order of the keys."""

    def __init__(self, name: str) -> None:
        if name in _every:
            raise AlreadyRegistered(f"there is already a registry called {name!r}")
        self.name = name
        self._entries: dict[K, V] = {}
        _every[name] = self

    def register(self, key: K, value: V) -> V:
        """Keep the value under the key; raises AlreadyRegistered if the key is taken."""
        if key in self._entries:
            raise AlreadyRegistered(f"{key!r} is already registered in {self.name!r}: {self._entries[key]!r}")
        self._entries[key] = value
        return value

    def get(self, key: K) -> V:
        """The value under the key; raises NotRegistered."""
        try:
            return self._entries[key]
        except KeyError:
            known = ", ".join(sorted(map(str, self._entries))) or "nothing"
            raise NotRegistered(f"{key!r} is not registered in {self.name!r}; registered: {known}") from None

    def find(self, key: K) -> V | None:
        """The value under the key, or None."""
        return self._entries.get(key)

    def items(self) -> list[tuple[K, V]]:
        """All entries, sorted by key so that nothing depends on the order of start-up."""
        return sorted(self._entries.items(), key=lambda entry: str(entry[0]))

    def keys(self) -> list[K]:
        """All keys, sorted."""
        return [key for key, _ in self.items()]

    def values(self) -> list[V]:
        """All values, in the order of their keys."""
        return [value for _, value in self.items()]

    def remove(self, key: K) -> None:
        """Forget an entry: for tests that registered something of their own."""
        del self._entries[key]

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"<Registry {self.name}: {len(self)}>"


def all_registries() -> dict[str, Registry[Any, Any]]:
    """Every registry of the process by name, so that a test can list every registration."""
    return dict(sorted(_every.items()))
