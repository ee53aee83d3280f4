"""The words that tell what became of a target, and the units that measure the same."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from taizhang import lexicon
from taizhang.checks.match import factor, when
from taizhang.errors import LexiconError
from taizhang.lexicon import outcomes as words
from taizhang.lexicon.entries import parse_entries


@pytest.mark.parametrize("name", list(words.stages()))
def test_a_stage_is_found_in_its_examples_only(name: str) -> None:
    stage = words.stages()[name]
    assert stage.examples and stage.rejects
    for text in stage.examples:
        assert list(words.said(text, name)), text
    for text in stage.rejects:
        assert not list(words.said(text, name)), text
    assert len(set(stage.words)) == len(stage.words)


@pytest.mark.parametrize("name", list(words.wordings()))
def test_words_around_a_name_are_taken_from_their_examples_only(name: str) -> None:
    entry = words.wordings()[name]
    assert entry.examples and entry.rejects
    for text, left in entry.examples.items():
        assert words.wording(name).sub("", text) == left, text
    for text in entry.rejects:
        assert words.wording(name).sub("", text) == text, text
    assert len(set(entry.words)) == len(entry.words)


def test_lists_of_words_around_a_name_stand_in_order() -> None:
    assert list(words.wordings()) == sorted(words.wordings())


def test_measures_stand_in_order_and_are_units() -> None:
    text = (Path(lexicon.__file__).parent / "data/outcomes.toml").read_text(encoding="utf-8")
    names = re.findall(r"^\[measure\.([a-z]+)\]$", text, re.M)
    assert names == sorted(names)
    for unit, (dimension, above, below) in words.worth().items():
        assert above > 0 and below > 0
        known = lexicon.units().get(unit)
        if known is not None:
            assert known.dimension == dimension, unit


CONVERTED = [
    ("吨", "斤", "2000"), ("亩", "公顷", None), ("公里", "米", "1000"), ("‰", "%", "0.1"), ("家", "个", "1"),
    ("场", "场次", "1"), ("平方公里", "亩", "1500"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "times"), CONVERTED)
def test_units_of_one_dimension_convert(one: str, other: str, times: str | None) -> None:
    found = factor(one, other)
    assert found is not None
    if times is not None:
        assert found == Decimal(times)


def test_units_of_two_dimensions_do_not() -> None:
    for one, other in (("元", "美元"), ("栋", "亩"), ("人", "人次"), ("户", "平方米"), ("家", "户")):
        assert factor(one, other) is None, (one, other)
    assert factor("家", "户", "规上工业企业") == 1


PERIODS = [
    ("2025", "year"), ("2025-01/2025-12", "year"), (None, "unsaid"), ("2021/2025", "sum"),
    ("2025-01/2025-06", "within"), ("2025-03", "within"), ("2024", None), ("2026", None), ("2021/2024", None),
]  # fmt: skip


@pytest.mark.parametrize(("period", "lies"), PERIODS)
def test_a_period_lies_somehow_to_the_year(period: str | None, lies: str | None) -> None:
    assert when(period, "2025") == lies


def test_a_bad_entry_is_named() -> None:
    with pytest.raises(LexiconError, match=r"outcomes\.toml.*finished.*wrds"):
        parse_entries(
            "outcomes.toml", {"stage": {"finished": {"wrds": [], "examples": [], "rejects": []}}}, "stage", words.Stage
        )
