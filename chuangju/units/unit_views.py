"""Pages of the register of units: the list, one unit, and the forms that change it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.kernel.audit import events_about
from chuangju.kernel.refusals import Refused
from chuangju.ui.confirmations import Confirmation
from chuangju.ui.list_views import render_list
from chuangju.units.access import (
    can_appoint,
    can_maintain_units,
    groups_visible_to,
    unit_names_visible_to,
    units_visible_to,
)
from chuangju.units.appointment_register import seats_with_stand_ins, with_appointments
from chuangju.units.form_views import answer_form
from chuangju.units.forms import AbolishForm, AliasForm, RenameForm, UnitForm
from chuangju.units.groups import groups_of
from chuangju.units.lists import unit_listing, unit_sign, units_with_officers
from chuangju.units.models import Role, Unit
from chuangju.units.permissions import acting_user, roles_required, staff_required
from chuangju.units.registry import abolish_unit, add_alias, add_unit, remove_alias, rename_unit

MAINTAINERS = (Role.SYSTEM_ADMINISTRATOR, Role.PROGRAMME_OFFICE)


@require_safe
@staff_required
def unit_list(request: HttpRequest) -> HttpResponse:
    """All units in 建制序, with their liaison officers."""
    today = timezone.localdate()
    units = units_with_officers(units_visible_to(request.user), today)
    context = {"can_maintain": can_maintain_units(request.user, today)}
    return render_list(request, unit_listing(today), units, template="units/unit_list.html", context=context)


@require_safe
@staff_required
def unit_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One unit: names through the years, spellings, who took over, liaison officers, groups, what was changed."""
    today = timezone.localdate()
    unit = get_object_or_404(with_appointments(units_with_officers(units_visible_to(request.user), today)), code=code)
    names = list(unit.names.all())
    context = {
        "unit": unit,
        "sign": unit_sign(unit, today),
        "official_names": [name for name in names if not name.is_alias],
        "aliases": [name for name in names if name.is_alias],
        "predecessors": list(unit.predecessors.order_by("position", "code")),
        "groups": groups_of(unit, groups_visible_to(request.user), on=today),
        "events": list(events_about(unit).order_by("-at", "-pk")[:20]),
        "can_maintain": can_maintain_units(request.user, today),
        "seats": seats_with_stand_ins(unit, today),
        "can_appoint": can_appoint(request.user, today) and unit.exists_on(today),
    }
    return render(request, "units/unit_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*MAINTAINERS)
def unit_add(request: HttpRequest) -> HttpResponse:
    """A new unit."""
    form = UnitForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        unit = add_unit(**form.cleaned_data, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已新增单位“%(name)s”") % {"name": unit.name})
        return resolve_url("units:unit_detail", unit.code)

    step = Confirmation(
        title=_("新增单位"),
        sentence=_("新单位加入名册后，即可在分解表、节点和任职中选用"),
        action_label=_("新增单位"),
        cancel_url=resolve_url("units:unit_list"),
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*MAINTAINERS)
def unit_rename(request: HttpRequest, code: str) -> HttpResponse:
    """A new official name."""
    unit = get_object_or_404(units_visible_to(request.user), code=code)
    form = RenameForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        rename_unit(unit, **form.cleaned_data, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已更名为“%(name)s”") % {"name": form.cleaned_data["name"]})
        return resolve_url("units:unit_detail", unit.code)

    step = Confirmation(
        title=_("更名：%(name)s") % {"name": unit.shown_name},
        sentence=_("原名称连同止日保留，旧表格中的写法仍能识别；已印发的分解表保持印发时的名称"),
        action_label=_("更名"),
        cancel_url=resolve_url("units:unit_detail", unit.code),
    )
    return answer_form(request, form, step, act)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*MAINTAINERS)
def unit_alias_add(request: HttpRequest, code: str) -> HttpResponse:
    """A further spelling."""
    unit = get_object_or_404(units_visible_to(request.user), code=code)
    form = AliasForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        alias = add_alias(unit, name=form.cleaned_data["name"], by=acting_user(request), at=timezone.now())
        messages.success(request, _("已添加别名“%(name)s”") % {"name": alias.name})
        return resolve_url("units:unit_detail", unit.code)

    step = Confirmation(
        title=_("添加别名：%(name)s") % {"name": unit.shown_name},
        sentence=_("一个别名只能代表一个单位"),
        action_label=_("添加别名"),
        cancel_url=resolve_url("units:unit_detail", unit.code),
    )
    return answer_form(request, form, step, act)


@require_POST
@roles_required(*MAINTAINERS)
def unit_alias_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a spelling back."""
    alias = get_object_or_404(unit_names_visible_to(request.user).filter(unit__code=code), pk=pk)
    try:
        remove_alias(alias, by=acting_user(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("已删除别名“%(name)s”") % {"name": alias.name})
    return HttpResponseRedirect(resolve_url("units:unit_detail", code))


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*MAINTAINERS)
def unit_abolish(request: HttpRequest, code: str) -> HttpResponse:
    """The end of a unit."""
    unit: Unit = get_object_or_404(units_visible_to(request.user), code=code)
    data = request.POST if request.method == "POST" else None
    form = AbolishForm(data, user=acting_user(request), unit=unit, on=timezone.localdate())

    def act() -> str:
        abolish_unit(unit, **form.cleaned_data, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已登记撤销"))
        return resolve_url("units:unit_detail", unit.code)

    step = Confirmation(
        title=_("撤销：%(name)s") % {"name": unit.shown_name},
        sentence=_("撤销后，该单位的任职不再有效，它的名称由承接单位应答；此操作不能撤回"),
        action_label=_("登记撤销"),
        cancel_url=resolve_url("units:unit_detail", unit.code),
        is_dangerous=True,
    )
    return answer_form(request, form, step, act)
