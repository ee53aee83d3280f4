"""Coverage: every number of a document is a statement or has a named reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.extract.coverage import NUMBERS, cover
from taizhang.extract.quantity import scan
from taizhang.fold import Folded, fold
from taizhang.lexicon import reasons
from taizhang.model import Block, Frame, Heading, Quantity, Span

SHARED = Path(__file__).parents[2].parent / "shared"
CORPUS = [path for folder in ("texts", "partial", "excerpts") for path in (SHARED / "corpus" / folder).rglob("*.txt")]


def frame(*blocks: Block, headings: tuple[Heading, ...] = ()) -> Frame:
    return Frame(None, None, None, None, None, None, (), (), (), headings, blocks, (), ())


def holes(folded: Folded, page: Frame, quantities: list[Quantity]) -> list[str]:
    """Numbers of the text that neither a quantity nor a claim holds."""
    claims = cover(folded, page, quantities, scan(folded)[1])
    known = reasons()
    held = bytearray(len(folded.text))
    for start, end in [(q.start, q.end) for q in quantities] + [(c.start, c.end) for c in claims]:
        held[start:end] = b"\1" * (end - start)
    assert all(claim.reason in known and claim.rule for claim in claims)
    assert [claim.start for claim in claims] == sorted(claim.start for claim in claims)
    return [match[0] for match in NUMBERS.finditer(folded.text) if not all(held[match.start() : match.end()])]


@pytest.mark.skipif(not CORPUS, reason="needs the shared corpus")
def test_nothing_is_left_over_in_the_corpus() -> None:
    for path in CORPUS:
        folded = fold(path.read_bytes().decode("utf-8"))
        assert holes(folded, frame(), scan(folded)[0]) == [], path.name


@settings(deadline=None, max_examples=300)
@given(
    st.text(
        st.one_of(st.sampled_from("0123456789.,，。%个元第年一二十百万亿两半零〇大成分之：、\n"), st.characters()),
        max_size=50,
    )
)
def test_nothing_is_left_over_in_any_text(text: str) -> None:
    folded = fold(text.encode("utf-8", "ignore").decode("utf-8"))
    assert holes(folded, frame(), scan(folded)[0]) == []


def test_quantities_that_became_no_statement_are_named() -> None:
    folded = fold("建成水厂3座，铺管12公里。")
    assert holes(folded, frame(), []) == []


def test_the_part_of_a_block_names_its_numbers() -> None:
    text = "阅读1205\n解释3.5"
    folded = fold(text)
    page = frame(Block(0, 7, "furniture", None, None, "test"), Block(7, len(text), "other", None, None, "test"))
    claims = cover(folded, page, [], [])
    assert [(folded.text[c.start : c.end], c.reason) for c in claims] == [
        ("1205", "page-furniture"),
        ("3.5", "glossary"),
    ]


def test_a_heading_names_its_number() -> None:
    text = "七 工业\n正文"
    page = frame(
        Block(0, len(text), "review", None, None, "test"),
        headings=(Heading(Span(0, 4), 1, "七", "工业", "review", None),),
    )
    folded = fold(text)
    assert [claim.reason for claim in cover(folded, page, [], [])] == ["heading-number"]
