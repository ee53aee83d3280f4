"""`Ledger`: reports and people's changes go in as events; what counts comes out computed.

Every method that changes something is one transaction: all of it is there afterwards, or nothing. Every method that
answers sees one unchanging view, and takes `as_of` to answer as the ledger stood then: a moment, or an event's number.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self, get_args

import msgspec
from sqlalchemy import Connection, func, insert, select

from taizhang.errors import ConflictError, LedgerError
from taizhang.ledger import ask, rows, schema
from taizhang.ledger.answers import (
    Entry,
    Head,
    Outcome,
    Proposal,
)
from taizhang.ledger.events import (
    FIELDS,
    NAMES,
    Added,
    Anchor,
    Confirmed,
    Corrected,
    Declined,
    Deed,
    End,
    Entered,
    Event,
    Fields,
    Linked,
    Made,
    Merged,
    Proposed,
    Rejected,
    Reread,
    Retracted,
    Split,
    Undone,
    Unlinked,
    change,
    changed,
    encode,
    fields_of,
    upright,
)
from taizhang.ledger.log import View
from taizhang.ledger.placing import anchor
from taizhang.ledger.questions import Questions, version_of
from taizhang.ledger.reader import Reader, this_reader
from taizhang.ledger.status import Content, State
from taizhang.model import Report, Span, Verdict

ORIGINAL = 32 * 1024 * 1024
"""Bytes of the largest file that is kept to show its pages."""


class Ledger(Questions):
    """One ledger, in a file or on a PostgreSQL server. Safe to share between threads."""

    @classmethod
    def open(
        cls,
        target: str | os.PathLike[str],
        *,
        create: bool = False,
        readonly: bool = False,
        called: str | None = None,
    ) -> Self:
        """The ledger at a path or a `postgresql://` address. With `create` an empty one is made where there is none.

        With `readonly` a file is opened that cannot be written, or stands in a folder that cannot; changes are then
        refused. `called` is what later messages call the ledger, by default its path or address.

        Raises `LedgerError` for anything that is not a ledger, and never touches it.
        """
        place = target if isinstance(target, str) else Path(target)
        return cls(schema.open_store(place, create=create, readonly=readonly, called=called))

    def close(self) -> None:
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Entering

    def enter(
        self, report: Report, *, who: str, why: str = "", reader: Reader | None = None, original: bytes | None = None
    ) -> Entry:
        """Enter a report, wholly or not at all. The same bytes are the same report, whatever the file is called.

        `reader` is the one that read it, by default the one running. Bytes that are there already become a new reading
        if they were read with another outcome; people's corrections are then placed in it again.

        `original` is the file that it was read from. It is kept where the report has pages, so that they can be shown,
        unless it is larger than `ORIGINAL`.
        """
        reader = reader or this_reader()
        new = rows.written(report)
        with self._store.writing() as connection:
            view = self._log.view(connection)
            outcome, event, reading = self._entered(connection, view, report, new, reader, who, why)
            if original is not None:
                _keep_original(connection, report, original)
        with self._store.reading() as connection:
            view = self._log.view(connection)
            book = self._book(connection, view, report.document.id) if outcome == "reread" else None
        return Entry(
            report=report.document.id,
            name=report.document.source.name,
            outcome=outcome,
            event=event,
            reading=reading,
            statements=len(report.statements),
            unplaced=book.unplaced if book else (),
            twins=_twins(view, report.document.id) if outcome in ("entered", "reread") else (),
        )

    def _entered(
        self,
        connection: Connection,
        view: View,
        report: Report,
        new: rows.Written,
        reader: Reader,
        who: str,
        why: str,
    ) -> tuple[Outcome, int, int]:
        name, document = report.document.id, report.document
        head = view.readings.get(name)
        retracted = view.retracted.get(name)
        mine = [item for item in view.heads if item.report == name]
        if mine and retracted:
            return "withdrawn", retracted.id, mine[-1].reading
        digests = _digests(connection, [item.reading for item in mine])
        if head and digests[head.reading] == new.digest:
            if reader.name == head.reader or reader.name in _confirming(view, head.reading):
                return "known", head.event, head.reading
            event = self._add(connection, who, why, name, Confirmed(reader.name, head.reading))
            return "confirmed", event.id, head.reading
        for item in mine:
            if item.event in view.undone and digests[item.reading] == new.digest:
                return "withdrawn", item.event, item.reading
        source = document.source
        deed: Deed = Reread(source.name, reader.name, head.reading) if head else Entered(source.name, reader.name)
        event = self._add(connection, who, why, name, deed)
        if not mine:
            connection.execute(
                insert(schema.document),
                {
                    "id": name,
                    "sha256": source.sha256,
                    "name": source.name,
                    "media_type": source.media_type,
                    "event": event.id,
                },
            )
        known = schema.source.c.sha256 == new.source
        if connection.execute(select(schema.source.c.sha256).where(known)).first() is None:
            connection.execute(
                insert(schema.source), {"sha256": new.source, "characters": len(document.text), "body": new.text}
            )
        reading = (connection.execute(select(func.max(schema.reading.c.id))).scalar() or 0) + 1
        frame = report.frame
        connection.execute(
            insert(schema.reading),
            {
                "id": reading,
                "document": name,
                "event": event.id,
                "reader": reader.name,
                "rules": msgspec.json.encode(reader.rules).decode(),
                "source": new.source,
                "encoding": source.encoding,
                "digest": new.digest,
                "title": frame.title,
                "place": frame.place,
                "kind": frame.kind,
                "year_reviewed": frame.year_reviewed,
                "year_planned": frame.year_planned,
                "statements": len(new.statements),
                "commitments": len(new.commitments),
                "evidence": new.evidence,
                "body": new.body,
            },
        )
        rows.write(connection, self._store.postgres, reading, new)
        return ("reread" if head else "entered"), event.id, reading

    def holds(self, sha256: str, reader: Reader | None = None) -> Head | None:
        """The reading that counts of the file with these bytes, if `reader` (by default the one running) has read it.

        Asked before a file is read, it saves the reading. One that a person retracted is not held: `enter` says why.
        """
        reader = reader or this_reader()
        with self._store.reading() as connection:
            view = self._log.view(connection)
        for item in view.heads:
            head = view.current.get(item.report)
            if head and item.sha256 == sha256 and reader.name in {item.reader, *_confirming(view, item.reading)}:
                return head
        return None

    # What people change

    def correct(
        self,
        key: str,
        values: Mapping[str, object],
        *,
        who: str,
        why: str,
        seen: int | None = None,
        proposal: int | None = None,
    ) -> Event:
        """Give fields of a statement other values; `start` and `end` together move it to other words.

        `seen` is its `version` when the person looked at it. Raises `ConflictError` if it was changed since.
        """
        where = {name: value for name, value in values.items() if name in ("start", "end")}
        by = change({name: value for name, value in values.items() if name not in where})
        if not values:
            raise LedgerError("没有写明要更正什么。", "It is not said what to correct.")

        def deed(connection: Connection, view: View) -> Deed:
            content, state = self._standing(connection, view, key, seen)
            base = fields_of(state.statement)
            _open_proposal(view, proposal)
            upright(base, by)
            span = _span(content, where, state.statement.span) if where else None
            if changed(base, by) == base and span in (None, state.statement.span):
                raise LedgerError("更正前后没有差别。", "That changes nothing.")
            return Corrected(
                statement=state.statement.id,
                anchor=_anchor(content, state.statement.span),
                base=base,
                set=by,
                moved=_anchor(content, span) if span else None,
                proposal=proposal,
            )

        return self._do(who, why, key[:16], deed)

    def reject(self, key: str, *, who: str, why: str, seen: int | None = None, proposal: int | None = None) -> Event:
        """Say that something the reader found is no statement."""

        def deed(connection: Connection, view: View) -> Deed:
            content, state = self._standing(connection, view, key, seen)
            _open_proposal(view, proposal)
            span = state.statement.span
            return Rejected(state.statement.id, _anchor(content, span), fields_of(state.statement), proposal)

        return self._do(who, why, key[:16], deed)

    # What people propose

    def propose(
        self, key: str, values: Mapping[str, object] | None, *, who: str, why: str, seen: int | None = None
    ) -> Event:
        """Say what fields of a statement should be, or with null that it is none, for somebody else to decide."""
        if values is not None and not values:
            raise LedgerError("没有写明要更正什么。", "It is not said what to correct.")
        by = None if values is None else change(values)

        def deed(connection: Connection, view: View) -> Deed:
            content, state = self._standing(connection, view, key, seen)
            base = fields_of(state.statement)
            if by is not None:
                upright(base, by)
                if changed(base, by) == base:
                    raise LedgerError("更正前后没有差别。", "That changes nothing.")
            return Proposed(state.statement.id, _anchor(content, state.statement.span), base, by)

        return self._do(who, why, key[:16], deed)

    def accept(self, proposal: int, *, who: str, why: str, seen: int | None = None) -> Event:
        """Make the change that was proposed.

        Raises `ConflictError` where a field was given another value since, unless `seen` is the statement's `version`
        with that value: then whoever accepts has seen what is lost.
        """
        with self._store.reading() as connection:
            view = self._log.view(connection)
            found = _open_proposal(view, proposal)
            assert found is not None and isinstance(found.event.deed, Proposed)
            _, state = self._standing(connection, view, found.key, seen)
            newest = version_of(view, view.current[found.key[:16]], found.key, state)
        if seen is None and (stale := overtaken(found, state)):
            # Worked out again under the lock, as `seen` of the change itself.
            raise _overtaken(found, stale, newest)
        seen = newest if seen is None else seen
        by = found.event.deed.set
        if by is None:
            return self.reject(found.key, who=who, why=why, seen=seen, proposal=proposal)
        values = {name: getattr(by, name) for name in by.names()}
        return self.correct(found.key, values, who=who, why=why, seen=seen, proposal=proposal)

    def decline(self, proposal: int, *, who: str, why: str) -> Event:
        """Say no to what was proposed."""

        def deed(connection: Connection, view: View) -> Deed:
            _open_proposal(view, proposal)
            return Declined(proposal)

        with self._store.reading() as connection:
            found = _open_proposal(self._log.view(connection), proposal)
        assert found is not None
        return self._do(who, why, found.key[:16], deed)

    def split(
        self, key: str, parts: Sequence[Mapping[str, object]], *, who: str, why: str, seen: int | None = None
    ) -> Event:
        """Say that a statement is several: each part by the fields in which it differs from the whole."""
        if len(parts) < 2:
            raise LedgerError("拆分至少要有两部分。", "A split needs two parts at least.")

        def deed(connection: Connection, view: View) -> Deed:
            content, state = self._standing(connection, view, key, seen)
            base, span = fields_of(state.statement), state.statement.span
            made = tuple(_made(content, base, span, part) for part in parts)
            return Split(
                statement=state.statement.id,
                anchor=_anchor(content, span),
                base=base,
                into=made,
                beside=_beside(content, made),
            )

        return self._do(who, why, key[:16], deed)

    def merge(
        self, keys: Sequence[str], values: Mapping[str, object], *, who: str, why: str,
        seen: Mapping[str, int] | None = None,
    ) -> Event:  # fmt: skip
        """Say that several statements of one report are one: the first of them, with the fields given. `seen` has the
        `version` of each when the person looked at it."""
        looked = seen or {}
        if len(set(keys)) < 2 or len({key[:16] for key in keys}) > 1:
            raise LedgerError(
                "合并需要同一份报告里的两条或更多指标。", "A merge needs two or more statements of one report."
            )

        def deed(connection: Connection, view: View) -> Deed:
            found = [self._standing(connection, view, key, looked.get(key)) for key in keys]
            content, first = found[0][0], found[0][1].statement
            made = _made(content, fields_of(first), first.span, values)
            return Merged(
                statements=tuple(state.statement.id for _, state in found),
                anchors=tuple(_anchor(content, state.statement.span) for _, state in found),
                into=made,
                beside=_beside(content, (made,)),
            )

        return self._do(who, why, keys[0][:16], deed)

    def add(self, report: str, start: int, end: int, values: Mapping[str, object], *, who: str, why: str) -> Event:
        """Point at a statement that the reader did not see. `kind`, `measure`, `value` and `unit` must be given."""
        for name in ("kind", "measure", "value", "unit"):
            if name not in values:
                zh, en = NAMES[name]
                raise LedgerError(f"新增指标须写明“{zh}”。", f"A new statement needs “{en}”.", name)

        def deed(connection: Connection, view: View) -> Deed:
            head = view.current.get(report)
            if head is None:
                raise self._no_report(report)
            content = self._content(connection, head)
            by = change({"comparator": "eq"} | dict(values))
            none = Fields(None, "actual", "level", Decimal(0), None, "", "eq", None, head.place, 0, 0)
            upright(none, by)
            span = _span(content, {"start": start, "end": end}, None)
            made = Made(_anchor(content, span), changed(none, by))
            return Added(made, _beside(content, (made,)))

        return self._do(who, why, report, deed)

    def link(
        self, target: str, actuals: Sequence[str] = (), *, verdict: Verdict | None = None, who: str, why: str,
        seen: int | None = None,
    ) -> Event:  # fmt: skip
        """Say what answers a target, and with `verdict` what became of it; no actuals and "unreported" will do."""
        if not actuals and verdict is None:
            raise LedgerError("请写明对应的完成情况，或结论。", "Name what answers the target, or a verdict.")
        if verdict is not None and verdict not in get_args(Verdict):
            raise LedgerError(f"没有“{verdict}”这种结论。", f"There is no verdict “{verdict}”.")

        def deed(connection: Connection, view: View) -> Deed:
            return Linked(
                self._end(connection, view, target, seen),
                tuple(self._end(connection, view, key) for key in dict.fromkeys(actuals)),
                verdict,
            )

        return self._do(who, why, target[:16], deed)

    def unlink(self, target: str, actuals: Sequence[str], *, who: str, why: str, seen: int | None = None) -> Event:
        """Say that these statements do not answer the target, whoever linked them."""
        if not actuals:
            raise LedgerError("请写明要解除哪一条对应。", "Name what does not answer the target.")

        def deed(connection: Connection, view: View) -> Deed:
            return Unlinked(
                self._end(connection, view, target, seen),
                tuple(self._end(connection, view, key) for key in dict.fromkeys(actuals)),
            )

        return self._do(who, why, target[:16], deed)

    def retract(self, report: str, *, who: str, why: str) -> Event:
        """Take a report out of all answers. It stays in the ledger, and `undo` brings it back."""

        def deed(connection: Connection, view: View) -> Deed:
            if report not in view.current:
                raise self._no_report(report)
            return Retracted()

        return self._do(who, why, report, deed)

    def undo(self, event: int, *, who: str, why: str) -> Event:
        """Take an event back, an earlier undoing among them. A re-read taken back leaves the reading before it."""
        with self._store.writing() as connection:
            view = self._log.view(connection)
            row = connection.execute(select(schema.event).where(schema.event.c.id == event)).first()
            if row is None:
                raise LedgerError(f"没有第 {event} 号记录。", f"There is no event {event}.")
            if event in view.undone:
                raise LedgerError(f"第 {event} 号记录已经撤销。", f"Event {event} is undone already.")
            if row.kind == "entered":
                raise LedgerError(
                    f"第 {event} 号记录是录入报告。要去掉这份报告，请撤回它（retract）。",
                    f"Event {event} entered a report. To take that out, retract it.",
                )
            if row.kind == "confirmed":
                raise LedgerError(
                    f"第 {event} 号记录只是再次读取且结果相同，无可撤销。",
                    f"Event {event} only says that another reading came out the same; there is nothing to undo.",
                )
            return self._add(connection, who, _reason(why), row.report, Undone(event), undoes=event)

    def _do(self, who: str, why: str, report: str, deed: Callable[[Connection, View], Deed]) -> Event:
        """One person's event: worked out and added under the same lock, so that nothing changes in between."""
        reason = _reason(why)
        with self._store.writing() as connection:
            view = self._log.view(connection)
            return self._add(connection, who, reason, report, deed(connection, view))

    def _add(
        self, connection: Connection, who: str, why: str, report: str | None, deed: Deed, undoes: int | None = None
    ) -> Event:
        if not who.strip():
            raise LedgerError("请写明是谁（--who 姓名）。", "Say who does this (--who NAME).")
        table = schema.event
        last = connection.execute(select(table.c.id, table.c.at).order_by(table.c.id.desc()).limit(1)).first()
        # Clocks of two machines differ; in the ledger time never runs backwards, so that `as_of` has one answer.
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        event = Event(
            id=last.id + 1 if last else 1,
            at=max(now, last.at) if last else now,
            who=who.strip(),
            why=why.strip(),
            report=report,
            undoes=undoes,
            deed=deed,
        )
        connection.execute(
            insert(table),
            {
                "id": event.id,
                "at": event.at,
                "who": event.who,
                "why": event.why,
                "kind": event.kind,
                "report": report,
                "undoes": undoes,
                "deed": encode(deed),
            },
        )
        return event

    def _standing(self, connection: Connection, view: View, key: str, seen: int | None) -> tuple[Content, State]:
        """A statement that counts, with the reading it is of, for someone about to change it."""
        head = view.current.get(key[:16])
        if head is None:
            raise self._no_report(key[:16])
        content = self._content(connection, head)
        state = self._state(connection, view, head, key)
        if seen is not None and (newest := version_of(view, head, key, state)) != seen:
            row = connection.execute(select(schema.event).where(schema.event.c.id == newest)).one()
            raise ConflictError(
                f"{row.who} 已于 {_moment(row.at)} 改动了这条指标（第 {newest} 号记录）。请看过之后再改。",
                f"{row.who} changed this statement at {_moment(row.at)} (event {newest}). Look at it, then change it.",
                newest,
            )
        if state is None:
            raise LedgerError(f"没有指标“{key}”。", f"There is no statement “{key}”.")
        if not state.counts:
            now = "、".join(state.into) or "—"
            raise LedgerError(
                f"指标“{key}”已不再计入（{_STANDING.get(state.standing, state.standing)}），原处现为：{now}。",
                f"The statement “{key}” does not count any more ({state.standing}); in its place now: {now}.",
            )
        return content, state

    def _end(self, connection: Connection, view: View, key: str, seen: int | None = None) -> End:
        content, state = self._standing(connection, view, key, seen)
        return End(state.statement.id, _anchor(content, state.statement.span))


