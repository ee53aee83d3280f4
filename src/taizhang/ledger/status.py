"""What counts now: a reading and people's events, folded into the state of each statement. Never stored.

`settle` is a pure function of one report's reading and of the events that are in force. People have the last word: a
corrected field keeps its corrected value whatever a later reader says, and a statement that a person corrected or made
stays although a later reader no longer sees it. An event that can't be placed in the text any more is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Literal

import msgspec

from taizhang.ledger.events import (
    Added,
    Anchor,
    Change,
    Corrected,
    Event,
    Fields,
    Linked,
    Made,
    Merged,
    Rejected,
    Split,
    Unlinked,
    changed,
    ends,
    fields_of,
    made_id,
)
from taizhang.ledger.placing import Ground, place
from taizhang.model import Evidence, Span, Statement, Verdict

Standing = Literal["read", "person", "rejected", "split", "merged", "covered", "gone"]
"""`read`: the reader sees it. `person`: a person made it, or keeps it where the reader no longer sees it. `rejected`:
a person says it is none. `split`, `merged`: a person made others of it. `covered`: a person's statement stands in its
place. `gone`: the reading that counts does not have it, and no person keeps it. Only the first two count."""

Trouble = Literal["not-found", "several", "statement-gone", "not-standing"]
"""Why an event has no effect: its words are not in the text, or in several places that can't be told apart; the
statement that it is about is not made any more; or another event took that statement away first."""

COUNTING = ("read", "person")
_CORRECTED = "corrected-by-a-person"
_TOLD = ("indicator", "value", "unit", "comparator", "measure", "kind", "period", "place")
"""Fields that have evidence."""


class Content:
    """One reading of one report, as far as statements go. Text, sentences and evidence are fetched when first needed,
    which is seldom, and `statements` are without their evidence: most of them are only counted and compared."""

    def __init__(
        self,
        report: str,
        reading: int,
        source: str,
        statements: tuple[Statement, ...],
        first: int,
        text: Callable[[], str],
        sentences: Callable[[], tuple[Span, ...]],
        evidence: Callable[[], Callable[[int], tuple[Evidence, ...]]],
    ) -> None:
        """`source` is the hash of the text, `first` the row number of the first statement; the others follow it."""
        self.report, self.reading, self.source = report, reading, source
        self.statements, self.first = statements, first
        self._text, self._sentences, self._evidence = text, sentences, evidence

    @cached_property
    def text(self) -> str:
        return self._text()

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        return self._sentences()

    @cached_property
    def by_id(self) -> dict[str, int]:
        """Position of each statement."""
        return {item.id: position for position, item in enumerate(self.statements)}

    @cached_property
    def _evidence_of(self) -> Callable[[int], tuple[Evidence, ...]]:
        return self._evidence()

    def whole(self, name: str) -> Statement | None:
        """A statement with its evidence."""
        position = self.by_id.get(name)
        if position is None:
            return None
        return msgspec.structs.replace(self.statements[position], evidence=self._evidence_of(position))


class State(msgspec.Struct, frozen=True):
    """A statement as it stands."""

    key: str
    """Its permanent name: report and statement."""
    report: str
    reading: int
    """The reading that this is the state under."""
    statement: Statement
    """With people's corrections applied."""
    standing: Standing
    read: Statement | None = None
    """As the reader has it, where it does."""
    corrected: tuple[str, ...] = ()
    """Fields that hold a person's value."""
    events: tuple[int, ...] = ()
    """People's events that made it what it is."""
    into: tuple[str, ...] = ()
    """Keys of the statements that stand in its place, where it was split, merged or covered."""

    @property
    def counts(self) -> bool:
        return self.standing in COUNTING


class Unplaced(msgspec.Struct, frozen=True):
    """A person's event that has no effect on the reading that counts."""

    event: Event
    report: str
    trouble: Trouble
    anchor: Anchor


