"""A chart as SVG, drawn here: it is there before any script, prints, and its points are links.

Actuals are a line, broken where a year is missing; targets are diamonds at their year, never joined; a range is a band;
projections are hollow on a dashed line. Each place has a colour and a shape of its own, which stands inside its
diamonds and bands too. It is drawn twice, wide and for a telephone; a style sheet shows the one that fits. It is a
picture of the table below it, never the only form.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import msgspec
from markupsafe import Markup

from taizhang.views import words
from taizhang.web.asking import Ask
from taizhang.web.body import escaped
from taizhang.web.lines import Number
from taizhang.web.pages.indicators import Panel, Series


class _Paper(msgspec.Struct, frozen=True):
    """How large a chart is, and how much of it is margin."""

    look: str
    width: int
    height: int
    left: int
    right: int
    years: int
    """About so many years are written below it."""
    top: int = 34
    bottom: int = 30
    named: bool = True
    """Each line has the name of its place at its end."""


_WIDE = _Paper("wide", 860, 350, 72, 128, 12)
_NARROW = _Paper("narrow", 360, 280, 52, 14, 4, named=False)
_LANE = 14
_FROM_ZERO = ("level", "completion", "change")
_SHAPES = (
    "M{l} {y}A{r} {r} 0 1 0 {h} {y}A{r} {r} 0 1 0 {l} {y}Z",
    "M{l} {t}H{h}V{b}H{l}Z",
    "M{x} {t}L{h} {b}H{l}Z",
    "M{l} {t}H{h}L{x} {b}Z",
    "M{p} {t}H{q}V{u}H{h}V{v}H{q}V{b}H{p}V{v}H{l}V{u}H{p}Z",
    "M{x} {t}L{h} {y}L{e} {b}H{w}L{l} {y}Z",
)
"""One for each place: disc, square, triangle, triangle on its head, cross, pentagon."""


class _Scale(msgspec.Struct, frozen=True):
    paper: _Paper
    low: Decimal
    high: Decimal
    step: Decimal
    years: tuple[int, ...]
    falling: bool = False
    """The smallest is at the top, as of ranks."""

    def x(self, year: int) -> float:
        paper = self.paper
        room = paper.width - paper.left - paper.right
        if len(self.years) == 1:
            return paper.left + room / 2
        return paper.left + 16 + (room - 32) * (year - self.years[0]) / (self.years[-1] - self.years[0])

    def y(self, value: Decimal | int) -> float:
        share = float((self.high - Decimal(value)) / (self.high - self.low))
        room = self.paper.height - self.paper.top - self.paper.bottom
        return self.paper.top + room * (1 - share if self.falling else share)

    def ticks(self) -> list[Decimal]:
        count = int((self.high - self.low) / self.step)
        return [self.low + self.step * number for number in range(count + 1)]


def _scale(panel: Panel, paper: _Paper) -> _Scale:
    values = [Decimal(each.value) for each in _numbers(panel)]
    values += [Decimal(each.value_max) for each in _numbers(panel) if each.value_max is not None]
    low, high = min(values), max(values)
    rank = panel.measure == "rank"
    if rank:
        low, high = max(low - 1, min(Decimal(1), low)), high + 1
    elif panel.measure in _FROM_ZERO or low == high:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:
        low, high = low - 1, high + 1
    rough = (high - low) / 5
    power = Decimal(10) ** rough.adjusted()
    step = next(power * size for size in (1, 2, 5, 10) if power * size >= rough)
    if rank:
        step = max(step.to_integral_value(ROUND_CEILING), Decimal(1))
        # From a rank that there is: there is no rank 0 above the first.
        high = low + ((high - low) / step).to_integral_value(ROUND_CEILING) * step
    else:
        low = (low / step).to_integral_value(ROUND_FLOOR) * step
        high = (high / step).to_integral_value(ROUND_CEILING) * step
    return _Scale(paper, low, high, step, panel.years, rank)


def _numbers(panel: Panel) -> list[Number]:
    return [
        each
        for series in panel.series
        for point in series.points
        for each in (*point.actuals, *point.targets, *point.projections)
    ]


def drawn(panel: Panel, title: str, ask: Ask) -> Markup:
    """The chart of one panel, wide and narrow."""
    return Markup("".join("".join(_chart(panel, title, ask, paper)) for paper in (_WIDE, _NARROW)))


def _chart(panel: Panel, title: str, ask: Ask, paper: _Paper) -> Iterator[str]:
    scale = _scale(panel, paper)
    missing = [(series, years) for series in panel.series if (years := _missing(series, scale))]
    lanes = missing if len(panel.series) > 1 else []
    height = paper.height + len(lanes) * _LANE
    yield (
        f'<svg class="chart {paper.look}" viewBox="0 0 {paper.width} {height}" role="group" '
        f'aria-label="{escaped(title)}" preserveAspectRatio="xMidYMid meet">'
    )
    word, divisor = _multiplier(scale)
    for tick in scale.ticks():
        y = scale.y(tick)
        zero = " zero" if tick == 0 else ""
        yield (
            f'<line class="grid{zero}" x1="{paper.left}" x2="{paper.width - paper.right}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        label = words.plain_number(tick / divisor) + (word if tick else "")
        if scale.falling:
            label = ask.t(f"第{label}", f"#{label}")
        yield f'<text class="tick" x="{paper.left - 8}" y="{y + 4:.1f}" text-anchor="end">{label}</text>'
    said = _said_of_axis(scale, ask)
    if said:
        yield f'<text class="tick" x="4" y="14">{said}</text>'
    foot = paper.height - paper.bottom + 20
    every = -(-len(scale.years) // paper.years)
    for year in scale.years:
        # Counted from the last, which is always named.
        if (scale.years[-1] - year) % every == 0:
            yield f'<text class="tick" x="{scale.x(year):.1f}" y="{foot}" text-anchor="middle">{year}</text>'
    if not lanes:
        room = paper.height - paper.top - paper.bottom
        for series, years in missing:
            for year in years:
                yield _hatched(scale.x(year), paper.top, room, series.place, year, ask)
    # With several places a gap of one would hide the figures of the others: each has a strip below the years.
    for lane, (series, years) in enumerate(lanes):
        y = foot + 8 + lane * _LANE
        yield f'<g class="c{series.number}">{_shape(series.number, paper.left - 12, y + 5, 4)}'
        for year in years:
            yield _hatched(scale.x(year), y, 10, series.place, year, ask)
        yield "</g>"
    taken: list[tuple[float, float]] = []
    for series in panel.series:
        yield from _series(series, scale, taken, ask)
    yield "</svg>"


def _said_of_axis(scale: _Scale, ask: Ask) -> str:
    if scale.falling:
        return ask.t("位次，越高越靠前", "rank, the first on top")
    if scale.low > 0 or scale.high < 0:
        return ask.t("纵轴不从 0 起", "the axis does not start at 0")
    return ""


def key_of(panel: Panel, ask: Ask) -> Markup:
    """What the colours and shapes of one panel stand for: its places, then the kinds of mark that are in it."""
    out = []
    for series in panel.series:
        number = series.number
        mark = (
            f'<svg viewBox="0 0 28 14" class="c{number}"><path d="M1 7H27" class="line"/>{_shape(number, 14, 7)}</svg>'
        )
        out.append(f'<span class="who" lang="zh-Hans">{mark}{escaped(series.place or "—")}</span>')
    points = [point for series in panel.series for point in series.points]
    targets = [each for point in points for each in point.targets]
    kinds = (
        (any(point.actuals for point in points), _shape(0, 14, 7), "实际", "Actual"),
        (any(each.value_max is None for each in targets), _diamond(14, 7), "目标", "Target"),
        (any(each.comparator in ("ge", "over") for each in targets), _diamond(14, 9, 4.5) + _tail(14, 4, -4),
         "目标，以上", "Target, at least"),
        (any(each.comparator == "le" for each in targets), _diamond(14, 5, 4.5) + _tail(14, 10, 4),
         "目标，以内", "Target, at most"),
        (any(each.value_max is not None for each in targets), '<rect x="9" y="1" width="10" height="12" class="band"/>',
         "目标区间", "Target range"),
        (any(point.projections for point in points),
         f'<path d="M1 7H27" class="line coming"/>{_shape(0, 14, 7, look="hollow")}', "预计", "Projection"),
        (any(_missing(series, _scale(panel, _WIDE)) for series in panel.series),
         '<rect x="8" y="1" width="12" height="12" class="nothing"/>', "未找到实际数据", "No actual found"),
    )  # fmt: skip
    out += [
        f'<span><svg viewBox="0 0 28 14">{mark}</svg>{ask.t(zh, en)}</span>' for there, mark, zh, en in kinds if there
    ]
    return Markup("".join(out))


def _missing(series: Series, scale: _Scale) -> list[int]:
    """Years between a place's first and last actual that have none."""
    there = {point.year for point in series.points if point.actuals}
    return [year for year in scale.years if there and min(there) < year < max(there) and year not in there]


