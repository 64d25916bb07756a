"""字体 - the Chinese fonts that figures and PDF are set in; they come with the installation, not with the machine."""

from __future__ import annotations

from pathlib import Path

# 仿宋 and 小标宋 may not be handed on with a product: the PDF is set in Noto Serif SC, which may, and says so by name.
SERIF, SANS = "Noto Serif SC", "Noto Sans SC"


def font_folder() -> Path:
    """Where the font files lie."""
    import pylopdf_fonts_zh_cn  # noqa: PLC0415 - only who writes a PDF or a chart needs to find it

    return Path(str(pylopdf_fonts_zh_cn.__file__)).parent
