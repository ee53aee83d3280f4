"""One indicator under many wordings: which two figures are of the same thing, and by which aspects they differ.

`identify` knows the common indicators from `lexicon/data/indicators.toml`: a concept and its scope (规上, 城镇, 市区,
新增 …), kept apart, so that nobody compares 规模以上工业增加值 with 工业增加值. What is left when the scope words are
taken out must be a name or variant of the concept, whole; anything else is no match.

`likeness` is for the long tail (新建现代化牧场). It compares aspects first: names, numbers inside names, rank, flow,
what is done to the thing, its head noun and qualifiers. Characters come last. It says what agrees and what differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import combinations
from types import MappingProxyType

import msgspec

from taizhang.fold import fold
from taizhang.lexicon import alternation, units
from taizhang.lexicon.indicators import Direction, indicators, scopes, works
from taizhang.model import Measure


class Identity(msgspec.Struct, frozen=True):
    """What is measured, and of which part of it."""

    concept: str
    scope: tuple[str, ...]
    """Names of `[scope]` entries, sorted."""
    direction: Direction | None = None
    """Which way is better; null where neither is, or nobody can say."""

    @property
    def key(self) -> str:
        """Canonical key: the concept, and its scope behind a bar (居民人均可支配收入|城镇)."""
        return "|".join((self.concept, *self.scope))

    def axis(self, name: str) -> str | None:
        """The scope on one axis (flow, size, residence, area, rank, price, basis, work, kind), if any."""
        return next((scope for scope in self.scope if scopes()[scope].axis == name), None)

    def differing(self, other: Identity) -> tuple[str, ...]:
        """Axes on which the scopes are not the same."""
        names = {scopes()[scope].axis for scope in (*self.scope, *other.scope)}
        return tuple(sorted(name for name in names if self.axis(name) != other.axis(name)))


class Likeness(msgspec.Struct, frozen=True):
    """How alike two wordings are, and why. `same` is only said where nothing that matters differs."""

    score: float
    """0 to 1; 1 is the same core and no aspect that differs."""
    agree: tuple[str, ...]
    """Aspects that agree, as `aspect:value`."""
    differ: tuple[str, ...]
    """Aspects that differ, as `aspect:one≠other`; an empty side means that it does not say."""
    left: str = ""
    """Qualifying words that only the first has."""
    right: str = ""
    """Qualifying words that only the second has."""

    @property
    def same(self) -> bool:
        return self.score >= SAME and not self.differ


SAME = 0.9

_BRACKETS = re.compile(r"[（(][^（()）]*[)）]")
_NOTES = re.compile(r"\^?\[[0-9]+\]|〔[0-9]+〕|[①-⑳]")
_HEAD = re.compile(
    r"^(?:但(?=[^书])|前(?=改造|新建|建成|完成|建设|实现|开工|栽植|启动|要|全面|力争)|全市|全省|全县|全区|全旗|全州|全盟|全国|我市|我省|我县|我区|我国|全年|年内|当年|中央提出今年|提出|今年|也要|(?:也|要|还)*再(?=减少|新增|增加|建设|解决|压减|开工|取消|完成|降低|新建|改造)|其中|力争|确保|预计|实现|完成|达到|保持|结转|的|，|：)+"
)
_TAIL = re.compile(
    r"(?:(?:提高|增加|扩大|上升|增长|提升)[到至]人均|(?:提高|增加|扩大|上升|提升)[到至]|增至|分别|达到|完成|实现|预计|平均|增速|增幅|降幅|增长目标|增长|预期目标|预期|全年|的|，|、|：)+$"
)
# 新的三年X攻坚计划开工: under which programme a thing is done says nothing of the thing.
_PROGRAMME = re.compile(
    r"^(?:启动|实施|推进|落实)?(?:新的|新一轮)?[一二三四五两](?:年)(?P<thing>[^，。；]{2,10}?)(?:攻坚|提升|专项)?(?:行动)?(?:计划|行动)(?=.)"
)


@lru_cache(maxsize=65536)
def clean(indicator: str) -> str:
    """The wording without brackets, place words, time words and hedges at its ends; folded."""
    text = _NOTES.sub("", fold(indicator).text.replace("\n", "").replace(" ", ""))
    text = _TAIL.sub("", _HEAD.sub("", text))
    return _PROGRAMME.sub(r"\g<thing>", text)


@cache
def _names() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Wording → concept and the scope that the wording itself settles."""
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for name, entry in indicators().items():
        for wording in (name, *entry.variants):
            found[wording] = (name, ())
        for wording, given in entry.scoped.items():
            found[wording] = (name, given)
    # 经济增长5% is of the product; as a wording to look for in a text it would be in every sentence.
    found["经济"] = ("地区生产总值", ())
    return MappingProxyType(found)


