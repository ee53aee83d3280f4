"""Finding words again: where a correction's words stand in the text that a better reader gives of the same file.

From the surest to the least sure: the same text; the same words in the same surroundings; the same but for widths,
blanks and line ends; less of the surroundings; the words where the surroundings are most alike; other words between
the same surroundings (a misread number read better). Each must lead to one place only. Where none does, the answer
is the reason, and the correction is listed for a person: nothing is put where it only might belong.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import cached_property
from typing import Literal

import msgspec

from taizhang.fold import Folded, fold
from taizhang.ledger.events import Anchor
from taizhang.model import Span

How = Literal["same", "exact", "folded", "near", "around"]
Miss = Literal["not-found", "several"]

ROOM = 40
"""Characters kept on either side of the words."""

_LESS = (24, 12, 6)
_NEARBY = 20
_ALIKE = 0.5
_CLEARLY = 0.1
_BORDERS = (10, 6)
_BLANKS = re.compile(r"[\s\u3000]+")
_DIGIT = re.compile(r"[0-9.]")


class Spot(msgspec.Struct, frozen=True):
    """Where the words stand now, and how they were found."""

    span: Span
    how: How


class Ground:
    """A text to look in. The view without widths, blanks and line ends is made when first needed."""

    def __init__(self, text: str, source: str) -> None:
        self.text, self.source = text, source

    @cached_property
    def squeezed(self) -> Folded:
        folded = fold(self.text)
        return folded.without((match.start(), match.end()) for match in _BLANKS.finditer(folded.text))


def anchor(report: str, source: str, text: str, span: Span) -> Anchor:
    """The words of a span with their surroundings, to find them by later."""
    before = text[max(0, span.start - ROOM) : span.start]
    quote = text[span.start : span.end]
    after = text[span.end : span.end + ROOM]
    places = _all(text, before + quote + after)
    return Anchor(
        report=report,
        source=source,
        start=span.start,
        end=span.end,
        quote=quote,
        before=before,
        after=after,
        nth=places.index(span.start - len(before)),
        of=len(places),
    )


def place(wanted: Anchor, ground: Ground) -> Spot | Miss:
    """Where the words of `wanted` stand in `ground`, or why that cannot be said."""
    if wanted.source == ground.source:
        return Spot(wanted.span, "same")
    places = _all(ground.text, wanted.before + wanted.quote + wanted.after)
    if len(places) == 1 or (len(places) == wanted.of and places):
        start = places[wanted.nth if len(places) > 1 else 0] + len(wanted.before)
        return Spot(Span(start, start + len(wanted.quote)), "exact")
    before, quote, after = (_squeeze(part) for part in (wanted.before, wanted.quote, wanted.after))
    if not quote:
        return "not-found"
    view = ground.squeezed
    found = _with_surroundings(view.text, before, quote, after, wanted)
    if found is not None:
        return Spot(view.span(found, found + len(quote)), "folded")
    starts = [start for start in _all(view.text, quote) if _whole(view.text, start, quote)]
    nearest = _nearest(view.text, starts, before, quote, after)
    if nearest is not None:
        return Spot(view.span(nearest, nearest + len(quote)), "near")
    between = _between(view.text, before, quote, after)
    if between is not None:
        return Spot(view.span(*between), "around")
    return "several" if starts else "not-found"


def _squeeze(text: str) -> str:
    return _BLANKS.sub("", fold(text).text)


def _all(text: str, words: str) -> list[int]:
    if not words:
        return []
    found, at = [], text.find(words)
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found


def _whole(text: str, start: int, quote: str) -> bool:
    """Whether the words are not the middle of a longer number: 5.2% does not stand in 15.2%."""
    end = start + len(quote)
    left = start > 0 and _DIGIT.match(quote[0]) and _DIGIT.match(text[start - 1])
    right = end < len(text) and _DIGIT.match(quote[-1]) and _DIGIT.match(text[end])
    return not left and not right


def _with_surroundings(text: str, before: str, quote: str, after: str, wanted: Anchor) -> int | None:
    """The one place with all of the surroundings, else with as much of them as leads to one place."""
    for room in (ROOM, *_LESS):
        left, right = before[-room:], after[:room]
        for head, tail in ((left, right), (left, ""), ("", right)):
            if room < ROOM and len(head) + len(tail) < _LESS[-1]:
                continue  # too little to know a place by
            starts = [at + len(head) for at in _all(text, head + quote + tail)]
            starts = [start for start in starts if _whole(text, start, quote)]
            if len(starts) == 1:
                return starts[0]
            if room == ROOM and head and tail and starts and len(starts) == wanted.of:
                return starts[wanted.nth]
    return None


def _nearest(text: str, starts: list[int], before: str, quote: str, after: str) -> int | None:
    """The place whose surroundings are most like those wanted, if it is like enough and clearly more than any other."""
    scored = []
    wanted = f"{before[-_NEARBY:]}\0{after[:_NEARBY]}"
    for start in starts:
        end = start + len(quote)
        here = f"{text[max(0, start - _NEARBY) : start]}\0{text[end : end + _NEARBY]}"
        scored.append((SequenceMatcher(None, wanted, here, autojunk=False).ratio(), start))
    scored.sort(reverse=True)
    if not scored or scored[0][0] < _ALIKE:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < _CLEARLY:
        return None
    return scored[0][1]


def _between(text: str, before: str, quote: str, after: str) -> tuple[int, int] | None:
    """Other words of about that length between the same surroundings."""
    longest = 2 * len(quote) + 4
    for border in _BORDERS:
        left, right = before[-border:], after[:border]
        if len(left) < border or len(right) < border:
            continue
        found = [
            (start + border, end)
            for start in _all(text, left)
            for end in _all(text[: start + border + longest + border], right)
            if end > start + border
        ]
        if len(found) == 1:
            return found[0]
    return None
