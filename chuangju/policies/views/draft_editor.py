"""The editor of a draft: a form and the text behind it, kept in step by the server, with and without JavaScript."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chuangju.kernel.refusals import Refused
from chuangju.policies.current import current_catalogue
from chuangju.policies.draft_access import WRITERS, can_change_draft
from chuangju.policies.draft_form import act_on, apply_changes, changes_in, values_of
from chuangju.policies.draft_listing import draft_sign, draft_title
from chuangju.policies.draft_page import draw_editor, say
from chuangju.policies.draft_reading import known_names, read_draft
from chuangju.policies.drafts import change_draft, clean_text
from chuangju.policies.models import LONGEST_TEXT, PolicyDraft
from chuangju.policies.views.draft_steps import visible_draft
from chuangju.programme.views.plan_steps import today
from chuangju.rules.yaml_nodes import PolicyFaults
from chuangju.units.permissions import acting_user, roles_required

# Buttons that change the text on the page and keep nothing yet, and those that keep it.
_SAVES, _MOST_DAYS = ("save", "finish"), 12
FUNCTIONS = (
    *("min", "max", "abs", "count", "sum", "any", "all", "latest", "has_run", "has_any", "has_all", "size"),
    *("months_since", "years_since", "days_since", "working_days_since", "months_between", "years_between"),
    *("days_between", "add_months", "add_years", "add_days", "year_of", "share_of", "prorate", "interest"),
    *("ratio_at_least", "by_band", "at", "deduct_in_order", "quarter_mean", "last_months", "on"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*WRITERS)
def draft_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a draft. What was typed stays on the page whatever happens; only “save” keeps it."""
    draft, user = visible_draft(request, pk), acting_user(request)
    if not can_change_draft(user, draft, on=today()):
        messages.error(request, _("只有起草人可以修改，而且要在提交之前或退回之后"))
        return redirect("policies:draft", draft.pk)
    if request.method != "POST":
        return _render(request, draft, draft.text, revision=draft.revision)
    action = request.POST.get("action", "check")
    text, problem = _text_of(request, draft)
    revision = request.POST.get("revision", "")
    number = int(revision) if revision.isascii() and revision.isdecimal() else 0
    if problem:
        return _render(request, draft, text, revision=number, problem=problem, status=422)
    if action not in _SAVES:
        return _render(request, draft, text, revision=number)
    try:
        change_draft(draft, text, revision=number, by=user, at=timezone.now())
    except Refused as refused:
        return _render(request, draft, text, revision=number, problem=refused.sentence, status=refused.status)
    if action == "finish":
        return HttpResponseRedirect(reverse("policies:draft", args=(draft.pk,)))
    messages.success(request, _("草稿已保存。"))
    return HttpResponseRedirect(reverse("policies:draft_edit", args=(draft.pk,)))


def _text_of(request: HttpRequest, draft: PolicyDraft) -> tuple[str, str]:
    """The text with what was changed in either pane since the page was drawn, and a sentence where that cannot be.

    `base` is the text from which the page was drawn: a field counts as changed where it differs from that.
    """
    posted = request.POST
    text = clean_text(posted.get("text", draft.text))
    base = clean_text(posted.get("base", text))
    if len(text) > LONGEST_TEXT:
        return text[:LONGEST_TEXT], _("政策文本超过 %(limit)d 个字符") % {"limit": LONGEST_TEXT}
    # A list comes as one line, or as what is ticked.
    fields = {
        name: ", ".join(filter(None, posted.getlist(name))) if name.endswith("#list") else value
        for name, value in posted.items()
        if isinstance(value, str)
    }
    try:
        changes = changes_in(fields, values_of(base))
    except PolicyFaults:
        changes = {}
    try:
        text = apply_changes(text, changes) if changes else text
        text = act_on(text, posted.get("action", ""), fields)
    except PolicyFaults:
        return text, _("文本里有写法错误，表单的改动还写不进去。请先按提示改正文本") if changes else ""
    return clean_text(text), ""


def _render(
    request: HttpRequest, draft: PolicyDraft, text: str, *, revision: int, problem: str = "", status: int = 200
) -> HttpResponse:
    catalogue = current_catalogue()
    days = [day for day in request.POST.getlist("extra_day") if len(day) == len("2026-01-01")]
    new_day = request.POST.get("new_day", "")
    if request.POST.get("action") == "add:day" and len(new_day) == len("2026-01-01"):
        days.append(new_day)
    editor = draw_editor(read_draft(text, catalogue, on=today()), days[:_MOST_DAYS])
    context: dict[str, Any] = {
        "draft": draft,
        "title": draft_title(draft),
        "sign": draft_sign(draft),
        "editor": editor,
        "extra_days": days[:_MOST_DAYS],
        "revision": revision,
        "problem": problem,
        "is_unsaved": clean_text(text) != clean_text(draft.text),
        "source": request.POST.get("source", ""),
    }
    if request.headers.get("HX-Request") and status == 200:  # noqa: PLR2004 - all is well
        return render(request, "policies/draft_sync.html", context)
    names = known_names(text, catalogue)
    context["names"] = {kind: [(key, say(words)) for key, words in found] for kind, found in names.items()}
    context["functions"] = FUNCTIONS
    return render(request, "policies/draft_edit.html", context, status=status)
