"""容缺、承诺的规定 - what a policy's file says of papers that follow and of promises; what it leaves open the district says.

Any step of a file's process may say it: `{step: accept, overdue: end, broken: note, hearing: false}`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from chuangju.applications.decision_rights import DecisionRefused
from chuangju.applications.desk_settings import desk_settings
from chuangju.applications.evaluation import pinned_policy
from chuangju.applications.models import Application, RequiredDocument
from chuangju.rules.policy import Policy

# Not there after its day: the desk decides; or the case ends by itself, and what was granted is taken back.
DESK, END = "desk", "end"
# Found untrue: what was granted is taken back; or it is only written down.
RECOVER, NOTE = "recover", "note"


@dataclass(frozen=True)
class LenientTerms:
    """What follows a paper that did not come and a promise that was not true, and whether the other side is heard first."""

    overdue: str
    broken: str
    hearing: bool


def lenient_terms(policy: Policy) -> LenientTerms:
    """The terms of a policy; words that mean nothing here count as left open."""
    usual = desk_settings()["follow"]
    said = {key: node[key] for node in policy.process for key in ("overdue", "broken", "hearing") if key in node}
    overdue, broken, hearing = (said.get(key, usual[key]) for key in ("overdue", "broken", "hearing"))
    return LenientTerms(
        overdue=overdue if overdue in {DESK, END} else usual["overdue"],
        broken=broken if broken in {RECOVER, NOTE} else usual["broken"],
        hearing=hearing if isinstance(hearing, bool) else usual["hearing"],
    )


def refuse_untrue(application: Application) -> None:
    """Raise DecisionRefused where something is to be granted upon a promise that was found untrue."""
    untrue = application.documents.filter(state=RequiredDocument.State.BROKEN).first()
    if untrue is not None and lenient_terms(pinned_policy(application)).broken == RECOVER:
        raise DecisionRefused(_("“%(name)s”的承诺经核查不实，不能同意支持") % {"name": untrue.name})
