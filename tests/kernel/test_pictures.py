"""Pictures come out upright, small and without a trace of the camera."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from chuangju.kernel import pictures
from chuangju.kernel.pictures import PictureRefused, reencode_picture
from tests.kernel.files import picture


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_accepted_kind_becomes_a_jpeg_that_shows_the_same(kind: str) -> None:
    image = opened(reencode_picture(picture(kind)))
    assert (image.format, image.size) == ("JPEG", (60, 40))
    red, blue = image.getpixel((5, 20)), image.getpixel((55, 20))
    assert (red[0] > 200, red[2] < 60) == (True, True)
    assert (blue[2] > 200, blue[0] < 60) == (True, True)


def test_a_picture_taken_with_the_camera_turned_stands_upright_and_tells_nothing_of_the_camera() -> None:
    original = picture(exif=True)
    assert b"Spy Camera" in original
    content = reencode_picture(original)
    image = opened(content)
    assert image.size == (40, 60)
    assert image.getpixel((20, 5))[0] > 200
    assert len(image.getexif()) == 0
    assert b"Spy Camera" not in content


def test_large_pictures_are_made_smaller_and_small_ones_are_left_their_size() -> None:
    assert opened(reencode_picture(picture(size=(5200, 2600)))).size == (2560, 1280)
    assert opened(reencode_picture(picture(size=(30, 20)))).size == (30, 20)


def test_what_is_transparent_becomes_white_as_on_paper() -> None:
    image = opened(reencode_picture(picture("PNG", mode="RGBA")))
    assert image.getpixel((55, 20)) == (255, 255, 255)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PIXELS", 60 * 40 - 1)
    with pytest.raises(PictureRefused, match="请缩小后再传"):
        reencode_picture(picture())


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_kinds_that_lie_whole_in_memory_may_have_fewer_pixels(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pictures.MAX_PIXELS_OF, kind, 60 * 40 - 1)
    reencode_picture(picture())
    with pytest.raises(PictureRefused, match="另存为 jpg"):
        reencode_picture(picture(kind))


def test_a_large_picture_with_a_palette_is_mixed_from_its_colours() -> None:
    content = BytesIO()
    Image.linear_gradient("L").resize((3000, 30)).convert("P").save(content, "PNG")
    image = opened(reencode_picture(content.getvalue()))
    assert (image.mode, image.size) == ("RGB", (2560, 26))


def test_a_bomb_that_claims_more_pixels_than_the_library_allows_is_refused() -> None:
    content = bytearray(picture("PNG"))
    content[16:24] = (60_000).to_bytes(4, "big") * 2
    with pytest.raises(PictureRefused, match="已损坏"):
        reencode_picture(bytes(content))


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", picture()[:400], b"GIF89a" + b"\x00" * 40, b"<svg/>"])
def test_what_cannot_be_decoded_is_refused(content: bytes) -> None:
    with pytest.raises(PictureRefused, match="图片已损坏"):
        reencode_picture(content)
