"""What does not add up: both sides quoted, the sum, and what a code means."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import msgspec
from litestar.params import Parameter

from taizhang.checks.registry import codes
from taizhang.model import Severity
from taizhang.views import words
from taizhang.web.asking import Ask, address, not_found
from taizhang.web.checked import FindingLine, known, sheet_alone, sheet_of, sheets_with
from taizhang.web.faces import page
from taizhang.web.lines import ReportLine, report_line
from taizhang.web.shelf import years

_MOST_CHOICES = 400


class Checkable(msgspec.Struct, frozen=True):
    """A place and year whose findings can be shown.

    `count` is how many of those that are asked for it has; null until somebody looked.
    """

    place: str
    year: int
    kind: str | None
    url: str
    count: int | None


class Findings(msgspec.Struct, frozen=True):
    """Findings of one place and year, or where there are any to look at."""

    place: str | None
    year: int | None
    kind: str | None
    counts: dict[str, int]
    codes: dict[str, int]
    data: tuple[FindingLine, ...]
    total: int
    reports: tuple[ReportLine, ...]
    choices: tuple[Checkable, ...]
    filters: dict[str, str]


class Rule(msgspec.Struct, frozen=True):
    """What a code of a finding means."""

    code: str
    version: int
    severity: Severity
    title: str
    title_en: str
    formula: str
    look: str
    look_en: str
    limits: str
    limits_en: str
    example: str
    near_miss: str


class Rules(msgspec.Struct, frozen=True):
    """Every code."""

    data: tuple[Rule, ...]
    total: int


@page("/findings", template="findings.html", rows=lambda made: made.data, figures=True)
def findings_page(
    ask: Ask,
    place: str | None = None,
    year: Annotated[int | None, Parameter(ge=1900, le=2200)] = None,
    kind: str | None = None,
    severity: Severity | None = None,
    code: str | None = None,
) -> Findings:
    """What does not add up in the reports of a place and year."""
    chosen = {n: str(v) for n, v in (("place", place), ("year", year), ("severity", severity), ("code", code)) if v}
    if not place or year is None:
        return _overview(ask, place, year, severity, code, chosen)
    pair = ask.shelf.pair(place, year, kind or None)
    if pair is None:
        raise not_found(f"账本里没有“{place}”{year} 年的报告。", f"The ledger has no report of “{place}” for {year}.")
    every = sheet_of(ask.shelf, pair).findings
    found = [item for item in every if severity in (None, item.severity) and code in (None, "", item.code)]
    return Findings(
        place=place,
        year=year,
        kind=pair.kind,
        counts={name: sum(item.severity == name for item in every) for name in words.SEVERITIES},
        codes=dict(Counter(item.code for item in every).most_common()),
        data=tuple(found),
        total=len(every),
        reports=tuple(report_line(head) for head in (pair.earlier, pair.later) if head),
        choices=(),
        filters={name: value for name, value in chosen.items() if name in ("severity", "code")},
    )


class OneFinding(msgspec.Struct, frozen=True):
    """One finding, and where the others of its reports are."""

    report: ReportLine
    data: tuple[FindingLine, ...]
    url: str
    """Of all findings of that place and year."""


@page("/findings/{report:str}/{finding:str}", template="finding.html")
def finding(ask: Ask, report: str, finding: str) -> OneFinding:
    """One thing that does not add up, by its own address."""
    head = ask.shelf.head(report)
    if head is None:
        raise not_found("账本里没有这份报告，或已撤回。", "The ledger has no such report, or it was retracted.")
    sheets = [(pair.place, pair.year, made) for pair, made in sheets_with(ask.shelf, head)]
    year = next((each for each in years(head) if each), None)
    for place, year_of, made in [*sheets, (head.place or "", year or 0, sheet_alone(ask.shelf, report))]:
        found = tuple(each for each in made.findings if each.id == finding)
        if found:
            return OneFinding(report_line(head), found, address("/findings", place=place, year=year_of))
    raise not_found(
        "没有这处疑点；报告重读或更正之后，它可能已不再成立。",
        "There is no such finding; it may not hold any more since a report was read again or corrected.",
    )


def _overview(
    ask: Ask, place: str | None, year: int | None, severity: str | None, code: str | None, chosen: dict[str, str]
) -> Findings:
    """Where there are findings, and how many of each sort, as far as they are known: nobody waits for the others."""
    pairs = [pair for pair in ask.shelf.checkable() if place in (None, "", pair.place) and year in (None, pair.year)]
    figures = [(pair, known(ask.shelf, pair)) for pair in pairs]
    held = [found for _, found in figures if found is not None]
    named: Counter[str] = Counter()
    for found in held:
        for name, how, count in found.findings:
            if severity in (None, how):
                named[name] += count
    choices = [
        Checkable(
            place=pair.place,
            year=pair.year,
            kind=pair.kind,
            url=address("/findings", place=pair.place, year=pair.year, severity=severity, code=code),
            count=found.found(severity, code) if found is not None else None,
        )
        for pair, found in figures
    ]
    # Those with something to see first; within them the newest years, as they come.
    choices.sort(key=lambda each: 0 if each.count else 1 if each.count is None else 2)
    return Findings(
        place=place,
        year=year,
        kind=None,
        counts={name: sum(found.found(name) for found in held) for name in words.SEVERITIES},
        codes=dict(named.most_common()),
        data=(),
        total=sum(found.found() for found in held),
        reports=(),
        choices=tuple(choices[:_MOST_CHOICES]),
        filters=chosen,
    )


@page("/rules", template="rules.html", rows=lambda made: made.data)
def rules(ask: Ask) -> Rules:
    """The codes of findings and what they mean."""
    found = tuple(map(_rule, codes()))
    return Rules(found, len(found))


@page("/rules/{code:str}", template="rule.html")
def rule(ask: Ask, code: str) -> Rule:
    """What one code of a finding means."""
    if code not in codes():
        raise not_found(f"没有代码“{code}”。", f"There is no code “{code}”.")
    return _rule(code)


def _rule(name: str) -> Rule:
    code = codes()[name]
    return Rule(
        code=name,
        version=code.version,
        severity=code.severity,
        title=code.title,
        title_en=code.title_en,
        formula=code.formula,
        look=code.look,
        look_en=code.look_en,
        limits=code.limits,
        limits_en=code.limits_en,
        example=code.example,
        near_miss=code.near_miss,
    )
