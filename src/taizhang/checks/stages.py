"""Where no figure answers: what the later report says of the thing itself. 建成投用 is done, 开工建设 is not done yet.

A clause of the review must name the thing, by its core words; the stage that it says then decides. General words
(进展顺利, 加大力度) decide nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from taizhang.checks.judge import less_is_better
from taizhang.checks.match import (
    STOCK,
    Place,
    Surroundings,
    factor,
    narrowed_by_size,
    pays_only,
    points_back,
    rest_of_name,
    tells,
    when,
    year_of,
)
from taizhang.checks.say import amount, amount_en
from taizhang.ledger.identity import aspects, identify, thing
from taizhang.lexicon import COUNTING, units
from taizhang.lexicon.indicators import indicators
from taizhang.lexicon.outcomes import said
from taizhang.model import Report, Span, Statement, Verdict

_CUT = re.compile(r"[，,；;。！\n]")
_FINISH_IN_TARGET = re.compile(
    "完成|建成|完工|竣工|投用|投产|投入使用|投入运营|通车|开馆|交付|打造|新建|建设|改造|打通"
)
_TO_FINISH = re.compile("完成|建成|完工|竣工|投用|投产|投入使用|投入运营|通车|开馆|交付|打造")
_FIRST_PART = re.compile("[一首]期|先导段|首段|部分")
_WHOLE = re.compile("全部|全面|圆满|超额|如期|顺利|高标准|高质量")
_BEGIN_IN_TARGET = re.compile("开工|启动|谋划|前期|核准|推进|加快|开建")


class Told(NamedTuple):
    """What words say of a target, and where."""

    verdict: Verdict
    span: Span
    zh: str
    en: str
    rule: str


def told(target: Statement, around: Place, later: Report, after: Surroundings) -> Told | None:
    """What the later report's review says in words of the thing that the target is of; null if nothing plain."""
    cleared = _cleared(target, around, later, after)
    if cleared is not None:
        return cleared
    if not target.indicator or target.measure != "level" or target.unit in ("%", "‰", "元"):
        return None
    known = identify(target.indicator, target.unit, target.measure)
    if known is not None and not _is_work(target):
        return None
    said_as = _core(target.indicator) if known is None else f"{_core(target.indicator)}、{_core(known.concept)}"
    cores = [core for core in re.split("[、和及与]", said_as) if len(core) >= 3 and tells(_TO_FINISH.sub("", core))]
    if not cores and len(name := thing(target.indicator)) >= 4 and tells(name):
        cores = [name]  # 民心工程, of which the core is 民心
    if not cores:
        return None
    begins = bool(_BEGIN_IN_TARGET.search(around.clause)) and not _FINISH_IN_TARGET.search(around.clause)
    best: Told | None = None
    for index, sentence in enumerate(later.frame.sentences):
        if later.frame.blocks[sentence.block].part != "review":
            continue
        text = after.sentence(index)
        if not any(_names(core, text) for core in cores):
            continue
        for clause, start, end in _clauses(text):
            if not any(_names(core, clause) for core in cores):
                continue
            if _FIVE_YEAR_TASK.search(clause) and not _FIVE_YEAR_TASK.search(around.clause):
                continue
            answer = _answer(target, around, clause, begins)
            if answer is None or (known is not None and not _WHOLE.search(clause) and answer[1] != "some-done"):
                continue
            verdict, rule = answer
            span = _source(later, sentence.span, text, start, end)
            found = Told(verdict, span, *_reason(target, clause, verdict), rule)
            if best is None or (verdict == "met" and best.verdict != "met"):
                best = found
    return best


# 10个重点领域: what only gathers things of any kind is answered by no other gathering.
_VAGUE = ("领域", "方面", "工作", "任务", "环节")
# What was set for five years says nothing of one of them.
_FIVE_YEAR_TASK = re.compile("[一二三四五六七八九十]五”?[^，。；]*(?:任务|目标|指标)")


class Likely(NamedTuple):
    """A figure that may answer, the clause that it stands in, and how it plainly does, if it does."""

    actual: Statement
    clause: str
    done: Literal["", "same", "more", "part"]


_DONE = re.compile("完成(?!率)|实现|全部|如期|建成|通车|投用|竣工|完工|办结|落实|换新颜|焕然一新|得到解决|解决了")
_GOAL_REACHED = re.compile("(?:提前|如期|全面|圆满|已经?|顺利)[^，。；]{0,4}?(?:实现|完成|达到)[^，。；]*目标")
"""The report says itself that a goal is reached (提前一年实现每生500元的目标)."""
_UNDER_WAY = re.compile("前期|推进|加快|加紧|启动|开工|主体|正在|谋划|在建|列入|争列")


