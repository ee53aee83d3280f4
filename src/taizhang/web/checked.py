"""What became of the targets of two reports, as pages show it: worked out once, and kept as long as both stay so.

Everything a row needs is in it, its quotes too, so that showing the rows again needs neither report.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import msgspec

from taizhang.checks.order import CheckError
from taizhang.ledger import Head
from taizhang.model import Echo, Finding, Heard, Outcome, Report, Severity, Side, Span, Verdict
from taizhang.views import outcome as said
from taizhang.views import words
from taizhang.views.outcome import Checked, quote
from taizhang.views.record import findings as own_findings
from taizhang.web.asking import address
from taizhang.web.body import place_of, sentence_start, surroundings
from taizhang.web.lines import Number, number_of
from taizhang.web.shelf import Look, Pair


class Passage(msgspec.Struct, frozen=True):
    """Words of a report, the rest of their sentence, and where they stand."""

    report: str
    start: int
    end: int
    before: str
    text: str
    behind: str
    statement: str | None
    url: str
    """Where its sentence stands on the report's page."""


class OutcomeLine(msgspec.Struct, frozen=True):
    """One target and what became of it."""

    number: int
    target: Number
    goal: str
    """The target's figure as people read it."""
    answer: str
    """The answering figures; empty where there are none."""
    actuals: tuple[Number, ...]
    verdict: Verdict
    derived: bool
    by_person: bool
    remark: str
    remark_en: str
    reason: str
    reason_en: str
    rule: str
    searched: tuple[str, ...]
    nearest: tuple[Passage, ...]
    missing_sections: tuple[str, ...]
    said: Passage
    """The target in its sentence."""
    answers: tuple[Passage, ...]
    """What answers it, each in its sentence."""
    told: tuple[Passage, ...] = ()
    """What is said of it in words, where no figure answers it."""


class UndertakingLine(msgspec.Struct, frozen=True):
    """Something undertaken without a number, and what the later report says of it. Weaker evidence than a figure."""

    id: str
    thing: str
    said: Passage
    """The clause that undertakes it."""
    heard: Heard
    reason: str
    reason_en: str
    searched: tuple[str, ...]
    passages: tuple[Passage, ...]
    """Of the later report: the answer, or where the thing is named; of what is not found the nearest."""
    rule: str


class Quoted(msgspec.Struct, frozen=True):
    """One side of a finding: its words, what stands around them, and where."""

    report: str
    name: str
    url: str
    start: int
    end: int
    text: str
    before: str
    behind: str
    statement: str | None


class FindingLine(msgspec.Struct, frozen=True):
    """Something that does not add up."""

    id: str
    code: str
    severity: Severity
    zh: str
    en: str
    formula: str
    rule: str
    url: str
    """Its own address."""
    sides: tuple[Quoted, ...]


class Sheet(msgspec.Struct, frozen=True):
    """What a check found."""

    outcomes: tuple[OutcomeLine, ...]
    findings: tuple[FindingLine, ...]
    undertakings: tuple[UndertakingLine, ...]


class Known(msgspec.Struct, frozen=True):
    """What a check found, in figures."""

    verdicts: dict[str, int]
    findings: tuple[tuple[str, str, int], ...]
    """Code, severity, and how many."""

    def found(self, severity: str | None = None, code: str | None = None) -> int:
        """How many findings of a severity and a code; null and empty mean any."""
        return sum(n for name, how, n in self.findings if severity in (None, "", how) and code in (None, "", name))


_FORM = 5
"""Of what is kept; counted up whenever `Sheet` changes, so that nothing kept in an older form is read."""
_ENCODER = msgspec.msgpack.Encoder()
_DECODER: msgspec.msgpack.Decoder[Sheet] = msgspec.msgpack.Decoder(Sheet)
_KNOWN: msgspec.msgpack.Decoder[Known] = msgspec.msgpack.Decoder(Known)
_LACKING = ("frame.hole", "frame.cut-off", "frame.missing-section")
"""Codes of findings that say that a report's text is not all there."""


