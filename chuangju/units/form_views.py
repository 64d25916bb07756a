"""How the forms of this package are answered: done and onwards, or back with the refusal beside the typed text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from chuangju.kernel.refusals import Refused
from chuangju.ui.confirmations import Confirmation
from chuangju.ui.views import confirm_page

CONFLICT = 409


def answer_form(request: HttpRequest, form: Form, step: Confirmation, act: Callable[[], str]) -> HttpResponse:
    """Show the form; once it is sent and sound, act and go where `act` says."""
    if request.method == "POST" and form.is_valid():
        try:
            return HttpResponseRedirect(act())
        except Refused as refused:
            if refused.status == CONFLICT:
                raise
            form.add_error(None, refused.sentence)
    return confirm_page(request, replace(step, form=form), status=422 if form.is_bound else 200)
