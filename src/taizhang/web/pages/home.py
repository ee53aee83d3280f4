"""Home, the list of reports, and a place: what is here, what is missing, and what needs somebody now."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar.params import Parameter

from taizhang.ledger import Head, Info
from taizhang.structure.places import place_order, places_above
from taizhang.web.asking import Ask, address, not_found
from taizhang.web.checked import known, lacks_text
from taizhang.web.faces import page
from taizhang.web.lines import ReportLine, report_line
from taizhang.web.pages.outcomes import Told, told
from taizhang.web.shelf import Look, years

Year = Annotated[int | None, Parameter(ge=1900, le=2200, description="A year that is reviewed or planned")]
_MOST = 200
_YEARS = 12
"""How many of the newest years the table of places shows."""
_RECENT = 5


class Cell(msgspec.Struct, frozen=True):
    """The reports of one place that review one year."""

    year: int
    reports: tuple[ReportLine, ...]
    lacking: bool = False
    """One of them is known to lack some of its text."""


class PlaceLine(msgspec.Struct, frozen=True):
    """A place, its reports by the year that they review, and for which years targets can be checked."""

    place: str | None
    url: str | None
    years: tuple[Cell, ...]
    checked: tuple[int, ...]
    """Years whose targets have an answering report."""
    waiting: tuple[int, ...]
    """Years whose targets wait for the report that answers them."""
    reports: int = 0
    above: tuple[str, ...] = ()
    """The province and the city that it lies in."""


class Attention(msgspec.Struct, frozen=True):
    """Something that needs somebody: how many, and where."""

    what: str
    count: int
    url: str


class Home(msgspec.Struct, frozen=True):
    """What the ledger holds, and what needs somebody now."""

    info: Info
    years: tuple[int, ...]
    places: tuple[PlaceLine, ...]
    total: int
    """How many places there are."""
    attention: tuple[Attention, ...]
    recent: tuple[Told, ...]
    """What became of the targets of the newest years."""
    checkable: int
    """How many years' targets can be checked."""
    page: int = 1


class Reports(msgspec.Struct, frozen=True):
    """Some of the reports, newest years first."""

    data: tuple[ReportLine, ...]
    total: int
    next: str | None
    filters: dict[str, str]


class Kin(msgspec.Struct, frozen=True):
    """A place that another lies in, or that lies in it; without an address where the ledger has no report of it."""

    place: str
    url: str | None


class Place(msgspec.Struct, frozen=True):
    """A place: its reports and the years whose targets were checked or wait."""

    place: str
    line: PlaceLine
    reports: tuple[ReportLine, ...]
    missing: tuple[int, ...]
    """Years between the first and the last for which there is no report."""
    above: tuple[Kin, ...]
    """The places that it lies in, the largest first."""
    below: tuple[Kin, ...]
    """The places in it that the ledger has."""
    told: tuple[Told, ...]
    """What became of its targets, the newest years first."""


def place_line(place: str | None, heads: list[Head], look: Look | None = None) -> PlaceLine:
    """The reports of one place by year. With `look` it says too which are known to lack some of their text."""
    cells: dict[int, list[Head]] = {}
    for head in heads:
        reviewed, planned = years(head)
        year = reviewed if reviewed is not None else (planned - 1 if planned else None)
        if year is not None:
            cells.setdefault(year, []).append(head)
    planned_by = {(head.kind, years(head)[1]) for head in heads} - {(None, None)}
    reviewed_by = {(head.kind, years(head)[0]) for head in heads}
    checked = {year for kind, year in planned_by if year and (kind, year) in reviewed_by}
    waiting = {year for _, year in planned_by if year} - checked
    return PlaceLine(
        place=place,
        url=address(f"/places/{place}") if place else None,
        years=tuple(
            Cell(
                year,
                tuple(map(report_line, cells[year])),
                look is not None and any(lacks_text(look, head.report) for head in cells[year]),
            )
            for year in sorted(cells)
        ),
        checked=tuple(sorted(checked)),
        waiting=tuple(sorted(waiting)),
        reports=len(heads),
        above=places_above(place) if place else (),
    )


def by_place(heads: tuple[Head, ...]) -> dict[str | None, list[Head]]:
    """Reports by their place, each place after the one that it lies in; those without a place last."""
    found: dict[str | None, list[Head]] = {}
    for head in heads:
        found.setdefault(head.place, []).append(head)
    return {place: found[place] for place in sorted(found, key=place_order)}


