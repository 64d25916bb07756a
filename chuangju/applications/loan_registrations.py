"""What guaranteed loans hand to the packages below: payments of interest, the duty that keeps periods, a check, menus."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.applications import demo_money, loan_menus, loan_payments, money_indicators
from chuangju.applications.interest_periods import interest_differences, refresh_periods
from chuangju.applications.models import LoanFacility
from chuangju.budget.payments import register_payment_owner
from chuangju.indicators.metrics import register_metric
from chuangju.kernel.audit import register_actions
from chuangju.kernel.demo import register_demo
from chuangju.kernel.duties import Duty, register_duty
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.integrity import register_check
from chuangju.kernel.outbox import register_message_template
from chuangju.programme.slots import register_row_tool
from chuangju.ui.menus import register_menu


def keep_periods(period: DutyPeriod) -> int:
    """Every day: periods that begin or are over; how many changed."""
    drawn = LoanFacility.objects.filter(drawn_on__isnull=False).order_by("pk")
    return sum(refresh_periods(one, by=None, at=period.at) for one in drawn)


def find_loan_faults() -> Iterator[str]:
    """For `verify`: confirmed periods that the bank's movements do not bear out."""
    for kept, planned in interest_differences():
        yield _("合同 %(contract)s 第 %(number)d 期贴息核定 %(kept)d 分，按银行流水应为 %(planned)d 分。") % {
            "contract": kept.facility.contract,
            "number": kept.number,
            "kept": kept.subsidy,
            "planned": planned.subsidy,
        }


DUTY = Duty(
    "applications.interest", gettext_lazy("计算贷款贴息期次"), "day", keep_periods, catches_up=False, is_repeatable=True
)


def register_loans() -> None:
    """Called once, when the application starts."""
    register_actions(loan_menus.ACTIONS)
    for section in loan_menus.SECTIONS:
        register_menu(section)
    for code, tool in loan_menus.row_tools():
        register_row_tool(code, tool)
    for template in loan_payments.MESSAGES:
        register_message_template(template)
    register_payment_owner(loan_payments.PREFIX, loan_payments.OWNER)
    register_duty(DUTY)
    register_check("applications.loans", find_loan_faults)
    for metric in money_indicators.METRICS:
        register_metric(metric)
    register_demo("applications.money", demo_money.load_demo_money, order=78)
