"""The questions a ledger answers, over one view and one connection.

What no person touched is found by the database; the few statements that people touched are computed, and filtered and
sorted in among the others here, so that every filter sees the corrected values.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, column, func, or_, select, table, true
from sqlalchemy import text as sql

from taizhang.errors import LedgerError
from taizhang.ledger import rows, schema, status
from taizhang.ledger.answers import (
    Diff,
    Difference,
    Fate,
    Happening,
    Head,
    Hit,
    Hits,
    Info,
    Page,
    Proposal,
    Tallies,
    Tally,
    Tasks,
)  # fmt: skip
from taizhang.ledger.events import (
    Added,
    Confirmed,
    Corrected,
    Declined,
    Event,
    Linked,
    Made,
    Merged,
    Proposed,
    Rejected,
    Split,
    Unlinked,
    keys_of,
    reports_of,
    years_of,
)
from taizhang.ledger.log import View, of_row
from taizhang.ledger.placing import Ground, anchor
from taizhang.ledger.placing import place as place_again
from taizhang.ledger.search import Term, for_postgres, for_sqlite, terms
from taizhang.ledger.status import Book, Content, State
from taizhang.model import Statement

Contents = Callable[[Head], Content]
_MADE = re.compile(r"p([0-9]+)-([0-9]+)")
_LAST = "\U0010ffff"
_FEWEST = 4  # characters of a beginning that stands for an id


class Wanted(msgspec.Struct, frozen=True):
    """Which statements; null asks for any."""

    report: str | None = None
    place: str | None = None
    year: int | None = None
    indicator: str | None = None
    kind: str | None = None
    measure: str | None = None
    unit: str | None = None
    worded: frozenset[str] | None = None
    """Its indicator is one of these, letter for letter."""

    def takes(self, statement: Statement) -> bool:
        """Whether a statement is one of them."""
        first, last = years_of(statement.period)
        return (
            (self.place is None or (statement.place or "").startswith(self.place))
            and (self.year is None or (first is not None and last is not None and first <= self.year <= last))
            and (self.indicator is None or self.indicator.lower() in (statement.indicator or "").lower())
            and (self.kind is None or statement.kind == self.kind)
            and (self.measure is None or statement.measure == self.measure)
            and (self.unit is None or statement.unit == self.unit)
            and (self.worded is None or statement.indicator in self.worded)
        )

    def condition(self) -> ColumnElement[bool]:
        """The same for the database."""
        found: list[ColumnElement[bool]] = [true()]
        of = schema.statement.c
        if self.place is not None:
            found += [of.place >= self.place, of.place < self.place + _LAST]
        if self.year is not None:
            found += [of.year_from <= self.year, of.year_to >= self.year]
        if self.indicator is not None:
            found.append(func.lower(of.indicator).contains(self.indicator.lower(), autoescape=True))
        if self.worded is not None:
            found.append(of.indicator.in_(sorted(self.worded)))
        found += [
            getattr(of, name) == getattr(self, name)
            for name in ("kind", "measure", "unit")
            if getattr(self, name) is not None
        ]
        return and_(*found)


def _among(item: ColumnElement[int], numbers: Iterable[int]) -> ColumnElement[bool]:
    # Written into the statement: there may be more numbers than a database takes parameters.
    return item.in_(bindparam(None, sorted(numbers), expanding=True, literal_execute=True))


def reports(view: View, place: str | None, year: int | None, kind: str | None) -> tuple[Head, ...]:
    """The readings that count."""
    return tuple(
        head
        for head in view.current.values()
        if (place is None or (head.place or "").startswith(place))
        and (year is None or _speaks_of(head, year))
        and (kind is None or head.kind == kind)
    )


def _speaks_of(head: Head, year: int) -> bool:
    for period in (head.year_reviewed, head.year_planned):
        first, last = years_of(period)
        if first is not None and last is not None and first <= year <= last:
            return True
    return False


def statements(
    connection: Connection,
    view: View,
    books: Mapping[str, Book],
    wanted: Wanted,
    limit: int | None,
    after: str | None,
    evidence: bool,
) -> Page:
    """Statements that count and are wanted, from behind the cursor `after`."""
    heads = {
        head.reading: head for head in view.current.values() if wanted.report is None or head.report == wanted.report
    }
    mine = [book for book in books.values() if book.reading in heads]
    touched = sorted(
        (state for book in mine for state in book.touched.values() if state.counts and wanted.takes(state.statement)),
        key=status.order,
    )
    of = schema.statement.c
    # A sum is looked up in no index: SQLite would rather go through every reading than take that of places or names.
    reading = of.reading + 0 if wanted.place is not None or wanted.worded is not None else of.reading
    condition = and_(
        _among(reading, heads), ~_among(of.row, (row for book in mine for row in book.rows)), wanted.condition()
    )
    total = connection.execute(select(func.count()).where(condition)).scalar_one() + len(touched)
    ordered = select(schema.statement).where(condition).order_by(of.reading, of.start, of.end, of.id)
    if after is not None:
        mark = _mark(after)
        ordered = ordered.where(_behind(mark))
        touched = [state for state in touched if status.order(state) > mark]
    if limit is not None:
        ordered = ordered.limit(limit + 1)
    found = [
        status.read(heads[row.reading].report, row.reading, item)
        for row, item in rows.statements(connection, connection.execute(ordered).all(), evidence=evidence)
    ]
    if not evidence:
        touched = [status.bare(state) for state in touched]
    if touched:
        found = sorted([*found, *touched], key=status.order)
    more = limit is not None and len(found) > limit
    items = tuple(found[:limit] if more else found)
    return Page(items, total, ".".join(map(str, status.order(items[-1]))) if more and items else None)


def indicators(
    connection: Connection, view: View, books: Mapping[str, Book], wanted: Wanted, limit: int, offset: int
) -> Tallies:
    """How often each indicator is used among the statements that count and are wanted."""
    of = schema.statement.c
    heads = [head.reading for head in view.current.values()]
    touched = [row for book in books.values() for row in book.rows]
    # As above: the index of names alone answers this, without a row being looked up.
    counting = and_(_among(of.reading + 0, heads), ~_among(of.row, touched))
    condition = and_(counting, wanted.condition(), of.indicator.is_not(None))
    counted: Counter[str] = Counter()
    for row in connection.execute(select(of.indicator, func.count()).where(condition).group_by(of.indicator)):
        counted[row[0]] = row[1]
    for book in books.values():
        for state in book.touched.values():
            if state.counts and state.statement.indicator and wanted.takes(state.statement):
                counted[state.statement.indicator] += 1
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    items = tuple(Tally(name, count) for name, count in ordered[offset : offset + limit])
    return Tallies(items, len(ordered))


def _mark(cursor: str) -> tuple[int, int, int, str]:
    reading, start, end, name = (*cursor.split(".", 3), "", "", "", "")[:4]
    try:
        return int(reading), int(start), int(end), name
    except ValueError:
        raise LedgerError(f"“{cursor}”不是可用的续页标记。", f"“{cursor}” does not lead to a next page.") from None


def _behind(mark: tuple[int, int, int, str]) -> ColumnElement[bool]:
    of = schema.statement.c
    reading, start, end, name = mark
    return or_(
        of.reading > reading,
        and_(of.reading == reading, of.start > start),
        and_(of.reading == reading, of.start == start, of.end > end),
        and_(of.reading == reading, of.start == start, of.end == end, of.id > name),
    )


# Full text

_NEWEST = re.compile(r"[0-9]{4}(?![0-9])")


def _newest_first(head: Head) -> tuple[str, int]:
    years = _NEWEST.findall(f"{head.year_planned or ''} {head.year_reviewed or ''}")
    return (max(years, default=""), -head.reading)


def _found(name: str, postgres: bool, wanted: tuple[Term, ...]) -> tuple[Any, ColumnElement[int], ColumnElement[bool]]:
    """The full text of a table, its column of row numbers, and the condition that the words stand there."""
    words = table(name, column("row" if postgres else "rowid"), column("words"))
    number = words.c["row" if postgres else "rowid"]
    if postgres:
        return (
            words,
            number,
            sql(f"{name}.words @@ CAST(:wanted AS tsquery)").bindparams(  # type: ignore[return-value]
                wanted=for_postgres(wanted)
            ),
        )
    return words, number, sql(f"{name} MATCH :wanted").bindparams(wanted=for_sqlite(wanted))  # type: ignore[return-value]


def _share(counts: list[tuple[int, int]], limit: int, offset: int) -> tuple[dict[int, tuple[int, int]], int]:
    """Which of each reading's hits belong to the stretch asked for: first and behind the last; and how many in all."""
    at, shares = 0, {}
    for reading, count in counts:
        first, last = max(offset - at, 0), min(offset + limit - at, count)
        if first < last:
            shares[reading] = (first, last)
        at += count
    return shares, at


