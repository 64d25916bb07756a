"""The way of a draft: begun, looked at, submitted, taken back, returned, published, given up."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from chuangju.kernel.audit import events_about
from chuangju.kernel.refusals import Refused
from chuangju.policies.access import keeps_every_policy, policy_unit_ids
from chuangju.policies.current import current_catalogue
from chuangju.policies.draft_access import (
    DECIDERS,
    READERS,
    WRITERS,
    can_change_draft,
    can_decide_draft,
    can_write_drafts,
    drafts_visible_to,
)
from chuangju.policies.draft_effects import effects_of
from chuangju.policies.draft_listing import draft_listing, draft_sign, draft_title
from chuangju.policies.draft_page import draw_editor, say
from chuangju.policies.draft_reading import read_draft
from chuangju.policies.drafts import (
    begin_draft,
    begin_draft_from_text,
    discard_draft,
    submit_draft,
    take_back_draft,
)
from chuangju.policies.forms_drafts import (
    DecisionForm,
    NewPolicyForm,
    PolicyFileForm,
    ReturnForm,
    SubmitForm,
    VersionForm,
    next_version,
)
from chuangju.policies.match_access import current_register
from chuangju.policies.models import PolicyDraft
from chuangju.policies.policy_files import LONGEST_FILE, decode_policy_file
from chuangju.policies.publishing import ended_by, publish_draft, return_draft
from chuangju.policies.version_diff import compare_versions
from chuangju.programme.views.plan_steps import Step, answer_step, bound, do_and_return, today
from chuangju.ui.list_views import render_list
from chuangju.units.access import existing_units_visible_to
from chuangju.units.permissions import acting_user, roles_required

FORM = "policies/desk_form.html"
_EVENTS = 20


def visible_draft(request: HttpRequest, pk: int) -> PolicyDraft:
    """The draft, if this reader may see it; else 404."""
    drafts = drafts_visible_to(request.user, on=today()).select_related("unit", "author", "decided_by")
    found = drafts.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(draft: PolicyDraft) -> str:
    return reverse("policies:draft", args=(draft.pk,))


@require_safe
@roles_required(*READERS)
def draft_list(request: HttpRequest) -> HttpResponse:
    """Drafts of policies and where each stands."""
    drafts = drafts_visible_to(request.user, on=today()).select_related("unit", "author")
    context = {"can_write": can_write_drafts(request.user, on=today())}
    return render_list(request, draft_listing(), drafts, template="policies/draft_list.html", context=context)


@roles_required(*WRITERS)
def draft_begin(request: HttpRequest) -> HttpResponse:
    """A new version of a policy (`?from=id@version`), or a policy that is new."""
    base = None
    key = request.GET.get("from", "")
    if key:
        base = next((one for one in current_catalogue().policies if one.key == key), None)
        if base is None:
            raise Http404
    user, on = acting_user(request), today()
    form: VersionForm
    if base is not None:
        form = VersionForm(bound(request), initial=next_version(base))
        heading = _("起草新版本：%(title)s") % {"title": say(base.title)}
        facts = [
            (_("依据的版本"), base.key),
            (_("现行有效期"), f"{base.effective_from} — {base.effective_to or _('长期')}"),
        ]
    else:
        units = existing_units_visible_to(user, on)
        mine = units if keeps_every_policy(user, on=on) else units.filter(pk__in=policy_unit_ids(user, on=on))
        form = NewPolicyForm(bound(request), units=mine)
        heading, facts = _("新写一项政策"), []
    step = Step(
        heading,
        _("开始起草"),
        _("政策文本"),
        reverse("policies:version_list"),
        hint=_("先写在草稿里，别人复核发布之前不起作用。"),
        facts=facts,
    )

    def act(_found: dict[str, Any]) -> str:
        draft = begin_draft(form.new_version(), base=base, by=user, at=timezone.now())
        return reverse("policies:draft_edit", args=(draft.pk,))

    return answer_step(request, form, step, act, template=FORM)


@roles_required(*WRITERS)
def draft_upload(request: HttpRequest) -> HttpResponse:
    """A draft from a policy file; what is wrong with it is told in the editor, where it can be mended."""
    form = PolicyFileForm(bound(request), request.FILES or None)
    step = Step(
        _("从文件起草"),
        _("上传"),
        pgettext("list", "政策草稿"),
        reverse("policies:draft_list"),
        hint=_("先成为草稿，由另一位同事复核发布后，办理页面、测算、申请和匹配就都有了。"),
    )

    def act(found: dict[str, Any]) -> str:
        file = found["file"]
        text = decode_policy_file(file.read(LONGEST_FILE + 1), file.name)
        draft = begin_draft_from_text(text, by=acting_user(request), at=timezone.now())
        return reverse("policies:draft_edit", args=(draft.pk,))

    return answer_step(request, form, step, act, template="policies/draft_upload.html")


@require_safe
@roles_required(*READERS)
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft as the second person looks at it: differences, examples, what it ends, the text, who did what."""
    on, found = today(), visible_draft(request, pk)
    catalogue = current_catalogue()
    reading = read_draft(found.text, catalogue, on=on)
    base = next((one for one in catalogue.policies if one.key == found.base_key), None)
    problem, ended = "", None
    if reading.policy is not None and found.state != PolicyDraft.State.PUBLISHED:
        try:
            ended = ended_by(reading.policy, catalogue)
        except Refused as refused:
            problem = refused.sentence
    context = {
        "draft": found,
        "title": draft_title(found),
        "sign": draft_sign(found),
        "editor": draw_editor(reading),
        "base": base,
        "comparison": compare_versions(base, reading.policy, base.text if base else "", found.text),
        "ended": ended,
        "problem": problem,
        "can_change": can_change_draft(request.user, found, on=on),
        "can_decide": can_decide_draft(request.user, found, on=on),
        "is_author": request.user.is_authenticated and found.author_id == request.user.pk,
        "is_published": found.state == PolicyDraft.State.PUBLISHED,
        "events": events_about(found).order_by("-at", "-pk")[:_EVENTS],
    }
    return render(request, "policies/draft.html", context)


