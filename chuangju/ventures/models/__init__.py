"""Parties with their earlier names, the relations between them, claims to act for them, and imports of registers."""

from chuangju.ventures.models.claims import Claim
from chuangju.ventures.models.imports import PartyImport
from chuangju.ventures.models.parties import FormerName, Party
from chuangju.ventures.models.relations import PartyRelation

__all__ = ["Claim", "FormerName", "Party", "PartyImport", "PartyRelation"]
