"""script/update messages: every marked string of code and templates reaches the catalogue, and no translation is lost."""

from __future__ import annotations

import gettext
import subprocess
import sys
from pathlib import Path

import pytest

from tests.config.conftest import PROJECT, clean_environment

CODE = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext
label = gettext_lazy("懒译")
text = _("你好，%(name)s") % {"name": 1}
many = ngettext("%(count)d 行", "%(count)d 行", 3)
month = pgettext("calendar", "五月")
joined = _("一句"
           "两段")
"""
TEMPLATE = """{% load i18n %}<h1>{% translate "标题" %}</h1>{% translate "变量" as x %}
{% blocktranslate trimmed with name=user.name %}
  欢迎，{{ name }}，
  完成 80%
{% endblocktranslate %}
{% blocktranslate count n=rows|length %}{{ n }} 项{% plural %}{{ n }} 项{% endblocktranslate %}
<input placeholder="{% translate "搜索" context "verb" %}" title="{{ _("提示") }}">
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one file of code and one template."""
    for name, text in (("chuangju/rows/models.py", CODE), ("chuangju/rows/templates/rows/page.html", TEMPLATE)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "config").mkdir()
    place = tmp_path / "script" / "setup" / "messages.py"
    place.parent.mkdir(parents=True)
    place.write_bytes((PROJECT / "script" / "setup" / "messages.py").read_bytes())
    return tmp_path


def work_on(project: Path, what: str) -> subprocess.CompletedProcess[str]:
    """Run messages.py of this project."""
    command = [sys.executable, project / "script" / "setup" / "messages.py", what]
    return subprocess.run(command, env=clean_environment(), capture_output=True, text=True, check=False)


def catalogue(project: Path) -> Path:
    """The English catalogue of the project."""
    return project / "locale" / "en" / "LC_MESSAGES" / "django.po"


def translate(project: Path, original: str, english: str) -> None:
    """Write a translation as a translator does: under its msgid."""
    text = catalogue(project).read_text("utf-8")
    before = f'msgid "{original}"\nmsgstr ""'
    assert before in text
    catalogue(project).write_text(text.replace(before, f'msgid "{original}"\nmsgstr "{english}"'), "utf-8")


def test_code_and_templates_are_read_as_django_reads_them(project: Path) -> None:
    assert work_on(project, "update").returncode == 0
    text = catalogue(project).read_text("utf-8")
    for original in (
        "懒译",
        "你好，%(name)s",
        "%(count)d 行",
        "五月",
        "一句两段",
        "标题",
        "变量",
        "%(n)s 项",
        "搜索",
        "提示",
    ):
        assert f'msgid "{original}"' in text
    # As Django looks it up: without the line breaks, with its per cent sign doubled.
    assert 'msgid "欢迎，%(name)s， 完成 80%%"' in text
    assert 'msgctxt "calendar"' in text
    assert 'msgctxt "verb"' in text
    assert "#: chuangju/rows/templates/rows/page.html" in text


def test_translations_are_kept_and_those_of_strings_that_are_gone_go(project: Path) -> None:
    work_on(project, "update")
    translate(project, "标题", "Title")
    translate(project, "提示", "Hint")
    page = project / "chuangju/rows/templates/rows/page.html"
    page.write_text(page.read_text("utf-8").replace("提示", "新提示"), "utf-8")
    work_on(project, "update")
    text = catalogue(project).read_text("utf-8")
    assert 'msgstr "Title"' in text
    assert "Hint" not in text
    assert "fuzzy" not in text
    assert "新提示" in text
    work_on(project, "update")
    assert catalogue(project).read_text("utf-8") == text


def test_what_is_compiled_is_what_gettext_reads(project: Path) -> None:
    work_on(project, "update")
    translate(project, "标题", "Title")
    assert work_on(project, "compile").returncode == 0
    english = gettext.translation("django", project / "locale", ["en"])
    assert english.gettext("标题") == "Title"
    assert english.gettext("提示") == "提示"


def test_the_check_names_what_is_missing_and_what_has_other_placeholders(project: Path) -> None:
    work_on(project, "update")
    translate(project, "你好，%(name)s", "Hello, %(nom)s")
    page = project / "chuangju/rows/templates/rows/page.html"
    page.write_text(page.read_text("utf-8").replace("变量", "改过的变量"), "utf-8")
    finished = work_on(project, "check")
    assert finished.returncode == 1
    assert "untranslated: '标题'" in finished.stdout
    assert "placeholders differ: '你好，%(name)s'" in finished.stdout
    assert "missing: '改过的变量'" in finished.stdout
    assert "no longer in the code: '变量'" in finished.stdout


def test_a_complete_catalogue_passes(project: Path) -> None:
    (project / "chuangju/rows/templates/rows/page.html").write_text('{% translate "标题" %}', "utf-8")
    (project / "chuangju/rows/models.py").write_text("", "utf-8")
    work_on(project, "update")
    translate(project, "标题", "Title")
    assert work_on(project, "check").returncode == 0
