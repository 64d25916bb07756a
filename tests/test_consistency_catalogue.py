"""Whoever reads English reads all of it: every sentence that users see is in the catalogue, translated, with its placeholders."""

from __future__ import annotations

import importlib.util
import re
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

from tests.architecture import house

CATALOGUE = house.ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    """The program behind `script/update messages`, which extracts, merges and compiles."""
    spec = importlib.util.spec_from_file_location("messages", house.ROOT / "script" / "setup" / "messages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def found(messages: ModuleType) -> set[tuple[object, object]]:
    """Context and text of everything that code and templates mark for translation."""
    return {messages.key_of(message) for message in messages.extract_messages() if message.id}


@pytest.fixture(scope="module")
def catalogue(messages: ModuleType) -> Catalog:
    """The English catalogue as committed."""
    return messages.read_catalogue(CATALOGUE)


def test_extraction_sees_code_and_templates(found: set[tuple[object, object]]) -> None:
    assert len(found) > 300
    assert (None, "落实节点") in found, "a name of a model is missing: extraction has gone blind for code"


def test_every_marked_sentence_is_in_the_catalogue(
    messages: ModuleType, found: set[tuple[object, object]], catalogue: Catalog
) -> None:
    held = {messages.key_of(message) for message in catalogue if message.id}
    assert sorted(map(str, found - held)) == [], "run script/update messages, and translate"
    assert sorted(map(str, held - found)) == [], "the catalogue holds sentences that nobody shows any more"


def test_every_sentence_is_translated_with_its_placeholders(messages: ModuleType, catalogue: Catalog) -> None:
    assert list(messages.find_faults(catalogue)) == []


def test_no_translation_is_left_in_chinese(catalogue: Catalog) -> None:
    """Names of papers and proper names may stand in Chinese beside their English; a translation may not be Chinese only."""
    faults = []
    for message in catalogue:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        is_language_name = message.id in {"简体中文", "中文"}
        if message.id and not is_language_name and any(not re.search(r"[A-Za-z]", text) for text in texts if text):
            has_words = re.search(r"[\u4e00-\u9fff]", "".join(texts))
            faults += [str(message.id)] if has_words else []
    assert faults == []


def test_an_incomplete_catalogue_is_found(messages: ModuleType) -> None:
    catalogue = Catalog(locale="en")
    catalogue.add("已保存", "")
    catalogue.add("共 %(count)s 项", "all items")
    catalogue.add("确认", "Confirm", flags={"fuzzy"})
    catalogue.add("取消", "Cancel")
    assert len(list(messages.find_faults(catalogue))) == 3


def test_placeholders_have_names() -> None:
    """A sentence with two `%s` cannot be put into another order by a translator."""
    unnamed = re.compile(r"%[sd].*%[sd]")
    faults = [
        house.label_of(path)
        for path in house.python_files("chuangju", "config")
        for text in house.string_constants(path)
        if re.search(r"[\u4e00-\u9fff]", text) and unnamed.search(text)
    ]
    assert faults == []


def test_no_sentence_for_users_is_assembled_by_an_f_string() -> None:
    """What is put together from pieces escapes extraction; the catalogue would never know the sentence."""
    marked = re.compile(r"\b(?:_|gettext|gettext_lazy|ngettext|pgettext)\(\s*f[\"']")
    faults = [
        house.label_of(path)
        for path in house.python_files("chuangju", "config")
        if marked.search(house.source_of(path))
    ]
    assert faults == []
