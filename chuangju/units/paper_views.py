"""Pages of outgoing papers on the staff side: the list, one paper with its way, and the forms of each step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chuangju.kernel.attachments import attachments_visible_to
from chuangju.kernel.audit import events_about
from chuangju.kernel.file_checks import DOCX, PDF
from chuangju.kernel.models import Paper
from chuangju.kernel.outgoing_papers import deliver_paper, hand_over_paper, record_seal, take_back_paper, void_paper
from chuangju.kernel.paper_templates import (
    can_manage_paper,
    find_paper,
    paper_document,
    papers_visible_to,
    templates,
    verify_address,
)
from chuangju.papers.qr_codes import qr_svg
from chuangju.ui.confirmations import Confirmation
from chuangju.ui.list_views import render_list
from chuangju.units.access import drafting_units
from chuangju.units.form_views import answer_form
from chuangju.units.models import Notice, Role
from chuangju.units.notices import NOTICE, change_notice, draft_notice
from chuangju.units.paper_forms import DeliveryForm, NewNoticeForm, NoticeForm, SealForm, WhyForm
from chuangju.units.paper_lists import PAPERS, paper_sign, steps_of, template_label
from chuangju.units.permissions import acting_user, roles_required, staff_required

DRAFTERS = (Role.PROGRAMME_OFFICE, Role.LIAISON_OFFICER)
FORM = ["GET", "HEAD", "POST"]


@require_safe
@staff_required
def paper_list(request: HttpRequest) -> HttpResponse:
    """The papers that one may read."""
    papers = papers_visible_to(request.user).select_related("drafted_by")
    allowed = drafting_units(request.user)
    context = {"can_draft": allowed is None or bool(allowed)}
    return render_list(request, PAPERS, papers, template="units/paper_list.html", context=context)


@require_safe
@staff_required
def paper_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One paper: its way, what is next, its files, whom it went to, and the code to verify it by."""
    paper = _paper(request, code)
    deliveries = list(paper.deliveries.select_related("recorded_by"))
    files = {file.pk: file for file in attachments_visible_to(request.user).of(paper)[paper.pk]}
    kept = [pk for pk in (paper.scan_id, paper.docx_id, paper.pdf_id) if pk]
    template = templates.find(paper.template_key)
    context = {
        "paper": paper,
        "sign": paper_sign(paper),
        "kind": template_label(paper),
        "steps": steps_of(paper, deliveries),
        "files": [files[pk] for pk in kept],
        "older_files": [file for pk, file in files.items() if pk not in kept],
        "can_manage": can_manage_paper(request.user, paper),
        "can_change": paper.template_key == NOTICE and paper.state == Paper.State.DRAFT,
        "subject_url": template.address(paper.subject) if template and template.address else "",
        "qr": qr_svg(verify_address(paper), scale=3),
        "events": list(events_about(paper).order_by("-at", "-pk")[:20]),
    }
    return render(request, "units/paper_detail.html", context)


