"""Files as people send them, and as people should not: made here, none is kept in the repository."""

from __future__ import annotations

import zipfile
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from PIL import Image

ORIENTATION, MAKE = 0x0112, 0x010F


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), *, exif: bool = False, mode: str = "RGB") -> bytes:
    """Red on the left, blue on the right; with `exif`, it says that it was taken with the camera turned."""
    image = Image.new(mode, size, "blue" if mode == "RGB" else (0, 0, 255, 0))
    image.paste("red" if mode == "RGB" else (255, 0, 0, 255), (0, 0, size[0] // 2, size[1]))
    out = BytesIO()
    if not exif:
        image.save(out, kind)
        return out.getvalue()
    marks = Image.Exif()
    marks[ORIENTATION], marks[MAKE] = 6, "Spy Camera"
    image.save(out, kind, exif=marks)
    return out.getvalue()


def docx(text: str = "会议纪要") -> bytes:
    document = Document()
    document.add_paragraph(text)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def archive(parts: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def office(extra: dict[str, bytes] | None = None, main: str = "word/document.xml") -> bytes:
    """The smallest thing that passes for a docx (or, with another main part, something else)."""
    return archive({"[Content_Types].xml": b"<Types/>", main: b"<w/>", **(extra or {})})
