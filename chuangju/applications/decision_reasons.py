"""理由 - what a decision says about its grounds: each points to a condition of the policy, with its sentence and its clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from chuangju.applications.decision_rights import DecisionRefused
from chuangju.applications.models import Decision
from chuangju.kernel.languages import reads_english
from chuangju.kernel.money import format_yuan
from chuangju.policies.check_cards import with_titles
from chuangju.policies.check_explaining import titles_of
from chuangju.policies.current import current_catalogue
from chuangju.rules.explain import ConditionAnswer, Explanation
from chuangju.rules.kinds import Words

LONGEST = 500
Reason = dict[str, str]


def reason_of(answer: ConditionAnswer, titles: Mapping[str, Words]) -> Reason:
    """One condition as a ground: its label and what was found, in both languages, and the clause.

    A letter names other policies by their titles, not by the codes of their files.
    """
    condition, sentence = answer.program.condition, answer.sentence
    with override("zh-hans"):
        zh = with_titles(sentence.zh, titles)
    with override("en"):
        en = with_titles(sentence.en, titles)
    return {
        "condition": condition.id,
        "zh": _joined(condition.label.zh, zh, "："),
        "en": _joined(condition.label.en, en, ": "),
        "law": condition.law,
    }


def checked_reasons(explanation: Explanation, outcome: str, reasons: Sequence[str | Mapping[str, str]]) -> list[Reason]:
    """The grounds as they are kept; a condition's key becomes its sentence. Raises DecisionRefused.

    A refusal names at least one ground, and none that the rule itself holds to be fulfilled.
    """
    by_key = {answer.program.id: answer for answer in explanation.conditions}
    titles = titles_of(current_catalogue())
    found: list[Reason] = []
    for given in reasons:
        key = given if isinstance(given, str) else given.get("condition", "")
        if key and key not in by_key:
            raise DecisionRefused(_("政策中没有“%(key)s”这个条件") % {"key": key[:60]})
        if outcome == Decision.Outcome.REFUSED and key and by_key[key].answer is True:
            raise DecisionRefused(
                _("条件“%(label)s”按现有数据已经满足，不能作为不予支持的理由；核查与数据不符的，请先更正数据")
                % {"label": by_key[key].program.condition.label.zh}
            )
        found.append(reason_of(by_key[key], titles) if key and isinstance(given, str) else _own_words(given))
    if outcome == Decision.Outcome.REFUSED and not found:
        raise DecisionRefused(_("不予支持应当写明理由，请至少选择一个未满足的条件"))
    return found


def granting_reasons(explanation: Explanation) -> list[Reason]:
    """All conditions of a grant, each with what was found."""
    titles = titles_of(current_catalogue())
    return [reason_of(answer, titles) for answer in explanation.conditions]


def checked_amount(explanation: Explanation, amount: int | None, *, remark: str) -> int | None:
    """The amount to be granted: what the rule gives, or less with a word on why. Raises DecisionRefused."""
    policy = explanation.policy
    if policy.amount is None or policy.amount_unit != "money":
        if amount:
            raise DecisionRefused(_("这项政策不发放资金，请不要填写金额"))
        return None
    most = explanation.amount
    given = most if amount is None else amount
    # A rule that comes to nothing grants nothing, which is not the same as a sum that nobody entered.
    if given is None or given < 0 or (given == 0 and most != 0):
        raise DecisionRefused(_("请填写核定金额"))
    if most is not None and given > most:
        raise DecisionRefused(
            _("核定金额 %(given)s 超过按政策计算的 %(most)s") % {"given": format_yuan(given), "most": format_yuan(most)}
        )
    if given != most and not remark.strip():
        raise DecisionRefused(_("核定金额与按政策计算的金额不同，请写明原因"))
    return given


def refuse_unless_eligible(explanation: Explanation, *, remark: str) -> None:
    """Refuse a grant that the rule does not give; what the rule cannot tell wants a word on what was found."""
    if explanation.verdict == "eligible":
        return
    if explanation.verdict == "unknown":
        if not remark.strip():
            raise DecisionRefused(_("有数据尚不清楚，规则不能得出结论；予以支持的，请写明核实情况"))
        return
    failing = _("、").join(answer.program.condition.label.zh for answer in explanation.failing)
    raise DecisionRefused(_("按政策条件不能予以支持，未满足：%(failing)s") % {"failing": failing or "—"})


def shown_reason(reason: Mapping[str, str]) -> str:
    """A ground in the reader's language."""
    return (reason.get("en", "") if reads_english() else "") or reason.get("zh", "")


def _own_words(given: Mapping[str, Any] | str) -> Reason:
    if isinstance(given, str):
        raise DecisionRefused(_("请写明理由"))
    words = " ".join(str(given.get("zh", "")).split())
    if not words or len(words) > LONGEST:
        raise DecisionRefused(_("理由应写明，不超过 %(limit)d 字") % {"limit": LONGEST})
    english = " ".join(str(given.get("en", "")).split())[:LONGEST]
    return {"condition": "", "zh": words, "en": english or words, "law": str(given.get("law", ""))[:200]}


def _joined(label: str, sentence: str, sign: str) -> str:
    return f"{label}{sign}{sentence}" if sentence and sentence != label else label
