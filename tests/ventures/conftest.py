"""What the tests of parties share: people who keep them, and numbers whose check digits are right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chuangju.kernel.jobs import run_waiting_jobs
from chuangju.kernel.models import User
from chuangju.units.models import Role, Unit
from chuangju.ventures import imports, jobs
from chuangju.ventures.imports import confirm_import, start_import
from chuangju.ventures.models import Party, PartyImport, RegisterSnapshot
from chuangju.ventures.parties import PartyFacts, add_party
from chuangju.ventures.register_uploads import confirm_register, start_register
from chuangju.ventures.registers.guarded import read_folder
from chuangju.ventures.sheets.reader import read_register
from tests import people
from tests.ventures import numbers
from tests.ventures.party_sheets import upload, workbook


@pytest.fixture
def town(db: None) -> Unit:
    """A town of the district."""
    return people.make_unit("310112101", "浦江镇", kind=Unit.Kind.TOWN)


@pytest.fixture
def other_town(db: None) -> Unit:
    """Another one."""
    return people.make_unit("310112102", "梅陇镇", kind=Unit.Kind.TOWN)


@pytest.fixture
def clerk(make_user: Callable[..., User], unit: Unit) -> User:
    """A clerk of a department: keeps the whole district's parties."""
    return make_user("clerk", Role.CLERK, unit=unit)


@pytest.fixture
def town_clerk(make_user: Callable[..., User], town: Unit) -> User:
    """A clerk of the town: keeps its parties alone."""
    return make_user("town-clerk", Role.CLERK, unit=town)


@pytest.fixture
def founder(make_user: Callable[..., User]) -> User:
    """Somebody from outside."""
    return make_user("founder", Role.ENTREPRENEUR)


@pytest.fixture
def firm(clerk: User, town: Unit, now: datetime) -> Party:
    """A firm of the town."""
    facts = PartyFacts(kind=Party.Kind.FIRM, name="上海试样科技有限公司", credit_code=numbers.credit_code(1), town=town)
    return add_party(facts, by=clerk, at=now)


@pytest.fixture
def person(clerk: User, town: Unit, now: datetime) -> Party:
    """A person of the town, with ID and mobile number."""
    facts = PartyFacts(
        kind=Party.Kind.PERSON, name="王小明", id_number=numbers.id_number(1), mobile="13812341234", town=town
    )
    return add_party(facts, by=clerk, at=now)


@pytest.fixture
def _read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in this process: the limited child process has its own tests, and takes half a second each time."""
    monkeypatch.setattr(imports, "read_register_guarded", read_register)


@pytest.fixture
def hand_in(_read_here: None, clerk: User, now: datetime) -> Callable[..., PartyImport]:
    """Upload a register and read it again as it stands."""

    def send(rows: Any, name: str = "名册.xlsx", relations: Any = None) -> PartyImport:
        if isinstance(rows, bytes):
            content = rows
        else:
            sheets = [("主体", rows), *([("关系", relations)] if relations else [])]
            content = workbook(*sheets)
        return PartyImport.objects.get(pk=start_import(upload(name, content), by=clerk, at=now).pk)

    return send


@pytest.fixture
def write(clerk: User, now: datetime) -> Callable[[PartyImport], PartyImport]:
    """Confirm an import and let a worker do its work."""

    def confirm(made: PartyImport) -> PartyImport:
        confirm_import(made, digest=made.preview_digest, by=clerk, at=now)
        run_waiting_jobs(at=now)
        return PartyImport.objects.get(pk=made.pk)

    return confirm


@pytest.fixture
def officer(make_user: Callable[..., User], unit: Unit) -> User:
    """A policy officer of a department."""
    return make_user("policy-officer", Role.POLICY_OFFICER, unit=unit)


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read files in this process: the limited child process has its own test, and takes half a second each time."""

    def here(folder: Path, *, name: str, on_progress: Callable[[int, int], None]) -> dict[str, Any]:
        return read_folder(folder, name=name, on_progress=on_progress)

    monkeypatch.setattr(jobs, "read_folder_guarded", here)


@pytest.fixture
def hand_in_register(read_here: None, officer: User, now: datetime) -> Callable[..., RegisterSnapshot]:
    """Upload csv lines and let a worker read them."""

    def send(*lines: str, name: str = "企业.csv", is_complete: bool = False) -> RegisterSnapshot:
        file = SimpleUploadedFile(name, "\n".join(lines).encode())
        made = start_register([file], on=date(2026, 6, 1), is_complete=is_complete, by=officer, at=now)
        run_waiting_jobs(at=now)
        return RegisterSnapshot.objects.get(pk=made.pk)

    return send


@pytest.fixture
def in_force(
    hand_in_register: Callable[..., RegisterSnapshot], officer: User, now: datetime
) -> Callable[..., RegisterSnapshot]:
    """The same, confirmed."""

    def send(*lines: str, **more: Any) -> RegisterSnapshot:
        made = hand_in_register(*lines, **more)
        return confirm_register(made, sha256=made.sha256, by=officer, at=now)

    return send
