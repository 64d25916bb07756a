"""Policy files as strangers write them: none of these ids stands anywhere in the product."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

FULL = """\
id: creative_studio_support
version: "2026"
title: {zh: 文创工作室落户扶持, en: Support for creative studios}
summary: {zh: 五年内的文创企业按月租四成补一年。, en: 'Forty percent of the rent, for a year.'}
row: [4, 6]
unit: 区科委
level: district
subject: venture
audience: [venture]
benefit: subsidy
channel: apply
source: {issuer: 区科委, document: 文创工作室扶持办法, number: 试〔2026〕1号, confidence: sample}
effective: 2026-01-01 .. 2027-12-31
parameters:
  share: {2026-01-01: 40%}
  cap: {2026-01-01: 4000元}
  crew: {2026-01-01: 3}
conditions:
- {id: active, label: {zh: 正常存续, en: Active}, when: status == 'active', law: 第三条}
- {id: settled, label: {zh: 登记满六个月, en: Registered for six months}, when: months_since(registered_on) >= 6, law: 第三条}
- {id: young, label: {zh: 五年以内, en: Within five years}, when: months_since(registered_on) <= 60, law: 第三条}
- {id: crew, label: {zh: 三人以上, en: Three people or more}, when: staff_count >= crew, law: 第四条}
amount: min(share_of(monthly_rent, share), cap) * 12
documents:
- {zh: 租赁合同, en: Lease}
- {zh: 安全承诺书, en: Safety pledge}
- {zh: 社保缴费清单, en: Insurance list, when: staff_count >= 10}
process:
- {step: screen, label: {zh: 街镇初审, en: Screening}, unit: 街镇受理点, days: 5}
- {step: consult, label: {zh: 会签, en: Consultation}, units: [区科委, 区财政局, 区市场监管局], lead: 区科委, days: 5}
- {step: visit, label: {zh: 现场核查, en: Visit}, unit: 街镇受理点, days: 5}
- {step: panel, label: {zh: 专家评审, en: Panel}, unit: 区科委, days: 10}
- {step: approve, label: {zh: 审定, en: Approval}, unit: 区科委, days: 3}
- {step: notice, label: {zh: 公示, en: Public notice}, days: 5}
- {step: pay, label: {zh: 拨付, en: Payment}, unit: 区财政局, days: 10}
pays: {to: organisation, account: {zh: 对公账户, en: account}, instalments: 2, every_months: 6, living: [active, crew]}
leaves:
- {kind: standing, zh: 区文创工作室, en: District creative studio, months: 24}
- {kind: obligation, zh: 报送年度经营情况, en: Yearly report, months: 12}
examples:
- {given: {status: active, registered_on: 2025-01-01, staff_count: 4, monthly_rent: 5000元}, on: 2026-06-15, expect: eligible, amount: 24000元}
- {given: {status: active, registered_on: 2026-05-01, staff_count: 4, monthly_rent: 5000元}, on: 2026-06-15, expect: not_yet, from: 2026-11-01, failed: [settled]}
- {given: {status: active, registered_on: 2025-01-01, monthly_rent: 5000元}, on: 2026-06-15, expect: unknown, missing: [staff_count]}
- {given: {status: closed, registered_on: 2015-01-01, staff_count: 1}, on: 2026-06-15, expect: not_eligible, failed: [active, young, crew]}
"""
FULL_ID = "creative_studio_support"
FULL_ANSWERS: dict[str, Any] = {
    "status": "active",
    "registered_on": "2025-01-01",
    "staff_count": 4,
    "monthly_rent": 500_000,
}


@dataclass(frozen=True)
class Shape:
    """A file with the answers of somebody who gets it, and what it should come to."""

    text: str
    answers: dict[str, Any]
    # What is granted, in fen; None where no money is.
    amount: int | None
    # The steps in their order, as kinds.
    steps: list[str]
    subject: str = "firm"
    # How many parts are paid.
    parts: int = 0
    leaves: list[str] = field(default_factory=list)


_HEAD = """\
id: {id}
title: {title}
{more}
source: {{issuer: 某局, document: 某办法}}
effective: 2026-01-01 ..
conditions:
- {{id: active, when: status == 'active', law: 一}}
"""
_ACTIVE = "- {given: {status: active}, on: 2026-06-15, expect: eligible%s}\n"


def _file(key: str, more: str, body: str, *, amount: str = "", title: str = "某项扶持") -> str:
    return _HEAD.format(id=key, title=title, more=more) + body + "examples:\n" + _ACTIVE % amount


_PAID = ["accept", "approve", "pay"]
SHAPES: dict[str, Shape] = {
    "no_process_at_all": Shape(
        _file("plain_grant", "unit: 区科委\nbenefit: grant", "amount: 500元\n", amount=", amount: 500元"),
        {"status": "active"},
        50_000,
        _PAID,
        parts=1,
    ),
    "process_as_one_sentence": Shape(
        _file(
            "sentence_grant",
            "unit: 区科委\nbenefit: grant",
            "amount: 500元\nprocess: 街镇初审\ndocuments: 营业执照\npays: 付到企业账户\n",
            amount=", amount: 500元",
        ),
        {"status": "active"},
        50_000,
        ["accept", "screen", "approve", "pay"],
        parts=1,
    ),
    "steps_as_chinese_words": Shape(
        _file(
            "worded_grant",
            "unit: 区科委\nbenefit: grant",
            "amount: 500元\nprocess: [街镇受理, 现场踏看, 联席会议会签, 局务会审定, 网上公示五天, 财政拨付]\n",
            amount=", amount: 500元",
        ),
        {"status": "active"},
        50_000,
        ["accept", "visit", "consult", "approve", "notice", "pay"],
        parts=1,
    ),
    "only_an_approval": Shape(
        _file("quick_title", "unit: 区科委\nbenefit: recognition", "process: [{step: approve}]\n"),
        {"status": "active"},
        None,
        ["accept", "approve"],
    ),
    "odd_words_and_unknown_bodies": Shape(
        _file(
            "odd_grant",
            "unit: 区科委\nbenefit: grant",
            "amount: 500元\nprocess:\n- {step: handshake, unit: 市创意产业协会}\n- {step: bank, unit: 某某银行}\n",
            amount=", amount: 500元",
        ),
        {"status": "active"},
        50_000,
        ["accept", "verify", "approve", "referral", "pay"],
        parts=1,
    ),
    "each_town_by_itself": Shape(
        _file("town_grant", "unit: 各街镇\nlevel: town\nbenefit: grant", "amount: 300元\n", amount=", amount: 300元"),
        {"status": "active"},
        30_000,
        _PAID,
        parts=1,
    ),
    "nothing_to_pay": Shape(
        _file(
            "nought_grant",
            "unit: 区科委\nbenefit: grant",
            "amount: 0元\nprocess: [review, approve, pay]\n",
            amount=", amount: 0元",
        ),
        {"status": "active"},
        0,
        ["accept", "verify", "approve", "pay"],
    ),
    "a_voucher": Shape(
        _file(
            "tool_voucher",
            "unit: 区科委\nbenefit: voucher",
            "amount: 800元\nprocess: [review, approve]\nleaves: [{kind: entitlement, zh: 用券, months: 6}]\n",
            amount=", amount: 800元",
        ),
        {"status": "active"},
        80_000,
        ["accept", "verify", "approve"],
    ),
    "interest_of_a_loan": Shape(
        _file(
            "loan_interest_help",
            "unit: 区人力资源社会保障局\nbenefit: interest",
            "amount: sum(share_of(interest(l.principal, l.rate, days_between(l.from, l.to), 'act/365'), 50%) for l in loans)\n"
            "process: [review, approve, pay]\npays: {instalments: 4, every_months: 3}\n",
        ),
        {
            "status": "active",
            "loans": [{"principal": 10_000_000, "rate": 365, "from": "2026-01-01", "to": "2027-01-01"}],
        },
        182_500,
        ["accept", "verify", "approve", "pay"],
        parts=4,
    ),
    "referred_to_the_city": Shape(
        _file(
            "city_prize_referral",
            "unit: 区科委\nbenefit: prize\nchannel: referral",
            "amount: 900元\nprocess: [{step: screen, unit: 所属街镇}, {step: city, unit: 市科委, label: 市级审批}]\n",
            amount=", amount: 900元",
        ),
        {"status": "active"},
        90_000,
        ["accept", "screen", "approve", "referral"],
    ),
    "months_and_not_money": Shape(
        _file(
            "free_desk_months",
            "unit: 区科委\nbenefit: service\namount_unit: months",
            "amount: 6\nprocess: [review]\n",
            amount=", amount: 6",
        ),
        {"status": "active"},
        6,
        ["accept", "verify", "approve"],
    ),
    "a_team_without_a_licence": Shape(
        """\
