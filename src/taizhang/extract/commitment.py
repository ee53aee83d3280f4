"""Sentences that undertake (plan part) or report something done (review part), with how firmly and whether checkable.

What a sentence is follows from the roles of its cue words (`cues.py`) and where they stand: at the head of a clause,
behind a hope, under a headline of targets. What it takes over (section, lead phrase, period, headline) is carried by
`_Walk` from sentence to sentence and stops at the border each is named with.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import NamedTuple

from taizhang.extract.cues import (
    ACT,
    BIND,
    BOTTOM,
    CAUSE,
    COVER,
    DOING,
    DUTY,
    EVENT,
    EXTENT,
    FINISH,
    HEADLINE,
    HOPE,
    MANNER,
    ORDINAL,
    PAST,
    PROBLEM,
    REACH,
    SEEK,
    SETTLE,
    STAGE,
    TELL,
    THANKS,
    VERDICT,
    WIDEN,
    CueIndex,
    Hit,
    Lexicon,
    Reading,
)  # fmt: skip
from taizhang.fold import Folded
from taizhang.model import Block, Commitment, Document, Evidence, Frame, Heading, Sentence, Span, Statement, Strength

_YEAR = r"(?:19|20)[0-9]{2}|[一二][九〇○零0][一二三四五六七八九〇○零]{2}"
_PERIOD = re.compile(
    rf"(?:到|至)(?P<by>{_YEAR})年(?!以来|的)"
    rf"|(?P<before>{_YEAR})年(?:底|末|年底)?之?前(?!碳达峰)"
    rf"|(?<!（)(?P<first>{_YEAR})(?:年)?(?:—|至|到|~|-)(?P<last>{_YEAR})年(?![^，。；]{{0,8}}(?:方案|规划|计划|行动))"
    r"|(?P<span>今后的?|未来|用)(?P<years>[三四五十]|3|4|5|10)(?:年|个年头)(?!来|规划|行动)"
    r"|(?P<plan>[一二三四五六七八九十]{1,3})五”?(?:期间|时期|期(?P<close>末)|末)(?=，|内|全)"
    r"|(?P<month>1[0-2]|[1-9])月(?:底|末|份|中旬|上旬|下旬)?之?前"
    r"|(?P<half>上半年|一季度|三季度)(?:末|底|前|，|完成|开工|竣工|建成|启动|全面)"
)
_PERIOD_ANCHOR = re.compile("[年月五季半]")
_INTRODUCES = re.compile(
    r"(?:(?<![0-9%])以下|下列|如下|下面|这样)[^，。：]{0,12}?(?:(?:工作|方面|任务|项|点|措施|目标|问题|部署|安排)[^，。：]{0,4})?[：。]$"
    r"|(?:[抓做搞办]好?|突出|推进|完成|开展|要)[^，。、]{0,8}?[一二三四五六七八九十0-9几][个大]?(?:方面|重点|项|件|大)的?(?:主要|重点)?"
    r"(?:工作|任务|文章|大事|实事|事)?[：:。]$"
)
_SITUATION = re.compile("^[^，]{0,16}(?:形势|发展环境|机遇[与和]?挑战|回顾|成就)$|^面临的")
_GOALS = re.compile("目标|指标")
_HEADLINE_END = re.compile(r"[^，。；]{0,14}?(?:是|为|：|:)")
_PROMISE = re.compile("我们(?:将|要|一定|必须)|今后(?:要|我们)|下一步")
_BODY = re.compile(
    r"(?:[^，。；：]{0,4}，)?(?:今年|年内|今后|特别是|同时|下一步)*(各地|各级|各方面|各行各业|[^，。；：]{1,16}?(?:部门|政府|财政|局|委|办|县|区|(?<!城)市|乡|镇|街道|地方|干部|人员|单位"
    r"|企业|公司|集团|学校|高校|医院|银行|机构|组织|职工|群众|党员|各地|党委|院所|园区|国务院))(?:今年|明年|都|也|均|还|更)*$"
)
_NAMED = re.compile(
    r"（?(?:责任|牵头|承办|主办|负责)(?:单位|部门)：([^）。；]{2,60})"
    r"|由([^，。；由]{2,20}?)(?:牵头|负责|承办|主办)"
    r"|组织([^，。；]{0,14}?(?:企业|单位|学校|高校|部门|干部|机构))(?:积极|开展|参加|与|进行)"
)
_EVERY = re.compile("(各[^，。；：]{1,10}(?:部门|政府|地区|县区|单位|街道|乡镇|镇|县))(?=[^，。；]{2,8}$)")
"""All bodies of a kind, where what they do stands before 要: 各部门制定政策要听取意见."""
_SUBJECT = re.compile(r"[^，。；：]{2,12}?(?<![需重首主必只])(?:要|必须)(?!求|素|点|务|件)[^，。；]{3}")
_NOT_BODY = (
    "我们", "我省", "我市", "我县", "我区", "全省", "全市", "全县", "全区", "大家", "变", "对", "以", "把",
    "在", "让", "使", "按",
)  # fmt: skip
_PREPOSITIONS = ("对", "为", "在", "把", "将", "以", "从", "借", "按", "向", "给", "由")
_SEMICOLON = re.compile("（[^（）]*）|“[^“”]*”|；")
_NOUN_ENDS = frozenset("，。、的下和；")
"""Behind 努力 these make it a noun (在大家的努力下)."""
_OUTCOME = REACH | FINISH | STAGE | COVER
"""Roles that undertake in a plan wherever they stand: 云岭大桥建成通车."""
_SHORT_PIECE = 16
"""A piece behind ； shorter than this, with nothing to count in it, goes on with the undertaking before it."""
_SHORT_LEAD = 22
_TITLE_LENGTH = 5
"""A sentence of four characters and its 。 is a title of the next ones."""


class _Context(NamedTuple):
    """What a sentence takes over from around it."""

    done: bool
    period: str | None
    period_rule: str
    section: str | None
    lead: _Lead | None
    headline: Span | None
    """Words like 预期目标是 over it, where it is one of the amounts they announce."""
    situation: bool
    """Stands where a report judges (形势, behind a judgement): only 要, 必须, 力争 undertake there."""
    goals: bool
    """Stands in a plan over several years or under 主要目标, where 水平明显提升 is a goal."""


class _Lead(NamedTuple):
    text: str
    span: Span
    ordinal: bool
    """Opens with 一是, 二要: stands below a lead without."""


def commitments(document: Document, frame: Frame, folded: Folded, statements: Sequence[Statement]) -> list[Commitment]:
    """Every undertaking of the plan part and, with `done`, every achievement of the review part, in text order."""
    maker = _Maker(document, frame, folded, statements)
    found: list[Commitment] = []
    for reading, context in _Walk(frame, folded, maker.cues):
        found.extend(maker.make(reading, context))
    return found


class _Walk:
    """Goes through the sentences that could undertake or report, and says what each takes over.

    A lead phrase holds to the end of its paragraph (a numbered step keeps the lead above it), a headline of targets
    too, a passage on shortcomings to the end of its list, a judgement until somebody must act.
    """

    def __init__(self, frame: Frame, folded: Folded, cues: CueIndex) -> None:
        self.frame, self.folded, self.cues = frame, folded, cues
        self.sentences = frame.sentences
        self.headings = {heading.span.start: heading for heading in frame.headings}
        self.sections: dict[tuple[int, ...], _Section] = {}
        self.problems, self.headlines = cues.positions(PROBLEM, HEADLINE)
        self.lead: _Lead | None = None
        self.headline: Span | None = None
        self.paragraph = -1
        self.fresh = True
        """No sentence of the paragraph seen yet, but headings."""
        self.section: _Section | None = None
        self.trouble = self.judged = False

    def __iter__(self) -> Iterator[tuple[Reading, _Context]]:
        for index, sentence in enumerate(self.sentences):
            opens = self.enter(sentence)
            if self.is_heading(index, sentence):
                continue
            block = self.frame.blocks[sentence.block]
            if block.part not in ("plan", "review"):
                continue
            reading = self.cues.read(sentence.start, sentence.end)
            review = block.part == "review"
            fresh, self.fresh = self.fresh, False
            if self.is_lead(index, sentence, reading, review, fresh, opens):
                continue
            if review:
                self.trouble = self.trouble or _within(self.problems, sentence) is not None
                if self.trouble:
                    continue
            yield reading, self.context(sentence, reading, block)

    def enter(self, sentence: Sentence) -> bool:
        """Note a new section or paragraph, and let end what ends there; whether a paragraph opens."""
        section = self.sections.get(sentence.headings)
        if section is None:
            section = self.sections[sentence.headings] = _section(self.frame, sentence.headings)
        if self.section is None or section.key != self.section.key:
            self.lead, self.trouble = None, False
        self.section = section
        if sentence.paragraph == self.paragraph:
            return False
        self.paragraph, self.fresh = sentence.paragraph, True
        self.headline, self.judged = None, False
        if self.trouble and not ORDINAL.match(self.folded.text, sentence.start, sentence.end):
            self.trouble = False
        return True

    def is_heading(self, index: int, sentence: Sentence) -> bool:
        """Whether a sentence is a heading. 一要狠抓投资 is a lead too; a bare line among such lines is an item."""
        heading = self.headings.get(sentence.span.start)
        if heading is None or sentence.span.end > heading.span.end + 2:
            return False
        if sentence.is_lead and _is_step(heading):
            self.lead = self.below(sentence)
            self.fresh = False
        if heading.number is not None or heading.level < 2 or index + 1 >= len(self.sentences):
            return True
        following = self.headings.get(self.sentences[index + 1].span.start)
        return following is None or following.number is not None or following.level != heading.level

    def is_lead(self, index: int, sentence: Sentence, reading: Reading, review: bool, fresh: bool, opens: bool) -> bool:
        """Whether a sentence is a bare lead phrase, which is the task of what follows and undertakes nothing itself."""
        text = self.folded.text
        if fresh:
            self.judged = not review and _judges(text, reading, self.cues.lexicon)
            says = 0 if review else reading.roles & (TELL | VERDICT | PAST)
            if sentence.is_lead and not says and not self.judged:
                self.lead = self.below(sentence)
                return not _SUBJECT.match(text, _behind_ordinal(text, sentence), sentence.end)
            if opens:
                self.lead = None
        elif self.is_step(index, sentence):
            return True
        # Reviews string leads (工业提速。…农业稳健。…) in one paragraph; those report nothing themselves.
        acts = reading.heads & (ACT | SETTLE | CAUSE) or reading.roles & (PAST | STAGE)
        if review and sentence.is_lead and not acts and not ORDINAL.match(text, sentence.start, sentence.end):
            self.lead = _lead(self.folded, sentence)
            return True
        return False

    def is_step(self, index: int, sentence: Sentence) -> bool:
        """Whether 三要加快新区建设。 or 强化宣传。 inside a paragraph leads what follows, not one of a list of such."""
        if index + 1 >= len(self.sentences):
            return False
        text, following = self.folded.text, self.sentences[index + 1]
        length = sentence.end - sentence.start
        if following.paragraph != sentence.paragraph or length > _SHORT_LEAD:
            return False
        if length <= _TITLE_LENGTH:
            return True
        if text.find("，", sentence.start, sentence.end) >= 0 or not ORDINAL.match(text, sentence.start, sentence.end):
            return False
        return not ORDINAL.match(text, following.start, following.end)

    def below(self, sentence: Sentence) -> _Lead:
        """The lead that holds from `sentence` on: itself, or a plain lead above its 二要."""
        lead = _lead(self.folded, sentence)
        return self.lead if lead.ordinal and self.lead is not None and not self.lead.ordinal else lead

    def context(self, sentence: Sentence, reading: Reading, block: Block) -> _Context:
        section = self.section
        assert section is not None  # `enter` came first
        headline = _headline(self.folded, self.headlines, sentence)
        self.headline = headline or self.headline
        over = self.headline if self.headline is not None else section.goals
        if headline is None and over is not None and not _is_amount(reading):
            over = None
        if self.judged and _resumes(reading):
            self.judged = False
        return _Context(
            block.part == "review",
            block.period,
            f"period/{block.mode or 'block'}",
            section.path,
            self.lead,
            over,
            section.situation or self.judged,
            section.goals is not None or block.mode in ("five-year", "horizon"),
        )


class _Section(NamedTuple):
    path: str | None
    key: tuple[int, ...]
    """The headings without 一是, 二要, so that a lead above them stays."""
    situation: bool
    goals: Span | None


def _section(frame: Frame, path: Sequence[int]) -> _Section:
    headings = [frame.headings[index] for index in path]
    key = tuple(index for index, heading in zip(path, headings, strict=True) if not _is_step(heading))
    numbers = [heading.number for heading in headings if heading.number and not _is_step(heading)]
    last = headings[-1] if headings else None
    situation = last is not None and bool(_SITUATION.search(last.title))
    goals = last.span if last is not None and _GOALS.search(last.title) else None
    return _Section("/".join(numbers) or None, key, situation, goals)


def _is_step(heading: Heading) -> bool:
    return heading.number is not None and heading.number[-1] in "是要"


def _behind_ordinal(text: str, sentence: Sentence) -> int:
    ordinal = ORDINAL.match(text, sentence.start, sentence.end)
    return ordinal.end() if ordinal and ordinal.end() < sentence.end else sentence.start


def _lead(folded: Folded, sentence: Sentence) -> _Lead:
    """The lead phrase without its number and its 。"""
    start = _behind_ordinal(folded.text, sentence)
    end = sentence.end
    while end > start + 1 and folded.text[end - 1] in "。：，；\n":
        end -= 1
    while start < end - 1 and folded.text[start] in "—-·●■◆":
        start += 1
    ordinal = ORDINAL.match(folded.text, sentence.start, sentence.end)
    return _Lead(folded.quote(start, end).replace("\n", ""), sentence.span, ordinal is not None)


def _within(places: Sequence[tuple[int, int]], sentence: Sentence) -> int | None:
    at = bisect_left(places, (sentence.start, 0))
    return at if at < len(places) and places[at][0] < sentence.end else None


def _headline(folded: Folded, headlines: Sequence[tuple[int, int]], sentence: Sentence) -> Span | None:
    """The words 预期目标是 where the sentence opens a list of headline targets with them."""
    at = _within(headlines, sentence)
    while at is not None and at < len(headlines) and headlines[at][0] < sentence.end:
        start, end = headlines[at]
        if folded.text[end - 1] in "是为" or _HEADLINE_END.match(folded.text, end, sentence.end):
            return folded.span(start, end)
        at += 1
    return None


def _is_amount(reading: Reading) -> bool:
    """Whether a sentence states an amount (人均收入增长6%。), with no action before it."""
    number = reading.number
    return number is not None and not any(
        hit.head and hit.roles & ACT and hit.start < number[0] for hit in reading.hits
    )


def _resumes(reading: Reading) -> bool:
    """Whether a sentence behind a judgement undertakes again: somebody must act, or it opens with an action."""
    first = reading.hits[0] if reading.hits else None
    opens = first is not None and first.head and first.clause == first.start and first.roles & (ACT | MANNER)
    return bool(opens) or reading.owed


def _judges(text: str, reading: Reading, lexicon: Lexicon) -> bool:
    """Whether a sentence only says how things are (我们面临新的机遇)."""
    if text.startswith(lexicon.openings, reading.start):
        return True
    return bool(reading.roles & TELL) and not _goes_on(text, reading)


def _goes_on(text: str, reading: Reading) -> bool:
    """Whether a sentence that opens with a judgement (稳是大局) still comes to an undertaking (各县要…)."""
    tell: Hit | None = None
    acted = -1
    for hit in reading.hits:
        roles = hit.roles
        if roles & (DUTY | BIND) or (hit.head and roles & HOPE):
            return True
        if tell is None:
            if roles & TELL and not text.startswith("：", hit.end) and not _is_goal(text, hit.start):
                if acted >= 0 and acted < hit.clause:
                    return True
                tell = hit
            elif acted < 0 and hit.head and roles & (ACT | FINISH):
                acted = hit.clause
        elif hit.head and hit.clause > tell.start and roles & (ACT | FINISH):
            return True
    return tell is None


def _is_goal(text: str, at: int) -> bool:
    """Whether 是 at `at` follows a word for a goal (主要目标是), so that it opens what is undertaken."""
    return text[max(0, at - 2) : at] in ("目标", "指标", "任务", "要求", "思路", "重点", "方针", "原则")


def _is_past(reading: Reading) -> bool:
    """Whether 了, 已经 belong to what the sentence says first (not: 公开预算，让大家知道花了多少)."""
    acted = -1
    for hit in reading.hits:
        if hit.roles & PAST:
            return acted in (-1, hit.clause)
        if acted < 0 and hit.head and hit.roles & (ACT | FINISH):
            acted = hit.clause
    return False


def _introduces(text: str, reading: Reading) -> bool:
    """Whether a sentence only opens a list (要抓好以下五项工作：)."""
    start, end = max(reading.start, reading.end - 32), reading.end
    return text[end - 1] in "：。" and bool(_INTRODUCES.search(text, start, end))


def _undertakes(text: str, reading: Reading, context: _Context, lexicon: Lexicon) -> bool:
    """Whether a sentence of the plan part undertakes anything: no situation, judgement, thanks or list's opening."""
    roles = reading.roles
    if roles & THANKS or text[reading.end - 1] == "？" or text.startswith(lexicon.openings, reading.start):
        return False
    if _introduces(text, reading):
        return False
    owed = reading.owed
    if context.situation:
        return owed
    if not owed and (roles & VERDICT or (roles & PAST and _is_past(reading))):
        return False
    if roles & TELL and not _goes_on(text, reading):
        return False
    if owed or reading.heads & DOING or roles & _OUTCOME or reading.number is not None:
        return True
    return (context.goals and reading.grows) or text.startswith(lexicon.doers, reading.start)