_STANDING = {"rejected": "已否决", "split": "已拆分", "merged": "已合并", "covered": "已由人工指标代替",
             "gone": "重读后不再识别"}  # fmt: skip
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LONGEST_WHY = 2000


def _moment(at: str) -> str:
    return f"{at[:10]} {at[11:16]}（UTC）"


def _reason(why: str) -> str:
    if not why.strip():
        raise LedgerError("请写明理由（--why 理由）。", "Say why (--why TEXT).", "why")
    if len(why) > _LONGEST_WHY or _INVISIBLE.search(why):
        raise LedgerError(
            f"理由不超过 {_LONGEST_WHY} 个字，不能有看不见的控制字符。",
            f"A reason has {_LONGEST_WHY} characters at most, and no control characters.",
            "why",
        )
    return why


def _twins(view: View, report: str) -> tuple[Head, ...]:
    mine = view.current.get(report)
    if mine is None or mine.place is None or not (mine.year_planned or mine.year_reviewed):
        return ()
    same = ("place", "kind", "year_reviewed", "year_planned")
    return tuple(
        head
        for head in view.current.values()
        if head.report != report and all(getattr(head, name) == getattr(mine, name) for name in same)
    )


def _digests(connection: Connection, readings: Sequence[int]) -> dict[int, str]:
    table = schema.reading
    found = connection.execute(select(table.c.id, table.c.digest).where(table.c.id.in_(readings)))
    return {row.id: row.digest for row in found}


