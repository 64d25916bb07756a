"""Pages of the kernel: the file behind an attachment."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chuangju.kernel.attachments import attachments_visible_to, path_of
from chuangju.kernel.models import Attachment


@require_safe
def attachment(request: HttpRequest, pk: UUID) -> FileResponse:
    """The file as a download; `?inline=1` shows a picture in place. Who may not read it is told that it does not exist."""
    try:
        found = attachments_visible_to(request.user).get(pk)
        file = path_of(found).open("rb")
    except (Attachment.DoesNotExist, OSError) as error:
        raise Http404(_("没有这个附件。")) from error
    is_shown = found.is_picture and request.GET.get("inline") == "1"
    response = FileResponse(file, as_attachment=not is_shown, filename=found.name, content_type=found.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, max-age=300"
    return response
