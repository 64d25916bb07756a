"""内核 - user, audit chain, attachments, locks, idempotency, money, periods and working days: what every package stands on."""
