"""What numbers are of, when and whether promised: tables of cases, one runner."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from taizhang.extract import context, make_statement
from taizhang.extract.ids import Ids
from taizhang.extract.quantity import scan
from taizhang.fold import fold
from taizhang.model import Article, Block, Document, Frame, Sentence, Source, Span, Statement

CASES = Path(__file__).parents[1] / "cases" / "statement"


def read_case(case: dict[str, Any]) -> list[Statement]:
    """The statements of a case's text, read under the section that the case names."""
    text = case["text"]
    part, mode, period = case.get("part", "review"), case.get("mode", "year"), case.get("period", "2024")
    document = Document("case", text, Source("0", "case", "text/plain"))
    folded = fold(text)
    sentences, start = [], 0
    for index, letter in enumerate(folded.text):
        if letter == "。" or index == len(folded.text) - 1:
            sentences.append(Sentence(folded.span(start, index + 1), start, index + 1, 0, (), None))
            start = index + 1
    last = period[-4:]
    frame = Frame(
        title=None,
        title_span=None,
        place="云山市",
        kind="work",
        year_reviewed=str(int(last) - 1) if part == "plan" else last,
        year_planned=last if part == "plan" else str(int(last) + 1),
        articles=(Article("report", None, None, (Span(0, len(text)),)),),
        holes=(),
        joins=(),
        headings=(),
        blocks=(Block(0, len(text), part, mode, period, "case"),),
        sentences=tuple(sentences),
        findings=(),
    )
    quantities, _ = scan(folded)
    readings = context.read_sentences(frame, folded, quantities)
    ids = Ids(document, frame)
    return [make_statement(document, frame, folded, reading, ids) for reading in readings]


def load(name: str) -> list[Any]:
    return [
        pytest.param(case, id=case["note"])
        for case in tomllib.loads((CASES / name).read_text(encoding="utf-8"))["case"]
    ]


def check(case: dict[str, Any]) -> None:
    statements = read_case(case)
    shown = [(s.text, s.indicator, s.measure, str(s.value), s.period) for s in statements]
    assert len(statements) == len(case["expect"]), shown
    for statement, wanted in zip(statements, case["expect"], strict=True):
        for field, value in wanted.items():
            found = getattr(statement, field)
            if field == "value":
                assert found == type(found)(value), shown
            else:
                assert found == value, shown


@pytest.mark.parametrize("case", load("in-the-wild.toml"))
def test_sentences_in_the_wild(case: dict[str, Any]) -> None:
    check(case)


@pytest.mark.parametrize("case", load("near-misses.toml"))
def test_near_misses(case: dict[str, Any]) -> None:
    check(case)


@pytest.mark.parametrize("case", load("known-failures.toml"))
@pytest.mark.xfail(strict=True, raises=AssertionError)
def test_known_failures(case: dict[str, Any]) -> None:
    check(case)


def test_every_field_says_why_it_has_its_value() -> None:
    (statement, *_) = read_case({"text": "全市生产总值完成1206.4亿元，比上年增长6.2%。"})
    fields = {evidence.field for evidence in statement.evidence}
    assert fields == {"indicator", "value", "unit", "comparator", "measure", "kind", "period", "place"}
    assert all(evidence.rule for evidence in statement.evidence)


def test_inherited_indicators_point_at_the_words_they_came_from() -> None:
    text = "招引项目58个，总投资742亿元。"
    second = read_case({"text": text})[1]
    evidence = next(e for e in second.evidence if e.field == "indicator")
    assert evidence.how == "inherited"
    assert "".join(text[span.start : span.end] for span in evidence.spans) == "招引项目总投资"
