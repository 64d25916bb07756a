"""Verification: what whoever holds the code of a paper is told, and whether a file in hand is that paper."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from chuangju.kernel.models import SavedView, User
from chuangju.kernel.outgoing_papers import register_paper_template, void_paper
from chuangju.kernel.paper_templates import templates
from chuangju.kernel.paper_verification import sha256_of, verified_paper
from tests.conftest import NOW
from tests.kernel.letters import LETTER, PDF, content_of, handed_over, letter_template, scan, sealed


@pytest.fixture
def writer(make_user: Any) -> User:
    user: User = make_user("writer")
    return user


@pytest.fixture
def subject(writer: User) -> Iterator[SavedView]:
    register_paper_template(letter_template([]))
    yield SavedView.objects.create(user=writer, listing="x", name="正文第一句")
    templates.remove(LETTER)


def test_whoever_scans_the_code_is_told_what_the_paper_is(subject: SavedView, writer: User) -> None:
    paper = sealed(subject)
    found = verified_paper(f" {paper.code[:4].lower()}-{paper.code[4:8]} {paper.code[8:]} ")
    assert found is not None
    assert (found.title, found.number, found.issuer, found.sealed_on) == (
        "关于某事的函", "某〔2026〕1号", "某局", NOW.date(),
    )  # fmt: skip
    assert found.is_in_force
    assert found.is_this(hashlib.sha256(PDF).hexdigest().upper())
    assert not found.is_this("0" * 64)
    void_paper(paper, reason="有误", by=writer, at=NOW)
    voided = verified_paper(paper.code)
    assert voided is not None
    assert (voided.is_in_force, voided.voided_on) == (False, NOW.date())
    assert verified_paper("NOSUCHCODE22") is None


def test_a_draft_has_no_file_that_counts(subject: SavedView) -> None:
    found = verified_paper(handed_over(subject).code)
    assert found is not None
    assert not found.is_in_force
    assert not found.digests
    assert not found.is_this("")


def test_a_photo_of_the_seal_compares_as_it_was_sent_and_as_it_is_kept(subject: SavedView) -> None:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "PNG")
    paper = sealed(subject, copy=scan("章.png", out.getvalue()))
    found = verified_paper(paper.code)
    assert found is not None
    assert found.is_this(sha256_of([out.getvalue()]))
    assert found.is_this(sha256_of([content_of(paper.scan)]))
