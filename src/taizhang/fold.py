"""Text → Folded: one width, joined digits, no stray blanks; the one place that knows the way back to the source.

Rules match on `Folded.text`; only source spans leave. Three strings' worth of knowledge stand side by side:

- `text`   what rules match: half-width digits and letters, full-width punctuation, simplified characters, no blanks
           between Chinese characters, one newline for each run of blank lines, no Markdown or HTML marks;
- `plain`  the source's own characters at the same positions (traditional, full width), for quoting;
- `back`   for each position the source offset, plus the end: `len(back) == len(text) + 1`, never decreasing.

Why full-width punctuation: published pages use either width for the same comma, but 1,200 is one number. A comma
between digits that groups thousands stays ASCII here, every other becomes ，.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable
from functools import lru_cache

import msgspec
import opencc

from taizhang.model import Span


class Folded(msgspec.Struct, frozen=True):
    """A view of a text to match on, and the way back. See the module's docstring."""

    text: str
    plain: str
    back: array[int]

    def span(self, start: int, end: int) -> Span:
        """The source span of a folded stretch: from its first character to behind its last one."""
        return Span(self.back[start], self.back[end - 1] + 1)

    def quote(self, start: int, end: int) -> str:
        """The source's own characters of a folded stretch, without what folding dropped."""
        return self.plain[start:end]

    def at(self, offset: int) -> int:
        """First folded position whose source offset is at or behind `offset`."""
        low, high = 0, len(self.text)
        back = self.back
        while low < high:
            middle = (low + high) // 2
            if back[middle] < offset:
                low = middle + 1
            else:
                high = middle
        return low

    def without(self, gaps: Iterable[tuple[int, int]]) -> Folded:
        """The same view with some folded stretches dropped (joins of torn sentences).

        `gaps` are in order and do not overlap.
        """
        texts, plains, back, at = [], [], array("l"), 0
        for start, end in gaps:
            texts.append(self.text[at:start])
            plains.append(self.plain[at:start])
            back.extend(self.back[at:start])
            at = end
        texts.append(self.text[at:])
        plains.append(self.plain[at:])
        back.extend(self.back[at:])
        return Folded("".join(texts), "".join(plains), back)


def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    # ASCII punctuation that Chinese text uses as its own: one sign for both widths.
    table |= {ord(a): b for a, b in zip(",;:!?()", "，；：！？（）", strict=True)}
    table |= {0xFEE0 + ord(a): b for a, b in zip(",;:!?()", "，；：！？（）", strict=True)}
    table |= {ord(a): "—" for a in "―─–−－‒‐‑﹣"}
    table |= {ord(a): "~" for a in "～〜∼"}
    table |= {ord(a): "：" for a in "∶︰﹕"}
    table |= {ord(a): "“" for a in "〝「『"} | {ord(a): "”" for a in "〞」』"}
    table |= {ord(a): "（" for a in "﹙"} | {ord(a): "）" for a in "﹚"}
    table |= {ord(a): "%" for a in "﹪％"}
    table |= {ord(a): "〇" for a in "○◯"}
    table |= {
        ord(a): " "
        for a in "\t\v\f\xa0\u3000\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
    }
    table |= {ord(a): "\n" for a in "\r\u2028\u2029\x85"}
    return table


# Radicals that stand for a whole character but have no decomposition in Unicode; text layers of PDFs use them.
_RADICALS = dict(
    zip(
        "⺀⺁⺂⺅⺆⺈⺊⺌⺍⺎⺒⺓⺗⺘⺙⺝⺟⺠⺡⺢⺣⺥⺧⺨⺩⺬⺭⺮⺰⺱⺶⺷⺼⺽⺾⺿⻀⻁⻂⻄⻅⻆⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻮⻰⻲",
        "冫厂乛亻冂刀卜小小兀巳幺心扌攵月母民氵水灬爫牛犭王示礻竹纟罒羊羊月臼艹艹艹虎衤西见角讠贝足车辶辶辶阝钅长镸长门阜阝雨青韦页风飞食饣饣马骨鬼鱼鸟卤麦黄黾齐齐齿龙龟",
        strict=True,
    )
)


