"""The place a report is of: the body that met, the government that speaks, the name in the title.

`lexicon/data/places.tsv` lists the provinces, cities and counties since 1980 with their years. A name in it is
believed anywhere; one that is not (a new district, a development zone) only where the words around it leave no doubt.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from importlib.resources import files

import ahocorasick_rs
import msgspec

from taizhang.structure.cues import cues

_SUFFIX = r"(?:特别行政区|自治区|自治州|自治县|自治旗|林区|新区|开发区|地区|省|市|县|区|州|盟|旗)"
_NAME = rf"[\u4e00-\u9fff]{{1,12}}?{_SUFFIX}"
_LEAD = r"(?:^|(?<=[^\u4e00-\u9fff])|(?<=[在于年代表由]))"
_YEAR = r"(?:(?:19|20)[0-9]{2}年?)?"
_CLEAN = re.compile(r"^(?:关于|我代表|代表|在|年|由|向|和|与|及|的|月|日|受|资料|工作报告)+")
_CERTAIN = 5
"""Points from which words around a name leave no doubt that it is a place."""
_WORDS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (8, re.compile(rf"{_LEAD}(?P<p>{_NAME})(?:第?[一二三四五六七八九十0-9]+届\n?)(?:人民代表大会|人大)")),
    (8, re.compile(rf"{_LEAD}(?P<p>{_NAME}){_YEAR}(?:人民)?政府工作的?报告")),
    (6, re.compile(rf"{_LEAD}(?P<p>{_NAME}){_YEAR}(?:国民经济|财政|预算|计划)")),
    (3, re.compile(rf"{_LEAD}(?P<p>{_NAME})(?:人民政府|发展和改革|发展改革|计划委员会|发展计划|财政局|财政厅|统计局)")),
    (4, re.compile(rf"(?:^|(?<=\n))(?P<p>{_NAME})(?:代|(?:常务)?副)?(?:省长|市长|县长|区长|州长|盟长|旗长|主席)")),
)
_NATION = re.compile(
    r"(?:代表|受|我国)(?:中华人民共和国)?国务院|国务院(?:总理|向|根据)|国务委员兼|届全国人民代表大会第|中华人民共和国[0-9]{4}年国民经济"
)
_LOCAL = re.compile(r"代表(?:省|市|县|区|州|盟|旗|自治区|自治州)(?:人民)?政府|[省市县区州旗]委的?(?:正确|坚强)?领导")
_SELF = re.compile(r"[全我](省|市|县|区|州|盟|旗)")
_FEWEST = 5
_NO_NAME = re.compile(r"[的了是和与及为在完成现]")


class _Gazetteer(msgspec.Struct, frozen=True):
    names: frozenset[str]
    short: dict[str, tuple[str, ...]]
    """Official names by their short form (黔东南 → 黔东南苗族侗族自治州)."""
    finder: ahocorasick_rs.AhoCorasick
    shorts: tuple[str, ...]
    words: frozenset[str]


@lru_cache(maxsize=1)
def _gazetteer() -> _Gazetteer:
    table = (files("taizhang.lexicon") / "data" / "places.tsv").read_text("utf-8")
    names: set[str] = set()
    short: dict[str, list[str]] = {}
    for line in table.splitlines()[1:]:
        _, name, brief, _, _ = line.split("\t")
        names.add(name)
        for key in {brief, brief + name[-1]}:
            held = short.setdefault(key, [])
            if name not in held:
                held.append(name)
    words = frozenset(cues().places["words"].split())
    shorts = tuple(key for key in short if len(key) >= 2)
    finder = ahocorasick_rs.AhoCorasick(list(shorts), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return _Gazetteer(frozenset(names), {key: tuple(held) for key, held in short.items()}, finder, shorts, words)


def find_place(title: str | None, head: str, text: str) -> str | None:
    """The report's place in full, 全国 for the state's own reports, null where the text names none."""
    votes = _votes(title, head)
    nation = 0 if _LOCAL.search(head) else 5 * len(_NATION.findall(head))
    if votes:
        best, weight = max(votes.items(), key=lambda item: (item[1], -len(item[0])))
        if weight >= nation:
            return best
    if nation:
        return "全国"
    return _most_named(text)


def is_place(name: str) -> bool:
    """Whether a name is that of a province, city, county or district, by the list of places."""
    return name in _gazetteer().names


@lru_cache(maxsize=1)
def _codes() -> tuple[dict[str, str], dict[str, str]]:
    """The code of each name that one place alone held last, and the newest name of each code."""
    table = (files("taizhang.lexicon") / "data" / "places.tsv").read_text("utf-8")
    held: dict[str, dict[str, int]] = {}
    names: dict[str, tuple[int, str]] = {}
    for line in table.splitlines()[1:]:
        code, name, _, _, last = line.split("\t")
        codes = held.setdefault(name, {})
        codes[code] = max(codes.get(code, 0), int(last))
        names[code] = max(names.get(code, (0, "")), (int(last), name))
    only = {}
    for name, codes in held.items():
        newest = [code for code, last in codes.items() if last == max(codes.values())]
        if len(newest) == 1:
            only[name] = newest[0]
    return only, {code: name for code, (_, name) in names.items()}


def places_above(name: str) -> tuple[str, ...]:
    """The province and the city that a place lies in, the largest first; empty where the list does not tell."""
    only, names = _codes()
    code = only.get(name)
    if code is None:
        return ()
    above = (names.get(each) for each in (f"{code[:2]}0000", f"{code[:4]}00") if each != code)
    return tuple(each for each in above if each and each != name)


def place_order(name: str | None) -> tuple[int, str, str]:
    """Sorts places as the state lists them, each after the one it lies in; then those not listed, by name."""
    if name == "全国":
        return 0, "", ""
    code = _codes()[0].get(name or "")
    return (1, code, "") if code else (2 if name else 3, "", name or "")


def _votes(title: str | None, head: str) -> Counter[str]:
    votes: Counter[str] = Counter()
    for source in (title or "", head):
        for weight, pattern in _WORDS:
            for match in pattern.finditer(source):
                name = _official(_CLEAN.sub("", match["p"]), weight)
                if name:
                    votes[name] += weight
    return votes


def _official(name: str, weight: int) -> str | None:
    """A name as the list has it; itself where the words around it are certain; null where it is no name."""
    listed = _gazetteer()
    if name in listed.names:
        return name
    held = listed.short.get(name, ())
    if len(held) == 1 and len(name) > 2:
        return held[0]
    for start in range(1, len(name) - 1):  # 河北省保定市 → 保定市
        if name[start:] in listed.names and len(name) - start > 2:
            return name[start:]
    if weight < _CERTAIN or len(name) < 3 or name[0] in "全我本各" or _NO_NAME.search(name):
        return None
    return name


def _most_named(text: str) -> str | None:
    """Where no line says it: the place that the text names most, of the level it calls itself (全县, 我市)."""
    selves = Counter(match[1] for match in _SELF.finditer(text))
    country = text.count("我国")
    if _LOCAL.search(text):
        country = 0
    if not selves or country > 2 * max(selves.values()):
        return "全国" if country >= max(6, len(text) // 2500) else None
    listed = _gazetteer()
    named = Counter(listed.shorts[index] for index, _, _ in listed.finder.find_matches_as_indexes(text))
    most = max(selves.values())
    levels = tuple(level for level, count in selves.items() if 3 * count >= most)
    points: Counter[str] = Counter()
    for key, count in named.items():
        for name in listed.short[key]:
            if len(name) < 3 or (key in listed.words and name not in text):
                continue  # 林县 is a part of 园林县城
            if name.endswith(levels):
                points[name] += count
    best = points.most_common(2)
    if not best or best[0][1] < _FEWEST or (len(best) > 1 and 3 * best[1][1] > 2 * best[0][1]):
        return None
    return best[0][0]
