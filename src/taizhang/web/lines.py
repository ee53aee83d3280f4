"""A statement as pages and the REST interface show it."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from taizhang.extract.amount import as_read
from taizhang.ledger import Head, State
from taizhang.model import Comparator, Kind, Measure, Statement
from taizhang.views import words
from taizhang.views.record import number
from taizhang.web.asking import address


class Number(msgspec.Struct, frozen=True):
    """A statement, flat: the fields of the record format, and where to find it."""

    key: str
    """Its permanent name."""
    url: str
    """Its permanent address."""
    report: str
    start: int
    end: int
    text: str
    """The source's words."""
    said: str
    """The figure as it counts: the source's words, or where a person gave it another value, that."""
    indicator: str | None
    kind: Kind
    measure: Measure
    value: Decimal | int
    value_max: Decimal | int | None
    unit: str
    comparator: Comparator
    period: str | None
    place: str | None
    confidence: float
    standing: str = "read"
    """`read` or `person`; anything else does not count any more."""
    corrected: tuple[str, ...] = ()
    """Fields that hold a person's value."""


_FIGURE = frozenset({"value", "value_max", "unit", "comparator"})


class ReportLine(msgspec.Struct, frozen=True):
    """A report in short."""

    id: str
    url: str
    name: str
    title: str | None
    place: str | None
    kind: str | None
    year_reviewed: str | None
    year_planned: str | None
    statements: int
    commitments: int
    sha256: str
    entered: str
    """When this reading was entered (UTC)."""
    who: str
    reader: str


def number_of(report: str, item: Statement, standing: str = "read", corrected: tuple[str, ...] = ()) -> Number:
    key = f"{report}-{item.id}"
    value, value_max = number(item.value), number(item.value_max)
    # A statement of a list comes without its evidence; how it stands then says what a person gave it.
    corrected = corrected or tuple(each.field for each in item.evidence if each.how == "corrected")
    made = item.id.startswith("p")
    anew = made or not _FIGURE.isdisjoint(corrected)
    assert value is not None
    return Number(
        key=key,
        url=f"/n/{key}",
        report=report,
        start=item.span.start,
        end=item.span.end,
        text=item.text,
        said=as_read(item) if anew else words.one_line(item.text),
        indicator=item.indicator,
        kind=item.kind,
        measure=item.measure,
        value=value,
        value_max=value_max,
        unit=item.unit,
        comparator=item.comparator,
        period=item.period,
        place=item.place,
        confidence=item.confidence,
        standing="person" if made and standing == "read" else standing,
        corrected=corrected,
    )


def of_state(state: State) -> Number:
    return number_of(state.report, state.statement, state.standing, state.corrected)


def report_line(head: Head) -> ReportLine:
    return ReportLine(
        id=head.report,
        url=address(f"/reports/{head.report}"),
        name=head.name,
        title=head.title,
        place=head.place,
        kind=head.kind,
        year_reviewed=head.year_reviewed,
        year_planned=head.year_planned,
        statements=head.statements,
        commitments=head.commitments,
        sha256=head.sha256,
        entered=head.at,
        who=head.who,
        reader=head.reader,
    )