def _achieves(text: str, reading: Reading) -> bool:
    """Whether a sentence of the review part reports something done: no thanks, judgement, promise or list's opening."""
    roles = reading.roles
    if roles & THANKS or text[reading.end - 1] == "？" or _introduces(text, reading):
        return False
    if _PROMISE.search(text, reading.start, reading.end):
        return False
    shown = reading.number is not None or roles & (PAST | FINISH | REACH | STAGE | EVENT | COVER)
    if roles & TELL and not shown and not _goes_on(text, reading):
        return False
    return bool(shown or reading.heads & (ACT | SETTLE | CAUSE))


class _Maker:
    """Makes commitments of readings: the fields, each with its evidence, and what lies inside."""

    def __init__(self, document: Document, frame: Frame, folded: Folded, statements: Sequence[Statement]) -> None:
        self.document, self.frame, self.folded = document, frame, folded
        text = folded.text
        self.statements = sorted(statements, key=lambda statement: statement.span)
        self.statement_starts = [statement.span.start for statement in self.statements]
        at = folded.at
        self.cues = CueIndex(text, [(at(s.span.start), at(s.span.end)) for s in self.statements if s.kind == "context"])
        self.dates = list(_dates(text))
        self.date_starts = [date.start() for date in self.dates]
        self.named = list(_NAMED.finditer(text))
        self.named_starts = [named.start() for named in self.named]
        self.seen: Counter[str] = Counter()

    def make(self, reading: Reading, context: _Context) -> Iterator[Commitment]:
        """The commitments of one sentence: none, one, or one for each ； that parts different things."""
        text = self.folded.text
        if context.done:
            if not _achieves(text, reading):
                return
        elif not _undertakes(text, reading, context, self.cues.lexicon):
            return
        pieces = self.pieces(reading.start, reading.end)
        if len(pieces) == 1:
            yield self.commitment(reading, context)
            return
        for start, end in pieces:
            piece = self.commitment(self.cues.read(start, end), context)
            yield piece
            # 到2030年，要实现：A；B；C: the year said first holds for the rest.
            if any(item.rule == "period/said" for item in piece.evidence):
                context = context._replace(period=piece.period, period_rule="period/sentence")

    def pieces(self, start: int, end: int) -> list[tuple[int, int]]:
        """A sentence cut behind each ； that parts undertakings of different things."""
        text = self.folded.text
        if text.find("；", start, end - 1) < 0:
            return [(start, end)]
        cuts = [match.end() for match in _SEMICOLON.finditer(text, start, end - 1) if match[0] == "；"]
        pieces: list[tuple[int, int]] = []
        at = start
        for cut in [*cuts, end]:
            own = cut - at >= _SHORT_PIECE or self.cues.number(at, cut) is not None or ORDINAL.match(text, at, cut)
            if pieces and not own:
                pieces[-1] = (pieces[-1][0], cut)
            else:
                pieces.append((at, cut))
            at = cut
        return pieces

    def commitment(self, reading: Reading, context: _Context) -> Commitment:
        span = self.folded.span(reading.start, reading.end)
        quote = self.document.text[span.start : span.end]
        self.seen[quote] += 1
        evidence: list[Evidence] = []
        strength: Strength | None = None
        if not context.done:
            strength, why = self.strength(reading, context)
            evidence.append(why)
        verifiable = self.verifiable(reading)
        if verifiable is not None:
            evidence.append(verifiable)
        period = self.period(reading, context, evidence)
        units = self.units(reading, evidence)
        if context.lead is not None:
            evidence.append(Evidence("task", "inherited", "task/lead", (context.lead.span,)))
        return Commitment(
            _identity(self.document.id, quote, self.seen[quote]),
            span,
            quote,
            context.done,
            context.section,
            context.lead.text if context.lead is not None else None,
            strength,
            period,
            units,
            verifiable is not None,
            self.inside(span),
            _torn(span, self.frame.joins),
            tuple(evidence),
        )

    def inside(self, span: Span) -> tuple[str, ...]:
        """Ids of the statements that lie inside a span."""
        at = bisect_left(self.statement_starts, span.start)
        found = []
        while at < len(self.statements) and self.statement_starts[at] < span.end:
            if self.statements[at].span.end <= span.end:
                found.append(self.statements[at].id)
            at += 1
        return tuple(found)

    def strength(self, reading: Reading, context: _Context) -> tuple[Strength, Evidence]:
        """The strongest word that governs the stretch's own undertaking, and which it was."""
        text = self.folded.text
        chosen: tuple[Strength, str, Hit] | None = None
        cause, act, acted = -1, reading.end, -1
        for hit in reading.hits:
            roles = hit.roles
            if roles & BIND:
                return "firm", self.written("strength", "bind", hit.start, hit.end)
            if chosen is None:
                if roles & HOPE and text[hit.end : hit.end + 1] not in _NOUN_ENDS:
                    chosen = ("strive", "hope", hit)
                elif roles & FINISH and cause != hit.clause and self.finishes(hit, reading):
                    chosen = ("firm", "finish", hit)
            if roles & CAUSE:
                cause = hit.clause
            if roles & ACT and hit.head and act == reading.end:
                act, acted = hit.start, hit.clause
            elif roles & REACH and acted == hit.clause:
                act, acted = reading.end, -1  # 投资增长6%: not an action but what grows
        if context.headline is not None:
            return "strive", Evidence("strength", "inherited", "strength/headline", (context.headline,))
        if chosen is not None:
            return chosen[0], self.written("strength", chosen[1], chosen[2].start, chosen[2].end)
        if reading.number is not None and reading.number[0] < act and not self.attends(reading.number, reading):
            # A bare amount with no action before it (补助标准提高30元) is decided, not worked towards.
            return "firm", self.written("strength", "amount", *reading.number)
        for hit in reading.hits:
            if hit.head and hit.roles & SEEK and hit.clause == reading.hits[0].clause:
                return "explore", self.written("strength", "seek", hit.start, hit.end)
            if hit.head and hit.roles & (ACT | CAUSE):
                return "advance", self.written("strength", "act", hit.start, hit.end)
        return "advance", Evidence("strength", "assumed", "strength/plain")

    def attends(self, number: tuple[int, int], reading: Reading) -> bool:
        """Whether a number stands in a phrase like 对36个小区…, 在5个镇…: with what or where, not how much."""
        text = self.folded.text
        comma = max(text.rfind("，", reading.start, number[0]), text.rfind("：", reading.start, number[0]))
        return text.startswith(_PREPOSITIONS, comma + 1 if comma >= 0 else reading.start)

    def written(self, field: str, rule: str, start: int, end: int) -> Evidence:
        return Evidence(field, "written", f"{field}/{rule}", (self.folded.span(start, end),))

    def finishes(self, hit: Hit, reading: Reading) -> bool:
        """Whether 完成 or 实现 is the clause's own verb with an end that can be seen (not 实现转型升级)."""
        text = self.folded.text
        word = self.cues.lexicon.words[hit.word]
        if word != "实现":
            return True
        if not hit.head:
            return False
        stop = text.find("，", hit.end, reading.end)
        stop = reading.end if stop < 0 else stop
        if hit.clause == hit.start == reading.start or text.find("目标", hit.end, stop) >= 0:
            return True
        if any(hit.end <= other.start < stop and other.roles & (STAGE | COVER) for other in reading.hits):
            return True
        return self.cues.number(hit.end, stop) is not None

    def verifiable(self, reading: Reading) -> Evidence | None:
        """The evidence that someone could tell whether it was done, or null for a mere direction."""
        if reading.number is not None:
            return self.written("verifiable", "number", *reading.number)
        firm = reading.roles & BIND
        widened = -1
        for hit in reading.hits:
            roles = hit.roles
            if roles & WIDEN and hit.head:
                widened = hit.clause
            if roles & STAGE:
                rule = "stage"
            elif roles & EVENT:
                rule = "event"
            elif roles & COVER:
                rule = "cover"
            elif roles & SETTLE and hit.head:
                rule = "settle"
            elif roles & EXTENT and widened == hit.clause:
                rule = "extent"
            elif roles & BOTTOM and firm:
                rule = "bottom"
            else:
                continue
            return self.written("verifiable", rule, hit.start, hit.end)
        return None

    def period(self, reading: Reading, context: _Context, evidence: list[Evidence]) -> str | None:
        """What the sentence says (到2030年, 今后五年), else what its block says."""
        base = self.frame.year_reviewed if context.done else self.frame.year_planned
        at = bisect_left(self.date_starts, reading.start)
        while at < len(self.dates) and self.date_starts[at] < reading.end:
            date = self.dates[at]
            said = _said(date, base, context.period)
            if said is not None and _agrees(said, base, context.done):
                evidence.append(self.written("period", "said", *date.span()))
                return said
            at += 1
        if context.period is not None:
            evidence.append(Evidence("period", "inherited", context.period_rule))
        return context.period

    def units(self, reading: Reading, evidence: list[Evidence]) -> tuple[str, ...]:
        """Bodies named to do it: before 要, in （责任单位：…）, behind 由 or 组织. Not 我们, who are all of them."""
        text = self.folded.text
        names: list[str] = []
        spans: list[Span] = []
        acted = -1
        for hit in reading.hits:
            if hit.roles & ACT and hit.head:
                acted = hit.clause
            elif hit.roles & (DUTY | BIND) and acted != hit.clause and hit.start - hit.clause <= _SHORT_LEAD:
                body = _BODY.match(text, hit.clause, hit.start) or _EVERY.match(text, hit.clause, hit.start)
                if body and not body[1].startswith(_NOT_BODY) and body[1] not in names:
                    names.append(body[1])
                    spans.append(self.folded.span(*body.span(1)))
        at = bisect_left(self.named_starts, reading.start)
        while at < len(self.named) and self.named_starts[at] < reading.end:
            match = self.named[at]
            group = match.lastindex or 0
            for name in re.split("[、，]", match[group]):
                if name and name not in names:
                    names.append(name)
                    spans.append(self.folded.span(*match.span(group)))
            at += 1
        if spans:
            evidence.append(Evidence("units", "written", "units/named", tuple(spans)))
        return tuple(names)


