"""QR codes: what is scanned is what was written, from picture and from page."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from chuangju.papers.qr_codes import qr_png, qr_svg
from tests.papers.samples import ADDRESS


def scanned(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("text", [ADDRESS, "扫码核验：闵创建办〔2026〕1号", "x" * 300])
def test_a_code_reads_back(text: str) -> None:
    assert scanned(Image.open(io.BytesIO(qr_png(text))).convert("L")) == [text]


def test_a_code_under_a_stamp_still_reads() -> None:
    picture = Image.open(io.BytesIO(qr_png(ADDRESS))).convert("L")
    side = picture.width // 5
    ImageDraw.Draw(picture).ellipse(
        [picture.width // 2, picture.width // 2, picture.width // 2 + side, picture.width // 2 + side], fill=0
    )
    assert scanned(picture) == [ADDRESS]


def test_the_drawing_for_pages_brings_its_own_white_and_no_styles() -> None:
    svg = qr_svg(ADDRESS, scale=3)
    assert svg.startswith("<svg")
    assert 'fill="#fff"' in svg
    assert "style=" not in svg


def test_a_text_too_long_for_any_code_is_refused() -> None:
    with pytest.raises(ValueError, match=r"."):
        qr_png("x" * 5000)
