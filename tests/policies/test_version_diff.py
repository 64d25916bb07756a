"""What differs between two versions, in words: figures as people write them."""

from __future__ import annotations

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.policies.version_diff import compare_versions
from chuangju.rules.policy_file import parse_policy

BANDED = """
id: banded
version: '1'
title: {zh: 分档, en: Banded}
summary: {zh: 分档, en: Banded}
row: [4]
unit: 区人力资源社会保障局
level: district
subject: venture
audience: [venture]
benefit: subsidy
channel: apply
source: {issuer: 区, document: 示例, confidence: sample}
effective: 2024-01-01 ..
parameters:
  share:
    2024-01-01: {bands: [{upto: 50000元, value: 20%}, {value: 10%}]}
conditions:
- {id: small, label: {zh: 小, en: Small}, when: monthly_rent <= 9000元, law: 第一条}
amount: share_of(monthly_rent, by_band(share, monthly_rent))
examples: []
"""


def test_bands_of_money_are_told_in_yuan() -> None:
    shipped = shipped_catalogue()
    old = parse_policy(BANDED, dictionary=shipped.dictionary, shared=shipped.shared)
    text = BANDED.replace("50000元", "80000元")
    new = parse_policy(text, dictionary=shipped.dictionary, shared=shipped.shared)
    differences = compare_versions(old, new, BANDED, text).differences
    assert [(one.before, one.after) for one in differences] == [("≤ 50,000 元 20%；… 10%", "≤ 80,000 元 20%；… 10%")]