def _dates(text: str) -> Iterator[re.Match[str]]:
    """Every match of `_PERIOD`. Looking only near 年, 月 and the like takes a quarter of one long search's time."""
    behind = 0
    for anchor in _PERIOD_ANCHOR.finditer(text):
        match = _PERIOD.search(text, max(behind, anchor.start() - 12), anchor.end() + 14)
        if match:
            behind = match.end()
            yield match


def _identity(document: str, quote: str, occurrence: int) -> str:
    """The same words of the same document get the same id, wherever a better reader finds them."""
    return "c" + blake2b(f"{document}\x1f{quote}\x1f{occurrence}".encode(), digest_size=8).hexdigest()


def _torn(span: Span, joins: Sequence[Span]) -> tuple[Span, ...]:
    """The pieces of a sentence that runs over gaps; empty where it is whole."""
    pieces = []
    start = span.start
    for join in joins:
        if start < join.start and join.end < span.end:
            pieces.append(Span(start, join.start))
            start = join.end
    return (*pieces, Span(start, span.end)) if pieces else ()


_DIGITS = {letter: at for at, letter in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}


_COUNTS = {"三": 3, "四": 4, "五": 5, "十": 10, "3": 3, "4": 4, "5": 5, "10": 10}
_HALVES = {"上半年": "{0}-01/{0}-06", "一季度": "{0}-01/{0}-03", "三季度": "{0}-07/{0}-09"}


