"""Sentence → statements: each number meets the words around it and what earlier text carries over.

All carrying over (subject, verb, measure, year, place) happens here and only here. A sentence is walked from left to
right with a `State` that is passed along and stops at stated borders: the list ends with its clause, the subject with
its sentence (a bare growth or attribute may reach into the sentence before, in the same paragraph), the topic with its
paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from taizhang.extract import indicator as ind
from taizhang.extract.indicator import NOTHING, Change, Term
from taizhang.extract.period import Dating, find_period, last_year
from taizhang.fold import Folded
from taizhang.lexicon.meaning import alternation, words
from taizhang.model import Block, Frame, How, Kind, Measure, Quantity, Sentence

_SEPARATOR = re.compile(r"[，；：。！？\n]")
_LIST_BREAK = re.compile(r"、|以及|和|及|与")
_BARE_GAP = re.compile(r"[、和与及或以至~—，\s]*(?:以及|分别|各|和|约|超|达)?")
_UNCOUNTED = frozenset(
    "元 美元 % ‰ 个百分点 吨 公里 亩 平方米 立方米 千瓦 千瓦时 千瓦小时 万千瓦 公斤 斤 平方公里 公顷 倍 兆瓦 GW MW kW 度 标箱 吨标准煤 平米 升 米 港元 欧元 日元 英镑 "
    "担 磅 人次 天 小时 分钟 岁 年 个月 位 比 点 吨公里 人公里 微克/立方米 毫克/立方米 /10万".split()
)
_NEVER_ATTRIBUTIVE = frozenset("元 美元 % ‰ 个百分点 倍 人次 岁 位 比 点 港元 欧元 日元 英镑 /10万".split())
_WEIGHTS = frozenset("吨 公斤 斤 担 千瓦时 千瓦小时 度 立方米 噸 市斤 市担 箱 重量箱 万米 米 匹".split())
_CARRIES_FALL = re.compile(f"(?:{alternation('carries_fall')})$")
_LESS_IS_BETTER = re.compile(alternation("less_is_better"))
_SHARE = re.compile(r"占(?!地|用|道|线|压)|^比重|^占比|^份额")
_COMPLETION = re.compile(
    r"(?:占|为|完成|达到?|相当于|实现)?[了]?(?:全年|年度|年初|当年|年|省定|市定|县定|预期|调整|下达|省下达|全部|总)?[^，。；、]{0,4}?"
    r"(?:计划|预算|任务|目标任务|目标|总投资|投资计划|考核)(?:任务|目标|数|指标)?的?$"
)
_COMPLETION_NAME = re.compile(r"(?:完成率|执行率|完成比例|完成进度|建设进度|工程进度|形象进度|进度)(?:达到?|为|完成|超)?$")
_RANK_VERB = re.compile(
    r"(?:连续[^，。；]{1,6}年)?(?:首次)?(?:稳居|跃居|位居|位列|名列|居于|居|排名|排在|排|列|位次|保持|进入|进位|上升|跃升|提升|升|前移|进)"
    r"(?:到|至|在|于)?(?:了)?[^，。；、]{0,12}$"
    r"|(?:连续[^，。；]{1,6}年)?(?:我国|全国|全省|全市|全区|全县|全州|世界|全球|中西部|西部|中部|东部|同类|沿海)"
    r"(?:[^，。；、]{0,8}(?:省|市|区|县|州|盟|旗|城市|地区|省份|中|类|系统))?$"
)
_RATE_NAMES = re.compile(r"(?:增速|增幅|涨幅|降幅|(?<!自然)增长率|增长速度|增长幅度|上涨幅度|下降幅度|涨跌幅|递增速度)(?:年均)?$")
_SCOPE = re.compile(r"(?:^|[，；。：])(?:在)?([^，；。：]{2,20}?)(?:中|方面|领域)，")
_PRODUCT_TAIL = re.compile(r"(?:产量|总产|产|能力|规模|量|面积|装机|出栏|存栏|消费|消耗|排放|运量|储备|项目|工程|重|任务|水|库存|垃圾|污泥)$")
_FACT_IN_PLAN = re.compile(r"目前|现有|现已|已有|已建成|已形成|已达|截至")
_FORESEEN = re.compile(r"预计|可望|有望|将达|可达|可实现|建成后|投产后|达产后")
_GOAL_BEHIND = re.compile(r"的(?:预期|年度|年初|既定|计划|奋斗|总|规划|约束性)?(?:目标|要求|任务|计划)")
_GOAL_BEFORE = re.compile(r"(?:超过|高于|超出|好于|完成|实现|低于|超额完成)(?:了)?(?:年初|年度|原定|预期|既定|全年|省定|市定|国家)?(?:下达|确定|提出|预期)?的?(?:计划|目标|预期目标|任务)(?:的|增长|为)?$")
_BASE = re.compile(r"(?:由|从)(?!此|而|事|于|衷)([^，。；、]{0,14}?)(?:的|时的|仅有的?|不足|不到|约)?$")
_PURPOSE_CUT = re.compile(r"^(?:用于|支持|实施|开展|推进|完成|加强|进行|建设了?|对|为|启动|新建|改造)?")
_PEERS = re.compile(r"(?:高于|低于|快于|慢于|好于|高出|优于)(?:全国|全省|全市|全区|省|市|上年|去年)[^，。；、]{0,8}$")
_PLACES_MOVED = re.compile(r"(?:前移|后移|上升|下降|提升|前进|跃升|进位|提高|攀升|晋升|下滑|跃进)(?:了)?$")
_PLACES_TAIL = re.compile(r"(?:比上年|较上年|比去年|较去年|同比|比20[0-9]{2}年|排名|位次|全省|全国|全市|在)*(?:前移|后移|前进|进位|晋升|跃进|攀升)(?:了)?$")
_GROWS_BEHIND = re.compile(r"的?(?:以上的?|左右的?)?(?:年均|平均|较快|快速)?(?:增长|增幅|增速|速度增长|速度递增|速度)")
_AGAINST = re.compile(r"高于|低于|快于|慢于|好于|高出|优于")
_LOOSE_END = re.compile(r"(?:[、，。；的了有 ]|以及|(?<!参)与|(?<![普涉以])及|(?<![共饱总缓])和|(?<![所予加可])以)+$")
_TIMES_OF = re.compile(
    r"(?:是|为|相当于|达到?|分别是|分别为|分别相当于)?(?:原来|上年|去年|前|同期|“[^”]{1,5}”|[0-9〇一二三四五六七八九]{4}年|全国|全省|平均|五年前)[^，。；]{0,10}的$"
)
_MOVED_FIRST = re.compile(r"(?:再)?(?:增加|减少|扩大)(?!值|额|量|幅)")


@dataclass(slots=True)
class State:
    """What a sentence carries along. A new one for each sentence; `earlier` is the last one of the same paragraph."""

    base: Term = NOTHING
    """The thing last measured, without the attribute (招引项目 of 招引项目总投资)."""
    last: Term = NOTHING
    """The last full indicator that is no share: what a bare growth is of."""
    verb: Term = NOTHING
    """The verb of doing that a list shares (新建公园3个、广场2个)."""
    scope: Term = NOTHING
    """在规模以上工业中，: governs the sentence."""
    history: list[Term] = field(default_factory=list)
    """Levels of this sentence in order, for a later 分别."""
    measure: Measure = "level"
    sign: int = 1
    suffix: Term = NOTHING
    """年均 and the like of the growth list in progress."""
    shared: list[Term] = field(default_factory=list)
    """Terms dealt out to the members of a 分别 list in progress, not yet taken."""
    unit: str = ""
    among: Term = NOTHING
    """The whole that 其中 opened (省级中心171个，其中国家级17个)."""


class Reading(NamedTuple):
    """A quantity with its meaning, before it becomes a `Statement`."""

    quantity: Quantity
    term: Term
    how: How
    rule: str
    measure: Measure
    measure_rule: str
    measure_span: tuple[int, int] | None
    sign: int
    kind: Kind
    kind_rule: str
    dating: Dating
    place: str | None
    place_span: tuple[int, int] | None
    sentence: int


def _blank(text: str) -> str:
    """Quoted and bracketed stretches blanked, so that their commas do not separate clauses."""
    if "“" not in text and "（" not in text and "《" not in text:
        return text
    return re.sub(r"“[^“”]{0,60}”|（[^（）]{0,60}）|《[^《》]{0,60}》", lambda m: "\0" * len(m.group()), text)


class Slot(NamedTuple):
    """The room a number has in its sentence: its own words before it, and what follows up to the next number's words."""

    own: int
    after: tuple[int, int]
    """The stretch behind it; empty where nothing follows."""
    same: bool
    """In the clause of the number before it."""
    bare: bool
    """A mere list member: nothing but 、 or 和 since the number before it."""
    clause: int
    """Where its clause begins."""


