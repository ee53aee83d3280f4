"""Document → Report: statements, commitments, and the reason for every other number.

`extract` is what other rooms use, and `amount`, which writes amounts back; the rest is this room's own business.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from taizhang.extract.commitment import commitments
from taizhang.extract.confidence import confidences
from taizhang.extract.context import Reading, read_sentences
from taizhang.extract.coverage import NUMBERS, cover
from taizhang.extract.ids import Ids
from taizhang.extract.quantity import scan
from taizhang.extract.tables import FORESEEN, read_tables
from taizhang.fold import Folded, ordinary
from taizhang.lexicon import userlist
from taizhang.model import Claim, Document, Evidence, Finding, Frame, Quantity, Report, Span, Statement
from taizhang.read.damage import unreliable
from taizhang.read.paged import DOUBT
from taizhang.structure import frame_document

__all__ = ["extract"]


def extract(document: Document) -> Report:
    """Read everything a document states and undertakes.

    Returns a `Report` with its statements and commitments in text order, and a claim for every number that is no
    statement. Never raises for what a document says; odd things become findings. Raises `LexiconError` where the user's
    own word list (`taizhang.lexicon.userlist`) is not in order.
    """
    userlist.check()
    frame, folded = frame_document(document)
    quantities, claims = scan(folded)
    readings = read_sentences(frame, folded, quantities)
    ids = Ids(document, frame)
    doubts = [span for finding in document.findings if finding.code == DOUBT for span in finding.spans]
    doubts += unreliable(document.text, document.findings)
    statements = tuple(
        make_statement(document, frame, folded, reading, ids, _doubted(doubts, folded, reading, sure))
        for reading, sure in zip(readings, confidences(frame, folded, readings), strict=True)
    )
    of_tables, claimed = read_tables(document, frame, ids)
    if of_tables:
        statements = tuple(sorted((*statements, *of_tables), key=lambda statement: statement.span))
    used = {id(reading.quantity) for reading in readings}
    left = [quantity for quantity in quantities if id(quantity) not in used]
    unread = [Claim(q.start, q.end, _reason(frame, folded, q.start), "outside-sentences") for q in left]
    claims = sorted([*claims, *unread], key=lambda claim: claim.start)
    kept = [reading.quantity for reading in readings]
    coverage = tuple(
        Claim(span.start, span.end, claim.reason, claim.rule)
        for claim in cover(folded, frame, kept, claims)
        if claim.start < claim.end
        for span in (folded.span(claim.start, claim.end),)
    )
    # The number of a page that stood in the middle of a sentence is in no view.
    pages = [
        Claim(join.start + match.start(), join.start + match.end(), "page-furniture", "page-number-in-a-sentence")
        for join in frame.joins
        for match in NUMBERS.finditer(document.slice(join))
    ]
    if claimed or pages:
        coverage = tuple(sorted((*coverage, *claimed, *pages), key=lambda claim: claim.start))
    return Report(
        document=document,
        frame=frame,
        statements=statements,
        commitments=tuple(commitments(document, frame, folded, statements)),
        coverage=coverage,
        findings=(*document.findings, *frame.findings, *_foreseen(of_tables)),
    )


def _foreseen(statements: list[Statement]) -> Iterator[Finding]:
    """That figures of a table are those foreseen when it was made, though they count as what was done."""
    spans = tuple(s.span for s in statements if any(e.field == "kind" and e.rule == FORESEEN for e in s.evidence))
    if spans:
        yield Finding(
            "table.foreseen", "info",
            f"表中有{len(spans)}个数在“预计”栏下，是当年的预计数，按实际读；正式数公布后可能不同。",
            f"{len(spans)} figures of tables stand under 预计 (expected): estimates for the year reported on. They are "
            "read as actual; the final figures may differ.",
            spans[:20], "table.foreseen/1",
        )  # fmt: skip


_MISREAD = 0.5
"""Most that a statement is sure of whose digits a recogniser of characters doubts, or whose sentence came to harm."""


def _doubted(doubts: list[Span], folded: Folded, reading: Reading, sure: float) -> float:
    """The confidence of a reading, held down where its digits may be others on the page."""
    if not doubts:
        return sure
    span = folded.span(reading.quantity.start, reading.quantity.end)
    return min(sure, _MISREAD) if any(span.overlaps(doubt) for doubt in doubts) else sure


_UNDATED = ("size-that-describes-a-project", "foreseen")
"""Rules of kind whose numbers are of no year that the text gives."""


def _reason(frame: Frame, folded: Folded, start: int) -> str:
    offset = folded.back[start]
    for block in frame.blocks:
        if block.start <= offset < block.end:
            return "page-furniture" if block.part == "furniture" else "glossary"
    return "page-furniture"


def _quote(folded: Folded, reading: Reading) -> str | None:
    """The indicator in the source's own characters."""
    words = "".join(
        folded.plain[start:end] if folded.text[start:end] == text else text
        for start, end, text in reading.found.term.pieces
    )
    return ordinary(words).strip("，、：；。 \n") or None