def likely(
    target: Statement, around: Place, actuals: Sequence[Statement], year: str, later: Report, after: Surroundings
) -> Likely | None:
    """The review's figure that names the same thing in the same unit, where no rule could tell that it is the same.

    The very number (90个老旧小区) beside three letters of the name, or beside its head noun, is as good as an answer
    where things are counted and the clause says that they are done. Another number is only worth a look, and only where
    the figure's own name holds the whole of the target's, or four letters of it up to its head noun.
    """
    if not target.indicator or target.measure == "rank":
        return None
    if pays_only(target.indicator) or points_back(target.indicator):
        return None
    core = aspects(target.indicator).core.replace("的", "")
    if core.endswith(_VAGUE) and not tells(core):
        return None
    counted = target.unit in units() and units()[target.unit].dimension in COUNTING
    flow = re.search("新增|新建|净增|新认定", around.clause) is not None
    best: tuple[tuple[bool, int], Likely] | None = None
    for actual in actuals:
        lies = when(actual.period, year)
        # A sum over five years is often told in the review of the last one, in whose words only.
        late = "/" in year and actual.period in (None, year_of(year)) and target.unit not in ("%", "‰")
        several = lies == "sum"
        if (
            (lies not in ("year", "unsaid") and not late and not several)
            or actual.measure != target.measure
            or not _in_review(actual, later)
        ):
            continue
        ratio = factor(actual.unit, target.unit, target.indicator)
        if ratio is None:
            continue
        clause = after.of(actual).clause
        if _spent_on(target, core, actual, after):
            place = (actual.indicator or "").replace("的", "")
            enough = _more(target, actual, ratio) and _part_of_place(place, core, core)
            spent = Likely(actual, clause, "part" if enough else "")
            best = ((False, len(core)), spent) if best is None or best[0] < (False, len(core)) else best
            continue
        shared = _common(core, clause.replace("的", ""))
        if shared and pays_only(shared):
            continue  # 财政专项 of one fund and of another
        name = (actual.indicator or "").replace("的", "")
        quoted = max(
            (each for each in aspects(target.indicator).names & aspects(name).names if len(each) > 2), default=""
        )
        if not tells(shared) and shared != core and not quoted:
            continue
        equal = actual.value * ratio == target.value and target.value >= 2 and target.unit not in ("%", "‰")
        if equal and target.value == 2 and not (len(shared) >= 3 and core.endswith(shared)):
            continue  # a pair of things is soon found
        if not equal:
            if not quoted and ((flow and STOCK.search(clause)) or (not flow and "新增" in name)):
                continue
            whole = shared == core and len(core) >= 3
            named = shared in name and (
                whole or (len(shared) >= 4 and core.endswith(shared) and target.unit not in ("%", "‰"))
            )
            # 甲公司鸡舍年出栏 against 甲公司养鸡年出栏: whose it is and what of it, with other words between.
            named = named or (len(name) <= len(core) + 4 and name.endswith(core[-3:]) and _names(core, name))
            if not named and not quoted:
                continue
        elif len(shared) < 3 and not (counted and core.endswith(shared)):
            continue
        if several and not equal:
            continue
        if _another(target, actual) or rest_of_name(name):
            continue
        if not equal and narrowed_by_size(actual, after.of(actual)):
            continue
        said_done = _DONE.search(clause) is not None and not _UNDER_WAY.search(clause)
        asked = target.comparator != "le" and not late and not several and target.value > 2
        goal_reached = equal and _GOAL_REACHED.search(clause) is not None
        done: Literal["", "same", "more", "part"] = (
            "same" if equal and asked and ((counted and said_done) or goal_reached) else ""
        )
        if not done and asked and _more(target, actual, ratio) and not flow:
            if counted and said_done and shared == core and len(core) >= 5 and tells(core) and core in name:
                done = "more"
            elif not counted and _part_of_place(name, core, shared):
                done = "part"
        found = Likely(actual, clause, done)
        rank = (equal, len(shared))
        if best is None or rank > best[0]:
            best = rank, found
    return None if best is None else best[1]


def _more(target: Statement, actual: Statement, ratio: Decimal) -> bool:
    """Whether at least as much is reported as was asked, of what may be more: 4600多万人饮水问题得到解决 for 4000万."""
    reached = actual.value * ratio >= target.value and actual.comparator in ("eq", "ge", "over")
    return reached and target.comparator in ("eq", "ge", "over") and target.value > 2 and not less_is_better(target)