def sheet(shelf: Look, earlier: str, later: str) -> Sheet:
    """What became of the targets that `earlier` sets for the year that `later` reports on, as people have it."""
    return _kept(shelf, (earlier, later), lambda: shelf.checked(earlier, later))


def sheet_alone(shelf: Look, report: str) -> Sheet:
    """What is odd in one report by itself."""
    return _kept(shelf, (report,), lambda: shelf.checked_alone(report))


def sheet_of(shelf: Look, pair: Pair) -> Sheet:
    """What is found in a pair, or in the one report of it that is there."""
    if pair.earlier and pair.later:
        return sheet(shelf, pair.earlier.report, pair.later.report)
    head = pair.earlier or pair.later
    assert head is not None
    return sheet_alone(shelf, head.report)


def known(shelf: Look, pair: Pair) -> Known | None:
    """What a pair holds in figures; null where nobody checked it yet."""
    held = shelf.kept.get("n" + _key(shelf, tuple(head.report for head in (pair.earlier, pair.later) if head)))
    return None if held is None else _KNOWN.decode(held)


def lacks_text(shelf: Look, report: str) -> bool | None:
    """Whether a report lacks some of its text; null as long as nobody looked."""
    held = shelf.kept.get("g" + _key(shelf, (report,)))
    return None if held is None else held == b"1"


def look_for_text(shelf: Look, report: Report) -> None:
    """Keep whether a report lacks some of its text."""
    lacking = any(item.code in _LACKING for item in own_findings(report))
    shelf.kept.put("g" + _key(shelf, (report.document.id,)), b"1" if lacking else b"0")


def sheets_with(shelf: Look, head: Head) -> list[tuple[Pair, Sheet]]:
    """The checks that a report takes part in: as the one that sets targets, and as the one that answers."""
    found = []
    for pair in shelf.pairs_with(head):
        assert pair.earlier and pair.later
        with suppress(CheckError):
            found.append((pair, sheet(shelf, pair.earlier.report, pair.later.report)))
    return found


def _key(shelf: Look, reports: tuple[str, ...]) -> str:
    stamps = tuple((name, shelf.stamp(name)) for name in reports)
    return hashlib.sha256(repr((_FORM, shelf.serial, stamps)).encode()).hexdigest()[:32]


def _kept(shelf: Look, reports: tuple[str, ...], check: Callable[[], Checked]) -> Sheet:
    key = _key(shelf, reports)

    def make() -> Sheet:
        held = shelf.kept.get(key)
        if held is not None:
            return _DECODER.decode(held)
        checked = check()
        made = of_checked(checked)
        shelf.kept.put(key, _ENCODER.encode(made))
        shelf.kept.put("n" + key, _ENCODER.encode(_figures(made)))
        for report in checked.reports:
            look_for_text(shelf, report)
        return made

    return shelf.keep("sheet", key, make)


def _figures(made: Sheet) -> Known:
    found = Counter((item.code, item.severity) for item in made.findings)
    return Known(
        verdicts=dict(Counter(item.verdict for item in made.outcomes)),
        findings=tuple((code, severity, count) for (code, severity), count in found.items()),
    )


def of_checked(checked: Checked) -> Sheet:
    """A check as rows."""
    return Sheet(
        tuple(_line(checked, item, number) for number, item in enumerate(_in_order(checked.outcomes), 1)),
        tuple(_finding(checked, item) for item in checked.findings),
        tuple(_undertaking(checked, item) for item in checked.undertakings),
    )


def _in_order(outcomes: tuple[Outcome, ...]) -> list[Outcome]:
    """Targets that were answered first, then the others: the order in which pages list and number them."""
    return sorted(outcomes, key=lambda item: item.verdict == "unreported")


