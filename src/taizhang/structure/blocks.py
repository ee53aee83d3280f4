"""Which stretch of a report looks back, which looks ahead, over what span of years, and what is neither."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from taizhang.model import Mode, Part
from taizhang.structure.cues import Cue, Years, furniture, heading_cues, moods, openers
from taizhang.structure.headings import Mark
from taizhang.structure.lines import Paragraph

_GREETING = re.compile(r"各[位们]代表")


class State(NamedTuple):
    """What a stretch does, and the rule that says so."""

    part: Part
    mode: Mode | None
    rule: str

    def same(self, other: State) -> bool:
        return self.part == other.part and self.mode == other.mode


class Stretch(NamedTuple):
    """A stretch of the joined text in one state."""

    start: int
    end: int
    state: State


class Mood:
    """Points for looking back and ahead, summed so that any stretch can be asked."""

    def __init__(self, text: str) -> None:
        self._at: list[int] = []
        self._plan: list[int] = [0]
        self._review: list[int] = [0]
        plan = review = 0
        for match in moods().finditer(text):
            group = match.lastgroup or "p0"
            if group[0] == "p":
                plan += int(group[1:])
            else:
                review += int(group[1:])
            self._at.append(match.start())
            self._plan.append(plan)
            self._review.append(review)

    def ahead(self, start: int, end: int) -> int:
        """Points ahead less points back in a stretch."""
        low, high = bisect_left(self._at, start), bisect_left(self._at, end)
        return (self._plan[high] - self._plan[low]) - (self._review[high] - self._review[low])


class Scene(NamedTuple):
    """What the walk through one report looks at."""

    text: str
    paragraphs: Sequence[Paragraph]
    marks: Sequence[Mark]
    mood: Mood
    years: Years
    national: bool
    kind: str | None
    interval: bool


def heading_state(title: str, years: Years, national: bool) -> State | None:
    """What a heading says of the section it opens, or nothing."""
    for name, cue, pattern in heading_cues(years):
        if (national or not cue.national) and pattern.search(title):
            return State(cue.part, cue.mode, f"heading.{name}")
    return None


def walk(scene: Scene, start: int, end: int) -> list[Stretch]:
    """States from `start` to `end` of one report's body, by its headings, the openings of its sentences, and its mood."""
    if scene.kind == "stats":
        return _stats(scene, start, end)
    events = _events(scene, start, end)
    stretches: list[Stretch] = []
    opening = _first_state(scene, events)
    state = opening
    at = start
    resume: State | None = None
    resume_at = end
    for where, kind, name, new, cue in events:
        if resume is not None and where >= resume_at:
            at = _close(stretches, at, resume_at, state)
            state, resume = resume, None
        if kind == "opener" and cue is not None and not _allowed(scene, state, new, cue, name, where):
            continue
        if new.same(state) and resume is None:
            continue
        at = _close(stretches, at, where, state)
        if cue is not None and cue.scope != "section":
            if resume is None:
                resume = state if state.part == "plan" else State("plan", "year", "after.aside")
            resume_at = _scope_end(scene, where, cue.scope)
        else:
            resume = None
        state = new
    if resume is not None and resume_at < end:
        at = _close(stretches, at, resume_at, state)
        state = resume
    _close(stretches, at, end, state)
    return stretches


def _close(stretches: list[Stretch], start: int, end: int, state: State) -> int:
    if end > start:
        if stretches and stretches[-1].state.same(state):
            stretches[-1] = Stretch(stretches[-1].start, end, stretches[-1].state)
        else:
            stretches.append(Stretch(start, end, state))
    return max(start, end)


Event = tuple[int, str, str, State, Cue | None]


def _events(scene: Scene, start: int, end: int) -> list[Event]:
    events: list[Event] = []
    for mark in scene.marks:
        if start <= mark.start < end and mark.rank in (0, 1, 2, 4, 5):
            state = heading_state(mark.title, scene.years, scene.national)
            if state is None and mark.rank == 4:
                state = _by_mood(scene, mark, end)
            if state is not None and (mark.rank in (1, 4) or _strong(mark, state)):
                events.append((mark.start, "heading", "", state, None))
    pattern, table = openers(scene.years)
    for match in pattern.finditer(scene.text, start, end):
        name = match.lastgroup or ""
        cue = table[name]
        if cue.national and not scene.national:
            continue
        events.append(
            (match.start(), "opener", name, State(cue.part, cue.mode, f"opener.{name.replace('_', '-')}"), cue)
        )
    events.sort(key=lambda event: (event[0], event[1]))
    return events