def _keep_original(connection: Connection, report: Report, data: bytes) -> None:
    document = report.document
    if not document.pages or len(data) > ORIGINAL or hashlib.sha256(data).hexdigest() != document.source.sha256:
        return
    table = schema.original
    held = connection.execute(select(table.c.document).where(table.c.document == document.id)).first()
    entered = connection.execute(select(schema.document.c.id).where(schema.document.c.id == document.id)).first()
    if held is None and entered is not None:
        connection.execute(insert(table), {"document": document.id, "body": data})


def _open_proposal(view: View, proposal: int | None) -> Proposal | None:
    """The proposal of that number, which must still be open; null for none."""
    if proposal is None:
        return None
    found = next((item for item in ask.proposals(view) if item.event.id == proposal), None)
    if found is None:
        raise LedgerError(f"没有第 {proposal} 号建议。", f"There is no proposal {proposal}.")
    if found.fate != "open":
        who = found.answer.who if found.answer else found.event.who
        done = {"accepted": "采纳", "declined": "不采纳", "withdrawn": "撤回"}[found.fate]
        raise ConflictError(
            f"{who} 已处理第 {proposal} 号建议（{done}）。",
            f"{who} has dealt with proposal {proposal} already ({found.fate}).",
            found.answer.id if found.answer else proposal,
        )
    return found


