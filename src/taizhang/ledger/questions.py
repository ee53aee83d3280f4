"""What a ledger answers, and what it computes for that. Every answer is of one unchanging view.

The questions take `as_of` to be answered as the ledger stood then: a moment, or an event's number.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from taizhang.errors import LedgerError
from taizhang.ledger import ask, rows, schema, status
from taizhang.ledger.answers import (
    Diff,
    Fate,
    Happening,
    Head,
    Hits,
    Info,
    Page,
    Proposal,
    Tallies,
    Tasks,
    Where,
)
from taizhang.ledger.events import (
    Event,
    Word,
    keys_of,
)
from taizhang.ledger.log import Log, View
from taizhang.ledger.status import Book, Content, Decision, State, Unplaced
from taizhang.model import Commitment, Report, Span

Moment = datetime | int
"""When: a time (with its zone), or the number of the last event that is to count."""

_BOOKS = 4096
_CONTENTS = 64


class Questions:
    """The half of a `Ledger` that only reads."""

    def __init__(self, store: schema.Store) -> None:
        self._store = store
        self._log = Log()
        self._books: OrderedDict[tuple[object, ...], Book] = OrderedDict()
        self._contents: OrderedDict[int, Content] = OrderedDict()

    @property
    def name(self) -> str:
        """What the ledger is called in messages; without the password of its address."""
        return self._store.name

    # What counts

    def reports(
        self, *, place: str | None = None, year: int | None = None, kind: str | None = None, as_of: Moment | None = None
    ) -> tuple[Head, ...]:
        """The reports that count, in the order of entry. `year` is one that a report reviews or plans."""
        with self._store.reading() as connection:
            return ask.reports(self._at(connection, as_of), place, year, kind)

    def report(
        self, report: str, *, reading: int | None = None, corrected: bool = True, as_of: Moment | None = None
    ) -> Report:
        """A whole report, as `extract` gave it, with people's corrections applied unless `corrected` is false.

        An earlier `reading` is given as it was read.
        """
        with self._store.reading() as connection:
            view = self._at(connection, as_of)
            head = view.readings.get(report)
            if reading is not None:
                head = next((item for item in view.heads if item.reading == reading and item.report == report), None)
            if head is None:
                raise self._no_report(report)
            body = rows.body_of(connection, head.reading)
            content = self._content(connection, head)
            untouched = Book(report, head.reading, {}, (), {})
            book = self._book(connection, view, report) if corrected and reading is None else untouched
            found = tuple(state.statement for state in status.statements(content, book))
            return Report(
                document=msgspec.structs.replace(body.document, text=content.text),
                frame=body.frame,
                statements=found,
                commitments=rows.commitments_of(connection, head.reading),
                coverage=body.coverage,
                findings=body.findings,
            )

    def text(self, report: str, *, as_of: Moment | None = None) -> str:
        """The text of a report, exactly as decoded: what every offset points into."""
        with self._store.reading() as connection:
            head = self._at(connection, as_of).readings.get(report)
            if head is None:
                raise self._no_report(report)
            return self._content(connection, head).text

    def original(self, report: str) -> tuple[str, bytes] | None:
        """Media type and bytes of the file that a report was read from, where they were kept."""
        table, of = schema.original, schema.document.c
        with self._store.reading() as connection:
            wanted = select(of.media_type, table.c.body).join(table, table.c.document == of.id).where(of.id == report)
            row = connection.execute(wanted).first()
            return None if row is None else (row.media_type, bytes(row.body))

    def statements(
        self,
        *,
        report: str | None = None,
        place: str | None = None,
        year: int | None = None,
        indicator: str | None = None,
        kind: str | None = None,
        measure: str | None = None,
        unit: str | None = None,
        worded: Iterable[str] | None = None,
        limit: int | None = None,
        after: str | None = None,
        evidence: bool = False,
        as_of: Moment | None = None,
    ) -> Page:
        """The statements that count, by report and place in it.

        `place` begins the statement's place (保定 finds 保定市), `year` lies in its period, `indicator` is a part of
        its indicator, `worded` are wordings that its indicator may have, letter for letter. `limit` and `after` (the
        `next` of the page before) give them in pages. They come without their evidence unless it is asked for: it
        takes longer than all the rest.
        """
        exact = None if worded is None else frozenset(worded)
        wanted = ask.Wanted(report, place, year, indicator, kind, measure, unit, exact)
        with self._store.reading() as connection:
            view = self._at(connection, as_of)
            books = self._all_books(connection, view)
            return ask.statements(connection, view, books, wanted, limit, after, evidence)

    def statement(self, key: str, *, as_of: Moment | None = None) -> State | None:
        """One statement by its permanent name, whatever became of it; null if there never was one.

        One that the reading no longer has (`gone`) is given as the last reading had it; `into` says what stands there.
        """
        with self._store.reading() as connection:
            view = self._at(connection, as_of)
            head = view.readings.get(key[:16])
            return None if head is None else self._state(connection, view, head, key)

    def version(self, key: str) -> int:
        """Number of the newest event about a statement: its reading, or what a person did to it or took back."""
        with self._store.reading() as connection:
            view = self._log.view(connection)
            head = view.readings.get(key[:16])
            if head is None:
                raise self._no_report(key[:16])
            return version_of(view, head, key, self._state(connection, view, head, key))

    def commitments(self, report: str, *, as_of: Moment | None = None) -> tuple[Commitment, ...]:
        """The undertakings and achievements of a report."""
        with self._store.reading() as connection:
            head = self._at(connection, as_of).readings.get(report)
            if head is None:
                raise self._no_report(report)
            return rows.commitments_of(connection, head.reading)

    def tasks(
        self,
        *,
        unit: str | None = None,
        within: bool = False,
        place: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Tasks:
        """The undertakings that name a unit, those of the newest years first.

        `unit` is a part of the unit's name; `within`, that the name as written may also be a part of `unit`.
        """
        with self._store.reading() as connection:
            view = self._log.view(connection)
            return ask.tasks(connection, view, unit, within, place, limit, offset)

    def originals(self) -> frozenset[str]:
        """The reports whose file is kept."""
        with self._store.reading() as connection:
            return frozenset(connection.execute(select(schema.original.c.document)).scalars())

    def decisions(self, *, as_of: Moment | None = None) -> tuple[Decision, ...]:
        """What people say of targets: links made and refused, and verdicts."""
        with self._store.reading() as connection:
            view = self._at(connection, as_of)
            return status.decisions(view.in_force, self._all_books(connection, view))

    def proposals(self, *, fate: Fate | None = None) -> tuple[Proposal, ...]:
        """What was proposed, the newest first; `fate` "open" gives what still waits for somebody."""
        with self._store.reading() as connection:
            found = ask.proposals(self._log.view(connection))
            return tuple(item for item in found if fate in (None, item.fate))

    def unplaced(self, *, as_of: Moment | None = None) -> tuple[Unplaced, ...]:
        """People's events that have no effect on the reading that counts, and why."""
        with self._store.reading() as connection:
            books = self._all_books(connection, self._at(connection, as_of))
            found = [item for book in books.values() for item in book.unplaced]
            return tuple(sorted(found, key=lambda item: item.event.id))

    def search(
        self,
        words: str,
        *,
        where: Where = "sentences",
        place: str | None = None,
        year: int | None = None,
        limit: int = 50,
        offset: int = 0,
        as_of: Moment | None = None,
    ) -> Hits:
        """Where all of the words (between spaces) are said: sentences, or statements by indicator and quantity.

        `place` and `year` are of the report for sentences, of the statement for statements. Newest years first.
        """
        with self._store.reading() as connection:
            view = self._at(connection, as_of)
            if where == "sentences":
                texts = lambda head: self._content(connection, head).text  # noqa: E731
                return ask.sentences(connection, self._store.postgres, view, words, place, year, limit, offset, texts)
            books = self._all_books(connection, view)
            wanted = ask.Wanted(place=place, year=year)
            return ask.search(connection, self._store.postgres, view, books, words, wanted, limit, offset)

    def find(self, words: str) -> str:
        """The full key of a statement, from the key, from its id, or from the beginning of either, if only one fits."""
        with self._store.reading() as connection:
            view = self._log.view(connection)
            return ask.find(connection, view, self._all_books(connection, view), words)

    def find_report(self, words: str) -> str:
        """The id of a report, from its beginning or from the name of its file, if only one fits."""
        with self._store.reading() as connection:
            return ask.find_report(self._log.view(connection), words)

    # How it came to be

    def history(self, key: str) -> tuple[Happening, ...]:
        """Everything that was done to a statement, oldest first, what was undone too."""
        with self._store.reading() as connection:
            view = self._log.view(connection)
            head = view.readings.get(key[:16])
            state = None if head is None else self._state(connection, view, head, key)
            if state is None:
                raise LedgerError(f"没有指标“{key}”。", f"There is no statement “{key}”.")
            return ask.history(connection, view, key, state)

    def diff(self, report: str, reading: int | None = None) -> Diff:
        """What a re-read changed against the reading before it; by default the newest of the report."""
        with self._store.reading() as connection:
            view = self._log.view(connection)
            mine = [head for head in view.heads if head.report == report]
            if reading is not None:
                mine = [head for head in mine if head.reading <= reading]
            if not mine or (reading is not None and mine[-1].reading != reading):
                raise self._no_report(report)
            book = self._book(connection, view, report) if report in view.current else None
            after = self._content(connection, mine[-1])
            before = self._content(connection, mine[-2]) if len(mine) > 1 else None
            return ask.diff(mine[-2] if before else None, mine[-1], before, after, book)

    def events(self, *, after: int = 0, limit: int | None = None, report: str | None = None) -> tuple[Event, ...]:
        """Everything that was done, oldest first, from behind event `after`."""
        with self._store.reading() as connection:
            return ask.all_events(connection, after, limit, report)

    def deeds(self, *, before: int | None = None, limit: int = 50, report: str | None = None) -> tuple[Happening, ...]:
        """What people did, the newest first, from before event `before`: corrections, links, undoings; undone ones too.

        What a reader did (entering, reading again) is not among them.
        """
        with self._store.reading() as connection:
            return ask.deeds(self._log.view(connection), before, limit, report)

    def indicators(self, words: str = "", *, place: str | None = None, limit: int = 100, offset: int = 0) -> Tallies:
        """The indicators of the statements that count, as worded, those most often used first.

        `words` is a part of the indicator, `place` begins the statement's place.
        """
        with self._store.reading() as connection:
            view = self._log.view(connection)
            books = self._all_books(connection, view)
            return ask.indicators(
                connection, view, books, ask.Wanted(indicator=words or None, place=place), limit, offset
            )

    def newest(self) -> int:
        """Number of the newest event; whatever the ledger answers is the same as long as this is."""
        with self._store.reading() as connection:
            return connection.execute(select(func.max(schema.event.c.id))).scalar() or 0

    def stamp(self, report: str) -> tuple[int, ...]:
        """What the answers about one report rest on: its reading and people's events about it. Empty for no report."""
        with self._store.reading() as connection:
            view = self._log.view(connection)
            head = view.current.get(report)
            if head is None:
                return ()
            return (head.reading, *(event.id for event in view.by_report.get(report, ())))

    def stamps(self) -> dict[str, tuple[int, ...]]:
        """The stamps of all reports that count."""
        with self._store.reading() as connection:
            view = self._log.view(connection)
            return {
                name: (head.reading, *(event.id for event in view.by_report.get(name, ())))
                for name, head in view.current.items()
            }

    def info(self) -> Info:
        """The ledger in a few numbers."""
        with self._store.reading() as connection:
            view = self._log.view(connection)
            books = self._all_books(connection, view)
            return ask.info(connection, self.name, view, sum(len(book.unplaced) for book in books.values()))

    def check(self) -> None:
        """Read the whole store through. Raises `LedgerError` if anything in it is damaged."""
        with self._store.reading() as connection:
            if not self._store.postgres:
                found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if found != "ok" or broken:
                    raise LedgerError(
                        f"账本“{self.name}”已损坏（{found}）。请先另存一份副本，再从备份恢复。",
                        f"The ledger “{self.name}” is damaged ({found}). Make a copy first, then restore a backup.",
                    )
            for head in self._log.view(connection).heads:
                rows.body_of(connection, head.reading)
                rows.reasons_of(connection, head.reading)
                rows.text_of(connection, head.source)

    def export(self) -> Iterator[dict[str, Any]]:
        """Everything the ledger holds, as plain rows: events in order, each reading behind its event."""
        with self._store.reading() as connection:
            yield from ask.export(connection, self._log.view(connection))

    # Computed, and kept only as long as this object

    def _at(self, connection: Connection, as_of: Moment | None) -> View:
        if isinstance(as_of, datetime):
            if as_of.tzinfo is None:
                raise LedgerError("时间须带时区。", "A moment needs its time zone.")
            moment = as_of.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            newest = select(func.max(schema.event.c.id)).where(schema.event.c.at <= moment)
            as_of = connection.execute(newest).scalar() or 0
        return self._log.view(connection, as_of)

    def _content(self, connection: Connection, head: Head) -> Content:
        content = self._contents.get(head.reading)
        if content is None:
            content = Content(
                report=head.report,
                reading=head.reading,
                source=head.source,
                statements=rows.statements_of(connection, head.reading, evidence=False),
                first=rows.first_row(connection, head.reading),
                text=lambda: self._text(head.source),
                sentences=lambda: self._sentences(head.reading),
                evidence=lambda: self._reasons(head.reading).of,
            )
            _keep(self._contents, head.reading, content, _CONTENTS)
        return content

    def _text(self, source: str) -> str:
        with self._store.reading() as connection:
            return rows.text_of(connection, source)

    def _sentences(self, reading: int) -> tuple[Span, ...]:
        with self._store.reading() as connection:
            return rows.sentences_of(connection, reading)

    def _reasons(self, reading: int) -> rows.Reasons:
        with self._store.reading() as connection:
            return rows.reasons_of(connection, reading)

    def _book(self, connection: Connection, view: View, report: str) -> Book:
        head = view.readings[report]
        mine = view.by_report.get(report, [])
        if not mine:
            return Book(report, head.reading, {}, (), {})
        key = (head.reading, *(event.id for event in mine))
        book = self._books.get(key)
        if book is None:
            book = status.settle(self._content(connection, head), mine)
            _keep(self._books, key, book, _BOOKS)
        return book

    def _all_books(self, connection: Connection, view: View) -> dict[str, Book]:
        """Of every report that counts and that people touched."""
        return {name: self._book(connection, view, name) for name in view.by_report if name in view.current}

    def _state(self, connection: Connection, view: View, head: Head, key: str) -> State | None:
        book = self._book(connection, view, head.report)
        name = key[17:]
        if key[16:17] != "-":
            return None
        if name in book.touched:
            return book.touched[name]
        found = status.plain(self._content(connection, head), name)
        return found or ask.gone(view, head, key, lambda head: self._content(connection, head), book)

    def _no_report(self, report: str) -> LedgerError:
        return LedgerError(
            f"账本里没有报告“{report}”，或已撤回。", f"The ledger has no report “{report}”, or it was retracted."
        )


def _keep(cache: OrderedDict[Any, Any], key: object, value: object, most: int) -> None:
    cache[key] = value
    while len(cache) > most:
        try:
            cache.popitem(last=False)
        except KeyError:  # another thread emptied it
            break


def version_of(view: View, head: Head, key: str, state: State | None) -> int:
    about = set(state.events) if state else set()
    for event in view.all_events:
        # A proposal changes nothing, so it does not come between an editor and what the editor looks at.
        if (key in keys_of(event) and not isinstance(event.deed, Word)) or event.undoes in about:
            about.add(event.id)
    return max((*about, head.event))
