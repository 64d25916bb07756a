"""Why a file cannot be read, in one sentence each: the source texts, for whoever shows them in another language."""

from __future__ import annotations

from collections.abc import Callable

from chuangju.papers.grids import UnreadableFile


def _(text: str) -> str:
    """Marks a source text for translation; the translating is left to those who know the reader's language."""
    return text


NAMED = _("%(name)s：%(sentence)s")

SENTENCES = {
    "missing": _("找不到这个文件，请检查文件名和所在文件夹。"),
    "folder": _("这是文件夹，不是文件，请指定其中的表格文件。"),
    "not_a_file": _("这不是普通文件，无法读取。"),
    "forbidden": _("没有读取这个文件的权限。"),
    "unreadable": _("文件读不出来，请重新保存后再试。"),
    "empty": _("文件是空的，没有任何内容。"),
    "too_large": _("文件有 %(size)s MB，超过 %(limit)s MB 的上限。"),
    "image": _("内容是图片，不是表格，请提供 docx、xlsx、csv 或文本文件。"),
    "pdf": _("内容是 PDF，请提供原来的 docx 或 xlsx 文件。"),
    "web_page": _("内容是网页，请在 Word 或 WPS 中打开后另存为 docx 或 xlsx。"),
    "xml": _("内容是 XML，请在 Word 或 WPS 中打开后另存为 docx 或 xlsx。"),
    "rich_text": _("内容是 RTF 格式，请在 Word 或 WPS 中另存为 docx。"),
    "old_word": _("这是旧版 Word 文档（.doc），请在 Word 或 WPS 中另存为 docx。"),
    "old_excel": _("这是旧版 Excel 工作簿（.xls），请在 Excel 或 WPS 中另存为 xlsx。"),
    "old_office": _("这是旧版 Office 文件，请在 Word、Excel 或 WPS 中另存为 docx 或 xlsx。"),
    "open_document": _("这是 OpenDocument 文件，请另存为 docx 或 xlsx。"),
    "binary_workbook": _("这是二进制工作簿（.xlsb），请另存为 xlsx。"),
    "presentation": _("这是演示文稿，不是表格，请提供 docx、xlsx、csv 或文本文件。"),
    "archive": _("这是压缩包，请解压后提供其中的表格文件。"),
    "encrypted": _("文件设有密码，请取消密码后再试。"),
    "macros": _("文件带有宏，为安全起见不予读取，请另存为不含宏的 docx 或 xlsx。"),
    "damaged": _("文件已损坏或不完整，请重新保存或重新取得后再试。"),
    "too_many_parts": _("压缩内容有 %(count)s 个部分，超过 %(limit)s 个的上限，不予读取。"),
    "inflates_too_much": _("压缩内容展开后超过 %(limit)s MB，不予读取。"),
    "inflates_too_fast": _("压缩内容的压缩比超过 %(limit)s 倍，不像正常的表格文件，不予读取。"),
    "document_type": _("文件内含 DTD 或外部实体声明，为安全起见不予读取。"),
    "too_many_rows": _("表格有 %(count)s 行，超过 %(limit)s 行的上限。"),
    "too_many_columns": _("表格有 %(count)s 列，超过 %(limit)s 列的上限。"),
    "cell_too_long": _("第 %(row)s 行第 %(column)s 列的单元格有 %(count)s 个字，超过 %(limit)s 个字的上限。"),
    "not_text": _("内容不是文本，也不是 docx、xlsx 或 csv 表格。"),
    "wrong_encoding": _("第 %(line)s 行的文字编码不对，请用 UTF-8 或 GB18030 编码重新保存。"),
    "unknown_encoding": _("认不出文字编码，请用 UTF-8 或 GB18030 编码重新保存。"),
    "unclosed_quote": _("从第 %(line)s 行开始的引号没有闭合。"),
    "bad_quote": _("第 %(line)s 行的引号用得不对：引号内的引号要写两遍。"),
    "cells_do_not_fit": _("第 %(line)s 行开始的一行有 %(count)s 个单元格，而表头有 %(width)s 列。"),
    "no_table": _("文件里没有表格。"),
    "timed_out": _("读了 %(seconds)s 秒还没有读完，已停止，请拆成较小的文件再试。"),
    "out_of_memory": _("读取时超出了内存上限，请拆成较小的文件再试。"),
    "crashed": _("读取时出错，文件可能已损坏，请重新保存后再试。"),
}


def unreadable(code: str, **params: object) -> UnreadableFile:
    """The refusal of that code, its sentence filled in but not yet naming the file."""
    return UnreadableFile(SENTENCES[code] % params, code=code, params=params)


def name_file(refusal: UnreadableFile, name: str) -> UnreadableFile:
    """The same refusal with the file's name before its sentence."""
    if "name" in refusal.params:
        return refusal
    # Names may hold line breaks and worse; the sentence stays on one line.
    name = "".join(sign if sign.isprintable() else " " for sign in name)
    sentence = NAMED % {"name": name, "sentence": refusal.sentence}
    return type(refusal)(sentence, code=refusal.code, params={**refusal.params, "name": name})


def say_refusal(refusal: UnreadableFile, translate: Callable[[str], str], sources: dict[str, str] | None = None) -> str:
    """The sentence in the reader's language; `sources` are the texts of a package above, by code."""
    source = {**SENTENCES, **(sources or {})}.get(refusal.code)
    if source is None:
        return refusal.sentence
    sentence = translate(source) % refusal.params
    name = refusal.params.get("name")
    return translate(NAMED) % {"name": name, "sentence": sentence} if name else sentence
