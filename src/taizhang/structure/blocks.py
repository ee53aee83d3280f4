"""Which stretch of a report looks back, which looks ahead, over what span of years, and what is neither."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from taizhang.model import Mode, Part
from taizhang.structure.articles import ATTACHMENT, Page, Segment
from taizhang.structure.cues import Cue, Years, furniture, heading_cues, moods, openers
from taizhang.structure.headings import Mark
from taizhang.structure.lines import Paragraph
from taizhang.structure.numbering import ordinal

_GREETING = re.compile(r"各[位们]代表")
_SECTION_WORDS = re.compile(r"年.{0,6}工作|回顾|五年|远景|时期|预期目标|”?国民经济")
_STOP_OR_COLON = re.compile("[。！？：]")
_LAST_WORDS = re.compile(r"让我们|紧密地?团结在|(?:而|努力|胜利)(?:奋斗|前进)[！。]?$|各族人民.{0,20}团结")
_SENTENCE_STOP = re.compile("[。！？]”?")
_NEUTRAL = 7
"""Points ahead in 1,000 characters that a text of no leaning has: words of action stand in looks back too."""
_SHORTEST_TURN = 400
_LONG_TURN = 1500
_LARGE_GAIN = 100
_OPENING_SHARE = 0.2
_LONGEST_OPENING = 4000
_DEEP_FALL = 12.0
"""Points back that an outline's first paragraphs must gather to be a look back."""


class State(NamedTuple):
    """What a stretch does, and the rule that says so."""

    part: Part
    mode: Mode | None
    rule: str

    def same(self, other: State) -> bool:
        """Whether the two do the same, for whatever reason."""
        return self.part == other.part and self.mode == other.mode


class Stretch(NamedTuple):
    """A stretch of the joined text in one state, of one article."""

    start: int
    end: int
    state: State
    article: int = 0

    def is_body(self) -> bool:
        """Whether it is a part of a report's own text."""
        return self.state.part in ("review", "plan")


class Mood:
    """Points for looking ahead and back, summed so that any stretch can be asked."""

    def __init__(self, text: str) -> None:
        self._at: list[int] = []
        self._sum: list[int] = [0]
        total = 0
        finder, points = moods()
        for word, start, _ in finder.find_matches_as_indexes(text):
            if points[word]:
                total += points[word]
                self._at.append(start)
                self._sum.append(total)

    def raw(self, start: int, end: int) -> int:
        """Points ahead less points back in a stretch."""
        return self._sum[bisect_left(self._at, end)] - self._sum[bisect_left(self._at, start)]

    def ahead(self, start: int, end: int) -> float:
        """How much a stretch leans ahead (above 0) or back (below), in points a thousand characters."""
        return 1000 * self.raw(start, end) / max(60, end - start) - _NEUTRAL


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

    def paragraph_at(self, offset: int) -> int:
        """Number of the paragraph an offset stands in."""
        return max(0, bisect_right(self.paragraphs, offset, key=_start) - 1)


def _start(paragraph: Paragraph) -> int:
    return paragraph.start


class Event(NamedTuple):
    """A cue met in the text: where, what it says, and the entry it comes from (null for a heading)."""

    at: int
    name: str
    state: State
    cue: Cue | None
    top: bool = False
    """Whether it is a heading of the text's first rank."""


def page_stretches(scene: Scene, page: Page) -> list[Stretch]:
    """The states of a whole page, in order and without gaps."""
    stretches: list[Stretch] = []
    segments = page.segments
    index = 0
    while index < len(segments):
        kind = segments[index].kind
        if kind == "head":
            run = _head_run(segments, index)
            _lay_head(scene, page, index, run, stretches)
        elif kind == "body":
            run = _body_run(page, index)
            _lay_body(scene, page, index, run, stretches)
        else:
            run = index + 1
            _lay_other(scene, segments[index], _bounds(scene, segments, index), stretches)
        index = run
    return stretches


