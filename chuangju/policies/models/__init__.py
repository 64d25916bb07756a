"""The models of policies, one file for each thing; import them from here."""

from chuangju.policies.models.fees import FeeEntry
from chuangju.policies.models.making import PolicyRecord, PolicyStep
from chuangju.policies.models.packages import PackageClause, PackageImport, PolicyPackage
from chuangju.policies.models.sources import Citation, Confidence

__all__ = [
    "Citation",
    "Confidence",
    "FeeEntry",
    "PackageClause",
    "PackageImport",
    "PolicyPackage",
    "PolicyRecord",
    "PolicyStep",
]
