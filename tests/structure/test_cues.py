"""Every cue finds its examples and none of its near misses."""

from __future__ import annotations

import re

import pytest

from taizhang.structure.cues import Cue, Years, cues, fill, moods, plan_name, plan_number, plan_years
from taizhang.structure.numbering import numbering, ordinal

_YEARS = Years(2025, 2026)


@pytest.mark.parametrize(
    ("table", "name", "cue"), [pytest.param(*entry, id=f"{entry[0]}.{entry[1]}") for entry in cues().entries()]
)
def test_examples_and_near_misses(table: str, name: str, cue: Cue) -> None:
    pattern = re.compile(fill(cue.pattern, _YEARS))
    find = pattern.match if table == "opener" else pattern.search
    assert cue.examples and cue.rejects
    assert [text for text in cue.examples if not find(text)] == []
    assert [text for text in cue.rejects if find(text)] == []


def test_five_year_plans_by_name_number_and_years() -> None:
    names = {5: "五五", 8: "八五", 10: "十五", 11: "十一五", 14: "十四五", 20: "二十五"}
    assert {number: plan_name(number) for number in names} == names
    assert [plan_years(number) for number in (1, 2, 3, 6, 14)] == [
        (1953, 1957),
        (1958, 1962),
        (1966, 1970),
        (1981, 1985),
        (2021, 2025),
    ]
    assert [plan_number(year) for year in (1953, 1962, 1964, 1985, 2021, 2026)] == [1, 2, 0, 6, 14, 15]


@pytest.mark.parametrize(
    ("line", "number", "rank"),
    [
        ("一、工作回顾", "一", 4),
        ("十二、结语", "十二", 4),
        ("（三）城乡建设", "（三）", 5),
        ("3.推进改革", "3", 6),
        ("（2）抓好落实", "（2）", 7),
        ("①启动建设", "①", 7),
        ("一是抓投资", "一是", 8),
        ("二要强服务", "二要", 8),
        ("第一，稳增长", "第一", 8),
        ("第三章　产业", "第三章", 2),
        ("第二节　工业", "第二节", 3),
        ("第一篇　总则", "第一篇", 1),
    ],
)
def test_numbers_of_headings(line: str, number: str, rank: int) -> None:
    found = numbering(line)
    assert found is not None
    assert (found.number, found.rank) == (number, rank)


@pytest.mark.parametrize(
    "line", ["3.5亿元", "一批项目", "第三季度", "（三）".strip("）"), "2030年", "十大工程", "一、二产业"[2:], ""]
)
def test_what_only_looks_like_a_number(line: str) -> None:
    assert numbering(line) is None


def test_ordinals() -> None:
    assert [ordinal(n) for n in ("一", "（十）", "十二", "二十", "二十三", "3", "（4）", "⑤", "甲")] == [
        1, 10, 12, 20, 23, 3, 4, 5, 0,
    ]  # fmt: skip


def test_mood_words_are_told_apart_from_longer_ones() -> None:
    finder, points = moods()

    def mood(text: str) -> int:
        return sum(points[word] for word, _, _ in finder.find_matches_as_indexes(text))

    assert mood("，要抓紧") > 0 > mood("同比增长5%")
    assert mood("，要求严格") == 0
    assert mood("了解") == 0
