"""批量办理 - several steps at once: what can be done is told before, what could not be done is told for each afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.access import can_act_in_step, can_assign_step
from chuangju.applications.bulk_approvals import Seen, approve_seen
from chuangju.applications.case_locks import StepRefused
from chuangju.applications.desk_settings import desk_settings
from chuangju.applications.desk_words import step_label
from chuangju.applications.flags import blocking_flag
from chuangju.applications.intake import accept_application, missing_documents
from chuangju.applications.models import Step
from chuangju.applications.step_assignments import assign_step
from chuangju.applications.steps import complete_step
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused

_PASSED_IN_BULK = frozenset({Step.Kind.SCREEN, Step.Kind.VERIFY})


class BulkAction(models.TextChoices):
    """What can be done to several steps at once."""

    ACCEPT = "accept", pgettext_lazy("bulk", "受理")
    PASS = "pass", pgettext_lazy("bulk", "审核通过")
    APPROVE = "approve", pgettext_lazy("bulk", "一并审定")
    ASSIGN = "assign", pgettext_lazy("bulk", "分派承办人")


@dataclass(frozen=True)
class BulkLine:
    """One step that was picked: whether the action can be taken, and if not, why."""

    step: Step
    obstacle: str

    @property
    def is_possible(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.obstacle


@dataclass(frozen=True)
class BulkResult:
    """What came of one step: done, or the sentence that refused it."""

    case: str
    subject: str
    address: str
    is_done: bool
    sentence: str


def bulk_limit() -> int:
    """How many steps may be dealt with at once."""
    limit: int = desk_settings()["workbench"]["bulk_limit"]
    return limit


def look_ahead(action: str, steps: Sequence[Step], *, by: User, at: datetime) -> list[BulkLine]:
    """For each step whether the action can be taken now; nothing is changed."""
    return [BulkLine(step, _obstacle(action, step, by=by, at=at)) for step in steps]


def actions_for(*, is_clerk: bool, is_approver: bool) -> list[BulkAction]:
    """What somebody with these roles does to several steps at once."""
    clerks = [BulkAction.ACCEPT, BulkAction.PASS] if is_clerk else []
    return [*clerks, *([BulkAction.APPROVE] if is_approver else []), BulkAction.ASSIGN]


def act_in_bulk(
    action: str,
    steps: Sequence[Step],
    *,
    opinion: str = "",
    assignee: User | None = None,
    seen: Mapping[int, Seen] | None = None,
    by: User,
    at: datetime,
) -> list[BulkResult]:
    """Take the action for each step by itself: one that is refused leaves the others done. Raises StepRefused.

    An approval takes one opinion for all, and approves what was `seen` only.
    """
    if len(steps) > bulk_limit():
        raise StepRefused(_("一次最多办理 %(count)d 件") % {"count": bulk_limit()})
    if action == BulkAction.ASSIGN and assignee is None:
        raise StepRefused(_("请选择承办人"))
    if action == BulkAction.APPROVE and not opinion.strip():
        raise StepRefused(_("请写明审定意见，写入每一件"))
    acts: dict[str, Callable[[Step], object]] = {
        BulkAction.ACCEPT: lambda step: accept_application(step.application, opinion=opinion, by=by, at=at),
        BulkAction.PASS: lambda step: _pass(step, opinion, by=by, at=at),
        BulkAction.APPROVE: lambda step: approve_seen(step, seen or {}, opinion=opinion, by=by, at=at),
        BulkAction.ASSIGN: lambda step: assign_step(step, assignee or by, by=by, at=at),
    }
    return [_tried(acts[action], step) for step in steps]


def _tried(act: Callable[[Step], object], step: Step) -> BulkResult:
    is_done, sentence = True, ""
    try:
        with transaction.atomic():
            act(step)
    except Refused as refused:
        is_done, sentence = False, refused.sentence
    application = step.application
    return BulkResult(
        case=application.number or application.title,
        subject=application.subject.name,
        address=f"/cases/{application.pk}/",
        is_done=is_done,
        sentence=sentence or step_label(step),
    )


def _pass(step: Step, opinion: str, *, by: User, at: datetime) -> Step:
    if step.kind not in _PASSED_IN_BULK:
        raise StepRefused(_("“%(step)s”须逐件办理") % {"step": step_label(step)})
    return complete_step(step, Step.Result.PASSED, opinion=opinion, revision=step.revision, by=by, at=at)


def _obstacle(action: str, step: Step, *, by: User, at: datetime) -> str:
    today = timezone.localdate(at)
    if step.state != Step.State.OPEN:
        return _("已经办结")
    if action == BulkAction.ASSIGN:
        return "" if can_assign_step(by, step, today) else _("不在您的单位")
    if not can_act_in_step(by, step, today):
        return _("不在您的环节")
    flag = blocking_flag(step.application)
    if flag is not None:
        return str(flag.get_kind_display())
    if action == BulkAction.ACCEPT:
        if step.kind != Step.Kind.ACCEPT:
            return _("已经受理")
        return _("材料还不齐") if missing_documents(step.application) else ""
    return "" if step.kind in _PASSED_IN_BULK else _("须逐件办理")