def overtaken(proposal: Proposal, state: State) -> dict[str, tuple[object, object, object]]:
    """Fields of a proposal that hold another value now than when it was made: as they were, as they are, as proposed.

    A proposal that something is no statement is overtaken by any change of the statement.
    """
    deed = proposal.event.deed
    assert isinstance(deed, Proposed)
    now = fields_of(state.statement)
    names = deed.set.names() if deed.set is not None else FIELDS
    return {
        name: (getattr(deed.base, name), getattr(now, name), getattr(deed.set, name) if deed.set is not None else None)
        for name in names
        if getattr(deed.base, name) != getattr(now, name)
    }


def _overtaken(proposal: Proposal, stale: Mapping[str, tuple[object, object, object]], newest: int) -> ConflictError:
    def said(value: object) -> str:
        return "—" if value in (None, "") else f"{value:f}" if isinstance(value, Decimal) else str(value)

    zh = "；".join(
        f"提出时为“{said(old)}”，现为“{said(now)}”，建议改为“{said(new)}”" for old, now, new in stale.values()
    )
    en = "; ".join(
        f"“{said(old)}” when it was made, “{said(now)}” now, “{said(new)}” proposed" for old, now, new in stale.values()
    )
    number = proposal.event.id
    return ConflictError(
        f"第 {number} 号建议提出以后，这条指标又有改动：{zh}。没有采纳，请看过现在的内容再决定。",
        f"The statement was changed after proposal {number}: {en}. Not accepted; look at what stands now, then decide.",
        newest,
    )


