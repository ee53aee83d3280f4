"""A chart as SVG, drawn here: it is there before any script, prints, and its points are links.

Actuals are a line, broken where a year is missing; targets are marks at their year, never joined; a range is a band;
projections are hollow on a dashed line. It is a picture of the table below it, never the only form.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import msgspec
from markupsafe import Markup

from taizhang.views import words
from taizhang.web.asking import Ask
from taizhang.web.body import escaped
from taizhang.web.lines import Number
from taizhang.web.pages.indicators import Panel, Series

_LEFT, _TOP, _BOTTOM = 72, 18, 34


class _Frame(msgspec.Struct, frozen=True):
    """The size of a chart in pixels, and the room to the right of it for names."""

    width: int
    height: int
    right: int
    ticks: int
    """At most so many years are named."""


_WIDE, _NARROW = _Frame(860, 340, 128, 10), _Frame(358, 269, 64, 4)


class _Scale(msgspec.Struct, frozen=True):
    frame: _Frame
    low: Decimal
    high: Decimal
    step: Decimal
    years: tuple[int, ...]
    falling: bool
    """The least is on top: the first place of a ranking."""

    def x(self, year: int) -> float:
        room = self.frame.width - _LEFT - self.frame.right
        if len(self.years) == 1:
            return _LEFT + room / 2
        return _LEFT + 16 + (room - 32) * (year - self.years[0]) / (self.years[-1] - self.years[0])

    def y(self, value: Decimal | int) -> float:
        part = float((self.high - Decimal(value)) / (self.high - self.low))
        return _TOP + (self.frame.height - _TOP - _BOTTOM) * (1 - part if self.falling else part)

    def ticks(self) -> list[Decimal]:
        count = int((self.high - self.low) / self.step)
        return [self.low + self.step * number for number in range(count + 1)]


def _scale(panel: Panel, frame: _Frame) -> _Scale:
    values = [Decimal(each.value) for each in _numbers(panel)]
    values += [Decimal(each.value_max) for each in _numbers(panel) if each.value_max is not None]
    low, high = min(values), max(values)
    if panel.measure in ("level", "completion"):
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:
        low, high = low - 1, high + 1
    rough = (high - low) / 5
    power = Decimal(10) ** rough.adjusted()
    step = next(power * size for size in (1, 2, 5, 10) if power * size >= rough)
    if panel.measure == "rank":
        step = max(step, Decimal(1))
    low = (low / step).to_integral_value(ROUND_FLOOR) * step
    high = (high / step).to_integral_value(ROUND_CEILING) * step
    if panel.measure == "rank":
        low = max(low, Decimal(1))
    return _Scale(frame, low, high, step, panel.years, panel.measure == "rank")


def cut_off(panel: Panel) -> bool:
    """Whether the axis of values does not begin at zero, which its reader has to be told."""
    scale = _scale(panel, _WIDE)
    return panel.measure != "rank" and not scale.low <= 0 <= scale.high


def _numbers(panel: Panel) -> list[Number]:
    return [
        each
        for series in panel.series
        for point in series.points
        for each in (*point.actuals, *point.targets, *point.projections)
    ]


def drawn(panel: Panel, title: str, ask: Ask) -> Markup:
    """The chart of one panel, twice: for a wide screen and for a phone, of which a style sheet shows one."""
    return Markup("").join(
        _drawn(panel, title, ask, frame, look) for frame, look in ((_WIDE, "wide"), (_NARROW, "slim"))
    )


def _drawn(panel: Panel, title: str, ask: Ask, frame: _Frame, look: str) -> Markup:
    scale = _scale(panel, frame)
    right, foot = frame.width - frame.right, frame.height - _BOTTOM
    out = [
        f'<svg class="chart {look}-chart" viewBox="0 0 {frame.width} {frame.height}" role="group" '
        f'aria-label="{escaped(title)}" preserveAspectRatio="xMidYMid meet">'
    ]
    word, divisor = _multiplier(scale)
    for tick in scale.ticks():
        y = scale.y(tick)
        zero = " zero" if tick == 0 else ""
        out.append(f'<line class="grid{zero}" x1="{_LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
        label = words.plain_number(tick / divisor) + (word if tick else "")
        out.append(f'<text class="tick" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{label}</text>')
    # A year in which no place has a figure; a place that alone lacks one has a broken line.
    held = {point.year for series in panel.series for point in series.points if point.actuals}
    for year in scale.years:
        if held and min(held) < year < max(held) and year not in held:
            said = ask.t(f"{year} 年没有找到数据", f"No figure found for {year}")
            room = min(18.0, (right - _LEFT) / len(scale.years) * 0.8)
            out.append(
                f'<rect class="nothing" x="{scale.x(year) - room / 2:.1f}" y="{_TOP}" width="{room:.1f}" '
                f'height="{foot - _TOP}"><title>{said}</title></rect>'
            )
    every = max(1, -(-len(scale.years) // frame.ticks))
    for number, year in enumerate(scale.years):
        # Counted from the newest, which is always named.
        if (len(scale.years) - 1 - number) % every == 0:
            x = scale.x(year)
            out.append(f'<text class="tick" x="{x:.1f}" y="{frame.height - 12}" text-anchor="middle">{year}</text>')
    taken: list[tuple[float, float]] = []
    for number, series in enumerate(panel.series):
        out += _series(series, number, scale, taken, ask)
    out.append("</svg>")
    return Markup("".join(out))


def _multiplier(scale: _Scale) -> tuple[str, Decimal]:
    most = max(abs(scale.low), abs(scale.high))
    for word, power in (("亿", 8), ("万", 4)):
        if most >= Decimal(10) ** power:
            return word, Decimal(10) ** power
    return "", Decimal(1)


def _series(series: Series, number: int, scale: _Scale, taken: list[tuple[float, float]], ask: Ask) -> list[str]:
    out = [f'<g class="c{number}">']
    actual = {point.year: point.actuals[-1] for point in series.points if point.actuals}
    coming = {point.year: point.projections[-1] for point in series.points if point.projections}
    run: list[str] = []
    for year in scale.years:
        if year in actual:
            run.append(f"{scale.x(year):.1f},{scale.y(actual[year].value):.1f}")
            continue
        if len(run) > 1:
            out.append(f'<polyline class="line" points="{" ".join(run)}"/>')
        run = []
    if len(run) > 1:
        out.append(f'<polyline class="line" points="{" ".join(run)}"/>')
    if coming:
        ends = [year for year in actual if year < min(coming)]
        path = [(max(ends), actual[max(ends)])] if ends else []
        path += sorted(coming.items())
        if len(path) > 1:
            points = " ".join(f"{scale.x(year):.1f},{scale.y(each.value):.1f}" for year, each in path)
            out.append(f'<polyline class="line coming" points="{points}"/>')
    for point in series.points:
        for each in point.targets:
            out.append(_linked(each, point.year, series.place, _target(each, scale.x(point.year), scale), ask))
        for each in point.actuals[:-1]:
            if each.value != point.actuals[-1].value:
                mark = f'<circle class="earlier" cx="{scale.x(point.year):.1f}" cy="{scale.y(each.value):.1f}" r="3"/>'
                out.append(_linked(each, point.year, series.place, mark, ask))
        for each, look in (*((e, "dot") for e in point.actuals[-1:]), *((e, "hollow") for e in point.projections)):
            mark = f'<circle class="{look}" cx="{scale.x(point.year):.1f}" cy="{scale.y(each.value):.1f}" r="4.5"/>'
            out.append(_linked(each, point.year, series.place, mark, ask))
    shown = actual or coming or {point.year: point.targets[0] for point in series.points}
    last = max(shown)
    x, y = scale.x(last) + 11, scale.y(shown[last].value) + 4
    while any(abs(y - other) < 15 and abs(x - there) < 90 for there, other in taken):
        y += 15
    taken.append((x, y))
    out.append(f'<text class="name" x="{x:.1f}" y="{y:.1f}">{escaped(series.place or "—")}</text></g>')
    return out


def _target(each: Number, x: float, scale: _Scale) -> str:
    y = scale.y(each.value)
    if each.value_max is not None:
        top = scale.y(each.value_max)
        return f'<rect class="band" x="{x - 9:.1f}" y="{top:.1f}" width="18" height="{max(y - top, 2):.1f}"/>'
    corners = f"M{x:.1f} {y - 7:.1f} L{x + 7:.1f} {y:.1f} L{x:.1f} {y + 7:.1f} L{x - 7:.1f} {y:.1f}Z"
    diamond = f'<path class="target" d="{corners}"/>'
    if each.comparator in ("ge", "over"):
        return diamond + f'<path class="tail" d="M{x:.1f} {y - 8:.1f} V{y - 16:.1f}"/>'
    if each.comparator == "le":
        return diamond + f'<path class="tail" d="M{x:.1f} {y + 8:.1f} V{y + 16:.1f}"/>'
    return diamond


def _linked(each: Number, year: int, place: str | None, mark: str, ask: Ask) -> str:
    kind = words.say(words.KINDS, each.kind, ask.lang)
    said = escaped(f"{place or '—'} {year} {kind} {each.said}")
    return f'<a href="{escaped(ask.url(each.url))}" aria-label="{said}"><title>{said}</title>{mark}</a>'
