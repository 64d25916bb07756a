"""Addresses of money."""

from __future__ import annotations

from django.urls import URLPattern, path

from chuangju.budget.views import batch_papers, batches, line_steps, lines, own, payments, reallocations, requests

app_name = "budget"
urlpatterns: list[URLPattern] = [
    # Lines and their ledger.
    path("staff/budget/", lines.line_list, name="line_list"),
    path("staff/budget/new/", line_steps.line_enter, name="line_enter"),
    path("staff/budget/lines/<int:pk>/", lines.line, name="line"),
    path("staff/budget/lines/<int:pk>/entries/", lines.line_entries, name="line_entries"),
    path("staff/budget/lines/<int:pk>/change/", line_steps.line_change, name="line_change"),
    path("staff/budget/lines/<int:pk>/plan/", line_steps.line_plan, name="line_plan"),
    path("staff/budget/lines/<int:pk>/open/", line_steps.line_open, name="line_open"),
    path("staff/budget/lines/<int:pk>/close/", line_steps.line_close, name="line_close"),
    path("staff/budget/lines/<int:pk>/request/", requests.request_new, name="request_new"),
    path("staff/budget/entries/<int:pk>/reverse/", line_steps.entry_reverse, name="entry_reverse"),
    # Money moved in mid-year.
    path("staff/budget/reallocations/", reallocations.reallocation_list, name="reallocation_list"),
    path("staff/budget/reallocations/new/", reallocations.reallocation_new, name="reallocation_new"),
    path("staff/budget/reallocations/<int:pk>/", reallocations.reallocation, name="reallocation"),
    path("staff/budget/reallocations/<int:pk>/decide/", reallocations.reallocation_decide, name="reallocation_decide"),
    path(
        "staff/budget/reallocations/<int:pk>/withdraw/",
        reallocations.reallocation_withdraw,
        name="reallocation_withdraw",
    ),
    # Next year's requests.
    path("staff/budget/requests/", requests.request_list, name="request_list"),
    path("staff/budget/requests/<int:pk>/", requests.budget_request, name="request"),
    path("staff/budget/requests/<int:pk>/change/", requests.request_change, name="request_change"),
    path("staff/budget/requests/<int:pk>/submit/", requests.request_submit, name="request_submit"),
    path("staff/budget/requests/<int:pk>/file/<slug:kind>/", requests.request_file, name="request_file"),
    path("staff/budget/targets/<int:pk>/drop/", requests.target_drop, name="target_drop"),
    # Payments and their batches.
    path("staff/payments/", payments.payment_list, name="payment_list"),
    path("staff/payments/<uuid:pk>/", payments.payment, name="payment"),
    path("staff/payments/<uuid:pk>/stop/", payments.payment_stop, name="payment_stop"),
    path("staff/payments/<uuid:pk>/recover/", payments.payment_recover, name="payment_recover"),
    path("staff/payment-batches/", batches.batch_list, name="batch_list"),
    path("staff/payment-batches/new/", batches.batch_new, name="batch_new"),
    path("staff/payment-batches/<uuid:pk>/", batches.batch, name="batch"),
    path("staff/payment-batches/<uuid:pk>/step/<slug:step>/", batches.batch_step, name="batch_step"),
    path("staff/payment-batches/<uuid:pk>/return/", batches.batch_return, name="batch_return"),
    path("staff/payment-batches/<uuid:pk>/drop/<uuid:payment>/", batches.batch_drop, name="batch_drop"),
    path("staff/payment-batches/<uuid:pk>/file/<slug:kind>/", batch_papers.batch_file, name="batch_file"),
    path("staff/payment-batches/<uuid:pk>/answers/", batch_papers.batch_answers, name="batch_answers"),
    path(
        "staff/payment-batches/<uuid:pk>/reconciliation/",
        batch_papers.batch_reconciliation,
        name="batch_reconciliation",
    ),
    # What is paid to me.
    path("account/payments/", own.own_payments, name="own_payments"),
    path("account/payments/<uuid:pk>/mend/", own.own_mend, name="own_mend"),
]