def _confirming(view: View, reading: int) -> set[str]:
    """Readers that came to the same outcome as a reading."""
    return {
        event.deed.reader
        for event in view.all_events
        if isinstance(event.deed, Confirmed) and event.deed.reading == reading
    }


def _anchor(content: Content, span: Span) -> Anchor:
    return anchor(content.report, content.source, content.text, span)


def _span(content: Content, where: Mapping[str, object], old: Span | None) -> Span:
    start = where.get("start", old.start if old else None)
    end = where.get("end", old.end if old else None)
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(content.text):
        raise LedgerError(
            f"{start}—{end} 不是这份报告里的位置（0—{len(content.text)}）。",
            f"{start} to {end} is no place in this report (0 to {len(content.text)}).",
        )
    return Span(start, end)


def _made(content: Content, base: Any, span: Span, values: Mapping[str, object]) -> Made:
    where = {name: value for name, value in values.items() if name in ("start", "end")}
    by = change({name: value for name, value in values.items() if name not in where})
    upright(base, by)
    return Made(_anchor(content, _span(content, where, span)), changed(base, by))


def _beside(content: Content, made: Iterable[Made]) -> tuple[str, ...]:
    """The statements that the reading has at the places of those made."""
    spans = [item.anchor.span for item in made]
    return tuple(item.id for item in content.statements if any(item.span.overlaps(span) for span in spans))
