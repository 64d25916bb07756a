"""What decisions hand to the packages below: papers, duties, payments, and what follows the steps of a case."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangju.applications import instalment_payments, letters, notices, publications
from chuangju.applications.decisions import after_approval
from chuangju.applications.models import Step
from chuangju.applications.step_kinds import register_step_behaviour
from chuangju.budget.payment_owners import register_payment_owner
from chuangju.kernel.duties import Duty, register_duty
from chuangju.kernel.outgoing_papers import register_paper_template

DUTIES = (
    Duty(
        "applications.notices", _("结束期满的公示"), "quarter_hour", notices.end_due_notices, catches_up=False, order=60
    ),
    Duty(
        "applications.instalments",
        _("到期期次申请拨付"),
        "quarter_hour",
        instalment_payments.request_due_instalments,
        catches_up=False,
        order=61,
    ),
)


def register_deciding() -> None:
    """Called once, when the application starts."""
    register_step_behaviour(Step.Kind.NOTICE, on_open=notices.begin_for_step)
    after_approval.register("publish", publications.publish_if_ready)
    register_payment_owner("applications.instalment", instalment_payments.OWNER)
    for template in letters.TEMPLATES:
        register_paper_template(template)
    for duty in DUTIES:
        register_duty(duty)
