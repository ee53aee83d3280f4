"""What does not add up: both sides quoted, the sum, and what a code means."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import msgspec
from litestar.params import Parameter

from taizhang.checks.registry import codes
from taizhang.model import Severity
from taizhang.views import words
from taizhang.views.words import say
from taizhang.web.asking import Ask, address, not_found
from taizhang.web.checked import FindingLine, findings_known, sheet, sheet_alone
from taizhang.web.faces import page
from taizhang.web.lines import ReportLine, report_line
from taizhang.web.pages.home import by_place, place_line
from taizhang.web.shelf import years

_MOST_PLACES = 200


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
        every = sheet(ask.shelf, pair.earlier.report, pair.later.report).findings
    else:
        head = pair.earlier or pair.later
        assert head is not None
        every = sheet_alone(ask.shelf, head.report).findings
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
                # In a list of every year nobody waits for counts that are not known yet.
                count = findings_known(ask.shelf, pair)
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