def _body_run(page: Page, index: int) -> int:
    """Behind a body and what merely interrupts it (a picture, a stray line); a tear ends the run."""
    segments = page.segments
    end = index + 1
    for at in range(index + 1, len(segments)):
        if segments[at].article != segments[index].article or segments[at].kind not in ("body", "furniture", "title"):
            break
        if segments[at].kind == "body":
            if any(segments[end - 1].last - 1 <= tear < segments[at].first for tear in page.tears):
                break
            end = at + 1
    return end


def _bounds(scene: Scene, segments: Sequence[Segment], index: int) -> tuple[int, int]:
    start = scene.paragraphs[segments[index].first].start if index else 0
    if index + 1 < len(segments):
        return start, scene.paragraphs[segments[index + 1].first].start
    return start, len(scene.text)


def _head_run(segments: Sequence[Segment], index: int) -> int:
    """Behind the heads and furniture that lead to a body."""
    run = index
    while run < len(segments) and segments[run].kind in ("head", "furniture"):
        if segments[run].article != segments[index].article:
            break
        run += 1
    return run


def _lay_head(scene: Scene, page: Page, first: int, last: int, stretches: list[Stretch]) -> None:
    """A head is of the part that its body opens with."""
    segments = page.segments
    state = State("review", "year", "opening")
    if last < len(segments) and segments[last].kind == "body":
        start, end = _bounds(scene, segments, last)[0], _bounds(scene, segments, _body_run(page, last) - 1)[1]
        state = walk(scene, start, end, None)[0].state
    for index in range(first, last):
        start, end = _bounds(scene, segments, index)
        if segments[index].kind == "furniture":
            _add(stretches, Stretch(start, end, State("furniture", None, "furniture.head"), segments[index].article))
        else:
            _add(stretches, Stretch(start, end, state, segments[index].article))


def _lay_body(scene: Scene, page: Page, first: int, last: int, stretches: list[Stretch]) -> None:
    segments = page.segments
    article = segments[first].article
    start, end = _bounds(scene, segments, first)[0], _bounds(scene, segments, last - 1)[1]
    before: State | None = None
    if any(tear < segments[first].first for tear in page.tears):
        before = next((s.state for s in reversed(stretches) if s.article == article and s.is_body()), None)
    closing = closing_start(scene, start, end)
    found = walk(scene, start, closing, before) if closing > start else []
    if closing < end:
        found.append(Stretch(closing, end, State("other", None, "closing")))
    for index in range(first, last):
        low, high = _bounds(scene, segments, index)
        if segments[index].kind != "body":
            _lay_other(scene, segments[index], (low, high), stretches)
            continue
        for stretch in found:
            inside = stretch._replace(start=max(low, stretch.start), end=min(high, stretch.end), article=article)
            _add(stretches, inside)


def _lay_other(scene: Scene, segment: Segment, bounds: tuple[int, int], stretches: list[Stretch]) -> None:
    start, end = bounds
    if segment.kind == "attachment":
        for stretch in _attachments(scene, start, end):
            _add(stretches, stretch._replace(article=segment.article))
        return
    part: Part = "furniture" if segment.kind == "furniture" else "other"
    _add(stretches, Stretch(start, end, State(part, None, f"page.{segment.kind}"), segment.article))


def _attachments(scene: Scene, start: int, end: int) -> list[Stretch]:
    """Attachments are plans or reviews if their titles say so (附件1：2026年民生实事), else neither."""
    stretches: list[Stretch] = []
    starts = [start]
    for index in range(scene.paragraph_at(start) + 1, scene.paragraph_at(end - 1) + 1):
        paragraph = scene.paragraphs[index]
        if ATTACHMENT.match(scene.text, paragraph.start, paragraph.end):
            starts.append(paragraph.start)
    for low, high in pairwise([*starts, end]):
        first = scene.paragraph_at(low)
        title_end = scene.paragraphs[min(first + 2, len(scene.paragraphs) - 1)].end
        state = heading_state(scene.text[low : min(title_end, low + 80)].replace("\n", ""), scene.years, False)
        if state is None or state.part not in ("review", "plan"):
            state = State("other", None, "page.attachment")
        stretches.append(Stretch(low, high, state))
    return stretches


