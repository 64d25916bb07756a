"""How texts and queries are cut: pairs of Chinese characters, words, signs evened out, and names read as pinyin."""

from __future__ import annotations

import re

import pytest

from chuangju.kernel.search_tokens import (
    char_token,
    even_out,
    key_of,
    name_tokens,
    pinyin_key,
    readings_of,
    runs_of,
    syllables_of,
    text_tokens,
    word_token,
)


def cut(text: str) -> list[str]:
    return [run.text for run in runs_of(text)]


def test_chinese_becomes_pairs_and_its_last_character() -> None:
    assert text_tokens("创业补贴") == [char_token(part) for part in ("创业", "业补", "补贴", "贴")]


def test_one_character_is_the_beginning_of_every_pair_that_begins_with_it() -> None:
    assert all(token.startswith(char_token("创")) for token in (char_token("创业"), char_token("创")))
    assert not char_token("业创").startswith(char_token("创"))


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("「２１条新政」", ["21", "条新政"]),
        ("闵创办〔２０２６〕3号", ["闵创办", "2026", "3", "号"]),
        ("闵创办[2026]3号", ["闵创办", "2026", "3", "号"]),
        ("20,000元", ["20000", "元"]),
        ("20，000元", ["20000", "元"]),
        ("２０，０００ 元", ["20000", "元"]),
        ("2026年3月1日", ["2026", "年", "3", "月", "1", "日"]),
        ("ＯＰＣ社区", ["opc", "社区"]),
        ("91310112MA1GB1234X", ["91310112ma1gb1234x"]),
        ("a_b-c", ["a", "b", "c"]),
        ("Café 創業", ["café", "創業"]),
        ("𠮷野家", ["𠮷野家"]),
        ("！？。、 \t", []),
        ("", []),
    ],
)
def test_width_signs_and_scripts_divide_a_text_alike(typed: str, plain: list[str]) -> None:
    assert cut(typed) == plain


def test_a_title_is_compared_without_its_signs() -> None:
    assert key_of("「21条新政」 配套细则") == key_of("【２１条新政】配套细则") == "21条新政配套细则"
    assert even_out("ＡＢＣ") == "abc"


def test_every_token_is_one_word_for_both_databases() -> None:
    for token in text_tokens("创业 A1 é Ж 𠮷 3.14 x_y") + name_tokens(["闵行OPC"]):
        assert re.fullmatch(r"[hwi][0-9a-z]*", token), token


def test_a_long_text_is_indexed_up_to_a_limit() -> None:
    assert len(text_tokens("创" * 20_000)) == 6_000
    assert len(word_token("x" * 500)) == 41


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("闵行", ("min", "hang")),
        ("闵行区莘庄镇", ("min", "hang", "qu", "xin", "zhuang", "zhen")),
        ("区人社局", ("qu", "ren", "she", "ju")),
        ("绿色OPC", ("lv", "se", "o", "p", "c")),
        ("重庆银行", ("chong", "qing", "yin", "hang")),
    ],
)
def test_names_are_read_as_people_here_say_them(name: str, read: tuple[str, ...]) -> None:
    assert syllables_of(name) == read


def test_initials_begin_at_every_character_of_a_name() -> None:
    assert name_tokens(["区人社局", "人社局"]) == ["iqrsj", "irsj", "isj", "ij"]
    assert pinyin_key(["人社局", "闵行"]) == "|ren she ju|min hang|"
    assert pinyin_key([]) == "" == pinyin_key(["…"])


def is_read(typed: str, name: str) -> bool:
    key = pinyin_key([name])
    initials = name_tokens([name])
    return any(
        re.search(f"[| ]{reading.pattern}", key) and any(token.startswith(f"i{reading.initials}") for token in initials)
        for reading in readings_of(typed)
    )


@pytest.mark.parametrize("typed", ["rensheju", "rsj", "renshj", "rensj", "rsju", "renshe", "r", "she", "sheju", "rshj"])
def test_a_name_is_found_by_pinyin_full_begun_or_by_initials(typed: str) -> None:
    assert is_read(typed, "区人社局")


@pytest.mark.parametrize("typed", ["rengshu", "rj", "sjr", "minhang", "enshe"])
def test_what_is_not_how_it_is_read_does_not_find_it(typed: str) -> None:
    assert not is_read(typed, "区人社局")


@pytest.mark.parametrize("typed", ["人社", "91310112", "", "it's", "a1"])
def test_only_letters_are_read_as_pinyin(typed: str) -> None:
    assert readings_of(typed) == []


def test_a_long_row_of_letters_is_not_cut_in_every_way() -> None:
    assert len(readings_of("xianshianxianshianxianshian")) <= 24
    assert len(readings_of("a" * 80)) <= 24
