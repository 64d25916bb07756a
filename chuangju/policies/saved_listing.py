"""我的测算列表 - the checks that somebody keeps."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangju.ui.listing import Column, Listing


def saved_listing() -> Listing:
    """One's own saved checks, the newest first."""
    return Listing(
        key="saved_checks",
        title=pgettext_lazy("list", "我的测算"),
        columns=[
            Column(
                "name",
                gettext_lazy("名称"),
                lambda one: one.name,
                sort="name",
                url=lambda one: reverse("policies:saved_check", args=(one.pk,)),
            ),
            Column("saved", gettext_lazy("保存时间"), lambda one: one.saved_at, sort="saved_at", css="short"),
        ],
        search=lambda rows, text: rows.filter(name__icontains=text),
        search_label=gettext_lazy("搜索名称"),
        default_sort="-saved",
        empty_title=gettext_lazy("还没有保存的测算"),
        empty_hint=gettext_lazy("在结果页点“保存到我的账号”，下次从这里打开，按当天的政策重新计算。"),
    )