def sentences(
    connection: Connection,
    postgres: bool,
    view: View,
    words: str,
    place: str | None,
    year: int | None,
    limit: int,
    offset: int,
    texts: Callable[[Head], str],
) -> Hits:
    """Sentences of the readings that count in which all of the words stand."""
    heads = {head.reading: head for head in reports(view, place, year, None)}
    of = schema.sentence.c
    full, number, condition = _found("sentence_words", postgres, terms(words))
    joined = schema.sentence.join(full, of.row == number)
    counted = (
        select(of.reading, func.count()).select_from(joined).where(condition, _among(of.reading, heads))
    ).group_by(of.reading)
    counts = [(row[0], row[1]) for row in connection.execute(counted)]
    counts.sort(key=lambda pair: _newest_first(heads[pair[0]]), reverse=True)
    shares, total = _share(counts, limit, offset)
    wanted = select(schema.sentence).select_from(joined).where(condition, _among(of.reading, shares))
    by_reading: dict[int, list[Hit]] = defaultdict(list)
    for row in connection.execute(wanted.order_by(of.reading, of.position)) if shares else ():
        head = heads[row.reading]
        pieces = rows.pieces_of(row)
        text = texts(head)
        said = "".join(text[piece.start : piece.end] for piece in pieces)
        by_reading[row.reading].append(Hit(head, pieces, said, part=row.part))
    return Hits(tuple(hit for reading, (a, b) in shares.items() for hit in by_reading[reading][a:b]), total)


