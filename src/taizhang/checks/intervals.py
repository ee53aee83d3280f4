"""What a written number may stand for, and arithmetic on that.

A written 5.2% is 5.15 to 5.25, 15家以上 is 15 and up, 近百 is a little under 100. Sums, differences, products and
quotients of such intervals are intervals; two of them agree where they meet. All in `Decimal`; ends are closed, since a
number exactly on the border may have been rounded either way.

A figure may also have been cut off instead of rounded (18.37 printed as 18.3), which is no error of fact: a reading of
"cut" gives that interval, and `judge` in `facts.py` tells the case apart.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from typing import Literal

from taizhang.lexicon import COUNTING, units
from taizhang.model import Interval, Statement

Reading = Literal["rounded", "cut"]

_HALF = Decimal("0.5")
# How far 约 and 左右 reach, and 近 from below. Offices use them within a few per cent; a twentieth errs to silence.
_ABOUT = Decimal("0.05")
_NEARLY = Decimal("0.1")
# Wide enough that no value of a report is ever rounded by us, except in division.
_EXACT = Context(prec=60)


def step(statement: Statement) -> Decimal:
    """The precision written: 0.1 for 5.2%, 10⁶ for 1.27亿. Zero for things counted one by one, which are exact."""
    unit = units().get(statement.unit)
    counted = unit is not None and unit.dimension in COUNTING
    if statement.measure == "rank" or (counted and statement.scale == 0 and statement.decimals == 0):
        return Decimal(0)
    if statement.unit == "%" and statement.text.rstrip("以上下左右多").endswith("成"):
        return Decimal(10)
    return Decimal(1).scaleb(statement.scale - statement.decimals)


def exact(value: Decimal | int) -> Interval:
    """A number that is what it is: a count, or a factor."""
    return Interval(Decimal(value), Decimal(value))


def interval(statement: Statement, reading: Reading = "rounded") -> Interval:
    """All values that the statement may stand for, by its decimals, its multiplier, its comparator and its range."""
    width = step(statement)
    low, high = _written(statement.value, width, reading)
    if statement.value_max is not None:
        high = _written(statement.value_max, width, reading)[1]
        return Interval(low, high)
    value = statement.value
    size = abs(value)
    match statement.comparator:
        case "eq":
            return Interval(low, high)
        case "about":
            reach = max(size * _ABOUT, width * _HALF)
            return Interval(value - reach, value + reach)
        case "nearly":
            return _signed(value, -size * _NEARLY, Decimal(0))
        case "le":
            return _signed(value, None, Decimal(0))
        case "ge" | "over":
            return _signed(value, Decimal(0), None)


def _written(value: Decimal, width: Decimal, reading: Reading) -> tuple[Decimal, Decimal]:
    if reading == "rounded":
        return value - width * _HALF, value + width * _HALF
    return (value, value + width) if value >= 0 else (value - width, value)


def _signed(value: Decimal, below: Decimal | None, above: Decimal | None) -> Interval:
    """An interval around the amount as worded: 下降3%以上 is −3 and further down."""
    if value < 0:
        below, above = (None if above is None else -above), (None if below is None else -below)
    return Interval(None if below is None else value + below, None if above is None else value + above)


def negate(one: Interval) -> Interval:
    return Interval(None if one.high is None else -one.high, None if one.low is None else -one.low)


def add(one: Interval, other: Interval) -> Interval:
    """All sums; open where either is open."""
    with localcontext(_EXACT):
        return Interval(_both(one.low, other.low, Decimal.__add__), _both(one.high, other.high, Decimal.__add__))


def subtract(one: Interval, other: Interval) -> Interval:
    return add(one, negate(other))


def multiply(one: Interval, other: Interval) -> Interval:
    """All products. An open end makes the answer open on both sides, unless neither interval reaches below zero."""
    with localcontext(_EXACT):
        if one.low is not None and other.low is not None and one.low >= 0 and other.low >= 0:
            return Interval(one.low * other.low, _both(one.high, other.high, Decimal.__mul__))
        ends = (one.low, one.high, other.low, other.high)
        if any(end is None for end in ends):
            return Interval(None, None)
        products = [
            a * b for a in (one.low, one.high) for b in (other.low, other.high) if a is not None and b is not None
        ]
        return Interval(min(products), max(products))


def divide(one: Interval, other: Interval) -> Interval | None:
    """All quotients; null where the divisor may be zero. Ends are rounded outwards, so that nothing true is lost."""
    if other.low is None or other.high is None or other.low <= 0 <= other.high:
        return None
    if other.high < 0:
        one, other = negate(one), negate(other)
    assert other.low is not None and other.high is not None
    by = (other.low, other.high)
    with localcontext(_EXACT) as context:
        context.rounding = ROUND_FLOOR
        low = None if one.low is None else min(one.low / each for each in by)
        context.rounding = ROUND_CEILING
        high = None if one.high is None else max(one.high / each for each in by)
    return Interval(low, high)


def meet(one: Interval, other: Interval) -> Interval | None:
    """What both allow, or null."""
    lows = [end for end in (one.low, other.low) if end is not None]
    highs = [end for end in (one.high, other.high) if end is not None]
    low, high = (max(lows) if lows else None), (min(highs) if highs else None)
    if low is not None and high is not None and low > high:
        return None
    return Interval(low, high)


def _both(one: Decimal | None, other: Decimal | None, do: Callable[[Decimal, Decimal], Decimal]) -> Decimal | None:
    return None if one is None or other is None else do(one, other)