def _slots(flat: str, base: int, quantities: Sequence[Quantity], end: int) -> list[Slot]:
    """Room for each number of a sentence whose blanked text is `flat` and begins at `base`."""
    slots: list[Slot] = []
    clause = base
    for index, quantity in enumerate(quantities):
        previous = quantities[index - 1] if index else None
        low = previous.end if previous else base
        gap = flat[low - base : quantity.start - base]
        separators = [m.end() for m in _SEPARATOR.finditer(gap)]
        bare = previous is not None and bool(_BARE_GAP.fullmatch(gap)) and (gap != "，" or quantity.group is not None)
        if bare:
            own, same = quantity.start, True
        elif separators:
            clause = low + separators[-1]
            own, same = clause, False
        else:
            own, same = low, previous is not None
            if previous is not None:
                own = low + _break(gap)
        slots.append(Slot(own, (quantity.end, quantity.end), same, bare, clause))
    # from the last number to the first, since members of a list share what follows the last one
    for index in range(len(slots) - 1, -1, -1):
        quantity = quantities[index]
        stop = _SEPARATOR.search(flat, quantity.end - base)
        after = (quantity.end, base + stop.start() if stop else end)
        if index + 1 < len(slots):
            following = slots[index + 1]
            gap = flat[quantity.end - base : quantities[index + 1].start - base]
            if following.bare or gap == "的":
                after = following.after
            elif quantities[index + 1].start <= after[1]:
                # words between two numbers of one clause with no list mark belong to both
                inner = following.own if following.own > quantity.end else quantities[index + 1].start
                after = (quantity.end, inner)
                if following.own > quantity.end and not gap[: inner - quantity.end].strip("、和及与以"):
                    after = (quantity.end, quantity.end)
        slots[index] = slots[index]._replace(after=after)
    return slots


def _break(gap: str) -> int:
    """Where the words of the next number begin in the words between two numbers of one clause."""
    first = _LIST_BREAK.match(gap)
    best = first.end() if first else 0
    for match in _LIST_BREAK.finditer(gap):
        rest = gap[match.end() :]
        if not rest or ind.strip_head(rest) == len(rest) or ind.doing_verb(rest) == len(rest):
            best = match.end()
    return best


