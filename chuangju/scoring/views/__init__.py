"""The pages of scoring: of whoever runs panels, of assessors, of sheets."""
