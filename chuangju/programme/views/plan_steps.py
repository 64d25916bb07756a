"""How the pages of plans are answered: a form that acts or comes back with the refusal, a step to confirm, a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header

from chuangju.kernel.refusals import Refused
from chuangju.programme.access import plan_items_visible_to, plans_visible_to
from chuangju.programme.forms_plans import RevisedForm
from chuangju.programme.models import Plan, PlanItem

if TYPE_CHECKING:
    from chuangju.papers.documents import PaperDocument

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"


@dataclass(frozen=True)
class Step:
    """What stands around a form: its heading and button, the way back, what is there now, and what was done."""

    heading: str
    submit: str
    place: str
    back: str
    done: str | Promise = ""
    hint: str = ""
    facts: Sequence[tuple[str, object]] = ()
    revision: Callable[[], int] | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def answer_step(
    request: HttpRequest,
    form: Form,
    step: Step,
    act: Callable[[dict[str, Any]], str],
    *,
    template: str = "programme/plan_form.html",
) -> HttpResponse:
    """Show the form; once it is sent and sound, act and go where `act` says. Nothing typed is ever lost."""
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            goal = act(form.cleaned_data)
        except Refused as refused:
            status = refused.status
            if step.revision is not None and isinstance(form, RevisedForm):
                form.with_revision(step.revision())
            form.add_error(None, refused.sentence)
        else:
            if step.done:
                messages.success(request, str(step.done))
            return HttpResponseRedirect(goal)
    return render(request, template, {"form": form, "step": step, **step.extra}, status=status)


def do_and_return(request: HttpRequest, act: Callable[[], object], *, done: str, back: str) -> HttpResponse:
    """Carry out what a button asks for, and go back with what came of it."""
    try:
        act()
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, done)
    return HttpResponseRedirect(back)


def bound(request: HttpRequest) -> Any:
    """What was posted; None where the form is only shown."""
    return request.POST if request.method == "POST" else None


def today() -> date:
    """The day of this request on the district's clock."""
    return timezone.localdate()


def visible_plan(request: HttpRequest, pk: int) -> Plan:
    """The plan, if this reader may see it; else 404."""
    found = (
        plans_visible_to(request.user, on=today())
        .filter(pk=pk)
        .select_related("parent", "replaces", "version", "approved_by", "drafted_by")
        .first()
    )
    if found is None:
        raise Http404
    return found


def visible_item(request: HttpRequest, pk: int) -> PlanItem:
    """The item, if this reader may see its plan; else 404."""
    found = (
        plan_items_visible_to(request.user, on=today())
        .filter(pk=pk)
        .select_related("plan__version", "unit", "task")
        .first()
    )
    if found is None:
        raise Http404
    return found


def document_response(document: PaperDocument, kind: str) -> HttpResponse:
    """A paper as a file to keep; 404 for a kind that does not exist."""
    return file_response(*document_file(document, kind))


def document_file(document: PaperDocument, kind: str) -> tuple[bytes, str, str]:
    """A paper as bytes, with the name and the media type of its file; raises Http404 for a kind that does not exist."""
    # Writers of documents take a while to load, and few requests need one.
    if kind == "docx":
        from chuangju.papers.docx_papers import document_docx  # noqa: PLC0415 - as said above

        return document_docx(document), f"{document.title}.docx", DOCX
    if kind == "pdf":
        from chuangju.papers.pdf_papers import document_pdf  # noqa: PLC0415 - as said above

        return document_pdf(document), f"{document.title}.pdf", PDF
    raise Http404


def sheet_response(header: Sequence[str], rows: Sequence[Sequence[object]], *, title: str) -> HttpResponse:
    """A table as a workbook to keep."""
    from chuangju.papers.sheets import write_xlsx  # noqa: PLC0415 - weighs on a process that never exports

    return file_response(write_xlsx(rows, header=header, title=title[:31]), f"{title}.xlsx", XLSX)


def file_response(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Bytes to be kept under a name."""
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": disposition})
