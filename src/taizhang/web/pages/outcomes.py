"""What became of each target that a place set for a year: the page a deputy opens."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Literal

import msgspec
from litestar.params import Parameter

from taizhang.model import Verdict
from taizhang.views import words
from taizhang.views.outcome import VERDICTS
from taizhang.web.asking import Ask, address, not_found
from taizhang.web.checked import FindingLine, OutcomeLine, UndertakingLine, known, sheet
from taizhang.web.faces import page
from taizhang.web.lines import ReportLine, report_line
from taizhang.web.shelf import Pair

_MOST = 100


class Told(msgspec.Struct, frozen=True):
    """What became of the targets of a place for a year, in figures."""

    place: str
    year: int
    kind: str | None
    url: str
    checkable: bool
    """Both reports are here; else the one that tells what became of the targets is still missing."""
    total: int | None
    """How many targets; null until somebody looked."""
    counts: dict[str, int] | None


class ToldRow(msgspec.Struct, frozen=True):
    """The same on one line of a table."""

    place: str
    year: int
    kind: str | None
    total: int | None
    met: int | None
    missed: int | None
    partly: int | None
    changed: int | None
    unclear: int | None
    unreported: int | None
    url: str


class OutcomeYears(msgspec.Struct, frozen=True):
    """The places and years whose targets can be checked, the newest first, or those that wait for a report."""

    data: tuple[Told, ...]
    total: int
    waiting: int
    """How many years' targets wait for the report that tells what became of them."""
    next: str | None
    page: int
    filters: dict[str, str]


class OutcomeRow(msgspec.Struct, frozen=True):
    """The same on one line of a table."""

    number: int
    indicator: str | None
    target: str
    target_period: str | None
    actual: str
    verdict: Verdict
    verdict_zh: str
    reason: str
    corrected: str
    """Which figures a person corrected, with the source's words."""
    target_url: str
    actual_urls: tuple[str, ...]


class Outcomes(msgspec.Struct, frozen=True):
    """What became of the targets of a place for a year."""

    place: str
    year: int
    kind: str | None
    kinds: tuple[str, ...]
    earlier: ReportLine | None
    later: ReportLine | None
    twins: tuple[ReportLine, ...]
    total: int
    counts: dict[str, int]
    uncheckable: int
    """Targets not mentioned whose report lacks some of its text."""
    data: tuple[OutcomeLine, ...]
    findings: tuple[FindingLine, ...]
    undertakings: tuple[UndertakingLine, ...]
    """What was undertaken without a number."""
    filters: dict[str, str]


def flat(made: Outcomes) -> list[OutcomeRow]:
    return [
        OutcomeRow(
            number=item.number,
            indicator=item.target.indicator,
            target=item.goal,
            target_period=item.target.period,
            actual=item.answer or "；".join(words.one_line(each.text) for each in item.told),
            verdict=item.verdict,
            verdict_zh=VERDICTS[item.verdict][0],
            reason=item.reason,
            corrected="；".join(
                f"{said}：{each.said}（原文“{words.one_line(each.text)}”）"
                for said, numbers in (("目标", (item.target,)), ("完成", item.actuals))
                for each in numbers
                if each.corrected
            ),
            target_url=item.target.url,
            actual_urls=tuple(each.url for each in item.actuals) or tuple(each.url for each in item.told),
        )
        for item in made.data
    ]


def told(ask: Ask, pair: Pair) -> Told:
    """A pair in figures, as far as they are known; nobody waits for those that are not."""
    figures = known(ask.shelf, pair) if pair.earlier and pair.later else None
    many = len(ask.shelf.pairs(pair.place, pair.year)) > 1
    return Told(
        place=pair.place,
        year=pair.year,
        kind=pair.kind,
        url=address(f"/outcomes/{pair.place}/{pair.year}", kind=pair.kind if many else None),
        checkable=bool(pair.earlier and pair.later),
        total=sum(figures.verdicts.values()) if figures else None,
        counts={name: figures.verdicts.get(name, 0) for name in VERDICTS} if figures else None,
    )


def _told_rows(made: OutcomeYears) -> list[ToldRow]:
    unknown: dict[str, int | None] = dict.fromkeys(VERDICTS)
    return [
        ToldRow(
            place=item.place,
            year=item.year,
            kind=item.kind,
            total=item.total,
            url=item.url,
            **(unknown | (item.counts or {})),
        )
        for item in made.data
    ]


@page("/outcomes", template="outcome_years.html", rows=_told_rows, figures=True)
def outcome_years(
    ask: Ask,
    place: str | None = None,
    year: Annotated[int | None, Parameter(ge=1900, le=2200, description="The year of the targets")] = None,
    show: Annotated[
        Literal["checked", "waiting"], Parameter(description="Those that can be checked, or those that wait")
    ] = "checked",
    page: Annotated[int, Parameter(ge=1, le=10000, description="Which page of the list")] = 1,
) -> OutcomeYears:
    """The places and years whose targets can be checked, the newest years first."""
    whole = [pair for pair in ask.shelf.checkable() if pair.earlier and pair.later]
    waiting = ask.shelf.waiting()
    found = [
        pair
        for pair in (waiting if show == "waiting" else whole)
        if place in (None, "", pair.place) and year in (None, pair.year)
    ]
    low = (page - 1) * _MOST
    return OutcomeYears(
        data=tuple(told(ask, pair) for pair in found[low : low + _MOST]),
        total=len(found),
        waiting=len(waiting),
        next=str(page + 1) if low + _MOST < len(found) else None,
        page=page,
        filters={name: str(value) for name, value in (("place", place), ("year", year)) if value},
    )


@page("/outcomes/{place:str}/{year:int}", template="outcomes.html", rows=flat)
def outcomes(
    ask: Ask,
    place: str,
    year: Annotated[int, Parameter(ge=1900, le=2200)],
    kind: Annotated[str | None, Parameter(description="Kind of the reports: work, plan")] = None,
    verdict: Verdict | None = None,
) -> Outcomes:
    """What became of each target that a place set for a year."""
    pairs = ask.shelf.pairs(place, year)
    pair = next((each for each in pairs if kind in (None, "", each.kind)), None)
    if pair is None:
        raise not_found(
            f"账本里没有“{place}”安排或回顾 {year} 年的报告。",
            f"The ledger has no report of “{place}” that plans or reviews {year}.",
        )
    lines: list[OutcomeLine] = []
    odd: tuple[FindingLine, ...] = ()
    undertaken: tuple[UndertakingLine, ...] = ()
    if pair.earlier and pair.later:
        found = sheet(ask.shelf, pair.earlier.report, pair.later.report)
        lines, odd, undertaken = list(found.outcomes), found.findings, found.undertakings
    counts = Counter(item.verdict for item in lines)
    return Outcomes(
        place=place,
        year=year,
        kind=pair.kind,
        kinds=tuple(each.kind or "" for each in pairs),
        earlier=report_line(pair.earlier) if pair.earlier else None,
        later=report_line(pair.later) if pair.later else None,
        twins=tuple(map(report_line, pair.twins)),
        total=len(lines),
        counts={name: counts[name] for name in VERDICTS},  # type: ignore[index]
        uncheckable=sum(item.verdict == "unreported" and bool(item.missing_sections) for item in lines),
        data=tuple(item for item in lines if verdict in (None, item.verdict)),
        findings=odd,
        undertakings=undertaken,
        filters={name: value for name, value in (("kind", kind), ("verdict", verdict)) if value},
    )
