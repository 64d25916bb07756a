"""检索 - parties as staff find them: by name, former name, pinyin and credit code; never by what is encrypted."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.search import SearchSource
from chuangju.units.access import Visitor, is_staff_member
from chuangju.ventures.access import parties_visible_to
from chuangju.ventures.lists import SEARCH_SOURCE
from chuangju.ventures.models import Party


def _parties(user: Visitor) -> QuerySet[Party]:
    """Their pages are the staff side's."""
    on = timezone.localdate()
    found = parties_visible_to(user, on)
    return found if is_staff_member(user, on) else found.none()


SOURCES = (
    SearchSource(
        key=SEARCH_SOURCE,
        label=_("主体"),
        model=Party,
        visible_to=_parties,
        title=lambda party: party.name,
        address=lambda party: reverse("ventures:party_detail", args=(party.pk,)),
        text=lambda party: " ".join(
            filter(None, [party.credit_code, party.town.name if party.town else "", *_former_names(party)])
        ),
        names=lambda party: [party.name, *_former_names(party)],
        records=lambda: Party.objects.select_related("town").prefetch_related("former_names"),
    ),
)


def _former_names(party: Party) -> list[str]:
    return [former.name for former in party.former_names.all()]
