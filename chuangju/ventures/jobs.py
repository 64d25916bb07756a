"""Checking and writing a register in the background, and what lapses by itself every day."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from chuangju.kernel.duties import Duty
from chuangju.kernel.duty_periods import DutyPeriod
from chuangju.kernel.jobs import JobKind, JobOutcome, JobRun
from chuangju.papers.grids import UnreadableFile
from chuangju.ventures.claims import lapse_claims
from chuangju.ventures.import_writing import PreviewOutdated, write_import
from chuangju.ventures.imports import CHECK_JOB, WRITE_JOB, keep_preview, plan_of, preview_of
from chuangju.ventures.models import PartyImport, RegisterSnapshot
from chuangju.ventures.register_files import incoming_folder
from chuangju.ventures.register_uploads import CHECK_JOB as CHECK_REGISTER_JOB
from chuangju.ventures.register_uploads import current_register, fail_check, keep_check, task_of
from chuangju.ventures.registers.tasks import Task, read_folder_guarded, write_task


def run_check(run: JobRun) -> JobOutcome | None:
    """Check a register that was uploaded, and keep what was found for the preview."""
    upload = PartyImport.objects.filter(pk=run.payload["import"], state=PartyImport.State.CHECKING).first()
    if upload is None:
        return None
    preview = preview_of(upload, at=run.at, tell=run.tell)
    outcome = JobOutcome(gettext_noop("核对完毕，等待确认"), _page(upload))
    with run.taking_effect() as effect:
        effect.outcome = outcome
        keep_preview(upload, preview)
    return outcome


def run_writing(run: JobRun) -> JobOutcome | None:
    """Write a confirmed register as a whole; where it has changed since the preview, a new preview waits instead."""
    upload = PartyImport.objects.filter(pk=run.payload["import"], state=PartyImport.State.WRITING).first()
    if upload is None:
        return None
    # Compared once outside the transaction, where progress can be told and nobody waits for a lock.
    plan_of(upload, at=run.at, tell=run.tell)
    try:
        with run.taking_effect() as effect:
            plan = write_import(upload, by=run.by, at=run.at)
            counts = plan.counts["parties"]
            outcome = JobOutcome(
                gettext_noop("已导入：新增 %(new)d 个，更正 %(changed)d 个主体"), _page(upload), values=counts
            )
            effect.outcome = outcome
    except PreviewOutdated:
        keep_preview(upload, preview_of(upload, at=run.at))
        raise
    return outcome


def run_register_check(run: JobRun) -> JobOutcome | None:
    """Read the files of a register in a child process, and keep what was found for whoever confirms it."""
    snapshot = RegisterSnapshot.objects.filter(
        pk=run.payload["snapshot"], state=RegisterSnapshot.State.CHECKING
    ).first()
    if snapshot is None:
        return None
    former, folder = current_register(), incoming_folder(snapshot)
    address = reverse("ventures:register_detail", args=(snapshot.pk,))
    outcome = JobOutcome(gettext_noop("核对完毕，等待确认"), address)
    try:
        write_task(folder, Task(**task_of(snapshot, former)))
        found = read_folder_guarded(folder, name=str(snapshot), on_progress=run.tell)
    except UnreadableFile as problem:
        outcome = JobOutcome(gettext_noop("名录文件不能用"), address)
        with run.taking_effect() as effect:
            effect.outcome = outcome
            fail_check(snapshot, problem)
        return outcome
    if found["needs_mapping"]:
        outcome = JobOutcome(gettext_noop("没有认出表头，请指定每一列是什么"), address)
    with run.taking_effect() as effect:
        effect.outcome = outcome
        keep_check(snapshot, found, former=former)
    return outcome


def lapse(period: DutyPeriod) -> int:
    """The claims that ran out before this day."""
    return lapse_claims(on=period.on, at=period.at)


def _page(upload: PartyImport) -> str:
    return reverse("ventures:import_preview", args=(upload.pk,))


KINDS: tuple[JobKind, ...] = (
    JobKind(CHECK_JOB, _("核对名册"), run_check, longest=timedelta(minutes=10)),
    JobKind(WRITE_JOB, _("写入名册"), run_writing, longest=timedelta(minutes=20)),
    JobKind(CHECK_REGISTER_JOB, _("核对企业名录"), run_register_check, longest=timedelta(minutes=20)),
)
DUTIES: tuple[Duty, ...] = (Duty("ventures.lapse_claims", _("代表关系到期"), "day", lapse),)
