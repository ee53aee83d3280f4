"""Reports to rows and back: what one reading writes, and how statements and whole reports are made of it again."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, insert, select
from sqlalchemy import text as sql

from taizhang.fold import fold
from taizhang.ledger import schema
from taizhang.ledger.events import FIELDS, years_of
from taizhang.ledger.search import tokens, vector
from taizhang.model import Claim, Commitment, Document, Evidence, Finding, Frame, Report, Sentence, Span, Statement

Record = dict[str, Any]

_OTHERWISE = ("span", "value", "value_max", "evidence")
_AS_THEY_ARE = tuple(name for name in Statement.__struct_fields__ if name not in _OTHERWISE)
"""Fields of a statement that a column of the same name holds as they are."""

_JSON = msgspec.json.Encoder()
_EVIDENCE: msgspec.msgpack.Decoder[tuple[Evidence, ...]] = msgspec.msgpack.Decoder(tuple[Evidence, ...])
_SPANS: msgspec.json.Decoder[tuple[Span, ...]] = msgspec.json.Decoder(tuple[Span, ...])
_WORDS: msgspec.json.Decoder[tuple[str, ...]] = msgspec.json.Decoder(tuple[str, ...])


class Body(msgspec.Struct, frozen=True):
    """What a reading holds beside its statements and commitments; the document without its text."""

    document: Document
    frame: Frame
    coverage: tuple[Claim, ...]
    findings: tuple[Finding, ...]


class Reasons(msgspec.Struct, frozen=True):
    """The evidence of a reading's statements and commitments, by position. It is kept apart from them: it is most of
    what a reading takes up, and much of it is said over and over, so it is compressed together."""

    statements: tuple[msgspec.Raw, ...]
    commitments: tuple[msgspec.Raw, ...]

    def of(self, position: int) -> tuple[Evidence, ...]:
        """The evidence of the statement at a position."""
        return _EVIDENCE.decode(self.statements[position])


class Written(msgspec.Struct):
    """A report as rows, made before the ledger is locked; their numbers are given when they are written."""

    source: str
    digest: str
    text: bytes
    evidence: bytes
    body: bytes
    statements: list[Record]
    commitments: list[Record]
    sentences: list[Record]
    sentence_words: list[list[str]]
    statement_words: list[tuple[list[str], list[str]]]


def written(report: Report) -> Written:
    """A report as rows."""
    text = report.document.text.encode("utf-8", "surrogatepass")
    source = hashlib.sha256(text).hexdigest()
    parts = (report.frame, report.statements, report.commitments, report.coverage, report.findings)
    outcome = msgspec.msgpack.encode((source, *parts))
    body = Body(msgspec.structs.replace(report.document, text=""), report.frame, report.coverage, report.findings)
    folded = fold(report.document.text)
    sentences, words = [], []
    for position, sentence in enumerate(report.frame.sentences):
        pieces = _pieces(sentence, report.frame)
        torn = len(pieces) > 1
        sentences.append(
            {
                "position": position,
                "start": sentence.span.start,
                "end": sentence.span.end,
                "part": report.frame.blocks[sentence.block].part if report.frame.blocks else "other",
                "pieces": _json(pieces) if torn else None,
            }
        )
        words.append(tokens("".join(folded.text[folded.at(piece.start) : folded.at(piece.end)] for piece in pieces)))
    return Written(
        source=source,
        digest=hashlib.sha256(outcome).hexdigest(),
        text=zlib.compress(text),
        evidence=_packed(
            Reasons(
                tuple(_raw(item.evidence) for item in report.statements),
                tuple(_raw(item.evidence) for item in report.commitments),
            )
        ),
        body=_packed(body),
        statements=[_statement(position, item) for position, item in enumerate(report.statements)],
        commitments=[_commitment(position, item) for position, item in enumerate(report.commitments)],
        sentences=sentences,
        sentence_words=words,
        statement_words=[statement_words(item) for item in report.statements],
    )


def statement_words(statement: Statement) -> tuple[list[str], list[str]]:
    """What a statement is found by: its indicator and its quantity as written."""
    return _words(statement.indicator or ""), _words(statement.text)


@lru_cache(maxsize=50_000)
def _words(text: str) -> list[str]:
    return tokens(fold(text).text)


def _pieces(sentence: Sentence, frame: Frame) -> tuple[Span, ...]:
    """A sentence without the gaps that it is torn over."""
    pieces, at = [], sentence.span.start
    for gap in frame.joins:
        if gap in sentence.span and at < gap.start and gap.end < sentence.span.end:
            pieces.append(Span(at, gap.start))
            at = gap.end
    return (*pieces, Span(at, sentence.span.end))


def _raw(evidence: tuple[Evidence, ...]) -> msgspec.Raw:
    return msgspec.Raw(msgspec.msgpack.encode(evidence))


def _packed(value: Body | Reasons) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(value))


def _json(value: object) -> str:
    return _JSON.encode(value).decode()


def _statement(position: int, item: Statement) -> Record:
    first, last = years_of(item.period)
    return {
        "position": position,
        "start": item.span.start,
        "end": item.span.end,
        "value": str(item.value),
        "value_max": None if item.value_max is None else str(item.value_max),
        "year_from": first,
        "year_to": last,
        **{name: getattr(item, name) for name in _AS_THEY_ARE},
    }


def _commitment(position: int, item: Commitment) -> Record:
    return {
        "position": position,
        "id": item.id,
        "start": item.span.start,
        "end": item.span.end,
        "text": item.text,
        "done": item.done,
        "section": item.section,
        "task": item.task,
        "strength": item.strength,
        "period": item.period,
        "units": _json(item.units),
        "verifiable": item.verifiable,
        "statements": _json(item.statements),
        "pieces": _json(item.pieces),
    }


def write(connection: Connection, postgres: bool, reading: int, rows: Written) -> None:
    """Write statements, commitments, sentences and their words under a reading that is already there."""
    for table, records in (
        (schema.statement, rows.statements),
        (schema.commitment, rows.commitments),
        (schema.sentence, rows.sentences),
    ):
        first = (connection.execute(select(func.max(table.c.row))).scalar() or 0) + 1
        for number, record in enumerate(records, first):
            record["row"] = number
            record["reading"] = reading
        if records:
            connection.execute(insert(table), records)
    numbered = [(record["row"], [words]) for record, words in zip(rows.sentences, rows.sentence_words, strict=True)]
    _write_words(connection, postgres, "sentence_words", ("words",), numbered)
    both = [(record["row"], list(words)) for record, words in zip(rows.statements, rows.statement_words, strict=True)]
    _write_words(connection, postgres, "statement_words", ("words", "written"), both)


def _write_words(
    connection: Connection,
    postgres: bool,
    table: str,
    columns: Sequence[str],
    rows: Sequence[tuple[int, list[list[str]]]],
) -> None:
    if not rows:
        return
    if postgres:
        connection.execute(
            sql(f'INSERT INTO {table} ("row", words) VALUES (:row, CAST(:words AS tsvector))'),
            [{"row": number, "words": vector(*words)} for number, words in rows],
        )
        return
    names, marks = ", ".join(columns), ", ".join(f":{name}" for name in columns)
    connection.execute(
        sql(f"INSERT INTO {table} (rowid, {names}) VALUES (:row, {marks})"),
        [
            {"row": number, **{name: " ".join(found) for name, found in zip(columns, words, strict=True)}}
            for number, words in rows
        ],
    )


def statement_of(row: Row[Any], reasons: Reasons | None) -> Statement:
    """A statement from its row and its reading's evidence, as it was read; without them, the bare statement."""
    return Statement(
        span=Span(row.start, row.end),
        value=Decimal(row.value),
        value_max=None if row.value_max is None else Decimal(row.value_max),
        evidence=reasons.of(row.position) if reasons else (),
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
    )


