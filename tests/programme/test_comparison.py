"""What changed from one table to another."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangju.programme.comparison import (
    Field,
    Kind,
    Op,
    Part,
    RowChange,
    RowSide,
    TableSide,
    compare_tables,
    match_measures,
    match_rows,
)
from chuangju.programme.matching import Pairs, Wording

LOANS = RowSide(
    code="loans",
    number=5,
    category="政策支持",
    title="创业担保贷款政策的落实",
    lead=("区人力资源社会保障局",),
    cooperating=("团区委", "区科委"),
    measures=("加大对本区小微创业者的创业政策扶持力度。",),
)
TRAINING = RowSide("training", 11, "创业培训", "创业培训工作的开展", ("区教育局",), (), ("构建衔接的创业体系。",))
INTERNSHIP = RowSide("internship", 12, "创业培训", "创业见习工作的开展", ("团区委",), (), ("申报创业见习基地。",))
BRAND = RowSide("brand", 21, "创业宣传", "创业主题活动的开展", ("区委宣传部",), (), ("统一标识，统一形象。",))


def table(*rows: RowSide, name: str = "表") -> TableSide:
    return TableSide(name, tuple(rows))


def only_change(old: RowSide, new: RowSide) -> RowChange:
    (change,) = compare_tables(table(old), table(new)).rows
    return change


def without_marks(parts: list[Part]) -> list[Part]:
    return [part for part in parts if part != (Op.SAME, "、")]


def test_a_table_is_the_same_as_itself() -> None:
    comparison = compare_tables(table(LOANS, TRAINING), table(LOANS, TRAINING))
    assert comparison.counts == {"added": 0, "removed": 0, "changed": 0, "moved": 0, "same": 2}
    assert not comparison.differs


def test_print_variants_are_no_change() -> None:
    reprinted = replace(
        LOANS,
        title="创业担保贷款 政策的落实",
        cooperating=("区科委", "团区委"),
        measures=("加大对本区小微创业者的创业政策扶持力度",),
    )
    assert only_change(LOANS, reprinted).kind is Kind.SAME


def test_rows_added_and_removed_are_told_apart() -> None:
    comparison = compare_tables(table(LOANS, TRAINING), table(LOANS, BRAND))
    assert [(change.kind, change.row.title) for change in comparison.rows] == [
        (Kind.SAME, LOANS.title),
        (Kind.REMOVED, TRAINING.title),
        (Kind.ADDED, BRAND.title),
    ]


def test_a_row_that_leaves_does_not_take_its_similar_neighbour_with_it() -> None:
    renumbered = replace(INTERNSHIP, number=11)
    pairs = match_rows([LOANS, TRAINING, INTERNSHIP], [LOANS, renumbered])
    assert pairs == [(LOANS, LOANS), (TRAINING, None), (INTERNSHIP, renumbered)]


def test_similar_titles_alone_do_not_make_two_tasks_one() -> None:
    assert match_rows([TRAINING], [INTERNSHIP]) == [(TRAINING, None), (None, INTERNSHIP)]
    assert match_rows([TRAINING], [replace(INTERNSHIP, number=11)]) == [
        (TRAINING, None),
        (None, replace(INTERNSHIP, number=11)),
    ]


def test_the_same_number_finds_a_reworded_title() -> None:
    reworded = replace(LOANS, title="创业担保贷款及贴息工作")
    assert match_rows([LOANS], [reworded]) == [(LOANS, reworded)]


def test_a_new_title_over_the_same_measures_is_the_same_task_elsewhere() -> None:
    renamed = replace(LOANS, title="金融支持", number=7)
    assert match_rows([LOANS, TRAINING], [TRAINING, renamed]) == [(TRAINING, TRAINING), (LOANS, renamed)]


def test_a_duplicate_title_stays_with_its_number() -> None:
    first, second = replace(BRAND, number=1), replace(BRAND, number=2)
    assert match_rows([first, second], [second, first]) == [(second, second), (first, first)]


def test_renumbering_and_another_category_are_a_move() -> None:
    change = only_change(LOANS, replace(LOANS, number=6, category="金融支持"))
    assert change.kind is Kind.MOVED
    assert [(c.field, c.old, c.new) for c in change.changes] == [
        (Field.NUMBER, "5", "6"),
        (Field.CATEGORY, "政策支持", "金融支持"),
    ]


def test_a_move_with_new_words_is_a_change() -> None:
    change = only_change(LOANS, replace(LOANS, number=6, due="年底前"))
    assert change.kind is Kind.CHANGED
    assert [c.field for c in change.changes] == [Field.NUMBER, Field.DUE]
    assert change.changes[1].parts == [(Op.ADDED, "年底前")]


def test_units_are_compared_as_sets() -> None:
    change = only_change(LOANS, replace(LOANS, cooperating=("区科委", "区农委", "区财政局")))
    (units,) = change.changes
    assert units.field is Field.COOPERATING
    assert without_marks(units.parts) == [
        (Op.REMOVED, "团区委"),
        (Op.SAME, "区科委"),
        (Op.ADDED, "区农委"),
        (Op.ADDED, "区财政局"),
    ]
    assert "".join(text for _, text in units.parts) == "团区委、区科委、区农委、区财政局"


def test_units_stand_in_their_new_place() -> None:
    old = replace(LOANS, cooperating=("团区委", "区科委", "区财政局"))
    change = only_change(old, replace(LOANS, cooperating=("团区委", "区农委", "区财政局")))
    assert without_marks(change.changes[0].parts) == [
        (Op.SAME, "团区委"),
        (Op.REMOVED, "区科委"),
        (Op.ADDED, "区农委"),
        (Op.SAME, "区财政局"),
    ]


def test_a_unit_printed_with_other_brackets_stays_the_unit() -> None:
    old = replace(LOANS, cooperating=("各街镇（工业区）",))
    assert only_change(old, replace(LOANS, cooperating=("各街镇(工业区)",))).kind is Kind.SAME


def test_a_lead_that_joins_is_named() -> None:
    change = only_change(LOANS, replace(LOANS, lead=("区人力资源社会保障局", "团区委")))
    assert without_marks(change.changes[0].parts) == [(Op.SAME, "区人力资源社会保障局"), (Op.ADDED, "团区委")]


def test_a_title_shows_what_was_put_in_its_place() -> None:
    change = only_change(LOANS, replace(LOANS, title="创业担保贷款与贴息政策的落实"))
    assert change.changes[0].parts == [(Op.SAME, "创业担保贷款"), (Op.ADDED, "与贴息"), (Op.SAME, "政策的落实")]


def test_usual_words_are_changed_whole() -> None:
    change = only_change(replace(LOANS, title="科技创业扶持政策的落实"), replace(LOANS, title="科技创新创业政策的落实"))
    assert change.changes[0].parts == [
        (Op.SAME, "科技"),
        (Op.ADDED, "创新"),
        (Op.SAME, "创业"),
        (Op.REMOVED, "扶持"),
        (Op.SAME, "政策的落实"),
    ]


def test_a_measure_shows_what_was_put_in_its_place() -> None:
    change = only_change(LOANS, replace(LOANS, measures=("加大对全区青年创业者的创业政策扶持力度。",)))
    assert change.changes[0].position == 1
    assert change.changes[0].parts == [
        (Op.SAME, "加大对"),
        (Op.REMOVED, "本区小微"),
        (Op.ADDED, "全区青年"),
        (Op.SAME, "创业者的创业政策扶持力度。"),
    ]


def test_measures_that_come_and_go_are_named_with_their_place() -> None:
    old = replace(LOANS, measures=("建设众创空间。", "建立孵化基地培育机制。"))
    new = replace(LOANS, measures=("建立孵化基地培育机制。", "开展导师坐诊。"))
    change = only_change(old, new)
    assert [(c.position, c.old, c.new) for c in change.changes] == [
        (1, "建设众创空间。", ""),
        (2, "", "开展导师坐诊。"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ([], [], []),
        (["甲"], [], [(0, None)]),
        ([], ["甲"], [(None, 0)]),
        (["甲", "乙"], ["乙", "甲"], [(1, 0), (0, 1)]),
        (["推进政府购买社会化服务工作"], ["进一步推进政府购买社会化服务工作"], [(0, 0)]),
        (["推进政府购买服务", "搭建平台"], ["搭建平台", "完全不同的事项"], [(0, None), (1, 0), (None, 1)]),
    ],
)
def test_measures_are_paired_by_their_words(old: list[str], new: list[str], pairs: Pairs) -> None:
    assert match_measures(old, new) == pairs


words = st.text(alphabet="创业政策贷款培训见习扶持的与区12 。", min_size=1, max_size=12)
row_sides = st.builds(
    RowSide,
    code=st.none(),
    number=st.integers(1, 9),
    category=st.sampled_from(["", "政策支持", "创业培训"]),
    title=words,
    lead=st.lists(st.sampled_from(["区财政局", "区科委"]), max_size=2).map(tuple),
    cooperating=st.lists(st.sampled_from(["团区委", "区农委", "区民政局"]), max_size=3).map(tuple),
    measures=st.lists(words, max_size=3).map(tuple),
    due=st.sampled_from(["", "年底前", "2026年11月底"]),
)
tables = st.lists(row_sides, max_size=7).map(lambda rows: TableSide("表", tuple(rows)))


@settings(deadline=None)
@given(tables)
def test_any_table_is_the_same_as_itself(side: TableSide) -> None:
    counts = compare_tables(side, side).counts
    assert counts["same"] == len(side.rows)
    assert counts["added"] == counts["removed"] == 0


@settings(deadline=None)
@given(tables, tables)
def test_every_row_of_both_tables_appears_exactly_once(old: TableSide, new: TableSide) -> None:
    rows = compare_tables(old, new).rows
    assert sorted(map(repr, (r.old for r in rows if r.old))) == sorted(map(repr, old.rows))
    assert [r.new for r in rows if r.new] == list(new.rows)


@settings(deadline=None)
@given(tables, tables)
def test_what_is_added_one_way_is_removed_the_other_way(old: TableSide, new: TableSide) -> None:
    there, back = compare_tables(old, new).counts, compare_tables(new, old).counts
    assert there == {**back, "added": back["removed"], "removed": back["added"]}


@settings(deadline=None)
@given(words, words)
def test_the_pieces_give_both_texts_back(before: str, after: str) -> None:
    for change in only_change(replace(LOANS, measures=(before,)), replace(LOANS, measures=(after,))).changes:
        kept = "".join(text for op, text in change.parts if op is not Op.ADDED)
        became = "".join(text for op, text in change.parts if op is not Op.REMOVED)
        assert (kept, became) == (change.old, change.new)


def test_two_thousand_changed_rows_are_not_each_compared_with_each(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    likeness = Wording.likeness

    def count_and_compare(one: Wording, other: Wording) -> float:
        compared.append(1)
        return likeness(one, other)

    monkeypatch.setattr(Wording, "likeness", count_and_compare)
    old = [replace(LOANS, number=n, title=f"第{n}号工作的制定与开展") for n in range(1, 2001)]
    new = [replace(row, title=row.title + "落实", number=row.number + 3, measures=(row.title,)) for row in old]
    pairs = match_rows(old, new)
    assert sum(1 for before, after in pairs if before and after and before.title in after.title) > 1900
    assert len(compared) < 2000 * 2000 / 8