def search(
    connection: Connection,
    postgres: bool,
    view: View,
    books: Mapping[str, Book],
    words: str,
    wanted: Wanted,
    limit: int,
    offset: int,
) -> Hits:
    """Statements that count and in whose indicator or quantity all of the words stand."""
    looked = terms(words)
    heads = {head.reading: head for head in view.current.values()}
    by_reading: dict[int, list[State]] = defaultdict(list)
    for book in books.values():
        for state in book.touched.values():
            if state.counts and wanted.takes(state.statement) and _said(state.statement, looked):
                by_reading[book.reading].append(status.bare(state))
    of = schema.statement.c
    full, number, condition = _found("statement_words", postgres, looked)
    joined = schema.statement.join(full, of.row == number)
    untouched = and_(
        condition,
        _among(of.reading, heads),
        ~_among(of.row, (row for book in books.values() for row in book.rows)),
        wanted.condition(),
    )
    counted = select(of.reading, func.count()).select_from(joined).where(untouched).group_by(of.reading)
    numbers = {row[0]: row[1] for row in connection.execute(counted)}
    readings = {*numbers, *by_reading}
    counts = [(reading, numbers.get(reading, 0) + len(by_reading.get(reading, ()))) for reading in readings]
    counts.sort(key=lambda pair: _newest_first(heads[pair[0]]), reverse=True)
    shares, total = _share(counts, limit, offset)
    chosen = select(schema.statement).select_from(joined).where(untouched, _among(of.reading, shares))
    for row, item in rows.statements(connection, connection.execute(chosen).all() if shares else (), evidence=False):
        by_reading[row.reading].append(status.read(heads[row.reading].report, row.reading, item))
    items = [
        Hit(heads[reading], (state.statement.span,), state.statement.text, state=state)
        for reading, (a, b) in shares.items()
        for state in sorted(by_reading[reading], key=status.order)[a:b]
    ]
    return Hits(tuple(items), total)


def _said(statement: Statement, looked: tuple[Term, ...]) -> bool:
    columns = rows.statement_words(statement)
    return all(any(term.stands_in(words) for words in columns) for term in looked)


