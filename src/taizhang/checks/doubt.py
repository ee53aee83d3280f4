"""What speaks against calling a contradiction an error: a number that may be misread, an estimate, an assumed year.

A sum can be certain to fail and the text still be right, if one of its numbers was not read whole (an old print's
百分之八，七 read as 8%), if it brings sentences together and some of them give estimates (预计), or if the year that
brings them together was not written but taken from the section they stand in. Such a finding is told, with its doubt,
and weighs less.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from taizhang.checks.facts import Fact, before, behind, noted, plain, side
from taizhang.checks.order import last_year_of
from taizhang.checks.registry import make
from taizhang.model import Finding, Severity

_DIGITS = "0123456789一二三四五六七八九〇○零"
_DIGIT = re.escape(_DIGITS)
# 二四八，五亿元: the digits before the comma belong to the number, whose tail alone was read. 36即00万吨, m80年: a
# digit was read as a letter or as another character.
_TORN_BEFORE = re.compile(
    rf"(?<![第前/{_DIGIT}])[{_DIGIT}]{{1,3}}[，·,.．]$|[0-9]\s?[即卩曰口]$|(?<![A-Za-z])[lIOoSZBm]$"
)
# 百分之八，七: digits go on behind a point that was read as a comma. Not a date, a count or the next list number.
_TORN_BEHIND = re.compile(rf"^[，、·,.．][{_DIGIT}]{{1,3}}(?![{_DIGIT}十百千万亿年月日多余个项家所座人名户是、.．])")
_LEADING_NOUGHT = re.compile(rf"^[^{_DIGIT}十百千万亿半]*[0〇○](?=[{_DIGIT}])")
_PARAGRAPH = 200
_ESTIMATE = re.compile(r"预计|初步|快报|测算|估算|预测")


def torn(fact: Fact) -> bool:
    """Whether the writing of a number, or what stands right beside it, says that it was not read whole."""
    words = plain(fact)
    if _TORN_BEFORE.search(before(fact, 5)) or _LEADING_NOUGHT.match(words):
        return True
    last, after = words[-1], behind(fact, 6)
    return last in _DIGITS and _TORN_BEHIND.match(after) is not None and last.isascii() == after[1].isascii()


def estimated(fact: Fact) -> bool:
    """Whether a number of the year reviewed stands behind 预计 or 初步核算 in its paragraph."""
    if fact.statement.kind != "actual" or last_year_of(fact.statement.period) != last_year_of(
        fact.report.frame.year_reviewed
    ):
        return False
    if _ESTIMATE.search(noted(fact)):
        return True
    at = fact.statement.span.start
    words = fact.report.document.text[max(0, at - _PARAGRAPH) : at]
    return _ESTIMATE.search(words[words.rfind("\n") + 1 :]) is not None


def _apart(one: Fact, other: Fact) -> bool:
    """Whether two numbers stand in two sentences, of which only one may hold estimates."""
    return one.report is not other.report or one.statement.sentence != other.statement.sentence


def told(
    code: str,
    facts: Sequence[Fact],
    formula: str = "",
    *,
    severity: Severity | None = None,
    one_year: bool = False,
    **words: str,
) -> Finding:
    """A finding over some numbers, with its doubts said behind its sentence, and no heavier than they allow.

    `facts` are the numbers that the sum was made of; they become its sides. `one_year` says that the sum brings numbers
    of several sentences together because they are of one year; then that year must be written for each of them.
    """
    facts = [fact for at, fact in enumerate(facts) if not any(fact.statement is held.statement for held in facts[:at])]
    finding = make(code, [side(fact) for fact in facts], formula, severity=severity, spans=None, **words)
    weight: Severity = finding.severity
    zh, en = [], []
    for fact in filter(torn, facts):
        weight = "info"
        zh.append(f"“{plain(fact)}”前后的字可疑，可能没有读全")
        en.append(f"{plain(fact)} may not have been read whole")
    guesses = [fact for fact in facts if estimated(fact)]
    if guesses and any(_apart(fact, facts[0]) for fact in facts):
        weight = "warning" if weight == "error" else weight
        words_of = "、".join(plain(fact) for fact in guesses if fact.statement.measure == "level")
        if words_of:
            zh.append(f"{words_of}是预计数")
            en.append(f"{words_of} {'is an estimate' if '、' not in words_of else 'are estimates'}")
    if one_year and any(fact.how("period") == "assumed" for fact in facts):
        weight = "warning" if weight == "error" else weight
    return msgspec.structs.replace(
        finding,
        severity=weight,
        zh=finding.zh + (f"（{'；'.join(zh)}。）" if zh else ""),
        en=finding.en + (f" ({'; '.join(en)}.)" if en else ""),
    )
