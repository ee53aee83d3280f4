"""People correct, reject, add, split, merge, undo, while readers read again: whatever they do, some things hold."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from invented import LATER, TEXT, enter, key, reading

from taizhang.ledger import Event, Ledger, Reader, State
from taizhang.ledger.events import in_force
from taizhang.model import Report

READINGS = [
    TEXT,
    "按：\n" + TEXT,
    TEXT.replace("36公里", "38公里"),
    TEXT.replace("、桥梁4座", ""),
    TEXT.replace("，", ",\n"),
    TEXT.replace("粮食总产量达到3.2亿斤", "粮食总产量达到3.2亿斤、油料240万斤"),
]


@cache
def readings() -> list[Report]:
    """What readers of different days make of the one file."""
    return [reading(text) for text in READINGS]


PICK = st.integers(0, 10_000)


class People(RuleBasedStateMachine):
    """One report in one ledger; beside it what each person's event says, kept in the simplest way."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.ledger = Ledger.open(Path(self.folder.name) / "book.db", create=True)
        self.readings = 0
        self.said: dict[int, str] = {}
        self.values: dict[int, Decimal] = {}
        self.snapshots: dict[int, tuple[State, ...]] = {}

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()

    @initialize()
    def enter(self) -> None:
        self.reread(0)

    @rule(which=st.integers(0, len(READINGS) - 1))
    def reread(self, which: int) -> None:
        self.readings += 1
        report = readings()[which]
        self.report = report.document.id
        self.ledger.enter(report, who="机", reader=Reader(str(self.readings), {}))

    def some(self, pick: int) -> State:
        items = self.ledger.statements().items
        return items[pick % len(items)]

    @rule(pick=PICK)
    def correct(self, pick: int) -> None:
        state = self.some(pick)
        value = 1000 + len(self.said)  # never what it was: a correction that changes nothing is refused
        event = self.ledger.correct(
            state.key, {"value": value, "value_max": None, "place": f"第{value}乡"}, who="人", why="试"
        )
        self.said[event.id] = "corrected"
        self.values[event.id] = Decimal(value)

    @precondition(lambda self: self.ledger.statements().total > 3)
    @rule(pick=PICK)
    def reject(self, pick: int) -> None:
        event = self.ledger.reject(self.some(pick).key, who="人", why="试")
        self.said[event.id] = "rejected"

    @rule(pick=PICK)
    def split(self, pick: int) -> None:
        parts: list[dict[str, object]] = [{"indicator": "甲"}, {"indicator": "乙", "value_max": None, "value": 1}]
        event = self.ledger.split(self.some(pick).key, parts, who="人", why="试")
        self.said[event.id] = "split"

    @precondition(lambda self: self.ledger.statements().total > 3)
    @rule(one=PICK, other=PICK)
    def merge(self, one: int, other: int) -> None:
        keys = [self.some(one).key, self.some(other).key]
        if keys[0] != keys[1]:
            event = self.ledger.merge(keys, {"indicator": "合"}, who="人", why="试")
            self.said[event.id] = "merged"

    @rule(pick=PICK)
    def add(self, pick: int) -> None:
        start = pick % (len(self.ledger.text(self.report)) - 3)
        values = {"kind": "context", "measure": "level", "value": "1", "unit": "个"}
        event = self.ledger.add(self.report, start, start + 3, values, who="人", why="试")
        self.said[event.id] = "added"

    @precondition(lambda self: bool(self.said))
    @rule(pick=PICK)
    def undo(self, pick: int) -> None:
        done = [event for event in self.ledger.events() if event.kind not in ("entered", "reread", "confirmed")]
        standing = {event.id for event in in_force(done)} | {e.id for e in done if e.undoes and not undone(e, done)}
        if standing:
            target = sorted(standing)[pick % len(standing)]
            self.ledger.undo(target, who="人", why="试")

    @rule()
    def remember(self) -> None:
        self.snapshots[self.ledger.events()[-1].id] = self.ledger.statements(evidence=True).items

    @invariant()
    def every_event_in_force_counts_or_is_listed(self) -> None:
        if not self.readings:
            return
        forced = {e.id: e for e in in_force([e for e in self.ledger.events() if e.kind not in ("entered", "reread")])}
        listed = {item.event.id for item in self.ledger.unplaced()}
        states = self.ledger.statements().items
        shaped = {number for state in states for number in state.events}
        takers = [number for number in forced if self.said.get(number) in ("rejected", "split", "merged")]
        for number in forced:
            if self.said.get(number) in ("corrected", "added") and number not in listed | shaped:
                assert takers and takers[-1] > number, "only a later event can take away what a person made"
        for state in states:
            if state.events and state.events[-1] in self.values:
                assert state.statement.value == self.values[state.events[-1]], "a person's value counts"

    @invariant()
    def words_are_those_of_the_text(self) -> None:
        if not self.readings:
            return
        text = self.ledger.text(self.report)
        states = self.ledger.statements().items
        assert len({state.key for state in states}) == len(states)
        for state in states:
            assert state.statement.text == text[state.statement.span.start : state.statement.span.end]
            found = self.ledger.statement(state.key)
            assert found is not None and found.counts

    @rule()
    def a_second_look_from_elsewhere_sees_the_same(self) -> None:
        """State is computed from the events alone, so another process, which kept nothing, comes to the same."""
        with Ledger.open(Path(self.folder.name) / "book.db", create=True) as other:
            assert other.statements(evidence=True).items == self.ledger.statements(evidence=True).items
            assert other.unplaced() == self.ledger.unplaced()
            for number, states in self.snapshots.items():
                assert other.statements(evidence=True, as_of=number).items == states, "what was, does not change"


