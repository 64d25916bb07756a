"""A form for the tests of idempotency: each time it takes effect, a saved view is left behind."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import path

from chuangju.kernel.models import SavedView


def form(request: HttpRequest) -> HttpResponse:
    """Does what the field `then` says; `where` is where a redirect leads."""
    mark = uuid.uuid4().hex
    SavedView.objects.create(user=request.user, listing="effects", name=mark, query=request.POST.get("text", ""))
    content = b"".join(chunk for file in request.FILES.getlist("file") for chunk in file.chunks())
    match request.POST.get("then"):
        case "show errors":
            return HttpResponse("请改正", status=200)
        case "fail":
            raise RuntimeError(mark)
        case _:
            where = request.POST.get("where", "/done/")
            return HttpResponse(status=302, headers={"Location": f"{where}?{len(content)}-{mark}"})


urlpatterns = [path("form/", form), path("other/", form)]
