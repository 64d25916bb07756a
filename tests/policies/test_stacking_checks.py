"""A policy named beside another one under a name that the catalogue does not hold excludes nobody: that is said at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.policies.stacking_checks import stacking_notices
from chuangju.rules.yaml_nodes import PolicyFault


def notices_of(addition: str) -> tuple[PolicyFault, ...]:
    catalogue = shipped_catalogue()
    policy = catalogue.latest("rent_subsidy")
    assert policy is not None
    return stacking_notices(replace(policy, text=f"id: rent_subsidy\n{addition}\n"), catalogue)


@pytest.mark.parametrize(
    "said",
    [
        "title: x",
        "excludes: setup_grant",
        "stacking: {excludes: [setup_grant, rent_subsidy], stacks_with: setup_grant, order: 3}",
        "stacking: {tops_up: ~, excludes: []}",
    ],
)
def test_what_the_catalogue_holds_needs_no_word(said: str) -> None:
    assert notices_of(said) == ()


@pytest.mark.parametrize(
    "said",
    [
        "excludes: [setup_grand]",
        "stacking: {excludes: setup_grand}",
        "stacking: {stacks_with: [setup_grand]}",
        "stacking: {tops_up: setup_grand}",
    ],
)
def test_a_misspelt_policy_is_told_with_its_place_and_what_was_meant(said: str) -> None:
    (notice,) = notices_of(said)
    assert (notice.line, notice.column) == (2, said.index("setup_grand") + 1)
    assert (
        notice.words.zh
        == "目录里没有标识为“setup_grand”的政策，是不是“setup_grant”？如果还没有发布，发布以后这里写的才起作用"
    )
    assert notice.words.en.startswith("the catalogue holds no policy “setup_grand”; did you mean “setup_grant”?")


def test_one_that_resembles_nothing_may_be_published_later() -> None:
    (notice,) = notices_of("excludes: zzz_of_another_district")
    assert notice.words.zh.endswith("的政策；如果还没有发布，发布以后这里写的才起作用")
