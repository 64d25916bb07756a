"""Papers of a panel: score sheets and summaries to be signed, the sheet for scores given on paper and its reading."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.kernel.file_checks import DOCX, PDF
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.papers.documents import PaperDocument
from chuangju.scoring.access import RUNNERS, can_run_panel
from chuangju.scoring.forms import PaperScoresForm
from chuangju.scoring.models import Assessment, Panel
from chuangju.scoring.paper_imports import PaperRefused, RowFault, empty_score_sheet, import_paper_scores
from chuangju.scoring.results import results_of
from chuangju.scoring.score_papers import score_sheet_document, summary_document
from chuangju.scoring.views.panels import visible_panel
from chuangju.ui.list_views import XLSX
from chuangju.units.permissions import acting_user, roles_required

_PRINTED = (Assessment.State.ASSIGNED, Assessment.State.SUBMITTED)


def file_response(content: bytes, media_type: str, name: str) -> HttpResponse:
    """A file to be kept."""
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": disposition})


def paper_response(document: PaperDocument, kind: str, name: str) -> HttpResponse:
    """A paper as docx or PDF; 404 for anything else."""
    if kind == "docx":
        from chuangju.papers.docx_papers import document_docx  # noqa: PLC0415 - heavy, and seldom asked for

        return file_response(document_docx(document), DOCX, f"{name}.docx")
    if kind == "pdf":
        from chuangju.papers.pdf_papers import document_pdf  # noqa: PLC0415 - as above

        return file_response(document_pdf(document), PDF, f"{name}.pdf")
    raise Http404


def _run_panel(request: HttpRequest, pk: UUID) -> tuple[User, Panel]:
    user = acting_user(request)
    panel = visible_panel(user, pk)
    if not can_run_panel(user, panel, timezone.localdate()):
        raise Http404
    return user, panel


@require_safe
@roles_required(*RUNNERS)
def score_sheet_file(request: HttpRequest, pk: UUID, assessor: int, kind: str) -> HttpResponse:
    """The scores of one assessor, with a line to sign; empty where they have not scored yet."""
    _user, panel = _run_panel(request, pk)
    given = panel.assessments.filter(assessor=assessor, state__in=_PRINTED)
    assessments = list(given.select_related("panel", "entry", "assessor").order_by("entry__position"))
    if not assessments:
        raise Http404
    person = assessments[0].assessor
    document = score_sheet_document(panel, person, assessments)
    return paper_response(document, kind, f"评分表-{panel.title}-{person}")


@require_safe
@roles_required(*RUNNERS)
def summary_file(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """The ranked results, with lines for everybody to sign."""
    _user, panel = _run_panel(request, pk)
    scored = panel.assessments.filter(state=Assessment.State.SUBMITTED).select_related("assessor")
    members = sorted({one.assessor for one in scored}, key=lambda person: (person.name, person.pk))
    return paper_response(summary_document(panel, results_of(panel), members), kind, f"结果汇总表-{panel.title}")


@require_safe
@roles_required(*RUNNERS)
def paper_template(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The sheet for scores given on paper, a row for each that is awaited."""
    _user, panel = _run_panel(request, pk)
    return file_response(empty_score_sheet(panel), XLSX, f"纸质评分录入表-{panel.title}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*RUNNERS)
def paper_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter the scores of a filled sheet: all of them, or none and what is wrong with which row."""
    user, panel = _run_panel(request, pk)
    is_sent = request.method == "POST"
    form = PaperScoresForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    faults: list[RowFault] = []
    if is_sent and form.is_valid():
        read = form.cleaned_data["file"]
        try:
            count = import_paper_scores(panel, read["heads"], read["lines"], by=user, at=timezone.now())
        except PaperRefused as refused:
            faults = refused.faults
            form.add_error(None, refused.sentence)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("已录入 %(count)d 份评分") % {"count": count})
            return HttpResponseRedirect(resolve_url("scoring:panel_detail", panel.pk))
    context = {"panel": panel, "form": form, "faults": faults}
    return render(request, "scoring/paper_import.html", context, status=422 if is_sent else 200)
