"""评审 - score sheets, assessors, conflict declarations, aggregation (built with the first selection that needs it)."""
