"""How sure the reader is that a whole statement is right: value, unit, indicator, measure, comparator, kind and period.

Each reading has traits: the rules that made its fields, how far its words were fetched, how crowded its sentence is.
Every trait adds its weight, and the sum goes through the logistic function. The weights are `confidence.toml`, learned
from labelled reports by `bench/calibrate.py`, where a trait is pulled towards zero, the more the less often it was
seen. Traits that were hardly seen share one weight, and one that the file does not know has it too: a new rule starts
with what rare rules are worth, and that is less than common ones.
"""

from __future__ import annotations

import math
import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import msgspec

from taizhang.errors import LexiconError
from taizhang.extract import indicator as ind
from taizhang.extract.behind import dimension
from taizhang.extract.context import Reading
from taizhang.fold import Folded
from taizhang.model import Frame

Trait = tuple[str, str]
"""A group of traits that exclude each other, and the one of them that holds."""

SELDOM = "*"

_REACH = 500
"""How far back in a sentence words may bear on a number's traits; hardly any sentence is longer."""

LEAST, MOST = 0.02, 0.99
"""No reading is certain, and none is hopeless: there are too few labels to say more."""


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The learned file: what it was learned from, and what each trait adds to the log-odds of being right."""

    reports: int
    rows: int
    right: float
    """Share of the rows that were right as read."""
    decay: float
    """The ridge that pulled the weights towards zero."""
    base: float
    traits: dict[str, dict[str, float]]
    """By group and name; `*` stands for the names of the group that were seldom or never seen."""

    def confidence(self, found: tuple[Trait, ...]) -> float:
        """How sure a reading with these traits is."""
        total, groups = self.base, self.traits
        for group, name in found:
            table = groups.get(group)
            if table is not None:
                weight = table.get(name)
                total += table.get(SELDOM, 0.0) if weight is None else weight
        return probability(total)


def parse(text: str) -> Weights:
    """Weights from the text of the file. Raises `LexiconError` where a key is missing, unknown or no number."""
    try:
        return msgspec.convert(tomllib.loads(text), Weights)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise LexiconError(f"confidence.toml：{error}", f"confidence.toml: {error}") from error


@cache
def weights() -> Weights:
    """The weights that the package carries."""
    return parse(files("taizhang.extract").joinpath("confidence.toml").read_text(encoding="utf-8"))


def confidences(frame: Frame, folded: Folded, readings: Sequence[Reading]) -> list[float]:
    """One confidence for each reading, in order, rounded to what it can bear."""
    known = weights()
    return [known.confidence(found) for found in traits(frame, folded, readings)]


def probability(logit: float) -> float:
    """The share right among readings with these log-odds, to two places."""
    return round(min(MOST, max(LEAST, 1 / (1 + math.exp(-logit)))), 2)


def traits(frame: Frame, folded: Folded, readings: Sequence[Reading]) -> list[tuple[Trait, ...]]:
    """The traits of each reading, in order."""
    crowd: dict[int, int] = {}
    for reading in readings:
        crowd[reading.sentence] = crowd.get(reading.sentence, 0) + 1
    found: list[tuple[Trait, ...]] = []
    previous: Reading | None = None
    place = 0
    for reading in readings:
        same = previous is not None and previous.sentence == reading.sentence
        place = place + 1 if same else 0
        found.append(_traits(frame, folded.text, reading, previous if same else None, place, crowd[reading.sentence]))
        previous = reading
    return found


_UNTOLD = (0, 1, 2, 3, 4, 6, 9, 14, 20, 30)
"""Characters of a number's clause that its indicator leaves out."""
_FAR = (0, 3, 6, 12, 25, 50, 100)
_LONG = (0, 1, 2, 3, 4, 6, 8, 11, 15, 20)
_WIDE = (30, 60, 100, 160, 250, 400)
_MANY = (1, 2, 3, 5, 8, 12, 20)


def _step(value: int, steps: tuple[int, ...]) -> str:
    """The lower end of the step that a value falls into."""
    at = bisect_right(steps, value)
    return str(steps[at - 1]) if at else "under"


