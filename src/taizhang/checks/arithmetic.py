"""Sums inside one report: do its own numbers agree with each other, at the precision they were written?

Every check looks for a fixed form of words (由A提高到B，增长C; A，占B的C; 其中 …), because a sum is only as good as the
certainty that its numbers belong together. What has no such form is left alone. The families of sums are in `moves.py`,
`shares.py` and `parts.py`; here is what holds of one fact written twice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from taizhang.checks.doubt import told
from taizhang.checks.facts import (
    Fact,
    agreeing,
    before,
    behind,
    by_sentence,
    clause_start,
    facts_of,
    named,
    nominal_words,
    plain,
)
from taizhang.checks.moves import moves, planned_growth
from taizhang.checks.parts import among, grown_between, totals
from taizhang.checks.shares import industry_shares, shares
from taizhang.fold import fold
from taizhang.ledger.identity import clean
from taizhang.model import Finding, Report


def arithmetic(report: Report) -> Iterator[Finding]:
    """Every finding about the sums of one report."""
    facts = facts_of(report)
    earlier: list[Fact] = []
    for row in by_sentence(facts):
        yield from moves(row)
        yield from shares(row, facts)
        near = bool(earlier) and row[0].statement.sentence == earlier[0].statement.sentence + 1
        yield from among(row, earlier if near else ())
        earlier = row
    yield from totals(facts)
    yield from grown_between(facts)
    yield from industry_shares(facts)
    yield from _twice(facts)
    yield from planned_growth(facts)


# One fact, two values


def _twice(facts: Sequence[Fact]) -> Iterator[Finding]:
    """One indicator, measure, unit, period, place and part of the text with two values that are close but not one.

    Values far apart are as a rule of two things that the words do not tell apart (a port, a county, a campaign).
    """
    groups: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        statement = fact.statement
        if fact.key is None or not fact.exact or statement.measure not in ("level", "growth") or fact.year is None:
            continue
        if fact.how("indicator") == "assumed" or (statement.kind, fact.part) not in _SAID:
            continue
        if fact.identity is not None and fact.identity.axis("flow") is not None:
            continue  # counts of what is new: two of them may be of two campaigns
        groups[fact.key, statement.measure, statement.period, statement.place, statement.kind].append(fact)
    for group in groups.values():
        first = group[0]
        for other in group[1:]:
            if other.statement.sentence == first.statement.sentence or _stretched(first) or _stretched(other):
                continue
            if any(_called_a_goal(fact) or _threshold(fact) for fact in (first, other)) or not _close(first, other):
                continue
            if not (nominal_words(first) and nominal_words(other)) or not _of_one_name(first, other):
                continue
            if agreeing(first, other) == "cannot":
                yield told(
                    "fact.twice", [first, other], f"{plain(first)} ≠ {plain(other)}", one_year=True,
                    name=named(first), first=plain(first), second=plain(other), period=first.statement.period or "",
                )  # fmt: skip


def _of_one_name(first: Fact, other: Fact) -> bool:
    """Whether one is named as the other, with words before it at most: 税收 is not 税务部门组织的税收."""
    if any(re.search(r"[（(]|组织", fact.statement.indicator or "") for fact in (first, other)):
        return False
    one, two = (clean(fact.statement.indicator or "") for fact in (first, other))
    return one.endswith(two) or two.endswith(one)


_SAID = (("actual", "review"), ("target", "plan"))
_CLOSE = Decimal("0.1")


def _close(first: Fact, second: Fact) -> bool:
    one, two = first.statement.value, second.statement.value
    return abs(one - two) <= _CLOSE * max(abs(one), abs(two)) or _one_digit_apart(first, second)


def _one_digit_apart(first: Fact, second: Fact) -> bool:
    """Whether two numbers of three digits at least, named alike, differ in one digit: 30.4% and 80.4%."""
    if (first.statement.indicator, first.statement.scale) != (second.statement.indicator, second.statement.scale):
        return False
    one, two = (re.sub(r"[^0-9.]", "", fold(plain(fact)).text) for fact in (first, second))
    if len(one) != len(two) or len(one.replace(".", "")) < 3:
        return False
    return sum(a != b for a, b in zip(one, two, strict=True)) == 1


def _called_a_goal(fact: Fact) -> bool:
    """A number that the review gives as reached beside the word 目标: the one or the other may be meant."""
    return (
        fact.statement.kind == "actual"
        and "目标" in clause_start(fact)[-30:] + re.split(r"[；。]", behind(fact, 16))[0]
    )


def _threshold(fact: Fact) -> bool:
    """跃上500亿斤台阶: a mark that was passed, not the figure."""
    return re.match(r"[^，。；]{0,2}(?:台阶|大关|关口)", behind(fact)) is not None


def _stretched(fact: Fact) -> bool:
    return re.search(r"力争|争取|奋斗目标|考核目标", before(fact, 16)) is not None
