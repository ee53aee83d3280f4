"""The cue words of `lexicon/data/commitment.toml` in a text, and what those of one sentence say together.

One search finds them all; the longest at a place wins. What a word says depends on where it stands: at the head of a
clause it is what the sentence does, elsewhere it is part of a name. A clause's head is reached through numbering,
adverbs and helpers, so 加强 counts in 二要切实加强管护 and not in 管护的加强.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal, NamedTuple, get_args

import ahocorasick_rs
import msgspec

from taizhang.errors import LexiconError
from taizhang.lexicon.entries import load

Role = Literal[
    "bind", "finish", "reach", "cause", "hope", "seek", "manner", "act", "duty", "headline", "tell", "verdict", "past",
    "stage", "event", "settle", "widen", "extent", "cover", "bottom", "problem", "thanks", "shield",
    "aside", "opening", "doer",
]  # fmt: skip
"""What a cue word can be; `commitment.toml` says what each means."""


class Cue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of `commitment.toml`: words with one role, sentences where the role decides, near misses."""

    role: Role
    words: tuple[str, ...]
    examples: tuple[str, ...]
    rejects: tuple[str, ...] = ()


class _CueFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    cue: tuple[Cue, ...]


FLAGS: Final[dict[str, int]] = {role: 0 if role == "shield" else 1 << at for at, role in enumerate(get_args(Role))}
"""One bit for each role, so that roles of a word, a clause or a sentence are one number."""

BIND, FINISH, REACH, CAUSE, HOPE, SEEK, MANNER, ACT, DUTY, HEADLINE, TELL, VERDICT, PAST = (1 << at for at in range(13))
STAGE, EVENT, SETTLE, WIDEN, EXTENT, COVER, BOTTOM, PROBLEM, THANKS = (1 << at for at in range(13, 22))
DOING: Final = ACT | MANNER | FINISH | REACH | SEEK | CAUSE | SETTLE | STAGE
"""At a clause's head each of these says that something is done."""

# Behind these a clause's head goes on: 要 | 努力 | 切实 | 加强.
_OPENERS = BIND | HOPE | DUTY
# Roles of whole sentences or clauses, asked for by `startswith`, not searched for.
_STARTS = ("aside", "opening", "doer")


def load_cues() -> tuple[Cue, ...]:
    """The entries of `commitment.toml`, checked; `LexiconError` says which entry and key is wrong."""
    try:
        return msgspec.convert(load("commitment.toml"), _CueFile).cue
    except msgspec.ValidationError as error:
        raise LexiconError(f"commitment.toml：{error}", f"commitment.toml: {error}") from error


class Lexicon(NamedTuple):
    """The cue words ready for searching: word `n` is `words[n]` and has the roles `flags[n]`."""

    search: ahocorasick_rs.AhoCorasick
    words: list[str]
    flags: list[int]
    asides: tuple[str, ...]
    openings: tuple[str, ...]
    doers: tuple[str, ...]
    shall: int
    """Number of the word 将, which means 把 as often."""


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The cue words, loaded once."""
    flags: dict[str, int] = {}
    starts: dict[str, list[str]] = {role: [] for role in _STARTS}
    for cue in load_cues():
        if cue.role in starts:
            starts[cue.role].extend(cue.words)
            continue
        for word in cue.words:
            flags[word] = flags.get(word, 0) | FLAGS[cue.role]
    for word, roles in flags.items():
        if roles & (SETTLE | WIDEN):
            flags[word] = roles | ACT
    words = list(flags)
    search = ahocorasick_rs.AhoCorasick(words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    asides, openings, doers = (tuple(starts[role]) for role in _STARTS)
    return Lexicon(search, words, list(flags.values()), asides, openings, doers, words.index("将"))


# Numbers that could be checked: no years, names (5G, “14315”), hotlines, ages, attributes (20亿元的项目), or thresholds
# before a noun (500人以上行政村). It begins with one class of characters because `re` skips fast to such a class.
_HAN = "零〇一二三四五六七八九十百千万亿点两"
_NUMBER = re.compile(
    rf"[0-9翻{_HAN}](?:"
    r"(?<=[0-9])(?<![0-9A-Za-z.,+“《第—][0-9])(?!(?<=1)23[0-9]{2}(?![0-9]))[0-9.,]*"
    r"(?![0-9.,]|[）〕\]]|年(?!。)|月|日|号|届|版|G(?!W)|\+|周?岁(?!。)|[一二三四五六七八九十]|个方面)"
    r"(?![^，。；、]{0,5}(?:以上|以下)的?(?![实总左增的])[\u4e00-\u9fff])(?![^，。；、]{0,6}[元里米亩吨瓦人]的)"
    rf"|(?<=百)分之[{_HAN}]+"
    rf"|(?<![第翻{_HAN}][翻{_HAN}])(?<=[{_HAN}])[{_HAN}]+[多余几]?"
    r"(?:吨|元|公斤|斤|亩|公里|千瓦|平方米|立方米|人次|公顷|美元|辆|户|所|套|倍|台)"
    r"|(?<=翻)[一两二]番)"
)
# A size that only names the thing (7万吨锌基合金项目), unless a verb stands right before it.
_CAPACITY = re.compile(
    "[百千万亿]{0,2}(?:吨|千瓦|千伏|伏|兆瓦|平方米|立方米|亩)(?![以左的余多，、。；和])[\u4e00-\u9fff]"
)
_CLAUSE_MARK = re.compile("[，。；：！？\n]")
ORDINAL: Final = re.compile(
    r"[一二三四五六七八九十]{1,2}(?:是要?|要|、)|第[一二三四五六七八九十]{1,2}[，、]?(?:是要?|要)?"
    r"|（[一二三四五六七八九十0-9]{1,2}）、?|[0-9]{1,2}[.、]|[①-⑳]|[另再]?一方面要?|首先[，要]?|其次[，要]?"
)
"""The number or step word that a sentence opens with."""


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A cue word in a sentence. Outside the garbage collector: a million characters have a hundred thousand hits."""

    word: int
    roles: int
    start: int
    end: int
    head: bool
    """Whether it stands at its clause's head."""
    clause: int
    """Where its clause begins, behind any numbering."""


