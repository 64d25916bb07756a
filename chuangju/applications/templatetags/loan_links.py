"""From a case to the loan that grew out of it."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils import timezone

from chuangju.applications.loan_access import can_record_facility, facility_of, is_found_eligible
from chuangju.applications.loan_settings import leaves_facility
from chuangju.applications.models import Application
from chuangju.policies.current import current_catalogue
from chuangju.units.access import Visitor

register = template.Library()


@register.simple_tag
def loan_address(application: Application, user: Visitor) -> dict[str, str]:
    """Where the loan of a case stands (`shown`), or where its contract is written down (`record`); empty for other cases."""
    policy = current_catalogue().version(application.policy_id, application.policy_version)
    if policy is None or not leaves_facility(policy):
        return {}
    facility = facility_of(application)
    if facility is not None:
        return {"shown": reverse("applications:loan", args=(facility.pk,))}
    if application.state in (Application.State.IN_REVIEW, Application.State.GRANTED):
        on = timezone.localdate()
        if can_record_facility(user, application, on) and is_found_eligible(application):
            return {"record": reverse("applications:loan_record", args=(application.pk,))}
    return {}
