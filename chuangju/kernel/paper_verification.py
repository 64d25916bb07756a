"""文书核验 - what a stranger who scans the code of a paper is told, and whether a file in hand is that very paper."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from chuangju.kernel.models import Paper


@dataclass(frozen=True)
class VerifiedPaper:
    """What is said of a paper to whoever holds its code; of its words nothing, of its readers nothing."""

    code: str
    title: str
    number: str
    issuer: str
    sealed_on: date | None
    state: str
    voided_on: date | None
    # SHA-256 of the files that count, lower case.
    digests: frozenset[str]

    @property
    def is_in_force(self) -> bool:
        """Whether the paper has its seal and has not been voided."""
        return self.state in {Paper.State.SEALED, Paper.State.DELIVERED}

    def is_this(self, sha256: str) -> bool:
        """Whether a file with this digest is the sealed copy."""
        return sha256.strip().lower() in self.digests


def verified_paper(code: str) -> VerifiedPaper | None:
    """The paper of a code, as printed or as typed with blanks and small letters; None where there is none."""
    typed = "".join(sign for sign in code if sign.isalnum()).upper()
    paper = Paper.objects.select_related("scan").filter(code=typed).first()
    if paper is None:
        return None
    digests = {paper.scan_sha256, paper.scan.sha256 if paper.scan else ""}
    return VerifiedPaper(
        code=paper.code,
        title=paper.title,
        number=paper.number,
        issuer=paper.issuer,
        sealed_on=paper.sealed_on,
        state=paper.state,
        voided_on=timezone.localdate(paper.voided_at) if paper.voided_at else None,
        digests=frozenset(digest for digest in digests if digest),
    )


def sha256_of(chunks: Iterable[bytes]) -> str:
    """The digest of a file that is read piece by piece and not kept."""
    total = hashlib.sha256()
    for chunk in chunks:
        total.update(chunk)
    return total.hexdigest()
