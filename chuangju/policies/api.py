"""The API: what a policy answers for given facts, the catalogue, and the facts that may be given. Stateless, for everybody.

Answers have the keys of formats that others rely on; a request that cannot be taken is told why in sentences (422).
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, RawPostDataException
from django.urls import URLPattern, path
from django.utils import timezone
from ninja import Field, NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from chuangju.kernel.limits import Limit, take_attempt
from chuangju.policies.api_answers import facts_listed, policy_detail, policy_entry
from chuangju.policies.check_answers import with_insured_months
from chuangju.policies.current import current_catalogue
from chuangju.rules.explain import explain, explain_all
from chuangju.rules.given import Facts, clean_facts
from chuangju.rules.policy import Policy
from chuangju.units.adapters import address_of
from chuangju.ventures.registers import dictionary

PREFIX = "api/v1/"
# A firm with a thousand employees fits; nothing larger is read.
LARGEST_BODY = 512 * 1024
REQUESTS = Limit("policies.api", 3000, timedelta(hours=1))
_FIRST, _LAST = date(1990, 1, 1), date(2100, 12, 31)
_TOO_DEEP = "请求正文不是 JSON，或嵌套太深 · the body is no JSON, or nested too deeply"
_TOO_LARGE = f"请求正文不超过 {LARGEST_BODY // 1024} KB · the body may have {LARGEST_BODY // 1024} KB at most"
_TOO_MANY = "请求过多，请一小时后再试 · too many requests, try again in an hour"
_MOST_TOLD = 20
_SURROGATE = "\\ud"
_NO_POLICY = "没有这项政策 · there is no such policy"
_BAD_DAY = f"on 应在 {_FIRST} 至 {_LAST} 之间 · on must lie between {_FIRST} and {_LAST}"


class PlainParser(Parser):
    """Reads a body as JSON; one that is too large or nested too deeply is answered, not fallen over."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's value."""
        # Ninja says 400 of whatever a parser does not take; the handler below says it as it is.
        if len(request.body) > LARGEST_BODY:
            request.body_refusal = HttpError(413, _TOO_LARGE)  # type: ignore[attr-defined]
            raise ValueError(_TOO_LARGE)
        try:
            text = request.body.decode("utf-8-sig")
            value = json.loads(text)
            if _SURROGATE in text.lower():
                # Half a character can be escaped in JSON, but no answer could ever repeat it.
                json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            request.body_refusal = HttpError(422, _TOO_DEEP)  # type: ignore[attr-defined]
            raise
        return value


class PlainRenderer(JSONRenderer):
    """JSON with Chinese as it is written."""

    json_dumps_params = {"ensure_ascii": False}  # noqa: RUF012 - as its base has it


class FactsNotTaken(Exception):
    """The facts given cannot be taken; one sentence for each."""

    def __init__(self, told: list[str]) -> None:
        """Keep the sentences."""
        super().__init__(told)
        self.told = told


class Problem(Schema):
    """Why a request was not taken: sentences in Chinese and English."""

    detail: list[str]


class FactsGiven(Schema):
    """What is known of an applicant: facts by key (GET facts lists them); absent and null are unknown alike."""

    facts: dict[str, Any] = Field(default_factory=dict)
    on: date | None = None


api = NinjaAPI(
    title="Chuangju policies",
    version="1",
    description="政策测算接口：测算结果以审核结果为准。Answers are estimates; the authority's decision counts.",
    urls_namespace="policies",
    docs_url=None,
    parser=PlainParser(),
    renderer=PlainRenderer(),
)
_REFUSALS = {404: Problem, 413: Problem, 422: Problem, 429: Problem}


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, refused: HttpError) -> HttpResponse:
    meant = getattr(request, "body_refusal", None) or refused
    return api.create_response(request, {"detail": [str(meant)]}, status=meant.status_code)


@api.exception_handler(ValidationError)
def _not_taken(request: HttpRequest, refused: ValidationError) -> HttpResponse:
    told = [f"{'.'.join(str(part) for part in one['loc'][1:])}: {one['msg']}" for one in refused.errors]
    return api.create_response(request, {"detail": told}, status=422)


