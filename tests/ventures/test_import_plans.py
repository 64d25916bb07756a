"""Each row of a register comes to new, changed, unchanged or faulty; faults name row and column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from chuangju.kernel.models import User
from chuangju.ventures.imports import (
    ImportRefused,
    faults_of,
    faulty_table,
    findings_of,
    rows_of,
    start_import,
)
from chuangju.ventures.models import Party, PartyImport, PartyRelation
from chuangju.ventures.parties import PartyFacts, add_party
from tests.ventures import numbers
from tests.ventures.party_sheets import HEADER, csv_text, firm_row, many_rows, upload

pytestmark = pytest.mark.usefixtures("town")


def _sentences(made: PartyImport, language: str = "zh-hans") -> dict[int, list[str]]:
    names = rows_of(made)["parties"]["names"]
    with translation.override(language):
        return {
            entry["row"]: [sentence for _key, _column, sentence in faults_of(entry, names, language)]
            for entry in findings_of(made)["parties"]
            if entry["outcome"] == "faulty"
        }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_tables_in_every_encoding_of_the_trade(hand_in: Callable[..., PartyImport], encoding: str) -> None:
    made = hand_in(csv_text(many_rows(4), encoding), name="名册.csv")
    assert made.counts["parties"]["new"] == 4


def test_columns_in_any_order_under_the_names_people_use(hand_in: Callable[..., PartyImport]) -> None:
    rows = [
        ("备注", "  注册地址 ", "税号*", "单位名称（全称）", "成立时间"),
        ("无", "路", numbers.credit_code(1), "甲公司", "2024年3月1日"),
    ]
    made = hand_in(rows)
    assert made.counts["parties"]["new"] == 1
    assert rows_of(made)["parties"]["ignored"] == ["备注"]


def test_people_are_told_apart_by_their_number_and_kept_encrypted(
    hand_in: Callable[..., PartyImport], write: Callable[..., PartyImport]
) -> None:
    number = numbers.id_number(1)
    rows = [("姓名", "身份证号", "手机", "街镇"), ("王小明", number, "13812341234", "浦江镇")]
    made = hand_in(rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rows, findings FROM ventures_partyimport")
        assert number not in str(cursor.fetchone())
    write(made)
    party = Party.objects.get()
    assert (party.kind, party.id_kind, party.id_number) == (Party.Kind.PERSON, Party.IdKind.RESIDENT, number)
    assert hand_in(rows).counts["parties"]["unchanged"] == 1
    assert list(Path(settings.DATA_DIR).glob("register-*")) == []


def test_every_fault_names_row_and_column_in_both_languages(hand_in: Callable[..., PartyImport]) -> None:
    bad = numbers.credit_code(3)[:-1] + ("0" if numbers.credit_code(3)[-1] != "0" else "1")
    rows = [
        list(HEADER),
        firm_row(1),
        ["乙", "飞船", numbers.credit_code(2), "", "", "", "", "", ""],
        ["丙", "企业", bad, "", "", "", "", "", ""],
        ["丁", "企业", "", "", "", "", "", "", ""],
        ["戊", "个人", "", numbers.id_number(1)[:-1], "12", "不存在镇", "2024-02-30", "沉睡", ""],
        ["", "企业", numbers.credit_code(4), "", "", "", "", "", ""],
        firm_row(1, name="重复"),
    ]
    made = hand_in(rows)
    assert made.counts["parties"]["faulty"] == 6
    said = _sentences(made)
    assert said[3] == [
        "第 3 行，列“主体类型”：认不出的主体类型；可填：企业、个体工商户、农民专业合作社、社会组织、个人、创业团队、学校、社团、服务机构"
    ]
    assert said[4] == ["第 4 行，列“统一社会信用代码”：统一社会信用代码的校验位不符，请逐位核对"]
    assert said[5] == ["第 5 行，列“统一社会信用代码”：请填写统一社会信用代码"]
    assert {line.split("”")[0] for line in said[6]} == {
        f"第 6 行，列“{name}" for name in ("证件号码", "手机号", "所属街镇", "成立日期", "登记状态")
    }
    assert said[7] == ["第 7 行，列“名称”：请填写名称"]
    assert said[8] == ["第 8 行，列“统一社会信用代码”：与第 2 行是同一主体，请只留一行"]
    assert set(_sentences(made, "en")) == set(said)


def test_faulty_rows_come_back_as_a_table_with_their_reasons_and_the_sound_ones_are_written(
    hand_in: Callable[..., PartyImport], write: Callable[..., PartyImport]
) -> None:
    made = hand_in([list(HEADER), firm_row(1), ["乙", "企业", "123", "", "", "", "", "", ""]])
    header, rows = faulty_table(made, language="zh-hans")
    assert header == ["行号", *HEADER, "问题"]
    assert len(rows) == 1
    assert (rows[0][0], rows[0][1], rows[0][3]) == ("3", "乙", "123")
    assert rows[0][-1] == "第 3 行，列“统一社会信用代码”：统一社会信用代码应为 18 位，这里是 3 位"
    write(made)
    assert Party.objects.get().name == "企业1"


def test_names_alone_find_teams_unless_two_bear_them(
    hand_in: Callable[..., PartyImport], clerk: User, now: datetime
) -> None:
    add_party(PartyFacts(Party.Kind.TEAM, "微光"), by=clerk, at=now)
    rows = [("名称", "类型", "地址"), ("微光", "团队", "路1号")]
    assert hand_in(rows).counts["parties"]["changed"] == 1
    add_party(PartyFacts(Party.Kind.TEAM, "微光"), by=clerk, at=now)
    assert "多个同名" in _sentences(hand_in(rows))[2][0]


def test_code_and_number_of_two_different_parties_are_a_fault(
    hand_in: Callable[..., PartyImport], firm: Party, person: Party
) -> None:
    rows = [("名称", "信用代码", "证件号"), ("甲", firm.credit_code, person.id_number)]
    assert "分属两个" in _sentences(hand_in(rows))[2][0]


def test_relations_come_from_the_second_sheet_and_do_not_come_twice(
    hand_in: Callable[..., PartyImport], write: Callable[..., PartyImport], person: Party
) -> None:
    rows = many_rows(2)
    head = ["主体代码或证件号", "关系", "对方代码或证件号", "起始日期", "截止日期", "持股比例"]
    number = person.id_number
    relations = [
        head,
        [number, "法定代表人", numbers.credit_code(1), "2024-03-01", "", ""],
        [number, "股东", numbers.credit_code(1), "2024-03-01", "", "60%"],
        [numbers.credit_code(2), "股东", numbers.credit_code(1), "2024-03-01", "", "50%"],
        [number, "爱好者", numbers.credit_code(1), "", "", ""],
        ["", "员工", "999", "昨天", "", "一半"],
    ]
    made = hand_in(rows, relations=relations)
    assert made.counts["relations"] == {"new": 2, "changed": 0, "unchanged": 0, "faulty": 3}
    faults = {
        entry["row"]: list(entry["faults"]["zh-hans"])
        for entry in findings_of(made)["relations"]
        if entry["outcome"] == "faulty"
    }
    assert faults == {4: ["starts_on"], 5: ["kind"], 6: ["from", "to", "starts_on", "share"]}
    write(made)
    assert PartyRelation.objects.get(kind=PartyRelation.Kind.SHAREHOLDER).share == 6000
    again = hand_in(rows, relations=relations[:3])
    assert again.counts["relations"]["unchanged"] == 2
    ended = [head, [number, "法定代表人", numbers.credit_code(1), "2024-03-01", "2025-12-31", ""]]
    more = hand_in(rows, relations=ended)
    assert more.counts["relations"]["changed"] == 1
    write(more)
    assert PartyRelation.objects.get(kind=PartyRelation.Kind.LEGAL_REPRESENTATIVE).ends_on == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.xlsx", b"", "空文件"),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n", "图片"),
        ("坏.xlsx", b"PK\x03\x04 broken", "损坏"),
        ("别的.csv", "甲,乙,丙\n1,2,3\n".encode(), "表头"),
        ("只有表头.csv", "名称,信用代码,地址\n".encode(), "没有内容"),
        ("宏.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "旧版 Excel"),
        ("多.csv", csv_text([("名称", "信用代码", "地址"), *[("a", "b", "c")] * 10_001]), "一次最多导入 10000 行"),
    ],
)
def test_what_is_no_register_is_refused_with_a_sentence(
    clerk: User, now: datetime, name: str, content: bytes, sentence: str
) -> None:
    with pytest.raises(ImportRefused, match=sentence):
        start_import(upload(name, content), by=clerk, at=now)
    assert not PartyImport.objects.exists()


def test_formulas_arrive_as_text(hand_in: Callable[..., PartyImport], write: Callable[..., PartyImport]) -> None:
    write(hand_in([list(HEADER), firm_row(1, name="=HYPERLINK(1)")]))
    assert Party.objects.get().name == "=HYPERLINK(1)"
