"""分派 - which assessor gets which subject: by hand, or spread evenly with respect to conflicts and limits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from chuangju.kernel.audit import record_event
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import User
from chuangju.scoring.access import panels_visible_to
from chuangju.scoring.models import Assessment, Panel, PanelEntry, PanelMember
from chuangju.scoring.panels import PanelRefused, lock_panel, one_line, tell_assessor
from chuangju.scoring.subjects import RelatedPerson, hint_for, people_of
from chuangju.units.access import has_role
from chuangju.units.models import Role

_STATE = Assessment.State
# States in which somebody has scored a subject or still may.
_COUNTING = (_STATE.ASSIGNED, _STATE.SUBMITTED)


@transaction.atomic
def assign_assessor(
    panel: Panel, assessor: User, subject_keys: Iterable[str], *, by: User, at: datetime
) -> list[Assessment]:
    """Take an assessor into the panel and give them these subjects (none: they wait for `spread_assessors`).

    What they have already is left out; somebody who seems close to a subject gets it with a hint, and declares.
    Raises PanelRefused.
    """
    fresh = lock_panel(panel, by=by, at=at)
    wanted = list(dict.fromkeys(subject_keys))
    entries = {entry.subject_key: entry for entry in fresh.entries.filter(withdrawn_at__isnull=True)}
    unknown = [key for key in wanted if key not in entries]
    if unknown:
        raise PanelRefused(_("评审中没有这个参评对象，或者它已经退出"))
    _refuse_assessor(fresh, assessor, by=by, at=at)
    is_new = PanelMember.objects.get_or_create(panel=fresh, assessor=assessor, defaults={"joined_at": at})[1]
    held = {one.entry_id: one for one in _assessments(fresh).filter(assessor=assessor)}
    given = [entries[key] for key in wanted if not _has(held.get(entries[key].pk))]
    if any(one.state == _STATE.DECLINED_CONFLICT for one in held.values() if one.entry.subject_key in wanted):
        raise PanelRefused(_("%(name)s已对其中的对象声明回避，请另派专家") % {"name": assessor})
    counting = sum(one.state in _COUNTING for one in held.values())
    if fresh.max_per_assessor is not None and counting + len(given) > fresh.max_per_assessor:
        said = {"name": assessor, "most": fresh.max_per_assessor}
        raise PanelRefused(_("%(name)s最多评 %(most)d 个参评对象") % said)
    people = people_of(entry.subject_key for entry in given)
    made = [_give(entry, assessor, held.get(entry.pk), people[entry.subject_key], at=at) for entry in given]
    if made or is_new:
        after = {"评审专家": str(assessor), "匿名编号": [one.entry.blind_label for one in made]}
        record_event("scoring.assigned", fresh, by=by, at=at, after=after)
    if made and fresh.state == Panel.State.SCORING:
        tell_assessor(fresh, assessor, at=at, once_key=f"scoring.assigned.{fresh.pk}.{at.isoformat()}")
    return made


@transaction.atomic
def spread_assessors(panel: Panel, *, by: User, at: datetime) -> int:
    """Give every subject as many of the panel's assessors as it needs, evenly; how many pairs were made.

    Nobody gets a subject they declined, seem close to, or more of them than the limit. Raises PanelRefused where there
    is nobody to spread over.
    """
    fresh = lock_panel(panel, by=by, at=at)
    spread = _Spread(fresh)
    if not spread.members:
        raise PanelRefused(_("请先把专家加入评审组"))
    made = spread.run(at=at)
    if made:
        record_event("scoring.spread", fresh, by=by, at=at, after={gettext_noop("分派数"): len(made)})
    if fresh.state == Panel.State.SCORING:
        for assessor in {one.assessor_id: one.assessor for one in made}.values():
            tell_assessor(fresh, assessor, at=at, once_key=f"scoring.assigned.{fresh.pk}.{at.isoformat()}")
    return len(made)


@transaction.atomic
def withdraw_assessor(panel: Panel, assessor: User, *, reason: str, by: User, at: datetime) -> int:
    """An assessor leaves: what they have not scored is taken back, what they have stands; how many. Raises PanelRefused."""
    fresh = lock_panel(panel, by=by, at=at)
    said = one_line(reason, _("请写明退出的原因"))
    open_ones = Assessment.objects.filter(panel=fresh, assessor=assessor, state=_STATE.ASSIGNED)
    count = open_ones.update(state=_STATE.WITHDRAWN)
    is_member = PanelMember.objects.filter(panel=fresh, assessor=assessor)
    if not count and not is_member.exists():
        raise PanelRefused(_("评审组中没有这位专家"))
    is_member.delete()
    after = {"评审专家": str(assessor), gettext_noop("撤回数"): count}
    record_event("scoring.assessor_withdrawn", fresh, by=by, at=at, after=after, reason=said)
    return count


class _Spread:
    """Who has how much, while subjects are dealt out: always to whoever has the least."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.members = [one.assessor for one in panel.members.select_related("assessor").order_by("joined_at", "pk")]
        self.entries = list(panel.entries.filter(withdrawn_at__isnull=True).order_by("position"))
        self.people = people_of(entry.subject_key for entry in self.entries)
        self.held = {(one.entry_id, one.assessor_id): one for one in _assessments(panel)}
        self.load = {member.pk: 0 for member in self.members}
        self.has = {entry.pk: 0 for entry in self.entries}
        for one in self.held.values():
            if one.state in _COUNTING:
                self.load[one.assessor_id] = self.load.get(one.assessor_id, 0) + 1
                self.has[one.entry_id] = self.has.get(one.entry_id, 0) + 1

    def run(self, *, at: datetime) -> list[Assessment]:
        """One more assessor for each subject in each turn, so that nobody's second comes before somebody's first."""
        made = []
        for turn in range(self.panel.min_assessors):
            for entry in self.entries:
                assessor = self._next_for(entry) if self.has[entry.pk] <= turn else None
                if assessor is None:
                    continue
                earlier = self.held.get((entry.pk, assessor.pk))
                one = _give(entry, assessor, earlier, self.people[entry.subject_key], at=at)
                self.held[entry.pk, assessor.pk] = one
                self.load[assessor.pk] += 1
                self.has[entry.pk] += 1
                made.append(one)
        return made

    def _next_for(self, entry: PanelEntry) -> User | None:
        free = [member for member in self.members if self._may_have(member, entry)]
        return min(free, key=lambda member: self.load[member.pk], default=None)

    def _may_have(self, member: User, entry: PanelEntry) -> bool:
        one = self.held.get((entry.pk, member.pk))
        if one is not None and one.state != _STATE.WITHDRAWN:
            return False
        most = self.panel.max_per_assessor
        if most is not None and self.load[member.pk] >= most:
            return False
        return not hint_for(member, self.people[entry.subject_key])


