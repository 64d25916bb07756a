"""SQL - one renderer, two dialects; what neither may be given is refused."""

from __future__ import annotations

import re

import polars as pl
import pytest

from chuangju.policies.catalogue import shipped_catalogue
from chuangju.rules.bulk.columns import Columns
from chuangju.rules.bulk.decisions import make_plan
from chuangju.rules.bulk.dialects import DIALECTS, DUCKDB, SPARK
from chuangju.rules.bulk.nodes import Bits, Pick
from chuangju.rules.bulk.sql import Sql
from chuangju.rules.bulk.statements import decide_statement
from chuangju.rules.kinds import Kind
from chuangju.rules.program import prepare_policy
from chuangju.rules.tree import Aggregate, And, Compare, Const, FactRef, InSet, Item, Node, Or, Today
from tests.rules.bulk.random_facts import FACTS
from tests.rules.bulk.random_registers import ON


def test_texts_are_quoted_as_each_engine_reads_them() -> None:
    assert DUCKDB.text_of("it's \\ x") == "'it''s \\ x'"
    assert SPARK.text_of("it's \\ x") == "'it\\'s \\\\ x'"
    assert (DUCKDB.name_of('a"b'), SPARK.name_of("a`b")) == ('"a""b"', "`a``b`")


def test_a_record_is_looked_at_in_the_words_of_each_engine() -> None:
    body = Compare(Kind.BOOL, "==", Item(Kind.INT), Const(Kind.INT, 2))
    count = Aggregate(Kind.INT, "count", FactRef(Kind.INTS, FACTS["series"]), body)
    assert 'list_filter("series", lambda one: ((one = CAST(2 AS BIGINT))))' in Sql(DUCKDB).text(count)
    assert "filter(`series`, one -> ((one = CAST(2 AS BIGINT))))" in Sql(SPARK).text(count)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_the_shipped_catalogue_is_one_statement_with_every_bracket_closed(dialect: object) -> None:
    plan = make_plan([prepare_policy(one, ON) for one in shipped_catalogue().in_force(ON)], {})
    text = decide_statement(plan, dialect, "register")  # type: ignore[arg-type]
    bare = re.sub(r"'(?:[^'\\]|\\.|'')*'", "", text)
    assert bare.count("(") == bare.count(")")
    assert not re.search(r"\bNone\b|<class", bare)
    assert ("lambda one:" in bare) == (dialect is DUCKDB)


def test_what_binding_should_have_taken_away_is_refused() -> None:
    with pytest.raises(TypeError, match="not bound"):
        Sql(DUCKDB).text(Today(Kind.DATE))
    with pytest.raises(TypeError, match="not bound"):
        Columns({}).expression(Today(Kind.DATE))
    with pytest.raises(TypeError, match="aggregate only"):
        Columns({}).expression(Item(Kind.INT))


@pytest.mark.parametrize(
    ("node", "polars", "sql"),
    [
        (And(Kind.BOOL, ()), True, "TRUE"),
        (Or(Kind.BOOL, ()), False, "FALSE"),
        (Bits(Kind.INT, ()), 0, "CAST(0 AS BIGINT)"),
        (Pick(Kind.INT, (), (4,)), 4, "4"),
        (InSet(Kind.BOOL, Const(Kind.INT, 1), ()), False, "((CAST(1 AS BIGINT) IS NULL) AND CAST(NULL AS BOOLEAN))"),
    ],
)
def test_nothing_at_all_has_its_value_too(node: Node, polars: object, sql: str) -> None:
    assert pl.select(Columns({}).expression(node)).item() == polars
    assert Sql(DUCKDB).text(node) == sql
