"""What goes outside: the page of the system administrator, who keeps the gateways running and may send again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from chuangju.kernel.channels import channels, is_kept_only
from chuangju.kernel.message_templates import IN_APP
from chuangju.kernel.models import Delivery
from chuangju.kernel.outbox import retry_delivery
from chuangju.kernel.refusals import Refused
from chuangju.ui.list_views import render_list
from chuangju.ui.signs import Sign
from chuangju.units.message_lists import deliveries_visible_to, delivery_listing
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required


@require_safe
@roles_required(Role.SYSTEM_ADMINISTRATOR)
def delivery_list(request: HttpRequest) -> HttpResponse:
    """Deliveries outside, failed ones first, and which channels are set up."""
    rows = deliveries_visible_to(request.user)
    failed = rows.filter(state=Delivery.State.FAILED).count()
    context = {"gateways": _gateways(), "failed": failed}
    return render_list(request, delivery_listing(), rows, template="units/delivery_list.html", context=context)


@require_POST
@roles_required(Role.SYSTEM_ADMINISTRATOR)
def delivery_retry(request: HttpRequest) -> HttpResponse:
    """Send the ticked ones again, or all that failed."""
    user, at = acting_user(request), timezone.now()
    failed = deliveries_visible_to(user).filter(state=Delivery.State.FAILED)
    if request.POST.get("which") != "all":
        failed = failed.filter(pk__in=[each for each in request.POST.getlist("delivery") if _is_uuid(each)])
    count, refusals = 0, set[str]()
    for delivery in failed.order_by("message_id")[:1000]:
        try:
            retry_delivery(delivery, by=user, at=at)
            count += 1
        except Refused as refused:
            refusals.add(refused.sentence)
    for sentence in sorted(refusals):
        messages.error(request, sentence)
    if count:
        done = ngettext("%(count)d 条将在一分钟内重新发送", "%(count)d 条将在一分钟内重新发送", count)
        messages.success(request, done % {"count": count})
    elif not refusals:
        messages.info(request, _("请先勾选发送失败的消息"))
    return HttpResponseRedirect(resolve_url("units:delivery_list"))


def _gateways() -> list[tuple[str, Sign]]:
    """Each way outside and whether it is set up."""
    return [(str(channel.label), _readiness(channel.is_ready())) for key, channel in channels.items() if key != IN_APP]


def _readiness(is_ready: bool) -> Sign:  # noqa: FBT001 - the only thing it is about
    if is_kept_only():
        return Sign("flat", _("演示，只保存不发送"))
    return Sign("good", _("已配置")) if is_ready else Sign("soon", _("未配置"))


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