@cache
def _scope_pattern() -> tuple[re.Pattern[str], Mapping[str, str]]:
    owner = {word: name for name, scope in scopes().items() for word in scope.words}
    return re.compile(alternation(owner)), MappingProxyType(owner)


def _scope_words(text: str) -> list[tuple[int, int, str]]:
    pattern, owner = _scope_pattern()
    found = []
    for match in pattern.finditer(text):
        name = owner[match[0]]
        scope = scopes()[name]
        if text.startswith(scope.not_before, match.end()) if scope.not_before else False:
            continue
        if scope.not_behind and text[: match.start()].endswith(scope.not_behind):
            continue
        found.append((match.start(), match.end(), name))
    return found


def identify(indicator: str, unit: str, measure: Measure) -> Identity | None:
    """The identity of a common indicator, or null where the word list does not know it for certain.

    The unit of a level must be of a dimension that the concept has: 粮食产量 in 元 is something else.
    """
    found = _identify(indicator)
    if found is None:
        return None
    entry = indicators()[found.concept]
    known = units().get(unit)
    if measure == "level" and entry.dimension and known is not None and not fits(known.dimension, entry.dimension):
        return None
    return found


_COUNTS = frozenset({"count", "household", "people"})


def fits(dimension: str, wanted: Iterable[str]) -> bool:
    """Whether a dimension is one of those wanted. Things counted have many counting words, 户 and 名 among them."""
    wanted = tuple(wanted)
    return dimension in wanted or (dimension in _COUNTS and any(each in _COUNTS for each in wanted))


@lru_cache(maxsize=65536)
def _identify(indicator: str) -> Identity | None:
    text = clean(indicator)
    for variant in dict.fromkeys((text, _BRACKETS.sub("", text))):
        found = _in_words(variant, text)
        if found is not None:
            return found
    return None


def _in_words(text: str, whole: str) -> Identity | None:
    if not text:
        return None
    marks = _scope_words(text)[:5]
    beside = {name for _, _, name in _scope_words("".join(_BRACKETS.findall(whole)))}
    found = ((chosen, _rest(text, chosen)) for count in range(len(marks) + 1) for chosen in combinations(marks, count))
    left = list(found)
    # As it stands first; only then without a verb (建设公租房), unless that verb is a scope (新建), or without 任务.
    bare = [(chosen, _MADE_AT_HEAD.sub("", rest)) for chosen, rest in left]
    for chosen, rest in (*left, *bare, *((chosen, _FILLER_AT_TAIL.sub("", rest)) for chosen, rest in (*left, *bare))):
        known = _names().get(rest)
        if known is not None:
            concept, settled = known
            scope = {*settled, *(name for _, _, name in chosen), *beside}
            return Identity(concept, tuple(sorted(scope)), indicators()[concept].direction)
    return None


def unscoped(indicator: str) -> tuple[str, tuple[str, ...]]:
    """The wording without its scope words, and the scopes they name: what a wording of a concept is listed as."""
    text = _BRACKETS.sub("", clean(indicator))
    marks = _scope_words(text)
    return _rest(text, marks), tuple(sorted({name for _, _, name in marks}))


def _rest(text: str, chosen: Iterable[tuple[int, int, str]]) -> str:
    """The wording without the chosen scope words."""
    left, at = [], 0
    for start, end, _ in chosen:
        left.append(text[at:start])
        at = end
    return _TAIL.sub("", _HEAD.sub("", "".join((*left, text[at:]))))


# ---- likeness -------------------------------------------------------------------------------------------------------

