"""What the pages of the form share: the case of this person, how it stands, and how far along they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from chuangju.applications.applicant_access import own_applications_visible_to, own_documents_visible_to
from chuangju.applications.apply_settings import apply_settings
from chuangju.applications.apply_words import Outlook, outlook_of
from chuangju.applications.documents import missing_documents
from chuangju.applications.drafts import evaluate_draft
from chuangju.applications.evaluation import Evaluation
from chuangju.applications.hindrances import hindrances_of
from chuangju.applications.models import Application, RequiredDocument
from chuangju.applications.questions import fields_asked, topics_asked
from chuangju.policies.check_questions import Question
from chuangju.policies.check_reading import say
from chuangju.policies.check_results import NOTE
from chuangju.units.permissions import acting_user

_LATER = ("papers", "account", "review")


@dataclass(frozen=True)
class Filling:
    """A case that is being filled in, with what is still open."""

    application: Application
    evaluation: Evaluation
    open_questions: list[Question]
    topics: list[Question]

    @property
    def outlook(self) -> Outlook:
        """How it stands."""
        return outlook_of(self.evaluation, open_questions=len(self.open_questions))

    @property
    def wants_account(self) -> bool:
        """Whether an account is asked for."""
        return apply_settings().wants_account(self.evaluation.policy)

    def next_address(self) -> str:
        """The next screen: a question, the papers, the account, else the review."""
        pk = self.application.pk
        if self.open_questions:
            return reverse("applications:fill_question", args=(pk, self.open_questions[0].key))
        if missing_documents(self.application):
            return reverse("applications:fill_papers", args=(pk,))
        if self.wants_account and not self.application.account:
            return reverse("applications:fill_account", args=(pk,))
        return reverse("applications:fill_review", args=(pk,))


def own_application(request: HttpRequest, pk: UUID) -> Application:
    """The case of this key among this person's; another's is 404."""
    user, on = acting_user(request), timezone.localdate()
    related = ("subject__town", "window", "unit", "town", "bundle")
    return get_object_or_404(own_applications_visible_to(user, on).select_related(*related), pk=pk)


def own_document(request: HttpRequest, application: Application) -> RequiredDocument:
    """The paper that a form speaks of, among those of a case; any other is 404."""
    text, on = request.POST.get("paper", ""), timezone.localdate()
    key = int(text) if text.isdecimal() and len(text) < len("1000000000") else 0
    return get_object_or_404(own_documents_visible_to(acting_user(request), on), pk=key, application=application)


def filling_of(application: Application) -> Filling:
    """What is known and what is open of a draft today."""
    on = timezone.localdate()
    evaluation = evaluate_draft(application, on=on)
    return Filling(
        application,
        evaluation,
        fields_asked(application, on=on, evaluation=evaluation),
        topics_asked(application, evaluation, on=on),
    )


def shown(filling: Filling, *, at: str) -> dict[str, Any]:
    """The context of every screen of the form; `at` is where one stands: a question's key, papers, account, review."""
    places = [one.key for one in filling.topics] + ["papers"]
    places += ["account"] if filling.wants_account else []
    places += ["review"]
    number = places.index(at) + 1 if at in places else 1
    return {
        "application": filling.application,
        "policy_title": say(filling.evaluation.policy.title),
        "outlook": filling.outlook,
        "hindrances": hindrances_of(filling.evaluation, filling.application.pk),
        # On the way through the questions it is at hand, and afterwards in sight.
        "hindrances_open": at in _LATER,
        "number": number,
        "most": max(len(places), number),
        "note": NOTE,
    }