# 滨河新区东片区 is a part of 滨河新区.
_PART_OF_PLACE = re.compile("^[一-鿿]{1,4}(?:片区|园区|分区|组团|标段)")
_SPENT_THERE = re.compile("^(?:年内|全年|完成|实际|固定资产|投资)*$")


def _part_of_place(name: str, core: str, shared: str) -> bool:
    """Whether a figure is of a part of the place that the target is of."""
    if len(shared) < 4 or not (name.startswith(shared) and core.startswith(shared)):
        return False
    return bool(_SPENT_THERE.match(core[len(shared) :]) and _PART_OF_PLACE.match(name[len(shared) :]))


_OPPOSITES = (
    ("公办", "民办"), ("城镇", "农村"), ("城市", "农村"), ("国家级", "省级"), ("进口", "出口"),
    ("线上", "线下"), ("公立", "民营"), ("国有", "民营"), ("初中", "小学"),
)  # fmt: skip


def _another(target: Statement, actual: Statement) -> bool:
    """Whether the word list knows both, as two things or in two scopes; or people are trained here, moved there."""
    mine, theirs = ((each.indicator or "").replace("中小学", "") for each in (target, actual))
    if any((a in mine and b in theirs) or (b in mine and a in theirs) for a, b in _OPPOSITES):
        return True
    if ("train" in aspects(target.indicator or "").work) != ("train" in aspects(actual.indicator or "").work):
        return True
    one = identify(target.indicator or "", target.unit, target.measure)
    other = identify(actual.indicator or "", actual.unit, actual.measure)
    return one is not None and other is not None


_SPENT = re.compile("完成投资|投资完成|实际投资|已投资|投入")


def _spent_on(target: Statement, core: str, actual: Statement, after: Surroundings) -> bool:
    """Whether money spent is told in the passage that names what money was planned for (甲园区…。完成投资2亿元)."""
    if not (target.unit.endswith("元") and len(core) >= 5 and (target.indicator or "").endswith("投资")):
        return False
    place = after.of(actual)
    return _SPENT.search(place.clause) is not None and (core in place.sentence or core in after.told_before(actual))


def _in_review(statement: Statement, report: Report) -> bool:
    sentences = report.frame.sentences
    if not 0 <= statement.sentence < len(sentences):
        return False
    return report.frame.blocks[sentences[statement.sentence].block].part == "review"


def _common(core: str, text: str) -> str:
    """The longest piece of a name that a text holds, the later of two alike: what stands last is the thing."""
    best = ""
    for at in range(len(core) - 1):
        size = max(2, len(best))
        while at + size <= len(core) and core[at : at + size] in text:
            best = core[at : at + size]
            size += 1
    return best


# 淘汰落后产能年度任务如期完成, 超额完成国家下达的淘汰任务: the task is named, and said to be done.
_TASK = "(?:年度|全年|目标|建设|改造)*(?:任务|指标|目标)(?:数)?"
_WELL = "(?:已经|已|都|均|全部|提前|如期|按期|超额|全面|圆满|顺利|高质量|较好地?|胜利)"
_TASK_DONE = re.compile(
    f"(?P<one>[^，；：]{{2,60}}?){_TASK}(?:[一二三四五六七八九十0-9]+[项个])?{_WELL}+(?:完成|实现)(?:了)?$"
    f"|(?:{_WELL}+完成|{_WELL}+实现)(?:了)?(?:国家|省|市|上级|年初|年度|全年|下达|确定|定|的)*(?P<two>[^，；：]{{2,60}}?){_TASK}$"
)
# A task of five years, of a campaign, or of a part of it is not the year's.
_OTHER_TASK = re.compile("[一二三四五六七八九十]五|[三五]年|行动|攻坚|主体|阶段性|基本|半年|去年以来")


class _Task(NamedTuple):
    subject: str
    clause: str
    span: Span


def task_done(target: Statement, around: Place, later: Report, after: Surroundings) -> Told | None:
    """Where the review says of a task that it is done, without the number: 淘汰落后产能任务超额完成.

    Where the task names the target's own object, with what is done to it, every number set for it is met. Where it only
    names what the target's sentence has besides (钢铁、水泥等行业 for 平板玻璃 in one list with them), it is `unclear`.
    """
    if target.measure not in ("level", "change") or target.unit in ("%", "‰") or target.comparator == "le":
        return None
    beside: _Task | None = None
    for task in _tasks(later, after):
        if _OTHER_TASK.search(task.clause) and not _OTHER_TASK.search(around.clause):
            continue
        if _own(target, around, task.subject):
            zh, en = (
                f"目标{amount(target)}；报告说“{task.clause}”，没有另给数目。",
                f"Target {amount_en(target)}; the report says “{task.clause}”, without the number.",
            )
            return Told("met", task.span, zh, en, "task-done")
        if beside is None and _listed_with(target, around, task.subject):
            beside = task
    if beside is None:
        return None
    zh, en = (
        f"目标{amount(target)}；报告说“{beside.clause}”，没有点名这一项。",
        f"Target {amount_en(target)}; the report says “{beside.clause}”, which does not name it.",
    )
    return Told("unclear", beside.span, zh, en, "task-done-beside")


