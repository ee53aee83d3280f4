"""The place a report is of: the body that met, the government that speaks, the name in the title."""

from __future__ import annotations

import re
from collections import Counter

_NAME = r"[\u4e00-\u9fff]{1,12}?(?:特别行政区|自治区|自治州|自治县|自治旗|林区|新区|地区|省|市|县|区|州|盟|旗)"
_LEAD = r"(?:^|(?<=[^\u4e00-\u9fff])|(?<=[在于年代表由]))"
_CLEAN = re.compile(r"^(?:关于|我代表|代表|在|年|由|向|和|与|及|的|月|日|省长|受)+")
_WORDS = (
    re.compile(
        rf"{_LEAD}(?P<p>{_NAME})(?:第[一二三四五六七八九十0-9]+届|[一二三四五六七八九十]+届)(?:人民代表大会|人大)"
    ),
    re.compile(rf"{_LEAD}(?P<p>{_NAME})(?:(?:19|20)[0-9]{{2}}年)?(?:人民)?政府工作的?报告"),
    re.compile(rf"{_LEAD}(?P<p>{_NAME})(?:(?:19|20)[0-9]{{2}}年)?国民经济"),
    re.compile(rf"{_LEAD}(?P<p>{_NAME})(?:人民政府|发展和改革|发展改革|计划委员会|发展计划|财政局|财政厅|统计局)"),
    re.compile(rf"(?:^|(?<=\n))(?P<p>{_NAME})(?:代)?(?:省长|市长|县长|区长|州长|盟长|旗长|主席)"),
)
_NATION = re.compile(r"国务院|全国人民代表大会|中华人民共和国\d{4}年国民经济|国务院总理")
_BARE = frozenset(
    (
        "省",
        "市",
        "县",
        "区",
        "州",
        "盟",
        "旗",
        "自治区",
        "全省",
        "全市",
        "全县",
        "全区",
        "本市",
        "我省",
        "我市",
        "我县",
        "我区",
    )
)
_ANY = re.compile(
    r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,8}?(?:省|市|县|区|州)(?=人民政府|委|上下)|代表([\u4e00-\u9fff]{1,8}?(?:省|市|县|区|州))人民政府"
)


def find_place(title: str | None, head: str, text: str) -> str | None:
    """The report's place in full, 全国 for the state's own reports, null where the text names none."""
    votes: Counter[str] = Counter()
    for source in (title or "", head):
        for weight, pattern in zip((8, 8, 6, 3, 4), _WORDS, strict=True):
            for match in pattern.finditer(source):
                name = _CLEAN.sub("", match["p"])
                if name and name not in _BARE and not name.startswith(("全", "我", "本", "各")):
                    votes[name] += weight
    nation = 5 * len(_NATION.findall(head))
    if votes:
        best, weight = max(votes.items(), key=lambda item: (item[1], -len(item[0])))
        if weight >= nation:
            return best
    if nation:
        return "全国"
    if text.count("我国") + text.count("全国") >= max(6, len(text) // 1500):
        return "全国"
    return None
