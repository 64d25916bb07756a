"""创业导师 - mentors, bookings and what was advised (row 16)."""
