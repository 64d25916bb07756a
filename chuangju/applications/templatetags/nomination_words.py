"""Who put the subject of a case forward, and who may, on pages of cases and policies."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from chuangju.applications.models import Application, Nomination
from chuangju.applications.nomination_cases import nomination_behind
from chuangju.applications.nomination_rules import nomination_rule
from chuangju.rules.policy import Policy

register = template.Library()


@register.simple_tag
def nomination_of(application: Application) -> Nomination | None:
    """The nomination that a case came from; asks nothing for policies without."""
    return nomination_behind(application)


@register.simple_tag
def nominators_said(policy: Policy) -> str:
    """Who may put somebody forward, in words; empty where anybody applies by themselves."""
    rule = nomination_rule(policy)
    return rule.says(_("、")) if rule is not None else ""
