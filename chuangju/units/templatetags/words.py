"""Tags that put messages, ratings and checklists of a record onto its page, and mark what a search found."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.db.models import Model
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from chuangju.kernel import checklists, ratings, threads
from chuangju.kernel.languages import reads_english
from chuangju.kernel.models import ChecklistItem, Rating
from chuangju.kernel.search import Hit
from chuangju.kernel.search_tokens import even_out, runs_of
from chuangju.units.word_forms import MessageForm, TickForm

register = template.Library()

_EXCERPT = 90
_LEAD = 24


@register.inclusion_tag("units/thread.html", takes_context=True)
def thread(context: Context, owner: Model) -> dict[str, Any]:
    """`{% thread task %}`: the messages about a record, and the form to write one; nothing for who may not read."""
    user = context["request"].user
    rules = threads.thread_rules(owner)
    shown = threads.messages_about(owner, user)
    return _for(context, owner) | {
        "messages": shown,
        "new_count": sum(one.is_new for one in shown),
        "may_read": rules.can_read(user, owner),
        "may_write": rules.can_write(user, owner),
        "form": context.get("message_form") or MessageForm(),
    }


@register.inclusion_tag("units/checklists.html", takes_context=True)
def checklist(context: Context, owner: Model) -> dict[str, Any]:
    """`{% checklist milestone %}`: the lists of a record with their progress; begun and ticked by whoever may."""
    user = context["request"].user
    may_tick = checklists.checklist_rules(owner).can_tick(user, owner)
    return _for(context, owner) | {
        "lists": [(one, checklists.progress_of(one)) for one in checklists.checklists_about(owner, user)],
        "templates": checklists.templates_for(owner) if may_tick else [],
        "may_tick": may_tick,
    }


@register.inclusion_tag("units/rating.html", takes_context=True)
def rating(context: Context, owner: Model, given: Rating | None = None) -> dict[str, Any]:
    """`{% rating note given %}`: rate what one was served with, or see what one said; `given` spares the query."""
    user = context["request"].user
    return _for(context, owner) | {
        "may_rate": ratings.rating_rules(owner).can_rate(user, owner),
        "given": given,
        "is_changeable": given is not None and ratings.is_changeable(given, at=timezone.now()),
    }


@register.simple_tag(takes_context=True)
def ratings_given(context: Context, owners: Any) -> dict[Any, Rating]:
    """`{% ratings_given notes as given %}`: what the reader has said of several records, in one query."""
    return ratings.ratings_by(owners, context["request"].user)


@register.filter
def of_record(found: dict[Any, Any], record: Model) -> Any:
    """`{{ given|of_record:note }}`: what was found for a record."""
    return found.get(record.pk)


@register.simple_tag
def tick_form(item: ChecklistItem) -> TickForm:
    """The form of one item, as it stands."""
    initial = {"is_done": "1", "note": item.note, "was_done": "1" if item.is_done else "0"}
    return TickForm(initial=initial, auto_id=f"id_item_{item.pk}_%s")


@register.simple_tag
def marked(text: str, query: str) -> SafeString:
    """`{% marked hit.title query %}`: the text with every run of the query marked."""
    pieces = ((format_html("<mark>{}</mark>", part) if is_hit else part,) for part, is_hit in _cut(text, query))
    shown = format_html_join("", "{}", pieces)
    is_foreign = reads_english() and any(run.is_chinese for run in runs_of(text))
    return format_html('<span lang="zh-Hans">{}</span>', shown) if is_foreign else shown


@register.simple_tag
def excerpt(hit: Hit, query: str) -> SafeString:
    """A piece of the hit's text around the query, marked; its beginning where the query stands elsewhere.

    Empty where it would only say the title again.
    """
    plain = " ".join(hit.text.split())
    pattern = _pattern(query)
    first = pattern.search(_even(plain)) if pattern else None
    title = hit.title.rstrip("…")
    if plain.startswith(title) and (first is None or first.start() < len(title)):
        return SafeString("")
    start = max(0, first.start() - _LEAD) if first else 0
    piece = plain[start : start + _EXCERPT]
    before, after = ("…" if start else ""), ("…" if start + _EXCERPT < len(plain) else "")
    return format_html("{}{}{}", before, marked(piece, query), after)


def _for(context: Context, owner: Model) -> dict[str, Any]:
    """What every included piece needs of its page."""
    return {
        "owner": owner,
        "kind": owner._meta.label_lower,
        "key": str(owner.pk),
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
    }


def _even(text: str) -> str:
    """The text evened out sign by sign, so that places stay the same."""
    evened = (even_out(sign) for sign in text)
    return "".join(sign if len(sign) == 1 else original for sign, original in zip(evened, text, strict=True))


def _pattern(query: str) -> re.Pattern[str] | None:
    runs = sorted({run.text for run in runs_of(query)}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, runs))) if runs else None


def _cut(text: str, query: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is one of the query's runs."""
    pattern = _pattern(query)
    if pattern is None:
        return [(text, False)]
    pieces, end = [], 0
    for found in pattern.finditer(_even(text)):
        pieces += [(text[end : found.start()], False), (text[found.start() : found.end()], True)]
        end = found.end()
    return [piece for piece in [*pieces, (text[end:], False)] if piece[0]]
