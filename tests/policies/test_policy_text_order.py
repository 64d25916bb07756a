"""A member of a list moves with its comments; everything else of the text stays where it is."""

from __future__ import annotations

import pytest

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.policies.draft_form import act_on
from chuangju.policies.policy_text import scalars_of
from chuangju.policies.policy_text_order import move_member

TEXT = """\
id: rent_help
conditions:
# 说明第一条
- id: young
  label: {zh: 未满三年, en: Young}
  law: 第四条   # 旁注
- {id: active, when: status == 'active'}

# 说明第三条
-
  id: local
  law: 第六条
# 列表之后
amount: 1元
"""


def _ids(text: str) -> list[str]:
    return [value for path, value in scalars_of(text).items() if path.startswith("conditions.") and path.endswith("id")]


def test_a_condition_moves_up_and_down_with_the_comments_above_it() -> None:
    down = move_member(TEXT, ("conditions",), 0, 1)
    assert _ids(down) == ["active", "young", "local"]
    assert down.index("# 说明第一条") < down.index("- id: young") < down.index("# 旁注") < down.index("# 说明第三条")
    assert move_member(down, ("conditions",), 1, -1) == TEXT
    up = move_member(TEXT, ("conditions",), 2, -1)
    assert _ids(up) == ["young", "local", "active"]
    assert up.index("# 说明第三条") < up.index("id: local") < up.index("id: active") < up.index("# 列表之后")


def test_members_on_one_line_change_their_places() -> None:
    text = "conditions: [{id: a, law: '甲, 乙'}, {id: b}]  # 行尾\n"
    assert move_member(text, ("conditions",), 0, 1) == "conditions: [{id: b}, {id: a, law: '甲, 乙'}]  # 行尾\n"


@pytest.mark.parametrize(("number", "step"), [(0, -1), (2, 1), (9, -1), (-1, 1)])
def test_what_has_no_neighbour_stays(number: int, step: int) -> None:
    assert move_member(TEXT, ("conditions",), number, step) == TEXT
    assert move_member("conditions: 文字\n", ("conditions",), number, step) == "conditions: 文字\n"
    assert move_member("id: a\n", ("conditions",), number, step) == "id: a\n"


def test_a_text_without_a_last_line_end_can_be_reordered() -> None:
    assert move_member("conditions:\n- id: a\n- id: b", ("conditions",), 1, -1) == "conditions:\n- id: b\n- id: a"


@pytest.mark.parametrize("policy", shipped_catalogue().policies, ids=lambda policy: policy.key)
def test_every_shipped_policy_can_be_reordered_and_put_back(policy: object) -> None:
    text: str = policy.text  # type: ignore[attr-defined]
    count = len(_ids(text))
    for number in range(count - 1):
        moved = act_on(text, f"down:conditions.{number}", {})
        ids = _ids(text)
        ids[number], ids[number + 1] = ids[number + 1], ids[number]
        assert _ids(moved) == ids
        assert scalars_of(act_on(moved, f"up:conditions.{number + 1}", {})) == scalars_of(text)
    assert act_on(text, "up:conditions.x", {}) == text
