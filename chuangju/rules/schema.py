"""JSON Schema of the policy file for editors: keys, words to choose from and facts, made from what the reader itself knows.

`policy_schema(dictionary)` gives the schema (draft 2020-12) as an object; `chuangju policies --schema` prints it. What a
schema cannot say (an expression's kinds, bounds and reach) is left to the reader, `parse_policy`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from chuangju.rules.facts import CodeTree, Dictionary, Fact
from chuangju.rules.kinds import Kind
from chuangju.rules.parser_calls import FUNCTIONS
from chuangju.rules.parser_loops import AGGREGATES
from chuangju.rules.policy import CONFIDENCES
from chuangju.rules.policy_file import BENEFITS, CHANNELS, LEVELS, SUBJECTS
from chuangju.rules.policy_keys import (
    BAND_KEYS,
    CONDITION_KEYS,
    EXAMPLE_KEYS,
    FIGURE_KEYS,
    GRANDFATHERING_KEYS,
    KEYS,
    POINT_KEYS,
    POINTS_KEYS,
    SOURCE_KEYS,
    STACKING_KEYS,
    STEP_KEYS,
)
from chuangju.rules.policy_sections import MOST_CONDITIONS, MOST_POINTS
from chuangju.rules.program import VERDICTS
from chuangju.rules.schema_words import DESCRIPTIONS
from chuangju.rules.tree import Rounding

Schema = dict[str, Any]
_NAME = "^[a-z][a-z0-9_]*$"
_DAY = r"^\d{4}-\d{2}-\d{2}$"
_TEXT: Schema = {"type": ["string", "null"]}
_NAMES: Schema = {"anyOf": [{"type": ["string", "null"]}, {"type": "array", "items": {"type": "string"}}]}
_FREE: Schema = {}


def policy_schema(dictionary: Dictionary) -> Schema:
    """The schema of a policy file that speaks of these facts; raises nothing."""
    properties = {key: _described(key, _SHAPES.get(key, _TEXT)) for key in sorted(KEYS)}
    properties["form"] = _described("form", _form(dictionary))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "政策文件 Policy file",
        **_object(properties, ("id", "title", "source", "effective", "conditions")),
        "$defs": {
            "words": _words(),
            "expression": _described("expression", {"type": ["string", "boolean", "integer"]}) | _functions(),
            "day": {"type": "string", "pattern": _DAY},
            "figure": _figure(),
            "given": _object({key: _fact(fact) for key, fact in dictionary.facts.items()})
            | {"type": ["object", "null"]},
            "change": _object({key: _change(fact) for key, fact in dictionary.facts.items()}),
        },
    }


def _described(key: str, shape: Schema) -> Schema:
    words = DESCRIPTIONS.get(key)
    return shape if words is None else {"description": f"{words.zh}\n{words.en}", **shape}


def _object(properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    """A mapping with these keys and no others."""
    found: Schema = {"type": "object", "additionalProperties": False, "properties": dict(properties)}
    return found | {"required": list(required)} if required else found


def _keyed(keys: Iterable[str], shapes: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    """A mapping with the reader's keys of one part; what has no shape here is a text."""
    return _object({key: _described(key, shapes.get(key, _TEXT)) for key in sorted(keys)}, required)


def _list(items: Schema, most: int | None = None) -> Schema:
    found: Schema = {"type": ["array", "null"], "items": items}
    return found if most is None else found | {"maxItems": most}


def _choice(names: Iterable[str]) -> Schema:
    return {"enum": list(names)}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _words() -> Schema:
    both = {"type": "object", "properties": {"zh": {"type": "string"}, "en": {"type": "string"}}, "required": ["zh"]}
    return {"anyOf": [{"type": ["string", "null"]}, both]}


def _functions() -> Schema:
    return {"$comment": f"functions: {', '.join(sorted({*FUNCTIONS, *AGGREGATES, 'latest', 'last_months'}))}"}


def _figure() -> Schema:
    """One value of a parameter: plain, or written out with its clause, or in bands."""
    plain: Schema = {"type": ["string", "integer", "boolean"]}
    shapes = {"value": plain, "confidence": _choice(CONFIDENCES), "note": _FREE}
    bands = _list(
        _keyed(BAND_KEYS, {"upto": {"type": ["integer", "string"]}, "value": plain, "note": _FREE}, ("value",))
    )
    return {"anyOf": [plain, _keyed(FIGURE_KEYS, shapes | {"bands": bands})]}