def _add(stretches: list[Stretch], new: Stretch) -> None:
    if new.end <= new.start:
        return
    if stretches and stretches[-1].state.same(new.state) and stretches[-1].article == new.article:
        stretches[-1] = stretches[-1]._replace(end=new.end)
    else:
        stretches.append(new)


def heading_state(title: str, years: Years, national: bool) -> State | None:
    """What a heading says of the section it opens, or nothing.

    The first cue of the file that is found decides on the part; where more of the same part are, the one that stands
    first in the heading decides on the mode (2025年和“十四五”时期工作回顾 is of the year).
    """
    best: tuple[int, str, Cue] | None = None
    for name, cue, pattern in heading_cues(years):
        if cue.national and not national:
            continue
        if best is not None and (cue.part != best[2].part or cue.mode is None or best[2].mode in (None, "horizon")):
            continue
        match = pattern.search(title)
        if match and (best is None or match.start() < best[0]):
            best = (match.start(), name, cue)
            if cue.part == "other":
                break
    if best is None:
        return None
    _, name, cue = best
    return State(cue.part, cue.mode or _mode_of(cue.part, years), f"heading.{name}")


def _mode_of(part: Part, years: Years) -> Mode | None:
    """The mode of a part whose heading names no years."""
    if part not in ("review", "plan"):
        return None
    return "five-year" if years.plan else "year"


def walk(scene: Scene, start: int, end: int, before: State | None) -> list[Stretch]:
    """States from `start` to `end` of one report's text, by its headings, the openings of its sentences, and its mood.

    `before` is the state that the same article stood in where it broke off above.
    """
    if scene.kind == "stats":
        return [Stretch(start, end, State("review", "year", "kind.stats"))]
    events = _events(scene, start, end)
    state = _resumed(scene, events, start, end, before) if before else _first_state(scene, events, start, end)
    unplanned = not any(event.state.part == "plan" for event in events)
    stretches: list[Stretch] = []
    at = start
    resume: State | None = None
    resume_at = end
    for event in events:
        if event.state.rule == "heading.foreign" and state.part == "review" and not event.top:
            continue  # in a review, diplomacy is one of the things done
        if resume is not None and event.at >= resume_at:
            _add(stretches, Stretch(at, resume_at, state))
            at, state, resume = resume_at, resume, None
        if event.cue is not None and not (_allowed(scene, state, event) or (event.name == "foreign" and unplanned)):
            continue
        if event.state.same(state) and resume is None:
            continue
        if event.cue is None and event.state.part == state.part and event.state.rule.endswith("-words"):
            continue  # 主要目标 inside a plan says nothing of its years
        if event.cue is not None and event.cue.scope != "section" and (state.part == "plan" or _passing(state, event)):
            if resume is None:
                resume = state
            resume_at = _scope_end(scene, event)
        else:
            resume = None
        _add(stretches, Stretch(at, event.at, state))
        at, state = event.at, event.state
    if resume is not None and resume_at < end:
        _add(stretches, Stretch(at, resume_at, state))
        at, state = resume_at, resume
    _add(stretches, Stretch(at, end, state))
    return _turned(scene, _looked_back(scene, stretches)) if before is None else stretches


def _passing(state: State, event: Event) -> bool:
    """Whether a bare year speaks only of its paragraph: inside a five-year review."""
    return event.name == "bare_year" and state.part == "review" and state.mode == "five-year"


def _events(scene: Scene, start: int, end: int) -> list[Event]:
    events = _heading_events(scene, start, end)
    pattern, table = openers(scene.years)
    text = scene.text
    for at in _sentence_starts(scene, start, end):
        match = pattern.match(text, at, end)
        if match is None:
            continue
        name = match.lastgroup or ""
        cue = table[name]
        if scene.national or not cue.national:
            events.append(Event(at, name, State(cue.part, cue.mode, f"opener.{name.replace('_', '-')}"), cue))
    events.sort(key=lambda event: (event.at, event.cue is not None))
    return events


