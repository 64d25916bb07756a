"""The history of a record, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils.translation import override

from chuangju.kernel.models import AuditEvent, User
from chuangju.ui.history import lines_of


def event(changes: dict[str, Any], *, of: str = "kernel.user", **given: Any) -> AuditEvent:
    return AuditEvent(
        action="x.y", object_type=of, object_label="印发意见", actor_name="王晓燕", changes=changes, **given
    )


def changes_of(changes: dict[str, Any], *, of: str = "kernel.user") -> list[tuple[str, str, str]]:
    with override("zh-hans"):
        return [(str(each.label), each.old, each.new) for each in lines_of([event(changes, of=of)])[0].changes]


def test_columns_are_called_by_their_names_and_values_by_their_words() -> None:
    changes = {
        "name": ["旧", "新"],
        "is_active": [True, False],
        "email": ["", "a@example.org"],
        "created_at": ["2026-03-01T01:05:00+00:00", None],
    }
    assert changes_of(changes) == [
        ("姓名", "旧", "新"),
        ("可登录", "是", "否"),
        ("电子邮箱", "", "a@example.org"),
        ("创建时间", "2026-03-01 09:05", ""),
    ]


def test_choices_show_what_they_are_called() -> None:
    assert changes_of({"kind": ["government", "town"]}, of="units.unit")[0][0] != "kind"
    assert changes_of({"kind": ["government", "gone"]}, of="units.unit")[0][2] == "gone"
    assert changes_of({"kind": ["government", "gone"]}, of="units.unit")[0][1] != "government"


def test_keys_of_records_tell_nothing_and_are_left_out() -> None:
    assert changes_of({"id": [None, 3], "name": [None, "新"]}) == [("姓名", "", "新")]


@pytest.mark.django_db
def test_counters_and_kinds_of_records_without_a_name_in_words_are_left_out() -> None:
    changes = {"subject_type": [None, 7], "subject_id": [None, "3"], "title": [None, "通知"]}
    assert [each[1:] for each in changes_of(changes, of="kernel.paper")] == [("", "通知")]


def test_what_no_column_holds_is_shown_as_recorded() -> None:
    changes = {"units": [["甲"], ["甲", "乙"]], "on": ["2026-03-01", "2026-03-1x"], "naive": ["2026-03-01T00:00", 3]}
    assert changes_of(changes, of="gone.model") == [
        ("units", "甲", "甲、乙"),
        ("on", "2026-03-01", "2026-03-1x"),
        ("naive", "2026-03-01T00:00", "3"),
    ]
    assert changes_of({"x": [1, 2]}, of="nonsense") == [("x", "1", "2")]
    assert changes_of({"nickname": ["旧", "新"]}) == [("nickname", "旧", "新")]


def test_a_value_that_names_a_column_is_said_in_words() -> None:
    assert changes_of({"field": [None, "subject"]}, of="kernel.message") == [("字段", "", "标题")]


def test_money_and_rates_are_shown_as_people_write_them() -> None:
    changes = {"principal": [None, 20_000_050], "rate": [345, 360], "jobs": [0, 9]}
    assert changes_of(changes, of="applications.loanfacility") == [
        ("合同金额", "", "200,000.50 元"), ("年利率", "3.45%", "3.6%"), ("带动就业人数", "0", "9")
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_policy_that_is_gone_keeps_its_key() -> None:
    assert changes_of({"policy": [None, "gone@2020"]}) == [("政策", "", "gone@2020")]


def test_keys_and_codes_of_the_log_are_said_in_words() -> None:
    changes = {
        "policy": [None, "rent_subsidy@2024"],
        "verdict": [None, "near_miss"],
        "ways": [None, ["password", "totp"]],
    }
    assert changes_of(changes, of="applications.application") == [
        ("政策", "", "创业场地房租补贴（2024 版）"), ("测算结论", "", "还差一步"), ("验证方式", "", "密码、验证器应用")
    ]  # fmt: skip
    assert changes_of({"key": [None, "grants"]}, of="ventures.fact") == [("数据项", "", "已享扶持")]


@pytest.mark.django_db
def test_records_behind_keys_are_named_with_one_query_for_all(django_assert_num_queries: Any) -> None:
    people = [User.objects.create(username=f"u{number}", name=f"张{number}") for number in range(4)]
    events = [event({"user": [people[n].pk, people[n + 1].pk]}, of="kernel.savedview") for n in range(3)]
    events.append(event({"user": [people[0].pk, 999_999]}, of="kernel.savedview"))
    with django_assert_num_queries(1):
        lines = lines_of(events)
    assert [(line.changes[0].old, line.changes[0].new) for line in lines] == [
        ("张0", "张1"),
        ("张1", "张2"),
        ("张2", "张3"),
        ("张0", "999999"),
    ]


def test_who_when_why_and_what_are_drawn_and_escaped(draw: Callable[..., str], now: datetime) -> None:
    events = [
        event({"name": ["旧<b>", "新"]}, at=now, role="创建办", reason="会议要求"),
        event({"name": [None, "初名"], "email": ["", "a@b.c"], "is_active": [None, True]}, at=now),
        event({"name": [None, "后名"]}, at=now),
        event({"name": ["旧名", None]}, at=now),
        event({}, at=now),
    ]
    with override("zh-hans"):
        drawn = draw("{% history events %}", events=events)
    assert "王晓燕（创建办）" in drawn
    assert "2026-06-15 10:00" in drawn
    assert "原因：会议要求" in drawn
    assert "<del>旧&lt;b&gt;</del>" in drawn
    assert drawn.count("登记的内容") == 1
    assert "<dd><ins>后名</ins></dd>" in drawn
    assert '<del>旧名</del> <span class="to" aria-hidden="true">→</span> <span class="nothing">（空）</span>' in drawn


def test_no_history_says_so(draw: Callable[..., str]) -> None:
    with override("zh-hans"):
        assert "还没有变更记录" in draw("{% history events %}", events=[])
