"""Addresses of service vouchers."""

from __future__ import annotations

from django.urls import URLPattern, path

from chuangju.applications.views import voucher_pages

VOUCHERS: list[URLPattern] = [
    path("vouchers/", voucher_pages.voucher_list, name="voucher_list"),
    path("vouchers/<uuid:pk>/", voucher_pages.voucher, name="voucher"),
    path("vouchers/<uuid:pk>/order/", voucher_pages.voucher_order, name="voucher_order"),
    path("my/vouchers/", voucher_pages.my_vouchers, name="my_vouchers"),
    path("my/orders/<uuid:pk>/", voucher_pages.use, name="use"),
    path("my/orders/<uuid:pk>/accept/", voucher_pages.use_answer, name="use_answer"),
    path("my/orders/<uuid:pk>/decline/", voucher_pages.use_decline, name="use_decline"),
    path("my/orders/<uuid:pk>/cancel/", voucher_pages.use_cancel, name="use_cancel"),
    path("my/orders/<uuid:pk>/done/", voucher_pages.use_done, name="use_done"),
    path("vouchers/orders/<uuid:pk>/settle/", voucher_pages.use_settle, name="use_settle"),
]
