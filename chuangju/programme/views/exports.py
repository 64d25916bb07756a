"""Files made from the table as issued, in the layout of the file it came from."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from chuangju.programme.access import versions_visible_to
from chuangju.programme.printed import printed_table
from chuangju.programme.table.writing import table_docx, table_xlsx
from chuangju.units.access import STAFF_ROLES
from chuangju.units.permissions import roles_required

WRITERS = {
    "docx": (table_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (table_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@roles_required(*STAFF_ROLES)
def export_version(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """A version as a file to keep."""
    version = versions_visible_to(request.user, on=timezone.localdate()).filter(number=number).first()
    if version is None or kind not in WRITERS:
        raise Http404
    write, media_type = WRITERS[kind]
    disposition = content_disposition_header(as_attachment=True, filename=f"{version}.{kind}") or "attachment"
    return HttpResponse(
        write(printed_table(version)), content_type=media_type, headers={"Content-Disposition": disposition}
    )
