"""我的评审 - an assessor on the phone: what waits, the declaration, the papers, the score sheet.

Nothing here says more of a blind panel's subject than its number: neither its name nor the names or addresses of its files.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Case, IntegerField, Value, When
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chuangju.kernel.attachments import path_of
from chuangju.kernel.models import Attachment, User
from chuangju.kernel.refusals import Refused
from chuangju.scoring.access import own_assessments_visible_to
from chuangju.scoring.criteria import ScoreRefused, criteria_of, full_marks
from chuangju.scoring.declarations import declare_conflict, declare_no_conflict
from chuangju.scoring.forms import ConflictForm, ScoreForm
from chuangju.scoring.lists import assessment_sign, own_listing, subject_text
from chuangju.scoring.models import Assessment
from chuangju.scoring.score_text import score_text
from chuangju.scoring.subjects import papers_of
from chuangju.scoring.submissions import keep_scores, submit_scores
from chuangju.scoring.views.shown_scores import shown_scores
from chuangju.ui.confirmations import Confirmation
from chuangju.ui.list_views import render_list
from chuangju.units.form_views import answer_form
from chuangju.units.models import Role
from chuangju.units.permissions import acting_user, roles_required

PUBLIC = "ui/public.html"
_KEEP = "keep"
_STATE = Assessment.State


def _own(user: User, pk: UUID) -> Assessment:
    return get_object_or_404(
        own_assessments_visible_to(user).select_related("panel__sheet", "panel__unit", "entry"), pk=pk
    )


@require_safe
@roles_required(Role.ASSESSOR)
def own_assessments(request: HttpRequest) -> HttpResponse:
    """What fell to the assessor: what waits first."""
    user, today = acting_user(request), timezone.localdate()
    turn = Case(When(state=_STATE.ASSIGNED, then=Value(0)), default=Value(1), output_field=IntegerField())
    seen = own_assessments_visible_to(user).select_related("panel", "entry").annotate(turn=turn)
    waiting = own_assessments_visible_to(user).awaited().count()
    template = "scoring/own_assessments.html"
    return render_list(request, own_listing(today), seen, template=template, context={"waiting": waiting})


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.ASSESSOR)
def own_assessment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One subject: first the declaration, then papers and sheet, afterwards what was handed in."""
    user = acting_user(request)
    one = _own(user, pk)
    if one.declared_at is None or not one.is_open:
        if request.method == "POST":
            messages.error(request, _("这份评分现在不能提交"))
            return HttpResponseRedirect(resolve_url("scoring:own_assessment", one.pk))
        return render(request, "scoring/own_assessment.html", _context(user, one))
    form = ScoreForm(
        request.POST if request.method == "POST" else None, assessment=one, criteria=criteria_of(one.panel.sheet)
    )
    if request.method == "POST" and form.is_valid():
        answer = _take(request, one, form, user)
        if answer is not None:
            return answer
    context = {**_context(user, one), "form": form, "fields": form.shown_fields()}
    return render(request, "scoring/own_assessment.html", context, status=422 if form.is_bound else 200)


def _take(request: HttpRequest, one: Assessment, form: ScoreForm, user: User) -> HttpResponse | None:
    """Hand in or keep what was entered; None where it has to be mended."""
    scores, comment, at = form.scores(), form.cleaned_data["comment"], timezone.now()
    try:
        if request.POST.get("action") == _KEEP:
            keep_scores(one, scores, comment=comment, by=user, at=at)
            messages.success(request, _("已暂存，可以稍后继续；还没有提交"))
            return HttpResponseRedirect(resolve_url("scoring:own_assessment", one.pk))
        submit_scores(one, scores, comment=comment, by=user, at=at)
    except ScoreRefused as refused:
        form.place_refusal(refused)
        return None
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return None
    messages.success(request, _("评分已提交，总分 %(total)s") % {"total": score_text(one.total)})
    following = _next_of(user, one)
    target = resolve_url("scoring:own_assessment", following) if following else resolve_url("scoring:own_assessments")
    return HttpResponseRedirect(target)


