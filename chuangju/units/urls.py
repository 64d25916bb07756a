"""Addresses of sign-in, one's own account, units, accounts and the audit log."""

from __future__ import annotations

from django.urls import path

from chuangju.units import account_views, audit_views, group_views, own_account_views, unit_views, views

app_name = "units"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("demo/", views.demo_accounts, name="demo_accounts"),
    path("demo/switch/", views.switch_demo_account, name="switch_demo_account"),
    path("account/", own_account_views.my_account, name="my_account"),
    path("account/password/", own_account_views.change_password, name="change_password"),
    path("staff/units/", unit_views.unit_list, name="unit_list"),
    path("staff/units/new/", unit_views.unit_add, name="unit_add"),
    path("staff/units/groups/", group_views.group_list, name="group_list"),
    path("staff/units/groups/<slug:key>/alias/", group_views.group_alias_add, name="group_alias_add"),
    path("staff/units/<str:code>/", unit_views.unit_detail, name="unit_detail"),
    path("staff/units/<str:code>/rename/", unit_views.unit_rename, name="unit_rename"),
    path("staff/units/<str:code>/alias/", unit_views.unit_alias_add, name="unit_alias_add"),
    path("staff/units/<str:code>/alias/<int:pk>/remove/", unit_views.unit_alias_remove, name="unit_alias_remove"),
    path("staff/units/<str:code>/abolish/", unit_views.unit_abolish, name="unit_abolish"),
    path("staff/accounts/", account_views.account_list, name="account_list"),
    path("staff/accounts/new/", account_views.account_add, name="account_add"),
    path("staff/accounts/<str:username>/", account_views.account_detail, name="account_detail"),
    path("staff/accounts/<str:username>/disable/", account_views.account_disable, name="account_disable"),
    path("staff/accounts/<str:username>/enable/", account_views.account_enable, name="account_enable"),
    path("staff/accounts/<str:username>/password/", account_views.account_password, name="account_password"),
    path("staff/accounts/<str:username>/unlock/", account_views.account_unlock, name="account_unlock"),
    path("staff/accounts/<str:username>/roles/", account_views.role_grant, name="role_grant"),
    path("staff/accounts/<str:username>/roles/<int:pk>/end/", account_views.role_end, name="role_end"),
    path("staff/audit/", audit_views.audit_list, name="audit_list"),
    path("staff/audit/<int:pk>/", audit_views.audit_detail, name="audit_detail"),
]