def _line(checked: Checked, item: Outcome, number: int) -> OutcomeLine:
    answer_id = item.answer_document or ""
    homes = {statement.id: report.document.id for report in checked.reports for statement in report.statements}
    actuals = tuple(number_of(homes.get(each.id, answer_id), each) for each in item.actuals)
    target = number_of(item.target_document, item.target)
    proof = item.proof
    return OutcomeLine(
        number=number,
        target=target,
        goal=said.goal(item),
        answer=said.answer(item) if item.actuals else "",
        actuals=actuals,
        verdict=item.verdict,
        derived=item.derived,
        by_person=item.rule.startswith("person:"),
        remark=said.remark(item, "zh"),
        remark_en=said.remark(item, "en"),
        reason=item.reason_zh,
        reason_en=item.reason_en,
        rule=item.rule,
        searched=proof.words if proof else (),
        nearest=tuple(_side(checked, side) for side in proof.nearest) if proof else (),
        missing_sections=proof.missing_sections if proof else (),
        said=_number(checked, target),
        answers=tuple(_number(checked, each) for each in actuals),
        told=() if actuals else _told(checked, item),
    )


def _told(checked: Checked, item: Outcome) -> tuple[Passage, ...]:
    """Passages of the answering report that a verdict without figures rests on."""
    if item.verdict == "unreported":
        return ()
    return tuple(_side(checked, side) for side in item.sides if side.document != item.target_document)


def _undertaking(checked: Checked, item: Echo) -> UndertakingLine:
    return UndertakingLine(
        id=item.id,
        thing=item.thing,
        said=_passage(checked, item.document, item.span, item.text, None),
        heard=item.heard,
        reason=item.reason_zh,
        reason_en=item.reason_en,
        searched=item.words,
        passages=tuple(_side(checked, side) for side in item.passages[:2]),
        rule=item.rule,
    )


def _number(checked: Checked, number: Number) -> Passage:
    return _passage(checked, number.report, Span(number.start, number.end), number.text, number.key[17:])


def _side(checked: Checked, side: Side) -> Passage:
    return _passage(checked, side.document, side.span, side.text, side.statement)


def _passage(checked: Checked, document: str, span: Span, text: str, statement: str | None) -> Passage:
    report = checked.report(document)
    before, behind = surroundings(report, span, around=0) if report else ("", "")
    url = place_of(document, sentence_start(report, span.start) if report else 0)
    return Passage(document, span.start, span.end, before, text, behind, statement, url)


def _finding(checked: Checked, item: Finding) -> FindingLine:
    # The older report stands on the left, whichever of them a rule speaks of first.
    order = {report.document.id: number for number, report in enumerate(checked.reports)}
    return FindingLine(
        id=name_of(item),
        code=item.code,
        severity=item.severity,
        zh=item.zh,
        en=item.en,
        formula=item.formula,
        rule=item.rule,
        url=address(f"/findings/{item.sides[-1].document}/{name_of(item)}") if item.sides else "",
        sides=tuple(
            _quoted(report, side.span, side.statement)
            for side in sorted(item.sides, key=lambda side: order.get(side.document, 0))
            if (report := checked.report(side.document)) is not None
        ),
    )


def name_of(item: Finding) -> str:
    """A finding's name: the same as long as its code and the places it speaks of are."""
    places = [(side.document, side.span.start, side.span.end) for side in item.sides]
    return hashlib.sha256(repr((item.code, places)).encode()).hexdigest()[:12]


def _quoted(report: Report, span: Span, statement: str | None) -> Quoted:
    before, inside, behind = quote(report, span)
    anchor = f"#s-{statement}" if statement else ""
    return Quoted(
        report=report.document.id,
        name=words.one_line(report.frame.title or report.document.source.name),
        url=address(f"/reports/{report.document.id}", s=statement) + anchor,
        start=span.start,
        end=span.end,
        text=inside,
        before=before,
        behind=behind,
        statement=statement,
    )
