"""Outgoing papers for tests: a letter about any record, brought as far as a test wants it."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Q

from chuangju.kernel.attachments import path_of
from chuangju.kernel.models import Attachment, Paper, SavedView
from chuangju.kernel.outgoing_papers import PaperTemplate, draft_paper, hand_over_paper, record_seal
from chuangju.papers.documents import PaperDocument, Paragraph
from tests.conftest import NOW

LETTER = "tests.letter"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def letter_template(told: list[str]) -> PaperTemplate:
    """The owner of a record writes, whoever is called reader-… reads; `told` hears of each seal."""
    return PaperTemplate(
        key=LETTER,
        label="信",
        build=lambda view: PaperDocument("", [Paragraph(view.name)], issuer="某局", recipients="某人"),
        can_manage=lambda user, view: user.pk == view.user_id,
        can_read=lambda user, _view: user.username.startswith("reader"),
        listed_for=lambda user: Q(subject_id__in=[str(view.pk) for view in SavedView.objects.filter(user=user)]),
        on_sealed=lambda paper, **who: told.append(f"{paper.title} {paper.number} {sorted(who)}"),
    )


def scan(name: str = "盖章.pdf", content: bytes = PDF) -> ContentFile[bytes]:
    """A sealed copy as it is uploaded."""
    return ContentFile(content, name=name)


def begun(subject: SavedView, title: str = "关于某事的函") -> Paper:
    """A draft by the owner of the record."""
    return draft_paper(LETTER, subject, title=title, recipient="", openness="open", by=subject.user, at=NOW)


def handed_over(subject: SavedView) -> Paper:
    """A paper that the office has for checking."""
    return hand_over_paper(begun(subject), by=subject.user, at=NOW)


def sealed(subject: SavedView, number: str = "某〔2026〕1号", *, copy: Any = None) -> Paper:
    """A paper with its number and its seal."""
    return record_seal(
        handed_over(subject), number=number, sealed_on=NOW.date(), scan=copy or scan(), by=subject.user, at=NOW
    )


def content_of(attachment: Attachment | None) -> bytes:
    """The bytes of a kept file."""
    assert attachment is not None
    return path_of(attachment).read_bytes()
