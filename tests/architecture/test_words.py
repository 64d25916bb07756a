"""Words that must not stand in certain places: HTTP in rules, names that say nothing, figures of policy in code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture import house

_HTTP_MODULES = ("django.http", "django.shortcuts", "django.views", "django.contrib.messages")
_HTTP_NAMES = {"HttpRequest", "HttpResponse", "HttpResponseRedirect", "JsonResponse", "Http404", "redirect", "render"}
# What a package may not be sorted into: such a name gathers what nobody found a name for.
_EMPTY_NAMES = {"utils", "util", "common", "services", "service", "helpers", "helper", "mixins", "selectors", "misc"}
_REQUEST_RANKS = {house.FORMS, house.PAGES, house.ADDRESSES}


def find_http_words(tree: ast.AST) -> Iterator[str]:
    """What in this file belongs to the web: imports, names and attributes of the request."""
    for node in ast.walk(tree):
        for name in house.imported_names(node):
            if name.startswith(_HTTP_MODULES):
                yield f"line {getattr(node, 'lineno', 0)}: imports {name}"
        if isinstance(node, ast.Name) and node.id in _HTTP_NAMES:
            yield f"line {node.lineno}: {node.id}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "request":
            yield f"line {node.lineno}: request.{node.attr}"


def test_the_web_is_spoken_of_only_in_views_api_forms_middleware_and_urls() -> None:
    faults, seen = [], 0
    for path in house.python_files("chuangju"):
        words = list(find_http_words(house.tree_of(path)))
        if house.rank_of(house.module_name(path)) in _REQUEST_RANKS:
            seen += len(words)
        else:
            faults += [f"{house.label_of(path)} {word}" for word in words]
    assert seen > 20
    assert faults == []


@pytest.mark.parametrize(
    "code",
    ["from django.http import HttpResponse", "import django.shortcuts", "def f(request): return request.user"],
)
def test_a_rule_that_speaks_of_the_web_is_found(code: str) -> None:
    assert list(find_http_words(ast.parse(code)))


def find_bare_fetches(tree: ast.AST) -> Iterator[int]:
    """Lines that fetch from a whole model (`get_object_or_404(Task)`, `Task.objects`) instead of what a user may see."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called not in {"get_object_or_404", "get_list_or_404"}:
            continue
        first = node.args[0]
        is_visible = isinstance(first, ast.Call) and "_visible_to" in ast.unparse(first)
        if not is_visible:
            yield node.lineno


def test_views_fetch_only_from_what_the_user_may_see() -> None:
    faults, seen = [], 0
    for path in house.python_files("chuangju"):
        seen += "get_object_or_404(" in house.source_of(path)
        faults += [f"{house.label_of(path)}:{line}" for line in find_bare_fetches(house.tree_of(path))]
    assert seen, "no view fetches anything with get_object_or_404: the check has gone blind"
    assert faults == []


def test_a_fetch_from_a_whole_model_is_found() -> None:
    good = "get_object_or_404(tasks_visible_to(user).filter(code=code), pk=1)"
    assert list(find_bare_fetches(ast.parse(good))) == []
    assert list(find_bare_fetches(ast.parse("get_object_or_404(Task, pk=1)"))) == [1]
    assert list(find_bare_fetches(ast.parse("get_object_or_404(Task.objects.all(), pk=1)"))) == [1]


def test_views_never_reach_for_a_model_manager() -> None:
    """A page asks `access` for what may be seen, or a rule for what is to be done; it never starts from `objects`."""
    faults = [
        f"{house.label_of(path)}:{node.lineno}"
        for path in house.python_files("chuangju")
        if house.rank_of(house.module_name(path)) == house.PAGES and "management" not in path.parts
        for node in ast.walk(house.tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}
    ]
    assert faults == []