class Reader:
    """Reads the statements of one document; holds what does not change from sentence to sentence."""

    def __init__(self, frame: Frame, folded: Folded) -> None:
        self.frame = frame
        self.folded = folded
        self.text = folded.text
        self.place = frame.place

    # -- one sentence ---------------------------------------------------------------------------------------------

    def sentence(
        self, index: int, sentence: Sentence, quantities: Sequence[Quantity], earlier: State | None
    ) -> tuple[list[Reading], State]:
        """The readings of one sentence, and the state that the next one of its paragraph may look back on."""
        text = self.text
        flat = _blank(text[sentence.start : sentence.end])
        slots = _slots(flat, sentence.start, quantities, sentence.end)
        state = State()
        readings: list[Reading] = []
        block = self.frame.blocks[sentence.block]
        for position, (quantity, slot) in enumerate(zip(quantities, slots, strict=True)):
            self._scope(state, sentence, slot, position, quantities)
            readings.append(
                self._read(index, sentence, block, flat, quantities, slots, position, state, earlier, readings)
            )
        return readings, state

    def _scope(self, state: State, sentence: Sentence, slot: Slot, position: int, quantities: Sequence[Quantity]) -> None:
        low = quantities[position - 1].end if position else sentence.start
        if slot.own <= low:
            return
        match = None
        for match in _SCOPE.finditer(self.text[low : slot.own]):
            pass
        if match:
            start, end = low + match.start(1), low + match.end(1)
            start += ind.strip_head(self.text[start:end], self.place)
            if start < end and self.text[start:end] not in ("其", "当", "目标"):
                state.scope = ind.term(self.text, start, end)

    def _read(
        self,
        index: int,
        sentence: Sentence,
        block: Block,
        flat: str,
        quantities: Sequence[Quantity],
        slots: Sequence[Slot],
        position: int,
        state: State,
        earlier: State | None,
        readings: list[Reading],
    ) -> Reading:
        text = self.text
        quantity, slot = quantities[position], slots[position]
        own = text[slot.own : quantity.start]
        change = find = None
        if not slot.bare:
            change = find = ind.find_change(own)
        followed = slot.after[0] < slot.after[1] and text[slot.after[0]] not in "，。；：、）（！？”的\n"
        base_match = _BASE.search(own) if not slot.bare else None
        if base_match:
            change = None
        measure, measure_rule, sign = self._measure(quantity, slot, own, change, state, followed)
        measure_span = None
        if find is not None and measure in ("growth", "change"):
            measure_span = (slot.own + find.end, quantity.start)
        if slot.bare:
            term, how, rule = self._listed(state)
        else:
            term, how, rule = self._term(
                sentence, flat, quantities, slots, position, own, change, base_match, measure, state, earlier
            )
        if measure in ("growth", "change") and state.suffix and rule != "listed":
            term = term + state.suffix
        if sign < 0 and _CARRIES_FALL.search(term.text):
            sign = 1
        if slot.bare and readings:
            # a list member is of the time and the kind of the list
            dating, kind, kind_rule = readings[-1].dating, readings[-1].kind, readings[-1].kind_rule
        else:
            dating = find_period(
                text,
                sentence,
                block,
                self.frame,
                clause=slot.clause,
                own=slot.own,
                quantity=quantity,
                base=base_match.group() if base_match else None,
                measure=measure,
                to=change.to if change else None,
                term=term.text,
                behind="behind" in rule,
            )
            kind, kind_rule = self._kind(block, sentence, quantity, slot, own, dating)
            if base_match and kind == "target":
                kind, kind_rule = "actual", "base-of-a-target"
        state.measure, state.sign, state.unit = measure, sign, quantity.unit
        place, place_span = self._where(slot, own, sentence)
        return Reading(
            quantity, term, how, rule, measure, measure_rule, measure_span, sign, kind, kind_rule, dating, place,
            place_span, index,
        )

    # -- measure --------------------------------------------------------------------------------------------------

    def _measure(
        self, quantity: Quantity, slot: Slot, own: str, change: Change | None, state: State, followed: bool
    ) -> tuple[Measure, str, int]:
        """Measure, the rule that gave it, and the sign."""
        unit = quantity.unit
        percent = unit in ("%", "‰")
        if quantity.hint == "rank":
            return "rank", "rank-form", 1
        if unit in ("位", "个位次", "位次", "名") and _PLACES_MOVED.search(own):
            return "change", "places-moved", -1 if re.search(r"后移|下降|下滑|退", own[-5:]) else 1
        if slot.bare and (unit == state.unit or (percent and state.measure in ("growth", "completion"))):
            return state.measure, "as-the-list", state.sign
        if unit in ("个百分点", "个基本点", "百分点"):
            down = change.down if change else bool(re.search(r"降|减|低|跌|落|缩|收窄", own[-6:]))
            return "change", "percentage-points", -1 if down else 1
        if percent and _GROWS_BEHIND.match(self.text, quantity.end) and not (change and not change.to):
            return "growth", "growth-behind", 1
        if percent and (_COMPLETION.search(own) or _COMPLETION_NAME.search(own)):
            return "completion", "share-of-a-plan", 1
        if change and not change.to:
            if percent or unit == "倍":
                name = own[: change.end]
                sign = -1 if change.down else 1
                if change.verb in ("改善", "变好") and _LESS_IS_BETTER.search(name + state.last.text):
                    sign = -1
                return "growth", f"{change.verb}-before-{unit}", sign
            if quantity.hint == "growth":
                return "growth", "times-form", 1
            name = own[: change.end]
            if not change.compared and not change.down and ind.strip_head(name) >= len(name) and (followed or not state.last):
                return "level", "increase-without-a-base", 1
            if change.verb == "提升" and not change.compared:
                return "level", "upgrade-of-things", 1
            if change.verb in ("快", "高", "多", "增", "少", "低", "慢", "增收", "减征", "减负", "提前", "延长", "翻") and not change.compared \
                    and change.verb not in ("增", "延长"):
                return "level", "no-base", 1
            return "change", f"{change.verb}-with-a-unit", -1 if change.down else 1
        if quantity.hint == "growth":
            return "growth", "times-form", 1
        opening = _MOVED_FIRST.match(own[ind.strip_head(own) :])
        if opening and not percent and (change is None or not change.to) and len(own) - ind.strip_head(own) > 3:
            return "change", f"{opening.group()}-before-its-noun", -1 if opening.group() == "减少" else 1
        if percent and _RATE_NAMES.search(own[: ind.strip_tail(own)]):
            return "growth", "rate-of-growth-by-name", 1
        if unit == "倍" and _TIMES_OF.search(own):
            return "growth", "times-of-a-base", 1
        return "level", "amount-itself", 1

    # -- indicator ------------------------------------------------------------------------------------------------

    def _listed(self, state: State) -> tuple[Term, How, str]:
        if state.shared:
            return state.shared.pop(0), "written", "list-by-position"
        return state.last, "inherited", "listed"

    def _term(
        self,
        sentence: Sentence,
        flat: str,
        quantities: Sequence[Quantity],
        slots: Sequence[Slot],
        position: int,
        own: str,
        change: Change | None,
        base: re.Match[str] | None,
        measure: Measure,
        state: State,
        earlier: State | None,
    ) -> tuple[Term, How, str]:
        text = self.text
        quantity, slot = quantities[position], slots[position]
        state.suffix = NOTHING
        state.shared = []
        end = change.end if change else base.start() if base else len(own)
        separately = "分别" in own
        if change and change.suffix and measure in ("growth", "change"):
            state.suffix = ind.term(text, slot.own + change.suffix[0], slot.own + change.suffix[1])
        times = _TIMES_OF.search(own) if quantity.unit == "倍" else None
        if times:
            end = times.start()
        if measure == "rank":
            end = self._before_rank(own)
            if own[:end].endswith("中") and slot.same and position:
                # 竞争力在全国294个城市中排名第一: the subject stands before the number of peers
                first = slots[position - 1].own
                peers = text.find("在", first, quantities[position - 1].start)
                if peers > first:
                    first += ind.strip_head(text[first:peers], self.place)
                    if first < peers:
                        return ind.term(text, first, peers), "written", "rank-among-peers"
        elif measure == "completion" and not _COMPLETION_NAME.search(own):
            match = _COMPLETION.search(own)
            end = match.start() if match else end
        moved = _PLACES_TAIL.search(own[:end]) if measure == "change" and not change else None
        if moved:
            end = moved.start()
        if measure == "change" and (peers := _PEERS.search(own[:end] if not change else own)):
            start, end = peers.start(), peers.end()
        else:
            end = ind.strip_tail(own[:end])
            start = min(ind.strip_head(own[:end], self.place), end)
        name = own[start:end]
        at = slot.own + start
        members = 1
        while position + members < len(slots) and slots[position + members].bare:
            members += 1
        if quantity.group is not None and quantity.form == "ratio":
            return self._ratio(at, name, members, state)
        if members > 1 or separately:
            dealt = self._deal(
                at, name, members, separately, state, earlier, sentence, slot, measure in ("growth", "change")
            )
            if dealt:
                state.shared = dealt[1:]
                self._keep(state, dealt[0], measure, base_term=dealt[0])
                if measure == "level":
                    state.history.extend(dealt[1:])
                    state.last = dealt[-1]
                return dealt[0], "written" if name else "inherited", "list-by-position"
        if measure in ("growth", "change", "rank", "completion"):
            term, how, rule = self._moved(at, name, measure, state, earlier, sentence, slot)
            if measure in ("growth", "change") and not term and change and not change.compared:
                following = self._after(quantity, slot)
                if following:
                    return ind.term(text, *following), "written", "noun-behind"
            return term, how, rule
        return self._level(sentence, flat, quantities, slots, position, at, name, own, state, earlier)

    def _before_rank(self, own: str) -> int:
        match = _RANK_VERB.search(own)
        end = match.start() if match else len(own)
        while end and own[end - 1] in "均都也还则，、":
            end -= 1
        return end

    def _ratio(self, at: int, name: str, members: int, state: State) -> tuple[Term, How, str]:
        text = self.text
        head = ind.term(text, at, at + len(name)) if name else state.base
        if name:
            state.base = head
        if members == 3:
            parts = [head + ind.supplied(part, at) for part in ("第一产业", "第二产业", "第三产业")]
            state.shared = parts[1:]
            return parts[0], "written" if name else "inherited", "industry-ratio"
        state.last = head
        return head, "written" if name else "inherited", "ratio"

    def _deal(
        self,
        at: int,
        name: str,
        members: int,
        separately: bool,
        state: State,
        earlier: State | None,
        sentence: Sentence,
        slot: Slot,
        moving: bool,
    ) -> list[Term] | None:
        """One term for each member of a list of numbers, or None where the names do not fit them."""
        text = self.text
        if name and members > 1:
            verb = ind.doing_verb(name)
            names = name[verb:] if verb < len(name) else name
            offset = verb if verb < len(name) else 0
            cut = ind.after_list(names)
            if cut and cut < len(names):
                names, offset = names[cut:], offset + cut
            dealt = ind.share_names(text, at + offset, names, members)
            if dealt:
                if offset and verb and offset == verb:
                    dealt = [ind.term(text, at, at + verb) + one for one in dealt]
                if state.scope:
                    dealt = [state.scope + one for one in dealt]
                return dealt
            if separately and name in ind.ATTRIBUTES and len(state.history) >= members:
                return [one + ind.term(text, at, at + len(name)) for one in state.history[-members:]]
            if name not in ind.ATTRIBUTES:
                return None
        if separately and not name and members > 1:
            pool = state.history or (earlier.history if earlier else [])
            if len(pool) >= members:
                return list(pool[-members:])
        if not name and not separately and members > 1 and moving and len(state.history) >= members:
            # 分别为2.9万元、2万元，增长8.5%、9.5%
            return list(state.history[-members:])
        if separately and members > 1 and (not name or name in ind.ATTRIBUTES):
            topic = self._topic(sentence, slot)
            if topic:
                start, end, _ = topic.pieces[0]
                dealt = ind.share_names(text, start, text[start:end], members)
                if dealt and name:
                    dealt = [one + ind.term(text, at, at + len(name)) for one in dealt]
                return dealt
        return None

    def _moved(
        self, at: int, name: str, measure: Measure, state: State, earlier: State | None, sentence: Sentence, slot: Slot
    ) -> tuple[Term, How, str]:
        """The subject of a growth, a change, a rank or a completion: its own words, or what was last measured."""
        text = self.text
        own = ind.term(text, at, at + len(name))
        last = self._new_subject(sentence, slot) or state.last
        how: How = "inherited"
        if not last and earlier:
            last = earlier.last
        if not name or name in ("增速", "增幅", "增长速度") and measure == "growth":
            if last:
                if name and measure == "growth":
                    return last, how, "growth-of-the-last-level"
                return last, how, f"{measure}-of-the-last-level"
            topic = self._topic(sentence, slot)
            return topic, how if topic else "assumed", "topic-of-the-sentence"
        if _SHARE.match(name) or _AGAINST.match(name):
            return (last + own, how, "share-of-the-last-level") if last else (own, "written", "own-words")
        if ind.is_attribute(name) or (measure == "rank" and name in _RANKED_SIDES):
            base = state.base if measure != "rank" or name not in ("增速", "增幅", "总量", "规模", "排名") else last
            base = self._new_subject(sentence, slot) or base or (last if name not in _STAND_ALONE else NOTHING)
            if base and not base.text.endswith(name):
                joined = base + own
                if measure != "rank":
                    state.last = joined
                return joined, how, "attribute-of-the-last-thing"
        verb = ind.doing_verb(name)
        cut = ind.after_list(name)
        if cut and cut < len(name):
            own = ind.term(text, at, at + verb) + ind.term(text, at + cut, at + len(name)) if 0 < verb < cut \
                else ind.term(text, at + cut, at + len(name))
        if ind.takes_measured_noun(name):
            noun = ind.measured_noun(state.last.text) or (ind.measured_noun(earlier.last.text) if earlier else "")
            if noun:
                own = own + ind.supplied(noun, at + len(name))
        if state.scope:
            own = state.scope + own
        if measure != "rank":
            self._keep(state, own, measure, base_term=own)
        return own, "written", "own-words"

    def _keep(self, state: State, term: Term, measure: Measure, base_term: Term | None) -> None:
        """Remember what was measured, for the numbers behind it."""
        state.last = term
        if base_term:
            state.base = ind.without_attribute(base_term)
        if measure == "level":
            state.history.append(term)

    def _after(self, quantity: Quantity, slot: Slot) -> tuple[int, int] | None:
        """The noun or predicate behind a number, up to the next mark or the next number's own words."""
        text = self.text
        start, end = slot.after
        if start >= end:
            return None
        if text[start] in "，。；：、）（！？”\n":
            return None
        if text[start] == "的":
            start += 1
        behind = text[start:end]
        behind = _LOOSE_END.sub("", behind)
        if behind.endswith("进行"):
            behind = behind[:-2]
        if not behind or ind.strip_tail(behind) == 0 or behind.startswith(("目标", "任务", "的目标", "大关", "门槛", "台阶", "关口")):
            return None
        moved = ind.find_change(behind)
        if moved and moved.end == 0:
            return None
        flat = _blank(behind)
        if "、" in flat[:9]:
            cut = ind.after_list(behind[:24])
            if 0 < cut < len(behind):
                start, behind, flat = start + cut, behind[cut:], flat[cut:]
        if len(behind) > 26:
            cut = flat.find("、", 4)
            behind = behind[: cut if 4 <= cut <= 26 else 26]
        return (start, start + len(behind))

    def _level(
        self,
        sentence: Sentence,
        flat: str,
        quantities: Sequence[Quantity],
        slots: Sequence[Slot],
        position: int,
        at: int,
        name: str,
        own: str,
        state: State,
        earlier: State | None,
    ) -> tuple[Term, How, str]:
        text = self.text
        quantity, slot = quantities[position], slots[position]
        following = self._after(quantity, slot)
        described = text[quantity.end : quantity.end + 1] == "的"
        counted = quantity.unit not in _UNCOUNTED
        verb = ind.doing_verb(name)
        if not slot.same:
            state.verb = NOTHING
        since = quantities[position - 1].end if position else sentence.start
        if "其中" in text[since : quantity.start]:
            state.among = state.base or (earlier.base if earlier else NOTHING)
        elif text[slot.clause - 1 : slot.clause] == "；":
            state.among = NOTHING
        if _SHARE.match(name):
            last = state.last or (earlier.last if earlier else NOTHING)
            own_term = ind.term(text, at, at + len(name))
            return (last + own_term, "inherited", "share-of-the-last-level") if last else (own_term, "written", "own-words")
        # a size that only describes the noun behind it: 投资20亿元的项目
        size = ind.size_at_end(name) if described and following else 0
        if size and following:
            thing = ind.term(text, *following)
            term = thing + ind.term(text, at + len(name) - size, at + len(name))
            state.base = thing
            return term, "written", "size-of-the-noun-behind"
        only_verb = verb == len(name)
        if only_verb and name not in ind.ATTRIBUTES or not name:
            carried = ind.term(text, at, at + len(name)) if name else (state.verb if slot.same else NOTHING)
            if name:
                state.verb = carried
            if following:
                term = carried + ind.term(text, *following)
                if not carried or len(term.text) <= 3:
                    term = term + self._shared_behind(quantities, slots, position, following)
                self._keep(state, term, "level", base_term=term)
                return term, "written", "verb-and-noun-behind" if carried else "noun-behind"
            return self._without_noun(sentence, flat, quantities, slots, position, at, name, carried, state, earlier)
        money = name in ind.MONEY
        if money and not counted:
            purpose = self._purpose(sentence, flat, quantities, slots, position, following, state)
            if purpose:
                term = purpose + ind.term(text, at, at + len(name))
                state.last = term
                state.base = purpose
                state.history.append(term)
                return term, "written", "money-for-what-follows"
        if name in _DONE_TO and following and counted:
            term = ind.term(text, at, at + len(name)) + ind.term(text, *following)
            self._keep(state, term, "level", base_term=term)
            return term, "written", "verb-and-noun-behind"
        if ind.is_attribute(name) or (only_verb and name):
            base = self._new_subject(sentence, slot) or state.base
            rule = "attribute-of-the-last-thing"
            if not base:
                base = self._topic(sentence, slot)
                rule = "attribute-of-the-topic"
            if not base and earlier:
                base = earlier.base
                rule = "attribute-of-the-sentence-before"
            if base:
                own_term = ind.term(text, at, at + len(name))
                if following and counted:
                    own_term = own_term + ind.term(text, *following)
                if base.text.endswith(name):
                    term = base
                else:
                    term = base + own_term
                state.last = term
                if not state.base:
                    state.base = base
                state.history.append(term)
                return term, "inherited", rule
            if following:
                term = ind.term(text, at, at + len(name)) + ind.term(text, *following)
                self._keep(state, term, "level", base_term=term)
                return term, "written", "own-words-and-noun-behind"
        attributable = counted or quantity.unit not in _NEVER_ATTRIBUTIVE
        cut = ind.after_list(name)
        verb_term = ind.term(text, at, at + verb) if 0 < verb < len(name) else NOTHING
        if verb_term:
            state.verb = verb_term
        elif slot.same and state.verb and not ind.measured_noun(name):
            verb_term = state.verb
        rule = "own-words"
        if cut >= len(name):
            term = verb_term + ind.term(text, *following) if following else ind.term(text, at, at + len(name))
            rule = "noun-behind-a-list"
        elif cut:
            term = verb_term + ind.term(text, at + cut, at + len(name))
            rule = "noun-after-等"
            if following and counted:
                term = term + ind.term(text, *following)
        else:
            tail = ind.verb_at_end(name) if following else 0
            if tail and tail < len(name):
                state.verb = ind.term(text, at + len(name) - tail, at + len(name))
                if len(name) - tail > 4:
                    at, name, verb_term = at + len(name) - tail, name[-tail:], NOTHING
            elif following and own.endswith("的") and attributable:
                name = name[: verb or 0]
                verb_term = NOTHING
            begin = verb if verb_term and verb and verb < len(name) else 0
            noun = ind.term(text, at + begin, at + len(name))
            attached = following and (counted or quantity.unit not in _NEVER_ATTRIBUTIVE or ind.verb_at_end(name))
            if following and attached and not described:
                listed = "、" in _blank(name)
                if listed:
                    term = verb_term + ind.term(text, *following)
                    rule = "noun-behind-a-list"
                else:
                    term = verb_term + noun + ind.term(text, *following)
                    rule = "own-words-and-noun-behind"
            else:
                term = verb_term + noun
        if quantity.unit == state.unit and (other := ind.counterpart(term, state.last)):
            term, rule = other, "other-half-of-the-last-level"
        if quantity.unit in _WEIGHTS and not verb_term and self._bare_product(name, state):
            term = term + ind.supplied("产量", at + len(name))
            rule = "product-means-output"
        if state.among and counted and len(name) <= 4 and rule == "own-words" and not ind.measured_noun(name) and not verb:
            term = state.among + term
            state.last = term
            state.history.append(term)
            return term, "inherited", "part-of-the-whole"
        if state.scope:
            term = state.scope + term
        self._keep(state, term, "level", base_term=term)
        return term, "written", rule

    def _shared_behind(
        self, quantities: Sequence[Quantity], slots: Sequence[Slot], position: int, following: tuple[int, int]
    ) -> Term:
        """The predicate or tail that the last of a list has for all (5个地级市和5个县级市获评…; 1个区级、3个街道和6个社区中心)."""
        last = position
        while last + 1 < len(slots) and slots[last + 1].same and not slots[last + 1].bare:
            last += 1
        if last == position:
            return NOTHING
        behind = self._after(quantities[last], slots[last])
        if behind is None:
            return NOTHING
        words_ = self.text[behind[0] : behind[1]]
        own = self.text[following[0] : following[1]]
        at = ind.predicate_behind(words_)
        if at and not ind.predicate_behind(own):
            return ind.term(self.text, behind[0] + at, behind[1])
        if (len(own) <= 2 or own.endswith("级")) and len(words_) - len(own) >= 3:
            return ind.term(self.text, behind[0] + len(own), behind[1])
        return NOTHING

    def _bare_product(self, name: str, state: State) -> bool:
        if len(name) > 10 or _PRODUCT_TAIL.search(name) or ind.is_stock(name) or ind.measured_noun(name):
            return False
        return name in _PRODUCTS or any("产量" in one.text or "总产" in one.text for one in state.history)

    def _without_noun(
        self,
        sentence: Sentence,
        flat: str,
        quantities: Sequence[Quantity],
        slots: Sequence[Slot],
        position: int,
        at: int,
        name: str,
        carried: Term,
        state: State,
        earlier: State | None,
    ) -> tuple[Term, How, str]:
        """A number with at most a verb: what it counts stands in an earlier clause."""
        slot = slots[position]
        if position and slot.same and not name:
            # 2万户5万人, 3个4公里: another dimension of the same thing
            self._keep(state, state.last, "level", base_term=None)
            return state.last, "inherited", "second-dimension"
        fresh = self._new_subject(sentence, slot)
        if fresh and not carried:
            self._keep(state, fresh, "level", base_term=fresh)
            return fresh, "inherited", "subject-of-the-clause-before"
        if carried and (len(name) >= 4 or name in _WHOLE_VERBS) and quantities[position].unit in _UNCOUNTED:
            self._keep(state, carried, "level", base_term=carried)
            return carried, "written", "verb-that-names-the-thing"
        if state.base:
            term = carried + state.base if carried else state.base
            if carried:
                previous = ind.doing_verb(state.base.text)
                if previous and previous < len(state.base.text):
                    first = state.base.pieces[0]
                    if previous < len(first[2]):
                        stripped = Term(((first[0] + previous, first[1], first[2][previous:]), *state.base.pieces[1:]))
                        term = carried + stripped
                    elif previous == len(first[2]):
                        term = carried + Term(state.base.pieces[1:])
            state.last = term
            state.history.append(term)
            return term, "inherited", "thing-of-an-earlier-clause"
        topic = self._topic(sentence, slot, tail=True)
        if topic:
            term = carried + topic
            self._keep(state, term, "level", base_term=topic)
            return term, "inherited", "thing-of-an-earlier-clause"
        if earlier and earlier.base:
            term = carried + earlier.base
            self._keep(state, term, "level", base_term=earlier.base)
            return term, "inherited", "thing-of-the-sentence-before"
        term = carried
        self._keep(state, term, "level", base_term=term)
        return term, "written", "verb-alone"

    def _new_subject(self, sentence: Sentence, slot: Slot) -> Term:
        """The subject of the clause right before this one, where that clause holds no number and says how its subject
        stands (原油产量继续增长，达到…; 融资规模前所未有，到位资金…)."""
        text = self.text
        end = slot.clause - 1
        if end <= sentence.start or text[end] not in "，：":
            return NOTHING
        start = max(text.rfind(mark, sentence.start, end) for mark in "，；。：") + 1
        start = max(start, sentence.start)
        clause = text[start:end]
        if not 4 <= len(clause) <= 30 or _DIGIT.search(clause):
            return NOTHING
        skip = ind.strip_head(clause, self.place)
        if ind.doing_verb(clause[skip:]):
            return NOTHING
        match = _STANDS.search(clause, skip + 2)
        if not match or match.start() - skip > 20:
            return NOTHING
        return ind.term(text, start + skip, start + match.start())

    def _topic(self, sentence: Sentence, slot: Slot, tail: bool = False) -> Term:
        """What the clauses before this one (without a number) are about; from the last one that names something."""
        text = self.text
        if slot.clause <= sentence.start:
            return NOTHING
        before = text[sentence.start : slot.clause - 1]
        flat = _blank(before)
        bounds = [0, *[m.end() for m in _SEPARATOR.finditer(flat)]]
        for left, right in zip(reversed(bounds), [len(before), *[b - 1 for b in reversed(bounds[1:])]], strict=True):
            clause = before[left:right]
            end = len(clause)
            if tail:
                start = ind.after_list(clause)
                if start == end:
                    start = 0
                if not start:
                    start = ind.strip_head(clause, self.place)
                    start += ind.doing_verb(clause[start:])
                if 0 < end - start <= 24:
                    return ind.term(text, sentence.start + left + start, sentence.start + left + end)
                continue
            start = ind.strip_head(clause, self.place)
            verb = ind.doing_verb(clause[start:])
            if verb and start + verb + 2 <= end:
                start += verb
                size = end - start
                cut = ind.after_list(clause[start:])
                if cut and cut < size:
                    start, size = start + cut, size - cut
                if 2 <= size <= 24:
                    return ind.term(text, sentence.start + left + start, sentence.start + left + start + size)
                continue
            size = ind.subject_of_clause(clause[start:])
            cut = ind.after_list(clause[start : start + size])
            if cut and cut < size:
                start, size = start + cut, size - cut
            if 2 <= size <= 24:
                return ind.term(text, sentence.start + left + start, sentence.start + left + start + size)
        return NOTHING

    def _purpose(
        self,
        sentence: Sentence,
        flat: str,
        quantities: Sequence[Quantity],
        slots: Sequence[Slot],
        position: int,
        following: tuple[int, int] | None,
        state: State,
    ) -> Term:
        """What money was for: the words right behind it, or the next clause where nothing before it names a thing."""
        text = self.text
        quantity = quantities[position]
        if following and text[quantity.end] != "的":
            start, end = following
            if text[start:end] in ("对", "用于", "为", "给") and position + 1 < len(quantities):
                nxt = self._after(quantities[position + 1], slots[position + 1])
                if nxt:
                    return ind.term(text, *nxt)
            cut = _PURPOSE_CUT.match(text[start:end])
            if cut and cut.end() < end - start:
                start += cut.end()
            return ind.term(text, start, end)
        if following:
            return ind.term(text, *following)
        if text[quantity.end : quantity.end + 1] not in "，、" or not text[quantity.end :]:
            return NOTHING
        opens = slots[position].clause
        fresh = opens <= sentence.start or text[opens - 1] in "；。" or not state.base
        start = quantity.end + 1
        stop = _SEPARATOR.search(flat, start - sentence.start)
        end = sentence.start + stop.start() if stop else sentence.end
        if position + 1 < len(quantities):
            end = min(end, quantities[position + 1].start)
        clause = text[start:end]
        skip = ind.strip_head(clause, self.place)
        verb = ind.doing_verb(clause[skip:])
        if state.base and not (fresh and (verb or clause.startswith(("对", "用于", "完成", "实施")))):
            return NOTHING
        if skip + verb < len(clause):
            skip += verb
        elif position + 1 < len(quantities) and quantities[position + 1].start == end:
            nxt = self._after(quantities[position + 1], slots[position + 1])
            if nxt:
                return ind.term(text, *nxt)
        words_ = clause[skip:].rstrip("了的，。；")
        if not 1 < len(words_) <= 24:
            words_ = words_[:24]
        if len(words_) < 2 or words_ in ("项目", "工程", "重点项目", "重点工程"):
            return NOTHING
        return ind.term(text, start + skip, start + skip + len(words_))

    # -- kind, place ----------------------------------------------------------------------------------------------

    def _kind(
        self, block: Block, sentence: Sentence, quantity: Quantity, slot: Slot, own: str, dating: Dating
    ) -> tuple[Kind, str]:
        text = self.text
        before = text[slot.clause : quantity.start]
        behind = text[quantity.end : sentence.end]
        article = self.frame.articles[block.article] if block.article < len(self.frame.articles) else None
        news = article is not None and article.kind in ("news", "caption")
        plan = block.part == "plan"
        if text[quantity.end : quantity.end + 1] == "的" and quantity.unit not in ("%", "‰"):
            name = own[ind.strip_head(own, self.place) : ind.strip_tail(own)]
            size = name in ind.SIZES or (not name and quantity.unit in _UNCOUNTED)
            if size and not (ind.finished(behind.split("，")[0]) or re.search(r"组建|设立|发行|建成|完成", before)):
                return "context", "size-that-describes-a-project"
        if quantity.rule in ("big-few", "几大") and not plan:
            return "context", "number-of-a-fixed-set"
        if plan:
            reviewed = last_year(self.frame.year_reviewed)
            of_the_past = dating.how != "assumed" and dating.period and reviewed and last_year(dating.period) <= reviewed
            if of_the_past or _FACT_IN_PLAN.search(before):
                return "actual", "past-in-the-plan"
            return "target", "section"
        if _GOAL_BEFORE.search(own) or (
            _GOAL_BEHIND.match(behind) and re.search(r"达到|超过|提前|确定|提出|增长", before)
        ):
            return "target", "goal-quoted-in-the-review"
        if news and _FORESEEN.search(before):
            return "projection", "foreseen"
        if _FORESEEN.search(before) and re.search(r"建成后|投产后|达产后|可实现|可达", before):
            return "projection", "foreseen"
        return "actual", "section"

    def _where(self, slot: Slot, own: str, sentence: Sentence) -> tuple[str | None, tuple[int, int] | None]:
        match = _PLACE_HEAD.match(own)
        if match:
            start, end = match.span(1)
            name = match.group(1)
            if name == "全国" and _NATIONAL_NAME.match(own, end):
                return self.place, None
            if name in ("全国", "我国") or (len(name) >= 2 and not _NOT_A_PLACE.search(name)):
                return ("全国" if name == "我国" else name), (slot.own + start, slot.own + end)
        return self.place, None


