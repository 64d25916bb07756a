"""Reading - the tables of a file, known by what the file holds and not by what it is called."""

from __future__ import annotations

from pathlib import Path

from chuangju.papers.decoding import decode_text
from chuangju.papers.grids import Grid, UnreadableFile
from chuangju.papers.limits import MAX_FILE_MEGABYTES, check_cells
from chuangju.papers.sentences import name_file, unreadable

_MEGABYTE = 1024 * 1024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What other files begin with, and the sentence that tells so.
_OTHERS = (
    (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image"), (b"BM", "image"), (b"II*\0", "image"),
    (b"MM\0*", "image"), (b"%PDF", "pdf"), (b"{\\rtf", "rich_text"), (b"7z\xbc\xaf", "archive"), (b"Rar!", "archive"),
    (b"\x1f\x8b", "archive"), (b"BZh", "archive"), (b"\xfd7zXZ", "archive"),
)  # fmt: skip
_MARKUP = (
    ("<!doctype html", "web_page"),
    ("<html", "web_page"),
    ("<?xml", "xml"),
    ("<table", "web_page"),
    ("mime-version:", "web_page"),
)
_MAIN = "application/vnd.openxmlformats-officedocument."


def read_grids(path: Path, *, name: str | None = None) -> list[Grid]:
    """All tables of the file; `name` is what its owner calls it, for the sentence when it cannot be read."""
    try:
        grids = _read(Path(path))
        check_cells(grids)
    except UnreadableFile as refusal:
        raise name_file(refusal, name or Path(path).name) from refusal
    return grids


def _read(path: Path) -> list[Grid]:
    content = _load(path)
    if content.startswith(_ZIP):
        return _read_archive(path)
    if content.startswith(_OLE):
        raise unreadable(_kind_of_old_file(content))
    for mark, code in _OTHERS:
        if content.startswith(mark):
            raise unreadable(code)
    from chuangju.papers.text_tables import read_text_table  # noqa: PLC0415 - only what is needed is loaded

    text = decode_text(content)
    start = text[:200].lstrip().lower()
    for tag, code in _MARKUP:
        if start.startswith(tag):
            raise unreadable(code)
    return read_text_table(text)


def _load(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise unreadable("folder")
        if not path.exists():
            raise unreadable("missing")
        if not path.is_file():
            raise unreadable("not_a_file")
        size = path.stat().st_size
        if size > MAX_FILE_MEGABYTES * _MEGABYTE:
            raise unreadable("too_large", size=-(-size // _MEGABYTE), limit=MAX_FILE_MEGABYTES)
        content = path.read_bytes()
    except PermissionError as error:
        raise unreadable("forbidden") from error
    except (OSError, ValueError) as error:
        # A failing disk, or a name that no file can have.
        raise unreadable("unreadable") from error
    if not content.strip():
        raise unreadable("empty")
    return content


def _kind_of_old_file(content: bytes) -> str:
    marks = (
        ("EncryptedPackage", "encrypted"),
        ("WordDocument", "old_word"),
        ("Workbook", "old_excel"),
        ("Book", "old_excel"),
    )
    for mark, code in marks:
        if mark.encode("utf-16-le") in content:
            return code
    return "old_office"


def _read_archive(path: Path) -> list[Grid]:
    from chuangju.papers.archives import content_types, open_archive  # noqa: PLC0415 - only what is needed is loaded

    with open_archive(path) as archive:
        names = set(archive.namelist())
        types = content_types(archive)
        if any("sheet.binary" in kind for kind in types.values()):
            raise unreadable("binary_workbook")
        if any("macroEnabled" in kind for kind in types.values()):
            raise unreadable("macros")
        for part, kind in types.items():
            if part not in names:
                continue
            if kind.startswith(_MAIN + "wordprocessingml") and kind.endswith(
                ("document.main+xml", "template.main+xml")
            ):
                from chuangju.papers.docx_tables import read_docx  # noqa: PLC0415 - only what is needed is loaded

                return read_docx(archive, part)
            if kind.startswith(_MAIN + "spreadsheetml") and kind.endswith(("sheet.main+xml", "template.main+xml")):
                from chuangju.papers.xlsx_sheets import read_xlsx  # noqa: PLC0415 - only what is needed is loaded

                return read_xlsx(path, archive)
        raise unreadable(_kind_of_archive(names, types))


def _kind_of_archive(names: set[str], types: dict[str, str]) -> str:
    if any("presentationml" in kind for kind in types.values()):
        return "presentation"
    if "mimetype" in names:
        return "open_document"
    if any(name.startswith(("word/", "xl/")) for name in names):
        return "damaged"
    return "archive"
