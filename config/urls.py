"""Every address of the product: each package writes its own from the root, this file only lists the packages."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("chuangju.portal.urls")),
    path("", include("chuangju.applications.urls")),
    path("", include("chuangju.policies.urls")),
    path("", include("chuangju.budget.urls")),
    path("", include("chuangju.ventures.urls")),
    path("", include("chuangju.programme.urls")),
    path("", include("chuangju.scoring.urls")),
    path("", include("chuangju.indicators.urls")),
    path("", include("chuangju.units.urls")),
    path("", include("chuangju.ui.urls")),
    path("", include("chuangju.kernel.urls")),
]

handler400 = "chuangju.ui.views.bad_request"
handler403 = "chuangju.ui.views.permission_denied"
handler404 = "chuangju.ui.views.page_not_found"
handler500 = "chuangju.ui.views.server_error"