def _tasks(later: Report, after: Surroundings) -> list[_Task]:
    """Every clause of the review that says of a task that it is done, with what the task is of."""
    found = []
    for index, sentence in enumerate(later.frame.sentences):
        block = later.frame.blocks[sentence.block]
        if block.part != "review" or block.mode == "five-year":
            continue
        text = after.sentence(index)
        if "完成" not in text and "实现" not in text:
            continue
        for clause, start, end in _clauses(text):
            match = _TASK_DONE.search(clause)
            if match is None:
                continue
            subject = match["one"] or match["two"]
            if tells(aspects(subject).core):
                found.append(_Task(subject, clause, _source(later, sentence.span, text, start, end)))
    return found


def _own(target: Statement, around: Place, subject: str) -> bool:
    """Whether a task is of the target's own object: its name, or what its clause counts behind the figure."""
    core = aspects(target.indicator or "").core
    if len(core) >= 2 and tells(core) and core in subject:
        # 钢铁 alone is much: 淘汰 or 压减 must be said of it in both.
        return len(core) > 3 or bool(_doing(around.clause + (target.indicator or "")) & _doing(subject))
    at = around.clause.find("".join(target.text.split()))
    counted = _QUOTES.sub("", around.clause[at:] if at >= 0 else "")
    asked = _QUOTES.sub("", aspects(subject).core)
    return len(asked) >= 3 and tells(asked) and asked in counted


_QUOTES = re.compile("[“”《》‘’]")


_DOING = re.compile(
    "淘汰|压减|化解|关停|治理|整治|改造|新建|建设|搬迁|退耕|造林|绿化|脱贫|就业|培训|征收|拆除|清理|清欠|修复|创建|收储"
)


def _doing(text: str) -> set[str]:
    return set(_DOING.findall(text))


def _listed_with(target: Statement, around: Place, subject: str) -> bool:
    """Whether a task names, with 等, other members of the list that the target is of, and the same is done to them."""
    if "等" not in subject or not _doing(around.sentence) & _doing(subject):
        return False
    named = [piece for piece in re.split("[、和及与]", subject.split("等")[0]) if len(piece) >= 2]
    at = around.sentence.find(around.clause)
    near = around.sentence[max(0, at - 30) : at + len(around.clause) + 30] if at >= 0 else around.clause
    return bool(named) and all(name in near for name in named[-2:])


def unmet(target: Statement, later: Report, after: Surroundings) -> Told | None:
    """Where the report itself says that the target was not reached, beside the indicator's name."""
    if not target.indicator:
        return None
    known = identify(target.indicator, target.unit, target.measure)
    core = aspects(target.indicator).core
    names = (known.concept, *indicators()[known.concept].variants) if known is not None else (core,)
    names = tuple(name for name in names if len(name) >= 3 and tells(name))
    for index, sentence in enumerate(later.frame.sentences):
        if later.frame.blocks[sentence.block].part == "plan":
            continue
        text = after.sentence(index)
        for start, end in said(text, "unmet"):
            # The clause of the words, and the one before it where it has no name of its own (预期增长目标未能实现).
            near = text[max(0, start - 24) : min(len(text), end + 24)]
            if "目标" in near + text[end:] or "年初" in near:
                for name in names:
                    if name in near:
                        at = text.find(name, max(0, start - 24))
                        span = _source(later, sentence.span, text, min(at, start), max(end, at + len(name)))
                        return Told("missed", span, *_unmet_reason(target, later.document.slice(span)), "said-unmet")
    return None


def _unmet_reason(target: Statement, words: str) -> tuple[str, str]:
    flat = "".join(words.split())
    return (
        f"目标{amount(target)}；报告自己说“{flat}”。",
        f"Target {amount_en(target)}; the report itself says “{flat}”.",
    )


# Whom a target of 脱贫 or 清零 is for: the later report must speak of the same.
_LEFT_OVER = re.compile("贫困人口|贫困户|贫困村|贫困县|危房|旱厕|案件|问题")


