"""The keys of a policy file, part by part: what the reader takes and what the schema for editors offers."""

from __future__ import annotations

KEYS = {
    *("id", "version", "title", "summary", "row", "unit", "level", "subject", "audience", "benefit", "channel"),
    *("source", "effective", "rounding", "grandfathering", "parameters", "let", "conditions", "points", "claim_by"),
    *("amount", "amount_unit", "amount_note", "stacking", "excludes", "what_if", "form", "documents", "process"),
    *("pays", "leaves", "examples", "note"),
}
SOURCE_KEYS = {"issuer", "document", "number", "url", "confidence", "note", "article"}
# Of a figure that is written out, and of one of its bands.
FIGURE_KEYS = {"value", "bands", "law", "source", "confidence", "note"}
BAND_KEYS = {"upto", "value", "note"}
CONDITION_KEYS = {"id", "label", "when", "law", "mend", "actionable", "note", "source"}
POINTS_KEYS = {"items", "note"}
POINT_KEYS = {"id", "label", "value", "cap", "group", "law", "mend", "note"}
GRANDFATHERING_KEYS = {"when", "until", "law"}
STACKING_KEYS = {"excludes", "stacks_with", "tops_up", "order", "note"}
STEP_KEYS = {"label", "change", "note"}
EXAMPLE_KEYS = {"name", "label", "given", "on", "expect", "amount", "missing", "from", "failed", "note"}
