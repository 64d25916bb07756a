"""Pages of parties, their relations, claims to act for them, and imports."""
