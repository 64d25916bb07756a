"""The acceptance test of the whole model: a policy that nobody knows, dropped in as one file, has everything at once.

Loaded by the one command, and by upload in the browser: page, search, check, form, process, letter, payment, matching, figures.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import docx
import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from chuangju.applications.instalment_payments import request_due_of
from chuangju.applications.models import Application, Instalment, Obligation, PublicNotice, RequiredDocument, Standing
from chuangju.applications.payee_accounts import give_account
from chuangju.budget.execution import execution_of
from chuangju.budget.ledger import claim_balances
from chuangju.budget.models import BudgetLine, Payment
from chuangju.indicators.metrics import MetricScope, metric_of, reading_of
from chuangju.kernel.attachments import path_of
from chuangju.kernel.jobs import run_waiting_jobs
from chuangju.kernel.models import Paper, User
from chuangju.kernel.outgoing_papers import hand_over_paper
from chuangju.policies.current import forget_catalogue
from chuangju.policies.match_reading import decision_rows
from chuangju.policies.match_runs import policies_of, start_run
from chuangju.policies.models import PolicyDraft
from chuangju.units.models import Role
from chuangju.ventures.facts import record_fact
from chuangju.ventures.models import Party
from chuangju.ventures.registers.generate import generate_register
from tests.acceptance.shapes import FULL, FULL_ANSWERS, FULL_ID
from tests.acceptance.walking import kinds_of, walk
from tests.applications import deciding, desk
from tests.people import make_user
from tests.policies.desk import register_in_force

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_data", "clock")]
YUAN = 100
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    forget_catalogue()


@pytest.fixture(params=["command", "browser"])
def loaded(
    reference_data: None,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """The folder of the district with the file in it, taken by the one command or uploaded in the browser."""
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "文创工作室.yaml").write_text(FULL, encoding="utf-8")
    settings.POLICY_FOLDER = folder
    monkeypatch.setenv("CHUANGJU_POLICIES", str(folder))
    office, colleague = (make_user(name, Role.PROGRAMME_OFFICE) for name in ("office", "colleague"))
    if request.param == "command":
        call_command("load_policies", "--by", "office", "--published-by", "colleague", stdout=io.StringIO())
    else:
        _upload(folder / "文创工作室.yaml", office, colleague)
    return folder


def _upload(file: Path, author: User, other: User) -> None:
    """One uploads the file and hands it in; the other publishes it."""
    first, second = Client(), Client()
    first.force_login(author)
    second.force_login(other)
    upload = SimpleUploadedFile(file.name, file.read_bytes(), content_type="text/yaml")
    assert first.post(reverse("policies:draft_upload"), {"file": upload}).status_code == 302
    draft = PolicyDraft.objects.get()
    submitted = first.post(
        reverse("policies:draft_submit", args=(draft.pk,)), {"note": "新办法", "revision": draft.revision}
    )
    assert submitted.status_code == 302
    draft.refresh_from_db()
    page = reverse("policies:draft_publish", args=(draft.pk,))
    assert second.post(page, {"revision": draft.revision}).status_code == 302


@pytest.fixture
def founder(reference_data: None) -> User:
    return make_user("founder", Role.ENTREPRENEUR)


@pytest.fixture
def firm(founder: User) -> Party:
    return desk.make_firm(1, founder=founder, name="上海试样文创有限公司")


@pytest.mark.usefixtures("loaded")
def test_it_has_its_page_is_found_and_answers_in_all_five_ways() -> None:
    visitor = Client()
    page = visitor.get(reverse("policies:policy", args=(FULL_ID,)))
    assert page.status_code == 200
    for words in ("文创工作室落户扶持", "三人以上", "租赁合同", "现场核查", "公示"):
        assert words in page.content.decode(), words
    assert "Support for creative studios" in _english(visitor, reverse("policies:policy", args=(FULL_ID,)))
    found = visitor.get(reverse("policies:catalogue"), {"q": "文创工作室"}).content.decode()
    assert reverse("policies:policy", args=(FULL_ID,)) in found
    verdicts: list[tuple[dict[str, Any], str]] = [
        ({}, "eligible"),
        ({"registered_on": "2026-05-01"}, "not_yet"),
        ({"staff_count": None}, "unknown"),
        ({"staff_count": 2}, "near_miss"),
        ({"status": "closed", "staff_count": 1}, "not_eligible"),
    ]
    for change, verdict in verdicts:
        facts = {**FULL_ANSWERS, **change}
        answer = visitor.post(
            f"/api/v1/policies/{FULL_ID}/explain", {"facts": facts, "on": "2026-06-15"}, content_type="application/json"
        ).json()
        assert answer["verdict"] == verdict, (change, answer)
    session = visitor.session
    session["check"] = {"who": "company", "given": {**FULL_ANSWERS, "entity_type": "company"}}
    session.save()
    assert f'id="p-{FULL_ID}"' in visitor.get(reverse("policies:check_answer")).content.decode()


def _english(visitor: Client, address: str) -> str:
    return visitor.get(address, headers={"accept-language": "en"}).content.decode()


@pytest.mark.usefixtures("loaded")
def test_the_form_asks_for_what_is_unknown_alone(founder: User, firm: Party, now: datetime) -> None:
    record_fact(firm, "staff_count", 4, source="社保", is_certified=True, by=None, at=now)
    browser = Client()
    browser.force_login(founder)
    browser.post(reverse("applications:apply_start", args=(FULL_ID,)), {"subject": firm.pk})
    draft = Application.objects.get(subject=firm)
    asked = []
    for _number in range(9):
        page = browser.get(reverse("applications:fill", args=(draft.pk,)), follow=True)
        key = page.redirect_chain[-1][0].rstrip("/").rpartition("/")[2]
        if key == "papers":
            break
        asked.append(key)
        draft.refresh_from_db()
        typed = {"site": {"0-district": "310112", "0-monthly_rent": "5000"}}[key]
        address = reverse("applications:fill_question", args=(draft.pk, key))
        assert browser.post(address, {**typed, "revision": draft.revision}).status_code == 302
    assert asked == ["site"], "the register knows status, day of registration and staff"
    assert [paper.name for paper in draft.documents.order_by("position")] == ["租赁合同", "安全承诺书"]
    record_fact(firm, "staff_count", 12, source="社保", is_certified=True, by=None, at=now + timedelta(minutes=1))
    other = desk.make_firm(2, founder=founder)
    record_fact(other, "staff_count", 12, source="社保", is_certified=True, by=None, at=now)
    browser.post(reverse("applications:apply_start", args=(FULL_ID,)), {"subject": other.pk})
    assert Application.objects.get(subject=other).documents.filter(name="社保缴费清单").exists()


def _handed_in(firm: Party, founder: User, at: datetime) -> Application:
    """A case through the pages, as far as they do something of their own."""
    browser = Client()
    browser.force_login(founder)
    session = browser.session
    session["check"] = {"who": "company", "given": {**FULL_ANSWERS, "registered_on": None}}
    session.save()
    browser.post(reverse("applications:apply_start", args=(FULL_ID,)), {"subject": firm.pk})
    draft = Application.objects.get(subject=firm)
    draft.documents.update(state=RequiredDocument.State.GIVEN)
    give_account(draft, name=firm.name, number="6222000000000000", bank="演示银行", by=founder, at=at)
    review = reverse("applications:fill_review", args=(draft.pk,))
    assert browser.post(review, {"pledge": "1"}).status_code == 302
    draft.refresh_from_db()
    return draft


@pytest.mark.usefixtures("loaded")
def test_a_case_runs_from_its_submission_to_the_second_part_of_its_money(
    founder: User, firm: Party, now: datetime, clock: Any
) -> None:
    line = deciding.give_line(100_000 * YUAN, at=now, unit="kw", policy_id=FULL_ID)
    case, other = _handed_in(firm, founder, now), _handed_in(desk.make_firm(2, founder=founder), founder, now)
    assert kinds_of(case) == ["accept", "screen", "consult", "visit", "panel", "approve", "notice", "pay"]
    assert case.steps.filter(kind="consult").count() == 3
    later = now + timedelta(days=14)
    for one in [walk(case, at=now, later=later), walk(other, at=now, later=later)]:
        assert (one.state, one.granted_amount) == (Application.State.GRANTED, 24_000 * YUAN)
        assert one.steps.filter(kind="screen", unit__code=deciding.TOWN).exists()
    _see_notice_letter_and_what_remains(case)
    assert [request_due_of(one, by=None, at=later) for one in (case, other)] == [1, 1]
    deciding.pay(line, list(Payment.objects.order_by("pk")), at=later)
    assert Instalment.objects.filter(state="paid", number=1).count() == 2
    kept = BudgetLine.objects.select_related("balance").get(pk=line.pk)
    assert execution_of(kept, on=later.date()).balances.paid == 24_000 * YUAN
    # Half a year later one of them still has its three people.
    half = later + timedelta(days=190)
    clock.move_to(half)
    record_fact(other.subject, "staff_count", 2, source="社保", is_certified=True, by=None, at=half)
    assert [request_due_of(one, by=None, at=half) for one in (case, other)] == [1, 0]
    second = Instalment.objects.get(entitlement__application=other, number=2)
    assert (second.state, second.reason) == ("stopped", "存续条件不再满足：三人以上")
    deciding.pay(line, list(Payment.objects.filter(state="requested")), at=half)
    paid = Instalment.objects.filter(state="paid", entitlement__application=case)
    assert sum(claim_balances(one.claim_key).paid for one in paid) == 24_000 * YUAN
    _see_figures(later)


def _see_notice_letter_and_what_remains(case: Application) -> None:
    notice = PublicNotice.objects.get(decisions__application=case)
    assert "上海试样文创有限公司" in Client().get(reverse("applications:notice", args=(notice.pk,))).content.decode()
    paper = next(
        one for one in Paper.objects.filter(template_key="applications.decision") if one.recipient == case.subject.name
    )
    handed = hand_over_paper(paper, by=paper.drafted_by, at=case.decided_at or case.started_at)
    assert handed.docx is not None
    document = docx.Document(str(path_of(handed.docx)))
    text = "\n".join(one.text for one in document.paragraphs)
    for words in ("文创工作室落户扶持", "予以支持", "24,000", "分2期拨付", "试〔2026〕1号", "三人以上"):
        assert words in text, words
    standing = Standing.objects.get(decision__application=case)
    assert (standing.title, standing.state) == ("区文创工作室", "active")
    assert standing.number in Client().get(reverse("applications:public_register")).content.decode()
    assert Obligation.objects.get(application=case).title == "报送年度经营情况"


def _see_figures(at: datetime) -> None:
    scope = MetricScope(on=at.date())
    for key, value in {"applications.granted": 2, "applications.standings": 2}.items():
        metric = metric_of(key)
        assert metric is not None
        assert reading_of(metric, scope).value == value


def test_the_command_and_a_run_in_the_browser_match_it(
    loaded: Path, tmp_path: Path, now: datetime, make_user: Callable[..., User]
) -> None:
    register, out = tmp_path / "register.parquet", tmp_path / "out"
    generate_register(400, seed=7, on=now.date()).write_parquet(register)
    day = ("--on", "2026-06-15")
    told = _command("match", "--register", register, "--policy", FULL_ID, *day, "--out", out)["by_policy"][FULL_ID]
    verdicts = pl.read_parquet(out / "decisions.parquet")[f"{FULL_ID}.verdict"]
    assert told["eligible"] == (verdicts == "eligible").sum() > 0
    officer = make_user("officer", Role.POLICY_OFFICER, unit=desk.unit_of("kw"))
    policies = policies_of([f"{FULL_ID}@2026"])
    run = start_run(register_in_force(400), on=now.date(), policies=policies, title="", by=officer, at=now)
    run_waiting_jobs(at=now)
    run.refresh_from_db()
    assert decision_rows(run, FULL_ID).narrowed(verdict="eligible").count() == told["eligible"]
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(FULL_ANSWERS), encoding="utf-8")
    assert _command("explain", FULL_ID, "--facts", file, *day, "--json")["amount"] == 24_000 * YUAN


def _command(*arguments: str | Path) -> Any:
    """What the command answers, in a process of its own: it knows the folder by its environment, and no database."""
    start = "import sys; from config.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", start, *(str(one) for one in arguments)], capture_output=True, check=True, cwd=ROOT
    )
    return json.loads(done.stdout)
