"""A report as plain rows: the fields of the labelling guide, values as JSON numbers, offsets into the source text."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import msgspec

from taizhang.model import Claim, Commitment, Evidence, Finding, Report, Span, Statement

Record = dict[str, Any]

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encode(row: Record) -> bytes:
    """One row as a line of JSON, in UTF-8. A Decimal is written digit for digit, never by way of a float."""
    return _ENCODER.encode(row) + b"\n"


def number(value: Decimal | None) -> int | Decimal | None:
    """A value as JSON should show it: 127000000 and not 1.27E+8, 66.6667 and not 66.666700."""
    if value is None:
        return None
    if value == value.to_integral_value():
        return int(value)
    return Decimal(f"{value.normalize():f}")


def record(statement: Statement, document: str, *, evidence: bool = False) -> Record:
    """One statement with the fields of the labelling guide; `document` is the name of the file it is from."""
    row: Record = {
        "document": document,
        "id": statement.id,
        "start": statement.span.start,
        "end": statement.span.end,
        "text": statement.text,
        "indicator": statement.indicator,
        "kind": statement.kind,
        "measure": statement.measure,
        "value": number(statement.value),
        "value_max": number(statement.value_max),
        "unit": statement.unit,
        "comparator": statement.comparator,
        "period": statement.period,
        "place": statement.place,
        "confidence": statement.confidence,
    }
    if evidence:
        row["evidence"] = _evidence(statement.evidence)
    return row


def commitment_record(commitment: Commitment, document: str, *, evidence: bool = False) -> Record:
    """One commitment, or with `done` one achievement."""
    row: Record = {
        "document": document,
        "id": commitment.id,
        "start": commitment.span.start,
        "end": commitment.span.end,
        "text": commitment.text,
        "done": commitment.done,
        "section": commitment.section,
        "task": commitment.task,
        "strength": commitment.strength,
        "period": commitment.period,
        "units": list(commitment.units),
        "verifiable": commitment.verifiable,
        "statements": list(commitment.statements),
    }
    if commitment.pieces:
        row["pieces"] = _spans(commitment.pieces)
    if evidence:
        row["evidence"] = _evidence(commitment.evidence)
    return row


def report_record(report: Report) -> Record:
    """All that was read out of one document. `file` is its name as given; every offset points into its text."""
    document, frame = report.document, report.frame
    name = document.source.name
    exact = _exact(report)
    return {
        "file": name,
        "document": {
            "id": document.id,
            "sha256": document.source.sha256,
            "media_type": document.source.media_type,
            "encoding": document.source.encoding,
            "characters": len(document.text),
            "title": frame.title,
            "title_span": _span(frame.title_span),
            "place": frame.place,
            "kind": frame.kind,
            "year_reviewed": frame.year_reviewed,
            "year_planned": frame.year_planned,
            "stated_title": document.source.title,
            "published": document.source.published,
            "publisher": document.source.publisher,
        },
        "articles": [
            {
                "kind": article.kind,
                "title": article.title,
                "title_span": _span(article.title_span),
                "pieces": _spans(article.pieces),
            }
            for article in frame.articles
        ],
        "holes": [msgspec.structs.asdict(hole) for hole in frame.holes],
        "joins": _spans(frame.joins),
        "blocks": [msgspec.structs.asdict(block) for block in frame.blocks],
        "headings": [
            {
                "start": heading.span.start,
                "end": heading.span.end,
                "level": heading.level,
                "number": heading.number,
                "title": heading.title,
                "part": heading.part,
                "parent": heading.parent,
            }
            for heading in frame.headings
        ],
        "statements": [
            record(statement, name, evidence=True) | exact.get(statement.id, {}) for statement in report.statements
        ],
        "commitments": [commitment_record(commitment, name, evidence=True) for commitment in report.commitments],
        "coverage": [_claim(report, claim) for claim in report.coverage],
        "findings": [_finding(finding) for finding in findings(report)],
    }


def _exact(report: Report) -> dict[str, Record]:
    """For statements of cells that show a number rounded, by id: the number that the workbook holds."""
    held = {cell.span: cell.exact for table in report.document.tables for cell in table.cells if cell.exact}
    found: dict[str, Record] = {}
    for statement in report.statements if held else ():
        number_held = next((held[span] for span in held if statement.span in span), None)
        if number_held is None or statement.value_max is not None:
            continue
        value = Decimal(number_held).scaleb(statement.scale)
        value = -abs(value) if statement.value < 0 else abs(value)
        if abs(value - statement.value) <= Decimal(5).scaleb(statement.scale - statement.decimals - 1):
            found[statement.id] = {"exact": number(value)}
    return found


def findings(report: Report) -> tuple[Finding, ...]:
    """The findings of frame and report, each once, in the order they were made."""
    return tuple(dict.fromkeys((*report.frame.findings, *report.findings)))


def _claim(report: Report, claim: Claim) -> Record:
    return {
        "start": claim.start,
        "end": claim.end,
        "text": report.document.text[claim.start : claim.end],
        "reason": claim.reason,
        "rule": claim.rule,
    }


def _finding(finding: Finding) -> Record:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "zh": finding.zh,
        "en": finding.en,
        "spans": _spans(finding.spans),
    }


def _evidence(evidence: Iterable[Evidence]) -> list[Record]:
    return [{"field": item.field, "how": item.how, "rule": item.rule, "spans": _spans(item.spans)} for item in evidence]


def _span(span: Span | None) -> list[int] | None:
    return None if span is None else [span.start, span.end]


def _spans(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
