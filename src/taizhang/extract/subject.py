"""Which thing a number is of: the words of its own clause, what stands behind it, or what earlier clauses measured.

One `Subjects` serves a document. `find` answers with a `Found`: the term, whether it was written here or inherited,
and the rule. It keeps `Scene.state` up to date for the numbers behind.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from taizhang.extract import indicator as ind
from taizhang.extract.before import Before
from taizhang.extract.behind import SIZE_ONLY, TIMES_DONE, Behind, dimension, is_attributive, is_counted
from taizhang.extract.dealing import Dealing
from taizhang.extract.indicator import NOTHING, Change, Term
from taizhang.extract.measure import COMPLETION, COMPLETION_NAME, TIMES_OF
from taizhang.extract.scene import SEPARATOR, Scene, State
from taizhang.lexicon.meaning import words
from taizhang.model import How, Measure, Quantity

_WEIGHED = frozenset(("mass", "energy", "volume", "length"))


_SHARE = re.compile(r"占(?!地|用|道|线|压)|^比重|^占比|^份额")
_RANK_VERB = re.compile(
    r"(?:连续[^，。；]{1,6}年)?(?:首次)?(?:稳居|跃居|分列|分居|分获|位居|位列|名列|居于|居(?!民|住)|(?:综合)?排名|排在|排(?!放|水|污|灌|名)|列(?!车|入)"
    r"|位次|保持|进入|进位|上升|跃升|提升|升(?!级|学)|前移|进(?!出口|口|度|展|步|一步|修|行))"
    r"(?:到|至|在|于)?(?:了)?[^，。；、]{0,12}$"
    r"|(?:连续[^，。；]{1,6}年)?(?:我国|全国|全省|全市|全区|全县|全州|世界|全球|中西部|西部|中部|东部|同类|沿海)"
    r"(?:[^，。；、]{0,8}(?:省|市|区|县|州|盟|旗|城市|地区|省份|中|类|系统))?$"
)
_PRODUCT_TAIL = re.compile(
    r"(?:产量|总产|产|能力|规模|量|面积|装机|出栏|存栏|消费|消耗|排放|运量|储备|项目|工程|重|任务|水|库存|垃圾|污泥)$"
)
_PEERS = re.compile(r"(?:高于|低于|快于|慢于|好于|高出|优于)(?:全国|全省|全市|全区|省|市|上年|去年)[^，。；、]{0,8}$")
_AMONG_ALL = re.compile(r"(?:在|于)?(?:全国|全省|全市|全区|全县|全州|世界|全球)(?:的?(?:排名|位次))?$")
_FUNDS = re.compile(r"[^，。；的、]{0,8}?(?:专项资金|补助资金|建设资金|补贴资金|资金|基金|国债|债券|救灾款|专款|补贴)")
"""What kind of money an amount is, behind it (中央财政安排30亿元国债资金)."""
_REACHED = ("达到", "达", "总数达", "增至", "增加到", "突破")
_HALVES = frozenset(("城镇", "农村", "城市", "乡村"))
_OF_PEOPLE = ("居民", "人均", "常住", "低保", "登记")
_ONLY_WHEN = re.compile(r"[^，。；、]{1,6}(?:(?<![小工课学战税农])时|(?<![售产课])后|之后|以后|以前|之前)")
"""An adverbial that only says when (精简后为18个): what the number is of stands before it."""
_ONLY_BASE = re.compile(r"[即也仍]?(?:比(?![例重值])|较)[^，。；、]{0,8}的?")
"""What a base is, without what is measured (比原来设想的60亿元多5%)."""
_PLACES_TAIL = re.compile(
    r"(?:比上年|较上年|比去年|较去年|同比|比20[0-9]{2}年|排名|位次|全省|全国|全市|在)*(?:前移|后移|前进|进位|晋升|跃进|攀升)(?:了)?$"
)
_AGAINST = re.compile(r"高于|低于|快于|慢于|好于|高出|优于")
_RANKED_SIDES = frozenset(
    ("总量", "规模", "数量", "增速", "增幅", "排名", "综合排名", "位次", "成绩", "总分", "占比", "改善率", "得分")
)
_WHOLE_VERBS = frozenset(
    (
        "造林",
        "新造林",
        "植树造林",
        "植树",
        "新植树",
        "造林绿化",
        "绿化",
        "退耕还林",
        "育林",
        "融资",
        "招商",
        "招商引资",
        "脱贫",
        "就业",
        "治污",
    )
)
_CARRY_OUT = frozenset(("完成", "再完成", "实施", "启动", "开展", "累计完成", "启动实施"))
_BARE_WORK = re.compile(r"的?(?:升级|提升|综合|更新)?(?:改造|治理|整治|拆迁|搬迁|修复|绿化|硬化|建设)(?:任务|工程)?")
"""Work without the thing it is done to: an earlier clause names that."""
_WORK = re.compile(r"改造|治理|整治|拆迁|搬迁|修复|绿化|硬化|建设")
_DONE_TO = frozenset(("竣工", "开工", "完工", "投产", "并网", "建成", "通车", "交付", "入库", "发放", "验收", "封顶"))
_STAND_ALONE = frozenset(("投资", "收入", "支出", "税收", "贷款", "存款", "人口", "就业"))
_PRODUCTS = words("products")
_SCOPE = re.compile(r"(?:^|[，；。：])(?:在)?([^，；。：]{2,20}?)(?:中|方面|领域)，")
_GENERIC = re.compile(r"(?:产业|企业|行业|地区|领域|产品|商品|方面|县|市|区|乡镇)(?!群|园|链)")
_BY_WAY_OF = re.compile(r"经|根据|按照|依托|结合|借助|针对|面向|紧扣|本着|立足")
_DONE_BY_ALL = re.compile(r"通(?!过)|接入|纳入|用上|喝上|建成|配备|脱贫|参加|享受|达标|整改|兑现|落户|入住")
"""Predicates that say what a share of things did (建制村100%通客车)."""
_SUMS = re.compile(r"(?:收入|支出|投资|产值|销售额|进出口|进口|出口|贷款|存款)$")
_TOTALS = frozenset(("总额", "总量", "总规模", "规模"))
_WIDE = re.compile(r"(?:全|我)[国省市县区州旗盟镇]")


class Found(NamedTuple):
    """An indicator, how it is known and the rule that found it."""

    term: Term
    how: How
    rule: str


class Subjects:
    """Finds what the numbers of one folded text are of."""

    def __init__(self, text: str, place: str | None) -> None:
        self.text = text
        self.place = place
        self.before = Before(text, place)
        self.behind = Behind(text, place)
        self.dealing = Dealing(text, place, self.before)

    def scope(self, scene: Scene) -> None:
        """Note a scope head between the last number and this one (在规模以上工业中，), which governs the sentence."""
        low = scene.quantities[scene.position - 1].end if scene.position else scene.sentence.start
        closed = self.text.rfind("；", low, scene.room.own) + 1
        if closed and scene.state.scope and self.text.startswith(("方面", "领域"), scene.state.scope.pieces[0][1]):
            scene.state.scope = NOTHING  # a field of work; 在规模以上工业中 governs the whole sentence
        low = max(low, closed)
        if scene.room.own <= low:
            return
        matches = list(_SCOPE.finditer(self.text[low : scene.room.own]))
        if matches:
            start, end = low + matches[-1].start(1), low + matches[-1].end(1)
            start += ind.strip_head(self.text[start:end], self.place)
            if start < end and self.text[start:end] not in ("其", "当", "目标"):
                scene.state.scope = ind.term(self.text, start, end)

    def listed(self, state: State) -> Found:
        """The term of a mere list member: its share of names dealt out, or what the list is of."""
        if state.shared:
            return Found(state.shared.pop(0), "written", "list-by-position")
        return Found(state.last, "inherited", "listed")

    def find(
        self,
        scene: Scene,
        own: str,
        change: Change | None,
        base: re.Match[str] | None,
        measure: Measure,
        skip: int = 0,
    ) -> Found:
        """The indicator of a number that is no mere list member.

        `own` are its own words, `change` the growth words at their end, `base` a 由… or 从… there; `skip` characters at
        their head name the place.
        """
        quantity, room, state = scene.quantity, scene.room, scene.state
        state.suffix = NOTHING
        state.shared = []
        if change and change.suffix and measure in ("growth", "change"):
            state.suffix = ind.term(self.text, room.own + change.suffix[0], room.own + change.suffix[1])
        if measure == "rank" and (peers := self._among_peers(scene, own)):
            return peers
        start, end = self._own_name(own, quantity, change, base, measure)
        start = max(start, skip) if skip < end else start
        name, at = own[start:end], room.own + start
        members, separately = scene.members(), "分别" in own
        if quantity.group is not None and quantity.form == "ratio":
            return self._ratio(at, name, members, state)
        if members > 1 or separately:
            dealt = self.dealing.deal(scene, at, name, members, separately, measure in ("growth", "change"))
            if dealt:
                state.shared = dealt[1:]
                _keep(state, dealt[0], measure)
                if measure == "level":
                    state.history.extend(dealt[1:])
                    state.last = dealt[-1]
                return Found(dealt[0], "written" if name else "inherited", "list-by-position")
        if measure == "level":
            return self._level(scene, at, name, own)
        found = self._moved(scene, at, name, measure)
        if measure in ("growth", "change") and not found.term and change and not change.compared:
            following = self.behind.after(quantity, room)
            if following:
                return Found(ind.term(self.text, *following), "written", "noun-behind")
        return found

    # -- the words of its own -------------------------------------------------------------------------------------

    def _own_name(
        self, own: str, quantity: Quantity, change: Change | None, base: re.Match[str] | None, measure: Measure
    ) -> tuple[int, int]:
        """Where the name of the indicator begins and ends in a number's own words."""
        end = change.end if change else base.start() if base else len(own)
        times = TIMES_OF.search(own) if quantity.unit == "倍" else None
        if times:
            end = times.start()
        if measure == "rank":
            match = _RANK_VERB.search(own) if base is None else None
            end = match.start() if match else end if base else len(own)
            if base or (match and match.group().startswith("综合排名")):
                end = len(_AMONG_ALL.sub("", own[:end]))
            end = len(own[:end].rstrip("均都也还则，、"))
        elif measure == "completion" and not COMPLETION_NAME.search(own):
            match = COMPLETION.search(own)
            end = match.start() if match else end
        elif measure == "change":
            moved = _PLACES_TAIL.search(own[:end]) if not change else None
            if moved:
                end = moved.start()
            if end == len(own) and own.endswith("净增"):
                end -= 2  # 覆盖率净增1.8个百分点
            peers = _PEERS.search(own[:end] if not change else own)
            if peers:
                return min(ind.strip_head(own, self.place), peers.start()), peers.end()
        end = ind.strip_tail(own[:end])
        if _ONLY_WHEN.fullmatch(own, 0, end) or _ONLY_BASE.fullmatch(own, 0, end):
            return end, end
        return min(ind.strip_head(own[:end], self.place), end), end

    def _among_peers(self, scene: Scene, own: str) -> Found | None:
        """竞争力在全国294个城市中排名第一: the subject stands before the number of peers."""
        match = _RANK_VERB.search(own)
        if not (scene.room.same and scene.position and own[: match.start() if match else len(own)].endswith("中")):
            return None
        first = scene.rooms[scene.position - 1].own
        peers = self.text.find("在", first, scene.quantities[scene.position - 1].start)
        if peers <= first:
            return None
        first += ind.strip_head(self.text[first:peers], self.place)
        return Found(ind.term(self.text, first, peers), "written", "rank-among-peers") if first < peers else None

    # -- lists ----------------------------------------------------------------------------------------------------

    def _ratio(self, at: int, name: str, members: int, state: State) -> Found:
        head = ind.term(self.text, at, at + len(name)) if name else state.base
        how: How = "written" if name else "inherited"
        if name:
            state.base = head
        if members == 3:
            parts = [head + ind.supplied(part, at) for part in ("第一产业", "第二产业", "第三产业")]
            state.shared = parts[1:]
            return Found(parts[0], how, "industry-ratio")
        state.last = head
        return Found(head, how, "ratio")

    # -- growth, change, rank, completion -------------------------------------------------------------------------

    def _moved(self, scene: Scene, at: int, name: str, measure: Measure) -> Found:
        """The subject of a growth, a change, a rank or a completion: its own words, or what was last measured."""
        text, state, earlier = self.text, scene.state, scene.earlier
        own = ind.term(text, at, at + len(name))
        fresh = self.before.new_subject(scene)
        last = fresh or state.last or self.before.stock_before(scene) or (earlier.last if earlier else NOTHING)
        if (
            not name
            and measure == "rank"
            and len(state.history) > 1
            and "均" in text[scene.room.own : scene.quantity.start]
        ):
            both = state.history[-2] + ind.supplied("、", at) + state.history[-1]
            return Found(both, "inherited", "rank-of-the-last-levels")
        if not name or (measure == "growth" and name in ("增速", "增幅", "增长速度")):
            if last:
                state.base = state.base or ind.without_attribute(last)
                if measure != "rank":
                    state.last = last
                return Found(last, "inherited", f"{measure}-of-the-last-level")
            topic = self.before.topic(scene)
            if topic and measure != "rank":
                state.last = topic  # 产量比上年增长7%，即增加5万吨
                state.base = state.base or ind.without_attribute(topic)
            return Found(topic, "inherited" if topic else "assumed", "topic-of-the-sentence")
        if _SHARE.match(name) or _AGAINST.match(name):
            own = ind.term(text, at, at + len(name.rstrip("的")))
            if last:
                return Found(last + own, "inherited", "share-of-the-last-level")
            return Found(own, "written", "own-words")
        if ind.is_attribute(name) or (measure == "rank" and name in _RANKED_SIDES):
            of_the_last = measure == "rank" and name in ("增速", "增幅", "总量", "规模", "排名")
            base = (
                ind.bare_subject(fresh)
                or (last if of_the_last else state.base)
                or (last if name not in _STAND_ALONE else NOTHING)
            )
            if ind.cannot_have(base, name):
                base = NOTHING
            if base and not base.text.endswith(name):
                joined = ind.without_new(base) + own
                if measure != "rank":
                    state.last = joined
                return Found(joined, "inherited", "attribute-of-the-last-thing")
        verb = ind.doing_verb(name)
        cut = ind.after_list(name)
        if cut and cut < len(name) and not _GENERIC.match(name, cut):
            own = ind.term(text, at + cut, at + len(name))
            if 0 < verb < cut:
                own = ind.term(text, at, at + verb) + own
        if ind.takes_measured_noun(name):
            noun = ind.measured_noun(state.last.text) or (ind.measured_noun(earlier.last.text) if earlier else "")
            if noun:
                own = own + ind.supplied(noun, at + len(name))
        if state.scope:
            own = state.scope + own
        if measure != "rank" or state.based:  # 从第12位升至第5位: the second place is of the same thing
            _keep(state, own, measure)
        return Found(own, "written", "own-words")

    # -- levels ---------------------------------------------------------------------------------------------------

    def _level(self, scene: Scene, at: int, name: str, own: str) -> Found:
        """The thing of which a level is the amount."""
        text, state = self.text, scene.state
        quantity, room = scene.quantity, scene.room
        following = self.behind.after(quantity, room)
        counted = is_counted(quantity.unit)
        if not room.same:
            state.verb = NOTHING
        self._open_whole(scene)
        if own.endswith(("和", "及", "、")) and not room.same and quantity.unit == "%" and following and not counted:
            return self._thing_behind(scene, quantity.start, "", following)  # 甲机构和74%的乙室实行了…
        if _SHARE.match(name):
            last = state.last or (scene.earlier.last if scene.earlier else NOTHING)
            share = ind.term(text, at, at + len(name.rstrip("的")))
            if following and text.startswith("的", quantity.end) and quantity.unit == "%":
                # 占世界7%的耕地
                start, end = following
                end = start + ind.subject_of_clause(text[start:end])
                state.last = ind.term(text, start, end)
                return Found(state.last + share, "written", "share-of-the-noun-behind")
            if last:
                return Found(last + share, "inherited", "share-of-the-last-level")
            return Found(share, "written", "own-words")
        described = text[quantity.end : quantity.end + 1] == "的"
        if described and following and (size := ind.size_at_end(name)):
            # a size that only describes the noun behind it: 投资20亿元的项目
            state.base = ind.term(text, *self._described(scene, following))
            return Found(
                state.base + ind.term(text, at + len(name) - size, at + len(name)), "written", "size-of-the-noun-behind"
            )
        only_verb = ind.doing_verb(name) == len(name) or (counted and not following and ind.only_acts(name))
        if not name or (only_verb and name not in ind.ATTRIBUTES):
            return self._thing_behind(scene, at, name, following)
        planned = name.endswith("计划投资") and ind.is_attribute(name) and room.own <= room.clause
        if planned and (behind := self.behind.planned_for(scene)):
            state.base = ind.term(text, *behind)
            state.last = state.base + ind.term(text, at, at + len(name))
            state.history.append(state.last)
            return Found(state.last, "written", "money-for-what-follows")
        if name in ind.MONEY and not counted and (purpose := self.behind.purpose(scene, following)):
            state.last = purpose + ind.term(text, at, at + len(name))
            state.base = purpose
            state.history.append(state.last)
            return Found(state.last, "written", "money-for-what-follows")
        if name in _DONE_TO and following and counted:
            term = ind.term(text, at, at + len(name)) + ind.term(text, *following)
            _keep(state, term, "level")
            return Found(term, "written", "verb-and-noun-behind")
        if only_verb or ind.is_attribute(name):
            found = self._attribute(scene, at, name, following if counted else None)
            if found:
                return found
            if following:
                term = ind.term(text, at, at + len(name)) + ind.term(text, *following)
                _keep(state, term, "level")
                return Found(term, "written", "own-words-and-noun-behind")
        return self._own_words(scene, at, name, own, following)

    def _described(self, scene: Scene, following: tuple[int, int]) -> tuple[int, int]:
        """The noun that a size describes, without the size of the next in a list (投资3亿元的甲、投资2亿元的乙)."""
        start, end = following
        more = scene.position + 1 < len(scene.quantities)
        behind = self.text[start:end]
        if more and end == scene.quantities[scene.position + 1].start and (size := ind.size_at_end(behind)):
            left = len(behind) - size
            if not left:
                return self.behind.next(scene) or following  # 投资20亿元的年产5万吨铝材项目
            if behind[left - 1] in "、和及与":
                return start, start + left - 1
        return start, start + ind.subject_of_event(behind)

    def _open_whole(self, scene: Scene) -> None:
        """Note the whole that 其中 opens; a ； closes it."""
        text, state, earlier = self.text, scene.state, scene.earlier
        since = scene.quantities[scene.position - 1].end if scene.position else scene.sentence.start
        if "其中" in text[since : scene.quantity.start]:
            state.among = state.base or (earlier.base if earlier else NOTHING)
        elif text[scene.room.clause - 1 : scene.room.clause] == "；":
            state.among = NOTHING

    def _thing_behind(self, scene: Scene, at: int, name: str, following: tuple[int, int] | None) -> Found:
        """A number with at most a verb before it: the thing stands behind it, or in an earlier clause."""
        text, state = self.text, scene.state
        if following and scene.position + 1 < len(scene.quantities) and SIZE_ONLY.fullmatch(text, *following):
            following = self.behind.next(scene) or following
        carried = ind.term(text, at, at + len(name)) if name else (state.verb if scene.room.same else NOTHING)
        if name and name != "累计":
            state.verb = carried
        if not following:
            return self._without_noun(scene, name, carried)
        if not carried and is_counted(scene.quantity.unit) and ind.only_acts(text[following[0] : following[1]]):
            since = scene.quantities[scene.position - 1].end if scene.position else scene.sentence.start
            away = len(SEPARATOR.findall(text[since : scene.room.clause])) > 1  # a clause without a number is between
            thing = (self.before.topic(scene, tail=True) if away else NOTHING) or ind.without_verb(state.base)
            thing = thing or self.before.topic(scene, tail=True)
            if thing:
                state.last, state.base = thing + ind.term(text, *following), thing
                state.history.append(state.last)
                return Found(state.last, "inherited", "what-became-of-an-earlier-thing")
        term = carried + (ind.term(text, *following) if carried else ind.without_fillers(text, *following))
        if (not name or name in _CARRY_OUT) and not scene.room.same and _BARE_WORK.fullmatch(text, *following):
            told = scene.position and SEPARATOR.search(
                text, scene.quantities[scene.position - 1].end, scene.room.clause - 1
            )
            thing = self.before.topic(scene, tail=True) if told or not scene.position else NOTHING
            if thing:
                named = _WORK.search(text, *following)
                done = named is not None and named.group() in thing.text[-4:]  # 推进避险搬迁，完成2万人搬迁任务
                term = thing if done else ind.without_verb(thing) + ind.term(text, *following)
        if not carried or len(term.text) <= 3 or text[following[1] - 1] == "级":
            term = term + self._shared_behind(scene, following)
        _keep(state, term, "level")
        return Found(term, "written", "verb-and-noun-behind" if carried else "noun-behind")

    def _attribute(self, scene: Scene, at: int, name: str, following: tuple[int, int] | None) -> Found | None:
        """An attribute (总投资) with the thing it is of, or None where no thing was named before."""
        text, state = self.text, scene.state
        base, rule = ind.bare_subject(self.before.new_subject(scene)) or state.base, "attribute-of-the-last-thing"
        if base == state.base and name in _TOTALS and _SUMS.search(state.last.text):
            base = state.last  # 财政收入增加…，总额突破…
        if ind.cannot_have(base, name):
            return None
        if not base:
            base, rule = ind.bare_subject(self.before.topic(scene)), "attribute-of-the-topic"
        if not base and scene.earlier and not _WIDE.search(text, scene.room.own, at):
            base, rule = scene.earlier.base, "attribute-of-the-sentence-before"
        if not base or ind.cannot_have(base, name):
            return None
        own = ind.term(text, at, at + len(name))
        if name == "基本建成":
            base = ind.without_verb(base)  # 新开工住房800套，基本建成500套
        if following and not base.text.endswith(text[following[0] : following[1]]):
            own = own + ind.term(text, *following)
        state.last = base if base.text.endswith(name) else ind.without_new(base) + own
        state.base = state.base or base
        state.history.append(state.last)
        return Found(state.last, "inherited", rule)

    def _own_words(self, scene: Scene, at: int, name: str, own: str, following: tuple[int, int] | None) -> Found:
        """A name of its own before the number, perhaps with a verb that a list shares and a noun behind the number."""
        text, state, quantity = self.text, scene.state, scene.quantity
        counted = is_counted(quantity.unit)
        attributive = is_attributive(quantity.unit)
        described = text[quantity.end : quantity.end + 1] == "的"
        verb, cut = ind.doing_verb(name), ind.after_list(name)
        verb_term = ind.term(text, at, at + verb) if 0 < verb < len(name) else NOTHING
        if verb_term.text not in ("", "累计"):
            state.verb = verb_term
        elif (
            not verb_term and scene.room.same and state.verb
            and (
                not ind.measured_noun(name)
                or (state.verb.text in ("新增", "净增") and name.endswith(("面积", "装机", "装机容量", "里程")))
            )
        ):  # fmt: skip
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
                if _BY_WAY_OF.match(name):
                    at, name, verb_term = at + len(name) - tail, name[-tail:], NOTHING
            elif following and own.endswith("的") and attributive:
                name, verb_term = name[:verb], NOTHING
            begin = verb if verb_term and verb < len(name) else 0
            term = verb_term + ind.term(text, at + begin, at + len(name))
            if following and (attributive or tail) and not described:
                if "、" in ind.blank(name):
                    term, rule = verb_term + ind.term(text, *following), "noun-behind-a-list"
                else:
                    term, rule = term + ind.term(text, *following), "own-words-and-noun-behind"
                    if text[following[1] - 1] == "级":
                        term = term + self._shared_behind(scene, following)
        if rule == "own-words" and following and dimension(quantity.unit) == "money":
            funds = _FUNDS.match(text, *following)
            if funds and not described:
                term, rule = term + ind.term(text, *funds.span()), "money-and-the-fund-behind"
        if quantity.unit == state.unit and (other := ind.counterpart(term, state.last)):
            term, rule = other, "other-half-of-the-last-level"
        elif quantity.unit == state.unit and name in _HALVES and state.last.text.startswith(_OF_PEOPLE):
            term, rule = term + state.last, "half-of-the-last-level"
        if dimension(quantity.unit) in _WEIGHED and not verb_term and _bare_product(name, state):
            term, rule = term + ind.supplied("产量", at + len(name)), "product-means-output"
        if (
            state.among and counted and rule == "own-words" and not verb
            and len(name) <= 4 and not ind.measured_noun(name)
        ):  # fmt: skip
            state.last = ind.part_of(state.among, term)
            state.history.append(state.last)
            return Found(state.last, "inherited", "part-of-the-whole")
        if quantity.unit == "%" and rule == "own-words" and following and _DONE_BY_ALL.match(text, following[0]):
            term, rule = term + ind.term(text, *following), "share-and-predicate"
        if state.scope and not term.text.endswith(state.scope.text):
            term = state.scope + term
        _keep(state, term, "level")
        return Found(term, "written", rule)

    def _shared_behind(self, scene: Scene, following: tuple[int, int]) -> Term:
        """The predicate or tail that the last of a list has for all.

        5个地级市和5个县级市获评…; 1个区级、3个街道和6个社区中心.
        """
        last, farthest = scene.position, scene.position + 30
        while (
            last + 1 < min(len(scene.rooms), farthest) and scene.rooms[last + 1].same and not scene.rooms[last + 1].bare
        ):
            last += 1
        behind = self.behind.after(scene.quantities[last], scene.rooms[last]) if last > scene.position else None
        if behind is None:
            return NOTHING
        whole = self.text[behind[0] : behind[1]]
        own = self.text[following[0] : following[1]]
        at = ind.predicate_behind(whole)
        if at and not ind.predicate_behind(own):
            return ind.term(self.text, behind[0] + at, behind[1])
        grade = whole.find("级") + 1 if own.endswith("级") else 0
        if grade:
            return ind.term(self.text, behind[0] + grade, behind[1])
        if (len(own) <= 2 or own.endswith("级")) and len(whole) - len(own) >= 3:
            return ind.term(self.text, behind[0] + len(own), behind[1])
        return NOTHING

    # -- earlier text ---------------------------------------------------------------------------------------------

    def _without_noun(self, scene: Scene, name: str, carried: Term) -> Found:
        """A number with at most a verb and nothing behind it: what it counts stands in an earlier clause."""
        state, earlier = scene.state, scene.earlier
        if scene.position and scene.room.same and not name:
            # 2万户5万人, 3个4公里: another dimension of the same thing
            led = self.text[scene.room.own : scene.quantity.start]
            if scene.quantity.unit == state.unit and led.lstrip("、").startswith(_REACHED):
                state.last = ind.without_new(state.last)  # 新增装机5万千瓦、达到20万千瓦
            _keep(state, state.last, "level", base=False)
            return Found(state.last, "inherited", "second-dimension")
        if (
            not name
            and state.last.text.startswith("累计")
            and "累计" not in self.text[scene.room.own : scene.quantity.start]
        ):
            state.last = ind.without_verb(state.last)  # 五年累计利用外资12亿美元，2027年达到3亿美元
            state.base = ind.without_verb(state.base)
        reached = self.text.startswith(_REACHED, scene.room.own)
        if reached and not name and state.last and scene.quantity.unit == state.unit:
            state.last = ind.without_verb(state.last)  # 新开公交线路21条，达到56条
        fresh = self.before.new_subject(scene)
        if fresh and not carried:
            _keep(state, fresh, "level")
            return Found(fresh, "inherited", "subject-of-the-clause-before")
        if carried and (shared := self._shared_with_next(scene)):
            _keep(state, carried + shared, "level")
            return Found(carried + shared, "written", "noun-behind-the-next")
        whole = not is_counted(scene.quantity.unit) or scene.quantity.unit in TIMES_DONE
        if carried and (name in _WHOLE_VERBS or (len(name) >= 4 and whole)):
            _keep(state, carried, "level")
            return Found(carried, "written", "verb-that-names-the-thing")
        if carried and is_counted(scene.quantity.unit) and (done_to := self.before.object_before(scene)):
            state.base, state.last = done_to, carried + done_to
            state.history.append(state.last)
            return Found(state.last, "inherited", "object-of-the-clause-before")
        if carried.text in ("新增", "净增") and state.last and scene.quantity.unit == state.unit:
            whole_name = ind.without_verb(state.last)  # 人均可支配收入达到1.3万元、净增4370元
            state.last = whole_name
            state.history.append(whole_name)
            return Found(carried + whole_name, "inherited", "new-of-the-last-level")
        if state.base:
            state.last = carried + ind.without_verb(state.base) if carried else state.last or state.base
            state.history.append(state.last)
            return Found(state.last, "inherited", "thing-of-an-earlier-clause")
        thing, rule = self.before.topic(scene, tail=True), "thing-of-an-earlier-clause"
        if not thing and earlier and earlier.base:
            thing, rule = earlier.base, "thing-of-the-sentence-before"
        if thing:
            _keep(state, carried + thing, "level", base=False)
            state.base = ind.without_attribute(thing)
            return Found(carried + thing, "inherited", rule)
        _keep(state, carried, "level")
        return Found(carried, "written", "verb-alone")

    def _shared_with_next(self, scene: Scene) -> Term:
        """The noun that the next count has for both (新建12个、修缮6个互助院)."""
        text, at = self.text, scene.position + 1
        if at >= len(scene.quantities) or not is_counted(scene.quantity.unit) or text[scene.quantity.end] != "、":
            return NOTHING
        own = text[scene.rooms[at].own : scene.quantities[at].start]
        if scene.quantities[at].unit != scene.quantity.unit or not own or ind.doing_verb(own) != len(own):
            return NOTHING
        behind = self.behind.next(scene)
        return ind.term(text, *behind) if behind else NOTHING


def _keep(state: State, term: Term, measure: Measure, base: bool = True) -> None:
    """Remember what was measured, for the numbers behind it."""
    state.last = term
    if base and term:
        state.base = ind.without_attribute(term)
    if measure == "level":
        state.history.append(term)


def _bare_product(name: str, state: State) -> bool:
    """Whether a name is of a product, so that a weight of it means its output."""
    if len(name) > 10 or _PRODUCT_TAIL.search(name) or ind.is_stock(name) or ind.measured_noun(name):
        return False
    return name in _PRODUCTS or any("产量" in one.text or "总产" in one.text for one in state.history)
