"""What decisions hand to the packages below: papers, duties, payments, checks, and what follows the steps of a case."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangju.applications import (
    children,
    claim_words,
    decide_figures,
    decide_menus,
    decision_checks,
    demo_cases,
    demo_offers,
    instalment_payments,
    lenient_duties,
    letters,
    notices,
    obligations,
    publications,
    recoveries,
    replacements,
    samples,
)
from chuangju.applications.decisions import after_approval, preparations
from chuangju.applications.models import Application, Step
from chuangju.applications.paper_duties import after_release
from chuangju.applications.pending_money import pending_money
from chuangju.applications.step_kinds import register_step_behaviour
from chuangju.budget.claim_names import register_claim_namer
from chuangju.budget.forecasts import register_pending_source
from chuangju.budget.payment_owners import register_payment_owner
from chuangju.indicators.metrics import register_metric
from chuangju.kernel.demo import register_demo
from chuangju.kernel.duties import Duty, register_duty
from chuangju.kernel.integrity import register_check
from chuangju.kernel.outgoing_papers import register_paper_template
from chuangju.programme.slots import register_row_tool
from chuangju.ui.tallies import register_tallies

Kind = Application.Kind
_OFTEN = (
    ("notices", _("结束期满的公示"), notices.end_due_notices),
    ("samples", _("办结抽查"), samples.settle_samples),
    ("instalments", _("到期期次申请拨付"), instalment_payments.request_due_instalments),
    ("repaid", _("办结已退清的追回"), recoveries.close_repaid_cases),
)
_DAILY = (
    ("hearings", _("结束到期的陈述申辩"), recoveries.end_hearings),
    ("obligations", _("提醒后续义务"), obligations.remind_of_obligations),
    ("leniency", _("容缺、承诺的提醒和逾期处理"), lenient_duties.follow_lenient_cases),
    ("standings", _("提醒资格到期"), obligations.remind_of_standings),
)
DUTIES = (
    *(
        Duty(f"applications.{name}", label, "quarter_hour", run, catches_up=False, order=60 + place)
        for place, (name, label, run) in enumerate(_OFTEN)
    ),
    *(
        Duty(f"applications.{name}", label, "day", run, catches_up=False, order=70 + place)
        for place, (name, label, run) in enumerate(_DAILY)
    ),
)


def register_deciding() -> None:
    """Called once, when the application starts."""
    register_tallies("applications.decisions", decide_menus.decision_tallies)
    for code, tool in decide_menus.row_tools():
        register_row_tool(code, tool)
    for metric in decide_figures.METRICS:
        register_metric(metric)
    register_step_behaviour(Step.Kind.NOTICE, on_open=notices.begin_for_step)
    after_approval.register("publish", publications.publish_if_ready)
    after_release.register("publish", publications.publish_if_ready)
    for kind in (Kind.OBJECTION, Kind.REOPENING):
        preparations.register(kind, replacements.hold_earlier)
    publications.register_publication(Kind.OBJECTION, children.follow_objection)
    publications.register_publication(Kind.REOPENING, replacements.follow_reopening)
    publications.register_publication(Kind.CORRECTION, children.follow_correction)
    publications.register_publication(Kind.RECOVERY, recoveries.follow_recovery)
    register_demo("applications.cases", demo_cases.load_demo_cases, order=76)
    register_demo("applications.offers", demo_offers.load_demo_offers, order=77)
    register_payment_owner("applications.instalment", instalment_payments.OWNER)
    register_claim_namer("applications.instalment", claim_words.name_parts)
    register_claim_namer("applications.application", claim_words.name_cases)
    register_pending_source("applications", pending_money)
    register_check("applications.decisions", decision_checks.find_decision_faults)
    for template in letters.TEMPLATES:
        register_paper_template(template)
    for duty in DUTIES:
        register_duty(duty)