@api.exception_handler(RawPostDataException)
def _no_json(request: HttpRequest, _refused: RawPostDataException) -> HttpResponse:
    """A form in place of JSON, read as one before it came here."""
    return api.create_response(request, {"detail": [_TOO_DEEP]}, status=422)


@api.exception_handler(FactsNotTaken)
def _facts_not_taken(request: HttpRequest, refused: FactsNotTaken) -> HttpResponse:
    return api.create_response(request, {"detail": refused.told}, status=422)


def _admit(request: HttpRequest) -> None:
    if not take_attempt(REQUESTS, address_of(request), at=timezone.now()):
        raise HttpError(429, _TOO_MANY)


def _day(given: date | None) -> date:
    day = given or timezone.localdate()
    if not _FIRST <= day <= _LAST:
        raise HttpError(422, _BAD_DAY)
    return day


def _facts(given: FactsGiven, on: date) -> Facts:
    facts, problems = clean_facts(given.facts, dictionary())
    if problems:
        raise FactsNotTaken([f"{one.zh} · {one.en}" for one in problems[:_MOST_TOLD]])
    return with_insured_months(facts, on)


def _policy(policy_id: str, on: date, version: str | None = None) -> Policy:
    catalogue = current_catalogue()
    found = catalogue.version(policy_id, version) if version else catalogue.version_for(policy_id, on)
    if found is None:
        raise HttpError(404, _NO_POLICY)
    return found


@api.get("policies", url_name="api_policies", response={200: list[dict[str, Any]], **_REFUSALS})
def list_policies(request: HttpRequest, on: date | None = None) -> Any:
    """Every policy with the version that answers on a day (today where none is given)."""
    _admit(request)
    return [policy_entry(one) for one in current_catalogue().in_force(_day(on))]


@api.get("policies/{policy_id}", url_name="api_policy", response={200: dict[str, Any], **_REFUSALS})
def get_policy(request: HttpRequest, policy_id: str, on: date | None = None, version: str | None = None) -> Any:
    """One policy in full: of a day, or a version by its name."""
    _admit(request)
    day = _day(on)
    policy = _policy(policy_id, day, version)
    read_on = min(max(day, policy.effective_from), policy.effective_to or day)
    return policy_detail(policy, current_catalogue(), on=read_on)


@api.post("policies/{policy_id}/explain", url_name="api_explain", response={200: dict[str, Any], **_REFUSALS})
def explain_one(request: HttpRequest, policy_id: str, given: FactsGiven) -> Any:
    """What one policy answers for these facts, and why."""
    _admit(request)
    on = _day(given.on)
    return explain(_policy(policy_id, on), _facts(given, on), on=on).as_json()


@api.post("explain", url_name="api_explain_all", response={200: list[dict[str, Any]], **_REFUSALS})
def explain_every(request: HttpRequest, given: FactsGiven) -> Any:
    """What every policy answers for these facts."""
    _admit(request)
    on = _day(given.on)
    return [one.as_json() for one in explain_all(current_catalogue(), _facts(given, on), on=on)]


@api.get("facts", url_name="api_facts", response={200: list[dict[str, Any]], **_REFUSALS})
def list_facts(request: HttpRequest) -> Any:
    """The facts that may be given, with type, bounds, codes and the question to ask a person."""
    _admit(request)
    return facts_listed()


def api_addresses() -> list[URLPattern]:
    """The API's addresses among those of the package."""
    found, _app, _namespace = api.urls
    return [
        path(PREFIX + str(one.pattern), one.callback, name=one.name)
        for one in found
        if isinstance(one, URLPattern) and one.name != "api-root"
    ] + [path(PREFIX, api_root, name="api-root")]


def api_root(request: HttpRequest) -> HttpResponse:
    """Where to read on."""
    return api.create_response(request, {"openapi": f"/{PREFIX}openapi.json"}, status=200)
