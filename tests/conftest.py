"""Fixtures of the whole suite: strict by default, a clock that stands still on demand, and people in their roles."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation
from pytest_django import DjangoDbBlocker

from chuangju.kernel.demo import load_demo
from chuangju.kernel.encryption import ensure_keys
from chuangju.kernel.models import User
from chuangju.kernel.reference_data import load_reference_data
from chuangju.units.models import Unit
from tests import empty_database, people
from tests.beginnings import begin_with
from tests.strictness import make_strict
from tests.units.oidc_provider.process import Provider, running_provider

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Monday in the year of the district's programme; what tests mean by "now" unless they say otherwise.
NOW = datetime(2026, 6, 15, 10, 0, tzinfo=SHANGHAI)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The second run of the suite, on another database, repeats only what depends on it."""
    parser.addoption("--database-only", action="store_true", help="leave out tests that use no database, and browsers")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this run is not about: tests of another database, and in a second run what needs none."""
    left_out = [item for item in items if _is_left_out(item, database_only=config.getoption("--database-only"))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def _is_left_out(item: pytest.Item, *, database_only: bool) -> bool:
    only_for = item.get_closest_marker("database")
    if only_for is not None and connection.vendor not in only_for.args:
        return True
    if not database_only:
        return False
    if _is_of_pages(item):
        return True
    fixtures = getattr(item, "fixturenames", [])
    uses_database = (
        item.get_closest_marker("django_db") is not None or "db" in fixtures or "transactional_db" in fixtures
    )
    return not uses_database or item.get_closest_marker("browser") is not None


def _is_of_pages(item: pytest.Item) -> bool:
    """Pages say what the rules below them found, and those are tried on both databases; so is whatever races or commits."""
    marker = item.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        return False
    return "views" in item.path.parts or item.path.stem.endswith(("_views", "_pages", "_queries"))


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The test database, in place of the plugin's own: migrated, from a copy where the same migrations ran before."""
    is_file = connection.vendor == "sqlite"
    with django_db_blocker.unblock():
        is_copy = is_file and empty_database.place_copy()
        databases = setup_databases(verbosity=0, interactive=False, keepdb=is_copy, serialized_aliases=set())
        if is_file and not is_copy:
            empty_database.keep_copy()
    yield
    with django_db_blocker.unblock():
        teardown_databases(databases, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def _strict() -> None:
    make_strict()


@pytest.fixture(scope="session", autouse=True)
def _keys() -> None:
    """The suite's own key of personal data, as every installation has from its first start."""
    ensure_keys(at=NOW)


@pytest.fixture(scope="session")
def city_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """The city's sign-in: a real OpenID Connect provider in a process of its own; one for the whole run."""
    with running_provider(tmp_path_factory.mktemp("provider")) as provider:
        yield provider


def pytest_unconfigure() -> None:
    """Leave nothing of the suite's own data folder behind."""
    shutil.rmtree(os.environ.get("CHUANGJU_DATA", ""), ignore_errors=True)


@pytest.fixture(autouse=True)
def _source_language() -> None:
    """A page that an earlier test asked for in English leaves this thread speaking English."""
    translation.activate("zh-hans")


@pytest.fixture(autouse=True)
def _own_attachments(settings: object, tmp_path: Path) -> None:
    settings.ATTACHMENTS_DIR = tmp_path / "attachments"  # type: ignore[attr-defined]


@pytest.fixture
def now() -> datetime:
    """The moment that tests pass as `at=`."""
    return NOW


@pytest.fixture
def today() -> date:
    """The day of `now` in the district."""
    return NOW.date()


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """The machine's clock, standing still at NOW; `clock.move_to(...)` and `clock.shift(...)` set it."""
    with time_machine.travel(NOW.astimezone(UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def make_unit(db: None) -> Callable[..., Unit]:
    """Units by code: `make_unit("rsj", "区人社局")`; the same code gives the same unit."""
    return people.make_unit


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """Accounts with their roles: `make_user("zhang", "leader")`, `make_user("li", "liaison_officer", unit=unit)`."""
    return people.make_user


@pytest.fixture
def reference_data(db: None) -> None:
    """What every installation holds from its first start: the district's units with their codes, names and groups."""
    begin_with("reference", lambda: load_reference_data(at=NOW))


@pytest.fixture
def demo(reference_data: None, clock: time_machine.Coordinates) -> None:
    """The whole demo as it is loaded at NOW, where the clock stays."""
    begin_with("demo at NOW", lambda: load_demo(at=NOW))


@pytest.fixture
def unit(make_unit: Callable[..., Unit]) -> Unit:
    """The department whose liaison officer is `liaison`."""
    return make_unit("rsj", "区人力资源社会保障局")


@pytest.fixture
def other_unit(make_unit: Callable[..., Unit]) -> Unit:
    """A department of which `liaison` is not the liaison officer."""
    return make_unit("jw", "区经委")


@pytest.fixture
def stranger(make_user: Callable[..., User]) -> User:
    """Somebody with an account and no role at all."""
    return make_user("stranger")


@pytest.fixture
def office(make_user: Callable[..., User]) -> User:
    """The programme office (创建办)."""
    return make_user("office", "programme_office")


@pytest.fixture
def leader(make_user: Callable[..., User]) -> User:
    """A leader of the district."""
    return make_user("leader", "leader")


@pytest.fixture
def liaison(make_user: Callable[..., User], unit: Unit) -> User:
    """The liaison officer (联络员) of `unit`."""
    return make_user("liaison", "liaison_officer", unit=unit)


@pytest.fixture
def other_liaison(make_user: Callable[..., User], other_unit: Unit) -> User:
    """The liaison officer of `other_unit`."""
    return make_user("other-liaison", "liaison_officer", unit=other_unit)


@pytest.fixture
def auditor(make_user: Callable[..., User]) -> User:
    """The security auditor, who reads the audit log."""
    return make_user("auditor", "auditor")


@pytest.fixture
def system_administrator(make_user: Callable[..., User]) -> User:
    """Who creates and disables accounts."""
    return make_user("sysadmin", "system_administrator")


@pytest.fixture
def security_administrator(make_user: Callable[..., User]) -> User:
    """Who grants and ends roles."""
    return make_user("secadmin", "security_administrator")


@pytest.fixture
def entrepreneur(make_user: Callable[..., User]) -> User:
    """Somebody outside the administration, with an account of their own."""
    return make_user("founder", "entrepreneur")
