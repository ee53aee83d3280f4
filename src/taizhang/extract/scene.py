"""What a sentence offers each of its numbers: the room of words around it, and what the numbers before it carry over.

A sentence is walked from left to right. The list ends with its clause, the subject with its sentence; a bare growth or
attribute may look back into the sentence before, in the same paragraph (`Scene.earlier`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from taizhang.extract import indicator as ind
from taizhang.extract.indicator import NOTHING, Term
from taizhang.model import Block, Measure, Quantity, Sentence

SEPARATOR = re.compile(r"[，；：。！？\n]")
_LIST_BREAK = re.compile(r"、|以及|和|及|与")
_RANK_WORD = re.compile("[省市县区国]定|[省市县区乡村]级|国家级|自治区级|其他|其余")
"""What may stand before the next number of a list without naming a thing (省定5项工程和县定3项实事)."""
_BARE_GAP = re.compile(r"[、和与及或以至~—，\s]*(?:以及|分别|各|和|约|超|达)?")


@dataclass(slots=True)
class State:
    """What a sentence carries along. A new one for each sentence; `earlier` is the last one of the same paragraph."""

    base: Term = NOTHING
    """The thing last measured, without the attribute (招引项目 of 招引项目总投资)."""
    last: Term = NOTHING
    """The last full indicator that is no share: what a bare growth is of."""
    verb: Term = NOTHING
    """The verb of doing that a list shares (新建公园3个、广场2个)."""
    scope: Term = NOTHING
    """在规模以上工业中，: governs the sentence."""
    history: list[Term] = field(default_factory=list)
    """Levels of this sentence in order, for a later 分别."""
    measure: Measure = "level"
    sign: int = 1
    suffix: Term = NOTHING
    """年均 and the like of the growth list in progress."""
    shared: list[Term] = field(default_factory=list)
    """Terms dealt out to the members of a 分别 list in progress, not yet taken."""
    unit: str = ""
    based: bool = False
    """The number before was a base (由41.5%), so that what follows says where it went."""
    among: Term = NOTHING
    """The whole that 其中 opened (省级中心171个，其中国家级17个)."""


class Room(NamedTuple):
    """The room of a number in its sentence: its own words before it, and what follows up to the next number's."""

    own: int
    after: tuple[int, int]
    """The stretch behind it; empty where nothing follows."""
    same: bool
    """In the clause of the number before it."""
    bare: bool
    """A mere list member: nothing but 、 or 和 since the number before it."""
    clause: int
    """Where its clause begins."""


_IDLE = re.compile(r"(?:的?(?:历史)?(?:大关|新?台阶|关口|门槛|新高|目标))、")
"""What ends the words of the number before (跃上1.4万亿斤新台阶、亩产提升…)."""


def rooms_of(text: str, flat: str, base: int, quantities: Sequence[Quantity], end: int) -> list[Room]:
    """Room for each number of a sentence whose blanked text is `flat` and begins at `base`."""
    rooms: list[Room] = []
    clause = base
    for index, quantity in enumerate(quantities):
        previous = quantities[index - 1] if index else None
        low = previous.end if previous else base
        gap = flat[low - base : quantity.start - base]
        separators = [m.end() for m in SEPARATOR.finditer(gap)]
        bare = previous is not None and bool(_BARE_GAP.fullmatch(gap)) and (gap != "，" or quantity.group is not None)
        if previous and quantity.form == previous.form == "ratio" and quantity.group == previous.group:
            bare = True  # 8.6：43.1：48.3, where ： is no clause mark
        if bare:
            own, same = quantity.start, True
        elif separators:
            clause = low + separators[-1]
            own, same = clause, False
        else:
            own, same = low, previous is not None
            if previous is not None:
                own = low + _break(gap)
        bracket = text.rfind("（", own, quantity.start)
        if bracket >= 0 and "）" not in text[bracket : quantity.start]:
            own = bracket + 1  # 示范村290个（其中省级113个）
        rooms.append(Room(own, (quantity.end, quantity.end), same, bare, clause))
    # from the last number to the first, since members of a list share what follows the last one
    stop = end
    for index in range(len(rooms) - 1, -1, -1):
        quantity = quantities[index]
        known = quantities[index + 1].end - base if index + 1 < len(rooms) else len(flat)
        found = SEPARATOR.search(flat, quantity.end - base, known)  # behind the next number its own search has been
        stop = base + found.start() if found else stop
        after = (quantity.end, stop)
        if index + 1 < len(rooms):
            following = rooms[index + 1]
            gap = flat[quantity.end - base : quantities[index + 1].start - base]
            if following.bare or gap == "的":
                after = following.after
            elif quantities[index + 1].start <= after[1]:
                # words between two numbers of one clause with no list mark belong to both
                inner = following.own if following.own > quantity.end else quantities[index + 1].start
                after = (quantity.end, inner)
                if following.own > quantity.end and not gap[: inner - quantity.end].strip("、和及与以"):
                    after = (quantity.end, quantity.end)
        rooms[index] = rooms[index]._replace(after=after)
    return rooms


def _break(gap: str) -> int:
    """Where the words of the next number begin in the words between two numbers of one clause."""
    first = _LIST_BREAK.match(gap) or _IDLE.match(gap)
    best = first.end() if first else 0
    for match in _LIST_BREAK.finditer(gap):
        rest = gap[match.end() :]
        if (
            not rest
            or ind.strip_head(rest) == len(rest)
            or ind.doing_verb(rest) == len(rest)
            or _RANK_WORD.fullmatch(rest)
        ):
            best = match.end()
    return best


class Scene(NamedTuple):
    """One number in its sentence, with everything that may bear on its meaning."""

    sentence: Sentence
    block: Block
    flat: str
    """The sentence with quoted and bracketed stretches blanked."""
    quantities: Sequence[Quantity]
    rooms: Sequence[Room]
    position: int
    state: State
    earlier: State | None

    @property
    def quantity(self) -> Quantity:
        return self.quantities[self.position]

    @property
    def room(self) -> Room:
        return self.rooms[self.position]

    def members(self) -> int:
        """How many numbers the list has that begins here (5%、6%和7% → 3)."""
        count = 1
        while self.position + count < len(self.rooms) and self.rooms[self.position + count].bare:
            count += 1
        return count
