"""演示匹配 - a finished match run over the demo register, a saved simulation, and a draft that waits for its second person."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from chuangju.kernel.models import User
from chuangju.kernel.money import parse_yuan
from chuangju.policies.current import current_catalogue
from chuangju.policies.desk_settings import desk_settings
from chuangju.policies.draft_reading import read_draft
from chuangju.policies.drafts import NewVersion, begin_draft, change_draft, submit_draft
from chuangju.policies.match_runs import compute_run, keep_result, start_run, working_job
from chuangju.policies.policy_text import remove, set_value, split_path
from chuangju.policies.simulations import Question, Sweep, save_simulation
from chuangju.units.models import Role, RoleAssignment
from chuangju.ventures.models import RegisterSnapshot


def load_demo_matches(at: datetime) -> None:
    """Compute here and now what a first start shows; nothing where there is no register or nobody to ask for it."""
    held = RoleAssignment.objects.filter(role=Role.POLICY_OFFICER, user__is_demo=True).select_related("user")
    keeper = held.order_by("pk").first()
    snapshot = RegisterSnapshot.objects.filter(state=RegisterSnapshot.State.CURRENT).first()
    if keeper is None or snapshot is None:
        return
    on = timezone.localdate(at)
    _match(snapshot, keeper.user, on, at)
    _simulate(snapshot, keeper.user, on, at)
    _draft(keeper.user, on, at)


def _match(snapshot: RegisterSnapshot, by: User, on: date, at: datetime) -> None:
    told = desk_settings()["demo"]
    chosen = [one for one in current_catalogue().in_force(on) if one.id in set(told["policies"])]
    run = start_run(snapshot, on=on, policies=chosen, title=told["title"], by=by, at=at)
    keep_result(run, compute_run(run, lambda _done, _total, _text: None), at=at)
    job = working_job(run)
    if job is not None:
        # Computed already: nobody has to take it up.
        job.delete()


def _simulate(snapshot: RegisterSnapshot, by: User, on: date, at: datetime) -> None:
    told = desk_settings()["demo"]["simulation"]
    policy = current_catalogue().version_for(told["policy"], on)
    if policy is None:
        return
    question = Question(policy.key, on, told["parameters"], {}, Sweep(**told["sweep"]))
    save_simulation(question, snapshot, title=told["title"], budget=parse_yuan(told["budget"]), by=by, at=at)


def _draft(by: User, on: date, at: datetime) -> None:
    told = desk_settings()["demo"]["draft"]
    base = current_catalogue().version_for(told["policy"], on)
    if base is None or base.effective_to is None:
        return
    year = base.effective_to.year + 1
    new = NewVersion(str(year), date(year, 1, 1), date(year + 1, 12, 31))
    draft = begin_draft(new, base=base, by=by, at=at)
    text = set_value(draft.text, split_path(told["parameter"]), told["value"])
    reading = read_draft(text, current_catalogue(), on=on)
    # Examples of how it was before a figure changed tell nothing of the new term.
    for number in reversed([place for place, one in enumerate(reading.examples) if not one.has_passed]):
        text = remove(text, ("examples", str(number)))
    draft = change_draft(draft, text, revision=draft.revision, by=by, at=at)
    submit_draft(draft, note=told["note"], revision=draft.revision, by=by, at=at)