_QUOTED = re.compile(r"[“《‘]([^”》’]{1,16})[”》’]")
_INNER = re.compile(r"[0-9][0-9.]*[%万亿]?[A-Za-z]*|[A-Za-z][A-Za-z0-9.+-]*")
_RANK = re.compile("国家级?|世界级|部级|省级|省定|省部级|市级|市定|市以上|县级|乡级|村级|省市|自治区级|区级")
_ABOVE = re.compile(r"^(?:及)?以上")
_FLOW = {
    "新增": "新增",
    "净增": "净增",
    "新认定": "新增",
    "新登记": "新增",
    "累计": "累计",
    "总数": "总数",
    "总量": "总数",
    "年均": "年均",
}
_WORK_OF = {word: group for group, entry in works().items() for word in entry.words}
_SCOPING = {word for scope in scopes().values() for word in scope.words}
_MADE_AT_HEAD = re.compile(
    f"^(?:{alternation(w for name in ('make', 'any') for w in works()[name].words if w not in _SCOPING)})"
)
_FILLER_AT_TAIL = re.compile("(?:任务|工程|工作|金额|数量)$")
_WORK_AT_HEAD = re.compile(f"^(?:(?:{alternation(_WORK_OF)})[、和]?|新增|净增|累计|全部|各类|一批|力争|实现|继续|的)+")
# 建材通道确保上半年建成通车: by when, and how surely, is no part of the name.
_BY_WHEN = (
    "确保|力争|年内|今年|年底前?|[上下]半年|[一二三四]季度|[0-9]{1,2}月(?:底|份)?前?|如期|按时|按期|顺利|早日|尽快|实现|主体"
    "|全线"
)
_WORK_AT_TAIL = re.compile(
    rf"(?:(?:{alternation(_WORK_OF)})|{_BY_WHEN}|(?<=[\u4e00-\u9fff]{{3}})水平|的?(?:日常)?监管|(?:试点)?范围|等|重点|开发|项目|工程|任务|工作|面积|数量|总数|总量|数|总规模|规模|试点|建设|全部|顺利|年内|总|个数|里程|长度|(?<![员名余税定])额)+$"
)
_WORK_WORD = re.compile(alternation(_WORK_OF))
_PUNCTUATION = re.compile(r"[，。、：；“”‘’《》（）()\[\]·—\-…/ ]+")
# What kind of figure a long-tail indicator is: two kinds are two figures, however alike the rest.
_FACET = re.compile(
    r"(完成投资|计划投资|总投资|投资额|投资)$|(产值|总产值)$|(增加值)$|(产量|总产)$|(收入)$|(利润)$|(面积)$|(能力)$|(覆盖率|率|比例|比重|占比|占)$|"
    r"(人数|人次)$|(户数)$|(资金|贷款|补贴|补助)$|(里程)$"
)
_FACET_NAMES = (
    "投资", "产值", "增加值", "产量", "收入", "利润", "面积", "能力", "率", "人数", "户数", "资金", "里程",
)  # fmt: skip
_SILENT = frozenset({"面积", "人数", "户数", "里程"})  # the unit says it already


class Aspects(msgspec.Struct, frozen=True):
    """A wording taken apart."""

    core: str
    """What is left: qualifiers and head noun, without verbs, scope, names of facets and filler."""
    facet: str
    work: frozenset[str]
    scope: tuple[tuple[str, str], ...]
    names: frozenset[str]


@lru_cache(maxsize=65536)
def aspects(indicator: str) -> Aspects:
    """Take a wording apart into the aspects that `likeness` compares."""
    text = _BRACKETS.sub("", clean(indicator)) or clean(indicator)
    if text.startswith("增加") and not text.startswith("增加值"):
        text = f"新增{text[2:]}"  # 增加沼气用户
    names = frozenset(match[1] for match in _QUOTED.finditer(text)) | frozenset(
        match[0] for match in _INNER.finditer(_QUOTED.sub("", text))
    )
    found = [(scopes()[name].axis, name) for _, _, name in _scope_words(text)]
    ranks = [(match.end(), match[0]) for match in _RANK.finditer(text)]
    rank = ""
    if ranks and not any(axis == "rank" for axis, _ in found):
        end, word = ranks[0]
        rank = word + (_ABOVE.match(text[end:]) or [""])[0]
        found.append(("rank", rank))
    plain = text
    for start, end, name in reversed(_scope_words(text)):
        if scopes()[name].axis in ("flow", "rank", "price", "basis", "size"):
            plain = plain[:start] + plain[end:]
    if rank:
        plain = plain.replace(rank, "", 1)
    facet = ""
    stripped = plain
    for _ in range(3):
        match = _FACET.search(stripped)
        if match and match.lastindex:
            name = _FACET_NAMES[match.lastindex - 1]
            if not facet and name not in _SILENT:
                facet = name
            if len(stripped) - len(match[0]) < 2:
                break
            stripped = stripped[: match.start()]
        shorter = _WORK_AT_TAIL.sub("", stripped)
        if shorter == stripped or len(_WORK_AT_HEAD.sub("", shorter)) < 2:
            break
        stripped = shorter
    work = frozenset(_WORK_OF[match[0]] for match in _WORK_WORD.finditer(plain)) - {"any"}
    core = _WORK_AT_HEAD.sub("", stripped)
    if len(core) < 2:
        core = stripped
    if core.endswith("道路") and len(core) >= 4:
        core = core.removesuffix("道路") + "路"
    if core.startswith("年产") and len(core) >= 4:
        core, facet = core[2:], facet or "产量"
    return Aspects(_PUNCTUATION.sub("", core), facet, work, tuple(sorted(set(found))), names)


@lru_cache(maxsize=65536)
def thing(indicator: str) -> str:
    """The wording as one would look for it in another text: without verbs at its head and filler at its end."""
    text = _BRACKETS.sub("", clean(indicator)) or clean(indicator)
    short = _WORK_AT_HEAD.sub("", text)
    short = _WORK_AT_TAIL.sub("", short) if len(_WORK_AT_TAIL.sub("", short)) >= 3 else short
    return short if len(short) >= 2 else text


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)} or {text}


