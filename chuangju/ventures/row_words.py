"""What the cells of a register say: kinds, documents, states, towns, days and shares, however people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from chuangju.ventures.models import Party, PartyRelation

_DAY = re.compile(r"(\d{4})(?:年|[-/.．])(\d{1,2})(?:月|[-/.．])(\d{1,2})日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?\Z")
_PACKED_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
_PERCENT = Decimal(100)

_KINDS = {
    Party.Kind.FIRM: "企业 公司 有限公司 有限责任公司 股份有限公司 股份公司 合伙企业 有限合伙 个人独资企业 企业法人 内资企业 外资企业 私营企业 firm company",
    Party.Kind.INDIVIDUAL_BUSINESS: "个体工商户 个体户 个体 individual_business individual",
    Party.Kind.COOPERATIVE: "农民专业合作社 合作社 专业合作社 cooperative",
    Party.Kind.SOCIAL_ORGANISATION: "社会组织 民办非企业单位 民办非企业 社会团体 基金会 社会服务机构 social_organisation",
    Party.Kind.PERSON: "个人 自然人 人员 创业者 person",
    Party.Kind.TEAM: "创业团队 团队 项目团队 team",
    Party.Kind.SCHOOL: "学校 高校 大学 高等学校 中职 中等职业学校 school university",
    Party.Kind.ASSOCIATION: "社团 协会 商会 联谊会 学生社团 校园社团 association club",
    Party.Kind.PROVIDER: "服务机构 机构 孵化器 众创空间 孵化载体 培训机构 中介机构 provider incubator",
}
_ID_KINDS = {
    Party.IdKind.RESIDENT: "居民身份证 身份证 二代身份证 resident",
    Party.IdKind.HMT_PERMIT: "港澳台居民居住证 港澳居民居住证 台湾居民居住证 居住证 hmt_permit",
    Party.IdKind.FOREIGN_PERMANENT: "外国人永久居留身份证 外国人永久居留证 永久居留证 永久居留身份证 foreign_permanent",
    Party.IdKind.PASSPORT: "护照 passport",
}
_STATUSES = {
    Party.Status.ACTIVE: "存续 在业 开业 正常 在营 存续（在营、开业、在册） 在册 active",
    Party.Status.CLOSED: "注销 已注销 closed",
    Party.Status.REVOKED: "吊销 吊销未注销 吊销,未注销 吊销，未注销 已吊销 revoked",
    Party.Status.MOVED_OUT: "迁出 已迁出 moved_out",
}
_RELATIONS = {
    PartyRelation.Kind.LEGAL_REPRESENTATIVE: "法定代表人 法人代表 法人 负责人 经营者 legal_representative",
    PartyRelation.Kind.SHAREHOLDER: "股东 出资人 投资人 shareholder",
    PartyRelation.Kind.FOUNDER: "创办人 创始人 发起人 founder",
    PartyRelation.Kind.EMPLOYEE: "员工 职工 雇员 employee",
    PartyRelation.Kind.MEMBER_OF: "成员 会员 团队成员 member_of member",
    PartyRelation.Kind.STUDENT_OF: "学生 在校生 student_of student",
    PartyRelation.Kind.TEACHER_OF: "教师 老师 teacher_of teacher",
    PartyRelation.Kind.BRANCH_OF: "分支机构 分公司 下属机构 branch_of branch",
    PartyRelation.Kind.BECOMES: "团队落地为 落地为 转为 becomes",
    PartyRelation.Kind.INCUBATED_IN: "入驻孵化 入驻 在孵 incubated_in",
}


def _lookup(words: Mapping[Any, str]) -> dict[str, str]:
    table = {_even(each): str(value) for value, text in words.items() for each in text.split()}
    return table | {_even(value): str(value) for value in words}


def _even(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


_TABLES = {
    "kind": _lookup(_KINDS),
    "id_kind": _lookup(_ID_KINDS),
    "status": _lookup(_STATUSES),
    "relation": _lookup(_RELATIONS),
}


def word_of(table: str, text: str) -> str:
    """What a word stands for in one of the tables (kind, id_kind, status, relation); empty for an unknown word."""
    return _TABLES[table].get(_even(text), "")


def day_of(text: str) -> date | None:
    """A day however it is written (2026年3月1日, 2026-3-1, 2026/03/01, 20260301); None for what is none."""
    even = unicodedata.normalize("NFKC", text).strip()
    found = _DAY.match(even) or _PACKED_DAY.match(even)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def share_of(text: str) -> int | None:
    """A share in ten-thousandths (30%, 30.5 %, 0.3, 30); None for what is none."""
    even = unicodedata.normalize("NFKC", text).replace(" ", "")
    try:
        number = Decimal(even.removesuffix("%"))
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    is_fraction = not even.endswith("%") and number <= 1
    whole = number * _PERCENT * (_PERCENT if is_fraction else 1)
    return int(whole) if whole == whole.to_integral_value() else None