def _year(written: str) -> int:
    return int("".join(str(_DIGITS.get(letter, letter)) for letter in written))


def _plan(written: str) -> tuple[int, int] | None:
    """First and last year of a five-year plan: 十四五 → 2021, 2025. The third began three years late."""
    tens, found, ones = written.partition("十")
    count = 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0) if found else _DIGITS.get(written, 0)
    if not 1 <= count <= 20:
        return None
    first = 1966 + 5 * (count - 3) if count >= 3 else 1953 + 5 * (count - 1)
    return first, first + 4


def _agrees(said: str, base: str | None, done: bool) -> bool:
    """Whether a plan is not over before the year planned, nor a report of things yet to come."""
    if base is None:
        return True
    return said[:4] <= base[-4:] if done else said.split("/")[-1][:4] >= base[:4]


def _said(date: re.Match[str], base: str | None, block: str | None) -> str | None:
    """The period that words like 到2030年, 今后五年, 6月底前 name; null where they name none that can be told."""
    kind = date.lastgroup
    if kind in ("by", "before"):
        return str(_year(date[kind]))
    if kind == "last":
        return f"{_year(date['first'])}/{_year(date['last'])}"
    if kind in ("plan", "close"):
        bounds = _plan(date["plan"])
        if bounds is None:
            return None
        return f"{bounds[0]}/{bounds[1]}" if "末" not in date[0] else str(bounds[1])
    if kind == "years" and base is not None:
        first, count = int(base[:4]), _COUNTS[date["years"]]
        return f"{first}/{first + count - 1}"
    if block is None or not re.fullmatch("[0-9]{4}", block):
        return None
    if kind == "month":
        return f"{block}-{int(date['month']):02d}"
    return _HALVES[date["half"]].format(block) if kind == "half" else None