def _hatched(x: float, top: float, height: float, place: str | None, year: int, ask: Ask) -> str:
    said = escaped(ask.t(f"{place or '—'} {year} 年没有找到实际数据", f"{place or '—'}: no actual found for {year}"))
    return (
        f'<rect class="nothing" x="{x - 9:.1f}" y="{top:.1f}" width="18" height="{height:.1f}"><title>{said}</title>'
        "</rect>"
    )


def _multiplier(scale: _Scale) -> tuple[str, Decimal]:
    most = max(abs(scale.low), abs(scale.high))
    for word, power in (("亿", 8), ("万", 4)):
        if most >= Decimal(10) ** power:
            return word, Decimal(10) ** power
    return "", Decimal(1)


def _series(series: Series, scale: _Scale, taken: list[tuple[float, float]], ask: Ask) -> Iterator[str]:
    number = series.number
    yield f'<g class="c{number}">'
    actual = {point.year: point.actuals[-1] for point in series.points if point.actuals}
    coming = {point.year: point.projections[-1] for point in series.points if point.projections}
    run: list[str] = []
    for year in (*scale.years, None):
        if year in actual and year is not None:
            run.append(f"{scale.x(year):.1f},{scale.y(actual[year].value):.1f}")
            continue
        if len(run) > 1:
            yield f'<polyline class="line" points="{" ".join(run)}"/>'
        run = []
    if coming:
        ends = [year for year in actual if year < min(coming)]
        path = [(max(ends), actual[max(ends)])] if ends else []
        path += sorted(coming.items())
        if len(path) > 1:
            points = " ".join(f"{scale.x(year):.1f},{scale.y(each.value):.1f}" for year, each in path)
            yield f'<polyline class="line coming" points="{points}"/>'
    for point in series.points:
        x = scale.x(point.year)
        for each in point.targets:
            yield _linked(each, point.year, series.place, _target(each, number, x, scale), ask)
        for each in point.actuals[:-1]:
            if each.value != point.actuals[-1].value:
                mark = _shape(number, x, scale.y(each.value), 3, "earlier")
                yield _linked(each, point.year, series.place, mark, ask)
        for each, look in (*((e, "dot") for e in point.actuals[-1:]), *((e, "hollow") for e in point.projections)):
            mark = _shape(number, x, scale.y(each.value), look=look)
            yield _linked(each, point.year, series.place, mark, ask)
    shown = actual or coming or {point.year: point.targets[0] for point in series.points}
    last = max(shown)
    x, y = scale.x(last) + 12, scale.y(shown[last].value) + 4
    while any(abs(x - across) < 100 and abs(y - down) < 15 for across, down in taken):
        y += 15
    taken.append((x, y))
    if scale.paper.named:
        yield f'<text class="name" x="{x:.1f}" y="{y:.1f}">{escaped(series.place or "—")}</text>'
    yield "</g>"


