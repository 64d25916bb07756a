"""Who is known at the city, and how the product is known to it."""

from __future__ import annotations

CLIENT_ID, CLIENT_SECRET = "chuangju", "a secret between two sites"
PASSWORD = "a password at the city"
# By their names at the city: name, mobile, and whether the city has verified it.
PEOPLE: dict[str, tuple[str, str, bool]] = {
    "lin": ("林小舟", "+86 13900000001", True),
    "officer": ("李文静", "13900000002", True),
    "unverified": ("赵未核", "13900000003", False),
}
