"""字段提示 - the sentence beside a field that has to be mended: it names the field and says what to do."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.forms import BooleanField, BoundField, ChoiceField, Field, FileField
from django.utils.translation import gettext as _


def _how_to_fill(bound: BoundField) -> str:
    """What to do about a field that was left empty."""
    label = {"label": bound.label}
    match bound.field:
        case FileField():
            return _("请选择文件：%(label)s。") % label
        case BooleanField():
            return _("请先勾选“%(label)s”。") % label
        case ChoiceField():
            return _("请选择“%(label)s”。") % label
        case _other:
            return _("请填写“%(label)s”。") % label


def _is_general(bound: BoundField, error: ValidationError) -> bool:
    """Whether the field was left empty and its form has no sentence of its own for that."""
    own = bound.field.error_messages.get("required")
    return error.code == "required" and own == Field.default_error_messages["required"]


def sentences_of(bound: BoundField) -> list[str]:
    """The errors of a field as sentences."""
    found: list[str] = []
    for error in bound.errors.as_data():
        found += [_how_to_fill(bound)] if _is_general(bound, error) else [str(each) for each in error.messages]
    return found
