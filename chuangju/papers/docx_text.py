"""Text in Word - what a reader of the printed paragraph would see: insertions yes, deletions no, breaks as lines."""

from __future__ import annotations

from lxml import etree

from chuangju.papers.docx_numbering import Numbering
from chuangju.papers.grids import visible_text

# Parts whose text is not on the paper: deleted or moved away, alternatives for old programs, readings above characters.
_UNSEEN = frozenset(
    {"del", "moveFrom", "Fallback", "rt", "instrText", "delText", "pPr", "rPr", "tblPr", "tcPr", "trPr"}
)
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
# What holds blocks without being one: content controls, tracked insertions, custom mark-up.
CONTAINERS = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "AlternateContent", "Choice"})


def local_name(node: etree._Element) -> str:
    """The name of an element without its namespace (transitional and strict files differ only there)."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def paragraph_text(paragraph: etree._Element, numbering: Numbering) -> str:
    """The paragraph's text with the marker Word draws before it."""
    pieces: list[str] = []
    _collect(paragraph, pieces, numbering)
    text = "".join(pieces)
    marker = numbering.next_marker(paragraph)
    return marker + text if marker else text


def cell_text(cell: etree._Element, numbering: Numbering) -> str:
    """All paragraphs of a cell, one a line; of a table within it too."""
    lines: list[str] = []
    _collect_blocks(cell, lines, numbering)
    return visible_text("\n".join(lines)).strip("\n")


def _collect_blocks(node: etree._Element, lines: list[str], numbering: Numbering) -> None:
    for child in node:
        name = local_name(child)
        if name == "p":
            lines.append(paragraph_text(child, numbering))
        elif name not in _UNSEEN:
            _collect_blocks(child, lines, numbering)


def _collect(node: etree._Element, pieces: list[str], numbering: Numbering) -> None:
    for child in node:
        name = local_name(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            if not _is_hidden(child):
                _collect(child, pieces, numbering)
        elif name in _SIGNS:
            pieces.append(_SIGNS[name])
        elif name == "p":
            # A text box anchored in the paragraph.
            pieces.append("\n" + paragraph_text(child, numbering))
        elif name not in _UNSEEN:
            _collect(child, pieces, numbering)


def _is_hidden(run: etree._Element) -> bool:
    mark = run.find("{*}rPr/{*}vanish")
    if mark is None:
        return False
    return all(value not in {"0", "false", "off"} for value in mark.attrib.values())