def _traits(
    frame: Frame, text: str, reading: Reading, previous: Reading | None, place: int, crowd: int
) -> tuple[Trait, ...]:
    quantity, found, dating = reading.quantity, reading.found, reading.dating
    sentence = frame.sentences[reading.sentence]
    block = frame.blocks[sentence.block]
    start, rule, name = quantity.start, found.rule, found.term.text
    near = max(sentence.start, start - _REACH)
    clause = _clause(text, near, start)
    first, last, told = start, -1, 0
    for left, right, _ in found.term.pieces:
        if left < right:
            first = min(first, left)
            if right <= start:
                last = max(last, right)
            if left < start and right > clause:
                told += min(right, start) - max(left, clause)
    last = start if last < 0 else last
    measure, known = reading.measure, dimension(quantity.unit)
    dated = "none" if dating.period is None else "interval" if "/" in dating.period else "year"
    years = min(text.count("年", near, start), 3)
    behind = _sort(text[quantity.end : quantity.end + 1])
    lead = text[last:start]
    return (
        ("indicator", rule),
        ("source", _source(rule)),
        ("indicator-how", f"{found.how}/{measure}"),
        ("indicator-unit", f"{rule}/{known}"),
        ("indicator-behind", f"{rule}/{behind}"),
        ("measure", reading.measure_rule),
        ("kind", reading.kind_rule),
        ("period", dating.rule),
        ("period-how", f"{dating.how}/{block.part}/{block.mode}"),
        ("period-length", f"{dated}/{block.mode}"),
        ("period-kind", f"{dating.rule}/{reading.kind}"),
        ("years-named", f"{years}/{dating.rule if dating.rule == 'section' else dating.how}"),
        ("quantity", quantity.rule),
        ("comparator", quantity.comparator),
        ("unit", known),
        ("report", frame.kind or "unknown"),
        ("block", "undated" if block.period is None else block.rule.partition(".")[0]),
        ("sentence", _step(sentence.end - sentence.start, _WIDE)),
        ("quoted", "yes" if text.find("“", near, start) >= 0 else "no"),
        ("numbers", _step(crowd, _MANY)),
        ("position", _step(place, _MANY)),
        ("previous", "none" if previous is None else f"{previous.found.how}/{found.how}"),
        ("before", _sort(text[start - 1 : start])),
        ("behind", behind),
        ("lead-in", lead if len(lead) <= 3 else "long"),
        ("untold", _step(start - clause - told, _UNTOLD)),
        ("pieces", str(len(found.term.pieces))),
        ("distance", _step(start - last, _FAR)),
        ("reach", _step(start - first, _FAR)),
        ("clauses", str(min(text.count("，", max(first, near), start), 4))),
        ("front", _sort(text[first - 1 : first])),
        ("sentence-before", "yes" if first < sentence.start else "no"),
        ("length", _step(len(name), _LONG)),
        ("name-holds", _holds(name)),
        ("name-ends", "measured" if ind.measured_noun(name) else "attribute" if name in ind.ATTRIBUTES else "thing"),
        ("name-last", name[-1:]),
    )


def _clause(text: str, start: int, stop: int) -> int:
    """Where the clause of a number at `stop` begins, in a sentence that begins at `start`."""
    found = start - 1
    for mark in "，；。：":
        found = max(found, text.rfind(mark, found + 1, stop))
    return found + 1


@cache
def _sort(character: str) -> str:
    """What sort of character stands beside a number."""
    if character in "，。；：、的":
        return character or "edge"
    return "han" if "\u4e00" <= character <= "\u9fff" else "other"


_SOURCES = ("topic", "sentence-before", "last-level", "clause", "thing", "list", "behind", "own", "verb")


@cache
def _source(rule: str) -> str:
    """Where a rule takes its words from, by its name."""
    return next((source for source in _SOURCES if source in rule), "other")


def _holds(name: str) -> str:
    """What in a name makes it doubtful."""
    if not name:
        return "nothing"
    if "，" in name:
        return "，"
    if "、" in name or "和" in name:
        return "list"
    if "“" in name or "（" in name:
        return "marks"
    if "的" in name:
        return "的"
    return "plain"
