"""校验 - frozen lists against their hash, and against the decisions that were taken on them."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from chuangju.applications.batch_ranking import RESERVE, digest_of
from chuangju.applications.models import Decision, DecisionBatch

State = DecisionBatch.State


def find_batch_faults() -> Iterator[str]:
    """One sentence for each list that is not what was frozen, or whose decisions say something else."""
    frozen = DecisionBatch.objects.exclude(state__in=(State.DRAFT, State.RETURNED)).order_by("pk")
    for batch in frozen.prefetch_related("decisions").iterator(50):
        said = {"title": batch.title}
        if digest_of(batch) != batch.sha256:
            yield _("评选名单“%(title)s”与锁定时的校验值不符。") % said
        wanted = {one["application"]: one["outcome"] for one in batch.ranking}
        counting = (Decision.State.PROPOSED, Decision.State.APPROVED, Decision.State.PUBLISHED)
        for decision in batch.decisions.all():
            listed = wanted.get(str(decision.application_id), "")
            if decision.state in counting and (listed == RESERVE or listed != decision.outcome):
                yield _("评选名单“%(title)s”上有决定与名单不一致。") % said