Page = Annotated[int, Parameter(ge=1, le=100000, description="Which page of the list")]


@page("/", template="home.html", figures=True)
def home(ask: Ask, page: Page = 1) -> Home:
    """What the ledger holds, by place and year, and what needs somebody now."""
    ledger = ask.shelf.ledger
    info = ledger.info()
    heads = ask.shelf.heads()
    placed = by_place(heads)
    shown = list(placed)[(page - 1) * 50 : page * 50]
    all_years = {year for head in heads for year in (years(head)[0],) if year}
    pairs = ask.shelf.checkable()
    whole = [pair for pair in pairs if pair.earlier and pair.later]
    waiting = sum(1 for place, mine in placed.items() if place and place_line(place, mine).waiting)
    attention = []
    proposed = len(ledger.proposals(fate="open"))
    if proposed:
        attention.append(Attention("proposed", proposed, "/corrections?show=waiting"))
    if info.unplaced:
        attention.append(Attention("unplaced", info.unplaced, "/corrections?show=unplaced"))
    nowhere = sum(head.place is None or years(head) == (None, None) for head in heads)
    if nowhere:
        attention.append(Attention("nowhere", nowhere, "/reports?show=nowhere"))
    empty = sum(head.statements == 0 for head in heads)
    if empty:
        attention.append(Attention("empty", empty, "/reports?show=empty"))
    wrong = sum(figures.found("error") for pair in pairs if (figures := known(ask.shelf, pair)))
    if wrong:
        attention.append(Attention("wrong", wrong, "/findings?severity=error"))
    if waiting:
        attention.append(Attention("waiting", waiting, "/outcomes?show=waiting"))
    return Home(
        info=info,
        # Years in between without any report are shown as missing, not passed over.
        years=tuple(range(min(all_years), max(all_years) + 1))[-_YEARS:] if all_years else (),
        places=tuple(place_line(place, placed[place], ask.shelf) for place in shown),
        total=len(placed),
        attention=tuple(attention),
        recent=tuple(told(ask, pair) for pair in whole[:_RECENT]),
        checkable=len(whole),
        page=page,
    )


@page("/reports", template="reports.html", rows=lambda made: made.data)
def reports(
    ask: Ask,
    place: str | None = None,
    year: Year = None,
    kind: str | None = None,
    show: str | None = None,
    page: Page = 1,
) -> Reports:
    """The reports of the ledger, newest years first."""
    found = [
        head
        for head in ask.shelf.ledger.reports(place=place or None, year=year, kind=kind or None)
        if (show != "nowhere" or head.place is None or years(head) == (None, None))
        and (show != "empty" or head.statements == 0)
    ]
    found.sort(key=lambda head: (-(years(head)[0] or 0), head.place or "", head.event))
    low = (page - 1) * _MOST
    return Reports(
        data=tuple(map(report_line, found[low : low + _MOST])),
        total=len(found),
        next=str(page + 1) if low + _MOST < len(found) else None,
        filters=_filters(place=place, year=year, kind=kind, show=show),
    )


@page("/places/{place:str}", template="place.html", rows=lambda made: made.reports, figures=True)
def place_page(ask: Ask, place: str) -> Place:
    """One place: which years are held, which are missing, and which targets can be checked."""
    mine = [head for head in ask.shelf.heads() if head.place == place]
    if not mine:
        raise not_found(f"账本里没有“{place}”的报告。", f"The ledger has no report of “{place}”.")
    line = place_line(place, mine, ask.shelf)
    held = [cell.year for cell in line.years]
    missing = tuple(year for year in range(min(held), max(held)) if year not in held) if held else ()
    mine.sort(key=lambda head: (-(years(head)[0] or 0), head.event))
    held_places = by_place(ask.shelf.heads())
    return Place(
        place=place,
        line=line,
        reports=tuple(map(report_line, mine)),
        missing=missing,
        above=tuple(Kin(name, address(f"/places/{name}") if name in held_places else None) for name in line.above),
        below=tuple(
            Kin(name, address(f"/places/{name}")) for name in held_places if name and place in places_above(name)
        ),
        told=tuple(
            told(ask, pair) for pair in ask.shelf.checkable() if pair.place == place and pair.earlier and pair.later
        ),
    )


def _filters(**given: object) -> dict[str, str]:
    return {name: str(value) for name, value in given.items() if value not in (None, "")}
