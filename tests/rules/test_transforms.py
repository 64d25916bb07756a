"""Changing trees: opposites without a Not where another form says it, and conjunctions that stay flat."""

from __future__ import annotations

from chuangju.rules.kinds import Kind
from chuangju.rules.transforms import (
    NO,
    UNKNOWN,
    YES,
    conjunction,
    depends_on_today,
    disjunction,
    in_set,
    negate,
    rebuild,
    with_today,
)
from chuangju.rules.tree import And, Const, FactRef, InSet, Not, Or, Today, children, walk
from tests.rules.small import DAY, tree

STAFF, TRAINED, FIRST = tree("staff > 1"), tree("trained"), tree("first_time")


def test_opposites_say_the_contrary_in_the_same_words() -> None:
    assert negate(STAFF) == tree("staff <= 1")
    assert negate(negate(STAFF)) == STAFF
    assert negate(tree("not trained")) == TRAINED
    assert negate(TRAINED) == Not(Kind.BOOL, TRAINED)
    assert negate(tree("staff > 1 and trained")) == Or(Kind.BOOL, (tree("staff <= 1"), Not(Kind.BOOL, TRAINED)))
    assert negate(tree("staff > 1 or staff < 0")) == tree("staff <= 1 and staff >= 0")
    assert negate(YES) == NO
    assert negate(UNKNOWN) == UNKNOWN
    assert negate(tree("any(e.months > 1 for e in employees if e.local)")) == tree(
        "all(e.months <= 1 for e in employees if e.local)"
    )
    assert negate(tree("all(e.months > 1 for e in employees)")) == tree("any(e.months <= 1 for e in employees)")
    assert isinstance(negate(tree("form in {'company'}")), Not)


def test_conjunctions_and_disjunctions_are_flat_and_settled() -> None:
    assert conjunction([]) == YES
    assert conjunction([YES, STAFF]) == STAFF
    assert conjunction([STAFF, NO, TRAINED]) == NO
    assert conjunction([And(Kind.BOOL, (STAFF, TRAINED)), FIRST]) == And(Kind.BOOL, (STAFF, TRAINED, FIRST))
    assert disjunction([]) == NO
    assert disjunction([NO, STAFF]) == STAFF
    assert disjunction([STAFF, YES, TRAINED]) == YES
    assert disjunction([Or(Kind.BOOL, (STAFF, TRAINED)), FIRST]) == Or(Kind.BOOL, (STAFF, TRAINED, FIRST))


def test_a_tree_is_rebuilt_from_the_leaves_and_kept_where_nothing_changes() -> None:
    node = tree("months_since(registered_on) > 3 and min(staff, 3, local_staff) > 1")
    assert rebuild(node, lambda one: one) is node
    changed = rebuild(node, lambda one: Const(Kind.INT, 7) if one == tree("staff") else one)
    assert changed == tree("months_since(registered_on) > 3 and min(7, 3, local_staff) > 1")


def test_the_day_asked_about_is_replaced_everywhere() -> None:
    node = tree("any(months_since(e.hired_on) > 3 for e in employees) and registered_on <= on")
    assert depends_on_today(node)
    assert not depends_on_today(with_today(node, Const(Kind.DATE, DAY)))
    assert sum(isinstance(one, Today) for one in walk(node)) == 2


def test_what_stands_below_a_node_comes_in_the_order_of_the_text() -> None:
    node = tree("staff > 1 and any(e.local for e in employees if e.months > 2)")
    assert [one.fact.key for one in walk(node) if isinstance(one, FactRef)] == ["staff", "employees"]
    assert children(tree("staff")) == ()


def test_membership_in_nothing() -> None:
    assert in_set(TRAINED, ()) == InSet(Kind.BOOL, TRAINED, ())
