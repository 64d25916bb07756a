"""The models of units, one file for each thing; import them from here."""

from chuangju.units.models.appointments import Appointment, DutyText, MemberList
from chuangju.units.models.delegations import Delegation
from chuangju.units.models.follow_ups import FollowUp
from chuangju.units.models.invitations import Invitation, RoleProposal
from chuangju.units.models.notices import Notice
from chuangju.units.models.resets import ResetRequest
from chuangju.units.models.reviews import AccessReview
from chuangju.units.models.roles import Role, RoleAssignment
from chuangju.units.models.sign_in import FactorSecret, MobileCode
from chuangju.units.models.units import Unit, UnitGroup, UnitName

__all__ = [
    "AccessReview",
    "Appointment",
    "Delegation",
    "DutyText",
    "FactorSecret",
    "FollowUp",
    "Invitation",
    "MemberList",
    "MobileCode",
    "Notice",
    "ResetRequest",
    "Role",
    "RoleAssignment",
    "RoleProposal",
    "Unit",
    "UnitGroup",
    "UnitName",
]
