"""What became of what was undertaken without a number: 滨河大桥建成通车, 出台招商引资办法, 创建国家园林县城.

`promised.py` says what was undertaken, each thing on a line of its own. The later report answers where a clause of its
review names that thing and says the end of it; where the thing is only named, that is shown; where nothing like it
stands anywhere, the words searched and the nearest passage are. Words are weaker evidence than a figure, and nothing
here is called met or missed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import blake2b
from itertools import pairwise, zip_longest
from typing import NamedTuple

from taizhang.checks.match import Surroundings
from taizhang.checks.order import common_year, in_order
from taizhang.checks.promised import Promised, bare, clauses, own, promised, unquoted
from taizhang.lexicon import alternation
from taizhang.lexicon.outcomes import promises, said, wording
from taizhang.model import Echo, Heard, Report, Side, Span

RULE = "undertakings/1"

_STAGES = ("finished", "begun", "issued", "founded", "awarded", "held", "going_on")
_MAIN_DONE = re.compile("主体(?:工程)?(?:完工|竣工|封顶|完成)")
_ROAD_NUMBER = re.compile("[A-Z][0-9]{2,4}")
_GOES_ON_WITHIN = 14
"""Letters of a clause that can go on with the thing of the clause before it."""
_GOVERNS_WITHIN = 14
"""Letters between a verb and the thing behind it that it still governs."""
_QUOTED = 48


def undertakings(earlier: Report, later: Report) -> list[Echo]:
    """What the later report says of every thing that the earlier undertook for the year without a number, in order.

    Raises `CheckError` where the two cannot be compared.
    """
    year = common_year(earlier, later)
    after = _Later(later)
    found: list[Echo] = []
    seen: set[tuple[str, str]] = set()
    for item in promised(earlier, year):
        if (item.thing, item.kind) not in seen:
            seen.add((item.thing, item.kind))
            found.append(_echo(item, earlier, after))
    return sorted(found, key=lambda each: (each.span, each.text.find(each.thing)))


def undertakings_over(reports: Iterable[Report]) -> list[Echo]:
    """The same over any number of reports of one place, given in any order, pair by pair of neighbouring years."""
    return [echo for earlier, later in pairwise(in_order(reports)) for echo in undertakings(earlier, later)]


class _Clause(NamedTuple):
    """A clause of the later report, folded and without quotation marks."""

    text: str
    sentence: int
    review: bool
    next: str
    """The clause behind it in the same sentence; empty where there is none."""


class _Later:
    """The later report's clauses, so that those which could name a thing are found without going through all."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.home = report.frame.place
        self._clauses: list[_Clause] = []
        self._holding: defaultdict[str, set[int]] = defaultdict(set)
        around = Surroundings(report)
        for index, sentence in enumerate(report.frame.sentences):
            part = report.frame.blocks[sentence.block].part
            if part == "furniture":
                continue
            texts = clauses(unquoted(around.sentence(index)))
            for text, behind in zip_longest(texts, texts[1:], fillvalue=""):
                for pair in _pairs(text):
                    self._holding[pair].add(len(self._clauses))
                self._clauses.append(_Clause(text, index, part == "review", behind))

    def near(self, thing: str) -> list[_Clause]:
        """Every clause that has two letters of the name in a row, in the order of the text."""
        found = set().union(*(self._holding.get(pair, ()) for pair in _pairs(thing)))
        return [self._clauses[index] for index in sorted(found)]

    def side(self, sentence: int, words: str) -> Side:
        """A stretch of a sentence in the source; the sentence where it cannot be found."""
        document, whole = self.report.document, self.report.frame.sentences[sentence].span
        source = document.slice(whole)
        marks = [at for at, letter in enumerate(source) if not letter.isspace() and unquoted(letter)]
        at = "".join(source[mark] for mark in marks).find(words)
        if at < 0 or not words:
            return Side(document.id, whole, source)
        span = Span(whole.start + marks[at], whole.start + marks[at + len(words) - 1] + 1)
        return Side(document.id, span, document.slice(span))


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


# -- what is heard of one thing


class _Found(NamedTuple):
    """One passage that names the thing; the higher its rank, the more it says."""

    heard: Heard
    rank: tuple[int, int]
    sentence: int
    words: str
    review: bool


def _echo(item: Promised, earlier: Report, later: _Later) -> Echo:
    near = later.near(item.thing)
    best: _Found | None = None
    for clause in near:
        found = _heard(item, clause, later.home)
        if found is not None and (best is None or found.rank > best.rank):
            best = found
    heard: Heard = "absent" if best is None else best.heard
    sides = _nearest(item, near, later) if best is None else (later.side(best.sentence, best.words),)
    zh, en = _reason(item, heard, sides, review=best is None or best.review)
    seal = blake2b(f"{earlier.document.id}\x1f{item.span.start}\x1f{item.thing}".encode(), digest_size=8).hexdigest()
    return Echo(
        f"u{seal}", earlier.document.id, item.span, earlier.document.slice(item.span), item.thing, item.kind,
        item.commitment.id, item.commitment.period, heard, later.report.document.id, sides, _names(item.thing), zh, en,
        f"{RULE}:{heard}",
    )  # fmt: skip


