"""One concept, one name: every model and state stands in the glossary, and the glossary names nothing that is gone."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from types import ModuleType

import pytest
from django.apps import apps
from django.db import models
from django.utils.translation import override

from tests.architecture import house


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    """The program that reads the glossary and writes its page."""
    spec = importlib.util.spec_from_file_location("glossary", house.ROOT / "script" / "glossary.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def terms(writer: ModuleType) -> dict[str, dict[str, str]]:
    """Every term by its identifier."""
    return {key: term for section in writer.read_glossary().values() for key, term in section.items()}


def _product_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("chuangju.")]


def _choices() -> Iterator[tuple[str, models.TextChoices]]:
    """Every state of every model with its identifier: package, class, member; pages know some that no model has."""
    importlib.import_module("config.urls")
    pending: list[type[models.Choices]] = [models.TextChoices, models.IntegerChoices]
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        if kind.__module__.startswith("chuangju."):
            package = kind.__module__.split(".")[1]
            for member in kind:  # type: ignore[attr-defined]
                yield f"{package}.{kind.__qualname__}.{member.name}", member


def test_every_model_stands_in_the_glossary_under_its_own_name(terms: dict[str, dict[str, str]]) -> None:
    found = _product_models()
    assert len(found) > 15
    with override("zh-hans"):
        names = {f"{m._meta.app_label}.{m.__name__}": str(m._meta.verbose_name) for m in found}
    assert {key: terms.get(key, {}).get("zh") for key in names} == names


def test_every_state_and_role_stands_in_the_glossary_under_its_own_label(terms: dict[str, dict[str, str]]) -> None:
    with override("zh-hans"):
        labels = {key: str(member.label) for key, member in _choices()}
    assert len(labels) > 30
    assert {key: terms.get(key, {}).get("zh") for key in labels} == labels


def test_the_english_pages_use_the_words_of_the_glossary(terms: dict[str, dict[str, str]]) -> None:
    with override("en"):
        said = {f"{m._meta.app_label}.{m.__name__}": str(m._meta.verbose_name) for m in _product_models()}
        said |= {key: str(member.label) for key, member in _choices()}
    wrong = {key: word for key, word in said.items() if word.casefold() != terms.get(key, {}).get("en", "").casefold()}
    assert wrong == {}


def test_the_glossary_names_nothing_that_is_gone(terms: dict[str, dict[str, str]]) -> None:
    with override("zh-hans"):
        known = {f"{m._meta.app_label}.{m.__name__}" for m in _product_models()} | {key for key, _ in _choices()}
    named = {key for key in terms if key.split(".")[0] in house.FLOOR_OF and key.split(".")[-1][:1].isupper()}
    assert named - known == set()


def test_one_chinese_word_has_one_english_word(terms: dict[str, dict[str, str]]) -> None:
    english: dict[str, set[str]] = {}
    for term in terms.values():
        english.setdefault(term["zh"], set()).add(term["en"].casefold())
    assert {zh: words for zh, words in english.items() if len(words) > 1} == {}


def test_the_glossary_page_is_made_from_the_glossary(writer: ModuleType) -> None:
    page = house.source_of(house.ROOT / "docs" / "glossary.md")
    assert page == writer.write_page(writer.read_glossary()), "run script/glossary.py"
