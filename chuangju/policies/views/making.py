"""The making of policies: their list, the page of one with its stages, and what is recorded there."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangju.kernel.attachments import attachments_visible_to
from chuangju.kernel.audit import events_about
from chuangju.policies.access import (
    can_keep_record,
    keeps_every_policy,
    keeps_policies,
    policy_unit_ids,
    records_visible_to,
    steps_visible_to,
)
from chuangju.policies.current import current_catalogue
from chuangju.policies.expiries import evaluation_due_on, expiry_sign, records_with_expiry
from chuangju.policies.forms_making import RecordForm, StepForm, WithdrawForm, first_values
from chuangju.policies.making import RecordFacts, abandon_record, change_record, open_record
from chuangju.policies.making_listing import confidence_sign, expiring_listing, making_listing, record_sign
from chuangju.policies.making_page import StageLine, stage_lines
from chuangju.policies.making_stages import STAGES
from chuangju.policies.making_steps import StepFacts, record_step, withdraw_step
from chuangju.policies.models import PolicyRecord, PolicyStep
from chuangju.programme.views.plan_steps import Step, answer_step, bound, today
from chuangju.ui.list_views import render_list
from chuangju.units.access import STAFF_ROLES, existing_units_visible_to
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required

EVENTS_SHOWN = 15
FORM = "policies/life_form.html"
KEEPERS = (Role.PROGRAMME_OFFICE, Role.POLICY_OFFICER)


@roles_required(*STAFF_ROLES)
def making_list(request: HttpRequest) -> HttpResponse:
    """Every policy with its stage, its last day and its source."""
    on = today()
    records = records_with_expiry(records_visible_to(request.user, on=on), on=on).select_related("unit")
    listing = making_listing(on=on, mine=policy_unit_ids(request.user, on=on))
    context = {"can_keep": keeps_policies(request.user, on=on)}
    return render_list(request, listing, records, template="policies/making_list.html", context=context)


@roles_required(*STAFF_ROLES)
def expiring_list(request: HttpRequest) -> HttpResponse:
    """Issued policies by their last day."""
    on = today()
    records = records_with_expiry(records_visible_to(request.user, on=on), on=on).select_related("unit")
    issued = records.filter(state=PolicyRecord.State.ISSUED, valid_until__isnull=False)
    listing = expiring_listing(on=on, mine=policy_unit_ids(request.user, on=on))
    return render_list(request, listing, issued, template="policies/expiring_list.html")


def _record(request: HttpRequest, pk: int) -> PolicyRecord:
    found = (
        records_visible_to(request.user, on=today())
        .filter(pk=pk)
        .select_related("unit", "replaces", "added_by")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _kept(request: HttpRequest, pk: int) -> PolicyRecord:
    """The record, for whoever keeps it; for another unit's policy officer its forms do not exist."""
    found = _record(request, pk)
    if not can_keep_record(request.user, found, on=today()):
        raise Http404
    return found


def _lines(request: HttpRequest, record: PolicyRecord, *, can_keep: bool) -> list[StageLine]:
    steps = list(record.steps.select_related("by", "withdrawn_by").order_by("pk"))
    files = attachments_visible_to(request.user).of(*steps) if steps else {}
    return stage_lines(record, steps, files, can_keep=can_keep)


@roles_required(*STAFF_ROLES)
def making(request: HttpRequest, pk: int) -> HttpResponse:
    """A policy: how it was made stage by stage, how long it holds, what comes next."""
    on = today()
    record = _record(request, pk)
    can_keep = can_keep_record(request.user, record, on=on)
    lines = _lines(request, record, can_keep=can_keep)
    is_issued = record.state == PolicyRecord.State.ISSUED
    context = {
        "record": record,
        "sign": record_sign(record),
        "expiry": expiry_sign(record, on=on),
        "confidence": confidence_sign(record.confidence),
        "evaluation_due": evaluation_due_on(record) if is_issued else None,
        "lines": lines,
        "text": current_catalogue().version(record.policy_id, record.version),
        "next": [line for line in lines if line.is_next],
        "versions": records_visible_to(request.user, on=on)
        .filter(policy_id=record.policy_id)
        .exclude(pk=record.pk)
        .order_by("-effective_from", "-pk"),
        "events": Paginator(events_about(record), EVENTS_SHOWN).get_page(request.GET.get("events")),
        "can_keep": can_keep,
        "is_making": record.state == PolicyRecord.State.MAKING,
    }
    return render(request, "policies/making.html", context)


