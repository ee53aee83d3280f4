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

WIDTH, HEIGHT = 860, 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 128, 18, 34


class _Scale(msgspec.Struct, frozen=True):
    low: Decimal
    high: Decimal
    step: Decimal
    years: tuple[int, ...]

    def x(self, year: int) -> float:
        room = WIDTH - _LEFT - _RIGHT
        if len(self.years) == 1:
            return _LEFT + room / 2
        return _LEFT + 16 + (room - 32) * (year - self.years[0]) / (self.years[-1] - self.years[0])

    def y(self, value: Decimal | int) -> float:
        return _TOP + (HEIGHT - _TOP - _BOTTOM) * float((self.high - Decimal(value)) / (self.high - self.low))

    def ticks(self) -> list[Decimal]:
        count = int((self.high - self.low) / self.step)
        return [self.low + self.step * number for number in range(count + 1)]


def _scale(panel: Panel) -> _Scale:
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
    low = (low / step).to_integral_value(ROUND_FLOOR) * step
    high = (high / step).to_integral_value(ROUND_CEILING) * step
    return _Scale(low, high, step, panel.years)


def _numbers(panel: Panel) -> list[Number]:
    return [
        each
        for series in panel.series
        for point in series.points
        for each in (*point.actuals, *point.targets, *point.projections)
    ]


def drawn(panel: Panel, title: str, ask: Ask) -> Markup:
    """The chart of one panel."""
    scale = _scale(panel)
    out = [
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="group" aria-label="{escaped(title)}" '
        f'preserveAspectRatio="xMidYMid meet">'
    ]
    word, divisor = _multiplier(scale)
    for tick in scale.ticks():
        y = scale.y(tick)
        zero = " zero" if tick == 0 else ""
        out.append(f'<line class="grid{zero}" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        label = words.plain_number(tick / divisor) + (word if tick else "")
        out.append(f'<text class="tick" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{label}</text>')
    every = max(1, len(scale.years) // 10)
    for number, year in enumerate(scale.years):
        if number % every == 0 or year == scale.years[-1]:
            x = scale.x(year)
            out.append(f'<text class="tick" x="{x:.1f}" y="{HEIGHT - 12}" text-anchor="middle">{year}</text>')
    taken: list[float] = []
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


def _series(series: Series, number: int, scale: _Scale, taken: list[float], ask: Ask) -> list[str]:
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
        inside = actual and min(actual) < year < max(actual)
        if inside:
            x = scale.x(year)
            said = ask.t(f"{year} 年没有找到数据", f"No figure found for {year}")
            out.append(
                f'<rect class="nothing" x="{x - 9:.1f}" y="{_TOP}" width="18" height="{HEIGHT - _TOP - _BOTTOM}">'
                f"<title>{said}</title></rect>"
            )
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
    found = shown[max(shown)]
    y = scale.y(found.value) + 4
    while any(abs(y - other) < 15 for other in taken):
        y += 15
    taken.append(y)
    x = scale.x(scale.years[-1]) + 16
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
