"""演示图片: drawings that stand in for photographs in demo data, marked 演示 so that nobody takes them for real ones."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

# The two characters as strokes on a field of 100 by 100: a bare machine has no Chinese font to write them with.
_YAN = (
    ((10, 14), (22, 25)),
    ((5, 38), (17, 47)),
    ((8, 88), (23, 58)),
    ((60, 4), (64, 15)),
    ((36, 34), (36, 21), (92, 21), (88, 33)),
    ((45, 34), (80, 34)),
    ((42, 46), (82, 46), (82, 76), (42, 76), (42, 46)),
    ((42, 61), (82, 61)),
    ((62, 34), (62, 76)),
    ((54, 80), (40, 94)),
    ((70, 80), (86, 94)),
)
_SHI = (
    ((25, 16), (75, 16)),
    ((10, 40), (90, 40)),
    ((50, 40), (50, 90), (40, 83)),
    ((30, 56), (14, 78)),
    ((70, 56), (86, 78)),
)
_SIZE = (1200, 800)
_BRAND, _WARM, _PALE, _WHITE = (15, 92, 99), (226, 112, 58), (220, 239, 238), (255, 255, 255)


def demo_picture(seed: int) -> bytes:
    """A JPEG that differs by seed: strands that converge, and 演示 written large across it."""
    image = Image.new("RGB", _SIZE, _PALE)
    draw = ImageDraw.Draw(image)
    width, height = _SIZE
    meeting = (width // 2 + (seed % 5 - 2) * 60, height - 120)
    for strand in range(7):
        start = (strand * width // 6, 40 + (strand * 53 + seed * 97) % 160)
        draw.line((start, meeting), fill=_WARM if strand == seed % 7 else _BRAND, width=14)
        draw.ellipse((start[0] - 26, start[1] - 26, start[0] + 26, start[1] + 26), fill=_BRAND)
    draw.ellipse((meeting[0] - 46, meeting[1] - 46, meeting[0] + 46, meeting[1] + 46), fill=_WARM)
    draw.rectangle((330, 260, 870, 540), fill=_BRAND)
    for left, strokes in ((390, _YAN), (620, _SHI)):
        for stroke in strokes:
            points = [(left + x * 2, 300 + y * 2) for x, y in stroke]
            draw.line(points, fill=_WHITE, width=15, joint="curve")
    kept = BytesIO()
    image.save(kept, "JPEG", quality=80)
    return kept.getvalue()