class Reading(msgspec.Struct, frozen=True, gc=False):
    """What the cues of one stretch of folded text say together."""

    start: int
    end: int
    roles: int
    heads: int
    """Roles that stand at the head of some clause."""
    hits: list[Hit]
    number: tuple[int, int] | None
    """The first number that the stretch itself undertakes or reports."""
    grows: bool
    """Whether it says that something changes: 功能显著提升, 格局更加完善."""

    @property
    def owed(self) -> bool:
        """Whether somebody is to do something: 要, 必须, or 力争 as a clause's own verb."""
        return bool(self.roles & (DUTY | BIND) or self.heads & HOPE)


class CueIndex:
    """Every cue word and every number of one folded text that could be checked, found once.

    `described` lists folded stretches whose numbers only describe something else (statements of kind `context`).
    """

    def __init__(self, text: str, described: Sequence[tuple[int, int]] = ()) -> None:
        self.text = text
        self.lexicon = lexicon()
        self._hits = self.lexicon.search.find_matches_as_indexes(text)
        self._starts = [hit[1] for hit in self._hits]
        self._marks = [match.start() for match in _CLAUSE_MARK.finditer(text)]
        self._marks.append(len(text))
        self._numbers = [span for match in _NUMBER.finditer(text) if self._counts(span := match.span(), described)]

    def positions(self, *roles: int) -> list[list[tuple[int, int]]]:
        """For each role where its words stand, whatever their clause."""
        flags, union = self.lexicon.flags, sum(roles)
        hits = [hit for hit in self._hits if flags[hit[0]] & union]
        return [[(start, end) for word, start, end in hits if flags[word] & role] for role in roles]

    def number(self, start: int, end: int) -> tuple[int, int] | None:
        """The first number in a stretch that is no description."""
        at = bisect_left(self._numbers, (start, 0))
        return self._numbers[at] if at < len(self._numbers) and self._numbers[at][0] < end else None

    def _counts(self, number: tuple[int, int], described: Sequence[tuple[int, int]]) -> bool:
        """Whether a number is the sentence's own: not in a name, not behind 按照 or in 以…为, not said to describe."""
        text, (start, end) = self.text, number
        if _CAPACITY.match(text, end) and not self._ends_verb(start):
            return False
        at = bisect_left(self._marks, start)
        clause = self._marks[at - 1] + 1 if at else 0
        if text.startswith(self.lexicon.asides, clause):
            return False
        if text.startswith("以", clause) and text.find("为", end, self._marks[at]) >= 0:
            return False
        if not described:
            return True
        at = bisect_left(described, (start + 1, 0)) - 1
        return at < 0 or described[at][1] <= start

    def _ends_verb(self, at: int) -> bool:
        before = bisect_left(self._starts, at) - 1
        return before >= 0 and self._hits[before][2] == at

    def read(self, start: int, end: int) -> Reading:
        """The cues of folded `start:end`, each with the clause it stands in and whether it heads it."""
        hits, flags, shall, marks = self._hits, self.lexicon.flags, self.lexicon.shall, self._marks
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end, first)
        ordinal = ORDINAL.match(self.text, start, end)
        clause = edge = ordinal.end() if ordinal else start
        mark = bisect_left(marks, edge)
        roles = heads = 0
        grows = False
        manner = -1
        found: list[Hit] = []
        for index in range(first, last):
            word, at, stop = hits[index]
            while marks[mark] < at:
                clause = marks[mark] + 1
                mark += 1
            head = at in (edge, clause)
            mask = flags[word]
            if word == shall and (index + 1 >= last or hits[index + 1][1] != stop):
                mask = 0  # 将我县列为试点: 把, not shall
            if not mask:
                if head:
                    edge = stop
                continue
            roles |= mask
            if head:
                heads |= mask
                if not mask & TELL:
                    edge = stop
            elif mask & _OPENERS:
                edge = stop
            if mask & MANNER:
                manner = stop
            elif at == manner and mask & (ACT | REACH):
                grows = True
            found.append(Hit(word, mask, at, stop, head, clause))
        return Reading(start, end, roles, heads, found, self.number(start, end), grows)
