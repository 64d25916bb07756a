"""Answers that are kept are those that would be worked out anew, and only what changed is worked out again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from chuangju.policies import check_explaining
from chuangju.policies.catalogue import shipped_catalogue
from chuangju.policies.check_answers import Answers
from chuangju.policies.check_cards import make_card
from chuangju.policies.check_explaining import card_of, explain_all, policies_answering, titles_of
from chuangju.policies.demo_checks import demo_answers
from chuangju.rules.explain import explain
from chuangju.rules.given import clean_facts
from chuangju.ventures.registers import dictionary


def test_a_kept_answer_is_the_one_that_is_worked_out_from_all_that_was_said(now: datetime) -> None:
    catalogue, on = shipped_catalogue(), now.date()
    policies = policies_answering(catalogue, on)
    for answers in (demo_answers(now), Answers(who="team", given={"team_registered": False})):
        facts = answers.facts_on(on)
        for kept, policy in zip(explain_all(policies, facts, on=on), policies, strict=True):
            fresh = explain(policy, facts, on=on)
            assert kept.as_json() == fresh.as_json()
            assert replace(card_of(kept, catalogue), explanation=fresh) == make_card(fresh, titles=titles_of(catalogue))


def test_every_example_of_the_catalogue_is_answered_alike() -> None:
    for policy in shipped_catalogue().policies:
        for example in policy.examples:
            facts, _problems = clean_facts(example.given, dictionary())
            (kept,) = explain_all([policy], facts, on=example.on)
            assert kept.as_json() == explain(policy, facts, on=example.on).as_json()


def test_only_policies_that_ask_about_what_changed_are_worked_out_again(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue, on = shipped_catalogue(), now.date()
    policies, facts = policies_answering(catalogue, on), demo_answers(now).facts_on(on)
    explain_all(policies, facts, on=on)
    worked_out = []

    def count(policy: object, *rest: object, **more: object) -> object:
        worked_out.append(policy)
        return explain(policy, *rest, **more)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(check_explaining, "explain", count)
    explain_all(policies, dict(facts), on=on)
    assert worked_out == []
    changed = {**facts, "monthly_rent": 123_400}
    found = {one.policy.id: one for one in explain_all(policies, changed, on=on)}
    assert {one.id for one in policies if "monthly_rent" in one.text} == {one.id for one in worked_out}  # type: ignore[attr-defined]
    # Nothing is kept of what a policy does not ask for.
    assert all("monthly_rent" not in one.facts for key, one in found.items() if "monthly_rent" not in one.policy.text)


def test_a_card_speaks_the_language_of_its_page(now: datetime) -> None:
    catalogue, on = shipped_catalogue(), now.date()
    (answer,) = explain_all([catalogue.versions("rent_subsidy")[-1]], demo_answers(now).facts_on(on), on=on)
    shown = {}
    for language in ("zh-hans", "en", "zh-hans"):
        with override(language):
            card = card_of(answer, catalogue)
            assert card.drawn == {} or language in shown
            card.drawn["why"] = render_to_string("policies/card_why.html", {"card": card})
            shown[language] = (card.title, card.drawn["why"])
    assert shown["en"][0] != shown["zh-hans"][0]
    assert shown["en"][1] != shown["zh-hans"][1]
