"""文件检查: what an uploaded file really is, by its content; whatever is not on the list, or hides something, is refused."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.pictures import PictureRefused, reencode_picture
from chuangju.kernel.refusals import Refused

MAX_UNPACKED = 200 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_RATIO = 100
_CHUNK = 256 * 1024
_MEGABYTE = 1024 * 1024

OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX, XLSX = OFFICE + "wordprocessingml.document", OFFICE + "spreadsheetml.sheet"
JPEG, PDF, CSV, TEXT = "image/jpeg", "application/pdf", "text/csv", "text/plain"
# What a browser's file picker offers; the content decides in the end.
ACCEPT = "image/jpeg,image/png,image/webp,.pdf,.docx,.xlsx,.csv,.txt"
_SUFFIXES = {
    JPEG: (".jpg", ".jpeg"),
    PDF: (".pdf",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    CSV: (".csv", ".tsv"),
    TEXT: (".txt",),
}
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ACTIVE_PARTS = ("vbaproject", "vbadata", "activex", "macrosheets")
_DOCTYPE = re.compile(rb"<\x00?!\x00?D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# Control characters and the marks that turn the reading direction: "exe.jpg" must not read as something else.
_HIDDEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class AttachmentRefused(Refused):
    """The file was not taken; the sentence names it and says why."""


@dataclass(frozen=True)
class CheckedFile:
    """A file as it will be stored: pictures are encoded anew, the rest is byte for byte what was sent."""

    name: str
    media_type: str
    content: bytes


def check_upload(upload: Any) -> CheckedFile:
    """Read and check an uploaded file (anything with `name` and `read`); raises AttachmentRefused."""
    name = clean_name(str(upload.name or ""))
    upload.seek(0)
    content: bytes = upload.read(settings.MAX_UPLOAD_BYTES + 1)
    upload.seek(0)
    if not content:
        raise AttachmentRefused(_("文件“%(name)s”是空的。") % {"name": name})
    if len(content) > settings.MAX_UPLOAD_BYTES:
        limit = settings.MAX_UPLOAD_BYTES // _MEGABYTE
        raise AttachmentRefused(_("文件“%(name)s”超过 %(limit)s MB。") % {"name": name, "limit": limit})
    media_type = _media_type(name, content)
    if media_type == JPEG:
        try:
            content = reencode_picture(content)
        except PictureRefused as refused:
            named = _("%(name)s：%(sentence)s") % {"name": name, "sentence": refused.sentence}
            raise AttachmentRefused(named) from refused
    return CheckedFile(_with_suffix(name, media_type), media_type, content)


def clean_name(name: str) -> str:
    """The last part of a file name, without folders and hidden characters, at most 120 characters."""
    base = _HIDDEN.sub("", PurePath(name.replace("\\", "/")).name).strip(" .")
    stem, dot, suffix = base.rpartition(".")
    return f"{stem[:100]}{dot}{suffix[:16]}" if stem else base[:100] or str(_("未命名"))


def _with_suffix(name: str, media_type: str) -> str:
    suffixes = _SUFFIXES[media_type]
    path = PurePath(name)
    if path.suffix.lower() in suffixes:
        return name
    return f"{path.stem or name}{suffixes[0]}"


def _media_type(name: str, content: bytes) -> str:
    if content.startswith(_PICTURES) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return JPEG
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(_OLD_OFFICE):
        raise AttachmentRefused(
            _("文件“%(name)s”是旧版 Office 格式，请另存为 docx 或 xlsx 后再传（加密的文件请先去掉密码）。")
            % {"name": name}
        )
    if content.startswith(b"PK\x03\x04"):
        return _office_type(name, content)
    suffix = PurePath(name).suffix.lower()
    if suffix in {".txt", ".csv", ".tsv"} and _is_text(content):
        return TEXT if suffix == ".txt" else CSV
    raise _unknown(name)


def _unknown(name: str) -> AttachmentRefused:
    return AttachmentRefused(
        _("文件“%(name)s”的类型不能上传；可上传：照片（jpg、png、webp）、pdf、docx、xlsx、csv、txt。") % {"name": name}
    )


def _is_text(content: bytes) -> bool:
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return not _CONTROL.search(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    return False


def _office_type(name: str, content: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise AttachmentRefused(_("文件“%(name)s”内的条目过多，已拒绝。") % {"name": name})
            parts = {entry.filename.lower() for entry in entries}
            _refuse_active_content(name, parts)
            _inflate_counting(name, archive, entries, len(content))
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError) as error:
        raise AttachmentRefused(_("文件“%(name)s”已损坏或加密，无法读取。") % {"name": name}) from error
    if "word/document.xml" in parts:
        return DOCX
    if "xl/workbook.xml" in parts:
        return XLSX
    raise _unknown(name)


def _refuse_active_content(name: str, parts: set[str]) -> None:
    if any(marker in part for part in parts for marker in _ACTIVE_PARTS):
        raise AttachmentRefused(_("文件“%(name)s”含有宏，请另存为不含宏的 docx 或 xlsx 后再传。") % {"name": name})


def _inflate_counting(name: str, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], packed: int) -> None:
    """Unpack everything once, in pieces, and stop at the limits: what the directory of the archive claims is not believed."""
    unpacked = 0
    for entry in entries:
        with archive.open(entry) as part:
            is_start = True
            while piece := part.read(_CHUNK):
                unpacked += len(piece)
                if unpacked > MAX_UNPACKED or unpacked > max(packed, _CHUNK) * MAX_RATIO:
                    raise AttachmentRefused(_("文件“%(name)s”解压后过大，已拒绝。") % {"name": name})
                if is_start and _DOCTYPE.search(piece):
                    raise AttachmentRefused(_("文件“%(name)s”引用了外部内容，已拒绝。") % {"name": name})
                if is_start and b"macroEnabled" in piece:
                    _refuse_active_content(name, {"vbaproject"})
                is_start = False
