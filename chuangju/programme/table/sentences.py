"""Sentences of the table reader - why a table is refused and what was noticed: source texts with their codes."""

from __future__ import annotations

from collections.abc import Callable

from chuangju.papers.grids import UnreadableFile
from chuangju.papers.sentences import say_refusal
from chuangju.programme.table.result import TableWarning, UnreadableTable


def _(text: str) -> str:
    """Marks a source text for translation (see papers.sentences)."""
    return text


REFUSALS = {
    "no_header": _("没有找到表头：需要有一行写着“工作任务”和“牵头部门”等列名。"),
    "missing_column": _("第 %(row)s 行的表头缺少“%(column)s”一列。"),
    "double_column": _("第 %(row)s 行的表头有两列都像“%(key)s”：“%(first)s”和“%(second)s”，请只保留一列或改名。"),
    "no_rows": _("表头（第 %(row)s 行）下面没有任务行。"),
    "no_task": _("第 %(row)s 行（序号 %(number)s）的“%(column)s”一列是空的。"),
    "no_task_unnumbered": _("第 %(row)s 行的“%(column)s”一列是空的。"),
    "no_lead": _("第 %(row)s 行（序号 %(number)s）的“%(column)s”一列是空的，每项任务都要有牵头部门。"),
    "no_lead_unnumbered": _("第 %(row)s 行的“%(column)s”一列是空的，每项任务都要有牵头部门。"),
    "duplicate_number": _("第 %(row)s 行的“%(column)s”%(number)s 与第 %(first)s 行重复。"),
    "duplicate_number_apart": _("第 %(row)s 行的“%(column)s”%(number)s 与“%(other)s”的第 %(first)s 行重复。"),
    "number_unclear": _("第 %(row)s 行的“%(column)s”“%(text)s”不是整数。"),
    "row_does_not_fit": _("从第 %(row)s 行开始的一项任务有 %(count)s 个单元格，与表头的 %(width)s 列对不上。"),
    "row_too_wide": _("第 %(row)s 行有 %(count)s 个单元格，而表头只有 %(width)s 列，从“%(column)s”一列起对不上。"),
}

WARNINGS = {
    "category_repeated": _("单元格内重复书写，已合为“%(category)s”。"),
    "category_again": _("类别“%(category)s”在别的类别之后再次出现，已并入同名类别。"),
    "number_missing": _("缺少序号，按先后编为 %(number)s。"),
    "numbers_assigned": _("没有序号列，已按先后编号。"),
    "numbers_shared": _("“%(column)s”一格对应多项任务，已按先后重新编号。"),
    "numbers_coded": _("“%(column)s”写的是“%(text)s”这样的编号，不是整数，已按先后重新编号。"),
    "numbers_restarted": _("“%(column)s”在每个类别中重新从 1 开始，已按先后连续编号。"),
    "number_gap": _("序号从 %(previous)s 跳到 %(number)s。"),
    "number_order": _("序号 %(number)s 排在 %(previous)s 之后，次序不对。"),
    "unit_twice": _("“%(unit)s”写了两次，只取一次。"),
    "unit_both": _("“%(unit)s”既牵头又配合，请核对。"),
    "unit_joined": _("断成两行的“%(unit)s”已连成一个名称，请核对。"),
    "unit_open_ended": _("“%(unit)s”没有列全单位，请核对。"),
    "first_leads": _("“%(column)s”一列按“排在第一的为牵头单位”读入，其余为配合单位。"),
    "group_unresolved": _("“%(unit)s”没有写明是哪些单位，确定之前不对应任何单位。"),
    "no_measures": _("没有写“%(column)s”。"),
    "no_measures_column": _("表中没有推进举措一列。"),
    "no_cooperating_column": _("表中没有配合单位一列。"),
    "column_ignored": _("“%(column)s”一列不是任务表的内容，没有读入。"),
    "row_ignored": _("第 %(line)s 行不是任务，没有读入：“%(text)s”。"),
    "text_ignored": _("表后的文字没有读入：“%(text)s”。"),
    "cell_ignored": _("第 %(line)s 行有一格上方没有列名，没有读入：“%(text)s”。"),
    "table_ignored": _("文件中还有一张任务表“%(label)s”，编号与前表重复，没有读入。"),
    "title_missing": _("没有找到表题。"),
}


def refuse(code: str, **params: object) -> UnreadableTable:
    """The refusal of that code, not yet naming the file."""
    return UnreadableTable(REFUSALS[code] % params, code=code, params=params)


def warn(code: str, *, cell: str | None = None, **params: object) -> TableWarning:
    """The warning of that code in that column; the number of its task is put in when it is known."""
    return TableWarning(row=None, cell=cell, text=WARNINGS[code] % params, code=code, params=params)


def translate_refusal(refusal: UnreadableFile, translate: Callable[[str], str]) -> str:
    """The refusal's sentence in the reader's language; `translate` is gettext."""
    return say_refusal(refusal, translate, REFUSALS)


def translate_warning(warning: TableWarning, translate: Callable[[str], str]) -> str:
    """The warning's sentence in the reader's language; `translate` is gettext."""
    source = WARNINGS.get(warning.code)
    return translate(source) % warning.params if source else warning.text
