"""Every kind of value that a table may keep goes into a line of a backup and comes back as it was."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from chuangju.kernel.backup_rows import _plain, kept_models

KEY = UUID("12345678-1234-5678-1234-567812345678")
VALUES: dict[str, Any] = {
    "BooleanField": True,
    "CharField": "张三",
    "DateField": date(2026, 2, 28),
    "DateTimeField": datetime(2026, 2, 28, 23, 59, 59, 123456, tzinfo=UTC),
    "DecimalField": Decimal("0.10"),
    "DurationField": timedelta(days=1, seconds=2, microseconds=3),
    "BinaryField": b"\x00\xff",
    "GenericIPAddressField": "2001:db8::1",
    "JSONField": {"甲": [1, None, "乙"]},
    "SlugField": "kw",
    "TextField": "第一行\n第二行",
    "TimeField": time(22, 30, 0, 5),
    "UUIDField": KEY,
}
VALUES |= dict.fromkeys(
    ("AutoField", "BigAutoField", "BigIntegerField", "IntegerField", "PositiveBigIntegerField", "PositiveIntegerField",
     "PositiveSmallIntegerField", "SmallIntegerField"),
    32767,
)  # fmt: skip


def fields_by_kind() -> dict[str, Any]:
    """One column of each kind that the installation's tables have; a key of another table counts as what it points to."""
    found: dict[str, Any] = {}
    for model in kept_models().values():
        for field in model._meta.concrete_fields:
            plain: Any = field
            while plain.remote_field is not None:
                plain = plain.target_field
            found.setdefault(plain.get_internal_type(), plain)
    return found


@pytest.mark.parametrize(("kind", "field"), sorted(fields_by_kind().items()))
def test_a_value_of_every_kind_comes_back_as_it_was(kind: str, field: Any) -> None:
    value = VALUES[kind]
    line = json.loads(json.dumps([value], default=_plain, ensure_ascii=False))
    assert field.to_python(line[0]) == value


def test_what_nobody_thought_of_is_refused_and_not_guessed() -> None:
    with pytest.raises(TypeError, match="complex"):
        json.dumps([1j], default=_plain)
