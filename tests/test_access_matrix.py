"""Every page of the product against everybody who could ask for it; what each is answered stands in access_matrix.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from chuangju.kernel.attachments import attach_file
from chuangju.kernel.demo import load_demo
from chuangju.kernel.models import SavedView, User
from chuangju.policies.models import PolicyPackage
from chuangju.programme.models import ProgressNote, Snapshot, TableImport, TableVersion
from chuangju.units.access import EXTERNAL_ROLES, STAFF_ROLES, UNIT_ROLES
from chuangju.units.models import ResetRequest, Role
from chuangju.ventures.models import PartyImport
from tests import people
from tests.asked_often import Asker, same_people
from tests.beginnings import begin_with

# Who is answered what does not depend on the database, and there are many thousand answers.
pytestmark = pytest.mark.database("sqlite")

MATRIX: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "access_matrix.toml").read_text("utf-8"))

# Nobody signed in; an account without any role; and one account for each of the roles.
STRANGER, NO_ROLE = "stranger", "no_role"
WHO = (STRANGER, NO_ROLE, *sorted(Role.values))
GROUPS: dict[str, frozenset[str]] = {
    "everybody": frozenset(WHO),
    "signed_in": frozenset(WHO) - {STRANGER},
    "staff": STAFF_ROLES,
    "external": EXTERNAL_ROLES | {NO_ROLE},
}


def routes() -> dict[str, URLPattern]:
    """Every address of the product by its name."""
    found = {}
    for entry in get_resolver().url_patterns:
        assert isinstance(entry, URLResolver), f"{entry} belongs to no package"
        for pattern in entry.url_patterns:
            assert isinstance(pattern, URLPattern)
            found[f"{entry.namespace}:{pattern.name}"] = pattern
    return found


def expected(cells: dict[str, int]) -> dict[str, int]:
    """What each person is answered: groups first, the wider before the narrower, then the single roles."""
    answer: dict[str, int] = {}
    for group, members in GROUPS.items():
        if group in cells:
            answer |= dict.fromkeys(members, cells[group])
    answer |= {who: status for who, status in cells.items() if who not in GROUPS}
    return answer


def test_every_route_is_listed_and_no_listed_route_is_gone() -> None:
    assert len(routes()) > 30
    assert sorted(MATRIX) == sorted(routes())


def test_every_route_says_what_everybody_is_answered() -> None:
    faults = [
        (name, method)
        for name, route in MATRIX.items()
        for method in ("get", "post")
        if method in route and set(expected(route[method])) != set(WHO)
    ]
    assert faults == []
    assert [name for name, route in MATRIX.items() if not {"get", "post"} & set(route)] == []


def _complete_demo(at: Any) -> None:
    """Add to the demo data one record of each kind that it does not hold."""
    office = people.make_user("matrix-programme_office", Role.PROGRAMME_OFFICE)
    version = TableVersion.objects.get(state=TableVersion.State.CURRENT)
    Snapshot.objects.create(version=version, reason="年中", content={}, sha256="0" * 64, taken_by=office, taken_at=at)
    TableImport.objects.create(
        state=TableImport.State.FAILED, file_name="表.docx", file_sha256="0" * 64, uploaded_by=office, uploaded_at=at
    )
    note = ProgressNote.objects.filter(released_at__isnull=True).order_by("pk").first()
    assert note is not None
    attach_file(note, SimpleUploadedFile("说明.txt", "进展说明".encode()), by=office, at=at)
    User.objects.filter(pk=people.make_user("matrix-disabled").pk).update(is_active=False)
    secadmin, auditor = (people.make_user(f"matrix-{role}", role) for role in ("security_administrator", "auditor"))
    ResetRequest.objects.create(user=secadmin, kind="password", reason="遗忘", asked_by=auditor, asked_at=at)
    SavedView.objects.create(user=office, listing="table", name="我的", query="")
    PartyImport.objects.create(file_name="名册.xlsx", file_sha256="0" * 64, uploaded_by=office, uploaded_at=at)
    PolicyPackage.objects.create(title="条款", imported_by=office, imported_at=at)


def _person(who: str) -> User:
    if who == NO_ROLE:
        return people.make_user("matrix-no-role")
    unit = apps.get_model("units.Unit").objects.order_by("position", "code").first()
    return people.make_user(f"matrix-{who}", who, unit=unit if who in UNIT_ROLES else None)


@pytest.fixture
def clients(reference_data: None) -> dict[str, Client]:
    """Everybody, signed in, on a database with the demo data and one record of each kind beside it."""
    begin_with("demo", lambda: load_demo(at=timezone.now()))
    _complete_demo(timezone.now())
    everybody = {who: Client() for who in WHO}
    for who, client in everybody.items():
        if who != STRANGER:
            client.force_login(_person(who))
            # The session notes here that it lives, not again in each request that is taken back.
            client.get(reverse("ui:brand_css"))
    return everybody


def _value(written: object) -> object:
    """An argument as written, or the field of the first record: `programme.Milestone.pk?state=open&revision=1`."""
    if not isinstance(written, str) or not re.fullmatch(r"\w+\.\w+\.\w+(\?.+)?", written):
        return written
    path, _, condition = written.partition("?")
    label, _, field = path.rpartition(".")
    conditions = dict(pair.split("=") for pair in condition.split("&")) if condition else {}
    first = apps.get_model(label).objects.filter(**conditions).order_by("pk").first()
    assert first is not None, f"the demo data holds no {written}"
    return getattr(first, field)


@pytest.fixture
def askers(clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Asker]]:
    """Everybody, ready to ask; one handler serves them all, as a server does."""
    handler = ClientHandler(enforce_csrf_checks=False)
    with same_people(monkeypatch):
        yield {who: Asker(client, handler) for who, client in clients.items()}


def _ask(asker: Asker, method: str, address: str, data: dict[str, str]) -> int:
    """The status of one request; whatever it changed is taken back, being signed out included."""
    with transaction.atomic():
        response = asker.get(address, data) if method == "get" else asker.post(address, data)
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return int(response.status_code)


def _answers(name: str, method: str, askers: dict[str, Asker]) -> dict[str, int]:
    route = MATRIX[name]
    address = reverse(name, kwargs={key: _value(written) for key, written in route.get("args", {}).items()})
    data = route.get("data", {}) if method == "post" else {}
    return {who: _ask(asker, method, address, data) for who, asker in askers.items()}


def test_everybody_is_answered_as_listed(askers: dict[str, Asker]) -> None:
    """One test, because the demo data takes longer to load than all pages to ask for."""
    cells = [(name, method) for name, route in MATRIX.items() for method in ("get", "post") if method in route]
    assert len(cells) * len(askers) > 1000
    faults = []
    for name, method in cells:
        wanted = expected(MATRIX[name][method])
        for who, answer in _answers(name, method, askers).items():
            if answer != wanted[who]:
                faults.append(f"{method} {name} by {who}: {answer}, not {wanted[who]}")
    assert not faults, "\n".join(faults)