def _heard(item: Promised, clause: _Clause, home: str | None) -> _Found | None:
    """Whether a clause names the thing, and if it is one of the review, whether it says the end of it."""
    place = _named(item.thing, clause.text, item.kind, home)
    if place is None:
        return None
    if not clause.review:
        return _Found("named", (0, int(place.whole)), clause.sentence, clause.text, review=False)
    ended = _ended(item.kind, clause.text, place, main="主体" in item.clause)
    words = clause.text
    if ended is None and 0 < len(clause.next) <= _GOES_ON_WITHIN and wording("all_done").match(clause.next):
        # 滨河大桥进展顺利，已建成通车: a short clause without a thing of its own goes on with it.
        ended = _ended(item.kind, clause.next, _Place(0, 0, whole=True))
        words = f"{clause.text}，{clause.next}" if ended else clause.text
    if place.whole and ended:
        return _Found("answered", (2, 1), clause.sentence, words, review=True)
    return _Found("named", (1, int(place.whole)), clause.sentence, clause.text, review=True)


# -- is it named


class _Place(NamedTuple):
    """Where a clause names a thing, and whether by its whole name or only by most of it."""

    start: int
    end: int
    whole: bool


def _names(thing: str) -> tuple[str, ...]:
    """The wordings under which a thing is looked for, its own first."""
    found = [thing]
    if len(bare(thing)) >= 4:
        found.append(bare(thing))
    if thing.endswith("路") and not thing.endswith(("道路", "公路", "铁路")):
        found.append(f"{thing[:-1]}道路")
    elif thing.endswith("道路") and len(thing) >= 5:
        found.append(f"{thing[:-2]}路")
    return tuple(dict.fromkeys(found))


def _named(thing: str, clause: str, kind: str, home: str | None) -> _Place | None:
    for name in _names(thing):
        if (at := clause.find(name)) >= 0:
            return _Place(at, at + len(name), whole=True)
    way = wording("way").search(thing)
    if way is not None and way.start() >= 2:
        # 京甲、京乙高速建成通车 names 京甲高速.
        listed = re.search(f"{re.escape(thing[: way.start()])}[、和与及][^，；]{{0,14}}?{way[0]}", clause)
        if listed is not None:
            return _Place(*listed.span(), whole=True)
    if (between := _in_two(thing, clause)) is not None:
        return between
    number = _ROAD_NUMBER.match(thing)
    if number is not None and (at := clause.find(number[0])) >= 0:
        return _Place(at, at + len(number[0]), whole=False)
    shared = _longest(thing, clause)
    if len(shared) >= 3 and _tells_of(thing, shared, kind, home):
        at = clause.find(shared)
        # 垃圾焚烧发电 for 生活垃圾焚烧发电; a hall (体育馆) for a field (体育场) is another thing.
        nearly = thing.endswith(shared) and len(shared) >= 6 and len(shared) * 4 >= len(thing) * 3
        return _Place(at, at + len(shared), nearly)
    short = thing[:2] + thing[-2:]
    if len(own(thing[:2], home)) == 2 and (at := clause.find(short)) >= 0:
        return _Place(at, at + len(short), whole=False)  # 双创中心 for 双创孵化中心
    return _in_pieces(thing, clause, home)


def _in_two(thing: str, clause: str) -> _Place | None:
    """Where a clause has a name with other letters in it: 县医院新建传染病房楼, 甲路、乙路东延 for 甲路东延."""
    if len(thing) < 5:
        return None
    for cut in range(len(thing) - 2, 2, -1):
        first, last = thing[:cut], thing[cut:]
        start = clause.find(first)
        stop = clause.find(last, start + cut) if start >= 0 else -1
        if stop < 0:
            continue
        gap = clause[start + cut : stop]
        if len(gap) <= 8 and (len(last) >= 3 or (len(last) == 2 and ("、" in gap or len(gap) <= 3))):
            return _Place(start, stop + len(last), whole=True)
    return None


def _in_pieces(thing: str, clause: str, home: str | None) -> _Place | None:
    """Where a clause has three quarters of a name in pieces, in order: 中心城区供水、雨水管网 for 中心城区雨水管网."""
    pieces: list[str] = []
    start, at, rest = -1, 0, thing
    while len(rest) >= 2:
        size = next((size for size in range(len(rest), 1, -1) if clause.find(rest[:size], at) >= 0), 0)
        if size:
            found = clause.find(rest[:size], at)
            start, at = (found if start < 0 else start), found + size
            pieces.append(rest[:size])
        rest = rest[size or 1 :]
    shared = "".join(pieces)
    if len(shared) * 4 < len(thing) * 3 or at - start > 3 * len(thing):
        return None
    all_of_it = shared == thing and at - start <= len(thing) + 2  # 城市会客厅 for 城市客厅
    if len(own(shared, home)) < (2 if all_of_it else 3):
        return None
    return _Place(start, at, whole=False)


