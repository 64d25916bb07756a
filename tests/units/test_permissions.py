"""Every page of the package for every role: opened, refused with 403, or led to the sign-in page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from chuangju.kernel.models import AuditEvent, User
from chuangju.units import urls
from chuangju.units.access import STAFF_ROLES
from chuangju.units.models import Role, Unit
from chuangju.units.permissions import acting_user, roles_required
from chuangju.units.sign_ins import record_sign_in

EVERYBODY = frozenset(Role.values)
MAINTAINERS = frozenset({"system_administrator", "programme_office"})
ADMINISTRATORS = frozenset({"system_administrator", "security_administrator"})
SYSTEM, SECURITY, AUDITOR = (
    frozenset({"system_administrator"}),
    frozenset({"security_administrator"}),
    frozenset({"auditor"}),
)
# Page -> who may open it; pages that only take forms are asked with GET and answer 405 to whoever may send them.
PAGES: dict[str, tuple[str, frozenset[str]]] = {
    "my_account": ("/account/", EVERYBODY),
    "change_password": ("/account/password/", EVERYBODY),
    "unit_list": ("/staff/units/", STAFF_ROLES),
    "unit_add": ("/staff/units/new/", MAINTAINERS),
    "unit_detail": ("/staff/units/rsj/", STAFF_ROLES),
    "unit_rename": ("/staff/units/rsj/rename/", MAINTAINERS),
    "unit_alias_add": ("/staff/units/rsj/alias/", MAINTAINERS),
    "unit_abolish": ("/staff/units/rsj/abolish/", MAINTAINERS),
    "group_list": ("/staff/units/groups/", STAFF_ROLES),
    "group_alias_add": ("/staff/units/groups/towns/alias/", MAINTAINERS),
    "account_list": ("/staff/accounts/", ADMINISTRATORS),
    "account_add": ("/staff/accounts/new/", SYSTEM),
    "account_detail": ("/staff/accounts/somebody/", ADMINISTRATORS),
    "account_disable": ("/staff/accounts/somebody/disable/", SYSTEM),
    "account_enable": ("/staff/accounts/somebody/enable/", SYSTEM),
    "role_grant": ("/staff/accounts/somebody/roles/", SECURITY),
    "role_end": ("/staff/accounts/somebody/roles/{role}/end/", SECURITY),
    "audit_list": ("/staff/audit/", AUDITOR),
    "audit_detail": ("/staff/audit/{event}/", AUDITOR),
}
POSTS: dict[str, tuple[str, frozenset[str]]] = {
    "unit_alias_remove": ("/staff/units/rsj/alias/{alias}/remove/", MAINTAINERS),
    "account_password": ("/staff/accounts/somebody/password/", SYSTEM),
    "account_unlock": ("/staff/accounts/somebody/unlock/", SECURITY),
}


@pytest.fixture
def addresses(register: None, make_user: Callable[..., User], now: object) -> Callable[[str], str]:
    """Fills the places in an address with records that exist."""
    somebody = make_user("somebody", "mentor")
    record_sign_in(somebody, at=now)  # type: ignore[arg-type]
    event = AuditEvent.objects.order_by("-pk")[0].pk
    alias = Unit.objects.get(code="rsj").names.filter(is_alias=True).order_by("pk")[0].pk
    role = somebody.assignments.get().pk

    def fill(path: str) -> str:
        return path.format(event=event, alias=alias, role=role)

    return fill


def test_every_address_that_is_listed_here_exists() -> None:
    """Whether any is missing is asked by the access matrix, which lists every route of the product."""
    assert {pattern.name for pattern in urls.urlpatterns} >= set(PAGES) | set(POSTS)


# Who is answered what does not depend on the database.
@pytest.mark.database("sqlite")
@pytest.mark.parametrize("role", sorted(Role.values))
def test_each_role_opens_its_pages_and_no_other(
    role: str, addresses: Callable[[str], str], make_user: Callable[..., User], client: Client
) -> None:
    needs_unit = role in {"liaison_officer", "policy_officer", "clerk", "approver", "finance"}
    client.force_login(make_user("holder", role, unit=Unit.objects.get(code="kw") if needs_unit else None))
    got = {name: client.get(addresses(path)).status_code for name, (path, _roles) in PAGES.items()}
    assert got == {name: 200 if role in roles else 403 for name, (_path, roles) in PAGES.items()}
    sent = {name: client.post(addresses(path)).status_code for name, (path, _roles) in POSTS.items()}
    assert sent == {name: 302 if role in roles else 403 for name, (_path, roles) in POSTS.items()}


def test_strangers_are_led_to_the_sign_in_page(addresses: Callable[[str], str], client: Client) -> None:
    for path, _roles in (*PAGES.values(), *POSTS.values()):
        response = client.get(addresses(path))
        assert response.status_code == 302
        assert response["Location"].startswith("/sign-in/?next=/")


@pytest.mark.parametrize("name", sorted(POSTS))
def test_what_changes_something_does_not_answer_to_a_link(
    name: str, addresses: Callable[[str], str], system_administrator: User, security_administrator: User, client: Client
) -> None:
    client.force_login(security_administrator if name == "account_unlock" else system_administrator)
    assert client.get(addresses(POSTS[name][0])).status_code == 405


def test_a_refusal_says_for_whom_the_page_is(leader: User, client: Client) -> None:
    client.force_login(leader)
    assert "系统管理员、安全保密管理员" in client.get("/staff/accounts/").content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/staff/units/nothing/",
        "/staff/units/nothing/rename/",
        "/staff/accounts/nobody/",
        "/staff/units/groups/x/alias/",
    ],
)
def test_what_does_not_exist_answers_404(path: str, system_administrator: User, client: Client) -> None:
    client.force_login(system_administrator)
    assert client.get(path).status_code == 404


def test_a_role_before_its_first_day_opens_nothing(stranger: User, client: Client, clock: object, now: object) -> None:
    stranger.assignments.create(role="auditor", starts_on=date(2026, 6, 16))
    client.force_login(stranger)
    assert client.get("/staff/audit/").status_code == 403
    clock.move_to(date(2026, 6, 16))  # type: ignore[attr-defined]
    client.force_login(stranger)
    assert client.get("/staff/audit/").status_code == 200


def test_a_view_outside_the_staff_side_is_guarded_by_its_own_decorator(db: None, rf: RequestFactory) -> None:
    """The middleware watches /staff/ only; elsewhere the decorator alone leads strangers to the sign-in page."""

    @roles_required(Role.MENTOR)
    def page(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("seen")

    request = rf.get("/somewhere/?a=1")
    request.user = AnonymousUser()
    response = page(request)
    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/somewhere/%3Fa%3D1")


def test_a_stranger_is_never_taken_for_whoever_acts(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    with pytest.raises(PermissionDenied):
        acting_user(request)


def test_what_was_written_while_the_session_ended_is_shown_to_be_copied(client: Client, db: None) -> None:
    answer = client.post("/staff/units/new/", {"name": "区数据局", "kind": "government"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "登录已过期" in page
    assert "区数据局</textarea>" in page
    assert "government" not in page
    assert "/sign-in/?next=/staff/units/new/" in page


def test_a_password_is_never_shown_to_be_copied(client: Client, db: None) -> None:
    answer = client.post(
        "/account/password/", {"present": "很长的旧密码", "new": "很长的新密码", "repeated": "很长的新密码"}
    )
    assert answer.status_code == 302