def _compatible() -> dict[int, str]:
    """Characters that look like another and are kept apart only for the sake of old character sets, with that other."""
    table = {ord(radical): letter for radical, letter in _RADICALS.items()}
    blocks = (range(0x2E80, 0x2FE0), range(0xF900, 0xFB00), range(0x2F800, 0x2FA20))
    for code in (code for block in blocks for code in block):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and plain != chr(code):
            table[code] = plain
    # Upright, small and half-width forms of marks.
    table |= {ord(a): b for a, b in zip("︐︑︒︓︔︕︖︗︘︙", "，、。：；！？〖〗…", strict=True)}
    table |= {
        ord(a): b for a, b in zip("︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄", "（）｛｝〔〕【】《》〈〉“”“”", strict=True)
    }
    table |= {ord(a): b for a, b in zip("﹐﹑﹒﹔﹖﹗｡｢｣､･", "，、.；？！。“”、·", strict=True)}
    return table


COMPATIBLE = _compatible()
"""Characters in compatibility forms (⼈ for 人) and marks in upright, small or half-width ones: what they stand for."""


def ordinary(text: str) -> str:
    """A text with its compatibility forms as ordinary characters, one for one."""
    return text.translate(COMPATIBLE)


_ONE_TO_ONE = COMPATIBLE | _table()
_CJK = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WIDE = _CJK + "\u3000-\u303f\uff00-\uff60、。，；：！？（）《》〈〉“”‘’—·…〔〕【】%‰"
# Written-out escapes and marks that some sites leave in the text.
_JUNK = re.compile(
    r"\\r\\n|\\n|\\r|\\t"
    r"|&(?:amp；)?(?:[a-z]{2,6}|#[0-9]{2,5}|#x[0-9a-fA-F]{2,4})；"
    r"|(?<=[0-9])_M_M_"
    r"|</?(?:sub|sup|b|strong|i|em|u|span|font|p|br|div|a)(?:\s[^<>\n]{0,200})?/?>"
    r"|[\u200b-\u200f\u2060\ufeff\xad]"
    r"|\*\*+|(?:(?<=\n)|(?<=^))#{1,6} +|(?:(?<=\n)|(?<=^))> +"
)
# Entities that pages leave written out; spaces of every width are one blank here. The semicolon is already ； by then.
_ENTITIES = {
    "nbsp": " ", "ensp": " ", "emsp": " ", "thinsp": " ", "ldquo": "“", "rdquo": "”", "lsquo": "‘", "rsquo": "’",
    "mdash": "—", "ndash": "—", "hellip": "…", "middot": "·", "permil": "‰", "times": "×",
}  # fmt: skip
_BREAKS = re.compile(r"\\r\\n|\\n|\\r|<br[^<>]{0,20}>|</?p(?:\s[^<>]*)?>|</?div(?:\s[^<>]*)?>")
_BLANKS = re.compile(r"[ \n]+")
_SPACED_DIGITS = re.compile(
    r"(?<![0-9.A-Za-z])[0-9](?: +(?:\. *)?|\. +)[0-9](?![0-9])"
    r"(?:(?: *\. *| +)[0-9](?![0-9]))*(?![A-Za-z])(?:(?<=[0-9])\.[0-9]+)?"
)
_DIGIT_POINT = re.compile(r"(?<=[0-9]) *\. +(?=[0-9])|(?<=[0-9]) +\. *(?=[0-9])")
# The look behind stands after the first digit, so that the search can run from digit to digit.
_THOUSANDS = re.compile(r"[0-9](?<![0-9.，].)[0-9]{0,2}(?:，[0-9]{3})+(?![0-9]|，[0-9])")
# Typewriter quotes around Chinese words, a pair at a time: rules know only “ and ”.
_STRAIGHT = re.compile('"([^"“”\n]{0,40}[\u3400-\u9fff][^"“”\n]{0,40})"')
_MIDDLE_POINT = re.compile(r"(?<=[0-9])·(?=[0-9])")
# Characters that a change of encoding lost: they stand for words, and end no sentence.
_LOST = re.compile(r"\?{3,}|？{4,}|\ufffd+")
LOST = "□"
# What the junk patterns begin with; most texts have none of it.
_JUNK_SIGN = re.compile("_M_M_|[\\\\&<*#>\u200b-\u200f\u2060\ufeff\xad]")
_WIDE_BEFORE = re.compile(f"[{_WIDE}]")


@lru_cache(maxsize=1)
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _as_signs(lost: re.Match[str]) -> str:
    return LOST * len(lost[0])


def _simplify(text: str) -> str:
    simplified: str = _simplifier().convert(text)
    return simplified if len(simplified) == len(text) else text


def fold(text: str) -> Folded:
    """Fold `text` for matching. Folding a folded text changes nothing."""
    folded = _fold_once(text, None)
    for _ in range(8):
        again = _fold_once(folded.text, folded)
        if again.text == folded.text:
            return folded
        folded = again
    return folded


