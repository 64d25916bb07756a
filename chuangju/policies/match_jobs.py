"""Runs in the background: decided and counted by a worker, kept once, found again by their page."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy, gettext_noop

from chuangju.kernel.jobs import JobKind, JobOutcome, JobRun
from chuangju.policies.match_runs import MATCH_JOB, compute_run, keep_result
from chuangju.policies.models import MatchRun


def run_match(job: JobRun) -> JobOutcome | None:
    """Compute a run that was asked for; one that is done already is left alone."""
    run = MatchRun.objects.select_related("snapshot").filter(pk=job.payload["run"]).first()
    if run is None or run.is_done:
        return None
    summary = compute_run(run, job.tell)
    values = {"rows": summary["rows"], "policies": len(summary["policies"]), "count": summary["any_eligible"]}
    sentence = gettext_noop("%(rows)d 家企业 × %(policies)d 项政策：%(count)d 家至少可享一项")
    outcome = JobOutcome(sentence, reverse("policies:match", args=(run.pk,)), values=values)
    with job.taking_effect() as effect:
        effect.outcome = outcome
        keep_result(run, summary, at=job.at)
    return outcome


KINDS: tuple[JobKind, ...] = (JobKind(MATCH_JOB, gettext_lazy("政策找企业"), run_match, longest=timedelta(minutes=30)),)
