"""政策 - the catalogue of policies as data, eligibility pages, matching and simulation (rows 4 to 9)."""
