"""The commands that people run, end to end, each against the real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from chuangju.kernel import demo, preparation, reference_data
from chuangju.kernel.audit import record_event
from chuangju.kernel.guards import guards_lifted
from chuangju.kernel.integrity import checks, register_check
from chuangju.kernel.models import AuditEvent, User
from chuangju.kernel.preparation import has_open_migrations
from chuangju.kernel.registry import AlreadyRegistered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_sets(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets of other packages stay out of these tests."""
    monkeypatch.setattr(demo.demo_sets, "_entries", {})
    monkeypatch.setattr(reference_data.reference_sets, "_entries", {})


def run(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def add_demo_account(at: datetime) -> None:
    User.objects.create(username="demo", name="演示", is_demo=True)


def test_the_first_start_loads_what_is_registered_and_the_second_finds_nothing_to_do(
    data_folder: Path, settings: Settings
) -> None:
    settings.DEMO = True
    reference_data.register_reference_data("单位", lambda _at: None, 1)
    demo.register_demo("账号", add_demo_account, order=1)
    assert run("prepare") == "已载入基础数据：单位\n已载入演示数据：账号\n"
    assert run("prepare") == ""
    assert len(list((data_folder / "anchors").rglob("*.jsonl"))) == 1
    assert User.objects.filter(is_demo=True).count() == 1


def test_outside_demo_mode_no_demo_data_is_loaded(settings: Settings) -> None:
    settings.DEMO = False
    demo.register_demo("账号", add_demo_account, order=1)
    assert run("prepare") == ""
    assert not User.objects.exists()


def test_open_migrations_are_run_first(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Any] = []
    monkeypatch.setattr(preparation, "has_open_migrations", lambda: True)
    monkeypatch.setattr(preparation, "call_command", lambda *args, **options: ran.append((args, options)))
    assert run("prepare") == "正在建立或更新数据表…\n"
    assert ran == [(("migrate",), {"interactive": False, "verbosity": 0})]


def test_a_prepared_database_has_no_open_migrations() -> None:
    assert not has_open_migrations()


@pytest.mark.parametrize("command", ["prepare", "load_demo"])
def test_demo_mode_on_real_data_is_refused_in_one_sentence(command: str, person: User, settings: Settings) -> None:
    settings.DEMO = True
    with pytest.raises(CommandError, match="演示模式不能用于正式数据库") as refused:
        run(command)
    assert refused.value.returncode == 2


def test_a_data_folder_that_cannot_be_written_is_told_in_one_sentence(data_folder: Path) -> None:
    data_folder.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(CommandError, match=r"无法读写数据库或数据目录 .*，请检查磁盘空间和权限") as refused:
        run("prepare")
    assert refused.value.returncode == 2


def test_load_demo_names_what_it_loaded() -> None:
    demo.register_demo("账号", add_demo_account, order=1)
    assert run("load_demo") == "账号\n"
    assert run("load_demo") == ""


def test_verify_says_what_it_checked(person: User, now: datetime) -> None:
    record_event("x.y", person, by=person, at=now)
    assert run("verify") == f"校验通过：{len(checks)} 项检查，1 个审计事件，0 个附件，未发现问题。\n"


def test_verify_prints_every_fault_and_ends_with_status_1(
    person: User, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        record_event("x.y", person, by=person, at=now)
    with guards_lifted():
        AuditEvent.objects.filter(sequence__in=(1, 3)).update(reason="改")
    with pytest.raises(SystemExit) as end:
        call_command("verify")
    assert end.value.code == 1
    assert capsys.readouterr().out.splitlines() == [
        "审计链 kernel 第 1 号事件的内容被改动。",
        "审计链 kernel 第 3 号事件的内容被改动。",
    ]


def test_verify_on_a_database_that_is_not_set_up_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chuangju.kernel.management.commands.verify.has_open_migrations", lambda: True)
    with pytest.raises(CommandError, match="请先启动一次服务"):
        run("verify")


def test_an_anchor_can_be_written_to_another_folder(tmp_path: Path, person: User, now: datetime) -> None:
    record_event("x.y", person, by=person, at=now)
    file = Path(run("export_anchor", "--folder", str(tmp_path / "elsewhere")).strip())
    assert file.parent == tmp_path / "elsewhere"
    assert '"kernel": [1, ' in file.read_text(encoding="utf-8")


@pytest.fixture
def _own_check() -> Iterator[None]:
    register_check("test", lambda: iter(["账实不符。"]))
    yield
    checks.remove("test")


@pytest.mark.usefixtures("_own_check")
def test_checks_of_packages_above_are_run_and_cannot_be_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("verify")
    assert capsys.readouterr().out == "账实不符。\n"
    with pytest.raises(AlreadyRegistered):
        register_check("test", lambda: iter(()))
