"""What grows out of a decision: objections and statements of applicants, re-openings, corrections, recoveries, samples of the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.children import open_correction, open_objection, open_reopening
from chuangju.applications.decision_reading import granted_policies, recoveries_visible_to, sampling_units
from chuangju.applications.forms_decisions import RepaymentForm, SampleForm, TextForm
from chuangju.applications.grown_cases import reason_for, repaid
from chuangju.applications.models import Application, Decision
from chuangju.applications.recoveries import open_recovery, record_repayment, state_views
from chuangju.applications.samples import draw_sample
from chuangju.applications.views.decide_pages import FormPage, answer_form, bound, desk_case, own_case, today
from chuangju.kernel.money import format_yuan
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required, signed_in_required

_OWN = "applications/apply_base.html"


@signed_in_required
def my_objection(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The applicant objects to a decision."""
    application = own_case(request, pk)
    form = TextForm(
        bound(request), label=_("异议内容和依据"), hint=_("写明哪里不对、依据是什么；由拟定原决定以外的人复核。")
    )

    def act(data: dict[str, Any]) -> str:
        child = open_objection(application, text=data["text"], by=acting_user(request), at=timezone.now())
        return reverse("applications:my_case", args=(child.pk,))

    page = _own_page(application, heading=_("提出异议"), submit=_("提交异议"), done=_("已提交异议"))
    return answer_form(request, form, page, act)


@signed_in_required
def my_hearing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The other side says what it has to say before money is taken back."""
    application = own_case(request, pk)
    form = TextForm(bound(request), label=_("陈述意见"), hint=_("说明事实和理由；需要听证的，在这里写明。"))

    def act(data: dict[str, Any]) -> str:
        state_views(application, text=data["text"], by=acting_user(request), at=timezone.now())
        return reverse("applications:my_case", args=(pk,))

    page = _own_page(
        application,
        heading=_("陈述意见"),
        submit=_("提交意见"),
        done=_("已提交意见"),
        facts=((_("事由"), reason_for(application)),),
    )
    return answer_form(request, form, page, act)


@roles_required(Role.CLERK)
def case_reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Do a case over again."""
    return _open_child(
        request, pk, open_reopening, "reason", heading=_("重新办理"), done=_("已立案重新办理，原决定在新决定公布前有效")
    )


@roles_required(Role.CLERK)
def case_correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a slip in a decision right."""
    return _open_child(request, pk, open_correction, "text", heading=_("更正决定"), done=_("已立案更正"))


@roles_required(Role.CLERK)
def case_recover(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin to take money back."""
    return _open_child(
        request, pk, open_recovery, "reason", heading=_("立案追回"), done=_("已立案，先听取当事人陈述意见")
    )


@roles_required(Role.FINANCE)
def case_repaid(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record money that came back; whoever sees the case that was paid may."""
    application = get_object_or_404(recoveries_visible_to(request.user, today()), pk=pk)
    first = application.parent.decisions.order_by("-published_at").first() if application.parent else None
    back = (
        reverse("applications:decision", args=(first.pk,))
        if first is not None
        else reverse("applications:decision_list")
    )

    def act(data: dict[str, Any]) -> str:
        record_repayment(
            application,
            amount=data["amount"],
            reference=data["reference"],
            received_on=data["received_on"],
            by=acting_user(request),
            at=timezone.now(),
        )
        return back

    owed = application.decisions.filter(state="published").values_list("amount", flat=True).first() or 0
    facts = ((_("应退回"), format_yuan(owed)), (_("已退回"), format_yuan(repaid(application))))
    page = FormPage(
        heading=_("登记退回资金"),
        submit=_("登记"),
        place=application.title,
        back=back,
        done=_("已登记，账本同时记追回"),
        facts=((_("主体"), application.subject.name), (_("办件编号"), application.number), *facts),
    )
    form = RepaymentForm(bound(request), initial={"received_on": today()})
    return answer_form(request, form, page, act)


@roles_required(Role.CLERK, Role.APPROVER)
def sample_draw(request: HttpRequest) -> HttpResponse:
    """Draw granted cases to be looked at on the spot."""
    units = sampling_units(request.user, today())
    policies = granted_policies(units)
    form = SampleForm(bound(request), units=units, policies=policies)

    def act(data: dict[str, Any]) -> str:
        draw_sample(
            data["unit"],
            share=data["share"],
            seed=data["seed"],
            policy_id=data["policy_id"],
            by=acting_user(request),
            at=timezone.now(),
        )
        return f"{reverse('applications:workbench')}?kind=sample"

    page = FormPage(
        heading=_("抽查"),
        submit=_("抽取并立案"),
        place=_("决定"),
        back=reverse("applications:decision_list"),
        done=_("已抽取，每件各立一个抽查办件"),
        hint=_("从已通过、尚未抽查过的办件中随机抽取，逐件现场核实；发现问题的先听取陈述再追回。"),
    )
    return answer_form(request, form, page, act)


def _open_child(
    request: HttpRequest, pk: UUID, begin: Callable[..., Application], name: str, *, heading: str, done: str
) -> HttpResponse:
    application = desk_case(request, pk)

    def act(data: dict[str, Any]) -> str:
        child = begin(application, **{name: data["text"]}, by=acting_user(request), at=timezone.now())
        return reverse("applications:case", args=(child.pk,))

    form = TextForm(bound(request), label=_("事由"), hint=_("写明事实和依据，当事人会看到。"))
    first = application.decisions.filter(state=Decision.State.PUBLISHED).first()
    facts = ((_("原决定"), first.get_outcome_display() if first is not None else ""),)
    page = _desk_page(application, heading=heading, submit=_("立案"), done=done, facts=facts)
    return answer_form(request, form, page, act)


def _desk_page(application: Application, *, facts: Any = (), **words: Any) -> FormPage:
    who = ((_("主体"), application.subject.name), (_("办件编号"), application.number))
    back = reverse("applications:case", args=(application.pk,))
    return FormPage(place=application.title, back=back, facts=(*who, *facts), **words)


def _own_page(application: Application, *, facts: Any = (), **words: Any) -> FormPage:
    back = reverse("applications:my_case", args=(application.pk,))
    return FormPage(place=application.title, back=back, facts=facts, layout=_OWN, **words)
