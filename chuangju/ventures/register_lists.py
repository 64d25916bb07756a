"""企业名录列表 - the registers that were handed in, with what each brought."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign
from chuangju.ventures.models import RegisterSnapshot

_SIGNS = {
    RegisterSnapshot.State.CHECKING: "info",
    RegisterSnapshot.State.MAPPING: "soon",
    RegisterSnapshot.State.READY: "soon",
    RegisterSnapshot.State.CURRENT: "good",
    RegisterSnapshot.State.SUPERSEDED: "flat",
    RegisterSnapshot.State.FAILED: "late",
    RegisterSnapshot.State.DISCARDED: "flat",
}


def listing_of_registers() -> Listing:
    """The registers, newest first."""
    return Listing(
        key="registers",
        title=_("企业名录"),
        columns=(
            Column("file", _("文件名"), str, url=_url),
            Column("number", _("版本"), lambda each: each.number, sort="number", css="no"),
            Column("state", _("状态"), sign_of, sort="state", css="short"),
            Column("on", _("数据日期"), lambda each: each.on, sort="on,uploaded_at", css="short"),
            Column("enterprises", _("企业数"), lambda each: each.counts.get("enterprises"), css="short"),
            Column("new", pgettext_lazy("rows", "新增"), lambda each: each.counts.get("new"), css="short"),
            Column("changed", pgettext_lazy("rows", "更正"), lambda each: each.counts.get("changed"), css="short"),
            Column("gone", _("未出现"), lambda each: each.counts.get("gone"), css="short"),
            Column("faults", _("数据问题"), lambda each: each.counts.get("faults"), css="short"),
            Column("synthetic", _("演示数据"), lambda each: each.is_synthetic, css="short"),
            Column("by", _("上传人"), lambda each: str(each.uploaded_by) if each.uploaded_by else "", sort="uploaded_by__name"),
            Column("at", _("上传时间"), lambda each: each.uploaded_at, sort="uploaded_at"),
        ),
        filters=(
            Filter("state", _("状态"), lambda: RegisterSnapshot.State.choices, lambda rows, state: rows.filter(state=state)),
        ),
        search=lambda rows, text: rows.filter(file_names__icontains=text),
        search_label=_("搜索文件名"),
        default_sort="-at",
        empty_title=_("还没有企业名录"),
        empty_hint=_("在上方选择名录文件，核对并确认后成为现行名录。"),
    )  # fmt: skip


def sign_of(snapshot: RegisterSnapshot) -> Sign:
    """Where a register stands."""
    return Sign(_SIGNS[RegisterSnapshot.State(snapshot.state)], snapshot.get_state_display())


def _url(snapshot: RegisterSnapshot) -> str:
    return reverse("ventures:register_detail", args=[snapshot.pk])
