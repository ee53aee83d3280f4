"""A person's links and verdicts decide over what was worked out."""

from __future__ import annotations

from pathlib import Path

import pytest

from taizhang import extract, read
from taizhang.checks.decided import decided
from taizhang.checks.outcomes import outcomes
from taizhang.ledger import Decision
from taizhang.model import Outcome, Report

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def pair() -> tuple[Report, Report]:
    last, this = (extract(read(EXAMPLES / f"lanchuan-{year}-plan.txt")) for year in (2025, 2026))
    return last, this


def key(report: Report, indicator: str, measure: str, kind: str = "actual") -> str:
    found = next(s for s in report.statements if (s.indicator, s.measure, s.kind) == (indicator, measure, kind))
    return f"{report.document.id}-{found.id}"


def one(pair: tuple[Report, Report], indicator: str, *decisions: Decision) -> Outcome:
    found = decided(outcomes(*pair), decisions, pair)
    return next(item for item in found if item.target.indicator == indicator)


def test_without_decisions_nothing_changes(pair: tuple[Report, Report]) -> None:
    assert decided(outcomes(*pair), [], pair) == outcomes(*pair)


def test_a_verdict_of_a_person_stands(pair: tuple[Report, Report]) -> None:
    target = key(pair[0], "固定资产投资", "growth", "target")
    assert one(pair, "固定资产投资").verdict == "missed"
    item = one(pair, "固定资产投资", Decision(target, (), (), "met", (9,)))
    assert (item.verdict, item.rule) == ("met", "person:verdict")
    assert item.actuals == one(pair, "固定资产投资").actuals


def test_a_refused_answer_leaves_the_target_unreported(pair: tuple[Report, Report]) -> None:
    target, actual = key(pair[0], "固定资产投资", "growth", "target"), key(pair[1], "固定资产投资", "growth")
    item = one(pair, "固定资产投资", Decision(target, (), (actual,), None, (9,)))
    assert (item.verdict, item.actuals) == ("unreported", ())


def test_a_link_without_a_verdict_is_shown_and_left_unclear(pair: tuple[Report, Report]) -> None:
    target, actual = key(pair[0], "固定资产投资", "growth", "target"), key(pair[1], "生产总值", "level")
    item = one(pair, "固定资产投资", Decision(target, (actual,), (), None, (9,)))
    assert (item.verdict, [each.indicator for each in item.actuals]) == ("unclear", ["生产总值"])
    assert [side.statement for side in item.sides] == [target[17:], actual[17:]]


def test_a_link_to_a_report_that_is_not_at_hand_says_nothing(pair: tuple[Report, Report]) -> None:
    target = key(pair[0], "固定资产投资", "growth", "target")
    assert one(pair, "固定资产投资", Decision(target, ("0" * 16 + "-abc",), (), None, (9,))).verdict == "missed"
