"""What applying hands to the packages below: actions, messages, menus, who reads files and messages, who rates, where one applies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.applications import apply_menus, apply_messages, demo_apply, lapses
from chuangju.applications.access import can_read_application, stands_in_case
from chuangju.applications.applicant_access import acts_for_subject
from chuangju.applications.apply_settings import apply_settings
from chuangju.applications.case_people import applicants_to_tell, people_at_step
from chuangju.applications.frozen_guard import FROZEN_FACTS
from chuangju.applications.log_registrations import register_case_words
from chuangju.applications.models import Application, RequiredDocument
from chuangju.applications.steps import open_steps
from chuangju.kernel.attachments import register_attachment_owner
from chuangju.kernel.audit import register_actions
from chuangju.kernel.demo import register_demo
from chuangju.kernel.duties import Duty, register_duty
from chuangju.kernel.guards import register_append_only_table
from chuangju.kernel.models import User
from chuangju.kernel.outbox import register_message_template
from chuangju.kernel.ratings import RatingRules, register_rating_owner
from chuangju.kernel.threads import ThreadRules, register_thread_owner
from chuangju.policies.apply_links import register_apply_link
from chuangju.rules.policy import Policy
from chuangju.ui.menus import register_menu
from chuangju.ui.tallies import register_tallies

_TALKING = (*Application.OPEN_STATES, Application.State.GRANTED, Application.State.REFUSED)


def register_applying() -> None:
    """Called once, when the application starts."""
    register_actions(apply_menus.ACTIONS)
    register_case_words()
    register_append_only_table(FROZEN_FACTS)
    for section in apply_menus.SECTIONS:
        register_menu(section)
    register_tallies("applications.my", apply_menus.my_tallies)
    for template in apply_messages.MESSAGES:
        register_message_template(template)
    register_attachment_owner(Application, _reads)
    register_attachment_owner(RequiredDocument, lambda user, document: _reads(user, document.application))
    register_thread_owner(
        Application, ThreadRules(can_read=_talks, can_write=_talks, people=_people, address=_address, label=_label)
    )
    register_rating_owner(
        Application,
        RatingRules(
            can_rate=_rates,
            unit_of=lambda application: application.unit,
            label=_label,
            address=_address,
            staff_address=lambda application: f"/cases/{application.pk}/",
        ),
    )
    register_apply_link(_apply_address)
    register_duty(Duty("applications.lapses", _("久未填写、未确认的办件失效"), "day", lapses.lapse_old_cases))
    register_demo("applications.applying", demo_apply.load_demo_applying, order=75)


def _apply_address(policy: Policy) -> str:
    if policy.channel not in apply_settings().applied_channels:
        return ""
    return reverse("applications:apply_start", args=(policy.id,))


def _reads(user: Any, application: Application) -> bool:
    return isinstance(user, User) and can_read_application(user, application, timezone.localdate())


def _talks(user: Any, application: Application) -> bool:
    return application.state in _TALKING and _reads(user, application)


def _rates(user: Any, application: Application) -> bool:
    """Whoever was served, once the case is decided and closed; staff never rate their own work."""
    if not isinstance(user, User) or application.state not in {Application.State.GRANTED, Application.State.REFUSED}:
        return False
    return stands_in_case(user, application) or acts_for_subject(user, application, timezone.localdate())


def _people(application: Application) -> Iterable[User]:
    on = timezone.localdate()
    yield from applicants_to_tell(application, on=on)
    for step in open_steps(application):
        yield from people_at_step(step, on=on)


def _address(application: Application) -> str:
    return reverse("applications:my_case", args=(application.pk,))


def _label(application: Application) -> str:
    return f"{application.title} {application.number or ''}".strip()