def _assessments(panel: Panel) -> QuerySet[Assessment]:
    return Assessment.objects.filter(panel=panel).select_related("entry", "assessor").order_by("pk")


def _has(one: Assessment | None) -> bool:
    return one is not None and one.state in _COUNTING


def _give(
    entry: PanelEntry, assessor: User, earlier: Assessment | None, people: list[RelatedPerson], *, at: datetime
) -> Assessment:
    """One pair; what was taken back before is given again, with a new declaration to make."""
    with in_kept_language():
        hint = hint_for(assessor, people)[:200]
    if earlier is None:
        return Assessment.objects.create(
            panel=entry.panel, entry=entry, assessor=assessor, conflict_hint=hint, assigned_at=at
        )
    earlier.state, earlier.assigned_at, earlier.declared_at, earlier.conflict_hint = _STATE.ASSIGNED, at, None, hint
    earlier.save(update_fields=["state", "assigned_at", "declared_at", "conflict_hint"])
    return earlier


def _refuse_assessor(panel: Panel, assessor: User, *, by: User, at: datetime) -> None:
    if not assessor.is_active or not has_role(assessor, Role.ASSESSOR, on=timezone.localdate(at)):
        raise PanelRefused(_("%(name)s不是在任的评审专家") % {"name": assessor})
    if assessor == by or assessor.pk == panel.opened_by_id:
        raise PanelRefused(_("组织评审的人不能同时担任评审专家"))
    if panel.is_blind and panels_visible_to(assessor, timezone.localdate(at)).filter(pk=panel.pk).exists():
        raise PanelRefused(_("%(name)s能看到参评对象的名称，不能参加匿名评审") % {"name": assessor})