def _form(request: HttpRequest, record: PolicyRecord | None) -> RecordForm:
    on = today()
    units = existing_units_visible_to(request.user, on).order_by("position")
    if not keeps_every_policy(request.user, on=on):
        units = units.filter(pk__in=policy_unit_ids(request.user, on=on))
    initial: dict[str, Any] = {"level": PolicyRecord.Level.DISTRICT, "confidence": "official"}
    if record is None:
        initial["unit"] = units.first() if units.count() == 1 else None
    else:
        names = ("title", "title_en", "policy_id", "version", "level", "issuer", "document", "url", "confidence")
        initial = {name: getattr(record, name) for name in names}
        initial |= {"unit": record.unit_id, "replaces": record.replaces_id, "revision": record.revision}
    records = records_visible_to(request.user, on=on).filter(state=PolicyRecord.State.ISSUED)
    others = (records.exclude(pk=record.pk) if record else records).order_by("policy_id", "pk")
    return RecordForm(bound(request), initial=initial, units=units, records=others)


@roles_required(*KEEPERS)
def making_open(request: HttpRequest) -> HttpResponse:
    """Begin the making of a policy."""
    step = Step(
        heading=_("新建政策档案"),
        submit=_("建立档案"),
        place=pgettext("list", "政策档案"),
        back=reverse("policies:making_list"),
        done=_("已建立政策档案，请按顺序登记各环节"),
        hint=_("政策先制定、后编写成政策文件：从征求意见起逐个环节登记，缺少合法性审核或公平竞争审查的不能印发。"),
    )

    def act(data: dict[str, Any]) -> str:
        data.pop("revision")
        made = open_record(RecordFacts(**data), by=acting_user(request), at=timezone.now())
        return reverse("policies:making", args=(made.pk,))

    return answer_step(request, _form(request, None), step, act, template=FORM)


@roles_required(*KEEPERS)
def making_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the outside of a record."""
    record = _kept(request, pk)
    back = reverse("policies:making", args=(pk,))
    step = Step(
        heading=_("修改政策档案"),
        submit=_("保存"),
        place=record.shown_title,
        back=back,
        done=_("已保存政策档案"),
        revision=lambda: _record(request, pk).revision,
    )

    def act(data: dict[str, Any]) -> str:
        revision = data.pop("revision")
        given = record.revision if revision is None else revision
        change_record(record, RecordFacts(**data), revision=given, by=acting_user(request), at=timezone.now())
        return back

    return answer_step(request, _form(request, record), step, act, template=FORM)


@roles_required(*KEEPERS)
def making_abandon(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up the making of a policy."""
    record = _kept(request, pk)
    back = reverse("policies:making", args=(pk,))
    step = Step(heading=_("放弃制定"), submit=_("放弃制定"), place=record.shown_title, back=back, done=_("已终止制定"))

    def act(data: dict[str, Any]) -> str:
        abandon_record(record, reason=data["reason"], by=acting_user(request), at=timezone.now())
        return back

    return answer_step(request, WithdrawForm(bound(request)), step, act, template=FORM)


@roles_required(*KEEPERS)
def making_step(request: HttpRequest, pk: int, stage: str) -> HttpResponse:
    """Record a stage of a policy's life."""
    if stage not in STAGES:
        raise Http404
    record = _kept(request, pk)
    back = reverse("policies:making", args=(pk,))
    label = PolicyRecord.Stage(stage).label
    step = Step(
        heading=_("登记：%(stage)s") % {"stage": label},
        submit=_("登记"),
        place=record.shown_title,
        back=back,
        done=_("已登记“%(stage)s”") % {"stage": label},
        revision=lambda: _record(request, pk).revision,
        facts=((_("发文字号"), record.document_number), (_("有效期至"), record.valid_until)),
        extra={"is_upload": True},
    )
    files = request.FILES if request.method == "POST" else None
    form = StepForm(bound(request), files, initial=first_values(record, stage, today()), stage=stage)

    def act(data: dict[str, Any]) -> str:
        revision, uploads = data.pop("revision"), data.pop("papers")
        given = record.revision if revision is None else revision
        record_step(
            record,
            stage=stage,
            facts=StepFacts(**data),
            files=uploads,
            revision=given,
            by=acting_user(request),
            at=timezone.now(),
        )
        return f"{back}#stage-{stage}"

    return answer_step(request, form, step, act, template=FORM)


def _step(request: HttpRequest, pk: int) -> PolicyStep:
    found = steps_visible_to(request.user, on=today()).filter(pk=pk).select_related("record__unit").first()
    if found is None or not can_keep_record(request.user, found.record, on=today()):
        raise Http404
    return found


@roles_required(*KEEPERS)
def step_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a stage that was recorded wrongly."""
    found = _step(request, pk)
    back = reverse("policies:making", args=(found.record_id,))
    step = Step(
        heading=_("撤销“%(stage)s”") % {"stage": found.get_stage_display()},
        submit=_("撤销"),
        place=found.record.shown_title,
        back=back,
        done=_("已撤销，可以重新登记"),
        facts=((pgettext("policy", "日期"), found.day), (_("依据文书"), found.document), (_("说明"), found.words)),
    )

    def act(data: dict[str, Any]) -> str:
        withdraw_step(found, reason=data["reason"], by=acting_user(request), at=timezone.now())
        return back

    return answer_step(request, WithdrawForm(bound(request)), step, act, template=FORM)
