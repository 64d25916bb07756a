"""The models of policies, one file for each thing; import them from here."""

from chuangju.policies.models.checks import CheckReminder, SavedCheck, SharedCheck
from chuangju.policies.models.drafts import LONGEST_TEXT, PolicyDraft, PublishedPolicy
from chuangju.policies.models.fees import FeeEntry
from chuangju.policies.models.making import PolicyRecord, PolicyStep
from chuangju.policies.models.matches import MatchRun, Simulation
from chuangju.policies.models.packages import PackageClause, PackageImport, PolicyPackage
from chuangju.policies.models.sources import Citation, Confidence

__all__ = [
    "LONGEST_TEXT",
    "CheckReminder",
    "Citation",
    "Confidence",
    "FeeEntry",
    "MatchRun",
    "PackageClause",
    "PackageImport",
    "PolicyDraft",
    "PolicyPackage",
    "PolicyRecord",
    "PolicyStep",
    "PublishedPolicy",
    "SavedCheck",
    "SharedCheck",
    "Simulation",
]
