"""What a plan undertakes without a number: each thing with a name of its own that a clause promises an end of.

滨河大桥建成通车 promises the end of 滨河大桥, 出台招商引资奖励办法 that of a text. `[promise]` of `outcomes.toml` has
the verbs, `[wording]` the words that belong to no name. Where which thing is meant, or its end, would stay open,
nothing is listed: a line too few is better than one about nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from taizhang.checks.match import inside, tells
from taizhang.fold import fold
from taizhang.ledger.identity import aspects
from taizhang.lexicon import alternation
from taizhang.lexicon.outcomes import promises, wording
from taizhang.model import Commitment, Report, Span

_CUT = re.compile(r"[，,；;。！：:\n]")
_DATE = "[0-9]{1,2}月(?:底|份|初|中旬|上旬|下旬)?(?:之?前)?|[元七八九十]月(?:底|份)?前?"
_ITEM = "[一二三四五六七八九十]+(?:是|要)"
_NUMBERED = re.compile("[0-9一二三四五六七八九十两百千多]+(?:个|家|项|座|条|处|所|%|公里|万|亿|栋|类|批|件|场|户|支)")
# What is left of a name where a list was taken apart inside it.
_TORN = re.compile(
    "^[0-9]+[年月#]|五规划重点$|大业$|^(?:[一二三四首]期|[”’）)]|出|过|型|推行|落实)|(?:前|后|时|中|上|下|和.{1,2})$"
)
_TEXT = re.compile("(?:规划|方案|办法|计划|意见|设计|条例|纲要|措施|细则|标准|目录|政策|清单)$")
_CHINESE = re.compile("[一-鿿]")
_IN_BRACKETS = re.compile("[（(][^（）()]*[）)]")
_LETTER = re.compile("[A-Za-z一-鿿]")
_QUOTES = re.compile("[“”‘’《》]")
_LONGEST_LIST = 60
_LONGEST_NAME = 22


class Promised(NamedTuple):
    """One thing that one clause undertakes."""

    thing: str
    """As it is looked for: without quotation marks, and without the name of the report's own place."""
    kind: str
    """Name of the promise in the word list."""
    clause: str
    span: Span
    """Of the clause, in the plan."""
    commitment: Commitment


def promised(report: Report, year: str) -> Iterator[Promised]:
    """Every thing with an end that the plan names for the year, where no number of its own is set for it."""
    aims = [item.span for item in report.statements if item.kind == "target"]
    for commitment in report.commitments:
        if commitment.done or not commitment.verifiable or commitment.period is None:
            continue
        if commitment.period != year and not inside(commitment.period, year):
            continue
        source = report.document.slice(commitment.span)
        for clause in clauses(fold(source).text):
            if wording("ground").search(clause) or wording("wished").search(clause):
                continue
            span = _placed(source, clause, commitment.span)
            if any(span.overlaps(aim) for aim in aims):
                continue
            kind, things = _read(clause)
            for thing in things:
                yield Promised(_without_place(thing, report.frame.place), kind, clause, span, commitment)


def clauses(text: str) -> list[str]:
    """A sentence cut at its commas and stops, without pieces too short to name anything."""
    return [clause for clause in _CUT.split(text) if len(clause) >= 5]


def bare(thing: str) -> str:
    """A name without what a later report leaves out: 青禾水厂 for 青禾水厂二期（青禾镇）."""
    return wording("extra").sub("", _IN_BRACKETS.sub("", thing))


def own(text: str, home: str | None = None) -> str:
    """What a piece of a name says of which thing it is: no words for kinds of things, no figures, no own place."""
    letters = wording("general").sub("", text)
    if home:
        letters = letters.replace(home.rstrip("省市县区旗"), "")
    return "".join(_LETTER.findall(letters))


def unquoted(text: str) -> str:
    """Text without quotation marks, which one report sets and another does not."""
    return _QUOTES.sub("", text)


def _without_place(thing: str, home: str | None) -> str:
    if home and home != "全国" and thing.startswith(home) and len(thing) >= len(home) + 3:
        return thing.removeprefix(home)
    return thing


def _placed(source: str, clause: str, whole: Span) -> Span:
    """A folded clause in the source; the whole commitment where folding has changed its letters."""
    at = source.find(clause)
    return whole if at < 0 else Span(whole.start + at, whole.start + at + len(clause))


# -- the verb


@cache
def _behind() -> re.Pattern[str]:
    return re.compile(f"(?P<word>{alternation(word for each in promises().values() for word in each.behind)})$")


