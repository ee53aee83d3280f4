"""Statements as the checks look at them: with their report, their identity, and the words around them.

Here the reader's answers become comparable things: one key for one indicator in one scope, an interval for a number as
written, and the four ways in which a sum of intervals can answer. Nothing here decides what is odd.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from taizhang.checks.intervals import add, divide, interval, meet
from taizhang.checks.order import by_year, last_year_of
from taizhang.checks.say import written as as_written
from taizhang.fold import fold
from taizhang.ledger.identity import Identity, identify
from taizhang.model import Interval, Part, Report, Side, Span, Statement

Answer = Literal["agrees", "truncated", "unknown", "cannot"]
"""Whether two numbers can both be true: as rounded, only if cut off instead of rounded, not to be told, not at all."""

Width = Literal["rounded", "truncated", "loose"]
"""How much a written number may stand for: its last digit rounded; rounded or cut off; its closing zeros in doubt."""

_HUNDRED = Decimal(100)


_NUMERAL = re.compile(r"[0-9０-９〇○零一二两三四五六七八九十半首百千]")
"""What a number is written with. 亿元 whose digits are lost on the page is no number to make sums of."""


class Fact(NamedTuple):
    """One statement with what the checks ask about it."""

    report: Report
    statement: Statement
    at: int
    """Its place in `report.statements`."""
    identity: Identity | None
    """What the word list knows it as, with its scope; null for the long tail."""
    part: Part
    article: int

    @property
    def exact(self) -> bool:
        """A single number with no 左右, 以上 or 余 about it, so that sums can be made of it."""
        number = self.statement
        return number.comparator == "eq" and number.value_max is None and _NUMERAL.search(number.text) is not None

    @property
    def key(self) -> str | None:
        """One key for one indicator in one scope and unit; null where the word list does not know it."""
        return None if self.identity is None else f"{self.identity.key}|{self.statement.unit}"

    @property
    def year(self) -> int | None:
        """The year that it is of; null for months and intervals."""
        period = self.statement.period
        return int(period) if period and re.fullmatch(r"[0-9]{4}", period) else None

    def rule(self, field: str) -> str:
        """The reader's rule for one field."""
        return next((item.rule for item in self.statement.evidence if item.field == field), "")

    def how(self, field: str) -> str:
        """Whether one field was written, inherited or assumed."""
        return next((item.how for item in self.statement.evidence if item.field == field), "assumed")


class _Holder:
    """Carries a report past a cache that goes by identity: hashing a whole report costs more than reading it."""

    __slots__ = ("report",)

    def __init__(self, report: Report) -> None:
        self.report = report

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder) and other.report is self.report

    def __hash__(self) -> int:
        return id(self.report)


@lru_cache(maxsize=64)
def _facts(holder: _Holder) -> tuple[Fact, ...]:
    report = holder.report
    facts = []
    for at, statement in enumerate(report.statements):
        sentence = report.frame.sentences[statement.sentence]
        block = report.frame.blocks[sentence.block]
        name = statement.indicator
        known = identify(name, statement.unit, statement.measure) if name else None
        facts.append(Fact(report, statement, at, known, block.part, block.article))
    return tuple(facts)


def facts_of(report: Report) -> tuple[Fact, ...]:
    """Every statement of the report's own articles, in text order; news and captions on the page are left out."""
    kinds = [article.kind for article in report.frame.articles]
    return tuple(
        fact
        for fact in _facts(_Holder(report))
        if fact.article >= len(kinds) or kinds[fact.article] not in ("news", "caption")
    )


def by_sentence(facts: Sequence[Fact]) -> list[list[Fact]]:
    """The facts of each sentence, in text order."""
    held: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        held[fact.statement.sentence].append(fact)
    return [held[index] for index in sorted(held)]


def between(first: Fact, second: Fact) -> str:
    """The folded words from one number's end to the next one's start."""
    text = first.report.document.text
    return fold(text[first.statement.span.end : second.statement.span.start]).text


def before(fact: Fact, count: int = 24) -> str:
    """The folded words before a number, within its sentence."""
    start = fact.report.frame.sentences[fact.statement.sentence].span.start
    at = fact.statement.span.start
    return fold(fact.report.document.text[max(start, at - count) : at]).text


def behind(fact: Fact, count: int = 12) -> str:
    """The folded words after a number, within its sentence."""
    stop = fact.report.frame.sentences[fact.statement.sentence].span.end
    at = fact.statement.span.end
    return fold(fact.report.document.text[at : min(stop, at + count)]).text


def clause_start(fact: Fact) -> str:
    """The folded words from the last stop or semicolon to the number."""
    words = before(fact, 120)
    return re.split(r"[；。]", words)[-1]


def sentence_of(fact: Fact) -> str:
    """The folded words of the whole sentence."""
    span = fact.report.frame.sentences[fact.statement.sentence].span
    return fold(fact.report.document.text[span.start : span.end]).text


