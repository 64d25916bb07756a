"""文书模板 - what papers there can be, who may draft and read them, and what stands on one as its record stands now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import Paper, User
from chuangju.kernel.registry import Registry
from chuangju.papers.documents import PaperDocument, QrBlock


@dataclass(frozen=True)
class PaperTemplate:
    """How the papers of one kind come about, and who may do what with them.

    `build` makes the content from the record; `can_read` opens one paper (without it: whoever may manage it);
    `listed_for` says which papers of this kind stand in somebody's list (without it: those one drafted oneself);
    `on_sealed(paper, by=, at=)` runs in the transaction that records the seal, `on_voided(paper, by=, at=)` in the one that
    takes a sealed paper out of force.
    """

    key: str
    label: str | Promise
    build: Callable[[Any], PaperDocument]
    can_manage: Callable[[User, Any], bool]
    can_read: Callable[[User, Any], bool] | None = None
    on_sealed: Callable[..., None] | None = None
    on_voided: Callable[..., None] | None = None
    # What ends with a sealed paper when it is voided, said to whoever is about to.
    void_warning: str | Promise = ""
    listed_for: Callable[[User], Q] | None = None
    # The page of the record that the paper is about.
    address: Callable[[Any], str] | None = None


templates: Registry[str, PaperTemplate] = Registry("paper_templates")
verify_pages: Registry[str, Callable[[str], str]] = Registry("paper_verify_page")


def register_paper_template(template: PaperTemplate) -> None:
    """Let papers of this kind be drafted."""
    templates.register(template.key, template)


def register_verify_page(address: Callable[[str], str]) -> None:
    """Say where the public page of a verification code is (its path), for the QR code on each paper."""
    verify_pages.register("page", address)


def papers_about(subject: models.Model) -> QuerySet[Paper]:
    """The papers of one record, newest first; whether somebody may read them, the record's own page has decided."""
    kind = ContentType.objects.get_for_model(subject)
    return Paper.objects.filter(subject_type=kind, subject_id=str(subject.pk)).order_by("-drafted_at", "-pk")


def papers_visible_to(user: Any) -> QuerySet[Paper]:
    """The papers that stand in somebody's list."""
    if not isinstance(user, User) or not user.is_active:
        return Paper.objects.none()
    wanted = Q(pk__in=[])
    for template in templates.values():
        own = template.listed_for(user) if template.listed_for else Q(drafted_by=user)
        wanted |= Q(template_key=template.key) & own
    return Paper.objects.filter(wanted)


def can_read_paper(user: Any, paper: Paper) -> bool:
    """Whether somebody may open the paper and its files."""
    template = templates.find(paper.template_key)
    if template is None or not isinstance(user, User) or not user.is_active:
        return False
    return (template.can_read or template.can_manage)(user, paper.subject) or can_manage_paper(user, paper)


def find_paper(code: str, user: Any) -> Paper | None:
    """The paper of a code with its files, where somebody may open it."""
    paper = Paper.objects.select_related("docx", "pdf", "scan", "drafted_by").filter(code=code).first()
    return paper if paper is not None and can_read_paper(user, paper) else None


def can_manage_paper(user: Any, paper: Paper) -> bool:
    """Whether somebody may take the paper a step further."""
    template = templates.find(paper.template_key)
    return bool(
        template is not None and isinstance(user, User) and user.is_active and template.can_manage(user, paper.subject)
    )


def verify_address(paper: Paper) -> str:
    """The full address that the QR code on the paper leads to."""
    return f"{settings.PUBLIC_URL}{verify_pages.get('page')(paper.code)}"


def paper_document(paper: Paper) -> PaperDocument:
    """The paper as its record stands now, marked 未用印 until its seal is recorded, with the code to verify it by."""
    template = templates.get(paper.template_key)
    with in_kept_language():
        built = template.build(paper.subject)
        return replace(
            built,
            title=paper.title,
            recipients=paper.recipient or built.recipients,
            issuer=paper.issuer or built.issuer,
            mark="" if paper.is_sealed else "未用印",  # papers are written in one language
            blocks=[*built.blocks, QrBlock(verify_address(paper), f"扫码核验　{paper.code}")],
            footer_code=paper.code,
        )
