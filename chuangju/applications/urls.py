"""Addresses of applications: the applicant's side, the clerks' desk, decisions and what they leave."""

from __future__ import annotations

from django.urls import URLPattern

from chuangju.applications.views.apply_addresses import APPLY
from chuangju.applications.views.batch_addresses import BATCHES
from chuangju.applications.views.decide_addresses import DECIDE
from chuangju.applications.views.desk_addresses import DESK
from chuangju.applications.views.financing_addresses import FINANCING
from chuangju.applications.views.loan_addresses import LOANS
from chuangju.applications.views.step_days_addresses import STEP_DAYS
from chuangju.applications.views.uptake_addresses import UPTAKE
from chuangju.applications.views.voucher_addresses import VOUCHERS

app_name = "applications"
urlpatterns: list[URLPattern] = [
    *APPLY,
    *DESK,
    *DECIDE,
    *BATCHES,
    *LOANS,
    *VOUCHERS,
    *FINANCING,
    *UPTAKE,
    *STEP_DAYS,
]