# Names and price bases


_REAL = re.compile(r"生产总值|增加值|GDP|国民收入|总产值|经济总量|^经济$")
_BASIS = re.compile(r"可比|不变价|实际增长|扣除|同口径|剔除|现价|调整")


def nominal(fact: Fact) -> bool:
    """Whether a growth is of current prices on an unchanged base, as far as its words tell.

    Output and value added grow by custom at constant prices, so their growth says nothing about their level.
    """
    name = fact.statement.indicator or ""
    if _REAL.search(name) or name.endswith("实际"):
        return False
    return nominal_words(fact)


def price_slack(*facts: Fact) -> Decimal | None:
    """How far prices alone may hold a growth apart from its levels in one year, as a part of one.

    None for a growth whose words name a basis; nothing for one of current prices; `PRICES` for output, which grows by
    custom at constant prices: what is further off, prices do not explain.
    """
    if not all(nominal_words(fact) for fact in facts):
        return None
    return Decimal(0) if all(nominal(fact) for fact in facts) else PRICES


PRICES = Decimal("0.15")
"""Of one year; over several the ups and downs of prices even out, and `PRICES_OVER_YEARS` is the reach of each."""
PRICES_OVER_YEARS = Decimal("0.06")


def widened(span: Interval, slack: Decimal) -> Interval:
    """An interval that reaches further by the same at both ends."""
    return Interval(None if span.low is None else span.low - slack, None if span.high is None else span.high + slack)


def nominal_words(fact: Fact) -> bool:
    """Whether neither the words around a number nor a note for all that follow names a price or comparison basis.

    What an item of a list says of itself (按可比价格计算增长8%；) is not said of the next; what opens the sentence is.
    """
    words = before(fact, 40).rpartition("；")[2] + behind(fact, 8)
    opening = sentence_of(fact)[:_OPENING].partition("，")[0]
    return not _BASIS.search(words + noted(fact)) and not _BASIS.search(opening)


_OPENING = 16
"""How far into a sentence the words may begin that hold for all of it (按可比价格计算，甲增长8%；乙增长6%)."""


_NOTE = re.compile(r"[（(]([^（()）]{1,30}[，,、；]\s*下同)[）)]")


@lru_cache(maxsize=64)
def _notes(holder: _Holder) -> tuple[tuple[int, str], ...]:
    text = holder.report.document.text
    return tuple((found.start(), fold(found[1]).text) for found in _NOTE.finditer(text))


def noted(fact: Fact) -> str:
    """The notes before a number that hold for it too: 不含新区，下同 or 按同口径，下同."""
    return "；".join(words for at, words in _notes(_Holder(fact.report)) if at < fact.statement.span.end + _BESIDE)


_BESIDE = 12
"""How far behind the number that it is first said of a note may begin: 增长7%左右（同口径，下同）."""


# Intervals


def written(statement: Statement, width: Width = "rounded") -> Interval:
    """All the values that a number as written may stand for; open on the side where 以上 or 余 leaves it open."""
    rounded = interval(statement)
    if width == "rounded":
        return rounded
    wide = _union(rounded, interval(statement, "cut"))
    if width == "truncated" or statement.decimals:
        return wide
    half = _in_doubt(statement) / 2
    return Interval(
        None if wide.low is None else min(wide.low, statement.value - half),
        None if wide.high is None else max(wide.high, (statement.value_max or statement.value) + half),
    )


def _union(one: Interval, other: Interval) -> Interval:
    return Interval(
        None if one.low is None or other.low is None else min(one.low, other.low),
        None if one.high is None or other.high is None else max(one.high, other.high),
    )


def _in_doubt(statement: Statement) -> Decimal:
    """The precision of a round number if its closing zeros, but for one, only fill it up: 10 of 1200 in 1200万."""
    mantissa = statement.value.scaleb(-statement.scale)
    zeros = len(str(abs(int(mantissa)))) - len(str(abs(int(mantissa))).rstrip("0")) if mantissa else 0
    return Decimal(1).scaleb(statement.scale + max(0, zeros - 1))


def quotient(one: Interval, other: Interval) -> Interval:
    """Every quotient of one value of each; open where the divisor may be nought."""
    return divide(one, other) or Interval(None, None)


def overlap(one: Interval, other: Interval) -> bool:
    """Whether one value may lie in both."""
    return meet(one, other) is not None


def factor(statement: Statement, width: Width = "rounded") -> Interval:
    """What a growth multiplies its base by: 5.2% is 1.0515 to 1.0525."""
    span = written(statement, width)
    if statement.unit == "倍":
        return span if "番" in statement.text else add(span, Interval(Decimal(1), Decimal(1)))
    per = _HUNDRED if statement.unit == "%" else Decimal(1000)
    one = Decimal(1)
    return Interval(
        None if span.low is None else one + span.low / per, None if span.high is None else one + span.high / per
    )


