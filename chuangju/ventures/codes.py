"""号码 - credit codes and ID numbers: evened out, checked digit by digit, and what they tell of their bearer."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from chuangju.kernel.refusals import Refused
from chuangju.ventures.models import Party

CODE_LENGTH = 18
_FILLING = re.compile(r"[\s\-\u2010-\u2015]+")
_CODE_SHAPE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}\Z")
_ID_SHAPE = re.compile(r"\d{17}[0-9X]\Z")
_MOSTLY_DIGITS = re.compile(r"\d{11,}X?\Z")
_OLD_PERMANENT = re.compile(r"[A-Z]{3}\d{12}\Z")
_PASSPORT = re.compile(r"[A-Z0-9]{5,20}\Z")
_EARLIEST_BIRTH = 1900
# The first digits of a residence permit: Hong Kong, Macao, Taiwan.
_HMT_REGIONS = ("810000", "820000", "830000")
_FOREIGN = "9"
# What the first two signs of a credit code say of its bearer; others may be of more than one kind.
_KIND_OF_CODE = {
    "91": Party.Kind.FIRM,
    "92": Party.Kind.INDIVIDUAL_BUSINESS,
    "93": Party.Kind.COOPERATIVE,
    "51": Party.Kind.SOCIAL_ORGANISATION,
    "52": Party.Kind.SOCIAL_ORGANISATION,
    "53": Party.Kind.SOCIAL_ORGANISATION,
}
WRONG_LENGTH = _("统一社会信用代码应为 18 位，这里是 %(count)s 位")
WRONG_SIGNS = _("统一社会信用代码只用数字和大写字母（不用 I、O、S、V、Z），第 3 至 8 位是数字")
WRONG_CHECK = _("统一社会信用代码的校验位不符，请逐位核对")
ID_WRONG_LENGTH = _("证件号码应为 18 位，这里是 %(count)s 位")
ID_WRONG_SIGNS = _("证件号码前 17 位应为数字，末位为数字或 X")
ID_WRONG_DAY = _("证件号码中的出生日期不存在")
ID_WRONG_CHECK = _("证件号码的校验位不符，请逐位核对")
ID_WRONG_KIND = _("证件号码与证件类型不符，请核对证件类型")
PASSPORT_WRONG = _("护照号码只用字母和数字，5 至 20 位")


class CodeRefused(Refused):
    """Not a code or number of this kind; the sentence says what is wrong with it, never the number itself."""


def even_out(text: str) -> str:
    """A number without blanks, dashes and differences of width or case."""
    return _FILLING.sub("", unicodedata.normalize("NFKC", text)).upper()


def normal_credit_code(text: str) -> str:
    """The credit code as it is kept, its check digit verified; raises CodeRefused."""
    code = even_out(text)
    if len(code) != CODE_LENGTH:
        raise CodeRefused(_said(WRONG_LENGTH, count=len(code)))
    if not _CODE_SHAPE.match(code):
        raise CodeRefused(WRONG_SIGNS)
    if code[-1] != uscc.calc_check_digit(code[:-1]):
        raise CodeRefused(WRONG_CHECK)
    return code


def kind_of_code(code: str) -> str:
    """What kind of party a credit code is given to; empty where the code alone does not tell."""
    return _KIND_OF_CODE.get(code[:2], "")


def normal_id_number(text: str, id_kind: str) -> str:
    """An ID number of this kind as it is kept; raises CodeRefused."""
    number = even_out(text)
    if id_kind == Party.IdKind.PASSPORT:
        if not _PASSPORT.match(number):
            raise CodeRefused(PASSPORT_WRONG)
        return number
    if id_kind == Party.IdKind.FOREIGN_PERMANENT and _OLD_PERMANENT.match(number):
        return number
    _check_citizen_number(number)
    if _id_kind_of(number) != id_kind:
        raise CodeRefused(ID_WRONG_KIND)
    return number


def likely_id_kind(text: str) -> str:
    """Which kind of document a number most likely stands on, by its shape."""
    number = even_out(text)
    if _OLD_PERMANENT.match(number):
        return Party.IdKind.FOREIGN_PERMANENT
    # A row of digits too long for any passport is a citizen's number with a slip in it.
    return _id_kind_of(number) if _MOSTLY_DIGITS.match(number) else Party.IdKind.PASSPORT


def birth_date_of(number: str) -> date | None:
    """The day of birth that a number of 18 signs tells; None for any other."""
    if not _ID_SHAPE.match(number):
        return None
    try:
        return ric.get_birth_date(number)
    except ValidationError:
        return None


def _check_citizen_number(number: str) -> None:
    """Length, signs, day of birth and check digit of a number of 18 signs (GB 11643), in this order."""
    if len(number) != CODE_LENGTH:
        raise CodeRefused(_said(ID_WRONG_LENGTH, count=len(number)))
    if not _ID_SHAPE.match(number):
        raise CodeRefused(ID_WRONG_SIGNS)
    born = birth_date_of(number)
    if born is None or born.year < _EARLIEST_BIRTH:
        raise CodeRefused(ID_WRONG_DAY)
    if number[-1] != ric.calc_check_digit(number):
        raise CodeRefused(ID_WRONG_CHECK)


def _id_kind_of(number: str) -> str:
    if number[:6] in _HMT_REGIONS:
        return Party.IdKind.HMT_PERMIT
    return Party.IdKind.FOREIGN_PERMANENT if number[0] == _FOREIGN else Party.IdKind.RESIDENT


def _said(sentence: str | Promise, **values: object) -> str:
    return str(sentence) % values
