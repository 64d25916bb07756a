"""参评对象 - what a panel may assess: packages above say where a subject is, what an assessor may read of it, and who is close to it.

    register_panel_subject("applications.application", PanelSubject(address=…, papers=…, people=…))

Scoring keeps nothing but the key "applications.application:<uuid>" and two labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from chuangju.kernel.models import Attachment, User
from chuangju.kernel.registry import Registry
from chuangju.scoring.models import Panel

if TYPE_CHECKING:
    from chuangju.scoring.results import Result


@dataclass(frozen=True)
class RelatedPerson:
    """Somebody close to a subject: an account or a name, and in what way (申请人、法定代表人、导师)."""

    relation: str | Promise
    name: str = ""
    user_id: int | None = None


def _nothing(_key: str) -> tuple[()]:
    return ()


def _no_address(_key: str) -> str:
    return ""


@dataclass(frozen=True)
class PanelSubject:
    """What the package of a kind of subject answers; every function gets the whole key.

    `papers(key)` are the files an assessor may open once they have declared that there is no conflict; `blind_papers` those
    of a blind panel (none, unless the package says which do not give the subject away). `address` is the page for whoever
    runs the panel. `people` are looked at for conflicts; `label` is said of the kind.
    """

    label: str | Promise = ""
    address: Callable[[str], str] = _no_address
    papers: Callable[[str], Sequence[Attachment]] = _nothing
    blind_papers: Callable[[str], Sequence[Attachment]] = _nothing
    people: Callable[[str], Iterable[RelatedPerson]] = _nothing
    # The same for many subjects in one go, where the package can: for constant queries on large panels.
    people_of_many: Callable[[Sequence[str]], dict[str, Sequence[RelatedPerson]]] | None = None
    # What becomes of the subjects of this kind once a panel is frozen; called once, inside the freezing.
    follow: Callable[[Panel, Sequence[Result], User, datetime], None] | None = None


panel_subjects: Registry[str, PanelSubject] = Registry("panel_subjects")


def register_panel_subject(prefix: str, subject: PanelSubject) -> None:
    """Let subjects whose keys begin with "<prefix>:" be assessed."""
    panel_subjects.register(prefix, subject)


def prefix_of(subject_key: str) -> str:
    """The kind of a subject."""
    return subject_key.partition(":")[0]


def subject_of(subject_key: str) -> PanelSubject | None:
    """What its package said; None for a subject that was typed in by whoever runs the panel."""
    return panel_subjects.find(prefix_of(subject_key))


def address_of(subject_key: str) -> str:
    """Where its page is; empty where it has none."""
    subject = subject_of(subject_key)
    return subject.address(subject_key) if subject else ""


def papers_of(subject_key: str, *, is_blind: bool) -> list[Attachment]:
    """The files an assessor may open."""
    subject = subject_of(subject_key)
    if subject is None:
        return []
    return list((subject.blind_papers if is_blind else subject.papers)(subject_key))


def people_of(subject_keys: Iterable[str]) -> dict[str, list[RelatedPerson]]:
    """Who is close to each of the subjects."""
    by_kind: dict[str, list[str]] = {}
    found: dict[str, list[RelatedPerson]] = {}
    for key in subject_keys:
        by_kind.setdefault(prefix_of(key), []).append(key)
        found[key] = []
    for kind, keys in by_kind.items():
        subject = panel_subjects.find(kind)
        if subject is None:
            continue
        known: dict[str, Any] = (
            dict(subject.people_of_many(keys)) if subject.people_of_many else {key: subject.people(key) for key in keys}
        )
        for key in keys:
            found[key] = list(known.get(key, ()))
    return found


def follow_frozen(panel: Panel, results: Sequence[Result], *, by: User, at: datetime) -> None:
    """Give each kind of subject what its own came to."""
    for kind in sorted({prefix_of(result.subject_key) for result in results}):
        subject = panel_subjects.find(kind)
        if subject is not None and subject.follow is not None:
            subject.follow(panel, [one for one in results if prefix_of(one.subject_key) == kind], by, at)


def hint_for(assessor: User, people: Iterable[RelatedPerson]) -> str:
    """Why an assessor may be too close to a subject; empty where nothing points to it."""
    for person in people:
        said = {"relation": str(person.relation)}
        if person.user_id is not None and person.user_id == assessor.pk:
            return _("系统提示：与%(relation)s是同一账号") % said
        if person.name and person.name == assessor.name:
            return _("系统提示：与%(relation)s同名") % said
    return ""
