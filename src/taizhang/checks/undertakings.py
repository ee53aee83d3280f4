"""What became of what was undertaken without a number: 滨河大桥建成通车, 出台招商引资办法, 创建国家园林县城.

A clause of the plan that promises an end (data: `[promise]` of `outcomes.toml`) gives one line for each thing that it
names. The later report answers where a clause of its review names that thing and says the end of it; where the thing
is only named, that is shown; where nothing like it stands anywhere, the words searched and the nearest passage are.
Words are weaker evidence than a figure, and nothing here is called met or missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

from taizhang.checks.match import Surroundings, inside, tells
from taizhang.checks.order import common_year, in_order
from taizhang.fold import fold
from taizhang.ledger.identity import aspects
from taizhang.lexicon import alternation
from taizhang.lexicon.outcomes import promises, said, stages
from taizhang.model import Commitment, Echo, Heard, Report, Side, Span

RULE = "undertakings/1"

_CUT = re.compile(r"[，,；;。！：:\n]")
_WHEN = (
    "今年|年内|年底前?|[上下]半年|[一二三四]季度|[0-9]{1,2}月(?:底|份|初|中旬|上旬|下旬)?(?:之?前)?|[元七八九十]月(?:底|份)?前?|五一|国庆前?|汛期前|春节前|暑期|"
    "早日|尽快|尽早|按期|如期|按时|及早"
)
_HEAD = re.compile(
    f"^(?:{_WHEN}|[一二三四五六七八九十]+(?:是|要)|我[省市县区旗国]|全[省市县区]|省市县|同时|特别是|尤其是|其中|以及|和|及|并|要|将|使|让|对|把|以|继续|确保|力争|争取|努力|力促|力推|促进|推动|推进|加快|加速|抓紧|积极|大力|全力|全面|扎实|深入|持续|统筹|协调|"
    "支持|保障|督促|做好|抓好|实施|实现|切实|尽力|必须|高标准|高质量|高水平|高起点|新建|新开工|重点|完善|优化|落实|进一步|逐步|适时|探索|参与|配合|协助|研究)+"
)
_TAIL = re.compile(
    f"(?:{_WHEN}|全部|全线|全面|基本|正式|同步|陆续|相继|顺利|实现|能够|力争|确保|争取|要|均|都|也|并|已|建设|项目建设|工程建设|工程|项目|改造工程|的|主体|主体工程|、|和|及|与|前期|实质性|投资|完善|工作|任务)+$"
)
_ETC = re.compile("等.*$")
_OF_ALL = re.compile(
    "^等(?:一批|重点|重大|系列|各类|若干|[0-9一二三四五六七八九十两多]+[个条项座所]|项目|工程|建设|设施|道路|活动|展会|赛事|工作|景区|酒店|园区|公园|学校|医院|企业|平台|任务|[省市县]级|国家级|品牌|体育|优秀|冰雪|交通|基础|上下游|产业链?"
    "|主体|施工|新建|翻修|和|的|改造|改扩建|标志性|疏解|民生|城建|水利|能源|文化|旅游|商业|配套|高端|峰会|论坛|实现|全部|早日|尽早|尽快|按期|如期|顺利|年底前|年内|全面|相继|陆续|正式)*(?P<own>.*)$"
)
_SOME = re.compile("一批|各类|各级|各项|有关|相关|一系列|若干|多个|更多|所有|这些|那些|其他|部分|符合条件")
# What has no end that one could see, whatever verb stands before it.
# Said of whom or on what ground, not of what is to be done; or only wished for.
_NO_PROMISE = re.compile(
    "^(?:对|以|在|为了?|按照|按|围绕|根据|随着|如果|凡|待|由于|通过|随)|需要|为抓手|为契机|为目标|为重点|为载体|应当|的县|的企业|的地方"
)
_NUMBERED = re.compile("[0-9一二三四五六七八九十两百千多]+(?:个|家|项|座|条|处|所|%|公里|万|亿|栋|类|批|件|场|户|支)")
_BROKEN = re.compile(
    "^[0-9]+[年月]|五规划重点$|大业$|^(?:[一二三四首]期|[”’）)]|出|过|型|推行|落实)|(?:前|后|时|中|上|下|和.{1,2})$"
)
_NO_END = re.compile(
    "(?:小康社会|社会主义|现代化|任务|目标|体系|格局|机制|环境|水平|能力|局面|作风|事业|社会|国家|强国|强省|强市|强县|经济|文明|制度|工作|问题|使命|职责|改革|转型|升级|发展|合作|服务|市场|家园|高地|名片|模式|结构|氛围|基础|链条|生态|规模"
    "|优势|条件|防线|屏障|人民|群众|企业|农民|职工|教育|医疗|就业|保障|管理|监管|治理|形象|质量|安全|活动|功能|关系|责任|方式|行动|产业|产业链|品质|特色|计划|指标|大关|收官|十[一二三四五]五)$"
)
_GENERIC = re.compile(
    "(?:污水处理厂|垃圾处理厂|幼儿园|卫生院|体育馆|图书馆|文化馆|停车场|变电站|回迁房|安置区|棚户区|老旧小区|高速公路|铁路|三年行动|行动计划|高质量|一体化|标准化|现代化|综合|创新|发展|服务|具体|优惠|配套|相关|监督管理|实施|管理|政策|措施"
    "|核准|医院|产业|企业|经济|社会|文化|旅游|农业|农村|生态|城市|城镇|教育|医疗|卫生|健康|工业|科技|数字|信息|安全|项目|工程|建设|改造|提升|中心|基地|园区|产业园|公园|学校|医院|道路|公路|大桥|广场|平台|示范区|示范|国家级?|省级|市级|县级|全国|全省|全市|全县|规划|方案|办法|条例|意见|体系|设施|街道|社区|小区|厂|站|馆|路|街|桥|楼|区|县|市|省)"
)
_QUOTES = re.compile("[“”‘’]")


class _Promised(NamedTuple):
    """One thing that one clause undertakes."""

    thing: str
    """As it is looked for: without quotation marks, and without the name of the report's own place."""
    kind: str
    clause: str
    span: Span
    commitment: Commitment
    sentence: str


