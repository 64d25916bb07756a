"""二维码 - an address as a code to be scanned from paper or screen."""

from __future__ import annotations

import io

import segno

# A quarter of the code may be soiled by a stamp and it still reads.
_ERROR_LEVEL = "q"
# The white edge that the standard asks for, in modules.
_BORDER = 4
_PNG_SCALE = 8


def qr_svg(text: str, *, scale: float = 4) -> str:
    """The code as an inline SVG, `scale` pixels a module; raises ValueError when the text is too long for any code."""
    out = io.BytesIO()
    _make(text).save(
        out, kind="svg", scale=scale, border=_BORDER, xmldecl=False, svgns=True, nl=False, omitsize=False, light="#fff"
    )
    return out.getvalue().decode("utf-8")


def qr_png(text: str) -> bytes:
    """The code as a picture for papers, eight dots a module; raises ValueError when the text is too long for any code."""
    out = io.BytesIO()
    _make(text).save(out, kind="png", scale=_PNG_SCALE, border=_BORDER)
    return out.getvalue()


def _make(text: str) -> segno.QRCode:
    return segno.make_qr(text, error=_ERROR_LEVEL, encoding="utf-8")
