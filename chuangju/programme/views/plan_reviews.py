"""Half-yearly and yearly reviews of plans: written by the office on what the records say, noted by a leader."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.periods import Period
from chuangju.programme.access import can_decide_plans, can_manage_table, reviews_visible_to
from chuangju.programme.forms_plan_changes import NoteReviewForm, ReviewForm
from chuangju.programme.lights import Light
from chuangju.programme.models import PlanReview
from chuangju.programme.plan_listing import review_listing, review_sign
from chuangju.programme.plan_papers import review_document
from chuangju.programme.plan_review_facts import review_facts
from chuangju.programme.plan_reviews import note_review, return_review, save_review, submit_review
from chuangju.programme.views.plan_steps import Step, answer_step, bound, document_response, today
from chuangju.ui.list_views import render_list
from chuangju.units.access import STAFF_ROLES
from chuangju.units.permissions import acting_user, roles_required


@roles_required(*STAFF_ROLES)
def plan_review_list(request: HttpRequest) -> HttpResponse:
    """Every review that the reader may see."""
    on = today()
    reviews = reviews_visible_to(request.user, on=on).select_related("plan")
    return render_list(request, review_listing(on=on), reviews, template="programme/plan_review_list.html")


def _review(request: HttpRequest, pk: int) -> PlanReview:
    found = (
        reviews_visible_to(request.user, on=today())
        .filter(pk=pk)
        .select_related("plan__version", "submitted_by", "noted_by")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _step(request: HttpRequest, review: PlanReview, *, submit: str, extra: dict[str, Any]) -> Step:
    period = Period.parse(review.period)
    facts = review.facts or review_facts(review.plan, period, on=today())
    lights = [(Light(light).value, str(Light(light).label), count) for light, count in facts["lights"].items() if count]
    context = {
        "review": review,
        "period": period,
        "sign": review_sign(review, on=today()),
        "facts": facts,
        "lights": lights,
    }
    return Step(
        heading=_("%(period)s自查总结") % {"period": period.label},
        submit=submit,
        place=review.plan.title,
        back=reverse("programme:plan_review_list"),
        revision=lambda: _review(request, review.pk).revision,
        extra={**context, **extra},
    )


def _write(request: HttpRequest, review: PlanReview) -> HttpResponse:
    """The office's form: kept as a draft, or handed in."""
    names = ("overall", "problems", "next_steps", "revision")
    form = ReviewForm(bound(request), initial={name: getattr(review, name) for name in names})
    step = _step(request, review, submit=_("提交总结"), extra={"is_writing": True})

    def act(data: dict[str, Any]) -> str:
        change = save_review if "keep" in request.POST else submit_review
        if data["revision"] is None:
            data["revision"] = review.revision
        change(review, **data, by=acting_user(request), at=timezone.now())
        return reverse("programme:plan_review", args=(review.pk,))

    return answer_step(request, form, step, act, template="programme/plan_review.html")


def _take_note(request: HttpRequest, review: PlanReview) -> HttpResponse:
    """A leader's form."""
    form = NoteReviewForm(bound(request), initial={"answer": "noted", "revision": review.revision})
    step = _step(request, review, submit=_("提交阅示"), extra={"is_noting": True})

    def act(data: dict[str, Any]) -> str:
        decide = note_review if data["answer"] == "noted" else return_review
        revision = review.revision if data["revision"] is None else data["revision"]
        decide(review, words=data["words"], revision=revision, by=acting_user(request), at=timezone.now())
        return reverse("programme:plan_review", args=(review.pk,))

    return answer_step(request, form, step, act, template="programme/plan_review.html")


@roles_required(*STAFF_ROLES)
def plan_review(request: HttpRequest, pk: int) -> HttpResponse:
    """A review: what the records say, what the office wrote, what the leaders noted."""
    on = today()
    review = _review(request, pk)
    if review.state == PlanReview.State.OPEN and can_manage_table(request.user, on=on):
        return _write(request, review)
    if review.state == PlanReview.State.SUBMITTED and can_decide_plans(request.user, on=on):
        return _take_note(request, review)
    if request.method == "POST":
        raise Http404
    step = _step(request, review, submit="", extra={})
    return answer_step(request, ReviewForm(), step, lambda _data: "", template="programme/plan_review.html")


@roles_required(*STAFF_ROLES)
def plan_review_file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The review as a document."""
    return document_response(review_document(_review(request, pk), on=today()), kind)
