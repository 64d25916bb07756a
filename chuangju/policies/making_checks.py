"""核对政策档案 - what `chuangju verify` recomputes: nothing of ours stands as issued without both reviews before it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from chuangju.policies.making_stages import PREREQUISITES, STAGES, furthest_stage, passed_stages
from chuangju.policies.models import PolicyRecord

_OPEN = (PolicyRecord.State.MAKING, PolicyRecord.State.ABANDONED)


def find_making_faults() -> Iterator[str]:
    """One sentence for each record that was issued past a stage, or whose stage is not that of its steps."""
    made_here = PolicyRecord.objects.filter(level__in=PolicyRecord.OWN_LEVELS).prefetch_related("steps").order_by("pk")
    for record in made_here.iterator(chunk_size=200):
        steps = [step for step in record.steps.all() if step.withdrawn_at is None]
        if not steps:
            continue
        said = {"title": record.title, "id": record.pk}
        passed = passed_stages(record, steps)
        before = PREREQUISITES[PolicyRecord.Stage.ISSUE]
        lacking = [stage for stage in STAGES if stage in before and stage not in passed]
        if record.state not in _OPEN and lacking and any(step.stage in before for step in steps):
            names = _("、").join(str(PolicyRecord.Stage(stage).label) for stage in lacking)
            yield _("政策“%(title)s”（%(id)s）已印发，却没有：%(lacking)s。") % {**said, "lacking": names}
        if record.stage != furthest_stage(steps):
            yield _("政策“%(title)s”（%(id)s）的环节与登记的环节不符。") % said
