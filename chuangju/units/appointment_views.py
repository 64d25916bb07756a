"""Pages of who answers for which unit: the register, one appointment, the office's forms, and the notice."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.kernel.audit import events_about
from chuangju.ui.confirmations import Confirmation
from chuangju.ui.list_views import render_list
from chuangju.ui.signs import Figure
from chuangju.units.access import appointments_visible_to, can_appoint, units_visible_to
from chuangju.units.appointment_lists import appointment_listing, appointment_sign, appointment_url, seat_listing
from chuangju.units.appointment_register import Kind, count_missing, lacks_role, units_with_appointments
from chuangju.units.appointments import (
    appoint,
    correct_appointment,
    default_duty,
    end_appointment,
    replace_appointment,
    set_default_duty,
)
from chuangju.units.form_views import answer_form
from chuangju.units.member_lists import draft_member_notice
from chuangju.units.models import Appointment, Role, Unit
from chuangju.units.people_forms import (
    AppointForm,
    CorrectAppointmentForm,
    DutyForm,
    EndAppointmentForm,
    NoticeForm,
    ReplaceForm,
)
from chuangju.units.permissions import acting_user, roles_required, staff_required

OFFICE = (Role.PROGRAMME_OFFICE,)


@require_safe
@staff_required
def seat_list(request: HttpRequest) -> HttpResponse:
    """Each unit with its leader in charge and liaison officers, and where somebody is missing."""
    today = timezone.localdate()
    units = units_with_appointments(units_visible_to(request.user), today)
    missing = count_missing(today)
    address = resolve_url("units:seat_list")
    figures = [
        Figure(
            _("缺%(kind)s") % {"kind": kind.label},
            missing[kind.value],
            ngettext("个单位", "个单位", missing[kind.value]),
            _tone(missing[kind.value]),
            f"{address}?missing={kind.value}",
        )
        for kind in Kind
    ]
    context = {
        "can_appoint": can_appoint(request.user, today),
        "figures": figures,
        "missing": missing["units"],
        "today": today,
        "kinds": Kind.choices,
    }
    return render_list(request, seat_listing(today), units, template="units/seat_list.html", context=context)


@require_safe
@staff_required
def appointment_list(request: HttpRequest) -> HttpResponse:
    """Every appointment through the years."""
    today = timezone.localdate()
    rows = appointments_visible_to(request.user, today).select_related("unit")
    return render_list(request, appointment_listing(today), rows, template="units/appointment_list.html")


@require_safe
@staff_required
def appointment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One appointment: who, what for, since when, and what was changed."""
    today = timezone.localdate()
    appointment = _appointment(request, pk)
    context = {
        "appointment": appointment,
        "sign": appointment_sign(appointment, today),
        "events": list(events_about(appointment).order_by("-at", "-pk")[:20]),
        "can_change": can_appoint(request.user, today)
        and (appointment.ends_on is None or appointment.ends_on >= today),
    }
    return render(request, "units/appointment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*OFFICE)
def appointment_add(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Somebody for an empty seat."""
    unit = get_object_or_404(units_visible_to(request.user), code=code)
    label = _label_of(kind)
    today = timezone.localdate()
    initial = {"starts_on": today, "duty": default_duty(kind)}
    data = request.POST if request.method == "POST" else None
    form = AppointForm(data, user=acting_user(request), on=today, initial=initial)

    def act() -> str:
        made = appoint(
            unit,
            kind=kind,
            appointee=form.appointee(),
            starts_on=form.cleaned_data["starts_on"],
            by=acting_user(request),
            at=timezone.now(),
        )
        messages.success(request, _("已任命%(name)s为%(kind)s") % {"name": made.name, "kind": label})
        _say_if_role_is_missing(request, made)
        return _seats_of(unit)

    step = Confirmation(
        title=_("任命%(kind)s：%(unit)s") % {"kind": label, "unit": unit.shown_name},
        sentence=_("任命只表明由谁负责；登录后能做什么，由安全保密管理员授予的角色决定"),
        action_label=pgettext("action", "任命"),
        cancel_url=_seats_of(unit),
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*OFFICE)
def appointment_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody else on a seat."""
    appointment = _appointment(request, pk)
    today = timezone.localdate()
    initial = {"starts_on": today, "duty": appointment.duty or default_duty(appointment.kind)}
    data = request.POST if request.method == "POST" else None
    form = ReplaceForm(data, user=acting_user(request), on=today, initial=initial)

    def act() -> str:
        made = replace_appointment(
            appointment,
            appointee=form.appointee(),
            starts_on=form.cleaned_data["starts_on"],
            reason=form.cleaned_data["reason"],
            by=acting_user(request),
            at=timezone.now(),
        )
        messages.success(
            request,
            _("自 %(day)s 起由%(name)s接任；本单位的落实节点归单位所有，不受影响，由其继续负责")
            % {"day": made.starts_on.isoformat(), "name": made.name},
        )
        _say_if_role_is_missing(request, made)
        return _seats_of(appointment.unit)

    step = Confirmation(
        title=_("更换%(kind)s：%(unit)s")
        % {"kind": appointment.get_kind_display(), "unit": appointment.unit.shown_name},
        sentence=_("现任%(name)s任到接任日期的前一天；单位名下的落实节点和办件不移动，改由接任人负责")
        % {"name": appointment.name},
        action_label=_("更换"),
        cancel_url=_seats_of(appointment.unit),
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*OFFICE)
def appointment_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody on a seat."""
    appointment = _appointment(request, pk)
    data = request.POST if request.method == "POST" else None
    form = EndAppointmentForm(data, initial={"last_day": timezone.localdate()})

    def act() -> str:
        end_appointment(appointment, **form.cleaned_data, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已登记结束；该单位将列入缺员，请及时任命"))
        return _seats_of(appointment.unit)

    step = Confirmation(
        title=_("结束任命：%(name)s") % {"name": appointment.name},
        sentence=_("结束后该单位没有%(kind)s；有人接任的，请用“更换”") % {"kind": appointment.get_kind_display()},
        action_label=_("结束任命"),
        cancel_url=_seats_of(appointment.unit),
        is_dangerous=True,
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*OFFICE)
def appointment_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Post, telephone and duty put right."""
    appointment = _appointment(request, pk)
    initial = {"post": appointment.post, "phone": appointment.phone, "duty": appointment.duty}
    form = CorrectAppointmentForm(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> str:
        correct_appointment(appointment, **form.cleaned_data, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已更正"))
        return appointment_url(appointment)

    step = Confirmation(
        title=_("更正：%(name)s") % {"name": appointment.name},
        sentence=_("只更正职务、电话和职责；换人请用“更换”"),
        action_label=_("保存"),
        cancel_url=appointment_url(appointment),
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*OFFICE)
def duty_edit(request: HttpRequest, kind: str) -> HttpResponse:
    """What everybody newly appointed to a kind is asked."""
    label = _label_of(kind)
    form = DutyForm(request.POST if request.method == "POST" else None, initial={"text": default_duty(kind)})

    def act() -> str:
        set_default_duty(kind, text=form.cleaned_data["text"], by=acting_user(request), at=timezone.now())
        messages.success(request, _("已保存，今后任命时采用"))
        return resolve_url("units:seat_list")

    step = Confirmation(
        title=_("%(kind)s的职责") % {"kind": label},
        sentence=_("今后任命时预填这段文字；已有的任命保持原来的职责"),
        action_label=_("保存"),
        cancel_url=resolve_url("units:seat_list"),
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*OFFICE)
def notice_draft(request: HttpRequest) -> HttpResponse:
    """The notice that goes out about the members."""
    form = NoticeForm(request.POST if request.method == "POST" else None, initial={"as_of": timezone.localdate()})

    def act() -> str:
        paper = draft_member_notice(as_of=form.cleaned_data["as_of"], by=acting_user(request), at=timezone.now())
        messages.success(request, _("已起草通知，核对后送核稿"))
        return resolve_url("units:paper_detail", paper.code)

    step = Confirmation(
        title=_("起草《调整成员名单的通知》"),
        sentence=_("按建制序列出各单位分管领导、工作联络员和宣传联络员，并与上一次名单比较写明调整情况"),
        action_label=_("起草通知"),
        cancel_url=resolve_url("units:seat_list"),
    )
    return answer_form(request, form, step, act)


def _appointment(request: HttpRequest, pk: int) -> Appointment:
    found: Appointment = get_object_or_404(appointments_visible_to(request.user).select_related("unit", "user"), pk=pk)
    return found


def _label_of(kind: str) -> str:
    """What a kind is called; 404 for one that does not exist."""
    if kind not in Kind.values:
        raise Http404
    return str(Kind(kind).label)


def _seats_of(unit: Unit) -> str:
    return resolve_url("units:unit_detail", unit.code) + "#seats"


def _tone(count: int) -> str:
    return "late" if count else ""


def _say_if_role_is_missing(request: HttpRequest, made: Appointment) -> None:
    if lacks_role(made, timezone.localdate()):
        messages.warning(request, _("%(name)s还没有本单位的联络员角色，请安全保密管理员授予") % {"name": made.name})