def test_no_file_folder_or_class_has_a_name_that_says_nothing() -> None:
    faults = []
    for path in house.python_files("chuangju", "config", "script"):
        parts = path.relative_to(house.ROOT).with_suffix("").parts
        if _EMPTY_NAMES.intersection(parts):
            faults.append(house.label_of(path))
        classes = [node.name for node in ast.walk(house.tree_of(path)) if isinstance(node, ast.ClassDef)]
        empty = [name for name in classes if re.search(r"(Utils?|Helpers?|Services?|Mixin)$", name)]
        faults += [f"{house.label_of(path)}: {name}" for name in empty]
    assert faults == []


def test_rules_are_told_the_time_and_never_ask_for_it() -> None:
    """A rule takes `at=` or `on=`, so that yesterday's decision can be checked and tomorrow's tested.

    Who may see something is a question about this moment: `access` alone may look at the clock.
    """
    asking = re.compile(r"timezone\.(now|localdate|localtime)\(\)|date(time)?\.(today|now|utcnow)\(|\bnow\(\)")
    faults = []
    for path in house.python_files("chuangju"):
        if house.rank_of(house.module_name(path)) in {house.MODELS, house.RULES}:
            for number, line in enumerate(house.source_of(path).splitlines(), 1):
                if asking.search(line.split("#")[0]) and '"""' not in line:
                    faults.append(f"{house.label_of(path)}:{number} {line.strip()}")
    assert faults == []


# How an amount is written, as sentences about the writing show it; nobody is paid these.
SHOWN_AS_EXAMPLES = {"3000元", "1.5万元", "0.50元"}


def find_figures_of_policy(text: str) -> list[str]:
    """Amounts of money and document numbers, which belong into data files with their source and date."""
    amount = r"\d[\d,.]*\s*(?:万|亿)?元"
    document = r"〔\d{4}〕\s*\d+\s*号"
    return [found for found in re.findall(f"{amount}|{document}", text) if found not in SHOWN_AS_EXAMPLES]


def test_no_amount_and_no_document_number_stands_in_code() -> None:
    faults = []
    for path in house.python_files("chuangju", "config"):
        if path == house.PACKAGES / "kernel" / "money.py":
            continue  # its sentences show how an amount is written
        docstrings = {id(node) for node in _docstrings(house.tree_of(path))}
        for node in ast.walk(house.tree_of(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                faults += [f"{house.label_of(path)}: {found}" for found in find_figures_of_policy(node.value)]
    assert faults == []
    assert find_figures_of_policy("补贴 8,000 元，依据某府发〔2015〕6号") == ["8,000 元", "〔2015〕6号"]


def _docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
        ):
            yield body[0].value


def test_no_unfinished_work_is_left_in_the_source() -> None:
    words = re.compile(
        r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b|raise Not" + r"ImplementedError|pytest\.mark\.xf" + "ail"
    )
    files = [path for path in house.text_files() if path.suffix in {".py", ".html", ".css", ".js", ".md", ""}]
    assert len(files) > 100
    faults = [
        f"{house.label_of(path)}:{number}"
        for path in files
        if path.name != "LICENSE" and ".lock" not in path.name
        for number, line in enumerate(house.source_of(path).splitlines(), 1)
        if words.search(line)
    ]
    assert faults == []


def test_no_path_of_a_machine_and_no_package_mirror_is_written_down() -> None:
    """The repository works anywhere: no home folder, no fixed working folder, no address of a package registry."""
    pieces = (
        r"(?<![\w./-])/(?:root|home/\w+|Users/\w+|work)/",
        r"(?<![\w.])/tm" + r"p/\w",
        r"--(?:extra-)?index-ur" + "l|pypi\\.or" + "g|pythonhosted\\.or" + "g",
        r"registry\.npm" + "js",
    )
    pattern = re.compile("|".join(pieces))
    faults = [
        f"{house.label_of(path)}:{number} {line.strip()[:80]}"
        for path in house.text_files()
        for number, line in enumerate(house.source_of(path).splitlines(), 1)
        if pattern.search(line)
    ]
    assert faults == []
