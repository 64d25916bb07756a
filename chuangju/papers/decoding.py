"""Decoding - the words of a text file, whichever of the encodings in use here it was saved in."""

from __future__ import annotations

import codecs

from chuangju.papers.sentences import unreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Tab, line feed, vertical tab (a soft break), form feed, carriage return and the end-of-file mark of old systems.
_HARMLESS_CONTROLS = frozenset("\t\n\x0b\x0c\r\x1a")

# Letters, Chinese characters with their punctuation, and full-width forms.
_USUAL = ((" ", "~"), ("\u2000", "\u9fff"), ("\uff00", "\uffef"))


def decode_text(content: bytes) -> str:
    """The text, with line ends as line feeds; refuses what is not text."""
    text = _decode(content)
    if "\0" in text:
        raise unreadable("not_text")
    controls = sum(1 for sign in text if sign < " " and sign not in _HARMLESS_CONTROLS)
    if controls > len(text) // 1000:
        raise unreadable("not_text")
    for found, replacement in (("\r\n", "\n"), ("\r", "\n"), ("\x0b", "\n"), ("\x0c", "\n"), ("\x1a", "")):
        text = text.replace(found, replacement)
    return text.lstrip("\ufeff")


def _decode(content: bytes) -> str:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _decode_as(content, encoding)
    if content.count(0) > len(content) // 50:
        return _decode_wide(content)
    if b"\0" in content:
        raise unreadable("not_text")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        # One bad byte in a file that is otherwise UTF-8 is damage, not another encoding.
        if _is_mostly_utf8(content):
            raise unreadable("wrong_encoding", line=content.count(b"\n", 0, error.start) + 1) from error
    return _decode_as(content, "gb18030")


def _decode_as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "gb18030":
            raise unreadable("unknown_encoding") from error
        line = content[: error.start].decode(encoding, "ignore").count("\n") + 1
        raise unreadable("wrong_encoding", line=line) from error


def _decode_wide(content: bytes) -> str:
    """UTF-16 without its mark: the zero bytes of tabs and line ends tell the byte order."""
    little = content.count(b"\n\0") + content.count(b"\t\0") + content.count(b",\0")
    big = content.count(b"\0\n") + content.count(b"\0\t") + content.count(b"\0,")
    for encoding in ("utf-16-le", "utf-16-be") if little >= big else ("utf-16-be", "utf-16-le"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and sum(1 for sign in text if _is_usual(sign)) > len(text) * 0.9:
            return text
    raise unreadable("not_text")


def _is_usual(sign: str) -> bool:
    return sign in _HARMLESS_CONTROLS or any(first <= sign <= last for first, last in _USUAL)


def _is_mostly_utf8(content: bytes) -> bool:
    kept = content.decode("utf-8", "ignore")
    wide = sum(1 for sign in kept if sign >= "\u0800")
    lost = len(content) - len(kept.encode("utf-8"))
    return wide > 0 and lost * 20 < wide