def _sentence_starts(scene: Scene, start: int, end: int) -> list[int]:
    """Where a sentence may begin: behind a stop or a colon, and at the head of each paragraph."""
    low, high = (bisect_left(scene.paragraphs, at, key=_start) for at in (start, end))
    starts = {paragraph.start for paragraph in scene.paragraphs[low:high]}
    starts.update(match.end() for match in _STOP_OR_COLON.finditer(scene.text, start, end))
    return sorted(starts)


def _heading_events(scene: Scene, start: int, end: int) -> list[Event]:
    """What the headings say. A section without a word for it (二、乘势而上谱新篇) is judged by its mood.

    A horizon that a heading opened ends at the next heading of its rank or above, even one that says nothing.
    """
    low, high = (bisect_left(scene.marks, at, key=lambda mark: mark.start) for at in (start, end))
    marks = scene.marks[low:high]
    top = _top_rank(marks)
    tops = [mark.start for mark in marks if mark.rank in (1, top)] + [end]
    events: list[Event] = []
    state_before: State | None = None
    rank_of_horizon = 0
    for mark in marks:
        if mark.rank not in (0, 1, 2, 4, 5):
            continue
        section_end = tops[bisect_right(tops, mark.start)] if mark.start < tops[-1] else end
        state = heading_state(mark.title, scene.years, scene.national)
        if state is not None and not _may_turn(scene, mark, top):
            state = None
        last = events[-1].state if events else None
        if state is None and rank_of_horizon and 0 < mark.rank <= rank_of_horizon and not (mark.rank < top == 5):
            back = state_before if state_before is not None and state_before.part == "plan" else None
            state = State("plan", back.mode if back else _mode_of("plan", scene.years), "after.horizon")
        if state is None and mark.rank == top and mark.whole and scene.interval and last is None:
            state = State("plan", "five-year", "outline.section")  # a look back may open an outline; sections are of it
        if state is None and mark.rank == top and mark.whole and not scene.interval:
            state = _by_mood(scene, mark.start, section_end, last.part if last else None)
        if state is not None:
            if state.mode == "horizon":
                state_before, rank_of_horizon = last, mark.rank
            else:
                rank_of_horizon = 0
            top_rank = mark.rank in (1, top) or (mark.whole and mark.title.startswith("关于"))
            events.append(Event(mark.start, "", state, None, top_rank))
    return events


def _top_rank(marks: Sequence[Mark]) -> int:
    """The rank of a text's first sections: 一、, or （一） where there is none or where 一、 counts inside of it."""
    numbered = [mark for mark in marks if mark.rank in (1, 4, 5) and mark.whole]
    if not numbered:
        return 0 if any(mark.rank == 0 and mark.whole for mark in marks) else 5
    restarts = sum(mark.rank == 4 and ordinal(mark.number or "") == 1 for mark in numbered)
    inverted = numbered[0].rank == 5 and ordinal(numbered[0].number or "") == 1 and restarts > 1
    return 4 if any(mark.rank in (1, 4) for mark in numbered) and not inverted else 5


def _may_turn(scene: Scene, mark: Mark, top: int) -> bool:
    """Whether a heading's words are to be believed: a lesser one's only if they can mean nothing else."""
    if mark.rank in (1, top):
        return mark.whole or not scene.interval
    if mark.rank == 0:
        return mark.whole and not scene.interval
    return bool(_SECTION_WORDS.search(mark.title))


def _by_mood(scene: Scene, start: int, end: int, part: Part | None) -> State | None:
    """A section's state by its mood, where it leans clearly another way than the section before it."""
    if end - start < _SHORTEST_TURN:
        return None
    lean = scene.mood.ahead(start, end)
    if part in ("review", "other") and lean > 8:
        return State("plan", "year", "mood.section")
    if part in ("plan", "other") and lean < -10:
        return State("review", "year", "mood.section")
    return None