def _shape(number: int, x: float, y: float, size: float = 5.5, look: str = "dot") -> str:
    """The mark of the place that has a number, around a point."""
    at = {
        "x": x, "y": y, "r": size, "l": x - size, "h": x + size, "t": y - size, "b": y + size,
        "p": x - size / 3, "q": x + size / 3, "u": y - size / 3, "v": y + size / 3,
        "w": x - size * 0.62, "e": x + size * 0.62,
    }  # fmt: skip
    path = _SHAPES[number % len(_SHAPES)].format(**{name: f"{value:.1f}" for name, value in at.items()})
    return f'<path class="{look}" d="{path}"/>'


def _diamond(x: float, y: float, size: float = 7) -> str:
    corners = f"M{x:.1f} {y - size:.1f} L{x + size:.1f} {y:.1f} L{x:.1f} {y + size:.1f} L{x - size:.1f} {y:.1f}Z"
    return f'<path class="target" d="{corners}"/>'


def _tail(x: float, y: float, length: float) -> str:
    return f'<path class="tail" d="M{x:.1f} {y:.1f} v{length:.1f}"/>'


def _target(each: Number, number: int, x: float, scale: _Scale) -> str:
    y = scale.y(each.value)
    if each.value_max is not None:
        low, high = sorted((y, scale.y(each.value_max)))
        band = f'<rect class="band" x="{x - 9:.1f}" y="{low:.1f}" width="18" height="{max(high - low, 2):.1f}"/>'
        return band + _shape(number, x, (low + high) / 2, 2.5)
    mark = _diamond(x, y, 8) + _shape(number, x, y, 2.5)
    # On an axis that falls, “at least” a rank is at most its number: the tick shows where the promise lies.
    if each.comparator in ("ge", "over"):
        return mark + _tail(x, y - 9, -8) if not scale.falling else mark + _tail(x, y + 9, 8)
    if each.comparator == "le":
        return mark + _tail(x, y + 9, 8) if not scale.falling else mark + _tail(x, y - 9, -8)
    return mark


def _linked(each: Number, year: int, place: str | None, mark: str, ask: Ask) -> str:
    kind = words.say(words.KINDS, each.kind, ask.lang)
    said = escaped(f"{place or '—'} {year} {kind} {each.said}")
    return f'<a href="{escaped(ask.url(each.url))}" aria-label="{said}"><title>{said}</title>{mark}</a>'
