"""Papers of a case at the desk: looked at one by one, and the letters that can be begun from it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from chuangju.applications.access import DESK_ACTORS
from chuangju.applications.case_papers import begin_case_paper
from chuangju.applications.document_checks import check_document
from chuangju.applications.views.desk_case import desk_case
from chuangju.applications.views.desk_steps import page_of
from chuangju.programme.views.plan_steps import do_and_return
from chuangju.units.permissions import acting_user, roles_required


@require_POST
@roles_required(*DESK_ACTORS)
def check_paper(request: HttpRequest, pk: UUID, document: int) -> HttpResponse:
    """A paper is in order, or it is not and why."""
    application = desk_case(request, pk)
    paper = application.documents.filter(pk=document).first()
    if paper is None:
        raise Http404
    is_good = request.POST.get("verdict") == "good"
    return do_and_return(
        request,
        lambda: check_document(
            paper,
            is_good=is_good,
            saw_original=bool(request.POST.get("original")),
            remark=request.POST.get("remark", ""),
            by=acting_user(request),
            at=timezone.now(),
        ),
        done=_("已核对“%(name)s”") % {"name": paper.name},
        back=f"{page_of(application)}#papers",
    )


@require_POST
@roles_required(*DESK_ACTORS)
def draft_paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin a letter of the case: of acceptance, of non-acceptance, of what is to be mended."""
    application = desk_case(request, pk)
    paper = begin_case_paper(application, request.POST.get("kind", ""), by=acting_user(request), at=timezone.now())
    return HttpResponseRedirect(reverse("units:paper_detail", args=(paper.code,)))
