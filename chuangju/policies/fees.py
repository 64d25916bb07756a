"""收费事项 - how each fee stands on a day: what the district has entered goes before the shipped list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.kernel.audit import record_event, snapshot
from chuangju.kernel.languages import reads_english
from chuangju.kernel.locks import take_locks
from chuangju.kernel.models import User
from chuangju.kernel.refusals import Refused, StaleForm
from chuangju.policies.access import can_keep_fees
from chuangju.policies.fee_list import FeeStanding, ShippedFee, latest_on, shipped_fees
from chuangju.policies.making import POLICY_ID
from chuangju.policies.models import Confidence, FeeEntry
from chuangju.ui.signs import Sign

_SHAPES = {
    FeeEntry.Standing.CHARGED: "flat",
    FeeEntry.Standing.EXEMPT: "good",
    FeeEntry.Standing.SUSPENDED: "done",
    FeeEntry.Standing.ABOLISHED: "done",
}
LONGEST_REASON = 300


class FeeRefused(Refused):
    """The entry cannot be made or taken back like this; the sentence says why."""


@dataclass(frozen=True)
class FeeFacts:
    """What somebody enters about a fee from a day on."""

    fee_id: str
    kind: str
    name: str
    standing: str
    starts_on: date
    ends_on: date | None = None
    name_en: str = ""
    for_whom: str = ""
    for_whom_en: str = ""
    issuer: str = ""
    document: str = ""
    document_number: str = ""
    url: str = ""
    confidence: str = Confidence.OFFICIAL
    source_note: str = ""


@dataclass(frozen=True)
class Fee:
    """A fee as it stands on a day, in the reader's language, with its citation."""

    id: str
    kind: FeeEntry.Kind
    name: str
    standing: FeeEntry.Standing
    starts_on: date
    for_whom: str
    issuer: str
    document: str
    document_number: str
    url: str
    confidence: Confidence
    source_note: str
    # The district's own entry where this comes from one, else 0.
    entry: int = 0
    name_zh: str = ""
    name_en: str = ""

    @property
    def sign(self) -> Sign:
        """仍收, 免征, 停征 or 已取消, with its shape."""
        return Sign(_SHAPES[self.standing], str(self.standing.label))

    @property
    def is_official(self) -> bool:
        """Whether the source is an official one; all else is shown as unverified."""
        return self.confidence == Confidence.OFFICIAL


def fees_on(day: date, entries: Iterable[FeeEntry], shipped: Iterable[ShippedFee] | None = None) -> list[Fee]:
    """Every fee that something is said of on the day, by class and in the order of the list; no query of its own."""
    own: dict[str, list[FeeEntry]] = defaultdict(list)
    for entry in entries:
        if entry.withdrawn_at is None:
            own[entry.fee_id].append(entry)
    found: list[Fee] = []
    for fee in shipped_fees() if shipped is None else shipped:
        entered = latest_on(own.pop(fee.id, []), day)
        standing = fee.standing_on(day)
        if entered is not None:
            found.append(_entered(entered))
        elif standing is not None:
            found.append(_shipped(fee, standing))
    added = (latest_on(rest, day) for rest in own.values())
    found += [_entered(entry) for entry in added if entry is not None]
    return sorted(found, key=lambda fee: FeeEntry.Kind.values.index(fee.kind))


def fees_by_kind(fees: Iterable[Fee]) -> list[tuple[FeeEntry.Kind, list[Fee]]]:
    """The fees under their classes; a class without any is left out."""
    groups: dict[FeeEntry.Kind, list[Fee]] = {kind: [] for kind in FeeEntry.Kind}
    for fee in fees:
        groups[fee.kind].append(fee)
    return [(kind, group) for kind, group in groups.items() if group]


@dataclass(frozen=True)
class FeeLine:
    """One thing said of a fee: how it stands from a day to a day, by the shipped list or by an entry of the district."""

    fee: Fee
    ends_on: date | None
    entry: FeeEntry | None = None


