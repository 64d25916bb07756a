"""Parties with their names, facts and lists, relations between them, claims to act for them, and registers."""

from chuangju.ventures.models.claims import Claim
from chuangju.ventures.models.facts import Fact, ListMembership
from chuangju.ventures.models.imports import PartyImport
from chuangju.ventures.models.parties import FormerName, Party
from chuangju.ventures.models.registers import RegisterSnapshot
from chuangju.ventures.models.relations import PartyRelation

__all__ = [
    "Claim",
    "Fact",
    "FormerName",
    "ListMembership",
    "Party",
    "PartyImport",
    "PartyRelation",
    "RegisterSnapshot",
]
