"""What a ledger answers: plain values that any face can show."""

from __future__ import annotations

from typing import Literal

import msgspec

from taizhang.ledger.events import Event
from taizhang.ledger.status import State, Unplaced
from taizhang.model import Commitment, Span, Statement

Outcome = Literal["entered", "reread", "confirmed", "known", "withdrawn"]
"""What became of a report that was to be entered: new; the same file with another outcome; the same file and outcome
by another reader; already there; or taken out by a person, whose word stands until it is undone."""

Where = Literal["sentences", "statements"]


class Head(msgspec.Struct, frozen=True):
    """One reading of one report, in short."""

    reading: int
    report: str
    """Id of the document, the same for all its readings."""
    name: str
    sha256: str
    event: int
    at: str
    """When it was recorded (UTC)."""
    who: str
    reader: str
    source: str
    """Hash of the text."""
    title: str | None
    place: str | None
    kind: str | None
    year_reviewed: str | None
    year_planned: str | None
    statements: int
    commitments: int


class Entry(msgspec.Struct, frozen=True):
    """What `enter` did."""

    report: str
    name: str
    outcome: Outcome
    event: int
    """The event made, or the one that says why none was."""
    reading: int
    statements: int
    unplaced: tuple[Unplaced, ...] = ()
    """Corrections of this report that the new reading has no place for."""
    twins: tuple[Head, ...] = ()
    """Other reports of the same place, kind and years: perhaps the same report from another file."""


class Page(msgspec.Struct, frozen=True):
    """Some of the statements asked for, how many there are in all, and where to go on."""

    items: tuple[State, ...]
    total: int
    next: str | None


class Hit(msgspec.Struct, frozen=True):
    """A sentence or a statement found. `pieces` are its spans in the report's text, more than one where it is torn."""

    report: Head
    pieces: tuple[Span, ...]
    text: str
    part: str | None = None
    state: State | None = None


class Hits(msgspec.Struct, frozen=True):
    """Some of what was found, and how much there is in all."""

    items: tuple[Hit, ...]
    total: int


class Tally(msgspec.Struct, frozen=True):
    """An indicator as worded, and how many statements that count have it."""

    indicator: str
    count: int


class Tallies(msgspec.Struct, frozen=True):
    """Some of the indicators asked for, and how many there are in all."""

    items: tuple[Tally, ...]
    total: int


class Tasks(msgspec.Struct, frozen=True):
    """Some of the undertakings asked for, each with its report, and how many there are in all."""

    items: tuple[tuple[Head, Commitment], ...]
    total: int


class Happening(msgspec.Struct, frozen=True):
    """One event in the life of a statement, and which of its fields it changed from what to what."""

    event: Event
    counts: bool
    """False where it was undone."""
    fields: dict[str, tuple[object, object]]


Fate = Literal["open", "accepted", "declined", "withdrawn"]


class Proposal(msgspec.Struct, frozen=True):
    """What somebody proposed for a statement, and what became of it."""

    event: Event
    key: str
    """Of the statement."""
    fate: Fate
    answer: Event | None
    """The event that accepted or declined it."""
    fields: dict[str, tuple[object, object]]


class Difference(msgspec.Struct, frozen=True):
    """A statement that two readings have alike in place, and the fields in which they differ."""

    before: Statement
    after: Statement
    fields: tuple[str, ...]


class Diff(msgspec.Struct, frozen=True):
    """What a re-read changed, as the readers have it, and the people's events that have no place any more."""

    report: str
    before: Head | None
    after: Head
    added: tuple[Statement, ...]
    gone: tuple[Statement, ...]
    changed: tuple[Difference, ...]
    unplaced: tuple[Unplaced, ...]


class Info(msgspec.Struct, frozen=True):
    """A ledger in a few numbers."""

    name: str
    ledger: str
    schema: int
    reports: int
    retracted: int
    readings: int
    statements: int
    commitments: int
    events: int
    by_people: int
    unplaced: int
    places: int
    first: str | None
    last: str | None
