"""Names and signs of cases, steps and papers on the applicant's pages, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from chuangju.applications import case_words as words
from chuangju.applications.applicant_access import is_counter_clerk
from chuangju.applications.decide_listing import obligation_sign
from chuangju.applications.models import (
    Application,
    DecisionBatch,
    Obligation,
    RequiredDocument,
    Step,
    Voucher,
    Window,
)
from chuangju.applications.window_words import shown_batch_title, shown_window_title
from chuangju.kernel.languages import reads_english
from chuangju.policies.check_questions import Question
from chuangju.policies.check_reading import say
from chuangju.ui import signs
from chuangju.ui.templatetags.ui import zh

register = template.Library()


@register.simple_tag
def document_name(document: RequiredDocument) -> SafeString | str:
    """What a paper is called."""
    return document.name_en if reads_english() and document.name_en else zh(document.name)


@register.simple_tag
def document_sign(document: RequiredDocument) -> SafeString:
    """Whether a paper is there."""
    return signs.draw_sign(words.document_shape(document), document.get_state_display())


@register.simple_tag
def case_sign(application: Application) -> SafeString:
    """The state of a case."""
    sign = words.application_sign(application)
    return signs.draw_sign(sign.state, sign.text)


@register.filter
def case_title(application: Application) -> SafeString | str:
    """What a case is about, in the reader's language."""
    return words.shown_case_title(application) if reads_english() else zh(application.title)


@register.filter
def window_title(window: Window) -> SafeString | str:
    """What a round is called, in the reader's language."""
    return shown_window_title(window) if reads_english() else zh(window.title)


@register.filter
def batch_title(batch: DecisionBatch) -> SafeString | str:
    """What a selection list is called, in the reader's language."""
    return shown_batch_title(batch) if reads_english() else zh(batch.title)


@register.filter
def voucher_title(voucher: Voucher) -> SafeString | str:
    """What a voucher is for, in the reader's language."""
    return words.shown_voucher_title(voucher) if reads_english() else zh(voucher.title)


@register.simple_tag
def step_name(step: Step) -> SafeString | str:
    """What a step is called."""
    return step.label_en if reads_english() and step.label_en else zh(step.label)


@register.simple_tag(takes_context=True)
def counter_mode(context: dict[str, Any], application: Application) -> bool:
    """Whether the reader fills in for somebody at the counter."""
    return is_counter_clerk(context["request"].user, application)


@register.simple_tag
def question_name(question: Question) -> str:
    """What a question is about."""
    return say(question.name)


@register.simple_tag
def duty_name(duty: Obligation) -> SafeString | str:
    """What is still to be done."""
    return duty.title_en if reads_english() and duty.title_en else zh(duty.title)


@register.simple_tag
def duty_sign(duty: Obligation) -> SafeString:
    """How a duty stands today."""
    sign = obligation_sign(duty, on=timezone.localdate())
    return signs.draw_sign(sign.state, sign.text)


@register.simple_tag
def reason_text(reason: Mapping[str, Any]) -> SafeString | str:
    """A reason of a decision in the reader's language."""
    return str(reason["en"]) if reads_english() and reason.get("en") else zh(reason.get("zh", ""))