def likeness(a: str, b: str) -> Likeness:
    """Compare two wordings of the long tail, aspects first. Symmetric but for which side is left and right."""
    one, other = aspects(a), aspects(b)
    agree: list[str] = []
    differ: list[str] = []

    def note(aspect: str, mine: str, theirs: str) -> None:
        if mine == theirs:
            if mine:
                agree.append(f"{aspect}:{mine}")
        else:
            differ.append(f"{aspect}:{mine}≠{theirs}")

    mine, theirs = dict(one.scope), dict(other.scope)
    for axis in sorted({*mine, *theirs}):
        if axis == "work":
            continue
        note(axis, mine.get(axis, ""), theirs.get(axis, ""))
    note("facet", one.facet, other.facet)
    if (one.work and other.work and not one.work & other.work) or ("train" in one.work) != ("train" in other.work):
        note("work", "/".join(sorted(one.work)), "/".join(sorted(other.work)))
    elif one.work & other.work:
        agree.append(f"work:{'/'.join(sorted(one.work & other.work))}")
    if one.names and other.names and not one.names & other.names:
        note("name", "、".join(sorted(one.names)), "、".join(sorted(other.names)))
    elif one.names & other.names:
        agree.append(f"name:{'、'.join(sorted(one.names & other.names))}")
    left, right, score = _cores(one.core, other.core)
    if score < 0.7 and (_JOINER.search(a) or _JOINER.search(b)):
        left, right, score = _pieces(a, b)
    note("core", one.core, other.core) if score == 1 else None
    return Likeness(round(score, 3), tuple(agree), tuple(differ), left, right)


_JOINER = re.compile("[、和及与]")


def _pieces(a: str, b: str) -> tuple[str, str, float]:
    """Two wordings of which one names several things: the two pieces most alike, and what is joined to them."""
    best = ("", "", 0.0)
    for mine in _JOINER.split(a):
        for theirs in _JOINER.split(b):
            if len(mine) < 2 or len(theirs) < 2 or "项目" in (aspects(mine).core, aspects(theirs).core):
                continue  # 签约项目 is no piece of 省、市重点项目
            left, right, score = _cores(aspects(mine).core, aspects(theirs).core)
            rest = a.replace(mine, "", 1), b.replace(theirs, "", 1)
            if score > best[2]:
                best = left + rest[0], right + rest[1], min(score, 0.8)
    return best if best[2] >= 0.7 else ("", "", 0.0)


_PHASE = re.compile("[一二三四五首]期$")


def _cores(one: str, other: str) -> tuple[str, str, float]:
    """Words that only one core has, and how alike the two are: containing with the same head counts most."""
    if one == other:
        return "", "", 1.0
    if not one or not other:
        return one, other, 0.0
    short, long = sorted((one, other), key=len)
    phase = _PHASE.search(long)
    if phase and not _PHASE.search(short) and len(long) - 2 >= len(short):
        # The first part of a thing (X一期) against the thing: the phase is what the other lacks.
        left, right, score = _cores(*((one, other[:-2]) if long is other else (one[:-2], other)))
        kept = phase[0]
        return (left, right + kept, min(score, 0.85)) if long is other else (left + kept, right, min(score, 0.85))
    extra = _left_over(short, long)
    if extra is not None and len(short) >= 2:
        # The same head noun with words before it, or the same words in order with more between them.
        head = 0.85 if long.endswith(short) or long.endswith(short[-2:]) else 0.6
        # Two letters inside a longer word (示范 in 智慧农业示范区) are no thing; as its head noun (大棚) they are.
        score = head if len(short) > 2 else 0.7 if long.endswith(short) else 0.4
        return (extra, "", score) if long == one else ("", extra, score)
    shared = _pairs(one) & _pairs(other)
    dice = 2 * len(shared) / (len(_pairs(one)) + len(_pairs(other)))
    if one[-2:] != other[-2:]:
        dice *= 0.7
    return _only(one, other), _only(other, one), min(dice, 0.8)


def _left_over(short: str, long: str) -> str | None:
    """What `long` has besides the characters of `short` in order, if they stand in at most two runs."""
    at = long.find(short)
    if at >= 0:
        return long[:at] + long[at + len(short) :]
    least = 2 if len(short) == 4 else 3
    for cut in range(least, len(short) - least + 1):
        first, second = short[:cut], short[cut:]
        start = long.find(first)
        if start < 0:
            continue
        behind = long.find(second, start + cut)
        if behind >= 0:
            return long[:start] + long[start + cut : behind] + long[behind + len(second) :]
    return None


def _only(one: str, other: str) -> str:
    return "".join(letter for letter in one if letter not in other)