class Book(msgspec.Struct, frozen=True):
    """What people's events make of one reading. A statement that is not in `touched` stands as it was read."""

    report: str
    reading: int
    touched: dict[str, State]
    """By statement id."""
    unplaced: tuple[Unplaced, ...]
    ends: dict[tuple[int, int], str]
    """For each link event and each of its ends in this report (0 is the target): key of the statement there now."""
    rows: tuple[int, ...] = ()
    """Row numbers of the touched statements that the reading has."""


class Decision(msgspec.Struct, frozen=True):
    """What people say of a target: what answers it, what does not, and what became of it."""

    target: str
    actuals: tuple[str, ...]
    refused: tuple[str, ...]
    verdict: Verdict | None
    events: tuple[int, ...]


def settle(content: Content, events: Sequence[Event]) -> Book:
    """Fold the events in force, in order, over a reading."""
    desk = _Desk(content)
    for event in events:
        desk.apply(event)
    for event in events:
        if isinstance(event.deed, Linked | Unlinked):
            desk.join(event, event.deed)
    rows = tuple(content.first + at for at, item in enumerate(content.statements) if item.id in desk.touched)
    return Book(content.report, content.reading, desk.touched, tuple(desk.unplaced), desk.ends, rows)


def statements(content: Content, book: Book) -> tuple[State, ...]:
    """Every statement that counts, in the order of the text."""
    untouched = [
        read(content.report, content.reading, whole)
        for item in content.statements
        if item.id not in book.touched and (whole := content.whole(item.id)) is not None
    ]
    counting = [state for state in book.touched.values() if state.counts]
    return tuple(sorted([*untouched, *counting], key=order))


def plain(content: Content, name: str) -> State | None:
    """The state of a statement that no person touched."""
    whole = content.whole(name)
    return None if whole is None else read(content.report, content.reading, whole)


def bare(state: State) -> State:
    """A state without evidence, as lists give it."""
    return msgspec.structs.replace(
        state,
        statement=msgspec.structs.replace(state.statement, evidence=()),
        read=state.read and msgspec.structs.replace(state.read, evidence=()),
    )


def read(report: str, reading: int, statement: Statement) -> State:
    """A statement as a reading has it."""
    return State(f"{report}-{statement.id}", report, reading, statement, "read", statement)


def order(state: State) -> tuple[int, int, int, str]:
    span = state.statement.span
    return (state.reading, span.start, span.end, state.statement.id)


def decisions(events: Iterable[Event], books: dict[str, Book]) -> tuple[Decision, ...]:
    """Fold the link events in force. A link whose target is in no book (its report was retracted) says nothing."""
    found: dict[str, Decision] = {}
    for event in events:
        deed = event.deed
        if not isinstance(deed, Linked | Unlinked):
            continue
        keys = [
            books[end.anchor.report].ends.get((event.id, number)) if end.anchor.report in books else None
            for number, end in enumerate(ends(deed))
        ]
        target = keys[0]
        if target is None:
            continue
        actuals = tuple(key for key in keys[1:] if key is not None)
        old = found.get(target, Decision(target, (), (), None, ()))
        if isinstance(deed, Linked):
            new = msgspec.structs.replace(
                old,
                actuals=(*(key for key in old.actuals if key not in actuals), *actuals),
                refused=tuple(key for key in old.refused if key not in actuals),
                verdict=deed.verdict or old.verdict,
            )
        else:
            new = msgspec.structs.replace(
                old,
                actuals=tuple(key for key in old.actuals if key not in actuals),
                refused=(*(key for key in old.refused if key not in actuals), *actuals),
            )
        found[target] = msgspec.structs.replace(new, events=(*old.events, event.id))
    return tuple(found.values())


