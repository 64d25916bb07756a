"""评审 - score sheets, assessors, declarations of conflicts, blind panels and what they come to, for every selection above."""