def fee_history(fee_id: str, entries: Iterable[FeeEntry]) -> list[FeeLine]:
    """Everything that was said of one fee, the newest first; entries that were taken back stay to be read."""
    lines = [FeeLine(_entered(entry), entry.ends_on, entry) for entry in entries if entry.fee_id == fee_id]
    for fee in shipped_fees():
        if fee.id == fee_id:
            lines += [FeeLine(_shipped(fee, standing), standing.ends_on) for standing in fee.entries]
    return sorted(lines, key=lambda line: line.fee.starts_on, reverse=True)


@transaction.atomic
def enter_fee(facts: FeeFacts, *, by: User, at: datetime) -> FeeEntry:
    """Say how a fee stands from a day on; raises FeeRefused."""
    _require_keeper(by, at)
    take_locks(f"policies.fee:{facts.fee_id}")
    if not POLICY_ID.match(facts.fee_id):
        raise FeeRefused(_("收费编号由小写字母、数字和下划线组成，以字母开头"))
    if not facts.name.strip():
        raise FeeRefused(_("请填写收费名称"))
    if facts.ends_on is not None and facts.ends_on < facts.starts_on:
        raise FeeRefused(_("结束日期不能早于起始日期"))
    if not facts.document.strip() and not facts.document_number.strip() and not facts.url:
        raise FeeRefused(_("请写明依据：文件名称、发文字号或官方地址"))
    live = FeeEntry.objects.filter(fee_id=facts.fee_id, withdrawn_at__isnull=True)
    if live.filter(starts_on=facts.starts_on).exists():
        raise FeeRefused(_("这项收费从这一天起已有登记，请先撤销原登记"))
    given = {key: value.strip() if isinstance(value, str) else value for key, value in vars(facts).items()}
    entry = FeeEntry.objects.create(**given, by=by, at=at)
    record_event("policies.fee_entered", entry, by=by, at=at, after=snapshot(entry))
    return entry


@transaction.atomic
def withdraw_fee(entry: FeeEntry, *, reason: str, by: User, at: datetime) -> FeeEntry:
    """Take an entry back, with the reason; what stood before counts again. Raises FeeRefused, StaleForm."""
    _require_keeper(by, at)
    fresh = FeeEntry.objects.select_for_update().get(pk=entry.pk)
    if fresh.withdrawn_at is not None:
        raise StaleForm(_("这条登记刚刚已被撤销"))
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not words:
        raise FeeRefused(_("请写明原因，它会记入历史"))
    before = snapshot(fresh)
    fresh.withdrawn_at, fresh.withdrawn_by, fresh.withdrawn_reason = at, by, words
    fresh.save()
    record_event("policies.fee_withdrawn", fresh, by=by, at=at, before=before, after=snapshot(fresh), reason=words)
    return fresh


def _require_keeper(by: User, at: datetime) -> None:
    if not can_keep_fees(by, on=timezone.localdate(at)):
        raise FeeRefused(_("只有创建办和政策主管可以登记收费"))


def _entered(entry: FeeEntry) -> Fee:
    for_whom = (entry.for_whom_en if reads_english() else "") or entry.for_whom
    return Fee(
        id=entry.fee_id,
        kind=FeeEntry.Kind(entry.kind),
        name=entry.shown_name,
        standing=FeeEntry.Standing(entry.standing),
        starts_on=entry.starts_on,
        for_whom=for_whom,
        issuer=entry.issuer,
        document=entry.document,
        document_number=entry.document_number,
        url=entry.url,
        confidence=Confidence(entry.confidence),
        source_note=entry.source_note,
        entry=entry.pk,
        name_zh=entry.name,
        name_en=entry.name_en,
    )


def _shipped(fee: ShippedFee, standing: FeeStanding) -> Fee:
    language, source = "en" if reads_english() else "zh", standing.source
    return Fee(
        id=fee.id,
        kind=FeeEntry.Kind(fee.kind),
        name=fee.name[language],
        standing=FeeEntry.Standing(standing.standing),
        starts_on=standing.starts_on,
        for_whom=standing.for_whom.get(language, ""),
        issuer=source.get("issuer", ""),
        document=source.get("document", ""),
        document_number=source.get("number", ""),
        url=source.get("url", ""),
        confidence=Confidence(source["confidence"]),
        source_note=(source.get("note") or {}).get(language, ""),
        name_zh=fee.name["zh"],
        name_en=fee.name.get("en", ""),
    )
