"""Enough to recognise, too little to use."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangju.kernel.masking import mask_account, mask_all, mask_id_number, mask_middle, mask_mobile, mask_name


@pytest.mark.parametrize(
    ("masked", "shown"),
    [
        (mask_id_number("310112199001011234"), "310***********1234"),
        (mask_id_number("E12345678"), "E******78"),
        (mask_id_number("AB"), "**"),
        (mask_mobile("13812341234"), "138****1234"),
        (mask_mobile("021-64141234"), "********1234"),
        (mask_account("6222021001116245702"), "6222***********5702"),
        (mask_account("12345678"), "****5678"),
        (mask_name("张三"), "张*"),
        (mask_name("张小三"), "张**"),
        (mask_name("欧阳修"), "欧阳*"),
        (mask_name("欧阳"), "欧*"),
        (mask_name("王"), "王*"),
        (mask_name("John Smith"), "J*********"),
        (mask_name("J"), "*"),
        (mask_name(""), ""),
        (mask_all("anything"), "****"),
    ],
)
def test_masks_look_as_people_know_them(masked: str, shown: str) -> None:
    assert masked == shown


@given(st.text(max_size=40), st.integers(0, 6), st.integers(0, 6))
def test_a_mask_is_as_long_as_the_text_and_never_shows_all_of_it(text: str, front: int, end: int) -> None:
    masked = mask_middle(text, front=front, end=end)
    assert len(masked) == len(text)
    if text:
        assert "*" in masked
