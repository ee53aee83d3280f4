"""What a written number may stand for, and that arithmetic on it loses nothing true."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.checks.intervals import add, divide, exact, interval, meet, multiply, negate, step, subtract
from taizhang.model import Comparator, Interval, Measure, Span, Statement


def written(
    value: str, unit: str, *, decimals: int = 0, scale: int = 0, high: str | None = None,
    comparator: Comparator = "eq", measure: Measure = "level", text: str = "",
) -> Statement:  # fmt: skip
    return Statement(
        id="s", span=Span(0, 1), text=text or value + unit, indicator="某项", kind="actual", measure=measure,
        value=Decimal(value), value_max=None if high is None else Decimal(high), unit=unit, comparator=comparator,
        period="2030", place=None, decimals=decimals, scale=scale, sentence=0,
    )  # fmt: skip


CASES = [
    (written("5.2", "%", decimals=1), "5.15", "5.25"),
    (written("5", "%"), "4.5", "5.5"),
    (written("127000000", "吨", decimals=2, scale=8), "126500000", "127500000"),
    (written("206", "家"), "206", "206"),
    (written("23000", "户", decimals=1, scale=4), "22500", "23500"),
    (written("6", "位", measure="rank"), "6", "6"),
    (written("60", "%", text="六成"), "55", "65"),
    (written("3", "个", high="5"), "3", "5"),
    (written("5", "%", high="6"), "4.5", "6.5"),
    (written("15", "家", comparator="ge"), "15", None),
    (written("12", "%", comparator="le"), None, "12"),
    (written("-3", "%", comparator="ge", measure="growth"), None, "-3"),
    (written("100", "座", comparator="nearly"), "90", "100"),
    (written("100", "家", comparator="about"), "95", "105"),
    (written("2", "%", comparator="about"), "1.5", "2.5"),
]


@pytest.mark.parametrize(("statement", "low", "high"), CASES, ids=[case[0].text for case in CASES])
def test_a_number_stands_for_what_its_digits_leave_open(
    statement: Statement, low: str | None, high: str | None
) -> None:
    ends = [None if end is None else Decimal(end) for end in (low, high)]
    assert interval(statement) == Interval(*ends)


def test_a_number_may_have_been_cut_off() -> None:
    assert interval(written("18.3", "%", decimals=1), "cut") == Interval(Decimal("18.3"), Decimal("18.4"))
    assert interval(written("-18.3", "%", decimals=1), "cut") == Interval(Decimal("-18.4"), Decimal("-18.3"))
    assert step(written("18.3", "%", decimals=1)) == Decimal("0.1")


def test_two_parts_meet_a_total_that_their_digits_allow() -> None:
    parts = add(interval(written("17", "%")), interval(written("12", "%")))
    assert meet(parts, interval(written("30", "%"))) is not None
    assert meet(parts, interval(written("32", "%"))) is None
    one, short = written("72.97", "%", decimals=2), written("72.9", "%", decimals=1)
    assert meet(interval(one), interval(short)) is None
    assert meet(interval(one), interval(short, "cut")) is not None


_NUMBERS = st.decimals(min_value=-1000, max_value=1000, places=2)
_POINTS = st.tuples(_NUMBERS, _NUMBERS, _NUMBERS).map(sorted)


@given(_POINTS, _POINTS)
def test_arithmetic_holds_every_true_value(one: list[Decimal], other: list[Decimal]) -> None:
    (low, inside, high), (below, within, above) = one, other
    here, there = Interval(low, high), Interval(below, above)

    def holds(interval: Interval | None, value: Decimal) -> bool:
        assert interval is not None and interval.low is not None and interval.high is not None
        return interval.low <= value <= interval.high

    assert holds(add(here, there), inside + within)
    assert holds(subtract(here, there), inside - within)
    assert holds(multiply(here, there), inside * within)
    assert negate(negate(here)) == here
    quotient = divide(here, there)
    assert (quotient is None) == (below <= 0 <= above)
    if quotient is not None:
        assert quotient.low is not None and quotient.high is not None
        assert Fraction(quotient.low) <= Fraction(inside) / Fraction(within) <= Fraction(quotient.high)


@given(_POINTS)
def test_an_open_end_stays_open(points: list[Decimal]) -> None:
    here = Interval(points[0], points[2])
    assert add(here, Interval(None, Decimal(0))).low is None
    assert multiply(Interval(None, None), here) == Interval(None, None)
    assert meet(here, Interval(points[1], None)) == Interval(points[1], points[2])
    assert meet(exact(1), exact(2)) is None
