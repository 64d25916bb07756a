"""The API: the same answers as the library, refusals in sentences, and a few hundred made-up requests without a fault."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuangju.kernel.limits import Limit
from chuangju.kernel.models import User
from chuangju.policies import api
from chuangju.policies.current import current_catalogue
from chuangju.rules.explain import explain
from chuangju.rules.given import clean_facts
from chuangju.ventures.registers import dictionary

pytestmark = pytest.mark.django_db
FACTS = {
    "registered_on": "2025-03-17",
    "status": "active",
    "monthly_rent": "4200元",
    "employees": [{"insured_months": 8}],
}
JSON = "application/json"


def post(client: Client, path: str, body: Any) -> Any:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(f"/api/v1/{path}", text, content_type=JSON)


def test_one_policy_answers_as_the_library_does(client: Client) -> None:
    answer = post(client, "policies/rent_subsidy/explain", {"facts": FACTS, "on": "2026-06-15"})
    policy = current_catalogue().version_for("rent_subsidy", date(2026, 6, 15))
    assert policy is not None
    facts, _problems = clean_facts(FACTS, dictionary())
    assert answer.status_code == 200
    assert answer.json() == json.loads(json.dumps(explain(policy, facts, on=date(2026, 6, 15)).as_json()))


def test_the_whole_catalogue_answers_in_its_order(client: Client) -> None:
    answers = post(client, "explain", {"facts": FACTS, "on": "2026-06-15"}).json()
    assert [one["policy"] for one in answers] == [one.id for one in current_catalogue().in_force(date(2026, 6, 15))]
    assert {one["verdict"] for one in answers} <= {"eligible", "not_yet", "near_miss", "unknown", "not_eligible"}


def test_policies_and_facts_are_listed(client: Client) -> None:
    listed = client.get("/api/v1/policies?on=2020-01-01").json()
    assert "2018" in {one["version"] for one in listed if one["id"] == "first_startup_grant"}
    one = client.get("/api/v1/policies/first_startup_grant?version=2018").json()
    assert one["versions"] == ["2018", "2023"]
    assert one["sha256"]
    facts = {each["key"]: each for each in client.get("/api/v1/facts").json()}
    assert set(facts) == set(dictionary().facts)
    assert facts["employees"]["fields"][0]["key"] == "residence"
    assert "房租" in client.get("/api/v1/policies/rent_subsidy").content.decode()


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"facts": {"registered_on": "17-3-2025", "no_such": 1}}, 422, "registered_on"),
        ({"facts": {"monthly_rent": -1}}, 422, "monthly_rent"),
        ({"facts": [1]}, 422, "facts"),
        ({"facts": {}, "on": "1800-01-01"}, 422, "1990"),
        ({"facts": {}, "on": "soon"}, 422, "on"),
        ("{", 422, "JSON"),
        ("[" * 100_000, 422, "JSON"),
        (b"\xff\xfe", 422, "JSON"),
        # Half a character, escaped or raw, cannot be repeated in any answer.
        (b'{"facts": {"industry": "\\uD800"}}', 422, "JSON"),
        (b'{"facts": {"industry": "\xed\xa0\x80"}}', 422, "JSON"),
        ('{"facts": {"name": "' + "x" * api.LARGEST_BODY + '"}}', 413, "KB"),
    ],
)
def test_what_cannot_be_taken_is_told_in_sentences(client: Client, body: Any, status: int, told: str) -> None:
    for path in ("explain", "policies/rent_subsidy/explain"):
        answer = post(client, path, body)
        assert answer.status_code == status, answer.content[:200]
        sentences = answer.json()["detail"]
        assert sentences
        assert told in " ".join(sentences)


def test_whole_characters_beyond_the_first_plane_are_taken(client: Client) -> None:
    for body in (b'\xef\xbb\xbf{"facts": {"name": "\\ud83d\\udca5"}}', '{"facts": {"name": "\U0001f4a5"}}'):
        assert post(client, "explain", body).status_code == 200


def test_a_form_in_place_of_json_is_told_so_whoever_sends_it(client: Client, entrepreneur: User) -> None:
    assert client.post("/api/v1/explain", {"facts": "x"}).status_code == 422
    client.force_login(entrepreneur)
    answer = client.post("/api/v1/explain", {"facts": "x"})
    assert answer.status_code == 422
    assert "JSON" in answer.json()["detail"][0]


def test_what_is_not_there_answers_404(client: Client) -> None:
    assert client.get("/api/v1/policies/no_such").status_code == 404
    assert client.get("/api/v1/policies/rent_subsidy?version=1999").status_code == 404
    assert post(client, "policies/no_such/explain", {}).status_code == 404


def test_requests_of_an_address_are_limited(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "REQUESTS", Limit("policies.api", 2, api.REQUESTS.per))
    assert [client.get("/api/v1/policies").status_code for _attempt in range(3)] == [200, 200, 429]


def test_no_cookie_no_token_and_no_session_are_needed(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = post(strict, "explain", {"facts": FACTS})
    assert answer.status_code == 200
    assert not answer.cookies
    cache.clear()


def test_the_schema_names_every_address(client: Client) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    assert set(schema["paths"]) == {
        "/api/v1/policies",
        "/api/v1/policies/{policy_id}",
        "/api/v1/policies/{policy_id}/explain",
        "/api/v1/explain",
        "/api/v1/facts",
    }
    assert client.get("/api/v1/").json() == {"openapi": "/api/v1/openapi.json"}


# Text with halves of characters too, as JSON can escape them.
_TEXT = st.text(st.characters(), max_size=20)
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXT
_VALUES = st.recursive(_SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4), max_leaves=12)  # fmt: skip
_KEYS = st.sampled_from(sorted(dictionary().facts)) | st.text(max_size=12)
_DAYS = st.dates().map(str) | st.sampled_from(["2026-06-15", "2024-02-29"]) | _SCALARS
_RECORDS = st.lists(st.dictionaries(st.sampled_from(["residence", "insured_months", "insured_from", "groups", "x"]), _SCALARS, max_size=4), max_size=4)  # fmt: skip


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "REQUESTS", Limit("policies.api", 10**9, api.REQUESTS.per))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    facts=st.dictionaries(_KEYS, _VALUES | _RECORDS, max_size=6),
    on=_DAYS,
    path=st.sampled_from(["explain", "policies/employment_subsidy/explain"]),
)
def test_no_request_makes_the_server_fail(client: Client, unlimited: None, facts: Any, on: Any, path: str) -> None:
    answer = post(client, path, {"facts": facts, "on": on})
    # 404: a day on which the policy did not exist.
    assert answer.status_code in {200, 404, 422}, answer.content[:300]
    assert answer.json() or path == "explain"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200) | _VALUES.map(lambda value: json.dumps(value).encode()))
def test_no_body_makes_the_server_fail(client: Client, unlimited: None, body: bytes) -> None:
    answer = post(client, "explain", body)
    assert answer.status_code in {200, 422}, answer.content[:300]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(policy=st.text(min_size=1, max_size=30), on=st.text(max_size=20), version=st.text(max_size=20))
def test_no_address_makes_the_server_fail(client: Client, unlimited: None, policy: str, on: str, version: str) -> None:
    answer = client.get(f"/api/v1/policies/{policy}", {"on": on, "version": version})
    assert answer.status_code in {200, 301, 404, 422}