def undertakings(earlier: Report, later: Report) -> list[Echo]:
    """What the later report says of every thing that the earlier undertook for the year without a number, in order.

    Raises `CheckError` where the two cannot be compared.
    """
    year = common_year(earlier, later)
    after = _Later(later)
    found: list[Echo] = []
    seen: set[tuple[str, str]] = set()
    for item in _promised(earlier, year):
        if (item.thing, item.kind) not in seen:
            seen.add((item.thing, item.kind))
            found.append(_echo(item, earlier, after))
    return sorted(found, key=lambda each: (each.span, each.text.find(each.thing)))


def undertakings_over(reports: Iterable[Report]) -> list[Echo]:
    """The same over any number of reports of one place, given in any order, pair by pair of neighbouring years."""
    return [echo for earlier, later in pairwise(in_order(reports)) for echo in undertakings(earlier, later)]


# -- what is undertaken


def _promised(report: Report, year: str) -> Iterator[_Promised]:
    """Every thing with an end that the plan names for the year, where no number of its own is set for it."""
    aims = [item.span for item in report.statements if item.kind == "target"]
    for commitment in report.commitments:
        if commitment.done or not commitment.verifiable or commitment.period is None:
            continue
        if commitment.period != year and not inside(commitment.period, year):
            continue
        source = report.document.slice(commitment.span)
        text = fold(source).text
        for clause, start, end in _clauses(text):
            if _NO_PROMISE.search(clause):
                continue
            span = _placed(source, clause, text, start, end, commitment.span)
            if any(span.overlaps(aim) for aim in aims):
                continue
            for kind, things in _read(clause):
                for thing in things:
                    home = report.frame.place or ""
                    if home and home != "全国" and thing.startswith(home) and len(thing) >= len(home) + 4:
                        thing = thing.removeprefix(home)
                    yield _Promised(thing, kind, clause, span, commitment, text)