def _strong(mark: Mark, state: State) -> bool:
    """Whether a lesser heading may turn the part: only with words that can mean nothing else."""
    if mark.rank == 0:
        return mark.whole
    return bool(re.search(r"年工作|回顾|五年|远景|时期|预期目标", mark.title))


def _by_mood(scene: Scene, mark: Mark, end: int) -> State | None:
    return None


def _first_state(scene: Scene, events: Sequence[Event]) -> State:
    """The state of what stands before the first cue: that of the first cue itself."""
    for _, _, _, state, _ in events:
        if state.part == "review" or (state.part == "plan" and scene.interval):
            return State(state.part, state.mode, "opening")
    if events and events[0][3].part == "plan":
        return State("plan", events[0][3].mode, "opening")
    return State("plan", "five-year", "opening") if scene.interval else State("review", "year", "opening")


def _allowed(scene: Scene, state: State, new: State, cue: Cue, name: str, where: int) -> bool:
    """Whether an opener may turn the state it is met in."""
    paragraph_start = where == 0 or scene.text[where - 1] == "\n" or _starts(scene, where)
    if cue.where == "paragraph" and not paragraph_start:
        return False
    if cue.scope == "sentences":
        return state.part == "plan"
    if name == "forward":
        return state.part == "review" and state.rule.startswith("opener.aside")
    if name == "horizon":
        return state.part == "plan"
    if new.part == "review" and state.part == "plan":
        return False
    if new.part == "plan" and state.part == "review":
        return _ahead(scene, where) > 0
    if new.part == "plan" and state.part == "other":
        return False
    return True


def _starts(scene: Scene, where: int) -> bool:
    starts = [paragraph.start for paragraph in scene.paragraphs]
    at = bisect_left(starts, where)
    return at < len(starts) and starts[at] == where


def _paragraph_end(scene: Scene, where: int) -> int:
    at = bisect_right(scene.paragraphs, where, key=lambda paragraph: paragraph.start) - 1
    return scene.paragraphs[at].end if at >= 0 else len(scene.text)


def _ahead(scene: Scene, where: int) -> int:
    at = bisect_right(scene.paragraphs, where, key=lambda paragraph: paragraph.start) - 1
    stop = scene.paragraphs[min(at + 2, len(scene.paragraphs) - 1)].end
    return scene.mood.ahead(where, stop)


def _scope_end(scene: Scene, where: int, scope: str) -> int:
    end = _paragraph_end(scene, where)
    if scope == "paragraph":
        return end
    at = where
    while True:
        stop = _sentence_end(scene.text, at, end)
        if at > where and scene.mood.ahead(at, stop) > 0:
            return at
        if stop >= end:
            return end
        at = stop


def _sentence_end(text: str, start: int, end: int) -> int:
    match = re.compile("[。！？]”?").search(text, start, end)
    return match.end() if match else end


def _stats(scene: Scene, start: int, end: int) -> list[Stretch]:
    return [Stretch(start, end, State("review", "year", "kind.stats"))]


def closing_start(scene: Scene, start: int, end: int) -> int:
    """Where a body's closing words begin (各位代表！让我们…), or `end` where it has none."""
    last = None
    for match in _GREETING.finditer(scene.text, start, end):
        if match.start() == start or scene.text[match.start() - 1] in "\n。！" or _starts(scene, match.start()):
            last = match.start()
    closing = furniture("closing")
    if last is not None and end - last < max(900, (end - start) // 12) and closing.search(scene.text, last, end):
        return last
    low = bisect_left(scene.paragraphs, start, key=lambda paragraph: paragraph.start)
    high = bisect_left(scene.paragraphs, end, key=lambda paragraph: paragraph.start)
    for paragraph in reversed(scene.paragraphs[max(low, high - 3) : high]):
        if "让我们" in scene.text[paragraph.start : paragraph.end] and paragraph.end - paragraph.start < 500:
            return paragraph.start
    return end
