"""A batch in the browser: gathered, checked, approved by somebody else, sent, answered, reconciled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chuangju.budget.batch_files import DETAIL_HEAD, detail_rows, items_of
from chuangju.budget.models import AnswerFile, BudgetLine, Payment, PaymentBatch
from chuangju.kernel.models import AuditEvent, User
from chuangju.papers.sheets import write_csv
from chuangju.ventures.models import Party
from tests.budget.batches import checked_batch, formed, sent_batch
from tests.budget.money import ACCOUNT, requested
from tests.budget.owners import Told

pytestmark = pytest.mark.django_db


def page(client: Client, name: str, *args: Any, **query: Any) -> str:
    """The text of a page that opens."""
    response = client.get(reverse(f"budget:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def post(client: Client, form: str, /, *args: Any, **data: Any) -> Any:
    """What a form is answered with."""
    return client.post(reverse(f"budget:{form}", args=args), data)


def step(client: Client, batch: PaymentBatch, name: str) -> str:
    """A step of a batch from its newest page, and the state that it led to."""
    batch.refresh_from_db()
    response = post(client, "batch_step", batch.pk, name, revision=batch.revision)
    assert response.status_code == 302
    batch.refresh_from_db()
    return batch.state


def test_a_batch_is_gathered_from_all_that_waits(
    client: Client, line: BudgetLine, payee: Party, finance: User, approver: User, clock: datetime
) -> None:
    payments = [requested(line, payee, by=approver) for _number in range(3)]
    client.force_login(finance)
    shown = page(client, "batch_new")
    assert all(f'value="{payment.pk}" checked' in shown for payment in payments)
    assert post(client, "batch_new", title="", payments=[payments[0].pk]).status_code == 422
    response = post(client, "batch_new", title="六月拨付", payments=[str(payments[0].pk), str(payments[1].pk)])
    batch = PaymentBatch.objects.get()
    assert response["Location"] == reverse("budget:batch", args=(batch.pk,))
    assert batch.count == 2
    assert "联审通过" in page(client, "batch", batch.pk)
    post(client, "batch_drop", batch.pk, payments[0].pk, revision=batch.revision)
    batch.refresh_from_db()
    assert batch.count == 1


def test_two_people_take_the_steps_and_each_sees_their_own(
    client: Client, line: BudgetLine, payee: Party, finance: User, approver: User, clock: datetime
) -> None:
    batch, _payments = formed(line, payee, 2, by=finance)
    client.force_login(finance)
    assert step(client, batch, "check") == "checked"
    assert "审批通过" not in page(client, "batch", batch.pk)
    assert step(client, batch, "approve") == "checked"
    client.force_login(approver)
    assert "等待您审批" in page(client, "batch", batch.pk)
    assert step(client, batch, "approve") == "approved"
    assert client.get(reverse("budget:batch_file", args=(batch.pk, "xlsx"))).status_code == 404
    client.force_login(finance)
    file = client.get(reverse("budget:batch_file", args=(batch.pk, "xlsx")))
    assert file["Content-Type"].endswith("spreadsheetml.sheet")
    assert AuditEvent.objects.filter(action="budget.batch_exported", actor=finance).count() == 1
    assert client.get(reverse("budget:batch_file", args=(batch.pk, "docx"))).content[:2] == b"PK"
    assert client.get(reverse("budget:batch_file", args=(batch.pk, "exe"))).status_code == 404
    assert step(client, batch, "send") == "sent"
    assert post(client, "batch_step", batch.pk, "burn").status_code == 404


def test_an_approver_sends_a_batch_back(
    client: Client, line: BudgetLine, payee: Party, finance: User, approver: User, clock: datetime
) -> None:
    batch, _payments = checked_batch(line, payee, 1, by=finance)
    client.force_login(approver)
    assert post(client, "batch_return", batch.pk, reason="", revision=batch.revision).status_code == 422
    assert post(client, "batch_return", batch.pk, reason="金额请复核", revision=batch.revision).status_code == 302
    client.force_login(finance)
    assert "金额请复核" in page(client, "batch", batch.pk)
    assert step(client, batch, "dissolve") == "dissolved"


def test_what_must_not_go_out_is_named_on_the_page(
    client: Client, line: BudgetLine, payee: Party, finance: User, told: Told, clock: datetime
) -> None:
    batch, payments = formed(line, payee, 2, by=finance)
    told.refused = {payments[0].number: "企业已迁出本区"}
    client.force_login(finance)
    shown = page(client, "batch", batch.pk)
    assert "企业已迁出本区" in shown
    assert "联审通过" not in shown
    assert step(client, batch, "check") == "draft"


def upload(batch: PaymentBatch, said: dict[str, tuple[str, ...]]) -> SimpleUploadedFile:
    """Our own sheet as csv, filled in by the treasury."""
    rows = [list(row) for row in detail_rows(items_of(batch))]
    for row in rows:
        row[-4:] = [*said.get(str(row[0]), ("", "", "", ""))]
    return SimpleUploadedFile("回执.csv", write_csv(list(DETAIL_HEAD), rows))


def test_answers_with_a_fault_are_shown_by_row_and_cell_and_good_ones_settle(
    client: Client, line: BudgetLine, payee: Party, finance: User, approver: User, clock: datetime
) -> None:
    batch, payments = sent_batch(line, payee, 2, by=finance, approver=approver)
    client.force_login(finance)
    wrong = {payments[0].number: ("成功", "2026-06-12", "", ""), payments[1].number: ("没说", "", "", "")}
    answered = post(client, "batch_answers", batch.pk, file=upload(batch, wrong))
    assert answered.status_code == 422
    shown = answered.content.decode()
    assert "支付结果应为成功、失败或退票" in shown
    assert "须更正的单元格" in shown
    assert AnswerFile.objects.count() == 0
    right = {payment.number: ("成功", "2026-06-12", "", "") for payment in payments}
    assert post(client, "batch_answers", batch.pk, file=upload(batch, right)).status_code == 302
    assert post(client, "batch_answers", batch.pk, file=upload(batch, right)).status_code == 302
    assert AnswerFile.objects.count() == 1
    assert set(Payment.objects.values_list("state", flat=True)) == {"paid"}
    reconciled = page(client, "batch_reconciliation", batch.pk)
    assert "账实相符" in reconciled
    assert "6,000 元" in reconciled


def test_a_batch_of_another_unit_does_not_exist(
    client: Client, line: BudgetLine, payee: Party, finance: User, other_finance: User, clock: datetime
) -> None:
    batch, payments = formed(line, payee, 1, by=finance)
    client.force_login(other_finance)
    for name in ("batch", "batch_reconciliation", "batch_answers"):
        assert client.get(reverse(f"budget:{name}", args=(batch.pk,))).status_code == 404
    assert client.get(reverse("budget:payment", args=(payments[0].pk,))).status_code == 404


def test_the_full_account_number_takes_a_reason(
    client: Client, line: BudgetLine, payee: Party, finance: User, clock: datetime
) -> None:
    payment = requested(line, payee, by=finance)
    client.force_login(finance)
    shown = page(client, "payment", payment.pk)
    assert ACCOUNT not in shown
    assert "6222***********5702" in shown
    address = reverse("units:unmask", args=("budget-payment-account_number", payment.pk))
    response = client.post(address, {"reason": "核对退票账号"}, follow=True)
    assert ACCOUNT in response.content.decode()