@require_safe
@roles_required(*READERS)
def draft_effects(request: HttpRequest, pk: int) -> HttpResponse:
    """What the draft as saved would change over the register in force; drawn into its page, or a page of its own."""
    on, found = today(), visible_draft(request, pk)
    catalogue = current_catalogue()
    policy = read_draft(found.text, catalogue, on=on).policy
    base = next((one for one in catalogue.policies if one.key == found.base_key), None)
    context: dict[str, Any] = {"draft": found, "title": draft_title(found)}
    if policy is None:
        context["effects_problem"] = _("文本改正、保存之后才能算。")
    else:
        try:
            context["effects"] = effects_of(base, policy, current_register(), on=on)
        except Refused as refused:
            context["effects_problem"] = refused.sentence
    return render(request, "policies/draft_effects.html", context)


@roles_required(*WRITERS)
def draft_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a draft in, with a note for whoever looks at it."""
    found, user = visible_draft(request, pk), acting_user(request)
    form = SubmitForm(bound(request), initial={"revision": found.revision, "note": found.note})
    step = Step(
        _("提交复核：%(title)s") % {"title": draft_title(found)},
        _("提交"),
        draft_title(found),
        _page(found),
        done=_("已提交，等待另一位同事复核发布。"),
        hint=_("提交后不能再改；需要改的，可以在复核之前撤回。"),
        revision=lambda: visible_draft(request, pk).revision,
    )

    def act(typed: dict[str, Any]) -> str:
        submit_draft(found, note=typed["note"], revision=typed["revision"] or 0, by=user, at=timezone.now())
        return _page(found)

    return answer_step(request, form, step, act, template=FORM)


@require_POST
@roles_required(*WRITERS)
def draft_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on writing what was handed in."""
    found, user = visible_draft(request, pk), acting_user(request)
    done = _("已撤回，可以继续修改。")
    return do_and_return(
        request, lambda: take_back_draft(found, by=user, at=timezone.now()), done=done, back=_page(found)
    )


@require_POST
@roles_required(*WRITERS)
def draft_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a draft up."""
    found, user = visible_draft(request, pk), acting_user(request)
    done = _("已放弃这份草稿，现行政策没有变化。")
    return do_and_return(
        request,
        lambda: discard_draft(found, by=user, at=timezone.now()),
        done=done,
        back=reverse("policies:draft_list"),
    )


@roles_required(*DECIDERS)
def draft_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the author with a reason."""
    found, user = visible_draft(request, pk), acting_user(request)
    form = ReturnForm(bound(request), initial={"revision": found.revision})
    step = Step(
        _("退回修改：%(title)s") % {"title": draft_title(found)},
        _("退回"),
        draft_title(found),
        _page(found),
        done=_("已退回起草人。"),
        revision=lambda: visible_draft(request, pk).revision,
    )

    def act(typed: dict[str, Any]) -> str:
        revision = typed["revision"] or 0
        return_draft(found, reason=typed["reason"], revision=revision, by=user, at=timezone.now())
        return _page(found)

    return answer_step(request, form, step, act, template=FORM)


@roles_required(*DECIDERS)
def draft_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish what somebody else has written; says before what it ends."""
    found, user, on = visible_draft(request, pk), acting_user(request), today()
    form = DecisionForm(bound(request), initial={"revision": found.revision})
    policy = read_draft(found.text, current_catalogue(), on=on).policy
    facts: list[tuple[str, object]] = [(_("起草人"), found.author.name), (_("修改说明"), found.note)]
    if policy is not None:
        facts.append((_("有效期"), f"{policy.effective_from} — {policy.effective_to or _('长期')}"))
        try:
            ended = ended_by(policy, current_catalogue())
        except Refused as refused:
            facts.append((_("不能发布"), refused.sentence))
        else:
            facts.append((_("因此提前结束的版本"), ended.key if ended else _("无")))
    step = Step(
        _("发布：%(title)s（%(version)s）") % {"title": draft_title(found), "version": found.version},
        _("发布"),
        draft_title(found),
        _page(found),
        done=_("已发布，按施行日期起作用。"),
        hint=_("发布后文字不能再改，要改须另立新版本。"),
        facts=facts,
        revision=lambda: visible_draft(request, pk).revision,
    )

    def act(typed: dict[str, Any]) -> str:
        published = publish_draft(found, revision=typed["revision"] or 0, by=user, at=timezone.now())
        return reverse("policies:version", args=(published.key,))

    return answer_step(request, form, step, act, template=FORM)
