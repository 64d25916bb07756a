"""活动 - sessions, seats, waitlists, attendance (rows 11, 16, 21)."""