def _clauses(text: str) -> list[tuple[str, int, int]]:
    found, at = [], 0
    for cut in _CUT.finditer(text):
        found.append((text[at : cut.start()], at, cut.start()))
        at = cut.end()
    found.append((text[at:], at, len(text)))
    return [(clause, start, end) for clause, start, end in found if len(clause) >= 5]


def _placed(source: str, clause: str, text: str, start: int, end: int, whole: Span) -> Span:
    """A folded clause in the source; the whole commitment where folding has changed its letters."""
    at = source.find(clause, max(0, start - 2))
    if at < 0:
        at = source.find(clause)
    return whole if at < 0 else Span(whole.start + at, whole.start + at + len(clause))


@cache
def _behind() -> re.Pattern[str]:
    owner = {word: name for name, entry in promises().items() for word in entry.behind}
    return re.compile(f"(?P<word>{alternation(owner)})$")


@cache
def _before() -> re.Pattern[str]:
    owner = {word for entry in promises().values() for word in entry.before}
    return re.compile(f"^(?P<word>{alternation(owner)})(?=[^率度后前以时])")


def _kind(word: str, side: str) -> str:
    return next(name for name, entry in promises().items() if word in getattr(entry, side))


def _read(clause: str) -> Iterator[tuple[str, list[str]]]:
    """The kind of promise that a clause makes, and the things that it makes it of."""
    bare = _END.sub("", clause)
    behind = _behind().search(bare)
    if behind is not None:
        rest = bare[: behind.start()]
        kind = _kind(behind["word"], "behind")
        verb = _before().match(_HEAD.sub("", rest))
        if verb is not None and kind != _kind(verb["word"], "before") and not verb["word"].startswith("完成"):
            return  # 出台甲办法、乙项目开工: two promises in one clause
        things = list(_things(rest if verb is None else _HEAD.sub("", rest)[verb.end() :], kind))
        if things:
            yield kind, things
        return
    rest = _HEAD.sub("", bare)
    verb = _before().match(rest)
    if verb is None:
        return
    kind = _kind(verb["word"], "before")
    things = list(_things(rest[verb.end() :], kind))
    if things:
        yield kind, things


_END = re.compile(f"(?:{_WHEN}|工作|任务)+$")
_MIXED = re.compile(
    "(?:建成|完成|开工|启动|推进|加快|实施|通车|投用|投产|竣工|完工|谋划|争取|出台|提升|提高|打造|加强|强化|推动|促进|确保|扩大|深化|健全|表扬|要)"
)


def _things(rest: str, kind: str) -> Iterator[str]:
    """The things that a stretch names, without when and how; none where it is vague or says more than names."""
    listed = _ETC.sub("", rest).replace("”“", "”、“").replace("》《", "》、《")
    listed = _HEAD.sub("", listed)
    counted = _OF_ALL.match(rest[len(_ETC.sub("", rest)) :])
    if counted is not None and len(counted["own"]) >= 2:
        return  # 甲校、乙院等过街天桥: what is built are the bridges
    if _SOME.match(listed):
        return  # 开工一批重大工程、新型基础设施: which ones is not said
    pieces = [listed] if len(listed) > 60 else _pieces(listed)
    ends = promises()[kind].ends
    for piece in pieces:
        thing = _QUOTES.sub("", _TAIL.sub("", _HEAD.sub("", piece.removeprefix("好").removeprefix("了"))))
        if len(_CJK.findall(thing)) < 3 or (kind == "issue" and "的" in thing):
            continue
        if not 4 <= len(thing) <= 22 or _SOME.search(thing) or _MIXED.search(thing) or "的" in thing[:3]:
            continue
        if _NUMBERED.search(thing) or _BROKEN.search(thing) or not tells(aspects(thing).core):
            continue
        if not ends and _NO_END.search(thing):
            continue
        if ends and not thing.endswith(ends):
            continue
        if len(_GENERIC.sub("", thing)) < 2:
            continue
        yield thing


_CJK = re.compile("[一-鿿]")


