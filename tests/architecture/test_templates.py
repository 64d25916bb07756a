"""Templates obey the floors, are all used, keep to the content policy, and every form in them is protected."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.template import engines
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver

from tests.architecture import house

_REFERENCE = re.compile(r"""{%-?\s*(?:extends|include|card_part\s+\w+)\s+["']([^"']+)["']""")
_ADDRESS = re.compile(r"""{%-?\s*url\s+["']([^"']+)["']""")
_LOAD = re.compile(r"{%-?\s*load\s+(?:[\w\s]+\sfrom\s+)?([\w\s]+?)\s*%}")
_POST_FORM = re.compile(r"<form\b[^>]*\bmethod=[\"']?post\b.*?</form>", re.IGNORECASE | re.DOTALL)

# Forms that take effect for somebody who is not signed in, or that may well be sent twice; each with its reason.
FORMS_WITHOUT_KEY: Mapping[str, str] = {
    "policies/check_answer.html": "beginning anew twice is beginning anew",
    "policies/check_question.html": "nobody need be signed in, and an answer given twice is the same answer",
    "policies/check_start.html": "nobody need be signed in, and beginning twice is beginning",
    "policies/loan_calculator.html": "keeps nothing but what the browser said last, for strangers too",
    "policies/planner.html": "keeps nothing but what the browser said last, for strangers too",
    "policies/reminder.html": "nobody need be signed in, a number gets one code a minute, and a policy one reminder",
    "policies/reminder_stop.html": "stopping twice is having stopped",
    "policies/tax_calculator.html": "keeps nothing but what the browser said last, for strangers too",
    "programme/import_start.html": "an upload changes nothing before it is confirmed, and can be discarded",
    "ui/account_links.html": "signing out twice is being signed out",
    "ui/language.html": "choosing a language twice is choosing it",
    "ui/list_views.html": "saving a view again under its name replaces it, deleting it again finds nothing",
    "units/founder_name.html": "nobody is signed in yet, and one number gets one account",
    "units/mobile_code.html": "nobody is signed in yet, and a code counts once",
    "units/mobile_sign_in.html": "nobody is signed in yet, and a number gets one code a minute",
    "units/passkey_use.html": "a try must be counted even where it fails; the device's answer counts once",
    "units/reauthenticate.html": "a try must be counted even where it fails; confirming twice is confirming",
    "units/second_factor.html": "nobody is signed in yet, and a code counts once",
    "units/paper_verify.html": "compares a file and keeps nothing, for strangers too",
    "units/sign_in.html": "nobody is signed in yet, and signing in twice is signing in",
    "ventures/register_list.html": "an upload changes nothing before it is confirmed, and can be discarded",
    "ventures/import_start.html": "an upload changes nothing before it is confirmed, and can be discarded",
    "ventures/party_list.html": "looking a number up changes nothing",
}


def _templates() -> dict[str, Path]:
    return {house.template_name(path): path for path in house.template_files() if path.suffix == ".html"}


def _body(path: Path) -> str:
    return house.without_comments(house.source_of(path))


def test_a_template_lies_in_the_folder_of_its_package() -> None:
    files = house.template_files()
    assert len(files) > 20
    strays = [
        house.label_of(path) for path in files if house.template_name(path).split("/")[0] != house.package_of(path)
    ]
    assert strays == []


def test_templates_extend_include_and_load_only_from_their_own_or_a_lower_floor() -> None:
    faults, seen = [], 0
    libraries = engines["django"].engine.libraries  # type: ignore[attr-defined]
    for path in house.template_files():
        own, body = house.package_of(path), _body(path)
        others = [name.split("/")[0] for name in _REFERENCE.findall(body)]
        others += [libraries[name].split(".")[1] for name in _loaded(body) if libraries[name].startswith("chuangju.")]
        seen += len(others)
        faults += [f"{house.label_of(path)} uses {other}" for other in others if not house.may_use(own, other)]
    assert seen > 10
    assert faults == []


def _loaded(body: str) -> Iterator[str]:
    for names in _LOAD.findall(body):
        yield from names.split()


def test_links_in_templates_lead_to_their_own_or_a_lower_floor() -> None:
    faults, seen = [], 0
    for path in house.template_files():
        for address in _ADDRESS.findall(_body(path)):
            seen += 1
            other = address.split(":")[0]
            if other not in house.FLOOR_OF or not house.may_use(house.package_of(path), other):
                faults.append(f"{house.label_of(path)} links to {address}")
    assert seen > 10
    assert faults == []


def _address_names() -> set[str]:
    """Every `package:name` of the product."""
    found = set()
    for entry in get_resolver().url_patterns:
        if isinstance(entry, URLResolver):
            for pattern in entry.url_patterns:
                if isinstance(pattern, URLPattern):
                    found.add(f"{entry.namespace}:{pattern.name}")
    return found


def test_every_link_in_a_template_names_an_address_that_exists() -> None:
    known = _address_names()
    assert len(known) > 15
    faults = [
        f"{name}: {address}"
        for name, path in _templates().items()
        for address in _ADDRESS.findall(_body(path))
        if address not in known
    ]
    assert faults == [], NoReverseMatch.__doc__


def test_every_address_has_a_link_a_menu_or_a_caller() -> None:
    """A page nobody can reach by clicking is a page nobody finds."""
    sources = [_body(path) for path in house.template_files()]
    sources += [house.source_of(path) for path in house.python_files("chuangju", "config") if path.name != "urls.py"]
    everything = "\n".join(sources)
    assert [name for name in sorted(_address_names()) if name not in everything] == []


def test_no_template_is_unused() -> None:
    wanted = {name for path in house.template_files() for name in _REFERENCE.findall(_body(path))}
    for path in house.python_files("chuangju", "config"):
        wanted |= {text for text in house.string_constants(path) if re.fullmatch(r"[\w*/.-]*/[\w.-]{4,}", text)}
    names = sorted(house.template_name(path) for path in house.template_files())
    unused = [name for name in names if not any(fnmatch.fnmatch(name, pattern) for pattern in wanted)]
    assert unused == []


def test_every_template_that_is_named_exists() -> None:
    known = {house.template_name(path) for path in house.template_files()}
    named = {
        (house.label_of(path), text)
        for path in house.python_files("chuangju")
        for text in house.string_constants(path)
        if re.fullmatch(r"[\w/-]+\.html", text)
    }
    named |= {(name, other) for name, path in _templates().items() for other in _REFERENCE.findall(_body(path))}
    assert len(named) > 20
    third_party = ("django/",)
    assert [pair for pair in sorted(named) if pair[1] not in known and not pair[1].startswith(third_party)] == []


def find_breaches_of_content_policy(body: str) -> Iterator[str]:
    """What the browser would refuse under our content policy, or fetch from somebody else."""
    markup = re.sub(r"{[{%].*?[%}]}", "", body)
    yield from re.findall(r"<[a-z][^>]*\sstyle\s*=", markup)
    yield from re.findall(r"<[a-z][^>]*\son[a-z]+\s*=", markup)
    yield from re.findall(r"javascript:[^\s\"']*", markup)
    for tag in re.findall(r"<(?:script|style)\b[^>]*>", body):
        if "nonce=" not in tag and " src=" not in tag:
            yield tag
    yield from re.findall(r"<(?:script|img|iframe|source)\b[^>]*\ssrc=[\"'](?:https?:)?//[^\"']*", body)
    yield from re.findall(r"<link\b[^>]*\shref=[\"'](?:https?:)?//[^\"']*", body)


def test_templates_keep_to_the_content_policy() -> None:
    faults = [
        f"{name}: {fault}"
        for name, path in _templates().items()
        for fault in find_breaches_of_content_policy(_body(path))
    ]
    assert faults == []


def test_breaches_of_the_content_policy_are_found() -> None:
    assert list(find_breaches_of_content_policy('<p class="a" style="color: red">')) != []
    assert list(find_breaches_of_content_policy('<a onclick="go()">')) != []
    assert list(find_breaches_of_content_policy("<script>go()</script>")) != []
    assert list(find_breaches_of_content_policy('<script src="//elsewhere.example/a.js"></script>')) != []
    assert list(find_breaches_of_content_policy('<script nonce="{{ csp_nonce }}" src="{% static "a.js" %}">')) == []


def _expanded(body: str, templates: Mapping[str, Path], depth: int = 3) -> str:
    """The template with the parts it includes put in their places."""

    def put_in(match: re.Match[str]) -> str:
        path = templates.get(match[1])
        return _expanded(_body(path), templates, depth - 1) if path and depth else ""

    return re.sub(r"""{%-?\s*include\s+["']([^"']+)["'].*?%}""", put_in, body)


def find_unprotected_forms(body: str, templates: Mapping[str, Path], *, needs_key: bool) -> Iterator[str]:
    """Post forms without the token against forged requests, or without the key against double effect."""
    for form in _POST_FORM.findall(body):
        whole = _expanded(form, templates)
        if "{% csrf_token %}" not in whole:
            yield "a form without csrf_token"
        if needs_key and "{% idempotency_key %}" not in whole:
            yield "a form without idempotency_key"


def test_every_post_form_is_protected_against_forgery_and_double_sending() -> None:
    templates = _templates()
    faults, forms = [], 0
    for name, path in templates.items():
        forms += len(_POST_FORM.findall(_body(path)))
        found = find_unprotected_forms(_body(path), templates, needs_key=name not in FORMS_WITHOUT_KEY)
        faults += [f"{name}: {fault}" for fault in found]
    assert forms > 5
    assert faults == []


def test_an_unprotected_form_is_found() -> None:
    bare = '<form action="x" method="post"><button></form>'
    assert len(list(find_unprotected_forms(bare, {}, needs_key=True))) == 2
    with_token = bare.replace("<button>", "{% csrf_token %}")
    assert len(list(find_unprotected_forms(with_token, {}, needs_key=True))) == 1
    assert list(find_unprotected_forms(with_token, {}, needs_key=False)) == []


def test_every_exception_for_a_form_is_still_needed() -> None:
    templates = _templates()
    assert [
        name
        for name in FORMS_WITHOUT_KEY
        if name not in templates or not list(find_unprotected_forms(_body(templates[name]), templates, needs_key=True))
    ] == []


def test_pages_never_contain_sentences_that_are_not_marked_for_translation() -> None:
    """Chinese words outside `translate` would stay Chinese for somebody who reads English."""
    faults = []
    for name, path in _templates().items():
        body = re.sub(r"{%-?\s*blocktranslate.*?endblocktranslate\s*%}", "", _body(path), flags=re.DOTALL)
        body = re.sub(r"{%-?\s*(?:translate|trans)\s.*?%}|{%.*?_\(.*?%}|{{.*?_\(.*?}}", "", body)
        faults += [f"{name}: {words}" for words in re.findall(r"[\u4e00-\u9fff]+", body)]
    assert faults == []