id: team_seed_money
title: 团队种子资金
unit: 区人力资源社会保障局
subject: team
benefit: grant
source: {issuer: 某局, document: 某办法}
effective: 2026-01-01 ..
conditions:
- {id: local, when: founder_residence == 'district', law: 一}
amount: 1000元
process: [review, approve, notice, pay]
leaves: [{kind: obligation, zh: 一年内注册}]
examples:
- {given: {founder_residence: district}, on: 2026-06-15, expect: eligible, amount: 1000元}
""",
        {"founder_residence": "district"},
        100_000,
        ["accept", "verify", "approve", "notice", "pay"],
        subject="team",
        parts=1,
        leaves=["obligation"],
    ),
}

# What is refused when it is loaded: what stands in FULL, what stands instead, where the fault is told, words of the sentence.
REFUSED: dict[str, tuple[str, str, str, str]] = {
    "unknown_unit": ("unit: 区科委\nlevel", "unit: 区科委员会\nlevel", "区科委员会", "没有登记名为“区科委员会”的单位，是不是“区科委”"),
    "no_unit": ("unit: 区科委\nlevel", "level", "id: creative", "缺少“unit”"),
    "lead_not_among_units": ("lead: 区科委", "lead: 区税务分局", "区税务分局", "牵头单位“区税务分局”不在 units 里"),
    "units_no_list": ("units: [区科委, 区财政局, 区市场监管局]", "units: 区某委", "区某委", "units 要写成一组单位名称"),
    "living_unknown": ("living: [active, crew]", "living: [active, crowd]", "crowd", "没有名为“crowd”的条件"),
    "living_no_list": ("living: [active, crew]", "living: alive", "alive", "living 要写成一组条件名"),
    "instalments_in_words": ("instalments: 2,", "instalments: 两次,", "两次", "instalments 要写 1 至 120 之间的整数"),
    "no_instalments": ("instalments: 2,", "instalments: 0,", "0, every", "instalments 要写 1 至 120 之间的整数"),
    "leaves_something_odd": ("{kind: obligation", "{kind: duty", "duty", "kind 应为 entitlement、standing、obligation 之一"),
    "term_in_words": ("months: 24", "months: 两年", "两年", "months 要写 1 至 600 之间的整数"),
    "days_below_nought": ("days: 5}\n- {step: consult", "days: -5}\n- {step: consult", "-5", "days 要写 0 至 500 之间的整数"),
    "unknown_fact": ("staff_count >= crew", "staff_number >= crew", "staff_number", "没有“staff_number”这个数据项或参数"),
    "unknown_channel": ("channel: apply", "channel: online", "online", "应为 apply"),
    "wrong_example": ("amount: 24000元", "amount: 25000元", "", "第 1 个范例的结果与写明的不一致"),
}  # fmt: skip
