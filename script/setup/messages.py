"""The English catalogue, kept with Babel: compile, extract from code and templates, merge, and say what is missing.

Runs in the project's environment: `python messages.py compile|update|check`.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PROJECT = Path(__file__).resolve().parent.parent.parent
LOCALES = PROJECT / "locale"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]")
HEADER = (
    "# The English of what users read; the Chinese in the code is the source. Written by script/update messages.\n#"
)
# Dates and names that every tool sets for itself: two people updating on the same day would only disagree about them.
UNWANTED_HEADERS = (
    "Project-Id-Version",
    "Report-Msgid-Bugs-To",
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Generated-By",
    "Last-Translator",
    "Language-Team",
)
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def catalogues() -> list[Path]:
    """Every .po file of the product."""
    return sorted(LOCALES.glob("*/LC_MESSAGES/django.po"))


def read_catalogue(file: Path) -> Catalog:
    """The catalogue in this file; an empty one where there is none."""
    locale = file.parent.parent.name
    if not file.exists():
        return Catalog(locale=locale)
    with file.open("rb") as stream:
        return read_po(stream, locale=locale, abort_invalid=True)


def compile_catalogues() -> None:
    """Write the .mo beside every .po, whole or not at all."""
    for file in catalogues():
        compiled = io.BytesIO()
        write_mo(compiled, read_catalogue(file))
        new = file.with_suffix(".mo.new")
        new.write_bytes(compiled.getvalue())
        new.replace(file.with_suffix(".mo"))


def sources() -> Iterator[Path]:
    """Code and templates whose words users read, in a steady order."""
    for folder in ("chuangju", "config"):
        for file in sorted((PROJECT / folder).rglob("*")):
            is_template = file.suffix in {".html", ".txt"} and "templates" in file.parts
            if file.is_file() and (is_template or file.suffix == ".py") and "migrations" not in file.parts:
                yield file


def read_as_python(file: Path) -> io.BytesIO:
    """The file as Python source; a template as Django's own rewriting of it, on the same lines."""
    text = file.read_text("utf-8")
    if file.suffix != ".py":
        from django.utils.translation.template import templatize  # noqa: PLC0415 - Django is needed for templates only

        text = templatize(text, origin=str(file))
    return io.BytesIO(text.encode())


def extract_messages() -> Catalog:
    """Every marked string of the product with the files it stands in."""
    found = Catalog(project="chuangju", charset="utf-8")
    for file in sources():
        place = file.relative_to(PROJECT).as_posix()
        options = {"encoding": "utf-8"}
        for _line, message, comments, context in extract(
            "python",
            read_as_python(file),
            keywords=KEYWORDS,
            comment_tags=("Translators",),
            options=options,
            strip_comment_tags=True,
        ):
            found.add(message, None, [(place, 0)], auto_comments=comments, context=context)
    return found


def update_catalogues() -> None:
    """Merge what the code says now into every catalogue; translations of strings that are gone go too."""
    template = extract_messages()
    for file in catalogues() or [LOCALES / "en" / "LC_MESSAGES" / "django.po"]:
        catalogue = read_catalogue(file)
        before = {key_of(message) for message in catalogue if message.id}
        # A guess at a similar sentence would be shown to nobody, and would hide that there is no translation.
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        after = {key_of(message) for message in catalogue if message.id}
        write_catalogue(file, catalogue)
        missing = sum(1 for _fault in find_faults(catalogue))
        print(
            f"{file.relative_to(PROJECT)}: {len(after)} 条 messages, +{len(after - before)} -{len(before - after)}; {missing} 条待译 to translate"
        )


def key_of(message: object) -> tuple[object, object]:
    """What makes two messages the same."""
    return getattr(message, "context", None), getattr(message, "id", None)


def write_catalogue(file: Path, catalogue: Catalog) -> None:
    """Write it sorted by place and without dates, so that a difference shows what changed and no more."""
    catalogue.header_comment = HEADER
    catalogue.fuzzy = False
    written = io.BytesIO()
    write_po(written, catalogue, width=110, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    lines = written.getvalue().decode().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(tuple(f'"{name}:' for name in UNWANTED_HEADERS))]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(kept), "utf-8")


def find_faults(catalogue: Catalog) -> Iterator[str]:
    """What keeps a catalogue from being complete: no translation, a doubtful one, other placeholders than the source."""
    for message in catalogue:
        if not message.id:
            continue
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        translations = message.string if isinstance(message.string, tuple) else (message.string,)
        if not all(translations):
            yield f"未译 untranslated: {originals[0]!r}"
        elif message.fuzzy:
            yield f"待核 fuzzy: {originals[0]!r}"
        elif any(set(placeholders(text)) - set(placeholders(originals[-1])) for text in translations) or set(
            placeholders(originals[-1])
        ) - set(placeholders(translations[-1])):
            yield f"占位符不符 placeholders differ: {originals[0]!r} -> {translations[-1]!r}"


def placeholders(text: str) -> list[str]:
    """The names and positions that are filled in when the text is shown."""
    return [found.group(0) for found in PLACEHOLDER.finditer(text.replace("%%", ""))]


def check_catalogues() -> int:
    """Print every fault, and every marked string that a catalogue does not hold; 1 if there is any."""
    wanted = {key_of(message) for message in extract_messages() if message.id}
    count = 0
    for file in catalogues():
        catalogue = read_catalogue(file)
        held = {key_of(message) for message in catalogue if message.id}
        faults = [*find_faults(catalogue), *(f"缺少 missing: {key[1]!r}" for key in sorted(wanted - held, key=repr))]
        faults += [f"多余 no longer in the code: {key[1]!r}" for key in sorted(held - wanted, key=repr)]
        for fault in faults:
            print(f"{file.relative_to(PROJECT)}: {fault}")
        count += len(faults)
    return 1 if count else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["compile"]:
            compile_catalogues()
        case ["update"]:
            update_catalogues()
            compile_catalogues()
        case ["check"]:
            sys.exit(check_catalogues())
        case _:
            sys.exit("messages.py compile|update|check")
