"""图片: decoded under a pixel limit, turned upright, stripped of where and with what it was taken, and encoded anew."""

from __future__ import annotations

import struct
from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from chuangju.kernel.refusals import Refused

MAX_PIXELS = 50_000_000
MAX_SIDE = 2560
QUALITY = 85

_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError)


class PictureRefused(Refused):
    """The picture cannot be decoded within the limits."""


def reencode_picture(data: bytes) -> bytes:
    """A JPEG of at most 2560 pixels a side that shows the same picture and carries nothing else."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise PictureRefused(_("图片过大（超过 5000 万像素），请缩小后再传。"))
            # JPEG decodes straight to a smaller size, which keeps a phone's photo from filling the memory.
            picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
            upright = _on_white(ImageOps.exif_transpose(picture))
    except (*_UNREADABLE, Image.DecompressionBombWarning) as error:
        raise PictureRefused(_("图片已损坏，无法读取，请重新拍摄或另存后再传。")) from error
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    out = BytesIO()
    upright.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """What is transparent becomes white, as on paper."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    paper = Image.new("RGB", layered.size, "white")
    paper.paste(layered, mask=layered.getchannel("A"))
    return paper
