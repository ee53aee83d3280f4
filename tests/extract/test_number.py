"""Written numbers: the table of cases, and round trips."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.extract.number import NUMBER, read_number

TABLE: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "cases/number/values.toml").read_text(encoding="utf-8")
)
CASES = [(form, word, expected) for form, words in TABLE.items() if form != "none" for word, expected in words.items()]
DIGITS = "零一二三四五六七八九"


def write_chinese(value: int) -> str:
    """A whole number below 10¹⁶ as one writes it out: 10305 → 一万零三百零五."""
    if value == 0:
        return "零"
    parts: list[str] = []
    for power, letter in ((12, "万亿"), (8, "亿"), (4, "万"), (0, "")):
        group = value // 10**power % 10_000
        if group:
            if parts and group < 1000:
                parts.append("零")
            parts.append(_below_ten_thousand(group) + letter)
    text = "".join(parts).replace("零零", "零")
    if text.count("万亿") and re.search("亿.*亿", text):
        text = text.replace("万亿", "万", 1)  # 三万亿五千亿 is written 三万五千亿
    return text


def _below_ten_thousand(value: int) -> str:
    text, gap = "", False
    for power, letter in ((3, "千"), (2, "百"), (1, "十"), (0, "")):
        digit = value // 10**power % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + letter
            gap = False
        else:
            gap = True
    return text


@pytest.mark.parametrize(("form", "word", "expected"), CASES, ids=lambda item: item if isinstance(item, str) else "")
def test_reads_as_listed(form: str, word: str, expected: list[Any]) -> None:
    number = read_number(word)
    assert number is not None
    assert [str(Decimal(expected[0])), *expected[1:]] == [
        str(Decimal(f"{number.value:f}")),
        number.decimals,
        number.scale,
        number.more,
    ]
    assert number.form == form


@pytest.mark.parametrize("word", TABLE["none"]["words"])
def test_reads_no_value_where_there_is_none(word: str) -> None:
    assert read_number(word) is None


@pytest.mark.parametrize(("form", "word", "expected"), CASES, ids=lambda item: item if isinstance(item, str) else "")
def test_the_pattern_takes_the_whole_number(form: str, word: str, expected: list[Any]) -> None:
    match = re.match(NUMBER, word + "个")
    assert match is not None
    assert match[0] == word


@given(st.integers(0, 10**16 - 1))
def test_chinese_numerals_round_trip(value: int) -> None:
    number = read_number(write_chinese(value))
    assert number is not None
    assert number.value == value


@given(st.decimals(0, 10**9, places=3), st.sampled_from(["", "万", "亿", "万亿", "百万"]))
def test_arabic_numbers_are_exact(value: Decimal, multiplier: str) -> None:
    number = read_number(f"{value}{multiplier}")
    power = {"": 0, "万": 4, "亿": 8, "万亿": 12, "百万": 6}[multiplier]
    assert number is not None
    assert number.value == value * 10**power
    assert number.decimals == 3


@given(st.text("0123456789.,〇零一二三四五六七八九十百千万亿两廿卅点·、多余几 a", max_size=30))
def test_never_raises(word: str) -> None:
    number = read_number(word)
    assert number is None or number.value >= 0
