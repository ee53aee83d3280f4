"""Sentences that undertake (plan part) or report something done (review part), with how firmly and whether checkable.

One search over the whole text finds every cue word of `lexicon/data/commitment.toml`. What a sentence is follows from
the roles of its cues and where they stand: at the head of a clause, behind a hope, under a headline of targets. A
clause's head is reached through adverbs and numbering, so 加强 counts in 二要切实加强管护 and not in 管护的加强.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files
from typing import Final, Literal, NamedTuple, get_args

import ahocorasick_rs
import msgspec

from taizhang.fold import Folded
from taizhang.model import Commitment, Document, Evidence, Frame, Heading, Sentence, Span, Statement, Strength

Role = Literal[
    "bind", "finish", "reach", "cause", "hope", "seek", "manner", "act", "duty", "headline", "tell", "verdict", "past", "stage",
    "event", "settle", "widen", "extent", "cover", "bottom", "aside", "opening", "doer", "problem", "thanks", "shield",
]  # fmt: skip
"""What a cue word can be; `commitment.toml` says what each means."""


class Cue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of `commitment.toml`: words with one role, a sentence where the role decides, a near miss."""

    role: Role
    words: tuple[str, ...]
    examples: tuple[str, ...]
    rejects: tuple[str, ...] = ()
    note: str | None = None


class _CueFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cue: tuple[Cue, ...]


_FLAGS: Final[dict[str, int]] = {role: 0 if role == "shield" else 1 << at for at, role in enumerate(get_args(Role))}
_BIND, _FINISH, _REACH, _CAUSE = (_FLAGS[role] for role in ("bind", "finish", "reach", "cause"))
_HOPE, _SEEK, _MANNER, _ACT = (_FLAGS[role] for role in ("hope", "seek", "manner", "act"))
_DUTY, _HEADLINE, _TELL, _VERDICT, _PAST = (_FLAGS[role] for role in ("duty", "headline", "tell", "verdict", "past"))
_STAGE, _EVENT, _SETTLE, _COVER = (_FLAGS[role] for role in ("stage", "event", "settle", "cover"))
_WIDEN, _EXTENT, _BOTTOM, _PROBLEM, _THANKS = (
    _FLAGS[role] for role in ("widen", "extent", "bottom", "problem", "thanks")
)
# Behind these a clause's head goes on: 要 | 努力 | 切实 | 加强.
_OPENERS = _BIND | _HOPE | _DUTY
_DOING = _ACT | _MANNER | _FINISH | _REACH | _SEEK | _CAUSE | _SETTLE | _STAGE


