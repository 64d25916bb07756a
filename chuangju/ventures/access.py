"""Who sees which parties, relations, claims and imports, and who keeps them."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.models import User
from chuangju.units.access import Visitor, assignments_of
from chuangju.units.models import Role, Unit
from chuangju.ventures.models import Claim, Party, PartyImport, PartyRelation, RegisterSnapshot

# Who has to do with parties at all; those of a town or zone see its own, those of a department the whole district.
READERS = (
    Role.LEADER,
    Role.PROGRAMME_OFFICE,
    Role.LIAISON_OFFICER,
    Role.POLICY_OFFICER,
    Role.CLERK,
    Role.APPROVER,
    Role.FINANCE,
)
KEEPERS = (Role.PROGRAMME_OFFICE, Role.POLICY_OFFICER, Role.CLERK)
# Who brings in and reads registers of the whole district: they hold facts of every founder and employee.
REGISTER_KEEPERS = (Role.PROGRAMME_OFFICE, Role.POLICY_OFFICER)
# Who looks at papers and decides whether somebody acts for a firm.
VERIFIERS = (Role.CLERK,)


def parties_visible_to(user: Visitor, on: date | None = None) -> QuerySet[Party]:
    """Parties: for staff the district's or their town's; for everybody else their own and those they act for."""
    day = on or timezone.localdate()
    reach = _reach_of(user, READERS, day)
    if reach is None:
        return Party.objects.all()
    if reach:
        return Party.objects.filter(Q(town__in=reach) | Q(pk__in=_own_parties(user, day)))
    return Party.objects.filter(pk__in=_own_parties(user, day))


def own_parties_visible_to(user: Visitor, on: date) -> QuerySet[Party]:
    """Somebody's own entry and those of the parties they act for, whatever else their work lets them see."""
    return Party.objects.filter(pk__in=_own_parties(user, on))


def own_entries_visible_to(user: Visitor, on: date) -> QuerySet[Party]:
    """The same with every entry that was merged into one of them: what hangs on these is theirs as well."""
    own = _own_parties(user, on)
    merged = Party.objects.filter(account=user).values("merged_into") if isinstance(user, User) else own
    return Party.objects.filter(Q(pk__in=own) | Q(merged_into__in=own) | Q(pk__in=merged) | Q(merged_into__in=merged))


def relations_visible_to(user: Visitor, on: date | None = None) -> QuerySet[PartyRelation]:
    """Relations between two parties: whoever sees one of them sees that it stands in the relation."""
    seen = parties_visible_to(user, on).values("pk")
    return PartyRelation.objects.filter(Q(from_party__in=seen) | Q(to_party__in=seen))


def claims_visible_to(user: Visitor, on: date | None = None) -> QuerySet[Claim]:
    """Claims: one's own; for staff those to the parties they see, and in their town those whose party names none."""
    day = on or timezone.localdate()
    if not isinstance(user, User):
        return Claim.objects.none()
    reach = _reach_of(user, READERS, day)
    if reach is None:
        return Claim.objects.all()
    own = Q(user=user)
    if reach:
        own |= Q(party__town__in=reach) | Q(party__town__isnull=True, town__in=reach)
    return Claim.objects.filter(own)


def own_claims_visible_to(user: Visitor) -> QuerySet[Claim]:
    """The claims that somebody made themselves."""
    return Claim.objects.filter(user=user) if isinstance(user, User) else Claim.objects.none()


def imports_visible_to(user: Visitor, on: date | None = None) -> QuerySet[PartyImport]:
    """Imports of registers: for whoever may import; without their encrypted content, which only one page needs."""
    found = PartyImport.objects.defer("rows", "findings")
    return found if can_import_parties(user, on or timezone.localdate()) else found.none()