class _Desk:
    """The reading on which events are laid one by one."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._moved: dict[str, str] = {}  # id that a person named → id that the reading has there
        self.touched: dict[str, State] = {}
        self.unplaced: list[Unplaced] = []
        self.ends: dict[tuple[int, int], str] = {}

    @cached_property
    def _ground(self) -> Ground:
        return Ground(self._content.text, self._content.source)

    def apply(self, event: Event) -> None:
        match event.deed:
            case Corrected() as deed:
                self._correct(event, deed)
            case Rejected() as deed:
                self._reject(event, deed)
            case Split() as deed:
                self._split(event, deed)
            case Merged() as deed:
                self._merge(event, deed)
            case Added() as deed:
                self._add(event, deed)

    def join(self, event: Event, deed: Linked | Unlinked) -> None:
        for number, end in enumerate(ends(deed)):
            if end.anchor.report != self._content.report:
                continue
            found = self._find(end.statement, end.anchor)
            if isinstance(found, State) and not found.counts and len(found.into) == 1:
                found = self.touched.get(found.into[0].partition("-")[2], found)
            if isinstance(found, State) and found.counts:
                self.ends[event.id, number] = found.key
            else:
                self._miss(event, found, end.anchor)

    def _correct(self, event: Event, deed: Corrected) -> None:
        found = self._find(deed.statement, deed.anchor)
        span = self._spot(deed.moved) if deed.moved else None
        if isinstance(span, str):
            self._miss(event, span, deed.moved or deed.anchor)
        elif isinstance(found, Span):
            kept = self._made(deed.statement, span or found, changed(deed.base, deed.set), deed.set)
            self._put(event, kept, deed.set.names())
        elif isinstance(found, State) and found.counts:
            self._put(event, self._corrected(found, deed.set, span), deed.set.names())
        else:
            self._miss(event, found, deed.anchor)

    def _reject(self, event: Event, deed: Rejected) -> None:
        found = self._find(deed.statement, deed.anchor)
        if isinstance(found, Span):
            found = self._made(deed.statement, found, deed.base, None)
        if isinstance(found, State) and found.counts:
            self._put(event, msgspec.structs.replace(found, standing="rejected"), ())
        else:
            self._miss(event, found, deed.anchor)

    def _split(self, event: Event, deed: Split) -> None:
        found = self._find(deed.statement, deed.anchor)
        if isinstance(found, str) or (isinstance(found, State) and not found.counts):
            self._miss(event, found, deed.anchor)
            return
        made = self._all_made(event, deed.into)
        if made is None:
            return
        names = tuple(state.key for state in made)
        if isinstance(found, State):
            self._put(event, msgspec.structs.replace(found, standing="split", into=names), ())
        self._cover(event, made, deed.beside)

    def _merge(self, event: Event, deed: Merged) -> None:
        found = [self._find(name, anchor) for name, anchor in zip(deed.statements, deed.anchors, strict=True)]
        for item, anchor in zip(found, deed.anchors, strict=True):
            if isinstance(item, str) or (isinstance(item, State) and not item.counts):
                self._miss(event, item, anchor)
                return
        made = self._all_made(event, (deed.into,))
        if made is None:
            return
        for item in found:
            if isinstance(item, State):
                self._put(event, msgspec.structs.replace(item, standing="merged", into=(made[0].key,)), ())
        self._cover(event, made, deed.beside)

    def _add(self, event: Event, deed: Added) -> None:
        made = self._all_made(event, (deed.made,))
        if made is not None:
            self._cover(event, made, deed.beside)

    def _find(self, name: str, anchor: Anchor) -> State | Span | Trouble:
        """The statement that a person named: itself, what a later reading has there, the bare place, or why not."""
        name = self._moved.get(name, name)
        if name in self.touched:
            return self.touched[name]
        if name.startswith("p"):
            return "statement-gone"
        here = name in self._content.by_id
        if here and anchor.source == self._content.source:
            return self._plain(name)
        span = self._spot(anchor)
        if isinstance(span, str):
            # The very sentence is still there, though what surrounds it is not.
            return self._plain(name) if here else span
        found = self._at(span, name, anchor.quote)
        if isinstance(found, Statement):
            self._moved[name] = found.id
            return self.touched.get(found.id) or self._plain(found.id)
        return found or span

    def _plain(self, name: str) -> State:
        found = plain(self._content, name)
        assert found is not None  # asked only of statements that the reading has
        return found

    def _at(self, span: Span, name: str, quote: str) -> Statement | Trouble | None:
        """The one read statement at a place; of several the one of that name, those words, or that lies there most."""
        hits = [item for item in self._content.statements if item.span.overlaps(span)]
        for choice in (
            [item for item in hits if item.id == name],
            [item for item in hits if item.span == span],
            [item for item in hits if item.text == quote],
            hits,
        ):
            if len(choice) == 1:
                return choice[0]
        return "several" if hits else None

    def _spot(self, anchor: Anchor) -> Span | Trouble:
        if anchor.source == self._content.source:
            return anchor.span
        found = place(anchor, self._ground)
        return found if isinstance(found, str) else found.span

    def _all_made(self, event: Event, made: Sequence[Made]) -> list[State] | None:
        """The statements that an event makes, all of them or, with a word to the list, none."""
        states = []
        for number, item in enumerate(made):
            span = self._spot(item.anchor)
            if isinstance(span, str):
                self._miss(event, span, item.anchor)
                return None
            states.append(self._made(made_id(event.id, number), span, item.fields, None))
        for state in states:
            self._put(event, state, ())
        return states

    def _made(self, name: str, span: Span, fields: Fields, by: Change | None) -> State:
        evidence = tuple(Evidence(field, "corrected", _CORRECTED, (span,)) for field in _TOLD)
        statement = Statement(
            id=name,
            span=span,
            text=self._content.text[span.start : span.end],
            sentence=self._sentence(span),
            evidence=evidence,
            **msgspec.structs.asdict(fields),
        )
        return State(f"{self._content.report}-{name}", self._content.report, self._content.reading, statement, "person")

    def _corrected(self, state: State, by: Change, span: Span | None) -> State:
        old = state.statement
        where = span or old.span
        names = set(by.names())
        if "value_max" in names:
            names.add("value")  # one piece of evidence is of both ends of a range
        said = {item.field: item for item in old.evidence}
        said |= {field: Evidence(field, "corrected", _CORRECTED, (where,)) for field in _TOLD if field in names}
        evidence = tuple(said.values())
        new = msgspec.structs.replace(
            old,
            span=where,
            text=old.text if span is None else self._content.text[where.start : where.end],
            sentence=old.sentence if span is None else self._sentence(span),
            evidence=evidence,
            **msgspec.structs.asdict(changed(fields_of(old), by)),
        )
        return msgspec.structs.replace(state, statement=new)

    def _sentence(self, span: Span) -> int:
        for number, sentence in enumerate(self._content.sentences):
            if sentence.start <= span.start < sentence.end:
                return number
        return -1

    def _put(self, event: Event, state: State, fields: tuple[str, ...]) -> None:
        self.touched[state.statement.id] = msgspec.structs.replace(
            state,
            corrected=tuple(dict.fromkeys((*state.corrected, *fields))),
            events=(*state.events, event.id),
        )

    def _cover(self, event: Event, made: Sequence[State], beside: tuple[str, ...]) -> None:
        """What a later reader sees by itself where a person's statement stands is the same thing, and steps back."""
        for item in self._content.statements:
            if item.id in beside or item.id in self.touched:
                continue
            over = tuple(state.key for state in made if state.statement.span.overlaps(item.span))
            if over:
                self._put(event, msgspec.structs.replace(self._plain(item.id), standing="covered", into=over), ())

    def _miss(self, event: Event, found: State | Span | Trouble, anchor: Anchor) -> None:
        trouble: Trouble = found if isinstance(found, str) else "not-standing"
        self.unplaced.append(Unplaced(event, self._content.report, trouble, anchor))
