"""Word 字体 - the fonts that official papers name, and what a machine without them should take instead."""

from __future__ import annotations

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import etree

TITLE_FONT, TEXT_FONT, HEAD_FONT, KAI_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
LATIN_FONT, PAGE_FONT = "Times New Roman", "宋体"

# In order of likeness: what WPS, Word for Windows and for the Mac, and LibreOffice on a Chinese Linux bring along.
_SUBSTITUTES = {
    TITLE_FONT: ("FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "华文中宋", "STZhongsong", "宋体", "Noto Serif CJK SC"),
    TEXT_FONT: ("FangSong_GB2312", "仿宋", "FangSong", "华文仿宋", "STFangsong", "Noto Serif CJK SC", "Noto Serif SC"),
    KAI_FONT: ("KaiTi_GB2312", "楷体", "KaiTi", "华文楷体", "STKaiti", "Noto Serif CJK SC", "Noto Serif SC"),
    HEAD_FONT: ("SimHei", "华文黑体", "STHeiti", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Micro Hei"),
    PAGE_FONT: ("SimSun", "华文宋体", "STSong", "Noto Serif CJK SC", "Noto Serif SC"),
}
# Serif or not: the last resort of a machine that has none of the names.
_FAMILIES = {HEAD_FONT: "swiss"}
_GB2312_CHARSET = "86"


def set_fonts(properties: etree._Element, font: str) -> None:
    """One font for Chinese and one for Latin: Word chooses by script only when both are named."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        # The first of a run's properties, or Word calls the file damaged.
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    # What a theme says would prevail over the names.
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{script}"), LATIN_FONT)
    fonts.set(qn("w:eastAsia"), font)
    # So that quotation marks and circled numbers are set in the Chinese font too.
    fonts.set(qn("w:hint"), "eastAsia")


def name_substitutes(document: Document) -> None:
    """Write into the font table what each font may be replaced with, so that no machine falls back to what it likes."""
    table = parse_xml(f"<w:fonts {nsdecls('w')}/>")
    for font, others in _SUBSTITUTES.items():
        entry = etree.SubElement(table, qn("w:font"), {qn("w:name"): font})
        for tag, value in (
            ("altName", ",".join(others)),
            ("charset", _GB2312_CHARSET),
            ("family", _FAMILIES.get(font, "roman")),
            ("pitch", "fixed"),
        ):
            etree.SubElement(entry, qn(f"w:{tag}"), {qn("w:val"): value})
    latin = etree.SubElement(table, qn("w:font"), {qn("w:name"): LATIN_FONT})
    for tag, value in (("charset", "00"), ("family", "roman"), ("pitch", "variable")):
        etree.SubElement(latin, qn(f"w:{tag}"), {qn("w:val"): value})
    _font_table(document)._blob = etree.tostring(  # noqa: SLF001 - the library has no way of its own to write a part
        table, xml_declaration=True, encoding="UTF-8", standalone=True
    )


def _font_table(document: Document) -> Part:
    return document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
