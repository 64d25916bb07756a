"""决定书段落 - what a letter of decision says in its parts: the outcome, the grounds with their clauses, the remedies.

Papers are written in one language, so these words are not translated.
"""

from __future__ import annotations

from django.conf import settings

from chuangju.applications.decision_rights import objects_to_recovery
from chuangju.applications.decision_settings import decision_settings
from chuangju.applications.evaluation import EvaluationRefused, pinned_policy
from chuangju.applications.models import Application, Decision
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.money import format_yuan
from chuangju.papers.documents import Paragraph, lines_of, paper_day

_OUTCOMES = {
    Decision.Outcome.GRANTED: "予以支持",
    Decision.Outcome.REFUSED: "不予支持",
    Decision.Outcome.UPHELD: "维持原决定",
    Decision.Outcome.CHANGED: "变更原决定",
    Decision.Outcome.REVOKED: "撤销原决定",
}


def decided_blocks(decision: Decision) -> list[Paragraph]:
    """The outcome, the amount and the term."""
    application, said = decision.application, _OUTCOMES[Decision.Outcome(decision.outcome)]
    found = [Paragraph(f"对{application.subject.name}的“{application.title}”，{said}。")]
    if decision.amount is not None:
        with in_kept_language():
            amount = format_yuan(decision.amount)
        is_back = application.kind == Application.Kind.RECOVERY or objects_to_recovery(application)
        words = "应退回金额" if is_back else "核定金额"
        found.append(Paragraph(f"{words}：{amount}。"))
    entitlement = getattr(decision, "entitlement", None)
    if entitlement is not None:
        count = entitlement.instalments.count()
        found.append(Paragraph(f"分{count}期拨付，每期拨付前复核存续条件。" if count > 1 else "一次拨付。"))
    if decision.effective_on:
        until = f"，有效期至{paper_day(decision.expires_on)}" if decision.expires_on else ""
        found.append(Paragraph(f"本决定自{paper_day(decision.effective_on)}起生效{until}。"))
    return found


def reason_blocks(decision: Decision) -> list[Paragraph]:
    """The grounds, each with its clause, and the paper that the policy stands in."""
    found = [
        Paragraph(f"{number}. {reason.get('zh', '')}{_law(reason.get('law', ''))}")
        for number, reason in enumerate(decision.reasons, start=1)
    ]
    found += [Paragraph(line) for line in lines_of(decision.remark) if line.strip()]
    return [*found, Paragraph(_basis(decision.application))]


def remedies(decision: Decision | None) -> list[Paragraph]:
    """What can be done against it, and until when it can be objected to."""
    words = decision_settings()["remedies"]
    district = str(settings.DISTRICT["district"])
    found = []
    if decision is not None and decision.objection_until is not None:
        found.append(Paragraph(f"如对本决定有异议，可在{paper_day(decision.objection_until)}前通过原申请渠道提出。"))
    return [*found, Paragraph(f"{words['review'].format(district=district)}；{words['lawsuit']}。")]


def _law(law: str) -> str:
    return f"（依据：{law}）" if law else ""


def _basis(application: Application) -> str:
    try:
        source = pinned_policy(application).source
    except EvaluationRefused:
        return f"政策依据：{application.policy_key}"
    number = f"（{source.number}）" if source.number else ""
    return f"政策依据：{source.issuer}《{source.document}》{number}，版本{application.policy_version}。"
