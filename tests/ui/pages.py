"""Pages that only tests open: a list of accounts, and views that fail in every way a view can fail."""

from __future__ import annotations

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.ui.confirmations import Confirmation
from chuangju.ui.list_views import render_list
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign
from chuangju.ui.views import confirm_page

ACCOUNTS = Listing(
    key="accounts",
    title="账号",
    columns=(
        Column("username", "登录名", lambda user: user.username, sort="username"),
        Column("name", "姓名", lambda user: user.name, sort="name", url=lambda user: f"/accounts/{user.pk}/"),
        Column("created", "创建时间", lambda user: user.created_at, sort="created_at"),
        Column("state", "状态", lambda user: Sign("good", "可登录") if user.is_active else Sign("late", "停用")),
    ),
    filters=(
        Filter("active", "状态", lambda: [("1", "可登录"), ("0", "停用")], lambda q, v: q.filter(is_active=v == "1")),
        Filter("demo", "演示", lambda: [("1", "演示")], lambda q, v: q.filter(is_demo=v == "1")),
    ),
    search=lambda queryset, text: queryset.filter(name__icontains=text),
    default_sort="username",
    empty_title="还没有账号",
    empty_hint="请系统管理员新建账号。",
    per_page=10,
    search_label="搜索姓名",
    group=lambda user: user.name[:1],
)


def accounts(request: HttpRequest) -> HttpResponse:
    """The list."""
    return render_list(request, ACCOUNTS, User.objects.all(), template="sample_list.html")


def shown(request: HttpRequest, name: str) -> HttpResponse:
    """Any sample template."""
    return render(request, f"{name}.html")


def confirm(request: HttpRequest) -> HttpResponse:
    """A step before a change."""
    step = Confirmation(
        "停用账号",
        "停用后不能再登录：",
        "停用",
        "/accounts/",
        items=["<b>张三</b>"],
        hidden=[("pk", "7")],
        is_dangerous=True,
    )
    return confirm_page(request, step)


@csrf_exempt
def fail(request: HttpRequest, kind: str) -> HttpResponse:
    """Fail as asked."""
    match kind:
        case "400":
            raise BadRequest
        case "403":
            raise PermissionDenied("只有创建办可以导入。")
        case "404":
            raise Http404
        case "405":
            return HttpResponseNotAllowed(["POST"])
        case "409":
            raise StaleForm("别人刚刚改过这个节点。")
        case "413":
            raise RequestDataTooBig
        case "422":
            raise Refused("只能确认待处理的<b>节点</b>。")
        case "429":
            return HttpResponse(status=429, headers={"Retry-After": "900"})
        case "422-with-body":
            return HttpResponse("already said", status=422)
    raise RuntimeError(kind)


urlpatterns = [
    path("accounts/", accounts),
    path("shown/<str:name>/", shown),
    path("staff/confirm/", confirm),
    path("fail/<str:kind>/", fail),
    path("staff/fail/<str:kind>/", fail),
    path("", include("config.urls")),
]

handler400 = "chuangju.ui.views.bad_request"
handler403 = "chuangju.ui.views.permission_denied"
handler404 = "chuangju.ui.views.page_not_found"
handler500 = "chuangju.ui.views.server_error"
