"""Columns of a register - the names under which people keep them, in Chinese and English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_UNTOLD = re.compile(r"[\s*＊:：_\-]+|[(（\[【].*?[)）\]】]")

# Key of a fact: the names of its column; the first one is the template's.
PARTY_COLUMNS: Mapping[str, Sequence[str]] = {
    "name": ("名称", "主体名称", "企业名称", "单位名称", "公司名称", "机构名称", "商户名称", "店铺名称", "字号名称", "团队名称", "学校名称", "组织名称", "姓名", "企业全称", "企业名", "公司", "name", "company name", "company"),
    "kind": ("主体类型", "类型", "类别", "主体类别", "企业类型", "组织类型", "市场主体类型", "单位类型", "kind", "type", "entity type"),
    "credit_code": ("统一社会信用代码", "信用代码", "社会信用代码", "统一信用代码", "统一代码", "统一社会信用代码号", "社会统一信用代码", "税号", "纳税人识别号", "credit code", "uscc", "unified social credit code"),
    "id_kind": ("证件类型", "证件种类", "证件名称", "身份证件类型", "id type", "id kind", "document type"),
    "id_number": ("证件号码", "证件号", "身份证号", "身份证号码", "身份证件号码", "公民身份号码", "居民身份证号码", "身份证", "id number", "id no", "id card"),
    "mobile": ("手机号", "手机", "手机号码", "移动电话", "联系电话", "联系方式", "联系手机", "电话", "mobile", "phone", "mobile number"),
    "town": ("所属街镇", "街镇", "所在街镇", "镇街", "街道", "街道镇", "乡镇", "乡镇街道", "属地", "所属镇", "town", "subdistrict"),
    "registered_on": ("成立日期", "注册日期", "登记日期", "设立日期", "成立时间", "注册时间", "开业日期", "registered on", "registration date", "founded on"),
    "status": ("登记状态", "状态", "经营状态", "企业状态", "存续状态", "status"),
    "address": ("地址", "住所", "注册地址", "经营地址", "经营场所", "联系地址", "企业地址", "单位地址", "登记地址", "address"),
    "former_name": ("曾用名", "原名称", "原名", "更名前名称", "former name"),
}  # fmt: skip
RELATION_COLUMNS: Mapping[str, Sequence[str]] = {
    "from": ("主体代码或证件号", "主体代码", "主体证件号", "主体号码", "甲方代码", "from", "from code"),
    "kind": ("关系", "关系类型", "主体关系", "relation", "relation type"),
    "to": ("对方代码或证件号", "对方代码", "对方证件号", "对方号码", "对方统一社会信用代码", "乙方代码", "to", "to code"),
    "starts_on": ("起始日期", "开始日期", "起", "起始时间", "任职日期", "入驻日期", "from date", "starts on"),
    "ends_on": ("截止日期", "结束日期", "止", "终止日期", "截止时间", "to date", "ends on"),
    "share": ("持股比例", "出资比例", "股权比例", "share"),
}  # fmt: skip


@dataclass(frozen=True)
class Header:
    """Where a table's head stands (counted from 1), which column holds what, and what it is called there."""

    row: int
    places: Mapping[str, int]
    names: Mapping[str, str]
    ignored: Sequence[str]


def even_out(text: str) -> str:
    """A column's name without blanks, stars, brackets and differences of width or case."""
    return _UNTOLD.sub("", unicodedata.normalize("NFKC", text)).casefold()


def find_columns(cells: Sequence[str], known: Mapping[str, Sequence[str]], row: int) -> Header:
    """What the cells of one row would name if it were a head; of two columns of one meaning the first counts."""
    meaning = {even_out(name): key for key, names in known.items() for name in names}
    places: dict[str, int] = {}
    names: dict[str, str] = {}
    ignored: list[str] = []
    for place, text in enumerate(cells):
        key = meaning.get(even_out(text)) if text.strip() else None
        if key is not None and key not in places:
            places[key], names[key] = place, text.strip()
        elif text.strip():
            ignored.append(text.strip())
    return Header(row, places, names, ignored)


def is_party_header(header: Header) -> bool:
    """Whether a row can be the head of a list of parties: a name, or a number to find them by, and something more."""
    return len(header.places) > 1 and bool({"name", "credit_code", "id_number"} & set(header.places))


def is_relation_header(header: Header) -> bool:
    """Whether a row is the head of a list of relations."""
    return {"from", "kind", "to"} <= set(header.places)
