"""Quantities: tables of cases from the wild, near misses, known failures; and what holds for any text."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.extract.quantity import scan
from taizhang.fold import fold
from taizhang.lexicon import reasons

FOLDER = Path(__file__).parents[1] / "cases/quantity"
SHARED = Path(__file__).parents[2].parent / "shared"
TEXTS = st.text(
    st.one_of(
        st.sampled_from("0123456789.,%‰:：、，。；—~至到\n“”（）()[]第前近超约以上下内左右多余几分之成倍翻番两半大级"),
        st.sampled_from("〇零一二三四五六七八九十百千万亿元个人家吨亩公里平方米年月日届次位名户岁天小时个百分点/×"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))["case"]
    return found


def label(case: dict[str, Any]) -> str:
    text: str = case["text"]
    return text[:14]


def read(text: str) -> list[list[str]]:
    quantities, _ = scan(fold(text))
    return [
        [f"{q.value:f}", *([] if q.value_max is None else [f"{q.value_max:f}"]), q.unit, q.comparator]
        for q in quantities
    ]


@pytest.mark.parametrize("case", cases("in-the-wild.toml"), ids=label)
def test_states_what_the_table_says(case: dict[str, Any]) -> None:
    assert read(case["text"]) == case["quantities"]


@pytest.mark.parametrize("case", cases("negative.toml"), ids=label)
def test_states_nothing_and_says_why(case: dict[str, Any]) -> None:
    folded = fold(case["text"])
    quantities, claims = scan(folded)
    assert [folded.quote(q.start, q.end) for q in quantities] == []
    found = [[folded.text[claim.start : claim.end], claim.reason] for claim in claims]
    for expected in case["claims"]:
        assert expected in found


@pytest.mark.xfail(strict=True)
@pytest.mark.parametrize("case", cases("known-failures.toml"), ids=label)
def test_known_failures(case: dict[str, Any]) -> None:
    assert read(case["text"]) == case["quantities"]


def test_lists_are_numbered() -> None:
    quantities, _ = scan(fold("结构为5:40:55，分别增长5%和6%"))
    assert [(q.group, q.position) for q in quantities] == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]


def test_the_span_takes_the_words_glued_to_it() -> None:
    folded = fold("建成近百座，引进15家以上")
    quantities, _ = scan(folded)
    assert [folded.quote(q.start, q.end) for q in quantities] == ["近百座", "15家以上"]
    assert [folded.quote(q.number_start, q.number_end) for q in quantities] == ["百", "15"]


@settings(deadline=None, max_examples=400)
@given(TEXTS)
def test_holds_for_any_text(text: str) -> None:
    folded = fold(text)
    quantities, claims = scan(folded)
    known = reasons()
    for items in (quantities, claims):
        last = 0
        for item in items:
            assert last <= item.start < item.end <= len(folded.text)
            last = item.end
    for claim in claims:
        assert claim.reason in known
        assert not any(q.start < claim.end and claim.start < q.end for q in quantities)
    for quantity in quantities:
        assert quantity.start <= quantity.number_start < quantity.number_end <= quantity.end
        assert quantity.unit
        assert quantity.value >= 0 or quantity.rule == "written-minus"
        assert quantity.rule


@pytest.mark.parametrize(
    "letter",
    [
        "1",
        "一",
        "万",
        "第",
        "“",
        "（",
        "[",
        "、",
        "1.",
        "1，",
        "一、",
        "1—",
        "a1",
        "十\n万",
        "<",
        "每万",
        "1亿",
        "一、二三四",
        "十几",
        "1/2",
        "翻了",
    ],
)
def test_a_long_line_of_anything_costs_its_length(letter: str) -> None:
    short, long = (fold(letter * (size // len(letter))) for size in (50_000, 400_000))
    start = time.process_time()
    scan(short)
    middle = time.process_time()
    scan(long)
    assert time.process_time() - middle < 40 * (middle - start) + 0.5


@pytest.mark.skipif(not (SHARED / "real").is_dir(), reason="needs the shared reports")
def test_reads_the_labelled_reports() -> None:
    """The share of labelled quantities found in the given reports, signs aside, must not fall."""
    import json

    found = wanted = 0
    for gold in sorted((SHARED / "real").glob("*.gold.jsonl")):
        text = gold.with_name(gold.name.replace(".gold.jsonl", ".txt")).read_bytes().decode("utf-8")
        folded = fold(text)
        spans = [(folded.span(q.start, q.end), abs(q.value), q.unit) for q in scan(folded)[0]]
        for line in gold.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["kind"] == "context":
                continue
            wanted += 1
            found += any(
                span.start < row["end"] and row["start"] < span.end and row["unit"] == unit for span, _, unit in spans
            )
    assert found / wanted > 0.985
