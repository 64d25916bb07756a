"""What tests of nominations begin with: a policy that asks for one, and an association that puts a firm forward."""

from __future__ import annotations

from datetime import datetime

from chuangju.applications.models import Nomination
from chuangju.applications.nominations import Forward, nominate
from chuangju.kernel.models import User
from chuangju.policies.current import forget_catalogue
from chuangju.policies.drafts import begin_draft_from_text, submit_draft
from chuangju.policies.publishing import publish_draft
from chuangju.units.models import Role
from chuangju.ventures.models import Party
from tests.applications import desk
from tests.people import make_user

POLICY = "model_founders"
TEXT = """\
id: model_founders
title: {zh: 创业典型推荐, en: Model founders}
row: [20]
unit: 区人力资源社会保障局
subject: venture
benefit: recognition
channel: apply
source: {issuer: 某局, document: 某办法, confidence: sample}
effective: 2026-01-01 ..
conditions:
- {id: active, when: status == 'active', law: 一}
documents: [{zh: 事迹, en: Story}]
process:
- {step: nominate, label: {zh: 推荐, en: Nomination}, by: [association, unit]}
- {step: review, label: {zh: 审核, en: Review}, days: 5}
examples:
- {given: {status: active}, on: 2026-06-15, expect: eligible}
"""


def publish_policy(at: datetime) -> None:
    """In force, drafted and published by two people of the office."""
    forget_catalogue()
    author, other = (make_user(name, Role.PROGRAMME_OFFICE) for name in ("office", "colleague"))
    draft = begin_draft_from_text(TEXT, by=author, at=at)
    submit_draft(draft, note="", revision=draft.revision, by=author, at=at)
    draft.refresh_from_db()
    publish_draft(draft, revision=draft.revision, by=other, at=at)


def speaker() -> User:
    """Who speaks for the association."""
    return make_user("speaker", Role.PARTNER_OPERATOR)


def make_association() -> Party:
    """An association for which `speaker` acts."""
    party = desk.make_firm(2, founder=speaker(), name="创业联谊会")
    Party.objects.filter(pk=party.pk).update(kind=Party.Kind.ASSOCIATION)
    return Party.objects.get(pk=party.pk)


def put_forward(association: Party, firm: Party, *, at: datetime) -> Nomination:
    """By the association."""
    forward = Forward(POLICY, "带动就业", credit_code=str(firm.credit_code), party=association)
    made = nominate(forward, by=speaker(), at=at)
    assert made is not None
    return made
