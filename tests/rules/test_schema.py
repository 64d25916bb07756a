"""The schema for editors: every shipped file fits it, and it knows every key of the reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chuangju.policies.catalogue import FOLDER
from chuangju.rules import policy_keys
from chuangju.rules.policy_values import as_json
from chuangju.rules.program import VERDICTS
from chuangju.rules.schema import policy_schema
from chuangju.rules.schema_words import DESCRIPTIONS
from chuangju.rules.yaml_nodes import read_yaml
from chuangju.ventures.registers import dictionary
from tests.rules.bad_policies import CASES, GOOD
from tests.rules.small import DICTIONARY

SCHEMA = policy_schema(dictionary())
FILES = sorted(FOLDER.glob("*.yaml"))
# Slips that are of form alone: keys, words to choose from, days, what must be there.
OF_FORM = (
    *("no_id", "bad_id", "no_title", "title_without_chinese", "title_list", "no_source", "source_text", "source_without_document"),
    *("source_unknown_key", "source_confidence", "no_effective", "effective_one_day", "effective_list", "no_conditions"),
    *("conditions_mapping", "condition_text", "condition_without_law", "condition_without_when", "condition_misspelt_key"),
    *("condition_when_list", "condition_actionable", "unknown_key", "unknown_level", "stacking_text", "stacking_unknown_key"),
    *("figure_without_a_day", "figure_with_a_word_for_a_day", "figure_list", "figure_unknown_key", "figure_bad_name"),
    *("bands_without_value", "bands_text", "points_unknown_key", "points_item_text", "points_item_without_law", "points_text"),
    *("step_without_change", "step_of_an_unknown_fact", "step_adds_an_unknown_field", "step_text", "steps_mapping"),
    *("grandfathering_text", "grandfathering_without_law", "example_unknown_verdict", "example_without_day"),
    *("example_unknown_fact", "example_given_list", "example_given_text", "example_unknown_key", "example_text", "examples_mapping"),
)  # fmt: skip


def _problems(schema: dict[str, Any], text: str) -> list[str]:
    found = sorted(
        Draft202012Validator(schema).iter_errors(as_json(read_yaml(text))), key=lambda one: str(one.json_path)
    )
    return [f"{one.json_path}: {one.message[:200]}" for one in found]


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator.check_schema(policy_schema(DICTIONARY))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_shipped_file_fits_it(file: Any) -> None:
    assert _problems(SCHEMA, file.read_text("utf-8")) == []


def test_the_good_file_fits_it_and_slips_of_form_do_not() -> None:
    schema = policy_schema(DICTIONARY)
    assert _problems(schema, GOOD) == []
    cases = {name: GOOD.replace(old, new, 1) for name, old, new, *_ in CASES}
    assert [name for name in OF_FORM if not _problems(schema, cases[name])] == []


def _keys_of(schema: Any) -> Iterator[frozenset[str]]:
    """The keys of every closed mapping of the schema."""
    if isinstance(schema, dict):
        if schema.get("additionalProperties") is False:
            yield frozenset(schema["properties"])
        for value in schema.values():
            yield from _keys_of(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _keys_of(value)


def test_it_knows_every_key_of_the_reader() -> None:
    known = set(_keys_of(SCHEMA))
    parts = {name: value for name, value in vars(policy_keys).items() if name.endswith("KEYS")}
    assert len(parts) == 11
    assert [name for name, keys in parts.items() if frozenset(keys) not in known] == []


def test_it_offers_facts_codes_verdicts_and_what_they_mean() -> None:
    given = SCHEMA["$defs"]["given"]["properties"]
    assert set(given) == set(dictionary().facts)
    assert "成立日期" in given["registered_on"]["description"]
    assert {"company", None} <= set(given["entity_type"]["enum"])
    assert "residence" in given["employees"]["items"]["properties"]
    assert SCHEMA["properties"]["examples"]["items"]["properties"]["expect"]["enum"] == list(VERDICTS)
    assert "months_since" in SCHEMA["$defs"]["expression"]["$comment"]
    described = {key for keys in (policy_keys.KEYS, policy_keys.CONDITION_KEYS) for key in keys}
    assert described - set(DESCRIPTIONS) == set()
