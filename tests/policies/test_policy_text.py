"""One value of a policy's text changed where it stands: nothing else of the text moves."""

from __future__ import annotations

import pytest

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.policies.policy_text import (
    append,
    as_scalar,
    find,
    lines_of_paths,
    remove,
    scalars_of,
    set_raw,
    set_value,
)
from chuangju.rules.yaml_nodes import PolicyFaults

TEXT = """\
# 开头的说明
id: rent_help   # 编号
title: {zh: 房租补贴, en: Rent help}
label: 一句话
row: [4, 6]
own_key: kept
conditions:
- id: young
  label: {zh: 未满三年, en: Young}
  when: months_since(registered_on) <= 36
  # 为什么是三年
  law: 第四条
- {id: active, label: 存续, when: status == 'active', law: 第五条}
amount: |
  min(1元,
  2元)
"""


def test_a_value_is_replaced_and_every_other_character_stays() -> None:
    new = set_value(TEXT, ("conditions", "0", "when"), "months_since(registered_on) <= 24")
    assert new == TEXT.replace("<= 36", "<= 24")
    assert set_value(TEXT, ("conditions", "1", "law"), "第六条") == TEXT.replace("第五条", "第六条")


def test_what_would_read_back_differently_is_quoted() -> None:
    assert scalars_of(set_value(TEXT, ("title", "en"), "Rent: a, b {c}"))["title.en"] == "Rent: a, b {c}"
    assert scalars_of(set_value(TEXT, ("id",), "it's # x"))["id"] == "it's # x"
    assert as_scalar("null", in_flow=False) == "'null'"
    assert as_scalar('say "x"', in_flow=False, quote='"') == '"say \\"x\\""'


def test_a_block_of_lines_becomes_one() -> None:
    assert "amount: min(3元, 4元)" in set_value(TEXT, ("amount",), "min(3元,\n 4元)")


def test_a_missing_key_goes_where_a_policy_file_has_it() -> None:
    lines = set_value(TEXT, ("claim_by",), "add_months(registered_on, 36)").splitlines()
    assert lines[lines.index("claim_by: add_months(registered_on, 36)") - 1].startswith("- {id: active")
    assert "  mend: {zh: 再等等}" in set_value(TEXT, ("conditions", "0", "mend", "zh"), "再等等")


def test_a_sentence_for_both_languages_is_split_when_one_changes() -> None:
    assert "label: {zh: 一句话, en: One sentence}" in set_value(TEXT, ("label", "en"), "One sentence")


def test_an_empty_value_takes_its_key_away() -> None:
    assert set_value(TEXT, ("own_key",), "") == TEXT.replace("own_key: kept\n", "")
    assert "{zh: 房租补贴}" in remove(TEXT, ("title", "en"))
    assert remove(TEXT, ("nothing",)) == TEXT


def test_members_of_lists_come_and_go() -> None:
    new = append(TEXT, ("conditions",), {"id": "hire", "when": "staff_count >= 1", "law": "第七条"})
    assert scalars_of(new)["conditions.2.when"] == "staff_count >= 1"
    assert [one for one in scalars_of(remove(TEXT, ("conditions", "0"))) if one.startswith("conditions.1")] == []
    first_key_gone = remove(TEXT, ("conditions", "0", "id"))
    assert "- label: {zh: 未满三年, en: Young}" in first_key_gone
    assert scalars_of(set_raw(TEXT, ("row",), "[5]"))["row.0"] == "5"
    assert scalars_of(append(TEXT, ("examples",), {"on": "2025-01-01"}))["examples.0.on"] == "2025-01-01"


def test_places_and_lines_are_those_of_the_text() -> None:
    assert lines_of_paths(TEXT)["conditions.0.when"] == 10
    assert find(TEXT, ("conditions", "7")) is None


def test_what_is_no_yaml_is_told_with_its_place() -> None:
    with pytest.raises(PolicyFaults) as told:
        set_value("id: [", ("id",), "x")
    assert told.value.faults[0].line == 2


@pytest.mark.parametrize("key", [one.key for one in shipped_catalogue().policies])
def test_every_value_of_the_catalogue_written_back_reads_the_same(key: str) -> None:
    text = next(one.text for one in shipped_catalogue().policies if one.key == key)
    values = scalars_of(text)
    for path, value in list(values.items())[:60]:
        if value:
            assert scalars_of(set_value(text, tuple(path.split(".")), value)) == values
