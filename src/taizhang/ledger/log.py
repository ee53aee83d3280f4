"""The events and the heads of all readings, kept in memory as far as they were read, since neither ever changes.

`View` is the ledger at one event: which reading of each report counts, and which of people's events are in force.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, func, select

from taizhang.ledger import events
from taizhang.ledger.answers import Head
from taizhang.ledger.events import Confirmed, Event, Retracted, Word
from taizhang.ledger.schema import document, event, reading

_VIEWS = 8


class View:
    """The ledger as recorded up to and with one event."""

    def __init__(self, last: int, all_events: list[Event], heads: list[Head]) -> None:
        self.last, self.all_events, self.heads = last, all_events, heads

    @cached_property
    def in_force(self) -> list[Event]:
        """Events that nothing undoes, without the readings."""
        return events.in_force(self.all_events)

    @cached_property
    def undone(self) -> frozenset[int]:
        """Numbers of the events taken back, readings among them."""
        return events.undone(self.all_events)

    @cached_property
    def retracted(self) -> dict[str, Event]:
        return {item.report: item for item in self.in_force if isinstance(item.deed, Retracted) and item.report}

    @cached_property
    def readings(self) -> dict[str, Head]:
        """The reading that counts of every report, retracted ones too, in the order of first entry."""
        found: dict[str, Head] = {}
        for head in self.heads:
            if head.event not in self.undone:
                found[head.report] = head
        return found

    @cached_property
    def current(self) -> dict[str, Head]:
        """The reading that counts of every report that counts."""
        return {name: head for name, head in self.readings.items() if name not in self.retracted}

    @cached_property
    def by_report(self) -> dict[str, list[Event]]:
        """People's events in force by the reports that they touch."""
        found: dict[str, list[Event]] = defaultdict(list)
        for item in self.in_force:
            if not isinstance(item.deed, Confirmed | Retracted | Word):
                for name in sorted(events.reports_of(item)):
                    found[name].append(item)
        return dict(found)


class Log:
    """Reads what is new since it last looked; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._events: list[Event] = []
        self._heads: list[Head] = []
        self._views: dict[int, View] = {}

    def view(self, connection: Connection, last: int | None = None) -> View:
        """The ledger at event `last`, by default at the newest one that the connection sees."""
        with self._lock:
            # Another thread may have read further than this connection, whose view is older, can see.
            seen = connection.execute(select(func.max(event.c.id))).scalar() or 0
            if seen > self._last:
                self._read(connection)
            last = seen if last is None else min(last, seen)
            if last not in self._views:
                if len(self._views) >= _VIEWS:
                    self._views.clear()
                self._views[last] = View(
                    last,
                    [item for item in self._events if item.id <= last],
                    [head for head in self._heads if head.event <= last],
                )
            return self._views[last]

    def _read(self, connection: Connection) -> None:
        self._heads += heads(connection, self._last)
        for row in connection.execute(select(event).where(event.c.id > self._last).order_by(event.c.id)):
            if row.kind not in ("entered", "reread"):
                self._events.append(of_row(row))
            self._last = row.id


def of_row(row: Row[Any]) -> Event:
    """An event from its row."""
    return Event(
        id=row.id,
        at=row.at,
        who=row.who,
        why=row.why,
        report=row.report,
        undoes=row.undoes,
        deed=events.decode(row.deed),
    )


def heads(connection: Connection, after: int) -> list[Head]:
    """Heads of the readings entered by events after `after`, oldest first."""
    wanted = (
        select(reading, document.c.name, document.c.sha256, event.c.at, event.c.who)
        .join(document, document.c.id == reading.c.document)
        .join(event, event.c.id == reading.c.event)
        .where(reading.c.event > after)
        .order_by(reading.c.event)
    )
    return [
        Head(
            reading=row.id,
            report=row.document,
            name=row.name,
            sha256=row.sha256,
            event=row.event,
            at=row.at,
            who=row.who,
            reader=row.reader,
            source=row.source,
            title=row.title,
            place=row.place,
            kind=row.kind,
            year_reviewed=row.year_reviewed,
            year_planned=row.year_planned,
            statements=row.statements,
            commitments=row.commitments,
        )
        for row in connection.execute(wanted)
    ]
