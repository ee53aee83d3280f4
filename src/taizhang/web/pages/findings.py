"""What does not add up: both sides quoted, the sum, and what a code means."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Annotated

import msgspec
from litestar.params import Parameter

from taizhang.checks.registry import codes
from taizhang.model import Finding, Report, Severity, Span
from taizhang.views import words
from taizhang.views.outcome import Checked, quote
from taizhang.views.words import say
from taizhang.web.asking import Ask, address, not_found
from taizhang.web.faces import page
from taizhang.web.lines import ReportLine, report_line
from taizhang.web.pages.home import by_place, place_line
from taizhang.web.shelf import years

_MOST_PLACES = 200


class Quoted(msgspec.Struct, frozen=True):
    """One side of a finding: its words, what stands around them, and where."""

    report: str
    name: str
    url: str
    start: int
    end: int
    text: str
    before: str
    behind: str
    statement: str | None


class FindingLine(msgspec.Struct, frozen=True):
    """Something that does not add up."""

    id: str
    code: str
    severity: Severity
    zh: str
    en: str
    formula: str
    rule: str
    sides: tuple[Quoted, ...]


class Checkable(msgspec.Struct, frozen=True):
    """A place and year whose findings can be shown; `count` is null until somebody looked."""

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


def finding_lines(checked: Checked) -> tuple[FindingLine, ...]:
    """The findings of a check with their quotes."""
    return tuple(_line(checked, item) for item in checked.findings)


def _line(checked: Checked, item: Finding) -> FindingLine:
    return FindingLine(
        id=name_of(item),
        code=item.code,
        severity=item.severity,
        zh=item.zh,
        en=item.en,
        formula=item.formula,
        rule=item.rule,
        sides=tuple(
            _quoted(report, side.span, side.statement)
            for side in item.sides
            if (report := checked.report(side.document)) is not None
        ),
    )


def name_of(item: Finding) -> str:
    """A finding's name: the same as long as its code and the places it speaks of are."""
    places = [(side.document, side.span.start, side.span.end) for side in item.sides]
    return hashlib.sha256(repr((item.code, places)).encode()).hexdigest()[:12]


def _quoted(report: Report, span: Span, statement: str | None) -> Quoted:
    before, inside, behind = quote(report, span)
    anchor = f"#s-{statement}" if statement else ""
    return Quoted(
        report=report.document.id,
        name=words.one_line(report.frame.title or report.document.source.name),
        url=address(f"/reports/{report.document.id}", s=statement) + anchor,
        start=span.start,
        end=span.end,
        text=inside,
        before=before,
        behind=behind,
        statement=statement,
    )


@page("/findings", template="findings.html", rows=lambda made: made.data)
def findings_page(
    ask: Ask,
    place: str | None = None,
    year: Annotated[int | None, Parameter(ge=1900, le=2200)] = None,
    kind: str | None = None,
    severity: Severity | None = None,
    code: str | None = None,
) -> Findings:
    """What does not add up in the reports of a place and year."""
    choices = _choices(ask, place)
    empty: dict[str, int] = {}
    if not place or year is None:
        return Findings(place, year, kind, empty, empty, (), 0, (), choices, {"place": place} if place else {})
    pair = ask.shelf.pair(place, year, kind or None)
    if pair is None:
        raise not_found(f"账本里没有“{place}”{year} 年的报告。", f"The ledger has no report of “{place}” for {year}.")
    if pair.earlier and pair.later:
        checked = ask.shelf.checked(pair.earlier.report, pair.later.report)
    else:
        head = pair.earlier or pair.later
        assert head is not None
        checked = ask.shelf.checked_alone(head.report)
    every = finding_lines(checked)
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
        choices=choices,
        filters={n: str(v) for n, v in (("severity", severity), ("code", code)) if v},
    )


def _choices(ask: Ask, place: str | None) -> tuple[Checkable, ...]:
    found = []
    placed = by_place(ask.shelf.heads())
    for name in list(placed)[:_MOST_PLACES] if not place else [place]:
        mine = placed.get(name, [])
        if name is None or not mine:
            continue
        line = place_line(name, mine)
        kinds = {head.kind for head in mine}
        single = next(iter(kinds)) if len(kinds) == 1 else None
        for year in line.checked or tuple(sorted({years(head)[0] or 0 for head in mine} - {0})):
            pair = ask.shelf.pair(name, year, single)
            count = None
            if pair and pair.earlier and pair.later:
                one, two = pair.earlier.report, pair.later.report
                stamp = ask.shelf.ledger.stamp
                known = ask.shelf.known("checked", (one, stamp(one), two, stamp(two)))
                count = len(known.findings) if known else None
            found.append(
                Checkable(
                    place=name,
                    year=year,
                    kind=pair.kind if pair else None,
                    url=address("/findings", place=name, year=year),
                    count=count,
                )
            )
    return tuple(found)


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


def severity_word(severity: str, lang: words.Lang) -> str:
    return say(words.SEVERITIES, severity, lang)