def find(connection: Connection, view: View, books: Mapping[str, Book], words: str) -> str:
    """The one key that `words` is, ends with, or begins."""
    report, dash, name = words.rpartition("-") if re.fullmatch(r"[0-9a-f]{16}-.+", words) else ("", "", words)
    if re.fullmatch(r"[0-9a-f]{16}-p[0-9]+-[0-9]+", words):
        report, dash, name = words[:16], "-", words[17:]
    made = {state.key for book in books.values() for state in book.touched.values() if state.statement.id == name}
    of = schema.statement.c
    readings = {head.reading: head for head in view.heads if not dash or head.report == report}
    condition = of.id == name if len(name) >= 12 else of.id.startswith(name, autoescape=True)
    wanted = select(of.id, of.reading).where(condition, _among(of.reading, readings)).distinct().limit(200)
    found = {f"{readings[row.reading].report}-{row.id}" for row in connection.execute(wanted)} | {
        key for key in made if not dash or key.startswith(report)
    }
    exact = {key for key in found if key.partition("-")[2] == name}
    found = exact or found
    if len(found) == 1 and len(name) >= (_FEWEST if not exact else 1):
        return found.pop()
    if not found or len(name) < _FEWEST:
        raise LedgerError(f"没有指标“{words}”。", f"There is no statement “{words}”.")
    listed = "、".join(sorted(found)[:5])
    raise LedgerError(
        f"“{words}”可以是好几条指标：{listed}。请写全。",
        f"“{words}” could be several statements: {listed}. Give all of it.",
    )


def find_report(view: View, words: str) -> str:
    """The one report whose id begins with `words`, or whose file is called so."""
    names = [head for head in view.readings.values() if words in (head.name, head.name.rsplit("/", 1)[-1])]
    begun = [head for head in view.readings.values() if len(words) >= _FEWEST and head.report.startswith(words)]
    found = {head.report for head in names or begun}
    if len(found) == 1:
        return found.pop()
    if not found:
        raise LedgerError(
            f"账本里没有报告“{words}”。用 taizhang ledger reports 查看。",
            f"The ledger has no report “{words}”. List them with taizhang ledger reports.",
        )
    listed = "、".join(sorted(found)[:5])
    raise LedgerError(
        f"“{words}”可以是好几份报告：{listed}。请用编号。",
        f"“{words}” could be several reports: {listed}. Give the id.",
    )


# How it came to be


def gone(view: View, head: Head, key: str, contents: Contents, book: Book) -> State | None:
    """A statement that no reading in force has: as it was last, and what stands in its place now."""
    name = key[17:]
    content = contents(head)
    old = _earlier(view, head, name, contents)
    if old is None:
        old = _unmade(view, head, name)
    if old is None:
        return None
    statement, source, text = old
    spot = place_again(anchor(head.report, source, text, statement.span), Ground(content.text, content.source))
    into = (
        tuple(
            state.key
            for state in status.statements(content, book)
            if state.statement.span.overlaps(spot.span) and state.statement.id != name
        )
        if not isinstance(spot, str)
        else ()
    )
    return State(key, head.report, head.reading, statement, "gone", into=into)


def _earlier(view: View, head: Head, name: str, contents: Contents) -> tuple[Statement, str, str] | None:
    for item in reversed(view.heads):
        if item.report == head.report and item.reading != head.reading:
            content = contents(item)
            for statement in content.statements:
                if statement.id == name:
                    return statement, content.source, content.text
    return None


def _unmade(view: View, head: Head, name: str) -> tuple[Statement, str, str] | None:
    """A statement that a person made and took back."""
    match = _MADE.fullmatch(name)
    event = next((item for item in view.all_events if match and item.id == int(match[1])), None)
    if event is None or match is None or event.report != head.report:
        return None
    made: tuple[Made, ...] = ()
    match event.deed:
        case Added():
            made = (event.deed.made,)
        case Merged():
            made = (event.deed.into,)
        case Split():
            made = event.deed.into
    number = int(match[2]) - 1
    if not 0 <= number < len(made):
        return None
    found = made[number].anchor
    statement = Statement(
        id=name, span=found.span, text=found.quote, sentence=-1, **msgspec.structs.asdict(made[number].fields)
    )
    # Its surroundings are all that is kept of the text it was made in.
    return statement, found.source, " " * (found.start - len(found.before)) + found.before + found.quote + found.after