def _pieces(listed: str) -> list[str]:
    """A list taken apart at 、, and at its last 和 where each part is a name."""
    pieces = listed.split("、")
    last = re.split("[和及与]", pieces[-1])
    short = len(pieces) > 1 and all(2 <= len(each) <= 3 for each in pieces[:-1])
    if len(last) == 2 and (short or all(len(each) >= 4 for each in last)) and "（" not in pieces[-1]:
        pieces = [*pieces[:-1], *last]
    way = re.search("高速公路|高速|高铁|铁路|公路|城际", pieces[-1])
    if way is not None:  # 京甲、京乙高速: the last word is of each
        pieces = [piece + way[0] if 2 <= len(piece) <= 3 and piece[-1] not in "线路街桥" else piece for piece in pieces]
    return [piece for piece in pieces if piece]


# -- what is said of it


class _Later:
    """The later report's sentences, folded and without quotation marks, once."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.around = Surroundings(report)
        self.texts: list[tuple[int, str, str | None]] = []
        for index, sentence in enumerate(report.frame.sentences):
            part = report.frame.blocks[sentence.block].part
            if part != "furniture":
                self.texts.append((index, _QUOTES.sub("", self.around.sentence(index)), part))

    def side(self, index: int, words: str) -> Side:
        """A clause of a sentence in the source; the sentence where it cannot be found."""
        document, whole = self.report.document, self.report.frame.sentences[index].span
        source = document.slice(whole)
        plain, marks = "", []
        for at, letter in enumerate(source):
            if not letter.isspace() and not _QUOTES.match(letter):
                plain += letter
                marks.append(at)
        at = plain.find(words)
        if at < 0 or not words:
            return Side(document.id, whole, source)
        span = Span(whole.start + marks[at], whole.start + marks[at + len(words) - 1] + 1)
        return Side(document.id, span, document.slice(span))


class _Found(NamedTuple):
    heard: Heard
    rank: tuple[int, ...]
    sentence: int
    clause: str
    part: str | None


def _echo(item: _Promised, earlier: Report, later: _Later) -> Echo:
    best: _Found | None = None
    for index, text, part in later.texts:
        for found in _heard(item, index, text, part):
            if best is None or found.rank > best.rank:
                best = found
    if best is not None:
        side = later.side(best.sentence, best.clause)
        heard: Heard = best.heard
        sides: tuple[Side, ...] = (side,)
    else:
        heard, sides = "absent", _nearest(item, later)
    zh, en = _reason(item, heard, sides, None if best is None else best.part)
    seal = blake2b(f"{earlier.document.id}\x1f{item.span.start}\x1f{item.thing}".encode(), digest_size=8).hexdigest()
    return Echo(
        f"u{seal}", earlier.document.id, item.span, earlier.document.slice(item.span), item.thing, item.kind,
        item.commitment.id, item.commitment.period, heard, later.report.document.id, sides, _words(item.thing), zh, en,
        f"{RULE}:{heard}",
    )  # fmt: skip


def _heard(item: _Promised, index: int, text: str, part: str | None) -> Iterator[_Found]:
    """Where a sentence names the thing, and whether it says the end of it."""
    clauses = _clauses(text)
    for at, (clause, _, _) in enumerate(clauses):
        place = _named(item.thing, clause, item.kind)
        if place is None:
            continue
        start, end, whole = place
        if part != "review":
            yield _Found("named", (0, int(whole), -index), index, clause, part)
            continue
        followed = clause
        stage = _stage(item.kind, clause, start, end, main="主体" in item.clause)
        if stage is None and at + 1 < len(clauses) and len(clauses[at + 1][0]) <= 14:
            # 滨河大桥进展顺利，已建成通车: a short clause without a thing of its own goes on with it.
            more = clauses[at + 1][0]
            if _GOES_ON.match(more) and _stage(item.kind, more, 0, 0) == "answers":
                stage, followed = "answers", f"{clause}，{more}"
        if whole and stage == "answers":
            yield _Found("answered", (2, 1, -index), index, followed if followed in text else clause, part)
        else:
            yield _Found("named", (1, int(whole), -index), index, clause, part)


_GOES_ON = re.compile("^(?:已|并|现|全面|全部|全线|顺利|正式|成功|如期|提前|年内|目前)")


def _named(thing: str, clause: str, kind: str) -> tuple[int, int, bool] | None:
    """Where a clause names a thing, and whether by its whole name or only by most of it."""
    at = clause.find(thing)
    if at >= 0:
        return at, at + len(thing), True
    short = _LOOSE_TAIL.sub("", thing)
    if len(short) >= 4 and (at := clause.find(short)) >= 0:
        return at, at + len(short), True
    way = _WAY.search(thing)
    if way is not None and way.start() >= 2:
        # 京甲、京乙高速建成通车 names 京甲高速.
        shared_tail = re.search(f"{re.escape(thing[: way.start()])}(?:、|和|与|及)[^，；]{{0,14}}?{way[0]}", clause)
        if shared_tail is not None:
            return *shared_tail.span(), True
    between = _in_two(thing, clause)
    if between is not None:
        return *between, True
    code = _CODE.match(thing)
    if code is not None and (at := clause.find(code[0])) >= 0:
        return at, at + len(code[0]), False
    shared = _longest(thing, clause)
    if len(shared) >= 3 and _tells_of(thing, shared, kind):
        at = clause.find(shared)
        # 垃圾焚烧发电 for 生活垃圾焚烧发电; a hall (体育馆) for a field (体育场) is another thing.
        nearly = thing.endswith(shared) and len(shared) >= 6 and len(shared) * 4 >= len(thing) * 3
        return at, at + len(shared), nearly
    return None


def _in_two(thing: str, clause: str) -> tuple[int, int] | None:
    """Where a clause has a name with other letters in it: 县医院新建传染病房楼, 甲路、乙路东延 for 甲路东延."""
    if len(thing) < 5:
        return None
    for cut in range(len(thing) - 2, 2, -1):
        first, last = thing[:cut], thing[cut:]
        start = clause.find(first)
        stop = clause.find(last, start + cut) if start >= 0 else -1
        if stop < 0:
            continue
        gap = clause[start + cut : stop]
        if len(gap) <= 8 and (len(last) >= 3 or (len(last) == 2 and ("、" in gap or len(gap) <= 3))):
            return start, stop + len(last)
    return None


_CODE = re.compile("[A-Z][0-9]{2,4}")
_WAY = re.compile("(?:高速公路|高速|高铁|铁路|公路|城际|大道|大桥|东延|西延|南延|北延)$")
_ROAD = re.compile("(?:路|街|大道|大街|桥|高速|铁路|线|河|湖|山|园|馆)$")


def _tells_of(thing: str, shared: str, kind: str) -> bool:
    """Whether a piece of a name is enough to think of the thing: its own beginning, or the most of it."""
    own = len(_GENERIC.sub("", shared))
    if kind in ("finish", "begin") and thing.startswith(shared):
        if _ROAD.search(shared) is not None and own >= 2:
            return True
        return own >= 2 and len(shared) >= 4 and len(shared) * 2 >= len(thing)
    if (kind != "hold" and thing.startswith(shared) and own >= 4 and len(shared) * 2 >= len(thing)) or (
        thing.endswith(shared) and own >= 3 and len(shared) >= 5
    ):
        return True
    if kind == "hold" and not thing.endswith(shared):
        return False  # 第八届全国运动会 and another 第八届
    most = len(shared) * 5 >= len(thing) * 3
    return most and own >= (2 if thing.endswith(shared) and len(shared) >= 4 else 3)


_LOOSE_TAIL = re.compile(
    "(?:新建|改造|改扩建|扩建|建设|提升|升级|项目|工程|主体|一期|二期|三期|街?区|段|编制|修编|续建|搬迁|选址|创建|谈判|主体施工)+$"
)


def _longest(thing: str, text: str) -> str:
    best = ""
    for at in range(len(thing) - 2):
        size = max(3, len(best) + 1)
        while at + size <= len(thing) and thing[at : at + size] in text:
            best = thing[at : at + size]
            size += 1
    return best


@cache
def _all_stages() -> tuple[str, ...]:
    return tuple(
        name for name in ("finished", "begun", "issued", "founded", "awarded", "held", "going_on") if name in stages()
    )


@cache
def _verbs(kind: str) -> re.Pattern[str]:
    return re.compile(f"(?:{alternation(promises()[kind].before)})(?![率投产后前以])")


def _stage(kind: str, clause: str, start: int, end: int, *, main: bool = False) -> str | None:
    """Whether what a clause says nearest to the thing answers the promise; null where it says no stage at all."""
    answers = promises()[kind].answers
    spots: list[tuple[int, int, bool]] = []
    for name in _all_stages():
        for low, high in said(clause, name):
            if low < end and high > start:
                continue  # inside the thing's own name
            spots.append((low, high, name in answers))
    if main:
        spots += [
            (each.start(), each.end(), True) for each in re.finditer("主体(?:工程)?(?:完工|竣工|封顶|完成)", clause)
        ]
    if kind != "award":
        # What the plan wants drawn up, set up or opened, the review says was: 制定、组建、打通 before the thing.
        spots += [
            (each.start(), each.end(), not _UNDER_WAY.search(clause[: each.start()]))
            for each in _verbs(kind).finditer(clause, 0, max(start, 0))
        ]
    if not spots:
        return None
    behind = sorted((low - end, not good) for low, _, good in spots if low >= end)
    before = sorted((start - high, not good) for _, high, good in spots if high <= start)
    # A word right before the thing and in its own item governs it; else what stands behind.
    if before and "、" not in clause[start - before[0][0] : start] and before[0][0] <= 14:
        nearest = before[0]
        if not nearest[1] or not behind:
            return "other" if nearest[1] else "answers"
    if behind:
        # 全面完工 is told by several stages at once: the nearest that answers counts if no other is nearer.
        near = behind[0][0]
        return (
            "answers"
            if any(distance <= near + 2 and not bad for distance, bad in behind)
            and not _stopped(clause[end : end + near])
            else "other"
        )
    return "answers" if not before[0][1] and before[0][0] <= 40 else "other"


_UNDER_WAY = re.compile("(?:围绕|着手|组织|开展|继续|推进|推动|加快|抓紧|研究|启动)$")


def _stopped(words: str) -> bool:
    """Whether words between a thing and its stage put it off: 滨河大桥力争年内建成."""
    return re.search("力争|确保|争取|将|即将|尚未|未能|计划|拟|有望|围绕|着手|组织", words) is not None


def _words(thing: str) -> tuple[str, ...]:
    short = _LOOSE_TAIL.sub("", thing)
    return (thing,) if short == thing or len(short) < 4 else (thing, short)


def _nearest(item: _Promised, later: _Later) -> tuple[Side, ...]:
    """The clause with the longest piece of the name, if it is more than a general word."""
    best: tuple[int, int, str] | None = None
    for index, text, _ in later.texts:
        for clause, _, _ in _clauses(text):
            shared = _longest(item.thing, clause)
            size = len(_GENERIC.sub("", shared))
            if size >= 2 and (best is None or size > best[0]):
                best = (size, index, clause)
    return () if best is None else (later.side(best[1], best[2]),)


def _reason(item: _Promised, heard: Heard, sides: Sequence[Side], part: str | None) -> tuple[str, str]:
    quoted = "" if not sides else "".join(sides[0].text.split())
    quoted = quoted if len(quoted) <= 48 else quoted[:47] + "…"
    sought = "、".join(f"“{word}”" for word in _words(item.thing))
    if heard == "answered":
        return f"报告说“{quoted}”。", f"The report says “{quoted}”."
    if heard == "named":
        where, where_en = ("", "") if part == "review" else ("（不在回顾部分）", " (not in the review)")
        return (
            f"报告提到“{quoted}”{where}，没有明说是否做到。",
            f"The report mentions “{quoted}”{where_en}, without saying plainly whether it was done.",
        )
    near = f"，最接近的一句是“{quoted}”" if quoted else ""
    near_en = f"; the nearest passage is “{quoted}”" if quoted else ""
    return f"没有找到{sought}{near}。", f"Nothing found of {sought}{near_en}."
