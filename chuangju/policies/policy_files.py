"""政策文件 - files of the district's own: each becomes a draft by one person and a published version by another, all or none.

The same door as the editor's: what is published stands in the database with its digest, so that pages, checks, applications
and runs have it at once. A file whose text is published already is passed over; a changed text under a published name is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.languages import reads_english
from chuangju.kernel.models import User
from chuangju.policies.current import current_catalogue
from chuangju.policies.draft_reading import DraftReading, read_draft
from chuangju.policies.drafts import DraftRefused, begin_draft_from_text, clean_text, sha256_of, submit_draft
from chuangju.policies.models import LONGEST_TEXT
from chuangju.policies.publishing import publish_draft
from chuangju.rules.policy import Policy

SUFFIXES = (".yaml", ".yml")
# A letter takes up to four bytes.
LONGEST_FILE = LONGEST_TEXT * 4


class PolicyFileRefused(DraftRefused):
    """A file cannot be taken; `sentences` names the file, and line and column where there are any."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class TakenFile:
    """What became of one file: the version's name, and whether it was new."""

    name: str
    key: str
    is_new: bool


def find_policy_files(paths: Iterable[Path]) -> list[Path]:
    """The policy files among these paths; of a folder those right in it, by name. Raises PolicyFileRefused."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(sorted(one for one in path.iterdir() if one.suffix in SUFFIXES and one.is_file()))
        elif path.is_file():
            found.append(path)
        else:
            raise PolicyFileRefused([_("没有这个文件或文件夹：%(path)s") % {"path": path}])
    return found


def decode_policy_file(content: bytes, name: str) -> str:
    """The text of a file; raises PolicyFileRefused for one that is too long or no UTF-8."""
    if len(content) > LONGEST_FILE:
        raise PolicyFileRefused([_("%(file)s 超过政策文本的长度上限") % {"file": name}])
    try:
        text = clean_text(content.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        told = {"file": name, "place": problem.start + 1}
        raise PolicyFileRefused(
            [_("%(file)s 不是 UTF-8 文本（第 %(place)d 个字节），请另存为 UTF-8") % told]
        ) from problem
    if len(text) > LONGEST_TEXT:
        raise PolicyFileRefused([_("%(file)s 超过政策文本的长度上限") % {"file": name}])
    return text


def check_policy_text(text: str, name: str, *, at: datetime) -> Policy:
    """The policy of a text whose examples come out as written; raises PolicyFileRefused with every fault."""
    reading = read_draft(text, current_catalogue(), on=timezone.localdate(at))
    sentences = _faults_of(reading, name)
    if sentences or reading.policy is None:
        raise PolicyFileRefused(sentences)
    return reading.policy


def notices_of_text(text: str, name: str, *, at: datetime) -> list[str]:
    """What could not be checked of a text, each in a sentence with its place; it keeps nothing back."""
    language = "en" if reads_english() else "zh"
    reading = read_draft(text, current_catalogue(), on=timezone.localdate(at))
    return [replace(notice, file=name).sentence(language) for notice in reading.notices]


def _faults_of(reading: DraftReading, name: str) -> list[str]:
    language = "en" if reads_english() else "zh"
    told = [replace(fault, file=name).sentence(language) for fault in reading.faults]
    for place, one in enumerate(reading.examples, start=1):
        if not one.has_passed:
            told.append(_("%(file)s 第 %(number)d 个范例的结果与写明的不一致") % {"file": name, "number": place})
    if reading.policy is not None and not reading.examples:
        told.append(_("%(file)s：至少写一个范例，才能核对政策写得对不对") % {"file": name})
    return told


@transaction.atomic
def publish_policy_files(
    files: Iterable[tuple[str, str]], *, author: User, publisher: User, at: datetime
) -> list[TakenFile]:
    """Publish texts, each with the name of its file; all of them or none.

    Raises PolicyFileRefused with every fault of every file, and DraftRefused where an account may not do its part.
    """
    if author.pk == publisher.pk:
        raise DraftRefused(_("起草人不能发布自己起草的政策，请另一位同事复核发布"))
    ready, sentences = list[tuple[str, str, Policy]](), list[str]()
    for name, text in files:
        try:
            ready.append((name, text, check_policy_text(text, name, at=at)))
        except PolicyFileRefused as refused:
            sentences.extend(refused.sentences)
    if sentences:
        raise PolicyFileRefused(sentences)
    # The earlier version first, so that a later one can end it.
    ready.sort(key=lambda one: (one[2].id, one[2].effective_from))
    return [_publish(name, text, policy, author, publisher, at) for name, text, policy in ready]


def _publish(name: str, text: str, policy: Policy, author: User, publisher: User, at: datetime) -> TakenFile:
    known = current_catalogue().version(policy.id, policy.version)
    if known is not None:
        if sha256_of(clean_text(known.text)) == sha256_of(text):
            return TakenFile(name, policy.key, is_new=False)
        told = {"file": name, "key": policy.key}
        raise PolicyFileRefused([_("%(file)s：%(key)s 已经发布，文字不能再改；请换一个版本号") % told])
    try:
        draft = begin_draft_from_text(text, by=author, at=at)
        submit_draft(draft, note=_("来自文件 %(file)s") % {"file": name}, revision=draft.revision, by=author, at=at)
        draft.refresh_from_db()
        publish_draft(draft, revision=draft.revision, by=publisher, at=at)
    except DraftRefused as refused:
        raise PolicyFileRefused([_("%(file)s：%(reason)s") % {"file": name, "reason": refused.sentence}]) from refused
    return TakenFile(name, policy.key, is_new=True)