_DIGIT = re.compile(r"[0-9]|[一二三四五六七八九十百千万亿]{2,}")
_STANDS = re.compile(
    r"(?:继续|持续|稳步|大幅度|大幅|快速|较快|不断|显著|明显|平稳|保持|进一步|再次|首次|稳定|逐年|逐步)?(?:增长|增加(?!值)|提高|提升|上升|下降|扩大|改善|加快|发展|增强|优化|回升|减少|降低|前所未有|创新高|再创新高)"
)
_RANKED_SIDES = frozenset(("总量", "规模", "数量", "增速", "增幅", "排名", "综合排名", "位次", "成绩", "总分", "占比", "改善率", "得分"))
_WHOLE_VERBS = frozenset(("造林", "植树造林", "造林绿化", "绿化", "退耕还林", "育林", "融资", "招商", "招商引资", "脱贫", "就业", "治污"))
_DONE_TO = frozenset(("竣工", "开工", "完工", "投产", "并网", "建成", "通车", "交付", "入库", "发放", "验收", "封顶"))
_STAND_ALONE = frozenset(("投资", "收入", "支出", "税收", "贷款", "存款", "人口", "就业"))
_PLACE_HEAD = re.compile(
    r"(?:其中|[，、：]|在|由|从|到|年底|年末|全年|[0-9]{4}年)*(全国|我国|市城区|市区|市中心城区|中心城区|城区|新区|[一-鿿]{2,4}?(?:县|镇|乡|街道|办事处|开发区|工业园区|高新区|自贸试验区))(?=[一-鿿“])"
)
_NOT_A_PLACE = re.compile(r"城镇$|城乡$|^(?:全县|各县|我县|本县|该县|全镇|各镇|全乡|各乡|[一二三四五六七八九十百]|新建|建成|完成|实施|推进|国家|省级|市级|打造|创建|特色|重点|示范|城|农村|两|百|千|多|每|整|县)")
_NATIONAL_NAME = re.compile(r"重点|文明|百强|首批|示范|最|优秀|先进|模范|劳动|绿色|生态|双拥|人大|政协|社会保障|率先|[0-9]|领先|前列|平均")
_PRODUCTS = words("products")


def read_sentences(frame: Frame, folded: Folded, quantities: Sequence[Quantity]) -> list[Reading]:
    """Every quantity that stands in a sentence, with its meaning, in text order."""
    reader = Reader(frame, folded)
    readings: list[Reading] = []
    at, total = 0, len(quantities)
    earlier: State | None = None
    paragraph, block = -1, -1
    for index, sentence in enumerate(frame.sentences):
        while at < total and quantities[at].start < sentence.start:
            at += 1
        first = at
        while at < total and quantities[at].end <= sentence.end:
            at += 1
        if sentence.paragraph != paragraph or sentence.block != block:
            earlier, paragraph, block = None, sentence.paragraph, sentence.block
        if first == at:
            continue
        part = frame.blocks[sentence.block].part
        if part == "furniture":
            continue
        found, state = reader.sentence(index, sentence, quantities[first:at], earlier)
        readings.extend(found)
        earlier = state
    return readings
