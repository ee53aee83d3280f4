"""How sure the reader is: bounds, order, sameness, and on labelled reports nine in ten right at 0.9."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.errors import LexiconError
from taizhang.extract import extract
from taizhang.extract.confidence import LEAST, MOST, SELDOM, confidences, parse, probability, traits, weights
from taizhang.extract.context import read_sentences
from taizhang.extract.quantity import scan
from taizhang.model import Statement
from taizhang.read import read
from taizhang.structure import frame_document

ROOT = Path(__file__).parent.parent.parent
SHARED = ROOT.parent / "shared"
BENCH = ROOT / "bench"
EXAMPLES = sorted([*(ROOT / "examples").glob("lanchuan-*.txt"), *(ROOT / "examples").glob("lanchuan-*.md")])

HEAD = "云溪市2031年国民经济和社会发展计划执行情况与2032年计划草案的报告\n\n一、2031年计划执行情况\n\n"


def statements(sentence: str) -> tuple[Statement, ...]:
    return extract(read((HEAD + sentence + "\n").encode())).statements


def of(sentence: str, text: str) -> float:
    (found,) = (one.confidence for one in statements(sentence) if one.text == text)
    return found


@pytest.mark.parametrize(
    ("plain", "hard"),
    [
        # an amount with its name before it, against one whose thing stands clauses away
        (
            ("一般公共预算收入86.5亿元，增长4.6%。", "86.5亿元"),
            ("服务企业更加主动，“一对一”走访“双百”企业，解难题、送政策，兑现140个、2300万元。", "2300万元"),
        ),
        # a growth right behind its level, against one that looks back for whatever the sentence was about
        (
            ("粮食总产量达到36万吨，增长2.1%。", "2.1%"),
            ("坚持稳中求进，统筹各项工作，办成了一批大事，增长2.1%。", "2.1%"),
        ),
        # a rate by name, against a second dimension amid a crowd of others
        (
            ("森林覆盖率达到41.5%。", "41.5%"),
            (
                "新建公园3个、改造小区12个2300户，建设“口袋”广场和一批停车场所5处，整治背街小巷27条9公里，惠及群众4万人。",
                "9公里",
            ),
        ),
    ],
)
def test_hard_forms_are_less_sure_than_plain_ones(plain: tuple[str, str], hard: tuple[str, str]) -> None:
    assert of(*hard) < of(*plain) - 0.02
    assert of(*plain) > 0.9


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_statement_has_one_within_bounds_and_always_the_same(path: Path) -> None:
    document = read(path)
    first, second = extract(document).statements, extract(document).statements
    assert [one.confidence for one in first] == [one.confidence for one in second]
    assert all(LEAST <= one.confidence <= MOST for one in first)
    assert len({one.confidence for one in first}) > 10, "it tells them apart"


@given(st.text(alphabet="市县生产总值增长达到共，。、；“”（）0123456789.%万亿元个户的和年\n", max_size=120))
@settings(max_examples=60, deadline=None)
def test_any_text_gets_confidences_within_bounds(text: str) -> None:
    frame, folded = frame_document(read(("今年，" + text).encode()))
    readings = read_sentences(frame, folded, scan(folded)[0])
    found = confidences(frame, folded, readings)
    assert len(found) == len(readings)
    assert all(LEAST <= one <= MOST for one in found)


def test_traits_exclude_each_other_within_a_group() -> None:
    frame, folded = frame_document(read(EXAMPLES[0]))
    for found in traits(frame, folded, read_sentences(frame, folded, scan(folded)[0])):
        assert len({group for group, _ in found}) == len(found)


def test_a_probability_stays_off_the_ends() -> None:
    assert probability(40.0) == MOST
    assert probability(-40.0) == LEAST
    assert probability(0.0) == 0.5


def test_the_weights_file_is_whole() -> None:
    known = weights()
    assert known.reports >= 20 and known.rows >= 2000
    assert 0.5 < known.right < 1
    values = [value for names in known.traits.values() for value in names.values()]
    assert values and all(math.isfinite(value) and abs(value) < 5 for value in values)
    frame, folded = frame_document(read(EXAMPLES[0]))
    groups = {group for group, _ in traits(frame, folded, read_sentences(frame, folded, scan(folded)[0]))[0]}
    assert known.traits.keys() == groups, "the traits have changed: run bench/calibrate.py"


def test_an_unknown_rule_counts_as_a_rare_one() -> None:
    known = weights()
    common, rare, new = (known.confidence((("indicator", rule),)) for rule in ("own-words", SELDOM, "no-such-rule"))
    assert rare == new < common
    assert known.confidence((("no-such-group", "x"),)) == known.confidence(())


@pytest.mark.parametrize(
    "text",
    [
        "reports = 1",
        "reports = 1\nrows = 1\nright = 0.9\ndecay = 1\nbase = 0\nextra = 1\n[traits]",
        "reports = 1\nrows = 1\nright = 0.9\ndecay = 1\nbase = 0\n[traits.unit]\nmoney = 'much'",
        "reports = [",
    ],
)
def test_a_spoilt_weights_file_is_named(text: str) -> None:
    with pytest.raises(LexiconError, match=r"confidence\.toml"):
        parse(text)


@pytest.mark.skipif(not (SHARED / "real").is_dir(), reason="the labelled reports are not here")
def test_of_those_at_nine_tenths_nine_in_ten_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """On reports whose labels the weights at hand have not seen: a fifth of the reports is left out at a time."""
    monkeypatch.syspath_prepend(str(BENCH))
    import calibrate
    import material

    module = material.scorer("score", SHARED)
    cases = [
        case
        for text in material.labelled(SHARED)
        for case in calibrate.cases_of(module, calibrate.Labels(text.name, text.text, text.gold))
    ]
    reports = sorted({case.report for case in cases})
    guesses: list[tuple[float, bool]] = []
    for turn in range(5):
        left_out = set(reports[turn::5])
        learned = calibrate.fit([case for case in cases if case.report not in left_out], calibrate.DECAY)
        guesses += calibrate.judged(learned, [case for case in cases if case.report in left_out])
    near = [right for said, right in guesses if 0.87 <= said <= 0.93]
    assert abs(sum(near) / len(near) - 0.9) < 0.04
    doubtful = [right for said, right in guesses if said < 0.7]
    sure = [right for said, right in guesses if said >= 0.95]
    assert sum(doubtful) / len(doubtful) < 0.7 < 0.95 < sum(sure) / len(sure)
    assert calibrate.area(guesses) > 0.78


def test_area_counts_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))
    import calibrate

    assert calibrate.area([(0.1, False), (0.9, True)]) == 1.0
    assert calibrate.area([(0.9, False), (0.1, True)]) == 0.0
    assert calibrate.area([(0.5, False), (0.5, True)]) == 0.5
    assert parse(calibrate.written(weights())) == weights()