@require_safe
@staff_required
def paper_draft_file(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The draft as it stands now, marked 未用印, to be looked at before it is handed over."""
    from chuangju.papers.docx_papers import document_docx  # noqa: PLC0415 - weighs on a process that writes none
    from chuangju.papers.pdf_papers import document_pdf  # noqa: PLC0415 - as above

    paper = _paper(request, code)
    writers: dict[str, tuple[Callable[[Any], bytes], str]] = {"docx": (document_docx, DOCX), "pdf": (document_pdf, PDF)}
    if paper.state != Paper.State.DRAFT or kind not in writers:
        raise Http404
    write, media_type = writers[kind]
    disposition = content_disposition_header(as_attachment=True, filename=f"{paper.title[:80]}.{kind}") or "attachment"
    content = write(paper_document(paper))
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": disposition})


@require_http_methods(FORM)
@roles_required(*DRAFTERS)
def paper_new(request: HttpRequest) -> HttpResponse:
    """Draft a notice."""
    at, user = timezone.now(), acting_user(request)
    own = drafting_units(user)
    initial = {"unit": own[0].code, "issuer": own[0].name} if own else {}
    form = NewNoticeForm(
        request.POST if request.method == "POST" else None, user=user, on=timezone.localdate(at), initial=initial
    )

    def act() -> str:
        paper = draft_notice(**form.cleaned_data, by=user, at=at)
        messages.success(request, _("已保存草稿，可以先下载看看版式"))
        return resolve_url("units:paper_detail", paper.code)

    step = Confirmation(
        title=_("起草通知"),
        sentence=_("按公文格式（GB/T 9704）生成 Word 和 PDF，用印登记之前每页都标明“未用印”"),
        action_label=_("保存草稿"),
        cancel_url=resolve_url("units:paper_list"),
    )
    return answer_form(request, form, step, act)


@require_http_methods(FORM)
@roles_required(*DRAFTERS)
def paper_change(request: HttpRequest, code: str) -> HttpResponse:
    """Write the draft of a notice anew."""
    paper = _managed_paper(request, code)
    notice = paper.subject
    if not isinstance(notice, Notice):
        raise Http404
    initial = {
        "title": paper.title,
        "recipient": paper.recipient,
        "text": notice.text,
        "issuer": notice.issuer,
        "openness": paper.openness,
        "revision": notice.revision,
    }
    form = NoticeForm(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> str:
        given = {**form.cleaned_data, "revision": form.cleaned_data["revision"] or 0}
        change_notice(paper, **given, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已保存草稿"))
        return resolve_url("units:paper_detail", code)

    return answer_form(request, form, _step(paper, _("修改草稿"), _("送核稿之前可以随时修改"), _("保存草稿")), act)


@require_http_methods(FORM)
@staff_required
def paper_hand_over(request: HttpRequest, code: str) -> HttpResponse:
    """Freeze the words and hand them over for 核稿、签发、编号."""
    paper = _managed_paper(request, code)

    def act() -> str:
        hand_over_paper(paper, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已生成送核稿件，请下载后送核稿、签发、编号"))
        return resolve_url("units:paper_detail", code)

    sentence = _("生成 Word 和 PDF 并固定内容，下载后在办公系统中核稿、会签、签发、编号、用印")
    form = Form(request.POST if request.method == "POST" else None)
    return answer_form(request, form, _step(paper, _("送核稿"), sentence, _("生成送核稿件")), act)


@require_http_methods(FORM)
@staff_required
def paper_take_back(request: HttpRequest, code: str) -> HttpResponse:
    """The check found something to mend."""
    paper = _managed_paper(request, code)
    form = WhyForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        take_back_paper(paper, **form.cleaned_data, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已退回为草稿，修改后可再次送核稿"))
        return resolve_url("units:paper_detail", code)

    sentence = _("文书回到草稿，原送核稿件留存备查")
    return answer_form(request, form, _step(paper, _("退回修改"), sentence, _("退回修改")), act)


@require_http_methods(FORM)
@staff_required
def paper_seal(request: HttpRequest, code: str) -> HttpResponse:
    """Record 文号 and the scan of the sealed copy."""
    paper = _managed_paper(request, code)
    is_sent = request.method == "POST"
    form = SealForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        initial={"sealed_on": timezone.localdate()},
    )

    def act() -> str:
        data = form.cleaned_data
        record_seal(
            paper,
            number=data["number"],
            sealed_on=data["sealed_on"],
            scan=data["scan"][0],
            by=acting_user(request),
            at=timezone.now(),
        )
        messages.success(request, _("已登记文号和用印，可以送达"))
        return resolve_url("units:paper_detail", code)

    sentence = _("登记办公系统返回的发文字号和用印扫描件；登记后不能更改，有误只能作废")
    return answer_form(request, form, _step(paper, _("登记文号和用印"), sentence, _("登记")), act)


@require_http_methods(FORM)
@staff_required
def paper_deliver(request: HttpRequest, code: str) -> HttpResponse:
    """Record that the paper came to somebody."""
    paper = _managed_paper(request, code)
    recipient = "" if paper.deliveries.exists() else paper.recipient
    initial = {"recipient": recipient[:200], "delivered_on": timezone.localdate()}
    form = DeliveryForm(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> str:
        deliver_paper(paper, **form.cleaned_data, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已登记送达"))
        return resolve_url("units:paper_detail", code)

    sentence = _("每个受送达人登记一次；可以多次登记")
    return answer_form(request, form, _step(paper, _("登记送达"), sentence, _("登记送达")), act)


@require_http_methods(FORM)
@staff_required
def paper_void(request: HttpRequest, code: str) -> HttpResponse:
    """Take the paper out of force."""
    paper = _managed_paper(request, code)
    form = WhyForm(request.POST if request.method == "POST" else None)

    def act() -> str:
        void_paper(paper, **form.cleaned_data, by=acting_user(request), at=timezone.now())
        messages.success(request, _("已作废，扫码核验时会显示作废"))
        return resolve_url("units:paper_detail", code)

    sentence = _("作废后不能恢复，发文字号不再使用；任何人扫码核验都会看到已作废")
    warning = templates.get(paper.template_key).void_warning if paper.is_sealed else ""
    if warning:
        sentence = _("%(sentence)s。%(warning)s") % {"sentence": sentence, "warning": warning}
    return answer_form(request, form, _step(paper, _("作废"), sentence, _("作废"), is_dangerous=True), act)


def _paper(request: HttpRequest, code: str) -> Paper:
    """A paper that the reader may open; to everybody else it does not exist."""
    paper = find_paper(code, request.user)
    if paper is None:
        raise Http404
    return paper


def _managed_paper(request: HttpRequest, code: str) -> Paper:
    paper = _paper(request, code)
    if not can_manage_paper(request.user, paper):
        raise Http404
    return paper


def _step(paper: Paper, action: str, sentence: str, label: str, *, is_dangerous: bool = False) -> Confirmation:
    return Confirmation(
        title=_("%(action)s：%(title)s") % {"action": action, "title": paper.title},
        sentence=sentence,
        action_label=label,
        cancel_url=resolve_url("units:paper_detail", paper.code),
        is_dangerous=is_dangerous,
    )
