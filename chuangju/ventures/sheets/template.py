"""The template of a register: two empty sheets with the columns as they are best called, and how to fill them in."""

from __future__ import annotations

import io
from collections.abc import Callable

import xlsxwriter

from chuangju.papers.sheets import Styles, lay_out
from chuangju.ventures.sheets.columns import PARTY_COLUMNS, RELATION_COLUMNS


def _(text: str) -> str:
    """Marks a source text for translation."""
    return text


PARTIES, RELATIONS, HELP = _("主体"), _("关系"), _("填写说明")
LINES = (
    _("“主体”一行一个：企业、个体工商户、合作社、社会组织填统一社会信用代码，个人填证件号码。"),
    _("主体类型可填：企业、个体工商户、农民专业合作社、社会组织、个人、创业团队、学校、社团、服务机构。"),
    _("证件类型可填：居民身份证、港澳台居民居住证、外国人永久居留身份证、护照；留空则按号码判断。"),
    _("登记状态可填：存续、注销、吊销、迁出；日期如 2026-03-01。"),
    _("已登记的主体按信用代码或证件号码对应，只更新填写了的格子；重复导入不会重复登记。"),
    _("“关系”可不填：左右两边填信用代码或证件号码，例如个人 → 企业：法定代表人。"),
    _("关系可填：法定代表人、股东、创办人、员工、成员、学生、教师、分支机构、团队落地为、入驻孵化。"),
    _("列的顺序不限，多余的列会忽略；请勿填写国家秘密、工作秘密。"),
)
_WIDTH = 22
_HELP_WIDTH = 100


def template_workbook(translate: Callable[[str], str]) -> bytes:
    """The workbook; sheets and help in the reader's language, columns under the names that are always understood."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        styles = Styles(book)
        text = book.add_format({"num_format": "@"})
        for title, columns in ((PARTIES, PARTY_COLUMNS), (RELATIONS, RELATION_COLUMNS)):
            sheet = book.add_worksheet(translate(title))
            for place, names in enumerate(columns.values()):
                sheet.write_string(0, place, names[0], styles.get("header"))
            # Cells as text, so that no program shortens an 18-digit number.
            sheet.set_column(0, len(columns) - 1, _WIDTH, text)
            lay_out(sheet, header_row=0)
        help_sheet = book.add_worksheet(translate(HELP))
        help_sheet.set_column(0, 0, _HELP_WIDTH)
        for row, line in enumerate(LINES):
            help_sheet.write_string(row, 0, translate(line))
    return out.getvalue()