def _fact(fact: Fact) -> Schema:
    """What may be given for a fact, unknown included."""
    match fact.kind:
        case Kind.BOOL:
            shape: Schema = {"type": ["boolean", "string", "null"]}
        case Kind.INT | Kind.MONEY | Kind.RATE:
            shape = {"type": ["integer", "string", "null"]}
        case Kind.DATE:
            shape = {"anyOf": [{"type": "null"}, {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}"}]}
        case Kind.RECORDS:
            shape = _list(_object({key: _fact(field) for key, field in fact.fields.items()}), fact.max_items)
        case Kind.CODES:
            shape = _list(_code(fact), fact.max_items)
        case Kind.INTS:
            shape = _list({"type": ["integer", "string", "null"]}, fact.max_items)
        case _:
            shape = _code(fact)
    return {"description": f"{fact.name.zh}\n{fact.name.en}", **shape}


def _code(fact: Fact) -> Schema:
    """A code of the fact's list; of lists of several levels any text, for every class below is one too."""
    if fact.codes is None or isinstance(fact.codes.codes, CodeTree):
        return {"type": ["string", "integer", "null"]}
    return {"enum": [None, *fact.codes.codes]}


def _change(fact: Fact) -> Schema:
    """A new value, "+1" or "-1", or an element to add to a list."""
    plain = _fact(fact)
    if fact.kind not in {Kind.RECORDS, Kind.CODES, Kind.INTS}:
        return plain
    return {"anyOf": [plain, _object({"add": plain["items"]}, ("add",))]}


def _form(dictionary: Dictionary) -> Schema:
    """Facts asked for by their key; any other text stands for itself."""
    one: Schema = {"anyOf": [_choice(dictionary.facts), {"type": "string"}, {"type": "object"}]}
    return {"anyOf": [one, {"type": "null"}, {"type": "array", "items": one}]}


_NUMBER: Schema = {"type": ["integer", "string", "null"]}
_DESCRIBED = _list({"anyOf": [{"type": "string"}, {"type": "object"}]})
_POINTS = _list(
    _keyed(
        POINT_KEYS,
        {
            "label": _ref("words"),
            "value": _ref("expression"),
            "cap": _ref("expression"),
            "mend": _ref("words"),
            "note": _FREE,
        },
        ("id", "value", "law"),
    ),
    MOST_POINTS,
)
# What stands under a key of the file; a key that is not here holds a text.
_SHAPES: dict[str, Schema] = {
    "id": {"type": "string", "pattern": _NAME},
    "version": {"type": ["string", "integer", "null"]},
    "title": _ref("words"),
    "summary": _ref("words"),
    "amount_note": _ref("words"),
    "note": _FREE,
    "row": {"anyOf": [_NUMBER, {"type": "array", "items": {"type": ["integer", "string"]}}]},
    "level": _choice(LEVELS),
    "subject": _choice(SUBJECTS),
    "benefit": _choice(BENEFITS),
    "channel": _choice(CHANNELS),
    "audience": _NAMES,
    "rounding": _choice(get_args(Rounding)),
    "amount_unit": _choice(("money", "points", "months")),
    "effective": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}\s*(\.\.|—|至)"},
    "source": _keyed(SOURCE_KEYS, {"confidence": _choice(CONFIDENCES), "note": _ref("words")}, ("issuer", "document")),
    "grandfathering": _keyed(
        GRANDFATHERING_KEYS, {"when": _ref("expression"), "until": _ref("expression")}, ("when", "law")
    ),
    "parameters": {
        "type": ["object", "null"],
        "propertyNames": {"pattern": _NAME},
        "additionalProperties": {
            "type": "object",
            "propertyNames": {"pattern": _DAY},
            "additionalProperties": _ref("figure"),
            "minProperties": 1,
        },
    },
    "let": {
        "type": ["object", "null"],
        "propertyNames": {"pattern": _NAME},
        "additionalProperties": _ref("expression"),
    },
    "conditions": {
        "type": "array",
        "maxItems": MOST_CONDITIONS,
        "items": _keyed(
            CONDITION_KEYS,
            {
                "label": _ref("words"),
                "when": _ref("expression"),
                "mend": _ref("words"),
                "actionable": {"type": "boolean"},
                "note": _FREE,
                "source": _FREE,
            },
            ("id", "when", "law"),
        ),
    },
    "points": {"anyOf": [_POINTS, _keyed(POINTS_KEYS, {"items": _POINTS, "note": _FREE}, ("items",))]},
    "claim_by": _ref("expression"),
    "amount": _ref("expression"),
    "excludes": _NAMES,
    "stacking": _keyed(STACKING_KEYS, {"excludes": _NAMES, "stacks_with": _NAMES, "order": _NUMBER, "note": _FREE})
    | {"type": ["object", "null"]},
    "what_if": _list(_keyed(STEP_KEYS, {"label": _ref("words"), "change": _ref("change"), "note": _FREE}, ("change",))),
    "documents": {"anyOf": [_ref("words"), _list(_ref("words"))]},
    "process": _DESCRIBED,
    "leaves": _DESCRIBED,
    "pays": {"type": ["object", "string", "null"]},
    "examples": _list(
        _keyed(
            EXAMPLE_KEYS,
            {
                "name": _ref("words"),
                "label": _ref("words"),
                "given": _ref("given"),
                "on": _ref("day"),
                "from": _ref("day"),
                "expect": _choice(VERDICTS),
                "amount": _NUMBER,
                "missing": _NAMES,
                "failed": _NAMES,
                "note": _FREE,
            },
            ("on", "expect"),
        )
    ),
}
