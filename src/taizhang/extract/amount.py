"""Amounts written back for people, in the manner of a report: 1.27亿吨, 10—15个, 8%以上."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from taizhang.model import Comparator, Measure, Statement


class Figure(Protocol):
    """What a statement says as far as its figure goes."""

    @property
    def measure(self) -> Measure: ...
    @property
    def value(self) -> Decimal: ...
    @property
    def value_max(self) -> Decimal | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def comparator(self) -> Comparator: ...
    @property
    def scale(self) -> int: ...


_SCALES = {
    2: "百",
    3: "千",
    4: "万",
    5: "十万",
    6: "百万",
    7: "千万",
    8: "亿",
    9: "十亿",
    10: "百亿",
    11: "千亿",
    12: "万亿",
}
_SAID = {"eq": "{}", "ge": "{}以上", "le": "{}以内", "about": "{}左右", "nearly": "近{}", "over": "超过{}"}
_FIGURE = frozenset({"value", "unit", "comparator"})
"""Fields that a figure's own words say; the others stand elsewhere in the sentence."""


def plain_number(value: Decimal) -> str:
    """A value in full, without exponent or trailing zeros: 127000000, 66.6667."""
    if value == value.to_integral_value():
        return str(int(value))
    return f"{value.normalize():f}"


def amount(figure: Figure) -> str:
    """Value and unit for people, with the multiplier as the report wrote it: 1.27亿吨, 10—15个, 第6位."""
    return _amount(figure, figure.value, figure.value_max)


def _amount(figure: Figure, value: Decimal, value_max: Decimal | None) -> str:
    low = _scaled(value, figure.scale)
    if figure.measure == "rank":
        high = "" if value_max is None else f"—{_scaled(value_max, figure.scale)}"
        return f"第{low}{high}位"
    unit = "" if figure.unit == "比" else figure.unit
    if value_max is None:
        return low + unit
    high = _scaled(value_max, figure.scale)
    for tail in sorted(_SCALES.values(), key=len, reverse=True):
        if low.endswith(tail) and high.endswith(tail):
            low = low.removesuffix(tail)
            break
    return f"{low}—{high}{unit}"


def _scaled(value: Decimal, scale: int) -> str:
    word = _SCALES.get(scale)
    if word is not None:
        mantissa = value.scaleb(-scale)
        if len(plain_number(abs(mantissa))) <= len(plain_number(abs(value))):
            return _grouped(plain_number(mantissa)) + word
    return _grouped(plain_number(value))


def _grouped(number: str) -> str:
    whole, point, part = number.partition(".")
    return f"{int(whole):,}{point}{part}" if len(whole) > 5 else number


def by_person(statement: Statement) -> bool:
    """Whether a person gave the figure its value, unit or comparator, so that the source's words do not say it."""
    return any(item.how == "corrected" and item.field in _FIGURE for item in statement.evidence)


def reworded(statement: Statement) -> str | None:
    """What a figure is where a person corrected it, as a report would write it; null where the source's words hold.

    Like the words of a source it leaves to the measure whether it rises or falls: a growth of -3% is 3%.
    """
    return as_read(statement) if by_person(statement) else None


def as_read(figure: Figure) -> str:
    """A figure as its fields have it, as a report would write it."""
    low, high = figure.value, figure.value_max
    if figure.measure in ("growth", "change") and low < 0:
        low, high = (-low, None) if high is None else (-high, -low)
    return _SAID[figure.comparator].format(_amount(figure, low, high))