def _fold_once(text: str, earlier: Folded | None) -> Folded:
    plain = earlier.plain if earlier else text
    back = earlier.back if earlier else array("l", range(len(text) + 1))
    # On a second pass only commas may have changed sides: digits joined meanwhile can undo a group of thousands.
    first = earlier is None
    view = _simplify(_LOST.sub(_as_signs, text).translate(_ONE_TO_ONE)) if first else text.replace(",", "，")
    view = _LOST.sub(_as_signs, view)
    if '"' in view:
        view = _STRAIGHT.sub(r"“\1”", view)
    if "·" in view:
        view = _MIDDLE_POINT.sub(".", view)
    view = _THOUSANDS.sub(lambda m: m[0].replace("，", ","), view)
    drops: list[tuple[int, int]] = []
    keeps: list[tuple[int, str]] = []  # a folded character that a dropped run leaves behind
    for match in _JUNK.finditer(view) if _JUNK_SIGN.search(view) else ():
        start, end = match.span()
        if _BREAKS.fullmatch(match[0]):
            keeps.append((start, "\n"))
            start += 1
        elif match[0] == "\\t":
            keeps.append((start, " "))
            start += 1
        elif match[0][0] == "&":
            letter = _entity(match[0][1:-1].removeprefix("amp；"))
            if letter is None:
                continue
            end -= 1  # the sign stands on the last letter of its code, so that a unit ends where the code does
            keeps.append((end, letter))
            plain = f"{plain[:end]}{letter}{plain[end + 1 :]}"
        elif match[0] == "_M_M_":  # what a converter of old pages makes of %
            end -= 1
            keeps.append((end, "%"))
            plain = f"{plain[:end]}%{plain[end + 1 :]}"
        if start < end:
            drops.append((start, end))
    if drops or keeps:
        view, plain, back = _apply(view, plain, back, drops, keeps)
    drops, keeps = [], []
    for match in _BLANKS.finditer(view):
        start, end = match.span()
        if "\n" in match[0]:
            if start == 0 or end == len(view):
                drops.append((start, end))
                continue
            if match[0] == "\n":
                continue
            at = start + match[0].index("\n")
            keeps.append((start, "\n"))
            # keep the newline's own offset: drop what stands before it
            if at > start:
                keeps.pop()
                drops.append((start, at))
            if at + 1 < end:
                drops.append((at + 1, end))
        else:
            left = view[start - 1] if start else "\n"
            right = view[end] if end < len(view) else "\n"
            if left == "\n" or right == "\n" or _WIDE_BEFORE.match(left) or _WIDE_BEFORE.match(right):
                drops.append((start, end))
            elif end - start > 1:
                drops.append((start + 1, end))
    if drops or keeps:
        view, plain, back = _apply(view, plain, back, drops, keeps)
    if " " not in view:
        return Folded(view, plain, back)
    drops = []
    for match in _SPACED_DIGITS.finditer(view):
        drops.extend((match.start() + m.start(), match.start() + m.end()) for m in re.finditer(" +", match[0]))
    for match in _DIGIT_POINT.finditer(view):
        drops.extend((match.start() + m.start(), match.start() + m.end()) for m in re.finditer(" +", match[0]))
    if drops:
        view, plain, back = _apply(view, plain, back, sorted(set(drops)), [])
    return Folded(view, plain, back)


def _entity(name: str) -> str | None:
    """The folded character that a written-out entity stands for, or nothing where it is none of a report's."""
    if name[0] != "#":
        return _ENTITIES.get(name)
    code = int(name[2:], 16) if name[1] == "x" else int(name[1:])
    letter = _ONE_TO_ONE.get(code, chr(code))
    return letter if letter in " \n" or _WIDE_BEFORE.match(letter) else None


def _apply(
    view: str, plain: str, back: array[int], drops: list[tuple[int, int]], keeps: list[tuple[int, str]]
) -> tuple[str, str, array[int]]:
    if keeps:
        letters = list(view)
        for at, letter in keeps:
            letters[at] = letter
        view = "".join(letters)
    views, plains, kept, at = [], [], array("l"), 0
    for start, end in drops:
        if start < at:
            start = at
        if start >= end:
            continue
        views.append(view[at:start])
        plains.append(plain[at:start])
        kept.extend(back[at:start])
        at = end
    views.append(view[at:])
    plains.append(plain[at:])
    kept.extend(back[at:])
    return "".join(views), "".join(plains), kept