def words_of(column: str) -> tuple[str, ...]:
    """The words of a column that holds several."""
    return _WORDS.decode(column)


def commitment_of(row: Row[Any], reasons: Reasons | None) -> Commitment:
    """A commitment from its row and its reading's evidence, as it was read; without them, the bare commitment."""
    return Commitment(
        id=row.id,
        span=Span(row.start, row.end),
        text=row.text,
        done=bool(row.done),
        section=row.section,
        task=row.task,
        strength=row.strength,
        period=row.period,
        units=_WORDS.decode(row.units),
        verifiable=bool(row.verifiable),
        statements=_WORDS.decode(row.statements),
        pieces=_SPANS.decode(row.pieces),
        evidence=_EVIDENCE.decode(reasons.commitments[row.position]) if reasons else (),
    )


def pieces_of(row: Row[Any]) -> tuple[Span, ...]:
    """The spans of a sentence from its row."""
    return _SPANS.decode(row.pieces) if row.pieces else (Span(row.start, row.end),)


def text_of(connection: Connection, source: str) -> str:
    """A text by its hash."""
    body = connection.execute(select(schema.source.c.body).where(schema.source.c.sha256 == source)).scalar_one()
    return zlib.decompress(body).decode("utf-8", "surrogatepass")


def body_of(connection: Connection, reading: int) -> Body:
    """What a reading holds beside its statements and commitments."""
    body = connection.execute(select(schema.reading.c.body).where(schema.reading.c.id == reading)).scalar_one()
    return msgspec.msgpack.decode(zlib.decompress(body), type=Body)