def _context(user: User, one: Assessment) -> dict[str, object]:
    siblings = own_assessments_visible_to(user).filter(panel=one.panel_id)
    states = list(siblings.order_by("entry__position").values_list("state", flat=True))
    may_read = one.has_declared and one.state in {_STATE.ASSIGNED, _STATE.SUBMITTED}
    return {
        "one": one,
        "subject": subject_text(one),
        "panel": one.panel,
        "sign": assessment_sign(one, timezone.localdate()),
        "scores": shown_scores(one),
        "full": score_text(full_marks(criteria_of(one.panel.sheet))).removesuffix(".00"),
        "papers": _papers(one) if may_read else [],
        "done": states.count(_STATE.SUBMITTED),
        "all": sum(state in {_STATE.ASSIGNED, _STATE.SUBMITTED} for state in states),
        "next": _next_of(user, one),
        "form": None,
    }


def _papers(one: Assessment) -> list[tuple[int, str, int]]:
    """Number, shown name and size of each file; in a blind panel its name says nothing."""
    found = papers_of(one.entry.subject_key, is_blind=one.panel.is_blind)
    return [(number, shown_name(one, paper, number), paper.size) for number, paper in enumerate(found, start=1)]


def shown_name(one: Assessment, paper: Attachment, number: int) -> str:
    """What a file is called for its assessor."""
    if not one.panel.is_blind:
        return paper.name
    ending = paper.name.rpartition(".")[2].lower()
    plain = f".{ending}" if ending.isascii() and ending.isalnum() and len(ending) <= len("xlsx") else ""
    return _("材料%(number)d") % {"number": number} + plain


def _next_of(user: User, one: Assessment) -> UUID | None:
    """The next of the panel's subjects that waits."""
    waiting = own_assessments_visible_to(user).awaited().filter(panel=one.panel_id).exclude(pk=one.pk)
    return waiting.order_by("entry__position").values_list("pk", flat=True).first()


@require_POST
@roles_required(Role.ASSESSOR)
def own_no_conflict(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Nothing stands between the assessor and the subject."""
    user = acting_user(request)
    one = _own(user, pk)
    try:
        declare_no_conflict(one, by=user, at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    return HttpResponseRedirect(resolve_url("scoring:own_assessment", one.pk))


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.ASSESSOR)
def own_conflict(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Something does: the subject goes to somebody else."""
    user = acting_user(request)
    one = _own(user, pk)
    form = ConflictForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        declare_conflict(one, reason=form.cleaned_data["reason"], by=user, at=timezone.now())
        messages.success(request, _("已声明回避，组织单位会另派专家"))
        return resolve_url("scoring:own_assessments")

    step = Confirmation(
        title=_("声明回避：%(subject)s") % {"subject": subject_text(one)},
        sentence=_("声明后您不再评这个对象；原因只有组织单位看到"),
        action_label=_("声明回避"),
        cancel_url=resolve_url("scoring:own_assessment", one.pk),
        is_dangerous=True,
        layout=PUBLIC,
    )
    return answer_form(request, form, step, act)


@require_safe
@roles_required(Role.ASSESSOR)
def own_paper(request: HttpRequest, pk: UUID, number: int) -> HttpResponseBase:
    """One of the subject's files, under a name that gives nothing away where the panel is blind."""
    one = _own(acting_user(request), pk)
    if not one.has_declared or one.state not in {_STATE.ASSIGNED, _STATE.SUBMITTED}:
        raise Http404
    found = papers_of(one.entry.subject_key, is_blind=one.panel.is_blind)
    if not 0 < number <= len(found):
        raise Http404
    paper = found[number - 1]
    try:
        file = path_of(paper).open("rb")
    except OSError as error:
        raise Http404 from error
    name = shown_name(one, paper, number)
    response = FileResponse(file, as_attachment=True, filename=name, content_type=paper.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
