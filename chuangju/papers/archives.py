"""Archives - docx and xlsx are zip files made by strangers: what they hold is counted and looked at before it is used."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from chuangju.papers.sentences import unreadable

MEGABYTE = 1024 * 1024
MAX_PARTS = 2_000
MAX_INFLATED = 200 * MEGABYTE
MAX_RATIO = 100
# Below this a high ratio is only the sameness of a small table.
RATIO_COUNTS_FROM = 10 * MEGABYTE
_CHUNK = 256 * 1024
_DOCTYPES = tuple(
    mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be")
)
_LONGEST_MARK = max(len(mark) for mark in _DOCTYPES)


def open_archive(path: Path) -> zipfile.ZipFile:
    """The archive, once every part of it has been inflated under count and found harmless."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError) as error:
        raise unreadable("damaged") from error
    try:
        _check_parts(archive, path.stat().st_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        archive.close()
        raise unreadable("damaged") from error
    except BaseException:
        archive.close()
        raise
    return archive


def _check_parts(archive: zipfile.ZipFile, size: int) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise unreadable("too_many_parts", count=len(parts), limit=MAX_PARTS)
    if any(part.flag_bits & 1 for part in parts):
        raise unreadable("encrypted")
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise unreadable("macros")
    inflated = 0
    for part in parts:
        for count in _inflate_part(archive, part):
            inflated += count
            # Counted while inflating: what the archive says of itself is not believed.
            if inflated > MAX_INFLATED:
                raise unreadable("inflates_too_much", limit=MAX_INFLATED // MEGABYTE)
            if inflated > RATIO_COUNTS_FROM and inflated > MAX_RATIO * max(size, 1):
                raise unreadable("inflates_too_fast", limit=MAX_RATIO)


def _inflate_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[int]:
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield len(chunk)
            if is_xml:
                seen = tail + chunk
                if any(mark in seen for mark in _DOCTYPES):
                    raise unreadable("document_type")
                tail = seen[-_LONGEST_MARK:]


def read_xml(archive: zipfile.ZipFile, part: str) -> etree._Element | None:
    """The root of one XML part, or None where the archive does not hold it."""
    try:
        content = archive.read(part)
    except KeyError:
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise unreadable("damaged") from error


def content_types(archive: zipfile.ZipFile) -> dict[str, str]:
    """What each part says it is, by its name without the leading slash."""
    root = read_xml(archive, "[Content_Types].xml")
    if root is None:
        return {}
    return {
        node.get("PartName", "").lstrip("/"): node.get("ContentType", "")
        for node in root
        if etree.QName(node).localname == "Override"
    }
