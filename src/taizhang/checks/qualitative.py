"""Targets without a number: 与经济增长同步, 高于全国平均, 完成省定目标, 持续改善.

They are found where a clause of the earlier plan sets one for an indicator that the word list knows, and answered only
by what the later report says of that indicator: two growths for 同步, the same words for 高于… and 完成…目标, the
direction of the figure for 持续改善.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from decimal import Decimal

from taizhang.checks.intervals import interval
from taizhang.checks.match import Surroundings, when
from taizhang.checks.say import amount, amount_en
from taizhang.ledger.identity import Identity, identify
from taizhang.lexicon.indicators import indicators
from taizhang.lexicon.outcomes import said
from taizhang.model import Evidence, Outcome, Proof, Report, Side, Span, Statement, Verdict

RULE = "outcomes/1"
_STAGES = ("alike", "above", "assigned", "better")
_CUT = re.compile(r"[，,；;。：:\n]")
_GDP = "地区生产总值"
# 基本同步 allows this much less, in points.
_ROOM = Decimal("0.5")
_END = re.compile(r"(?:的)?(?:增长|增速|涨幅|增幅|力争|继续|要|总体|确保|保持|实现|指标|分别|均|都|，)+$")
_START = re.compile(r"^.*(?:力争|确保|努力|实现|推动|促进|保持|使|继续|全年|全市|全省|全县|全区|主要目标是|预期目标是)")


def qualitative(
    earlier: Report, later: Report, year: str, before: Surroundings, after: Surroundings
) -> Iterator[Outcome]:
    """Every target that the earlier plan sets in words for the year, with what became of it."""
    seen = set()
    for index, sentence in enumerate(earlier.frame.sentences):
        block = earlier.frame.blocks[sentence.block]
        if block.part != "plan" or block.mode != "year" or block.period != year:
            continue
        text = before.sentence(index)
        for stage in _STAGES:
            for start, end in said(text, stage):
                known, name, _ = _subject(text, start)
                if known is None or (stage == "better" and known.concept == _GDP):
                    continue  # 经济稳定增长 opens a chapter and sets nothing
                source = earlier.document.slice(sentence.span)
                words = text[start:end]
                if (text, words, name) in seen:
                    continue  # a body that the page holds twice
                seen.add((text, words, name))
                found = source.find(words)
                if found < 0:
                    continue
                span = Span(sentence.span.start + found, sentence.span.start + found + len(words))
                target = _target(earlier, span, words, name, year, index)
                if any(span.overlaps(item.span) for item in earlier.statements):
                    continue
                yield _outcome(target, known, stage, words, earlier, later, year, after)


def _subject(text: str, at: int) -> tuple[Identity | None, str, int]:
    """The indicator that stands before the words, in their clause."""
    cuts = [match.end() for match in _CUT.finditer(text, 0, at)]
    start = cuts[-1] if cuts else 0
    phrase = _END.sub("", text[start:at])
    for candidate in (phrase, _START.sub("", phrase), re.split("[、和]", phrase)[-1]):
        for measure_unit in (("%", "growth"), ("%", "level")):
            known = identify(candidate, measure_unit[0], "growth") if candidate else None
            if known is not None:
                return known, candidate, start
    return None, "", start


def _target(earlier: Report, span: Span, words: str, name: str, year: str, sentence: int) -> Statement:
    seal = hashlib.sha256(f"{earlier.document.id}:{span.start}:{words}".encode()).hexdigest()[:16]
    return Statement(
        id=f"q{seal}", span=span, text=words, indicator=name, kind="target", measure="growth", value=Decimal(0),
        value_max=None, unit="", comparator="eq", period=year, place=earlier.frame.place, decimals=0, scale=0,
        sentence=sentence, evidence=(Evidence("indicator", "written", "clause-before-the-words", (span,)),),
    )  # fmt: skip


def _outcome(
    target: Statement, known: Identity, stage: str, words: str, earlier: Report, later: Report, year: str,
    after: Surroundings,
) -> Outcome:  # fmt: skip
    figures = [
        item
        for item in later.statements
        if item.kind == "actual" and item.indicator and when(item.period, year) == "year"
        and _alike_but_price(identify(item.indicator, item.unit, item.measure), known)
    ]  # fmt: skip
    growth = next((item for item in figures if item.measure == "growth"), None)
    spot: Side | None = None
    answer: tuple[Verdict, tuple[Statement, ...], str, str] | None = None
    if stage == "alike":
        answer = _alike(growth, later, year, words)
        spot = None if answer is not None and answer[0] == "met" else _kept(known, later, after, figures)
        if spot is not None:
            answer = (
                "met",
                (growth,) if growth is not None else (),
                f"目标是{words}；报告说“{spot.text}”。",
                f"The target is “{words}”; the report says “{spot.text}”.",
            )
    elif stage == "better":
        answer = _better(known, figures, words) or _better_in_both(known, _incomes(later, known, year), words)
    if answer is None and stage in ("above", "assigned", "alike"):
        spot = _same_words(known, stage, words, later, after)
        if spot is not None:
            # What a report says of five years together says it of none of them alone.
            answer = (
                "met" if _of_one_year(later, spot.span) else "unclear",
                tuple(figures[:1]),
                f"目标是{words}；报告说“{spot.text}”。",
                f"The target is “{words}”; the report says “{spot.text}”.",
            )
        elif growth is not None:
            answer = (
                "unclear",
                (growth,),
                f"目标是{words}，报告给出{amount(growth)}，没有找到用来比较的数。",
                f"The target is “{words}”; the report gives {amount_en(growth)}; nothing to compare it with was found.",
            )
    sides = [Side(earlier.document.id, target.span, target.text, target.id)]
    proof = None
    if answer is None:
        bears = figures or _of_concept(later, known, year)
        if bears:
            verdict: Verdict = "unclear"
            actuals: tuple[Statement, ...] = (bears[0],)
            said_zh, said_en = f"{bears[0].indicator}{amount(bears[0])}", f"{bears[0].indicator} {amount_en(bears[0])}"
            zh = f"目标是{words}，报告说{said_zh}，凭这一个数不足以判断。"
            en = f"The target is “{words}”; {said_en} alone does not tell."
        else:
            verdict, actuals = "unreported", ()
            proof = Proof((known.concept, words), _named(known, later, after), ())
            if proof.nearest:
                near = "".join(proof.nearest[0].text.split())
                zh = f"目标是{words}，没有找到{year}年的数字或是否做到的说法，提到的一处是“{near}”。"
                en = f"The target is “{words}”; no figure for {year} or word on it was found; one mention: “{near}”."
            else:
                zh = f"目标是{words}，报告的回顾部分没有提到{known.concept}。"
                en = f"The target is “{words}”; the review does not mention {known.concept}."
    else:
        verdict, actuals, zh, en = answer
    sides += [
        Side(later.document.id, item.span, item.text, item.id, interval(item)) for item in actuals
    ]  # fmt: skip
    if spot is not None:
        sides.append(spot)
    return Outcome(
        target, earlier.document.id, verdict, actuals, later.document.id, zh, en, f"{RULE}:words-{stage}",
        False, tuple(sides), proof, words,
    )  # fmt: skip


def _of_one_year(later: Report, span: Span) -> bool:
    sentence = next((each for each in later.frame.sentences if span in each.span), None)
    return sentence is None or later.frame.blocks[sentence.block].mode != "five-year"


def _alike_but_price(one: Identity | None, other: Identity) -> bool:
    """The same concept in the same scope; 实际增长 is a growth of it all the same, and 城乡居民 are all of them."""
    if one is None or one.concept != other.concept:
        return False
    differing = set(one.differing(other))
    if {one.axis("residence"), other.axis("residence")} <= {None, "城乡"}:
        differing.discard("residence")
    return differing <= {"price"}


def _of_concept(later: Report, known: Identity, year: str) -> list[Statement]:
    """Every figure of the year that is of the concept at all, in whatever scope."""
    return [
        item
        for item in later.statements
        if item.kind == "actual" and item.indicator and when(item.period, year) == "year"
        and (one := identify(item.indicator, item.unit, item.measure)) is not None and one.concept == known.concept
    ]  # fmt: skip


_COUNTED_NET = "农民人均纯收入"
"""How the income of the country was told before 2013."""


def _incomes(later: Report, known: Identity, year: str) -> list[Statement]:
    """Every figure of the concept; for income that of the country under its older name too."""
    found = _of_concept(later, known, year)
    if known.concept == "居民人均可支配收入":
        found += _of_concept(later, Identity(_COUNTED_NET, ()), year)
    return found


def _named(known: Identity, later: Report, after: Surroundings) -> tuple[Side, ...]:
    """The first clause of the review that names the indicator by any of its names."""
    names = [known.concept, *indicators()[known.concept].variants]
    names += [name for name in indicators()[known.concept].scoped if len(name) >= 4]
    for index, sentence in enumerate(later.frame.sentences):
        if later.frame.blocks[sentence.block].part != "review":
            continue
        text = after.sentence(index)
        name = next((each for each in names if len(each) >= 3 and each in text), None)
        if name is not None:
            at = text.find(name)
            cuts = [match.start() for match in _CUT.finditer(text)]
            start = max((cut + 1 for cut in cuts if cut < at), default=0)
            end = min((cut for cut in cuts if cut > at), default=len(text))
            return (_side(later, sentence.span, text[start:end]),)
    return ()


def _side(later: Report, whole: Span, words: str) -> Side:
    """Words of a folded sentence in the source; the sentence where folding has changed them."""
    source = later.document.slice(whole)
    at = source.find(words)
    if at < 0 or not words:
        return Side(later.document.id, whole, source)
    return Side(later.document.id, Span(whole.start + at, whole.start + at + len(words)), words)


def _kept(known: Identity, later: Report, after: Surroundings, figures: list[Statement]) -> Side | None:
    """Where the review says that the indicator kept up with the economy: 居民收入增长6.2%，快于经济增长."""
    for index, sentence in enumerate(later.frame.sentences):
        if later.frame.blocks[sentence.block].part != "review" or later.frame.blocks[sentence.block].mode != "year":
            continue
        text = after.sentence(index)
        for start, end in said(text, "kept"):
            subject, _, at = _subject(text, start)
            if _alike_but_price(subject, known):
                return _side(later, sentence.span, text[at:end])
            # The clause has no subject of its own: it is said of the figure right before it.
            opens = max((match.end() for match in _CUT.finditer(text, 0, start)), default=0)
            before = text[:opens].rstrip("，,、")
            for item in figures:
                figure = "".join(item.text.split())
                if (
                    item.sentence == index
                    and item.measure == "growth"
                    and start - opens <= 2
                    and before.endswith(figure)
                ):
                    low = max((match.end() for match in _CUT.finditer(before)), default=0)
                    return _side(later, sentence.span, text[low:end])
    return None


def _alike(
    growth: Statement | None, later: Report, year: str, words: str
) -> tuple[Verdict, tuple[Statement, ...], str, str] | None:
    """Two growths of the year side by side."""
    product = next(
        (
            item
            for item in later.statements
            if item.kind == "actual" and item.measure == "growth" and when(item.period, year) == "year"
            and (known := identify(item.indicator or "", item.unit, item.measure)) is not None
            and known.concept == _GDP and not known.scope
        ),
        None,
    )  # fmt: skip
    if growth is None or product is None:
        return None
    bar = product.value - _ROOM if "基本" in words else product.value
    verdict: Verdict = "met" if growth.value >= bar else "missed"
    kept = verdict == "met"
    zh = f"{growth.indicator}{amount(growth)}，{product.indicator}{amount(product)}，"
    en = f"{growth.indicator} {amount_en(growth)} against {product.indicator} {amount_en(product)}: "
    zh += "保持了同步。" if kept else "低于经济增长。"
    en += "kept pace." if kept else "fell behind."
    return verdict, (growth, product), zh, en


def _better(
    known: Identity, figures: list[Statement], words: str
) -> tuple[Verdict, tuple[Statement, ...], str, str] | None:
    moved = next((item for item in figures if item.measure in ("growth", "change")), None)
    if moved is None or known.direction is None or moved.value == 0:
        return None
    down = re.search("下降", words) is not None
    good = moved.value < 0 if down or (known.direction == "less" and "高" not in words) else moved.value > 0
    verdict: Verdict = "met" if good else "missed"
    return (
        verdict,
        (moved,),
        f"目标是{words}，{moved.indicator}{amount(moved)}，{'方向一致' if good else '方向相反'}。",
        f"The target is “{words}”; {moved.indicator} {amount_en(moved)} goes {'that' if good else 'the other'} way.",
    )


def _lives(statement: Statement) -> str | None:
    """Of whom an income is: town or country."""
    known = identify(statement.indicator or "", statement.unit, statement.measure)
    if known is None:
        return None
    return "农村" if known.concept == _COUNTED_NET else known.axis("residence")


def _better_in_both(
    known: Identity, figures: list[Statement], words: str
) -> tuple[Verdict, tuple[Statement, ...], str, str] | None:
    """A direction set for town and country together, told of each (城乡居民收入稳定增长)."""
    if known.axis("residence") not in (None, "城乡"):
        return None
    town_figures, country_figures = ([item for item in figures if _lives(item) == side] for side in ("城镇", "农村"))
    town, country = _better(known, town_figures, words), _better(known, country_figures, words)
    if town is None or country is None:
        return None
    verdict: Verdict = town[0] if town[0] == country[0] else "partly"
    zh = f"{town[2].rstrip('。')}；{country[2].partition('，')[2]}"
    en = f"{town[3].rstrip('.')}; {country[3].partition('; ')[2]}"
    return verdict, (*town[1], *country[1]), zh, en


def _same_words(known: Identity, stage: str, words: str, later: Report, after: Surroundings) -> Side | None:
    """Where the review says the same of the same indicator."""
    for index, sentence in enumerate(later.frame.sentences):
        if later.frame.blocks[sentence.block].part != "review":
            continue
        text = after.sentence(index)
        for start, end in said(text, stage):
            if text[start:end][:4] != words[:4]:
                continue
            subject, _, at = _subject(text, start)
            if subject != known and known.concept not in text[at:end]:
                continue
            source = later.document.slice(sentence.span)
            found = source.find(text[at:end])
            if found < 0:
                return Side(later.document.id, sentence.span, source)
            return Side(
                later.document.id,
                Span(sentence.span.start + found, sentence.span.start + found + end - at),
                text[at:end],
            )
    return None