def share(statement: Statement, width: Width = "rounded") -> Interval:
    """A percentage as a part of one."""
    span = written(statement, width)
    return Interval(
        None if span.low is None else span.low / _HUNDRED, None if span.high is None else span.high / _HUNDRED
    )


Sum = Callable[[Width], Interval]


def judge(computed: Sum, stated: Sum) -> Answer:
    """Compare what follows from some numbers with what is written, at the precision written.

    "unknown" where only the closing zeros of a round number stand in the way: 1200万 may be rounded to the hundred.
    """
    if overlap(computed("rounded"), stated("rounded")):
        return "agrees"
    if overlap(computed("truncated"), stated("truncated")):
        return "truncated"
    return "unknown" if overlap(computed("loose"), stated("loose")) else "cannot"


def agreeing(first: Fact, second: Fact) -> Answer:
    """Whether two written numbers can be one."""
    return judge(lambda width: written(first.statement, width), lambda width: written(second.statement, width))


# Sides, and numbers for people


def side(fact: Fact) -> Side:
    """One side of a finding: the words as they stand in their document."""
    statement = fact.statement
    return Side(fact.report.document.id, statement.span, statement.text, statement.id, written(statement))


def side_of(report: Report, span: Span) -> Side:
    """A side that is words, not a number."""
    return Side(report.document.id, span, report.document.text[span.start : span.end])


_MULTIPLES = ((12, "万亿"), (8, "亿"), (4, "万"))


def spell(value: Decimal, like: Statement, digits: int | None = None) -> str:
    """A computed value in the unit and multiple of a written one, rounded half up to a digit more than that shows."""
    scale = next((power for power, _ in _MULTIPLES if like.scale >= power), 0)
    word = next((word for power, word in _MULTIPLES if like.scale >= power), "")
    places = like.decimals + 1 if digits is None else digits
    shown = value.scaleb(-scale)
    shown = shown.quantize(Decimal(1).scaleb(-places))
    plain = f"{shown:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    unit = like.unit
    return f"{plain}{word}{unit}"


def spell_span(span: Interval, like: Statement) -> str:
    """An interval for people: 270.6亿元至271.8亿元; one number where both ends look the same."""
    low = "" if span.low is None else spell(span.low, like)
    high = "" if span.high is None else spell(span.high, like)
    if low == high:
        return low
    if not low:
        return f"不高于{high}"
    if not high:
        return f"不低于{low}"
    return f"{low}至{high}"


def plain(fact: Fact) -> str:
    """A number as written, on one line; where a person corrected it, as it was corrected."""
    return as_written(fact.statement)


def moved(fact: Fact) -> str:
    """A growth or a change with its direction, any other number as written."""
    up = fact.statement.value >= 0
    if fact.statement.measure == "growth":
        return f"{'增长' if up else '下降'}{plain(fact)}"
    if fact.statement.measure == "change":
        return f"{'增加' if up else '减少'}{plain(fact)}"
    return plain(fact)


def named(fact: Fact) -> str:
    """The indicator's name for a sentence."""
    name = re.sub(r"\s+", "", fact.statement.indicator or "该项")
    return name if len(name) <= _LONGEST_NAME else f"…{name[-_LONGEST_NAME:]}"


_LONGEST_NAME = 30


# Several reports


def successive(reports: Sequence[Report]) -> list[tuple[Report, Report]]:
    """Each pair of reports of one place that review one year and the next."""
    pairs = []
    for earlier in by_year(reports):
        for later in by_year(reports):
            before_, after = last_year_of(earlier.frame.year_reviewed), last_year_of(later.frame.year_reviewed)
            if before_ is None or after != before_ + 1:
                continue
            if earlier.frame.place is not None and (earlier.frame.place, earlier.frame.kind) == (
                later.frame.place, later.frame.kind,
            ):  # fmt: skip
                pairs.append((earlier, later))
    return pairs


Held = dict[tuple[str, str | None], Fact]
"""The one figure of a key and a place."""


def figures(report: Report, kind: str, measure: str, period: str) -> Held:
    """The exact figures of one kind, measure and period that a report gives once, or twice alike."""
    found: dict[tuple[str, str | None], list[Fact]] = defaultdict(list)
    for fact in facts_of(report):
        statement = fact.statement
        if (statement.kind, statement.measure, statement.period) != (kind, measure, period):
            continue
        # a growth stands behind its level and takes the name from there, an 81.2亿元 behind 完成 from the words before
        if fact.key is not None and (measure == "growth" or fact.how("indicator") != "assumed"):
            found[fact.key, statement.place].append(fact)
    return {
        key: max(held, key=lambda fact: fact.statement.decimals - fact.statement.scale)
        for key, held in found.items()
        if all(agreeing(held[0], other) != "cannot" for other in held[1:])
    }
