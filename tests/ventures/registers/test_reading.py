"""Reading registers: whatever people call their columns and write into them becomes the same facts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from chuangju.ventures.registers import dictionary
from chuangju.ventures.registers.columns import dtype_of, schema
from chuangju.ventures.registers.findings import UnreadableRegister
from chuangju.ventures.registers.generate import DEFAULT_DAY, generate_register
from chuangju.ventures.registers.reading import read_register
from tests.ventures.registers.bad_registers import book, csv_file, parquet

ON = date(2026, 6, 30)
HEAD = (
    "统一社会信用代码",
    "企业名称",
    "所属街镇",
    "成立日期",
    "年营业收入（万元）",
    "行业",
    "登记状态",
    "出资比例",
    "重点群体身份",
    "劳务派遣单位",
)
FIRST = ("A1", "甲公司", "莘庄镇", "2024年3月1日", "350.5", "I6510", "存续", "30%", "高校毕业生、退役军人", "否")
FACTS = {
    "id": "A1",
    "name": "甲公司",
    "town": "310112101",
    "registered_on": date(2024, 3, 1),
    "entity_type": None,
    "status": "active",
    "industry": "6510",
    "industry_division": "65",
    "industry_section": "I",
    "labour_dispatch": False,
    "turnover_year": 350_500_000,
    "founder_share": 3_000,
    "founder_groups": ["graduate", "veteran"],
}


def test_a_csv_as_people_write_it_becomes_facts(tmp_path: Path) -> None:
    register = read_register(csv_file(tmp_path, [HEAD, FIRST]), on=ON)
    assert register.log.faults == 0
    assert register.frame.row(0, named=True) == {key: value for key, value in FACTS.items() if key != "entity_type"}
    assert register.frame.schema == {key: schema()[key] for key in register.frame.columns}


def test_a_workbook_with_sheets_of_related_records_becomes_lists(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        ("企业一览", [("2026年企业一览表",), HEAD, FIRST, ("B2", "乙", *[None] * 8), ("C3", "丙", *[None] * 8)]),
        (
            "员工",
            [
                ("统一社会信用代码", "户籍", "入职日期", "连续参保月数"),
                ("A1", "本区户籍", date(2024, 5, 1), 12),
                ("A1", "city", None, None),
                ("B2", "其他", "2025/1/2", "3个月"),
            ],
        ),
        ("leases", [("id", "district", "monthly_rent", "from"), ("B2", "闵行区", "3000元", "20240101")]),
    )
    register = read_register(path, on=ON)
    assert register.log.faults == 0
    people, leases = register.frame["employees"].to_list(), register.frame["leases"].to_list()
    assert [len(each) for each in people] == [2, 1, 0]
    assert people[0][0]["residence"] == "district"
    assert people[0][0]["hired_on"] == date(2024, 5, 1)
    assert people[0][1]["insured_months"] is None
    assert people[1][0]["insured_months"] == 3
    assert leases[0] == []
    assert leases[1][0]["monthly_rent"] == 300_000
    assert leases[1][0]["district"] == "310112"
    assert "grants" not in register.frame.columns


def test_csv_files_beside_a_register_hold_its_related_records(tmp_path: Path) -> None:
    csv_file(tmp_path, [("id", "residence"), ("A1", "city")], "register.employees.csv")
    csv_file(tmp_path, [("id", "policy", "amount"), ("A1", "rent_subsidy", "1.5万元")], "register.补贴.csv")
    csv_file(tmp_path, [("id", "residence"), ("A1", "moon")], "other.employees.csv")
    register = read_register(csv_file(tmp_path, [("id", "name"), ("A1", "甲")]), on=ON)
    assert register.log.faults == 0
    assert register.frame["employees"].to_list()[0][0]["residence"] == "city"
    assert register.frame["grants"].to_list()[0][0]["amount"] == 1_500_000


def test_several_files_are_one_register_by_their_names(tmp_path: Path) -> None:
    main = csv_file(tmp_path, [("id", "name"), ("A1", "甲")], "upload-0")
    people = csv_file(tmp_path, [("id", "户籍"), ("A1", "city")], "upload-1")
    register = read_register(main, people, names=("企业.csv", "企业_员工.csv"), on=ON)
    assert register.frame["employees"].to_list()[0][0]["residence"] == "city"


def test_the_file_of_our_own_is_read_as_it_was_written(tmp_path: Path) -> None:
    frame = generate_register(300, seed=11)
    frame.write_parquet(tmp_path / "register.parquet")
    assert read_register(tmp_path / "register.parquet", on=DEFAULT_DAY).frame.equals(frame)


def test_a_parquet_file_of_plain_types_becomes_the_registers_own(tmp_path: Path) -> None:
    frame = generate_register(200, seed=12).drop("industry_division", "industry_section")
    plain = frame.with_columns(
        pl.col(pl.Enum).cast(pl.String), pl.col("registered_on").cast(pl.Datetime), pl.col("staff_count").cast(pl.Float64),
        pl.col("founder_groups").cast(pl.List(pl.String)), pl.col("founder_born_on").cast(pl.String),
    )  # fmt: skip
    plain.write_parquet(tmp_path / "plain.parquet")
    register = read_register(tmp_path / "plain.parquet", on=DEFAULT_DAY)
    assert register.log.faults == 0
    assert register.frame.drop("industry_division", "industry_section").equals(frame)


def test_columns_are_understood_by_a_mapping_where_their_names_say_nothing(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [("编码", "称谓", "备注栏", "名称"), ("A1", "甲", "x", "y")])
    with pytest.raises(UnreadableRegister) as refused:
        read_register(path, on=ON)
    assert refused.value.code == "no_id_column"
    register = read_register(path, on=ON, mapping={"编码": "id", "称谓": "name", "名称": ""})
    assert register.frame.select("id", "name").rows() == [("A1", "甲")]
    assert list(register.ignored) == ["备注栏", "名称"]


def test_per_cents_and_true_cells_of_a_workbook_are_what_they_show(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (
        ["id", "founder_share", "legal_representative", "turnover_year"],
        ["A1", 0.3, True, 3000.0],
        ["A2", 1, False, 12],
    ):
        sheet.append(row)
    for cell in (sheet["B2"], sheet["B3"]):
        cell.number_format = "0.00%"
    workbook.save(tmp_path / "shares.xlsx")
    register = read_register(tmp_path / "shares.xlsx", on=ON)
    assert register.log.faults == 0
    assert register.frame.select("founder_share", "legal_representative", "turnover_year").rows() == [
        (3_000, True, 3_000),
        (10_000, False, 12),
    ]


def test_what_says_that_nobody_knows_is_unknown_without_a_word(tmp_path: Path) -> None:
    rows = [
        ("id", "turnover_year", "incubator", "incubator_grade", "town"),
        ("A1", "不详", "none", "未入驻", "—"),
        ("A2", "NULL", "", "none", ""),
    ]
    register = read_register(csv_file(tmp_path, rows), on=ON)
    assert register.log.faults == 0
    assert register.frame.select("turnover_year", "incubator", "incubator_grade", "town").rows() == [
        (None, "none", "none", None),
        (None, None, "none", None),
    ]


def test_a_column_that_is_empty_throughout_is_unknown_for_all(tmp_path: Path) -> None:
    register = read_register(parquet(tmp_path, {"id": ["A1"], "employees": [None], "staff_count": [None]}), on=ON)
    assert register.log.faults == 0
    assert register.frame["employees"].to_list() == [None]
    assert register.frame["employees"].dtype == dtype_of(dictionary().facts["employees"])


def test_missing_columns_are_told_as_a_notice_and_not_as_a_fault(tmp_path: Path) -> None:
    register = read_register(csv_file(tmp_path, [("id", "name"), ("A1", "甲")]), on=ON)
    assert register.log.faults == 0
    assert {"code": "missing_column", "sheet": "", "column": "employees", "count": 1} in register.log.counts()


def test_more_rows_than_allowed_are_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [("id",), *((f"A{place}",) for place in range(50))])
    with pytest.raises(UnreadableRegister) as refused:
        read_register(path, on=ON, most_rows=20)
    assert refused.value.code == "too_many_rows"


def test_reading_tells_how_far_it_has_come(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    read_register(csv_file(tmp_path, [HEAD, FIRST]), on=ON, on_progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (len(HEAD), len(HEAD))


def test_all_faults_are_counted_and_the_first_kept(tmp_path: Path) -> None:
    rows = [("id", "turnover_year"), *((f"A{place}", "-1") for place in range(300))]
    register = read_register(csv_file(tmp_path, rows), on=ON)
    assert register.log.faults == 300
    kept = [finding for finding in register.log.kept if finding.code == "negative_money"]
    assert [finding.row for finding in kept] == list(range(2, 52))
    assert register.report()["faults"] == 300


def test_workbooks_and_parquet_files_of_too_many_rows_are_refused(tmp_path: Path) -> None:
    rows = [("id",), *((f"A{place}",) for place in range(60))]
    for path in (book(tmp_path, ("企业", rows)), parquet(tmp_path, {"id": [f"A{place}" for place in range(60)]})):
        with pytest.raises(UnreadableRegister) as refused:
            read_register(path, on=ON, most_rows=20)
        assert refused.value.code == "too_many_rows"


def test_a_sheet_that_is_hidden_comes_after_those_one_sees(tmp_path: Path) -> None:
    path = book(tmp_path, ("旧", [("id", "name"), ("OLD", "旧")]), ("新", [("id", "name"), ("NEW", "新")]))
    workbook = openpyxl.load_workbook(path)
    workbook["旧"].sheet_state = "hidden"
    workbook.save(path)
    register = read_register(path, on=ON)
    assert register.frame["id"].to_list() == ["NEW"]
    assert [(each.code, each.sheet) for each in register.log.kept if each.code == "unread_sheet"] == [
        ("unread_sheet", "旧")
    ]


def test_keys_that_are_numbers_find_their_related_records(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        ("企业", [("id", "name"), (101, "甲")]),
        ("员工", [("id", "residence", "residence", "爱好"), (101, "city", "x", "y")]),
    )
    register = read_register(path, on=ON)
    assert register.frame["employees"].to_list()[0][0]["residence"] == "city"
    assert {each.code for each in register.log.kept if each.sheet == "员工"} == {"duplicate_column", "unknown_column"}


def test_more_records_than_anybody_has_are_unknown(tmp_path: Path) -> None:
    path = parquet(tmp_path, {"id": ["A1"], "loans": [[{"principal": 1}] * 201]})
    register = read_register(path, on=ON)
    assert register.frame["loans"].to_list() == [None]
    assert [each.code for each in register.log.kept if each.column == "loans"] == ["too_many_items"]


def test_two_sheets_of_the_same_records_are_one_too_many(tmp_path: Path) -> None:
    people = [("id", "residence"), ("A1", "city")]
    path = book(tmp_path, ("企业", [("id",), ("A1",)]), ("员工", people), ("employees", people))
    register = read_register(path, on=ON)
    assert len(register.frame["employees"].to_list()[0]) == 1
    assert [each.sheet for each in register.log.kept if each.code == "unread_sheet"] == ["employees"]
