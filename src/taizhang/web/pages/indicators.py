"""One indicator over years and places: a table, and a chart of it."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Annotated

import msgspec
from litestar.params import Parameter

from taizhang.ledger import Tallies, Tally
from taizhang.ledger.events import years_of
from taizhang.ledger.identity import identify
from taizhang.model import Measure, Statement
from taizhang.web.asking import Ask, address, not_found
from taizhang.web.faces import page
from taizhang.web.lines import Number, of_state
from taizhang.web.shelf import years

_LENGTH = 100
_MOST_PLACES = 6

YearBound = Annotated[int | None, Parameter(ge=1900, le=2200)]


class Indicators(msgspec.Struct, frozen=True):
    """Indicators as worded, those most often used first."""

    q: str
    data: tuple[Tally, ...]
    total: int
    next: str | None
    page: int


class Point(msgspec.Struct, frozen=True):
    """The figures of one year: what was promised and what was reported, each by its report."""

    year: int
    targets: tuple[Number, ...]
    actuals: tuple[Number, ...]
    """The last is of the report that reviews that year, where there is one."""
    projections: tuple[Number, ...]


class Series(msgspec.Struct, frozen=True):
    """One place, measure and unit over the years."""

    place: str | None
    points: tuple[Point, ...]
    number: int = 0
    """Of its place among those chosen: its colour and shape, the same in every panel."""


class Panel(msgspec.Struct, frozen=True):
    """All places of one measure and unit: they share an axis."""

    measure: Measure
    unit: str
    series: tuple[Series, ...]
    years: tuple[int, ...]
    left_out: tuple[str, ...] = ()
    """Chosen places that have figures too and are not drawn, there being so many."""


class PlaceCount(msgspec.Struct, frozen=True):
    """How many figures of the indicator a place has."""

    place: str | None
    count: int


class IndicatorPage(msgspec.Struct, frozen=True):
    """One indicator over years and places."""

    name: str
    concept: str | None
    wordings: tuple[str, ...]
    places: tuple[PlaceCount, ...]
    chosen: tuple[str, ...]
    panels: tuple[Panel, ...]
    total: int
    reports: int
    filters: dict[str, str]


class Row(msgspec.Struct, frozen=True):
    """One figure on a line of the table."""

    place: str | None
    year: int
    kind: str
    measure: str
    value: Decimal | int
    value_max: Decimal | int | None
    unit: str
    comparator: str
    text: str
    said: str
    indicator: str | None
    url: str


@page("/indicators", template="indicators.html", rows=lambda made: made.data)
def indicators(
    ask: Ask,
    q: Annotated[str, Parameter(max_length=100)] = "",
    place: str | None = None,
    page: Annotated[int, Parameter(ge=1, le=10000)] = 1,
) -> Indicators:
    """The indicators of the ledger, those most often used first."""
    found = tallies(ask, q, place, limit=_LENGTH, offset=(page - 1) * _LENGTH)
    more = page * _LENGTH < found.total
    return Indicators(q, found.items, found.total, str(page + 1) if more else None, page)


def tallies(ask: Ask, q: str, place: str | None, *, limit: int, offset: int = 0) -> Tallies:
    """Indicators whose name holds `q`, those most often used first. Those of all places together are kept."""
    q = q.strip()
    if place:
        return ask.shelf.ledger.indicators(q, place=place, limit=limit, offset=offset)
    found = [each for each in every(ask) if q.lower() in each.indicator.lower()]
    return Tallies(tuple(found[offset : offset + limit]), len(found))


def every(ask: Ask) -> tuple[Tally, ...]:
    """All indicators of the ledger, those most often used first; kept."""
    ledger = ask.shelf.ledger
    key = ("tallies", ask.shelf.serial, ask.shelf.newest)
    return ask.shelf.keep("series", key, lambda: ledger.indicators(limit=10**9).items)


def same(ask: Ask, name: str) -> tuple[str | None, frozenset[str]]:
    """The concept of an indicator, and all wordings of the ledger that are of the same thing."""
    known = identify(name.split("|")[0] if "|" in name else name, "", "growth")
    if "|" not in name and known is None:
        return None, frozenset({name})
    wanted = name if "|" in name else known.key if known else name

    def make() -> dict[str, frozenset[str]]:
        named: dict[str, set[str]] = defaultdict(set)
        for tally in every(ask):
            found = identify(tally.indicator, "", "growth")
            if found is not None:
                named[found.key].add(tally.indicator)
        return {key: frozenset(found) for key, found in named.items()}

    table = ask.shelf.keep("findings", ("wordings", ask.shelf.serial, ask.shelf.newest), make)
    return wanted, table.get(wanted, frozenset({name}))


def _year(item: Statement) -> int | None:
    """The year of a figure that is of one year; those of months or of several years are not drawn."""
    first, last = years_of(item.period)
    return first if first == last and item.period and len(item.period) == 4 else None


@page("/indicators/{name:str}", template="indicator.html", rows=lambda made: rows_of(made))
def indicator(
    ask: Ask,
    name: str,
    places: Annotated[list[str] | None, Parameter(description="Places, each by itself or separated by commas")] = None,
    measure: Measure | None = None,
    year_from: YearBound = None,
    year_to: YearBound = None,
) -> IndicatorPage:
    """One indicator over years and places."""
    key, wordings = same(ask, name)
    found_key = ("worded", ask.shelf.serial, ask.shelf.newest, wordings)
    states = ask.shelf.keep("series", found_key, lambda: ask.shelf.ledger.statements(worded=wordings).items)
    if not states:
        raise not_found(f"账本里没有指标“{name}”的数据。", f"The ledger has no figure of “{name}”.")
    reviewed = {head.report: years(head)[0] for head in ask.shelf.heads()}
    counted: dict[str | None, int] = defaultdict(int)
    figures = []
    for state in states:
        item = state.statement
        year = _year(item)
        known = identify(item.indicator or "", item.unit, item.measure)
        if key is not None and known is None and item.measure == "level":
            continue  # a level in a dimension that the concept does not have
        counted[item.place] += 1
        if year is not None and item.kind != "context":
            figures.append((state, year))
    listed = tuple(PlaceCount(p, n) for p, n in sorted(counted.items(), key=lambda each: (-each[1], each[0] or "")))
    asked = [each.strip() for given in places or () for each in given.replace("，", ",").replace("、", ",").split(",")]
    chosen = tuple(dict.fromkeys(filter(None, asked))) or tuple(each.place for each in listed if each.place)[:2]
    groups: dict[tuple[Measure, str], dict[str | None, dict[int, list[Number]]]] = {}
    for state, year in figures:
        item = state.statement
        if (
            (chosen and item.place not in chosen)
            or measure not in (None, item.measure)
            or (year_from is not None and year < year_from)
            or (year_to is not None and year > year_to)
        ):
            continue
        group = groups.setdefault((item.measure, item.unit), {})
        group.setdefault(item.place, {}).setdefault(year, []).append(of_state(state))
    panels = []
    for (which, unit), by_place in groups.items():
        series = []
        ordered = sorted(by_place, key=lambda each: chosen.index(each) if each in chosen else len(chosen))
        for place in [each for each in ordered if each not in chosen[_MOST_PLACES:]]:
            points = []
            for year in sorted(by_place[place]):
                mine = by_place[place][year]
                actuals = [each for each in mine if each.kind == "actual"]
                actuals.sort(key=lambda each: reviewed.get(each.report) == year)
                points.append(
                    Point(
                        year=year,
                        targets=tuple(each for each in mine if each.kind == "target"),
                        actuals=tuple(actuals),
                        projections=tuple(each for each in mine if each.kind == "projection"),
                    )
                )
            series.append(Series(place, tuple(points), chosen.index(place) if place in chosen else 0))
        told = [point.year for each in series for point in each.points]
        left_out = tuple(each for each in chosen[_MOST_PLACES:] if each in by_place)
        if not series:
            continue
        panels.append(Panel(which, unit, tuple(series), tuple(range(min(told), max(told) + 1)), left_out))
    panels.sort(key=lambda each: -sum(len(s.points) for s in each.series))
    return IndicatorPage(
        name=name,
        concept=key,
        wordings=tuple(sorted(wordings)),
        places=listed,
        chosen=chosen,
        panels=tuple(panels),
        total=len(states),
        reports=len({state.report for state in states}),
        filters={
            n: str(v)
            for n, v in (
                ("places", ",".join(asked)),
                ("measure", measure),
                ("year_from", year_from),
                ("year_to", year_to),
            )
            if v
        },
    )


def rows_of(made: IndicatorPage) -> list[Row]:
    """Every figure on a line of its own."""
    return [
        Row(
            place=series.place,
            year=point.year,
            kind=each.kind,
            measure=each.measure,
            value=each.value,
            value_max=each.value_max,
            unit=each.unit,
            comparator=each.comparator,
            text=each.text,
            said=each.said,
            indicator=each.indicator,
            url=each.url,
        )
        for panel in made.panels
        for series in panel.series
        for point in series.points
        for each in (*point.actuals, *point.targets, *point.projections)
    ]


def link(name: str) -> str:
    """The address of an indicator's page."""
    return address(f"/indicators/{name.replace('/', '／')}")
