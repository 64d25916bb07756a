"""政策目录 - all versions of all policies of a folder, with what they share; a published text that has changed is refused.

A folder holds `<id>@<version>.yaml` (any name ending in .yaml), `shared/parameters.yaml`, `shared/lists.yaml` and, once
versions have been published, `published.toml` with the digest of each.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from chuangju.rules.facts import Dictionary
from chuangju.rules.kinds import Words
from chuangju.rules.parameters import Shared
from chuangju.rules.policy import Policy
from chuangju.rules.policy_file import parse_policy
from chuangju.rules.shared_figures import load_shared
from chuangju.rules.yaml_nodes import PolicyFault, PolicyFaults

REGISTRY = "published.toml"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Policies by id and version, oldest version first, and the faults of the files that were not taken."""

    policies: tuple[Policy, ...]
    shared: Shared
    dictionary: Dictionary
    faults: tuple[PolicyFault, ...] = ()

    def __hash__(self) -> int:
        return id(self)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, in the order of the files."""
        return tuple(dict.fromkeys(one.id for one in self.policies))

    def versions(self, policy_id: str) -> tuple[Policy, ...]:
        """All versions of a policy, oldest first."""
        return tuple(one for one in self.policies if one.id == policy_id)

    def version(self, policy_id: str, version: str) -> Policy | None:
        """One version by its name."""
        return next((one for one in self.versions(policy_id) if one.version == version), None)

    def latest(self, policy_id: str) -> Policy | None:
        """The version that begins last."""
        return self.versions(policy_id)[-1] if self.versions(policy_id) else None

    def version_for(self, policy_id: str, day: date) -> Policy | None:
        """The version in force on a day; after its end the last one that still goes on for some (grandfathering)."""
        found = [one for one in self.versions(policy_id) if one.effective_from <= day]
        in_force = [one for one in found if one.is_in_force(day)]
        kept = [one for one in found if one.grandfathering is not None]
        return in_force[-1] if in_force else kept[-1] if kept else None

    def in_force(self, day: date) -> list[Policy]:
        """For each policy the version that answers on a day."""
        found = [self.version_for(policy_id, day) for policy_id in self.ids]
        return [one for one in found if one is not None]

    def with_policies(self, policies: Iterable[Policy]) -> Catalogue:
        """The catalogue with these versions added, or in place of those of the same name."""
        new = {one.key: one for one in policies}
        merged = {one.key: one for one in self.policies} | new
        return replace(self, policies=_ordered(merged.values()))


def load_catalogue(folder: Path, *, dictionary: Dictionary) -> Catalogue:
    """Everything in a folder; files with faults are left out and their faults listed."""
    faults: list[PolicyFault] = []
    shared = load_shared(folder / "shared", faults, dictionary)
    published = _registry(folder, faults)
    found: dict[str, Policy] = {}
    for path in sorted(folder.glob("*.yaml")):
        policy = _read_file(path, dictionary, shared, faults)
        if policy is None:
            continue
        if policy.key in found:
            faults.append(
                _fault(
                    path.name,
                    1,
                    f"{policy.key} 已有另一个文件：{found[policy.key].file}",
                    f"{policy.key} stands in {found[policy.key].file} too",
                )
            )
        elif published.get(policy.key, policy.sha256) != policy.sha256:
            zh = f"{policy.key} 已经发布，文字不能再改；请另立新版本"
            faults.append(
                _fault(path.name, 1, zh, f"{policy.key} has been published and cannot change; make a new version")
            )
        else:
            found[policy.key] = policy
    policies = _ordered(found.values())
    faults += find_overlaps(policies)
    faults += _missing_published(published, found, faults)
    return Catalogue(policies, shared, dictionary, tuple(faults))


def _fault(file: str, line: int, zh: str, en: str) -> PolicyFault:
    return PolicyFault(line, 1, Words(zh, en), file)


def _ordered(policies: Iterable[Policy]) -> tuple[Policy, ...]:
    return tuple(sorted(policies, key=lambda one: (one.id, one.effective_from, one.version)))


def _read_file(path: Path, dictionary: Dictionary, shared: Shared, faults: list[PolicyFault]) -> Policy | None:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        faults.append(_fault(path.name, 1, "文件读不出来，或不是 UTF-8", "the file cannot be read, or is not UTF-8"))
        return None
    try:
        return parse_policy(text, dictionary=dictionary, shared=shared, file=path.name)
    except PolicyFaults as problem:
        faults += problem.faults
        return None


def _registry(folder: Path, faults: list[PolicyFault]) -> dict[str, str]:
    try:
        entries_read = tomllib.loads((folder / REGISTRY).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        faults.append(_fault(REGISTRY, 1, "发布登记读不出来", "the register of published versions cannot be read"))
        return {}
    return {key: str(entry.get("sha256", "")) if isinstance(entry, dict) else "" for key, entry in entries_read.items()}


def _missing_published(
    published: Mapping[str, str], found: Mapping[str, Policy], faults: list[PolicyFault]
) -> list[PolicyFault]:
    """A published version whose file is gone; files with faults of their own have said so already."""
    if faults:
        return []
    return [
        _fault(REGISTRY, 1, f"已发布的 {key} 没有文件", f"the published {key} has no file")
        for key in published
        if key not in found
    ]


def find_overlaps(policies: Iterable[Policy]) -> list[PolicyFault]:
    """Versions of one policy that are in force on the same day."""
    faults: list[PolicyFault] = []
    last: Policy | None = None
    for one in _ordered(policies):
        if (
            last is not None
            and last.id == one.id
            and (last.effective_to is None or last.effective_to >= one.effective_from)
        ):
            end = last.effective_to or "长期"
            zh = f"{one.key} 与 {last.key} 的有效期重叠（{last.effective_from} 至 {end}）"
            line = next((n for n, text in enumerate(one.text.splitlines(), 1) if text.startswith("effective")), 1)
            faults.append(_fault(one.file, line, zh, f"the terms of {one.key} and {last.key} overlap"))
        last = one
    return faults