@cache
def _before() -> re.Pattern[str]:
    words = alternation(word for each in promises().values() for word in each.before)
    return re.compile(f"^(?P<word>{words})(?=[^率度后前以时])")


@cache
def _kinds(side: str) -> dict[str, str]:
    """Verb → the promise that it makes, where it stands on that side of the thing."""
    found: dict[str, str] = {}
    for name, entry in promises().items():
        for word in getattr(entry, side):
            found.setdefault(word, name)
    return found


def _read(clause: str) -> tuple[str, list[str]]:
    """The promise that a clause makes, and the things that it makes it of; none where it makes none."""
    text = wording("when", more=f"{_DATE}|工作|任务").sub("", clause)
    behind = _behind().search(text)
    if behind is None:
        rest = _without_lead(text)
        verb = _before().match(rest)
        if verb is None:
            return "", []
        kind = _kinds("before")[verb["word"]]
        return kind, list(_things(rest[verb.end() :], kind))
    kind, rest = _kinds("behind")[behind["word"]], text[: behind.start()]
    verb = _before().match(_without_lead(rest))
    if verb is None:
        return kind, list(_things(rest, kind))
    if kind != _kinds("before")[verb["word"]] and not verb["word"].startswith("完成"):
        return "", []  # 出台甲办法、乙项目开工: two promises in one clause
    return kind, list(_things(_without_lead(rest)[verb.end() :], kind))


def _without_lead(text: str) -> str:
    return wording("lead", "when", more=f"{_DATE}|{_ITEM}").sub("", text)


# -- the names


def _things(rest: str, kind: str) -> Iterator[str]:
    """The things that a stretch names, without when and how; none where it is vague or says more than names."""
    listed, _, of_all = rest.partition("等")
    listed = _without_lead(listed.replace("”“", "”、“").replace("》《", "》、《"))
    if len(_after_etc().sub("", of_all)) >= 2:
        return  # 甲校、乙院等过街天桥: what is built are the bridges
    if wording("vague").match(listed):
        return  # 开工一批重大工程、新型基础设施: which ones is not said
    pieces = [listed] if len(listed) > _LONGEST_LIST else _pieces(listed)
    if len(pieces) > 1 and _NUMBERED.search(pieces[-1]):
        return  # 甲街和乙路两处市民公园: what is built are the parks
    for piece in pieces:
        thing = _without_lead(piece.removeprefix("好").removeprefix("了"))
        thing = unquoted(wording("trail", "when", more=_DATE).sub("", thing))
        if _is_name(thing, kind):
            yield thing


@cache
def _after_etc() -> re.Pattern[str]:
    return wording("after_etc", more="[0-9一二三四五六七八九十两多]+[个条项座所]")


def _is_name(thing: str, kind: str) -> bool:
    """Whether a piece names one thing that has an end."""
    if not 4 <= len(thing) <= _LONGEST_NAME or len(_CHINESE.findall(thing)) < 3 or len(bare(thing)) < 3:
        return False
    if "的" in (thing if kind == "issue" else thing[:3]) or _NUMBERED.search(thing) or _TORN.search(thing):
        return False
    if wording("vague").search(thing) or wording("mixed").search(thing) or not tells(aspects(thing).core):
        return False
    ends = promises()[kind].ends
    if not (thing.endswith(ends) if ends else wording("endless").search(thing) is None):
        return False
    return len(wording("general").sub("", thing)) >= 2


def _pieces(listed: str) -> list[str]:
    """A list taken apart at 、, and at its last 和 where each part is a name."""
    pieces = listed.split("、")
    last = re.split("[和及与]", pieces[-1])
    short = len(pieces) > 1 and all(2 <= len(each) <= 3 for each in pieces[:-1])
    # 启动城区风貌和建筑风格专项规划: one text, on two matters.
    alike = len({_TEXT.search(each) is None for each in last}) == 1
    if len(last) == 2 and alike and (short or all(len(each) >= 4 for each in last)) and "（" not in pieces[-1]:
        pieces = [*pieces[:-1], *last]
    way = re.search("高速公路|高速|高铁|铁路|公路|城际", pieces[-1])
    if way is not None:  # 京甲、京乙高速: the last word is of each
        pieces = [piece + way[0] if 2 <= len(piece) <= 3 and piece[-1] not in "线路街桥" else piece for piece in pieces]
    return [piece for piece in pieces if piece]
