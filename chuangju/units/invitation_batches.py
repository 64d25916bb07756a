"""批量邀请 - many invitations out of a sheet: all of them, or none and what is wrong with which row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused
from chuangju.units.invitations import InvitationRefused, Invitee, Sent, invite
from chuangju.units.models import Role, Unit
from chuangju.units.names import NameDirectory, even_out, name_directory

_SEPARATORS = re.compile(r"[、，,;；/\n]+")


@dataclass(frozen=True)
class RowFault:
    """What is wrong with one row of the sheet, by its number in the file."""

    row: int
    sentence: str


class BatchRefused(Refused):
    """Nobody was invited; `faults` says why, row by row."""

    def __init__(self, faults: list[RowFault]) -> None:
        super().__init__(_("名单中有 %(count)d 行需要更正，一个邀请也没有发送") % {"count": len(faults)})
        self.faults = faults


@transaction.atomic
def invite_batch(lines: Iterable[Mapping[str, Any]], *, by: User | None, at: datetime) -> list[Sent]:
    """Invite everybody of a sheet as `read_people` gives it; raises BatchRefused with every row that is wrong."""
    units = name_directory(timezone.localdate(at))
    roles = _roles_by_label()
    sent: list[Sent] = []
    faults: list[RowFault] = []
    seen: dict[str, int] = {}
    for line in lines:
        row = int(line["row"])
        try:
            _check_once(line, seen)
            with transaction.atomic():
                sent.append(invite(_invitee(line, units, roles), by=by, at=at))
        except Refused as refused:
            faults.append(RowFault(row, refused.sentence))
    if faults:
        raise BatchRefused(faults)
    return sent


def _check_once(line: Mapping[str, Any], seen: dict[str, int]) -> None:
    """Nobody stands in the sheet twice, known by mobile or e-mail."""
    for key in ("mobile", "email"):
        text = even_out(str(line.get(key, "")))
        if text and text in seen:
            raise InvitationRefused(_("与第 %(row)d 行重复") % {"row": seen[text]})
        if text:
            seen[text] = int(line["row"])


def _invitee(line: Mapping[str, Any], units: NameDirectory, roles: Mapping[str, str]) -> Invitee:
    wanted = str(line.get("unit", ""))
    unit = units.find(wanted) if wanted else None
    if wanted and not isinstance(unit, Unit):
        raise InvitationRefused(_("名册中没有“%(unit)s”这个单位") % {"unit": wanted})
    labels = [label.strip() for label in _SEPARATORS.split(str(line.get("roles", ""))) if label.strip()]
    unknown = next((label for label in labels if label not in roles), None)
    if unknown is not None:
        raise InvitationRefused(_("没有“%(role)s”这个角色") % {"role": unknown})
    return Invitee(
        name=str(line.get("name", "")),
        username=str(line.get("username", "")),
        email=str(line.get("email", "")),
        mobile=str(line.get("mobile", "")),
        unit=unit if isinstance(unit, Unit) else None,
        roles=[roles[label] for label in labels],
    )


def _roles_by_label() -> dict[str, str]:
    """Roles by what the product calls them, whatever language the page is read in."""
    with in_kept_language():
        return {str(role.label): role.value for role in Role}
