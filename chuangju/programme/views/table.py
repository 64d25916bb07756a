"""The living table: the home of the staff side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from chuangju.programme.access import can_manage_table, own_step_counts, rows_visible_to, versions_visible_to
from chuangju.programme.lights import rows_with_progress, tally_lights
from chuangju.programme.table_page import light_figures, table_listing, table_totals, with_units
from chuangju.ui.list_views import render_list
from chuangju.units.access import STAFF_ROLES
from chuangju.units.permissions import roles_required


@roles_required(*STAFF_ROLES)
def table(request: HttpRequest) -> HttpResponse:
    """The version in force, grouped by category; filters, search, order, paging and export stand in the address."""
    on = timezone.localdate()
    newest = list(versions_visible_to(request.user, on=on).order_by("-number")[:2])
    version = next((each for each in newest if each.is_current), None)
    manages = can_manage_table(request.user, on=on)
    if version is None:
        return render(request, "programme/table_empty.html", {"can_manage": manages})
    rows = rows_with_progress(rows_visible_to(request.user, on=on).filter(version=version), on=on)
    tally = tally_lights(rows)
    context = {
        "version": version,
        "previous": next((each for each in newest if not each.is_current), None),
        "totals": table_totals(version),
        "lights": light_figures(tally),
        "can_manage": manages,
        "own": own_step_counts(request.user, on=on),
        "now": timezone.now(),
    }
    listing = table_listing(version, on=on, tally=tally)
    return render_list(request, listing, with_units(rows), template="programme/table.html", context=context)