def history(connection: Connection, view: View, key: str, state: State) -> tuple[Happening, ...]:
    """What readers and people did to a statement, oldest first."""
    report, name = key[:16], key[17:]
    found: list[Happening] = []
    read: Statement | None = None
    of = schema.statement.c
    mine = [head for head in view.heads if head.report == report]
    wanted = select(schema.statement).where(of.id == name, _among(of.reading, [head.reading for head in mine]))
    found_rows = rows.statements(connection, connection.execute(wanted).all(), evidence=False)
    by_reading = {row.reading: item for row, item in found_rows}
    entries = _entries(connection, [head.event for head in mine])
    for head in mine:
        now = by_reading.get(head.reading)
        fields: dict[str, tuple[object, object]] = {}
        if read is None and now is not None:
            fields = {"standing": (None, "read")}
        elif read is not None and now is None:
            fields = {"standing": ("read", "gone")}
        elif read is not None and now is not None:
            fields = {name: (getattr(read, name), getattr(now, name)) for name in rows.differing(read, now)}
        if fields:
            found.append(Happening(entries[head.event], head.event not in view.undone, fields))
        read = now
    about: set[int] = set()
    for event in view.all_events:
        if key in keys_of(event) or event.id in state.events or event.undoes in about:
            about.add(event.id)
            found.append(Happening(event, event.id not in view.undone, _done(event)))
    return tuple(sorted(found, key=lambda item: item.event.id))


def deeds(view: View, before: int | None, limit: int, report: str | None) -> tuple[Happening, ...]:
    """What people did, the newest first."""
    found: list[Happening] = []
    for event in reversed(view.all_events):
        if len(found) >= limit:
            break
        about = report is None or report in reports_of(event)
        if about and not isinstance(event.deed, Confirmed) and (before is None or event.id < before):
            found.append(Happening(event, event.id not in view.undone, _done(event)))
    return tuple(found)


def tasks(
    connection: Connection, view: View, unit: str | None, within: bool, place: str | None, limit: int, offset: int
) -> Tasks:
    """What was undertaken with a unit named, newest years first."""
    heads = {
        head.reading: head for head in view.current.values() if place is None or (head.place or "").startswith(place)
    }
    of = schema.commitment.c
    wanted = select(of.reading, of.position, of.units).where(of.done.is_(False), of.units != "[]")
    found = []
    for row in connection.execute(wanted).all():
        head = heads.get(row.reading)
        if head is None:
            continue
        named = rows.words_of(row.units)
        if unit is None or any(unit in each or (within and each in unit) for each in named):
            found.append((-(years_of(head.year_planned)[0] or 0), row.reading, row.position))
    found.sort()
    shown = []
    for _, reading, position in found[offset : offset + limit]:
        one = select(schema.commitment).where(of.reading == reading, of.position == position)
        whole: Row[Any] = connection.execute(one).one()
        shown.append((heads[reading], rows.commitment_of(whole, None)))
    return Tasks(tuple(shown), len(found))


def proposals(view: View) -> tuple[Proposal, ...]:
    """What was proposed, the newest first, and what became of it."""
    answered: dict[int, Event] = {}
    for event in view.in_force:
        number = event.deed.proposal if isinstance(event.deed, Corrected | Rejected | Declined) else None
        if number is not None:
            answered[number] = event
    found = []
    for event in reversed(view.all_events):
        if isinstance(event.deed, Proposed):
            answer = answered.get(event.id)
            fate: Fate = "open"
            if answer is not None:
                fate = "declined" if isinstance(answer.deed, Declined) else "accepted"
            elif event.id in view.undone:
                fate = "withdrawn"
            found.append(Proposal(event, f"{event.report}-{event.deed.statement}", fate, answer, _done(event)))
    return tuple(found)


def _entries(connection: Connection, numbers: list[int]) -> dict[int, Event]:
    of = schema.event.c
    return {row.id: of_row(row) for row in connection.execute(select(schema.event).where(_among(of.id, numbers)))}


