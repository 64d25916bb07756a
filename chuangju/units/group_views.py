"""Pages of the groups of units that the table speaks of."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.ui.confirmations import Confirmation
from chuangju.units.access import can_maintain_units, groups_visible_to
from chuangju.units.form_views import answer_form
from chuangju.units.forms import AliasForm
from chuangju.units.groups import add_group_alias, groups_to_show
from chuangju.units.permissions import acting_user, roles_required, staff_required
from chuangju.units.unit_views import MAINTAINERS


@require_safe
@staff_required
def group_list(request: HttpRequest) -> HttpResponse:
    """Each group with its spellings and whom it stands for today."""
    today = timezone.localdate()
    context = {
        "groups": groups_to_show(groups_visible_to(request.user), on=today),
        "can_maintain": can_maintain_units(request.user, today),
    }
    return render(request, "units/group_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*MAINTAINERS)
def group_alias_add(request: HttpRequest, key: str) -> HttpResponse:
    """A further spelling of a group."""
    group = get_object_or_404(groups_visible_to(request.user), key=key)
    form = AliasForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        add_group_alias(group, name=form.cleaned_data["name"], by=acting_user(request), at=timezone.now())
        messages.success(request, _("已添加别名“%(name)s”") % {"name": form.cleaned_data["name"]})
        return resolve_url("units:group_list")

    step = Confirmation(
        title=_("添加写法：%(name)s") % {"name": group.shown_name},
        sentence=_("今后导入的表格中出现这个写法，就代表这一组单位"),
        action_label=_("添加写法"),
        cancel_url=resolve_url("units:group_list"),
    )
    return answer_form(request, form, step, act)
