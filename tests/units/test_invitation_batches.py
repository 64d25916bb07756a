"""Many invitations out of a sheet: everybody, or nobody and what is wrong with which row."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from chuangju.kernel.models import User
from chuangju.papers.grids import UnreadableFile
from chuangju.papers.sheets import write_csv, write_xlsx
from chuangju.units.invitation_batches import BatchRefused, invite_batch
from chuangju.units.invitation_sheets import MOST_ROWS, read_people
from chuangju.units.models import Invitation, Role, RoleProposal

HEADER = ["姓名", "登录名", "电子邮箱", "手机号", "单位", "角色"]


def saved(folder: Path, rows: list[list[str]], *, header: list[str] = HEADER, kind: str = "xlsx") -> Path:
    file = folder / f"名单.{kind}"
    content = write_xlsx(rows, header=header, title="名单") if kind == "xlsx" else write_csv(header, rows)
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_lines_come_with_their_number_in_the_file(kind: str, tmp_path: Path) -> None:
    rows = [
        ["韩雪", "", "h@example.org", "", "区科委", "经办人"],
        ["", "", "", "", "", ""],
        ["李雷", "lilei", "", "13800138000", "", ""],
    ]
    lines = read_people(saved(tmp_path, rows, kind=kind))["lines"]
    assert [(line["row"], line["name"], line["mobile"]) for line in lines] == [
        (2, "韩雪", ""),
        (4, "李雷", "13800138000"),
    ]


def test_columns_are_known_by_their_heads_in_any_order(tmp_path: Path) -> None:
    found = read_people(saved(tmp_path, [["13800138000", "韩雪", "x"]], header=["手机", "姓 名*", "备注"]))
    assert found["columns"] == ["mobile", "name"]
    assert found["lines"] == [{"row": 2, "name": "韩雪", "mobile": "13800138000"}]


def test_a_file_without_names_or_with_too_many_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="姓名"):
        read_people(saved(tmp_path, [["a"]], header=["单位"]))
    with pytest.raises(UnreadableFile, match=str(MOST_ROWS)):
        read_people(saved(tmp_path, [[f"人{number}"] for number in range(MOST_ROWS + 1)], header=["姓名"], kind="csv"))


def line(row: int, **changed: Any) -> dict[str, Any]:
    return {"row": row, "name": "韩雪", "email": f"h{row}@example.org", **changed}


@pytest.mark.django_db
@pytest.mark.usefixtures("register")
def test_everybody_of_a_sound_sheet_is_invited(system_administrator: User, now: datetime) -> None:
    lines = [
        line(2, unit="闵行区科委", roles="经办人、审批人"),
        line(3, unit="区人社局", roles="联络员"),
        line(4, roles=""),
    ]
    sent = invite_batch(lines, by=system_administrator, at=now)
    assert [one.invitation.username for one in sent] == ["hanxue", "hanxue2", "hanxue3"]
    assert sent[0].invitation.unit is not None
    assert sent[0].invitation.unit.code == "kw"
    roles = [(one.role, one.unit and one.unit.code) for one in RoleProposal.objects.order_by("pk")]
    assert roles == [(Role.CLERK, "kw"), (Role.APPROVER, "kw"), (Role.LIAISON_OFFICER, "rsj")]


@pytest.mark.django_db
@pytest.mark.usefixtures("register")
def test_one_wrong_row_stops_all_and_each_is_named(system_administrator: User, now: datetime) -> None:
    lines = [
        line(2),
        line(3, unit="区没有局"),
        line(4, roles="老板"),
        line(5, email="h2@example.org"),
        line(6, email="", mobile="1"),
        line(7, name=""),
        line(9, unit="各街镇"),
    ]
    with pytest.raises(BatchRefused, match="6 行") as refused:
        invite_batch(lines, by=system_administrator, at=now)
    told = {fault.row: fault.sentence for fault in refused.value.faults}
    assert sorted(told) == [3, 4, 5, 6, 7, 9]
    assert "区没有局" in told[3]
    assert "老板" in told[4]
    assert "与第 2 行重复" in told[5]
    assert not Invitation.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [({"name": "韩" * 65, "username": "hanxue"}, "64"), ({"email": f"{'h' * 250}@example.org"}, "电子邮箱")],
)
def test_what_is_longer_than_can_be_kept_is_told_with_its_row(
    changed: dict[str, str], sentence: str, now: datetime
) -> None:
    with pytest.raises(BatchRefused) as refused:
        invite_batch([line(2, **changed)], by=None, at=now)
    assert [fault.row for fault in refused.value.faults] == [2]
    assert sentence in refused.value.faults[0].sentence
