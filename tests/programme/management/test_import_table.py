"""A table put into force from the command line."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from chuangju.kernel.models import User
from chuangju.programme.models import TableVersion

pytestmark = pytest.mark.django_db
SHIPPED = Path(str(files("chuangju.programme").joinpath("data/minhang.txt")))


def refused(*arguments: str) -> CommandError:
    with pytest.raises(CommandError) as refusal:
        call_command("import_table", *arguments)
    return refusal.value


def test_the_office_imports_a_file(reference_data: None, office: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_table", str(SHIPPED), "--by", "office", "--effective", "2026-01-01", "--name", "今年的表")
    version = TableVersion.objects.get()
    assert (version.name, version.effective_from, version.rows.count()) == ("今年的表", date(2026, 1, 1), 22)
    assert "第 1 版：22 项任务" in capsys.readouterr().out


def test_an_unknown_account_and_one_without_the_role_are_refused(reference_data: None, leader: User) -> None:
    assert refused(str(SHIPPED), "--by", "nobody").returncode == 2
    assert "只有创建办" in str(refused(str(SHIPPED), "--by", "leader"))


def test_a_file_that_cannot_be_read_is_named(office: User, tmp_path: Path) -> None:
    file = tmp_path / "空.docx"
    file.write_bytes(b"")
    refusal = refused(str(file), "--by", "office")
    assert refusal.returncode == 2
    assert "空.docx" in str(refusal)


def test_unknown_units_stop_the_import_unless_they_are_said_to_be_new(
    reference_data: None, office: User, tmp_path: Path
) -> None:
    file = tmp_path / "表.csv"
    file.write_text("序号,工作任务,牵头部门,配合单位,推进举措\n1,归集数据,区大数据中心,,汇总。\n", "utf-8")
    assert "区大数据中心" in str(refused(str(file), "--by", "office"))
    assert not TableVersion.objects.exists()
    call_command("import_table", str(file), "--by", "office", "--new-units")
    assert TableVersion.objects.get().rows.get().row_units.get().unit.name == "区大数据中心"
