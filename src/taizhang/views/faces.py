"""The formats: how one report is rendered, and how a stream of rendered reports becomes one output.

`render` is pure and its result can be sent between processes, so reports are rendered where they are read; `writer`
takes them one by one, so that memory does not grow with the number of files.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO, Protocol

import msgspec

from taizhang.model import Report
from taizhang.views import page, record, sheet, table, words
from taizhang.views.words import Lang


class Options(msgspec.Struct, frozen=True):
    """What is the same for every report of one run."""

    lang: Lang = "zh"
    commitments: bool = False
    """Rows are commitments and achievements instead of statements, in a check what was undertaken without a number
    instead of targets (table, jsonl, csv)."""
    width: int = 100
    colour: bool = False
    doubtful: bool = False
    """Only doubtful statements, the least sure first, and not in the order of the text (table, jsonl, csv, xlsx)."""


class Writer(Protocol):
    """Takes rendered reports in order; `close` completes the output and leaves the stream open."""

    def write(self, rendered: Any) -> None: ...

    def close(self) -> None: ...


class Face(msgspec.Struct, frozen=True):
    """One format. `terminal` says whether a terminal can show it; `single` whether one output holds one report only."""

    render: Callable[[Report, Options], Any]
    writer: Callable[[BinaryIO, Options], Writer]
    terminal: bool = True
    single: bool = False


class Stream:
    """Writes what is rendered, as it comes, behind an optional head."""

    def __init__(self, stream: BinaryIO, head: bytes = b"") -> None:
        self._stream = stream
        if head:
            stream.write(head)

    def write(self, rendered: bytes) -> None:
        self._stream.write(rendered)

    def close(self) -> None:
        self._stream.flush()


def _json(report: Report, options: Options) -> bytes:
    return record.encode(record.report_record(report))


def _chosen(report: Report, options: Options) -> Report:
    return words.doubtful_only(report) if options.doubtful else report


def _jsonl(report: Report, options: Options) -> bytes:
    name = report.document.source.name
    if options.commitments:
        return b"".join(record.encode(record.commitment_record(item, name)) for item in report.commitments)
    return b"".join(record.encode(record.record(item, name)) for item in _chosen(report, options).statements)


def _csv(report: Report, options: Options) -> bytes:
    return sheet.csv_rows(_chosen(report, options), options.lang, commitments=options.commitments)


def _xlsx(report: Report, options: Options) -> sheet.Rows:
    return sheet.rows(_chosen(report, options), options.lang)


def _table(report: Report, options: Options) -> bytes:
    return table.render(
        report,
        options.lang,
        commitments=options.commitments,
        doubtful=options.doubtful,
        width=options.width,
        colour=options.colour,
    ).encode()


def _html(report: Report, options: Options) -> bytes:
    return page.render(report, options.lang).encode()


FACES: dict[str, Face] = {
    "table": Face(_table, lambda stream, options: Stream(stream)),
    "json": Face(_json, lambda stream, options: Stream(stream)),
    "jsonl": Face(_jsonl, lambda stream, options: Stream(stream)),
    "csv": Face(
        _csv, lambda stream, options: Stream(stream, sheet.csv_head(options.lang, commitments=options.commitments))
    ),
    "xlsx": Face(_xlsx, lambda stream, options: sheet.Workbook(stream, options.lang), terminal=False),
    "html": Face(_html, lambda stream, options: Stream(stream), single=True),
}
