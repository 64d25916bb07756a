"""Columns of a register - the shape of each fact in a frame, and the names under which people keep it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import polars as pl

from chuangju.rules.facts import CodeList, Fact
from chuangju.rules.kinds import Kind
from chuangju.ventures.registers import DATA, all_codes, dictionary
from chuangju.ventures.sheets.columns import PARTY_COLUMNS, even_out

# How registers are kept as Parquet: read far more often than written, and lz4 is read nearly as fast as plain bytes.
COMPRESSION: Literal["lz4"] = "lz4"
KEY = "id"
# What a file may call a fact besides its key and its names; columns of a party register are understood as well.
_ALSO: Mapping[str, Sequence[str]] = {
    "id": (*PARTY_COLUMNS["credit_code"], "编号", "企业编号", "主体编号"),
    "name": PARTY_COLUMNS["name"],
    "town": PARTY_COLUMNS["town"],
    "registered_on": PARTY_COLUMNS["registered_on"],
    "entity_type": PARTY_COLUMNS["kind"],
    "status": PARTY_COLUMNS["status"],
    "industry": ("行业", "所属行业", "行业分类", "国民经济行业"),
    "staff_count": ("从业人员", "员工人数", "职工人数", "人数"),
    "size_class": ("规模", "企业划型"),
    "turnover_year": ("营业收入", "年营收", "上年营业收入"),
}
# What every register of enterprises should have; other facts of the dictionary may stand in it as well.
EXPECTED = (
    "id", "name", "town", "registered_on", "entity_type", "status", "industry", "restricted_trade", "labour_dispatch",
    "size_class", "staff_count", "staff_quarters", "asset_quarters", "turnover_year", "turnover_month", "taxable_income",
    "vat_payer", "vat_due", "urban_tax_due", "education_surcharge_due", "local_education_surcharge_due", "income_tax_due",
    "incubator", "incubator_grade", "incubated_from", "site_fee_paid", "first_round_investment", "total_investment",
    "contract_value", "core_team", "founder_born_on", "founder_residence", "founder_graduated_on", "founder_student",
    "founder_school_local", "founder_education", "founder_groups", "founder_unemployed_since", "founder_share",
    "founder_first_venture", "founder_dishonest", "founder_bad_credit", "founder_training_certificate",
    "founder_insured_years", "legal_representative", "employees", "leases", "grants", "loans",
)  # fmt: skip
_PARTS: Mapping[str, Sequence[str]] = {
    "employees": ("员工", "从业人员", "职工", "人员", "参保人员"),
    "leases": ("租赁", "场地", "租赁合同"),
    "grants": ("已享扶持", "补贴", "扶持", "拨付记录"),
    "loans": ("贷款", "担保贷款"),
    "founder_grants": ("创业者已享扶持",),
    "certificates": ("培训证书", "证书"),
    "prizes": ("竞赛获奖", "获奖"),
    "trainees": ("见习学员", "学员"),
}
_UNIT = re.compile(r"[(（\[【]\s*(?:单位[:：])?\s*(亿元|万元|元|分|%|百分比)\s*[)）\]】]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: which fact it holds, what it is called there, and the unit its name gives."""

    key: str
    name: str
    place: int
    unit: str = ""


def dtype_of(fact: Fact) -> pl.DataType:
    """How a fact stands in a frame: money and other numbers as Int64, codes as an Enum frozen with the code lists."""
    match fact.kind:
        case Kind.BOOL:
            return pl.Boolean()
        case Kind.INT | Kind.MONEY | Kind.RATE:
            return pl.Int64()
        case Kind.DATE:
            return pl.Date()
        case Kind.TEXT:
            return enum_of(fact.codes) if fact.codes else pl.String()
        case Kind.CODES:
            return pl.List(enum_of(fact.codes) if fact.codes else pl.String())
        case Kind.INTS:
            return pl.List(pl.Int64())
        case _:
            return pl.List(struct_of(fact))


def struct_of(fact: Fact) -> pl.Struct:
    """The shape of one related record."""
    return pl.Struct({key: dtype_of(field) for key, field in fact.fields.items()})


def enum_of(codes: CodeList) -> pl.Enum:
    """The codes of a list as a type of their own."""
    return _enum(codes.key)


@cache
def _enum(key: str) -> pl.Enum:
    return pl.Enum(all_codes(dictionary().lists[key]))


@cache
def schema() -> Mapping[str, pl.DataType]:
    """The type of every column that a register may have."""
    return {key: dtype_of(fact) for key, fact in dictionary().facts.items()}


@cache
def dictionary_version() -> str:
    """Tells apart the states of the dictionary and its code lists: the version with which a register is frozen."""
    digest = hashlib.sha256()
    for name in ("facts.toml", "code_lists.toml"):
        digest.update((DATA / name).read_bytes())
    return digest.hexdigest()[:16]


def related_facts() -> list[Fact]:
    """The facts that are lists of records: each has a sheet or a file of its own beside a table."""
    return [fact for fact in dictionary().facts.values() if fact.kind is Kind.RECORDS]


def find_part(name: str) -> str | None:
    """The related records that a sheet or a file of this name holds; None for any other name."""
    plain = even_out(name)
    for fact in related_facts():
        names = (fact.key, fact.name.zh, fact.name.en, *_PARTS.get(fact.key, ()))
        if plain in {even_out(each) for each in names}:
            return fact.key
    return None


@cache
def _meanings(part: str) -> Mapping[str, str]:
    """What each name of a column stands for, in the register itself ("") or in a related part."""
    facts = dictionary().facts
    fields: Iterable[Fact] = facts[part].fields.values() if part else facts.values()
    found: dict[str, str] = {}
    for fact in fields:
        for name in (fact.key, fact.name.zh, fact.name.en):
            found.setdefault(even_out(name), fact.key)
    for key, names in _ALSO.items():
        if not part or key == KEY:
            for name in names:
                found.setdefault(even_out(name), key)
    found.setdefault(KEY, KEY)
    if part:
        found[even_out(facts[KEY].name.zh)] = KEY
    return found


def find_columns(
    header: Sequence[str], part: str = "", mapping: Mapping[str, str] | None = None
) -> tuple[dict[str, Column], list[str], list[str]]:
    """The columns of a header by their key, the names of those that mean what an earlier one does, and of unknown ones.

    `mapping` names keys for columns as they are called in the file; an empty key leaves a column out.
    """
    known, given = _meanings(part), mapping or {}
    columns: dict[str, Column] = {}
    doubled: list[str] = []
    ignored: list[str] = []
    for place, text in enumerate(header):
        name = text.strip()
        if not name:
            continue
        key = given[name] if name in given else known.get(even_out(name))
        if not key:
            ignored.append(name)
        elif key in columns:
            doubled.append(name)
        else:
            unit = _UNIT.search(name)
            columns[key] = Column(key, name, place, unit[1] if unit else "")
    return columns, doubled, ignored