def undone(event: Event, done: list[Event]) -> bool:
    """Whether an undoing was itself undone, told in the slow and plain way."""
    return any(other.undoes == event.id and not undone(other, done) for other in done)


TestPeople = People.TestCase
TestPeople.settings = settings(
    max_examples=12, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_what_people_did_comes_newest_first_and_without_readings(ledger: Ledger) -> None:
    report = reading(TEXT)
    enter(ledger, report)
    first = ledger.correct(key(report, "86.4亿元"), {"value": "86500000000"}, who="闻", why="原件如此")
    second = ledger.reject(key(report, "4座"), who="闻", why="不是指标")
    third = ledger.undo(second.id, who="闻", why="看错了")
    found = ledger.deeds()
    assert [(item.event.id, item.event.kind, item.counts) for item in found] == [
        (third.id, "undone", True), (second.id, "rejected", False), (first.id, "corrected", True)
    ]  # fmt: skip
    assert list(found[2].fields) == ["value"]
    assert [item.event.id for item in ledger.deeds(before=second.id)] == [first.id]
    assert [item.event.id for item in ledger.deeds(limit=1)] == [third.id]
    assert ledger.deeds(report="0" * 16) == ()
    assert ledger.newest() == third.id


def test_a_stamp_changes_with_what_is_said_of_that_report_alone(ledger: Ledger) -> None:
    report, later = reading(TEXT), reading(LATER, "later.txt", "2")
    enter(ledger, report)
    enter(ledger, later)
    mine, other = ledger.stamp(report.document.id), ledger.stamp(later.document.id)
    event = ledger.reject(key(report, "4座"), who="闻", why="不是指标")
    assert ledger.stamp(report.document.id) == (*mine, event.id)
    assert ledger.stamp(later.document.id) == other
    ledger.retract(report.document.id, who="闻", why="重复")
    assert ledger.stamp(report.document.id) == () == ledger.stamp("0" * 16)


def test_indicators_are_counted_as_people_have_them(ledger: Ledger) -> None:
    report = reading(TEXT)
    enter(ledger, report)
    counted = {item.indicator: item.count for item in ledger.indicators().items}
    assert counted["生产总值"] == 3
    ledger.correct(key(report, "86.4亿元"), {"indicator": "生产总值（现价）"}, who="闻", why="口径")
    ledger.reject(key(report, "4座"), who="闻", why="不是指标")
    now = ledger.indicators()
    assert {item.indicator: item.count for item in now.items} == {
        **{name: count for name, count in counted.items() if not name.endswith("桥梁")},
        "生产总值": 2, "生产总值（现价）": 1,
    }  # fmt: skip
    assert [item.indicator for item in ledger.indicators("生产总值").items] == ["生产总值", "生产总值（现价）"]
    assert ledger.indicators("生产总值", limit=1).total == 2
    assert [item.indicator for item in ledger.indicators("生产总值", limit=1, offset=1).items] == ["生产总值（现价）"]
    assert ledger.indicators(place="别处").items == ()


def test_statements_of_wordings_are_those_people_left_with_them(ledger: Ledger) -> None:
    report = reading(TEXT)
    enter(ledger, report)
    ledger.correct(key(report, "86.4亿元"), {"indicator": "生产总值（现价）"}, who="闻", why="口径")
    found = ledger.statements(worded=["生产总值（现价）", "没有这个"]).items
    assert [state.statement.text for state in found] == ["86.4亿元"]
    assert [state.statement.text for state in ledger.statements(worded=["生产总值"]).items] == ["5.1%", "5.5%左右"]
    assert ledger.statements(worded=[]).items == ()