def _done(event: Event) -> dict[str, tuple[object, object]]:
    deed = event.deed
    match deed:
        case Corrected():
            fields: dict[str, tuple[object, object]] = {
                name: (getattr(deed.base, name), getattr(deed.set, name)) for name in deed.set.names()
            }
            if deed.moved:
                fields["text"] = (deed.anchor.quote, deed.moved.quote)
            return fields
        case Proposed() if deed.set is not None:
            return {name: (getattr(deed.base, name), getattr(deed.set, name)) for name in deed.set.names()}
        case Rejected() | Proposed():
            return {"standing": ("read", "rejected")}
        case Split():
            return {"standing": ("read", "split")}
        case Merged():
            return {"standing": ("read", "merged")}
        case Added():
            return {"standing": (None, "person")}
        case Linked():
            return {"verdict": (None, deed.verdict)} if deed.verdict else {}
        case Unlinked():
            return {}
    return {}


def diff(before: Head | None, after: Head, old: Content | None, new: Content, book: Book | None) -> Diff:
    """Two readings compared: by id, and what is left by its place in the text."""
    earlier = {item.id: item for item in old.statements} if old else {}
    pairs = [(earlier.pop(item.id), item) for item in new.statements if item.id in earlier]
    paired = {item.id for _, item in pairs}
    left = [item for item in new.statements if item.id not in paired]
    if old is not None and earlier and left:
        ground = Ground(new.text, new.source)
        for item in list(earlier.values()):
            spot = place_again(anchor(old.report, old.source, old.text, item.span), ground)
            here = [] if isinstance(spot, str) else [other for other in left if other.span.overlaps(spot.span)]
            if len(here) == 1:
                pairs.append((earlier.pop(item.id), here[0]))
                left.remove(here[0])
    changed = [Difference(a, b, names) for a, b in pairs if (names := rows.differing(a, b))]
    return Diff(
        report=after.report,
        before=before,
        after=after,
        added=tuple(left) if old is not None else (),
        gone=tuple(sorted(earlier.values(), key=lambda item: item.span)),
        changed=tuple(sorted(changed, key=lambda item: item.after.span)),
        unplaced=book.unplaced if book else (),
    )


def all_events(connection: Connection, after: int, limit: int | None, report: str | None) -> tuple[Event, ...]:
    """Events of every kind in order."""
    of = schema.event.c
    wanted = select(schema.event).where(of.id > after).order_by(of.id).limit(limit)
    if report is not None:
        wanted = wanted.where(of.report == report)
    return tuple(of_row(row) for row in connection.execute(wanted))


def info(connection: Connection, name: str, view: View, unplaced: int) -> Info:
    """The ledger in a few numbers."""
    settings = {row.name: row.value for row in connection.execute(select(schema.about))}
    of = schema.event.c
    first, last = connection.execute(select(func.min(of.at), func.max(of.at))).one()
    return Info(
        name=name,
        ledger=settings["ledger"],
        schema=int(settings["schema"]),
        reports=len(view.current),
        retracted=len(view.readings) - len(view.current),
        readings=len(view.heads),
        statements=sum(head.statements for head in view.current.values()),
        commitments=sum(head.commitments for head in view.current.values()),
        events=connection.execute(select(func.count()).select_from(schema.event)).scalar_one(),
        by_people=sum(event.kind != "confirmed" for event in view.all_events),
        unplaced=unplaced,
        places=len({head.place for head in view.current.values() if head.place}),
        first=first,
        last=last,
    )


def export(connection: Connection, view: View) -> Iterator[dict[str, Any]]:
    """Everything as plain rows, each with its `type`."""
    settings = {row.name: row.value for row in connection.execute(select(schema.about))}
    yield {"type": "ledger", **settings}
    heads = {head.event: head for head in view.heads}
    sources: set[str] = set()
    for event in all_events(connection, 0, None, None):
        yield {"type": "event", "kind": event.kind, **msgspec.to_builtins(event)}
        head = heads.get(event.id)
        if head is None:
            continue
        if head.source not in sources:
            sources.add(head.source)
            yield {"type": "source", "sha256": head.source, "text": rows.text_of(connection, head.source)}
        body = rows.body_of(connection, head.reading)
        yield {"type": "reading", **msgspec.to_builtins(head), **msgspec.to_builtins(body)}
        for statement in rows.statements_of(connection, head.reading, evidence=True):
            yield {"type": "statement", "reading": head.reading, **msgspec.to_builtins(statement)}
        for commitment in rows.commitments_of(connection, head.reading):
            yield {"type": "commitment", "reading": head.reading, **msgspec.to_builtins(commitment)}
