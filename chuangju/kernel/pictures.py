"""图片: decoded under limits, turned upright, stripped of where and with what it was taken, and encoded anew."""

from __future__ import annotations

import struct
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from chuangju.kernel.refusals import Refused

MAX_PIXELS = 50_000_000
# Only JPEG can be decoded straight to a smaller size; the others lie whole in memory, WebP twice.
MAX_PIXELS_OF = {"PNG": 18_000_000, "WEBP": 12_000_000}
MAX_SIDE = 2560
QUALITY = 85

_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError)


class PictureRefused(Refused):
    """The picture cannot be decoded within the limits."""


def reencode_picture(data: bytes) -> bytes:
    """A JPEG of at most 2560 pixels a side that shows the same picture and carries nothing else."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            _refuse_too_many_pixels(picture)
            # JPEG decodes straight to a smaller size, which keeps a phone's photo from filling the memory.
            picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
            # Made smaller before anything else: whatever follows makes copies.
            upright = _on_white(ImageOps.exif_transpose(_smaller(picture)))
    except (*_UNREADABLE, Image.DecompressionBombWarning) as error:
        raise PictureRefused(_("图片已损坏，无法读取，请重新拍摄或另存后再传。")) from error
    out = BytesIO()
    upright.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _refuse_too_many_pixels(picture: Image.Image) -> None:
    pixels = picture.width * picture.height
    if pixels > MAX_PIXELS:
        raise PictureRefused(_("图片过大（超过 5000 万像素），请缩小后再传。"))
    if pixels > MAX_PIXELS_OF.get(picture.format or "", MAX_PIXELS):
        raise PictureRefused(
            _("图片过大（png 不超过 1800 万像素，webp 不超过 1200 万像素），请缩小或另存为 jpg 后再传。")
        )


def _smaller(picture: Image.Image) -> Image.Image:
    """At most 2560 pixels a side; colours from a palette are turned into full ones first, else they cannot be mixed."""
    if max(picture.size) <= MAX_SIDE:
        return picture
    if picture.mode in {"P", "PA", "1"}:
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    return picture


def _on_white(picture: Image.Image) -> Image.Image:
    """What is transparent becomes white, as on paper."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    paper = Image.new("RGB", layered.size, "white")
    paper.paste(layered, mask=layered.getchannel("A"))
    return paper