def load_cues() -> tuple[Cue, ...]:
    """The cue words, checked; `msgspec.ValidationError` names the entry and key that is wrong."""
    text = files("taizhang.lexicon").joinpath("data/commitment.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _CueFile).cue


class _Lexicon(NamedTuple):
    search: ahocorasick_rs.AhoCorasick
    flags: list[int]
    words: list[str]
    asides: tuple[str, ...]
    openings: tuple[str, ...]
    doers: tuple[str, ...]


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    flags: dict[str, int] = {}
    starts: dict[str, list[str]] = {"aside": [], "opening": [], "doer": []}
    for cue in load_cues():
        if cue.role in starts:
            starts[cue.role].extend(cue.words)
            continue
        for word in cue.words:
            flags[word] = flags.get(word, 0) | _FLAGS[cue.role]
    for word, roles in flags.items():
        if roles & (_SETTLE | _WIDEN):
            flags[word] = roles | _ACT
    words = list(flags)
    search = ahocorasick_rs.AhoCorasick(words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return _Lexicon(search, list(flags.values()), words, tuple(starts["aside"]), tuple(starts["opening"]), tuple(starts["doer"]))


# Numbers that could be checked: no years, names (5G, “14315”), ages, or thresholds in front of a noun (500人以上行政村).
_NUMBER = re.compile(
    r"(?<![0-9A-Za-z.,+“《第—])(?!123[0-9]{2}(?![0-9]))[0-9][0-9.,]*(?![0-9.,]|年(?!。)|月|日|号|届|版|G(?!W)|\+|周?岁(?!。)|[一二三四五六七八九十]|个方面)"
    r"(?![^，。；、]{0,5}(?:以上|以下)的?(?![实总左增的])[\u4e00-\u9fff])(?![^，。；、]{0,6}[元里米亩吨瓦人]的)"
    r"|百分之[零一二三四五六七八九十百点]+"
    r"|(?<![第零一二三四五六七八九十百千万亿点])[零〇一二三四五六七八九十百千万亿点两]{2,}[多余几]?"
    r"(?:吨|元|公斤|斤|亩|公里|千瓦|平方米|立方米|人次|公顷|美元|辆|户|所|套|倍|台)|翻[一两二]番"
)
_YEAR = r"(?:19|20)[0-9]{2}|[一二][九〇○零0][一二三四五六七八九〇○零]{2}"
_PERIOD = re.compile(
    rf"(?:到|至)(?P<by>{_YEAR})年(?!以来|的)"
    rf"|(?P<before>{_YEAR})年(?:底|末|年底)?之?前"
    rf"|(?P<first>{_YEAR})(?:年)?(?:—|至|到|~|-)(?P<last>{_YEAR})年(?![^，。；]{{0,8}}(?:方案|规划|计划|行动))"
    r"|(?P<span>今后|未来|今后的|用|利用|力争用)(?P<years>[三四五十]|3|4|5|10)(?:年|个年头)(?!来|规划|行动)"
    r"|(?P<plan>“?[一二三四五六七八九十]{1,3}五”?(?:期间|时期|期末|末))(?=，|内|，?全)"
    r"|(?P<month>1[0-2]|[1-9])月(?:底|末|份|中旬|上旬|下旬)?之?前"
    r"|(?P<half>上半年|一季度|三季度)(?:末|底|前|，|完成|开工|竣工|建成|启动|全面)"
)
# A size that only names the thing (7万吨锌基合金项目), unless a verb stands right before it.
_CAPACITY = re.compile("(?:吨|千瓦|千伏|伏|兆瓦|平方米|立方米|亩)(?![以左的余多，、。；和])[\u4e00-\u9fff]")
_INTRODUCES = re.compile(
    r"(?:(?<![0-9%])以下|下列|如下|下面|这样)[^，。：]{0,12}?(?:(?:工作|方面|任务|项|点|措施|目标|问题|部署|安排)[^，。：]{0,4})?[：。]$"
    r"|(?:[抓做搞办]好?|突出|推进|完成|开展|要)[^，。、]{0,8}?[一二三四五六七八九十0-9几][个大]?(?:方面|重点|项|件|大)的?(?:主要|重点)?"
    r"(?:工作|任务|文章|大事|实事|事)?[：:。]$"
)
_ORDINAL = re.compile(
    r"(?:[一二三四五六七八九十]{1,2}(?:是要?|要|、)|第[一二三四五六七八九十]{1,2}[，、]?(?:是要?|要)?|[（(][一二三四五六七八九十0-9]{1,2}[）)]、?"
    r"|[0-9]{1,2}[.．、]|[①-⑳]|(?:另|再)?一方面要?|首先[，要]?|其次[，要]?)"
)
_SITUATION = re.compile("^[^，]{0,16}(?:形势|发展环境|机遇[与和]?挑战|回顾|成就)$|^面临的")
_GOALS = re.compile("目标|指标")
_HEADLINE_END = re.compile(r"[^，。；]{0,14}?(?:是|为|：|:)")
_PROMISE = re.compile("我们(?:将|要|一定|必须)|今后(?:要|我们)|下一步")
_BODY = re.compile(
    r"(?:[^，。；：]{0,4}，)?(各地|各级|各方面|各行各业|[^，。；：]{1,16}?(?:部门|政府|财政|局|委|办|县|区|市|乡|镇|街道|地方|干部|人员|单位"
    r"|企业|公司|集团|学校|高校|医院|银行|机构|组织|职工|群众|党员|各地|党委|院所|园区|国务院))(?:今年|明年|都|也|均|还|更)*$"
)
_NAMED = re.compile(
    r"（?(?:责任|牵头|承办|主办|负责)(?:单位|部门)：([^）。；]{2,60})"
    r"|由([^，。；由]{2,20}?)(?:牵头|负责|承办|主办)"
    r"|组织([^，。；]{2,14}?(?:企业|单位|学校|高校|部门|干部|机构))(?:积极|开展|参加|与|进行)"
)
_SUBJECT = re.compile(r"[^，。；：]{2,12}?(?<![需重首主必只])(?:要|必须)(?!求|素|点|务|件)[^，。；]{3}")
_NOT_BODY = ("我们", "大家", "对", "以", "把", "在", "让", "使", "按")
_CLAUSE_MARKS = frozenset("，。；：！？\n")
_SEMICOLON = re.compile("（[^（）]*）|“[^“”]*”|；")
_SHORT_PIECE = 16
"""A piece behind ； shorter than this, with nothing to count in it, goes on with the undertaking before it."""
_SHORT_LEAD = 22
_TITLE_LENGTH = 5
"""A sentence of four characters and its 。 is a title of the next ones."""


class _Hit(NamedTuple):
    word: int
    roles: int
    start: int
    end: int
    head: bool
    clause: int
    """Where its clause begins."""


class _Reading(NamedTuple):
    """What the cues of one stretch of folded text say."""

    start: int
    end: int
    roles: int
    heads: int
    """Roles that stand at the head of some clause."""
    hits: list[_Hit]
    number: tuple[int, int] | None
    """The first number that the stretch itself undertakes or reports."""
    grows: bool
    """Whether it says that something changes: 功能显著提升, 格局更加完善."""


class _Context(NamedTuple):
    """What a sentence takes over from around it."""

    done: bool
    period: str | None
    period_rule: str
    section: str | None
    task: tuple[str, Span] | None
    headline: Span | None
    situation: bool
    """Stands where a report judges (形势, a paragraph that opens with a judgement): only 要, 必须, 力争 undertake."""
    goals: bool
    """Stands in a plan over several years or under 主要目标, where 水平明显提升 is a goal."""


class _Lead(NamedTuple):
    text: str
    span: Span
    ordinal: bool
    """Opens with 一是, 二要: stands below a lead without."""


def commitments(document: Document, frame: Frame, folded: Folded, statements: Sequence[Statement]) -> list[Commitment]:
    """Every undertaking of the plan part and, with `done`, every achievement of the review part, in text order."""
    reader = _Reader(document, frame, folded, statements)
    found: list[Commitment] = []
    for sentence, context in _sentences(frame, folded, reader):
        found.extend(reader.read(sentence, context))
    return found


class _Reader:
    """The searches over one whole text, and what one stretch of it says. Nothing here changes once it is made."""

    def __init__(self, document: Document, frame: Frame, folded: Folded, statements: Sequence[Statement]) -> None:
        self.document, self.frame, self.folded = document, frame, folded
        self.lexicon = _lexicon()
        text = folded.text
        self.hits = self.lexicon.search.find_matches_as_indexes(text)
        self.hit_starts = [hit[1] for hit in self.hits]
        self.hit_ends = {hit[2] for hit in self.hits}
        flags = self.lexicon.flags
        self.problems = [at for word, at, _ in self.hits if flags[word] & _PROBLEM]
        self.headlines = [(at, stop) for word, at, stop in self.hits if flags[word] & _HEADLINE]
        self.numbers = [match.span() for match in _NUMBER.finditer(text)]
        self.number_starts = [number[0] for number in self.numbers]
        self.dates = list(_PERIOD.finditer(text))
        self.date_starts = [date.start() for date in self.dates]
        self.named = list(_NAMED.finditer(text))
        self.named_starts = [named.start() for named in self.named]
        self.statements = sorted(statements, key=lambda statement: statement.span)
        self.statement_starts = [statement.span.start for statement in self.statements]
        self.seen: Counter[str] = Counter()

    def read(self, sentence: Sentence, context: _Context) -> Iterator[Commitment]:
        whole = self.reading(sentence.start, sentence.end)
        wanted = _achieves if context.done else _undertakes
        if not wanted(self.folded.text, whole, context, self.lexicon):
            return
        pieces = _pieces(self.folded.text, self, sentence.start, sentence.end)
        if len(pieces) == 1:
            yield self.make(whole, context)
            return
        for start, end in pieces:
            piece = self.make(self.reading(start, end), context)
            yield piece
            # 到2030年，要实现：A；B；C: the year said first holds for the rest.
            if any(item.field == "period" and item.how == "written" for item in piece.evidence):
                context = context._replace(period=piece.period, period_rule="period/sentence")

    def reading(self, start: int, end: int) -> _Reading:
        """The cues of folded `start:end`, each with the clause it stands in and whether it heads it."""
        text, flags = self.folded.text, self.lexicon.flags
        first = bisect_left(self.hit_starts, start)
        last = bisect_left(self.hit_starts, end, first)
        ordinal = _ORDINAL.match(text, start, end)
        edge = ordinal.end() if ordinal else start
        clause = previous = edge
        roles = heads = 0
        grows = False
        manner = -1
        hits = []
        for index in range(first, last):
            word, at, stop = self.hits[index]
            mask = flags[word]
            if text[at:stop] == "将" and (index + 1 >= last or self.hits[index + 1][1] != stop):
                mask = 0  # 将我县列为试点: 把, not shall
            comma = text.rfind("，", previous, at)
            if comma < 0:
                comma = text.rfind("：", previous, at)
            if comma >= 0:
                clause = comma + 1
            head = at == edge or at == clause or text[at - 1] in _CLAUSE_MARKS
            if head:
                heads |= mask
            if head and not mask & _TELL or mask & _OPENERS:
                edge = stop
            roles |= mask
            if mask & _MANNER:
                manner = stop
            elif mask & (_ACT | _REACH) and at == manner:
                grows = True
            if mask:
                hits.append(_Hit(word, mask, at, stop, head, clause))
            previous = stop
        return _Reading(start, end, roles, heads, hits, self.number(start, end), grows)

    def number(self, start: int, end: int) -> tuple[int, int] | None:
        """The first number that is no description: not behind 按照, not a statement of kind context or actual."""
        at = bisect_left(self.number_starts, start)
        text = self.folded.text
        while at < len(self.numbers) and self.numbers[at][0] < end:
            number = self.numbers[at]
            clause = max(start, text.rfind("，", start, number[0]) + 1, text.rfind("：", start, number[0]) + 1)
            if _CAPACITY.match(text, number[1]) and number[0] not in self.hit_ends:
                at += 1
                continue
            scope = text[clause] == "以" and text.find("为", number[1], text.find("，", number[1], end)) >= 0
            if not scope and not text.startswith(self.lexicon.asides, clause) and not self.described(number):
                return number
            at += 1
        return None

    def described(self, number: tuple[int, int]) -> bool:
        if not self.statements:
            return False
        start = self.folded.back[number[0]]
        at = bisect_left(self.statement_starts, start + 1) - 1
        if at < 0 or self.statements[at].span.end <= start:
            return False
        return self.statements[at].kind == "context"

    def make(self, reading: _Reading, context: _Context) -> Commitment:
        text, folded, source = self.folded.text, self.folded, self.document.text
        span = folded.span(reading.start, reading.end)
        evidence = []
        strength: Strength | None = None
        if not context.done:
            strength, item = self.strength(reading, context)
            evidence.append(item)
        verifiable = self.verifiable(reading)
        if verifiable is not None:
            evidence.append(verifiable)
        period, item = self.period(reading, context)
        if item is not None:
            evidence.append(item)
        units, spans = self.units(reading)
        if units:
            evidence.append(Evidence("units", "written", "units/named", spans))
        task = None
        if context.task is not None:
            task, lead = context.task
            evidence.append(Evidence("task", "inherited", "task/lead", (lead,)))
        first = bisect_left(self.statement_starts, span.start)
        inside = []
        while first < len(self.statements) and self.statements[first].span.start < span.end:
            if self.statements[first].span.end <= span.end:
                inside.append(self.statements[first].id)
            first += 1
        quote = source[span.start : span.end]
        self.seen[quote] += 1
        return Commitment(
            _identity(self.document.id, quote, self.seen[quote]),
            span,
            quote,
            context.done,
            context.section,
            task,
            strength,
            period,
            units,
            verifiable is not None,
            tuple(inside),
            _torn(span, self.frame.joins),
            tuple(evidence),
        )

    def strength(self, reading: _Reading, context: _Context) -> tuple[Strength, Evidence]:
        """The strongest word that governs the stretch's own undertaking, and which it was."""
        text, folded = self.folded.text, self.folded
        chosen: tuple[Strength, str, int, int] | None = None
        cause, act = -1, reading.end
        for hit in reading.hits:
            roles = hit.roles
            if roles & _BIND:
                return "firm", Evidence("strength", "written", "strength/bind", (folded.span(hit.start, hit.end),))
            if chosen is None and context.headline is None:
                if roles & _HOPE and text[hit.end] not in "，。、的下和；":
                    chosen = ("strive", "strength/hope", hit.start, hit.end)
                elif roles & _FINISH and cause != hit.clause and self.finishes(hit, reading):
                    chosen = ("firm", "strength/finish", hit.start, hit.end)
            if roles & _CAUSE:
                cause = hit.clause
            if roles & _ACT and hit.head and act == reading.end:
                act = hit.start
        if context.headline is not None:
            return "strive", Evidence("strength", "inherited", "strength/headline", (context.headline,))
        if chosen is not None:
            strength, rule, start, end = chosen
            return strength, Evidence("strength", "written", rule, (folded.span(start, end),))
        if reading.number is not None and reading.number[0] < act:
            # A bare amount with no action before it (补助标准提高30元) is decided, not worked towards.
            return "firm", Evidence("strength", "written", "strength/amount", (folded.span(*reading.number),))
        for hit in reading.hits:
            if hit.roles & _SEEK and hit.head and hit.clause == reading.hits[0].clause:
                return "explore", Evidence("strength", "written", "strength/seek", (folded.span(hit.start, hit.end),))
            if hit.head and hit.roles & (_ACT | _CAUSE):
                return "advance", Evidence("strength", "written", "strength/act", (folded.span(hit.start, hit.end),))
        return "advance", Evidence("strength", "assumed", "strength/plain")

    def finishes(self, hit: _Hit, reading: _Reading) -> bool:
        """Whether 完成 or 实现 is the clause's own verb with an end that can be seen (not 实现转型升级)."""
        text = self.folded.text
        word = self.lexicon.words[hit.word]
        if word != "实现":
            return True
        if not hit.head:
            return False
        stop = text.find("，", hit.end, reading.end)
        stop = reading.end if stop < 0 else stop
        if hit.clause == hit.start == reading.start or text.find("目标", hit.end, stop) >= 0:
            return True
        if any(hit.end <= other.start < stop and other.roles & (_STAGE | _COVER) for other in reading.hits):
            return True
        return self.number(hit.end, stop) is not None

    def verifiable(self, reading: _Reading) -> Evidence | None:
        """The evidence that someone could tell whether it was done, or null for a mere direction."""
        if reading.number is not None:
            return Evidence("verifiable", "written", "verifiable/number", (self.folded.span(*reading.number),))
        firm = reading.roles & _BIND
        widened = -1
        for hit in reading.hits:
            roles = hit.roles
            if roles & _WIDEN and hit.head:
                widened = hit.clause
            if roles & _STAGE:
                rule = "verifiable/stage"
            elif roles & _EVENT:
                rule = "verifiable/event"
            elif roles & _COVER:
                rule = "verifiable/cover"
            elif roles & _SETTLE and hit.head:
                rule = "verifiable/settle"
            elif roles & _EXTENT and widened == hit.clause:
                rule = "verifiable/extent"
            elif roles & _BOTTOM and firm:
                rule = "verifiable/bottom"
            else:
                continue
            return Evidence("verifiable", "written", rule, (self.folded.span(hit.start, hit.end),))
        return None

    def period(self, reading: _Reading, context: _Context) -> tuple[str | None, Evidence | None]:
        """What the sentence says (到2030年, 今后五年), else what its block says."""
        at = bisect_left(self.date_starts, reading.start)
        while at < len(self.dates) and self.date_starts[at] < reading.end:
            date = self.dates[at]
            said = _said(date, self.frame.year_reviewed if context.done else self.frame.year_planned, context.period)
            if said is not None:
                return said, Evidence("period", "written", "period/said", (self.folded.span(*date.span()),))
            at += 1
        if context.period is None:
            return None, None
        return context.period, Evidence("period", "inherited", context.period_rule)

    def units(self, reading: _Reading) -> tuple[tuple[str, ...], tuple[Span, ...]]:
        """Bodies named to do it: before 要, in （责任单位：…）, behind 由 or 组织. Not 我们, who are all of them."""
        text = self.folded.text
        names: list[str] = []
        spans: list[Span] = []
        acted = -1
        for hit in reading.hits:
            if hit.roles & _ACT and hit.head:
                acted = hit.clause
            elif hit.roles & (_DUTY | _BIND) and acted != hit.clause and hit.start - hit.clause <= _SHORT_LEAD:
                body = _BODY.match(text, hit.clause, hit.start)
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
        return tuple(names), tuple(spans)


def _undertakes(text: str, reading: _Reading, context: _Context, lexicon: _Lexicon) -> bool:
    """Whether a sentence of the plan part undertakes anything: no situation, judgement, thanks or list's opening."""
    start, end, roles, heads = reading.start, reading.end, reading.roles, reading.heads
    if roles & _THANKS or text[end - 1] == "？" or text.startswith(lexicon.openings, start):
        return False
    if _INTRODUCES.search(text, start, end):
        return False
    owed = _owes(reading)
    if context.situation:
        return owed
    if not owed and (roles & _VERDICT or roles & _PAST and _is_past(reading)):
        return False
    if roles & _TELL and not _goes_on(text, reading):
        return False
    if owed or heads & _DOING or reading.number or roles & _REACH:
        return True
    return context.goals and reading.grows or text.startswith(lexicon.doers, start)


def _is_past(reading: _Reading) -> bool:
    """Whether 了, 已经 belong to what the sentence says first (not: 公开预算，让大家知道花了多少)."""
    acted = -1
    for hit in reading.hits:
        if hit.roles & _PAST:
            return acted in (-1, hit.clause)
        if acted < 0 and hit.head and hit.roles & (_ACT | _FINISH):
            acted = hit.clause
    return False


def _owes(reading: _Reading) -> bool:
    return bool(reading.roles & (_DUTY | _BIND) or reading.heads & _HOPE)


def _resumes(reading: _Reading) -> bool:
    """Whether a sentence behind a judgement undertakes again: somebody must act, or it opens with an action."""
    first = reading.hits[0] if reading.hits else None
    opens = first is not None and first.head and first.clause == first.start and first.roles & (_ACT | _MANNER)
    return bool(opens) or _owes(reading)


def _judges(text: str, reading: _Reading, reader: _Reader) -> bool:
    """Whether a sentence only says how things are (我们面临新的机遇)."""
    if text.startswith(reader.lexicon.openings, reading.start):
        return True
    return bool(reading.roles & _TELL) and not _goes_on(text, reading)


def _goes_on(text: str, reading: _Reading) -> bool:
    """Whether a sentence that opens with a judgement (稳是大局) still comes to an undertaking (各县要…)."""
    tell: _Hit | None = None
    acted = -1
    for hit in reading.hits:
        roles = hit.roles
        if roles & (_DUTY | _BIND) or hit.head and roles & _HOPE:
            return True
        if tell is None:
            if roles & _TELL and text[hit.end] != "：" and not _is_goal(text, hit.start):
                if acted >= 0 and acted < hit.clause:
                    return True
                tell = hit
            elif acted < 0 and hit.head and roles & (_ACT | _FINISH):
                acted = hit.clause
        elif hit.head and hit.clause > tell.start and roles & (_ACT | _FINISH):
            return True
    return tell is None


def _is_goal(text: str, at: int) -> bool:
    """Whether 是 at `at` follows a word for a goal (主要目标是), so that it opens what is undertaken."""
    return text[at - 2 : at] in ("目标", "指标", "任务", "要求", "思路", "重点", "方针", "原则")


def _achieves(text: str, reading: _Reading, context: _Context, lexicon: _Lexicon) -> bool:
    """Whether a sentence of the review part reports something done: no thanks, judgement, promise or list's opening."""
    start, end, roles, heads = reading.start, reading.end, reading.roles, reading.heads
    if roles & _THANKS or text[end - 1] == "？" or _INTRODUCES.search(text, start, end):
        return False
    if _PROMISE.search(text, start, end):
        return False
    shown = reading.number or roles & (_PAST | _FINISH | _REACH | _STAGE | _EVENT | _COVER)
    if roles & _TELL and not shown and not _goes_on(text, reading):
        return False
    return bool(shown or heads & (_ACT | _SETTLE | _CAUSE))


def _pieces(text: str, reader: _Reader, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence cut behind each ； that parts undertakings of different things."""
    if text.find("；", start, end - 1) < 0:
        return [(start, end)]
    cuts = [match.end() for match in _SEMICOLON.finditer(text, start, end - 1) if match[0] == "；"]
    pieces: list[tuple[int, int]] = []
    at = start
    for cut in [*cuts, end]:
        own = cut - at >= _SHORT_PIECE or reader.number(at, cut) is not None or _ORDINAL.match(text, at, cut)
        if pieces and not own:
            pieces[-1] = (pieces[-1][0], cut)
        else:
            pieces.append((at, cut))
        at = cut
    return pieces


def _sentences(frame: Frame, folded: Folded, reader: _Reader) -> Iterator[tuple[Sentence, _Context]]:
    """The sentences that could undertake or report, each with what it takes over from its section and paragraph."""
    text, headings, blocks = folded.text, frame.headings, frame.blocks
    ends = {heading.span.start: heading for heading in headings}
    sentences = frame.sentences
    sections: dict[tuple[int, ...], _Section] = {}
    paragraph, fresh = -1, True
    lead: _Lead | None = None
    section_of_lead: tuple[int, ...] = ()
    headline: Span | None = None
    trouble = judged = False
    for index, sentence in enumerate(sentences):
        block = blocks[sentence.block]
        if sentence.headings not in sections:
            sections[sentence.headings] = _section(frame, sentence.headings)
        section, key, situation, goals = sections[sentence.headings]
        opening = sentence.paragraph != paragraph
        if opening:
            paragraph, fresh, headline = sentence.paragraph, True, None
            if trouble and not _ORDINAL.match(text, sentence.start, sentence.end):
                trouble = False
        if key != section_of_lead:
            lead, section_of_lead, trouble = None, key, False
        heading = ends.get(sentence.span.start)
        if heading is not None and sentence.span.end <= heading.span.end + 2:
            if heading.number is not None and heading.number[-1] in "是要" and sentence.is_lead:
                lead = _lead(lead, folded, sentence)
                fresh = False
            if not _is_item(sentences, index, ends):
                continue
        if block.part not in ("plan", "review"):
            continue
        judged = judged and not opening
        following = sentences[index + 1] if index + 1 < len(sentences) else None
        last = following is None or following.paragraph != sentence.paragraph
        if fresh:
            fresh = False
            judged = block.part == "plan" and _judges(text, reader.reading(sentence.start, sentence.end), reader)
            if sentence.is_lead and not judged:
                lead = _lead(lead, folded, sentence)
                if not _spoken(text, sentence):
                    continue
            elif lead is not None and opening:
                lead = None
        elif not last and following is not None and _bare_step(text, sentence, following):
            continue
        trouble = trouble or block.part == "review" and _any_between(reader.problems, sentence)
        if trouble and block.part == "review":
            continue
        if block.part == "review" and sentence.is_lead and not _ORDINAL.match(text, sentence.start, sentence.end):
            # Reviews string leads (工业提速。…农业稳健。…) in one paragraph; those report nothing themselves.
            reading = reader.reading(sentence.start, sentence.end)
            if not reading.heads & (_ACT | _SETTLE | _CAUSE) and not reading.roles & (_PAST | _STAGE):
                lead = _lead(None, folded, sentence)
                continue
        headline = _headline(reader, sentence) or headline
        over = headline if headline is not None else goals
        if over is not None and not _names_amounts(reader, sentence, headline):
            over = None
        task = (lead.text, lead.span) if lead is not None else None
        if judged and _resumes(reader.reading(sentence.start, sentence.end)):
            judged = False
        many = goals is not None or block.mode in ("five-year", "horizon")
        yield (
            sentence,
            _Context(
                block.part == "review", block.period, f"period/{block.mode or 'block'}", section, task, over,
                situation or judged, many,
            ),
        )


class _Section(NamedTuple):
    path: str | None
    key: tuple[int, ...]
    """The headings without 一是, 二要, so that a lead above them stays."""
    situation: bool
    goals: Span | None


def _section(frame: Frame, path: Sequence[int]) -> _Section:
    headings = [frame.headings[index] for index in path]
    steps = [heading.number is not None and heading.number[-1] in "是要" for heading in headings]
    numbers = [heading.number for heading, step in zip(headings, steps, strict=True) if heading.number and not step]
    last = headings[-1] if headings else None
    situation = last is not None and bool(_SITUATION.search(last.title))
    goals = last.span if last is not None and _GOALS.search(last.title) else None
    key = tuple(index for index, step in zip(path, steps, strict=True) if not step)
    return _Section("/".join(numbers) or None, key, situation, goals)


def _lead(above: _Lead | None, folded: Folded, sentence: Sentence) -> _Lead:
    """The lead phrase without its number; one with a number (二要…) leaves a plain one above it in place."""
    ordinal = _ORDINAL.match(folded.text, sentence.start, sentence.end)
    if ordinal and above is not None and not above.ordinal:
        return above
    start = ordinal.end() if ordinal else sentence.start
    end = sentence.end
    while end > start + 1 and folded.text[end - 1] in "。：，；:":
        end -= 1
    return _Lead(folded.quote(start, end), sentence.span, ordinal is not None)


def _spoken(text: str, sentence: Sentence) -> bool:
    """Whether a lead is a full sentence that undertakes (财政政策要适度加力), not a bare phrase (二要狠抓落实)."""
    ordinal = _ORDINAL.match(text, sentence.start, sentence.end)
    start = ordinal.end() if ordinal else sentence.start
    return bool(_SUBJECT.match(text, start, sentence.end))


def _bare_step(text: str, sentence: Sentence, following: Sentence) -> bool:
    """Whether 三要加快新区建设。 or 强化宣传。 inside a paragraph is the lead of what follows, not one of a list of such."""
    if sentence.end - sentence.start <= _TITLE_LENGTH:
        return True
    if sentence.end - sentence.start > _SHORT_LEAD or text.find("，", sentence.start, sentence.end) >= 0:
        return False
    if not _ORDINAL.match(text, sentence.start, sentence.end):
        return False
    return not _ORDINAL.match(text, following.start, following.end)


def _is_item(sentences: Sequence[Sentence], index: int, headings: dict[int, Heading]) -> bool:
    """Whether a bare line taken for a heading is an item of a list: the next is such a line of the same level too."""
    heading = headings[sentences[index].span.start]
    if heading.number is not None or index + 1 >= len(sentences) or heading.level < 2:
        return False
    following = headings.get(sentences[index + 1].span.start)
    return following is not None and following.number is None and following.level == heading.level


def _any_between(starts: Sequence[int], sentence: Sentence) -> bool:
    at = bisect_left(starts, sentence.start)
    return at < len(starts) and starts[at] < sentence.end


def _headline(reader: _Reader, sentence: Sentence) -> Span | None:
    """The words 预期目标是 where the sentence opens a list of headline targets with them."""
    at = bisect_left(reader.headlines, (sentence.start, 0))
    while at < len(reader.headlines) and reader.headlines[at][0] < sentence.end:
        start, end = reader.headlines[at]
        if reader.folded.text[end - 1] in "是为" or _HEADLINE_END.match(reader.folded.text, end, sentence.end):
            return reader.folded.span(start, end)
        at += 1
    return None


def _names_amounts(reader: _Reader, sentence: Sentence, headline: Span | None) -> bool:
    """Whether a sentence under a headline of targets belongs to it: it holds the headline, or is an amount."""
    if headline is not None and headline in sentence.span:
        return True
    number = reader.number(sentence.start, sentence.end)
    if number is None:
        return False
    reading = reader.reading(sentence.start, sentence.end)
    return not any(hit.head and hit.roles & _ACT and hit.start < number[0] for hit in reading.hits)


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


def _year(written: str) -> int:
    return int("".join(str(_DIGITS.get(letter, letter)) for letter in written))


def _plan(written: str) -> tuple[int, int] | None:
    """First and last year of a five-year plan: 十四五 → 2021, 2025. The third began three years late."""
    han = written.strip("“”")
    tens, found, ones = han.partition("十")
    count = 10 * _DIGITS.get(tens, 1 if not tens else 0) + _DIGITS.get(ones, 0) if found else _DIGITS.get(han, 0)
    if not 1 <= count <= 20:
        return None
    first = 1966 + 5 * (count - 3) if count >= 3 else 1953 + 5 * (count - 1)
    return first, first + 4


def _said(date: re.Match[str], base: str | None, block: str | None) -> str | None:
    """The period that words like 到2030年, 今后五年, 6月底前 name; null where they name none that can be told."""
    kind = date.lastgroup
    if kind in ("by", "before"):
        return str(_year(date[kind]))
    if kind == "last":
        return f"{_year(date['first'])}/{_year(date['last'])}"
    if kind == "plan":
        bounds = _plan(date["plan"].rstrip("期间时末"))
        if bounds is None:
            return None
        return str(bounds[1]) if date["plan"][-1] == "末" else f"{bounds[0]}/{bounds[1]}"
    if kind == "years" and base is not None:
        first = int(base[:4])
        return f"{first}/{first + _year(date['years']) - 1}" if date["years"] != "十" and date["years"] != "10" else f"{first}/{first + 9}"
    if block is None or len(block) != 4:
        return None
    if kind == "month":
        return f"{block}-{int(date['month']):02d}"
    if kind == "half":
        return {"上半年": f"{block}-01/{block}-06", "一季度": f"{block}-01/{block}-03"}.get(date["half"], f"{block}-07/{block}-09")
    return None