def _first_state(scene: Scene, events: Sequence[Event], start: int, end: int) -> State:
    """The state of what stands before the first cue: that of the first cue itself."""
    if scene.interval:
        first = events[0] if events else None
        if first is not None and first.state.part == "review" and first.at - start < 200:
            return State("review", first.state.mode, "opening")
        at = first.at if first is not None else start
        if 200 < at - start < 4000 and scene.mood.ahead(start, at) < -3:
            return State("review", "five-year", "opening")
        return State("plan", "five-year", "opening")
    for event in events:
        if event.state.part == "review":
            return State("review", event.state.mode, "opening")
    if events and events[0].state.part == "plan" and scene.mood.ahead(start, events[0].at) > 0:
        return State("plan", events[0].state.mode, "opening")
    return State("review", "year", "opening")


def _resumed(scene: Scene, events: Sequence[Event], start: int, end: int, before: State) -> State:
    """The state of a text that goes on behind a hole: as before it, unless its mood is clearly another."""
    first = next((event.at for event in events if event.cue is None), end)
    lean = scene.mood.ahead(start, first)
    if before.part == "review" and lean > 4:
        return State("plan", "year", "mood.behind-hole")
    if before.part == "plan" and lean < -8:
        return State("review", "year", "mood.behind-hole")
    return before


def _looked_back(scene: Scene, stretches: list[Stretch]) -> list[Stretch]:
    """Part the look back that an outline may open with from its plan: up to where its mood has sunk lowest."""
    first = stretches[0]
    if not scene.interval or first.state.part != "plan" or first.state.rule != "opening":
        return stretches
    lowest, cut = -_DEEP_FALL, None
    for index in range(scene.paragraph_at(first.start) + 1, scene.paragraph_at(first.end - 1) + 1):
        at = scene.paragraphs[index].start
        if at - first.start > _LONGEST_OPENING:
            break
        mood = scene.mood.raw(first.start, at) - _NEUTRAL * (at - first.start) / 1000
        if at - first.start >= _SHORTEST_TURN and mood < lowest:
            lowest, cut = mood, at
    if cut is None:
        return stretches
    back = Stretch(first.start, cut, State("review", "five-year", "mood.opening"), first.article)
    return [back, first._replace(start=cut), *stretches[1:]]


def _turned(scene: Scene, stretches: list[Stretch]) -> list[Stretch]:
    """Part a long review that no heading ends at the paragraph where its mood turns for good."""
    planned = any(stretch.state.part == "plan" for stretch in stretches)
    if (scene.interval and planned) or not (scene.interval or scene.kind in ("work", "plan", "budget")):
        return stretches
    turned: list[Stretch] = []
    for index, stretch in enumerate(stretches):
        stays = all(later.state.part != "review" for later in stretches[index + 1 : index + 2])
        cut = _turn(scene, stretch, *((_LONG_TURN, _LARGE_GAIN) if planned else (_SHORTEST_TURN, 0))) if stays else None
        if cut is None:
            turned.append(stretch)
            continue
        turned.append(stretch._replace(end=cut))
        turned.append(Stretch(cut, stretch.end, State("plan", "horizon" if scene.interval else "year", "mood.turn")))
        planned = True
    return turned


def _turn(scene: Scene, stretch: Stretch, shortest: int, least: int) -> int | None:
    """Where the mood of a review turns ahead to stay, with `shortest` characters and `least` points behind it."""
    start, end = stretch.start, stretch.end
    if stretch.state.part != "review" or end - start < 3 * shortest:
        return None
    best, cut = float(least), None
    for index in range(scene.paragraph_at(start) + 1, scene.paragraph_at(end - 1) + 1):
        at = scene.paragraphs[index].start
        if end - at < shortest:
            break
        gain = scene.mood.raw(at, end) - _NEUTRAL * (end - at) / 1000
        if gain > best:
            best, cut = gain, at
    if cut is None or scene.mood.ahead(cut, end) <= 6:
        return None
    return _section_of(scene, start, cut, end)


