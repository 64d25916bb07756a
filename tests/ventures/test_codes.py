"""Numbers are checked digit by digit, whoever typed them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import uscc

from chuangju.ventures.codes import (
    CodeRefused,
    birth_date_of,
    kind_of_code,
    likely_id_kind,
    normal_credit_code,
    normal_id_number,
)
from chuangju.ventures.models import Party
from tests.ventures import numbers

RESIDENT, PERMIT = Party.IdKind.RESIDENT, Party.IdKind.HMT_PERMIT
PERMANENT, PASSPORT = Party.IdKind.FOREIGN_PERMANENT, Party.IdKind.PASSPORT
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    body = draw(st.sampled_from(["91", "92", "93", "51", "52", "12", "N2"])) + draw(
        st.from_regex(r"\d{6}", fullmatch=True)
    )
    body = "".join(str(int(sign)) if sign.isdigit() else sign for sign in body)
    body += draw(st.text(SIGNS, min_size=9, max_size=9))
    return body + str(uscc.calc_check_digit(body))


@given(credit_codes())
def test_every_code_with_its_check_digit_is_taken_and_stays_the_same(code: str) -> None:
    assert normal_credit_code(code) == code
    assert normal_credit_code(f" {code[:8].lower()}-{code[8:]}\u3000") == code


@given(credit_codes(), st.integers(0, 17), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_always_noticed(code: str, place: int, sign: str) -> None:
    assume(code[place] != sign)
    with pytest.raises(CodeRefused):
        normal_credit_code(code[:place] + sign + code[place + 1 :])


@given(st.text(max_size=30))
def test_no_text_whatever_is_more_than_refused(text: str) -> None:
    for check in (normal_credit_code, lambda each: normal_id_number(each, RESIDENT)):
        with suppress(CodeRefused):
            assert len(check(text)) == 18


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("9131011200000000", "16 位"),
        ("91310112000000001I", "不用 I、O、S、V、Z"),
        ("91AB0112000000001A", "第 3 至 8 位"),
        (numbers.credit_code(1)[:-1] + ("0" if numbers.credit_code(1)[-1] != "0" else "1"), "校验位"),
    ],
)
def test_the_sentence_says_what_is_wrong_with_a_code(code: str, sentence: str) -> None:
    with pytest.raises(CodeRefused, match=sentence):
        normal_credit_code(code)


@given(st.integers(0, 999), st.dates(date(1900, 1, 1), date(2026, 6, 1)), st.sampled_from(["310112", "110101"]))
def test_every_id_number_with_its_check_digit_is_taken(place: int, born: date, region: str) -> None:
    number = numbers.id_number(place, region=region, born=f"{born:%Y%m%d}")
    assert normal_id_number(number.lower(), RESIDENT) == number
    assert birth_date_of(number) == born


@given(st.integers(0, 999), st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_wrong_digit_of_an_id_number_is_always_noticed(place: int, at: int, digit: str) -> None:
    number = numbers.id_number(place)
    assume(number[at] != digit)
    with pytest.raises(CodeRefused):
        normal_id_number(number[:at] + digit + number[at + 1 :], RESIDENT)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (numbers.id_number(1), RESIDENT),
        (numbers.id_number(1, region="810000"), PERMIT),
        (numbers.id_number(2, region="820000"), PERMIT),
        (numbers.id_number(3, region="830000"), PERMIT),
        (numbers.id_number(4, region="931840"), PERMANENT),
        ("USA310012345678", PERMANENT),
        ("E12345678", PASSPORT),
    ],
)
def test_each_kind_of_document_is_known_by_its_number(number: str, kind: str) -> None:
    assert likely_id_kind(number) == kind
    assert normal_id_number(number, kind) == number


@pytest.mark.parametrize(
    ("number", "kind", "sentence"),
    [
        (numbers.id_number(1)[:-1], RESIDENT, "17 位"),
        ("A" * 18, RESIDENT, "前 17 位应为数字"),
        (numbers.id_number(1, born="19900230"), RESIDENT, "出生日期"),
        (numbers.id_number(1, born="18991231"), RESIDENT, "出生日期"),
        (numbers.id_number(1), PERMIT, "证件类型不符"),
        (numbers.id_number(1, region="810000"), RESIDENT, "证件类型不符"),
        ("E1-?", PASSPORT, "护照号码"),
    ],
)
def test_the_sentence_says_what_is_wrong_with_an_id_number(number: str, kind: str, sentence: str) -> None:
    with pytest.raises(CodeRefused, match=sentence) as refused:
        normal_id_number(number, kind)
    assert number not in refused.value.sentence


def test_a_code_tells_its_kind_where_it_can() -> None:
    assert kind_of_code(numbers.credit_code(1)) == Party.Kind.FIRM
    assert kind_of_code(numbers.credit_code(1, kind="92")) == Party.Kind.INDIVIDUAL_BUSINESS
    assert kind_of_code(numbers.credit_code(1, kind="12")) == ""
    assert birth_date_of("E12345678") is None
    assert birth_date_of(numbers.id_number(1, born="19901399")) is None