def reasons_of(connection: Connection, reading: int) -> Reasons:
    """The evidence of a reading."""
    packed = connection.execute(select(schema.reading.c.evidence).where(schema.reading.c.id == reading)).scalar_one()
    return msgspec.msgpack.decode(zlib.decompress(packed), type=Reasons)


def statements(
    connection: Connection, found: Iterable[Row[Any]], *, evidence: bool
) -> Iterator[tuple[Row[Any], Statement]]:
    """Rows of statements of any readings, with the statements as they were read, with or without their evidence."""
    reasons: dict[int, Reasons] = {}
    for row in found:
        if evidence and row.reading not in reasons:
            reasons[row.reading] = reasons_of(connection, row.reading)
        yield row, statement_of(row, reasons.get(row.reading))


def statements_of(connection: Connection, reading: int, *, evidence: bool) -> tuple[Statement, ...]:
    """The statements of a reading in the order of the text."""
    table = schema.statement
    wanted = select(table).where(table.c.reading == reading).order_by(table.c.position)
    return tuple(item for _, item in statements(connection, connection.execute(wanted).all(), evidence=evidence))


def sentences_of(connection: Connection, reading: int) -> tuple[Span, ...]:
    """The sentences of a reading in the order of the text."""
    table = schema.sentence
    wanted = select(table.c.start, table.c.end).where(table.c.reading == reading).order_by(table.c.position)
    return tuple(Span(row.start, row.end) for row in connection.execute(wanted))


def first_row(connection: Connection, reading: int) -> int:
    """Row number of a reading's first statement; those of one reading follow each other."""
    table = schema.statement
    return connection.execute(select(func.min(table.c.row)).where(table.c.reading == reading)).scalar() or 0


def commitments_of(connection: Connection, reading: int) -> tuple[Commitment, ...]:
    """The commitments of a reading in the order of the text."""
    table = schema.commitment
    wanted = select(table).where(table.c.reading == reading).order_by(table.c.position)
    found = connection.execute(wanted).all()
    reasons = reasons_of(connection, reading) if found else Reasons((), ())
    return tuple(commitment_of(row, reasons) for row in found)


def differing(before: Statement, after: Statement) -> tuple[str, ...]:
    """The fields of the labelling guide in which two statements differ."""
    return tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))