def _section_of(scene: Scene, start: int, cut: int, end: int) -> int:
    """The heading of the section that a turn opens: a turn in its first words is the section's own."""
    tops = [mark.start for mark in scene.marks if mark.whole and mark.rank in (1, 4) and start < mark.start]
    section = max((at for at in tops if at <= cut), default=cut)
    following = min((at for at in tops if at > cut), default=end)
    return section if cut - section < _OPENING_SHARE * (min(following, end) - section) else cut


def _allowed(scene: Scene, state: State, event: Event) -> bool:
    """Whether an opener may turn the state it is met in."""
    new, cue = event.state, event.cue
    if cue is None:
        return True
    if cue.where == "paragraph" and not _opens_paragraph(scene, event.at):
        return False
    if event.name == "aside_review":
        return state.part == "plan" or (state.part == "review" and _opens_paragraph(scene, event.at))
    if event.name == "aside_years":
        return state.part == "plan" and not scene.interval
    if event.name == "forward":
        return state.part == "review" and "aside" in state.rule
    if event.name == "horizon":
        return state.part == "plan"
    if state.part == "other":
        return new.part == "other"
    if event.name == "foreign":
        return state.part == "plan"
    if new.part == "review" and state.part == "plan":
        if scene.interval and state.rule == "opening":
            return True
        return (
            not scene.interval and state.mode == "five-year" and new.mode == "five-year" and _lean(scene, event.at) < -5
        )
    if new.part == "plan" and state.part == "review":
        return (event.name == "five_year_plan" or _lean(scene, event.at) > -8) and not (
            scene.interval and event.name == "year_plan"
        )
    return not (scene.interval and event.name == "year_plan")


def _opens_paragraph(scene: Scene, at: int) -> bool:
    return scene.paragraphs[scene.paragraph_at(at)].start == at


def _lean(scene: Scene, at: int) -> float:
    """The mood of the paragraphs that begin here."""
    first = scene.paragraph_at(at)
    return scene.mood.ahead(at, scene.paragraphs[min(first + 2, len(scene.paragraphs) - 1)].end)


def _scope_end(scene: Scene, event: Event) -> int:
    """How far a cue holds that does not open a section."""
    end = scene.paragraphs[scene.paragraph_at(event.at)].end
    if event.cue is None or event.cue.scope == "paragraph":
        return end
    at = event.at
    while True:
        match = _SENTENCE_STOP.search(scene.text, at, end)
        stop = match.end() if match else end
        if at > event.at and scene.mood.raw(at, stop) > 0:
            return at
        if stop >= end:
            return end
        at = stop


def closing_start(scene: Scene, start: int, end: int) -> int:
    """Where a body's closing words begin (各位代表！让我们…), or `end` where it has none."""
    closing = furniture("closing")
    last = None
    for match in _GREETING.finditer(scene.text, start, end):
        if match.start() > start and (
            scene.text[match.start() - 1] in "\n。！" or _opens_paragraph(scene, match.start())
        ):
            last = match.start()
    if last is not None and any(last < mark.start < end and mark.number for mark in reversed(scene.marks)):
        last = None  # sections follow: no closing yet
    if last is not None and end - last < max(900, (end - start) // 12) and closing.search(scene.text, last, end):
        return last
    low = bisect_left(scene.paragraphs, start, key=_start)
    high = bisect_left(scene.paragraphs, end, key=_start)
    for paragraph in reversed(scene.paragraphs[max(low + 1, high - 3) : high]):
        if paragraph.end - paragraph.start < 500 and _LAST_WORDS.search(scene.text, paragraph.start, paragraph.end):
            return paragraph.start
    return end


def part_finder(stretches: Sequence[Stretch]) -> Callable[[int], Part]:
    """A function that tells the part at an offset."""
    starts = [stretch.start for stretch in stretches]

    def part_at(offset: int) -> Part:
        return stretches[max(0, bisect_right(starts, offset) - 1)].state.part

    return part_at