def _tells_of(thing: str, shared: str, kind: str, home: str | None) -> bool:
    """Whether a piece of a name is enough to think of the thing: its own beginning, or the most of it."""
    told, size = len(own(shared, home)), len(bare(thing))
    ends = thing.endswith(shared) or bare(thing).endswith(shared)
    half = len(shared) * 2 >= size
    if shared == bare(thing):
        return told >= 2  # 青禾坊 for 青禾坊二期
    if kind in ("finish", "begin") and thing.startswith(shared):
        return told >= 2 and (wording("road").search(shared) is not None or (len(shared) >= 4 and half))
    if kind != "hold" and thing.startswith(shared) and told >= 4 and half:
        return True
    if ends and told >= 3 and len(shared) >= 5:
        return True
    if kind == "hold" and not ends:
        return thing.startswith(shared) and told >= 6 and half  # not 第八届全国运动会 for another 第八届
    return len(shared) * 5 >= size * 3 and told >= (2 if ends and len(shared) >= 4 else 3)


def _longest(thing: str, text: str) -> str:
    """The longest piece of a name, of three letters or more, that a text has."""
    best = ""
    for at in range(len(thing) - 2):
        size = max(3, len(best) + 1)
        while at + size <= len(thing) and thing[at : at + size] in text:
            best = thing[at : at + size]
            size += 1
    return best


# -- is its end said


@cache
def _verbs(kind: str) -> re.Pattern[str]:
    return re.compile(f"(?:{alternation(promises()[kind].before)})(?![率投产后前以])")


class _Word(NamedTuple):
    """A word for a stage beside a thing: how far it is, and whether what it says answers the promise."""

    distance: int
    answers: bool


def _ended(kind: str, clause: str, place: _Place, *, main: bool = False) -> bool | None:
    """Whether what a clause says nearest to the thing answers the promise; null where it says no stage at all.

    With `main`, the shell of a building was promised, and its being finished answers.
    """
    start, end, _ = place
    words = [
        (low, high, name in promises()[kind].answers)
        for name in _STAGES
        for low, high in said(clause, name)
        if low >= end or high <= start  # not inside the thing's own name
    ]
    if main:
        words += [(*found.span(), True) for found in _MAIN_DONE.finditer(clause)]
    if kind != "award":
        # What the plan wants drawn up, set up or opened, the review says was: 制定、组建、打通 before the thing.
        words += [
            (*found.span(), wording("under_way").search(clause[: found.start()]) is None)
            for found in _verbs(kind).finditer(clause, 0, start)
        ]
    if not words:
        return None
    if wording("laying_out").match(clause[end:]):
        return False  # 启动青禾新区征迁, 规划初步成果编制完成
    # Of two words equally near, one that answers goes first.
    behind = sorted((_Word(low - end, answers) for low, _, answers in words if low >= end), key=_nearest_first)
    before = sorted((_Word(start - high, answers) for _, high, answers in words if high <= start), key=_nearest_first)
    # A word right before the thing and in its own item governs it; else what stands behind.
    governs = before and before[0].distance <= _GOVERNS_WITHIN
    if governs and "、" not in clause[start - before[0].distance : start] and (before[0].answers or not behind):
        return before[0].answers
    if behind:
        # 全面完工 is told by several stages at once: the nearest that answers counts if no other is nearer.
        near = behind[0].distance
        answered = any(word.answers and word.distance <= near + 2 for word in behind)
        return answered and wording("put_off").search(clause[end : end + near]) is None
    return before[0].answers and before[0].distance <= 40


def _nearest_first(word: _Word) -> tuple[int, bool]:
    return word.distance, not word.answers


# -- what is said to people


def _nearest(item: Promised, near: Sequence[_Clause], later: _Later) -> tuple[Side, ...]:
    """The clause with the longest piece of the name, if that is more than a general word."""
    best: tuple[int, _Clause] | None = None
    for clause in near:
        size = len(own(_longest(item.thing, clause.text), later.home))
        if size >= 2 and (best is None or size > best[0]):
            best = size, clause
    return () if best is None else (later.side(best[1].sentence, best[1].text),)


def _reason(item: Promised, heard: Heard, sides: Sequence[Side], *, review: bool) -> tuple[str, str]:
    quoted = "" if not sides else "".join(sides[0].text.split())
    quoted = quoted if len(quoted) <= _QUOTED else f"{quoted[: _QUOTED - 1]}…"
    if heard == "answered":
        return f"报告说“{quoted}”。", f"The report says “{quoted}”."
    if heard == "named":
        where, where_en = ("", "") if review else ("（不在回顾部分）", " (not in the review)")
        return (
            f"报告提到“{quoted}”{where}，没有明说是否做到。",
            f"The report mentions “{quoted}”{where_en}, without saying plainly whether it was done.",
        )
    sought = "、".join(f"“{word}”" for word in _names(item.thing))
    near = f"，最接近的一句是“{quoted}”" if quoted else ""
    near_en = f"; the nearest passage is “{quoted}”" if quoted else ""
    return f"没有找到{sought}{near}。", f"Nothing found of {sought}{near_en}."
