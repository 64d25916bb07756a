"""测算任务 - a register too large to wait for: its simulation is a job, found again by the question it answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from chuangju.kernel.audit import json_safe
from chuangju.kernel.jobs import JobKind, JobOutcome, JobRun, start_job
from chuangju.kernel.models import Job, User
from chuangju.policies.match_access import READERS
from chuangju.policies.simulations import Question, SimulationRefused, Sweep, compute_answer, parts_of
from chuangju.units.access import Visitor, has_role
from chuangju.ventures.models import RegisterSnapshot
from chuangju.ventures.register_files import snapshot_path

SIMULATION_JOB = "policies.simulation"


@transaction.atomic
def start_simulation(
    question: Question, snapshot: RegisterSnapshot, *, typed: Mapping[str, str], by: User, at: datetime
) -> Job:
    """Ask for an answer in the background, or find the job that has it; `typed` fills the form again. Raises Refused."""
    key = _key(question, snapshot)
    snapshot_path(snapshot)
    found = _jobs().filter(key=key, state=Job.State.DONE).order_by("-created_at").first()
    if found is not None:
        return found
    payload = {"snapshot": snapshot.pk, "on": question.on, "policy": question.policy_key, "typed": dict(typed)}
    title = _("政策测算：%(policy)s，%(day)s") % {"policy": question.policy_key, "day": question.on.isoformat()}
    payload |= {"changes": question.as_json()}
    return start_job(SIMULATION_JOB, title=title, payload=json_safe(payload), by=by, at=at, key=key)


def found_answer(question: Question, snapshot: RegisterSnapshot) -> dict[str, Any] | None:
    """What a job has already answered to the very question; None where it is still to be asked. Raises Refused."""
    job = _jobs().filter(key=_key(question, snapshot), state=Job.State.DONE).order_by("-created_at").first()
    return None if job is None else answer_of(job)


def answer_of(job: Job) -> dict[str, Any] | None:
    """The answer of a job that is done."""
    found: dict[str, Any] | None = job.result.get("detail") if job.state == Job.State.DONE else None
    return found


def simulation_jobs_visible_to(user: Visitor, *, on: date) -> QuerySet[Job]:
    """Whoever reads what was saved of simulations reads those that are being worked out."""
    return _jobs() if has_role(user, *READERS, on=on) else Job.objects.none()


def run_simulation(job: JobRun) -> JobOutcome | None:
    """Work out the answer; it is kept with the job."""
    given = job.payload
    snapshot = RegisterSnapshot.objects.filter(pk=given["snapshot"]).first()
    if snapshot is None:
        raise SimulationRefused(_("这版企业名录已经删除，请重新测算"))
    computing = _("逐日计算")
    found = compute_answer(snapshot, parts_of(_question(given)), lambda done, days: job.tell(done, days, computing))
    sentence = gettext_noop("%(rows)d 家企业：改后 %(count)d 家可享")
    values = {"rows": found["rows"], "count": found["days"][0]["after"]["eligible"]}
    address = reverse("policies:simulation_work", args=(job.job.pk,))
    return JobOutcome(sentence, address, detail=json_safe(found), values=values)


def _question(given: Mapping[str, Any]) -> Question:
    changes, on = given["changes"], date.fromisoformat(given["on"])
    swept = Sweep(**changes["sweep"]) if changes["sweep"] else None
    return Question(given["policy"], on, changes["parameters"], changes["conditions"], swept, changes["goes_on"])


def _key(question: Question, snapshot: RegisterSnapshot) -> str:
    """The same for the same register, the same day and the same two wordings, whatever the form looked like."""
    on, pair, swept, values = parts_of(question)
    shared = pair.old.shared
    told = [snapshot.sha256, on, *pair.key(), pair.old.effective_to, swept, values, shared.parameters, shared.lists]
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


def _jobs() -> QuerySet[Job]:
    return Job.objects.filter(kind=SIMULATION_JOB)


KINDS: tuple[JobKind, ...] = (
    JobKind(SIMULATION_JOB, gettext_lazy("政策测算"), run_simulation, longest=timedelta(minutes=30)),
)