def _cleared(target: Statement, around: Place, later: Report, after: Surroundings) -> Told | None:
    """剩余贫困人口全部脱贫 answers a target of 832人, whatever their number: nobody is left."""
    if target.measure not in ("level", "change") or not _is_work(target):
        return None
    goal = around.clause + (target.indicator or "")
    if not re.search("脱贫|出列|摘帽|退出|清零", goal if "剩余" not in goal else around.all):
        return None
    those = set(_LEFT_OVER.findall(goal))
    found: Told | None = None
    for index, sentence in enumerate(later.frame.sentences):
        if later.frame.blocks[sentence.block].part != "review":
            continue
        text = after.sentence(index)
        for clause, start, end in _clauses(text):
            if found is not None and "剩余" not in clause:
                continue
            if those & set(_LEFT_OVER.findall(clause)) and any(True for _ in said(clause, "cleared")):
                span = _source(later, sentence.span, text, start, end)
                found = Told("met", span, *_reason(target, clause, "met"), "said-cleared")
    return found


def _is_work(target: Statement) -> bool:
    entry = units().get(target.unit)
    return entry is not None and entry.dimension in (*COUNTING, "length", "area")


def _core(indicator: str) -> str:
    """The thing without verbs and filler, its joining words kept."""
    joined = [aspects(piece).core for piece in re.split("[、和及与]", indicator) if piece]
    return "、".join(joined)


_SIZED = re.compile(
    r"(?:年产|总投资)?[0-9.]+(?:万|亿)?(?:吨|千瓦时?|兆瓦|片|立方米|平方米|公顷|亩|公里|头|只|套|台|元)(?:级)?的?"
)
"""A size inside the name of a thing (甲公司200万吨褐煤提质项目)."""


def _names(core: str, text: str) -> bool:
    """Whether a text names the thing: its core words, or for a long core its first and last two, close together."""
    if core in text or (len(core) >= 4 and core in _SIZED.sub("", text)):
        return True
    if len(core) < 5:
        return False
    at = text.find(core[:2])
    return at >= 0 and text.find(core[-2:], at + 2, at + len(core) + 2) >= 0


def _clauses(text: str) -> list[tuple[str, int, int]]:
    found, at = [], 0
    for match in _CUT.finditer(text):
        found.append((text[at : match.start()], at, match.start()))
        at = match.end()
    found.append((text[at:], at, len(text)))
    return [(clause, start, end) for clause, start, end in found if clause]


def _answer(target: Statement, around: Place, clause: str, begins: bool) -> tuple[Verdict, str] | None:
    finished = list(said(clause, "finished"))
    begun = list(said(clause, "begun"))
    counted = target.unit in units() and units()[target.unit].dimension in COUNTING
    if any(True for _ in said(clause, "some")) and re.search("打通|建成|完成|新建|改造|投用", clause):
        return "unclear", "some-done"
    if finished:
        if counted and target.value > 1 and "".join(target.text.split()) not in clause:
            return "unclear", "done-without-number"
        if _FIRST_PART.search(clause) and not _FIRST_PART.search(around.clause + _what_follows(target, around)):
            return "missed", "first-part-only"
        return "met", "said-finished"
    if begun:
        if not begins:
            # A thing begun misses a target only where that was to finish it.
            return ("missed", "only-begun") if _TO_FINISH.search(around.clause) else None
        return ("unclear", "begun-without-number") if counted and target.value > 1 else ("met", "said-begun")
    return None


def _what_follows(target: Statement, around: Place) -> str:
    """The clauses behind a target's own in its sentence, up to a ；: they go on with the same thing (7月底一期投产)."""
    at = around.sentence.find(around.clause)
    behind = around.sentence[at + len(around.clause) :] if at >= 0 else ""
    return re.split("[；;。]", behind)[0][:40]


def _reason(target: Statement, clause: str, verdict: Verdict) -> tuple[str, str]:
    goal, goal_en = amount(target), amount_en(target)
    said_zh, said_en = {
        "met": ("已经做到", "which is plainly done"),
        "missed": ("还没有完成", "which is not done yet"),
        "unclear": ("没有给出数目", "without the number"),
    }[verdict]
    return (
        f"目标{goal}；报告说“{clause}”，{said_zh}。",
        f"Target {goal_en}; the report says “{clause}”, {said_en}.",
    )


def _source(later: Report, whole: Span, folded: str, start: int, end: int) -> Span:
    """The clause in the source. Folding may have dropped blanks, so it is searched by its ends."""
    source = later.document.slice(whole)
    clause = folded[start:end]
    at = source.find(clause)
    if at >= 0:
        return Span(whole.start + at, whole.start + at + len(clause))
    return whole
