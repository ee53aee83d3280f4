"""Folding: what rules see, and the way back to the source."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.fold import fold

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "cases/fold/folds.toml").read_text(encoding="utf-8")
)["case"]
TEXTS = st.text(
    st.one_of(
        st.sampled_from("0123456789０１２.．, ，%％ \n\r\t　第三十百万亿元个增長億<b>/&;\\rn·—-()（）*#"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:12])
def test_folds_as_listed(case: dict[str, Any]) -> None:
    assert fold(case["text"]).text == case["folded"]


@settings(deadline=None, max_examples=300)
@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once.text).text == once.text


@settings(deadline=None, max_examples=300)
@given(TEXTS)
def test_the_way_back_holds(text: str) -> None:
    folded = fold(text)
    back = list(folded.back)
    assert len(back) == len(folded.text) + 1 == len(folded.plain) + 1
    assert back == sorted(back)
    assert back[-1] <= len(text)
    for at, own in enumerate(folded.plain):
        assert text[back[at]] == own


@settings(deadline=None)
@given(TEXTS, st.data())
def test_a_folded_stretch_leads_to_its_source(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    span = folded.span(start, end)
    assert 0 <= span.start < span.end <= len(text)
    assert folded.at(span.start) <= start