def registers_visible_to(user: Visitor, on: date | None = None) -> QuerySet[RegisterSnapshot]:
    """Registers of enterprises: for whoever may import them; without their encrypted report, which only one page needs."""
    found = RegisterSnapshot.objects.defer("report", "columns")
    return found if can_import_registers(user, on or timezone.localdate()) else found.none()


def can_import_registers(user: Visitor, on: date) -> bool:
    """Whether somebody may bring in a register of enterprises: the office or a policy officer of the whole district."""
    return _reach_of(user, REGISTER_KEEPERS, on) is None


def acting_parties(user: Visitor, on: date) -> QuerySet[Party]:
    """The parties somebody may act for on a day by a confirmed claim; of merged ones the entry that stays."""
    if not isinstance(user, User):
        return Party.objects.none()
    held = Claim.objects.filter(user=user).holding_on(on)
    # From their claims to the parties: asking of every party whether it is claimed would read the whole register.
    merged = held.filter(party__merged_into__isnull=False)
    return Party.objects.standing().filter(
        Q(pk__in=held.values("party")) | Q(pk__in=merged.values("party__merged_into"))
    )


def can_keep_parties(user: Visitor, on: date) -> bool:
    """Whether somebody enters and corrects parties, among those they see."""
    return _reach_of(user, KEEPERS, on) != []


def can_keep_party(user: Visitor, party: Party, on: date) -> bool:
    """Whether somebody may correct this party."""
    return is_within(_reach_of(user, KEEPERS, on), party.town_id)


def can_merge_parties(user: Visitor, on: date) -> bool:
    """Whether somebody may say that two entries are one: whoever keeps the whole district's."""
    return _reach_of(user, KEEPERS, on) is None


def can_import_parties(user: Visitor, on: date) -> bool:
    """Whether somebody may bring in a register: whoever keeps the whole district's."""
    return can_merge_parties(user, on)


def refuse_unless_importing(user: Visitor, on: date) -> None:
    """Raise the 403 page's refusal for a keeper of one town: a register is brought in for the whole district."""
    if not can_import_parties(user, on):
        raise PermissionDenied(_("导入名册由区级部门办理，街镇可逐个登记"))


def can_verify_claims(user: Visitor, on: date) -> bool:
    """Whether somebody decides on claims at all."""
    return _reach_of(user, VERIFIERS, on) != []


def can_verify_claim(user: Visitor, claim: Claim, on: date) -> bool:
    """Whether somebody may decide on this claim: a clerk within reach, never the claimant."""
    if not isinstance(user, User) or user.pk == claim.user_id:
        return False
    return is_within(_reach_of(user, VERIFIERS, on), claim.party.town_id or claim.town_id)


def can_read_claim(user: User | None, claim: Claim) -> bool:
    """Whether somebody may open the papers of a claim."""
    return claims_visible_to(user).filter(pk=claim.pk).exists()


def can_unmask_party(user: User, party: Party) -> bool:
    """Whether somebody may see a party's numbers in full, once they say why: whoever keeps it."""
    return can_keep_party(user, party, timezone.localdate())


def is_within(reach: list[int] | None, town_id: int | None) -> bool:
    """Whether a town lies within somebody's reach (None: the whole district)."""
    return reach is None or (town_id is not None and town_id in reach)


def _reach_of(user: Visitor, roles: tuple[str, ...], on: date) -> list[int] | None:
    """The towns for which somebody holds one of the roles; None for the whole district, empty for none at all."""
    held = [one for one in assignments_of(user, on) if one.role in roles]
    if any(one.unit is None or one.unit.kind not in Unit.PLACES for one in held):
        return None
    return sorted({one.unit.pk for one in held if one.unit is not None})


def _own_parties(user: Visitor, on: date) -> QuerySet[Party]:
    if not isinstance(user, User):
        return Party.objects.none().values("pk")  # type: ignore[return-value]
    own = Party.objects.filter(Q(account=user) | Q(pk__in=acting_parties(user, on).values("pk")))
    return own.values("pk")  # type: ignore[return-value]