def _signed(reading: Reading) -> tuple[Decimal, Decimal | None]:
    quantity = reading.quantity
    if reading.sign > 0:
        return quantity.value, quantity.value_max
    if quantity.value_max is None:
        return -abs(quantity.value), None
    return -quantity.value_max, -quantity.value


def _unit_evidence(folded: Folded, quantity: Quantity) -> Evidence:
    """Where the unit stands behind the number; one that does not was taken from neighbours or from the form."""
    end = quantity.number_end + len(quantity.unit)
    if quantity.unit and folded.plain[quantity.number_end : end] == quantity.unit:
        return Evidence("unit", "written", "unit-behind-the-number", (folded.span(quantity.number_end, end),))
    return Evidence("unit", "assumed", "unit-by-form")


def make_statement(
    document: Document, frame: Frame, folded: Folded, reading: Reading, ids: Ids, confidence: float = 1.0
) -> Statement:
    """The statement of a reading: source spans, the source's own characters, and evidence for each field."""
    quantity = reading.quantity
    span = folded.span(quantity.start, quantity.end)
    text = document.text[span.start : span.end]
    value, value_max = _signed(reading)
    name = ids.of(span, reading.sentence)
    number = folded.span(quantity.number_start, quantity.number_end)
    evidence = [
        Evidence(
            "indicator",
            reading.found.how if reading.found.term else "assumed",
            reading.found.rule,
            tuple(folded.span(start, end) for start, end, _ in reading.found.term.pieces if start < end),
        ),
        Evidence("value", "written", quantity.rule, (number,)),
        _unit_evidence(folded, quantity),
        Evidence(
            "comparator",
            "written" if quantity.comparator_span else "assumed",
            "comparator-word" if quantity.comparator_span else "no-comparator-word",
            (folded.span(*quantity.comparator_span),) if quantity.comparator_span else (),
        ),
        Evidence(
            "measure",
            "written" if reading.measure_span else "assumed",
            reading.measure_rule,
            (folded.span(*reading.measure_span),) if reading.measure_span else (),
        ),
        Evidence("kind", "assumed", reading.kind_rule),
        Evidence(
            "period",
            reading.dating.how,
            reading.dating.rule,
            (folded.span(*reading.dating.span),) if reading.dating.span else (),
        ),
        Evidence(
            "place",
            "written" if reading.place_span else "assumed",
            "place-in-the-clause" if reading.place_span else "place-of-the-report",
            (folded.span(*reading.place_span),) if reading.place_span else (),
        ),
    ]
    return Statement(
        id=name,
        span=span,
        text=text,
        indicator=_quote(folded, reading),
        kind=reading.kind,
        measure=reading.measure,
        value=value,
        value_max=value_max,
        unit=quantity.unit,
        comparator=quantity.comparator,
        period=None if reading.kind_rule in _UNDATED else reading.dating.period,
        place=reading.place,
        decimals=quantity.decimals,
        scale=quantity.scale,
        sentence=reading.sentence,
        evidence=tuple(evidence),
        confidence=confidence,
    )
