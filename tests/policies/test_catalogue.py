"""The shipped catalogue: every file reads, every worked example comes out, both languages stand everywhere."""

from __future__ import annotations

import re
import tomllib

import pytest

from chuangju.policies.catalogue import FOLDER, shipped_catalogue
from chuangju.rules.catalogue import REGISTRY
from chuangju.rules.examples import run_examples
from chuangju.rules.kinds import Words
from chuangju.rules.policy import CONFIDENCES, Policy
from chuangju.rules.program import VERDICTS

POLICIES = shipped_catalogue().policies
ROWS = {4, 5, 6, 7, 8, 9, 12, 14, 17, 18}
CHINESE = re.compile(r"[\u4e00-\u9fff]")

each_policy = pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.key)


def _words_of(policy: Policy) -> list[Words]:
    found = [policy.title, policy.summary, policy.source.note, *policy.documents]
    found += [one.label for one in policy.conditions] + [one.mend for one in policy.conditions if one.mend]
    found += [one.label for one in policy.points] + [one.label for one in policy.steps]
    found += [one.name for one in policy.examples]
    if policy.amount is not None:
        found.append(policy.amount_note)
    return found


def test_every_file_reads_and_stands_under_its_own_name() -> None:
    catalogue = shipped_catalogue()
    assert [fault.sentence() for fault in catalogue.faults] == []
    assert {one.file for one in catalogue.policies} == {path.name for path in FOLDER.glob("*.yaml")}
    assert all(one.file == f"{one.key}.yaml" for one in catalogue.policies)


def test_every_version_is_published_with_the_text_it_has() -> None:
    registry = tomllib.loads((FOLDER / REGISTRY).read_text("utf-8"))
    assert {one.key: {"sha256": one.sha256} for one in shipped_catalogue().policies} == registry


def test_there_are_at_least_thirty_policies_and_each_row_is_served() -> None:
    catalogue = shipped_catalogue()
    assert len(catalogue.ids) >= 30
    assert {row for one in catalogue.policies for row in one.rows} >= ROWS


def test_where_the_rules_changed_both_generations_stand() -> None:
    changed = {one for one in shipped_catalogue().ids if len(shipped_catalogue().versions(one)) > 1}
    assert changed >= {
        "city_rent_subsidy",
        "first_startup_grant",
        "guaranteed_loan_organisation",
        "guaranteed_loan_person",
        "internship_allowance",
        "key_group_founder_tax_relief",
        "makerspace_service_subsidy",
        "national_interest_subsidy",
        "residence_points",
        "social_insurance_subsidy",
        "training_subsidy",
        "veteran_founder_tax_relief",
    }


@each_policy
def test_every_example_comes_out(policy: Policy) -> None:
    failed = [
        (one.example.name.zh, [words.zh for words in one.differences])
        for one in run_examples(policy)
        if not one.has_passed
    ]
    assert failed == []


@each_policy
def test_examples_show_every_side(policy: Policy) -> None:
    verdicts = {one.verdict for one in policy.examples}
    assert len(policy.examples) >= 6
    assert {"eligible", "near_miss", "unknown", "not_eligible"} <= verdicts <= set(VERDICTS)


@each_policy
def test_eligible_examples_promise_an_amount_or_say_what_is_missing(policy: Policy) -> None:
    if policy.amount is None:
        return
    promised = [one for one in policy.examples if one.verdict == "eligible"]
    assert all(one.amount is not None or one.missing for one in promised)


@each_policy
def test_source_and_citations_stand(policy: Policy) -> None:
    assert policy.source.issuer
    assert policy.source.document
    assert policy.source.confidence in CONFIDENCES
    assert all(one.law for one in policy.conditions)
    assert all(one.law for one in policy.points)
    assert all(one.law and one.confidence for figure in policy.parameters.values() for one in figure.values)


@each_policy
def test_sample_figures_say_so(policy: Policy) -> None:
    is_sample = policy.source.confidence == "sample"
    assert ("示例参数" in policy.source.note.zh) == is_sample
    if is_sample:
        assert policy.level in {"district", "town"}


@each_policy
def test_both_languages_stand_everywhere(policy: Policy) -> None:
    words = _words_of(policy)
    assert all(one.zh and CHINESE.search(one.zh) for one in words)
    assert all(one.en and one.en != one.zh for one in words)
    for step in (*policy.process, *policy.leaves):
        assert step["label"]["zh"] != step["label"]["en"]


@each_policy
def test_who_decides_and_how_long_is_told(policy: Policy) -> None:
    assert policy.unit
    assert policy.rows
    assert policy.audience
    assert policy.process
    assert policy.pays
    assert policy.leaves
    assert all(isinstance(step["days"], int) and step["unit"] for step in policy.process)


@each_policy
def test_what_is_said_of_other_policies_is_true_of_some(policy: Policy) -> None:
    catalogue = shipped_catalogue()
    stacking = policy.stacking
    named = {*stacking.excludes, *stacking.stacks_with} | ({stacking.tops_up} if stacking.tops_up else set())
    assert named <= set(catalogue.ids)
    assert not set(stacking.excludes) & set(stacking.stacks_with)
    for other in stacking.excludes:
        assert any(policy.id in one.stacking.excludes for one in catalogue.versions(other))


def test_shared_figures_and_lists_have_names_and_origins() -> None:
    shared = shipped_catalogue().shared
    assert {"min_wage_month", "si_floor_month", "lpr_1y", "startup_phase_months"} <= set(shared.parameters)
    for figure in shared.parameters.values():
        assert figure.words.zh != figure.words.en
        assert all(one.law and one.confidence in CONFIDENCES for one in figure.values)
    assert {"recognised_incubators", "key_industries", "blacklist"} <= set(shared.lists)
    for one in shared.lists.values():
        assert one.words.zh != one.words.en
        assert "示例" in one.words.zh
