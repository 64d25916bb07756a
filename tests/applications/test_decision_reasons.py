"""The grounds of a decision are read by people: no code of a policy file stands in them, in either language."""

from __future__ import annotations

import re
from datetime import date

import pytest

from chuangju.applications.decision_reasons import granting_reasons
from chuangju.policies.catalogue import shipped_catalogue
from chuangju.rules.explain import explain

CODE = re.compile(r"[a-z]+_[a-z_]+")
ON = date(2026, 6, 15)


@pytest.mark.django_db
def test_policies_are_named_by_their_titles_in_both_languages() -> None:
    catalogue = shipped_catalogue()
    policies = catalogue.in_force(ON)
    named = 0
    for policy in policies:
        for reason in granting_reasons(explain(policy, {}, on=ON)):
            assert not CODE.search(reason["zh"] + reason["en"]), (policy.id, reason)
            named += "《" in reason["zh"]
            assert ("《" in reason["zh"]) == ("“" in reason["en"]), (policy.id, reason)
    assert named >= 3
