"""Lines as published → paragraphs as meant: torn sentences joined, paragraphs run together on one line parted.

Web pages and PDF text break lines in the middle of a sentence, and some pages come as one line whose paragraphs are
parted by indents only. Everything behind this module works on paragraphs. It looks at the source where folding has
dropped what it needs: indents, blank lines, Markdown marks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from taizhang.fold import Folded
from taizhang.model import Span
from taizhang.structure.numbering import numbering

SIGN = "\ufffc"
"""What stands for a table in the view: Unicode's sign for an object in the text."""
SENTENCE_END = "。！？"
CLOSERS = "”’）》】〕」』"
_ENDS = tuple(SENTENCE_END + "；：…!?;:.")
_COMPLETE = re.compile(f"[{SENTENCE_END}；：…—][{CLOSERS}]*(?:（[^（）]{{1,40}}）)?$|[.!?;:]$")
# What opens another piece of the page: no sentence runs on into it.
_OTHER_PIECE = re.compile(
    r"本报讯|本报[^，。]{0,8}电|新华社|——|》》|<|!\[|”[^“”\n]{1,12}”|关于.{4,100}的报告$|[^，。]{0,30}(?:政府工作报告|统计公报|规划纲要)$|各[位们]代表[：！]"
)
_HALF_OPEN = ("，", "、", "“", "（", "《", "‘", "【", "〔", "PM")  # a small 2.5 often stands on a line of its own
_CONTINUES = re.compile(f"[，、。；：！？{CLOSERS}%‰]")
_PROSE = re.compile(f"[{SENTENCE_END}；，]")
_LONG = 60
_LONG_WITH_COMMA = 34
_CJK_END = re.compile("[\u4e00-\u9fff，、；“”（）《》0-9%]$")
_STOP_INSIDE = re.compile(f"[{SENTENCE_END}；]")
_TORN_NUMBER = re.compile(r"[^0-9.][0-9]{1,5}\.$")
_DIGITS = re.compile(r"[0-9]+(?:[%‰万亿倍个元]|余|多|[\u4e00-\u9fff])")
_SHORTEST_TORN = 15
_PAGE_NUMBER = re.compile(r"[-—· ]{0,4}第?[0-9]{1,3}页?[-—· ]{0,4}")
# What stands between the pages of a text that a program took out of pages.
_PAGE_BREAK = re.compile(
    r"[-—·] ?[0-9]{1,3} ?[-—·]|第[0-9]{1,3}页(?:，?共[0-9]{1,3}页)?|<[!！][-—]+[^<>\n]{0,40}[-—]+>"
)
# A run of indent inside a line: two ideographic spaces, or tabs. Behind a single one often stands a person's name.
_INDENT = re.compile(r"(?<=\S)[ \t\xa0\u2002\u2003]*(?:\u3000[ \t\xa0]*\u3000|\t[ \xa0]*\t)\s*(?=\S)")
_GAP = re.compile(r"(?:\u3000[ \xa0\t]*\u3000|[ \xa0]{4}|\t[ \xa0]*\t)[ \xa0\t\u3000]*")
_SHORTEST_RUN_IN = 12
_SHORTEST_TITLE = 2
_LONGEST_TITLE = 40
_SHORTEST_TEXT = 8
_SPEAKER = re.compile(r"(?:总理|主任|省长|市长|县长|区长|主席|州长|部长|局长)[^，。：\s]{2,8}?(?=各[位们]代表[：！])")
_RUN = re.compile(r"\S+")
_SHORTEST_PARAGRAPH = 5
_MARK = re.compile(r"(?:#{1,6}(?= )|\*\*)")


class Paragraph(NamedTuple):
    """A paragraph as offsets of the joined view, and what the source shows of its form."""

    start: int
    end: int
    mark: str
    """The Markdown mark it opens with: # to ######, ** or nothing."""
    bold_end: int
    """Where its bold opening ends, or 0."""


class Lines(NamedTuple):
    """The joined view, its paragraphs, and the gaps that were closed (source offsets)."""

    folded: Folded
    paragraphs: tuple[Paragraph, ...]
    joins: tuple[Span, ...]
    wrapped: bool
    """Whether the text is broken at a fixed width throughout, as PDF text is."""


class _Form(NamedTuple):
    """How a text uses its lines: the width it is broken at, or 0; `loose` where its sentences end without stops."""

    width: int
    loose: bool


def read_lines(source: str, folded: Folded, seams: Collection[int] = ()) -> Lines:
    """Part and join the lines of `folded`. `seams`: source offsets of line ends where the page lacks text."""
    text = folded.text
    lines = _physical(text)
    if not lines:
        return Lines(folded, (), (), False)
    form = _form_of(text, lines)
    gaps = _torn(text, source, folded, lines, form)
    if seams:
        gaps = [gap for gap in gaps if not any(folded.back[gap[0] - 1] < s <= folded.back[gap[0]] for s in seams)]
    one_line = len(text) > 120 * len(lines) or len(lines) <= 3
    breaks = _indents(source, folded) if one_line else _run_in_headings(source, folded, lines)
    joined = folded.without(gaps) if gaps else folded
    marked = "#" in source or "**" in source
    paragraphs = tuple(
        Paragraph(start, end, *(_form(source, joined, start) if marked else ("", 0)))
        for start, end in _stretches(joined.text, gaps, breaks)
    )
    joins = tuple(Span(folded.back[start - 1] + 1, folded.back[end]) for start, end in gaps)
    return Lines(joined, paragraphs, joins, form.width > 0)


def _physical(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"[^\n]+", text)]


def _wrap_width(text: str, lines: list[tuple[int, int]]) -> int:
    """The width at which a text is broken throughout, or 0 where its lines are paragraphs."""
    if len(lines) < 12:
        return 0
    long = [end - start for start, end in lines if end - start >= 15]
    if len(long) < 8:
        return 0
    counts = Counter(long)
    width = max(counts, key=lambda w: sum(counts[w + d] for d in (-2, -1, 0, 1, 2)))
    if width > 80:
        return 0
    near = [(s, e) for s, e in lines if abs(e - s - width) <= max(2, width // 10)]
    torn = sum(1 for s, e in near if text[e - 1] not in _ENDS)
    if torn <= 0.6 * len(near):
        return 0
    # Cells of tables, each on a line of its own, may be most of the lines; but where headings of one length are what
    # has no stop, paragraphs are longer than that.
    beyond = sum(length > 1.2 * width + 1 for length in long)
    return width if torn > 0.35 * len(lines) or (torn > 0.3 * len(long) and 4 * beyond <= len(near)) else 0


def _form_of(text: str, lines: list[tuple[int, int]]) -> _Form:
    width = _wrap_width(text, lines)
    long = [end for start, end in lines if end - start >= 25]
    whole = sum(1 for end in long if text[end - 1] in _ENDS or text[end - 1] in CLOSERS)
    return _Form(width, not width and len(long) >= 8 and whole < 0.3 * len(long))


def _torn(text: str, source: str, folded: Folded, lines: list[tuple[int, int]], form: _Form) -> list[tuple[int, int]]:
    """Folded stretches that part one sentence in two: a newline, or the number of a page between two."""
    gaps: list[tuple[int, int]] = []
    prose = False  # whether the paragraph so far has a sentence's punctuation
    length = 0
    back = folded.back
    broken = {at for at, line in enumerate(lines) if _PAGE_BREAK.fullmatch(text, *line)}
    for at, (start, end) in enumerate(lines[:-1]):
        if at in broken:
            continue
        following = at + 1
        while following in broken and following + 1 < len(lines):
            following += 1
        after, stop = lines[following]
        line = text[start:end]
        if not (gaps and gaps[-1][1] == start):
            prose, length = False, 0
        prose = prose or bool(_PROSE.search(line))
        length += end - start
        if _joins(line, text[after:stop], prose, length, form, source[back[end - 1] + 1 : back[after]]):
            gaps.append((end, after))
    return gaps


def _joins(line: str, following: str, prose: bool, length: int, form: _Form, gap: str) -> bool:
    """Whether the newline between two lines tears a sentence.

    `prose`: the paragraph so far has commas or stops; `length`: its characters; `gap`: the source between the lines.
    """
    if SIGN in (line, following):
        return False
    if _TORN_NUMBER.search(line) and _DIGITS.match(following) and length >= _SHORTEST_TORN:
        return True
    if _COMPLETE.search(line):
        closes = following[0] in CLOSERS and len(following) > 1 and line[-1] not in CLOSERS
        return closes and not _OTHER_PIECE.match(following)
    if "#" in gap or "**" in gap or _OTHER_PIECE.match(following):
        return False
    if gap.endswith("\u3000\u3000") and not line.endswith(_HALF_OPEN):
        return False  # an indent opens a paragraph, whether or not the one above has its stop
    if _CONTINUES.match(following):
        return not _is_rule(line) and (following[0] not in "%‰" or line[-1] in "0123456789")
    if "://" in line:
        return False
    if line.endswith(_HALF_OPEN):
        return not numbering(following) or length < 4
    if numbering(following) or _PAGE_NUMBER.fullmatch(following):
        return False
    if form.width:
        width = form.width
        return len(line) >= width - max(2, width // 5) and not (numbering(line) and length < width and not prose)
    if numbering(line) and length == len(line) and not re.search(f"[{SENTENCE_END}]", line):
        return False
    if form.loose or not _CJK_END.search(line):
        return False
    if not prose:
        return length >= _LONG
    return length >= _LONG_WITH_COMMA or (length >= 15 and bool(_STOP_INSIDE.search(line)))


def torn(line: str) -> bool:
    """Whether a paragraph stops in mid-sentence: prose without a last stop."""
    return len(line) >= 12 and bool(_PROSE.search(line)) and not _COMPLETE.search(line)


def _is_rule(line: str) -> bool:
    return not re.search(r"[\u4e00-\u9fff0-9A-Za-z]", line)


def _indents(source: str, folded: Folded) -> list[int]:
    """Folded offsets where a paragraph begins behind an indent in the middle of a line."""
    breaks = []
    for match in _INDENT.finditer(source):
        before = source[match.start() - 1]
        run = _RUN.match(source, match.end())
        if folded.text[folded.at(match.start()) - 1 : folded.at(match.start())] == SIGN:
            continue  # inside a table
        if run is None or "\n" in match[0]:
            continue
        if before in _ENDS or run.end() - run.start() >= _SHORTEST_PARAGRAPH:
            breaks.append(folded.at(match.end()))
    speaker = _SPEAKER.search(folded.text, 0, 800)
    if speaker:  # 总理某某各位代表：
        breaks.append(speaker.end())
        breaks.sort()
    return breaks


def _run_in_headings(source: str, folded: Folded, lines: list[tuple[int, int]]) -> list[int]:
    """Folded offsets where a text begins on the line of its heading, behind a wide gap (第六节　水利　　全省水库…).

    A blank inside a heading (一、综　　合) parts nothing: title and text must both be of some length.
    """
    breaks = []
    back = folded.back
    for start, end in lines:
        if end - start < _SHORTEST_RUN_IN:
            continue
        number = numbering(folded.text[start : min(end, start + 20)])
        while number is not None:
            title = start + number.length
            gap = _GAP.search(source, back[title], back[min(end, title + _LONGEST_TITLE)])
            if gap is None:
                break
            at = folded.at(gap.end())
            if at - title < _SHORTEST_TITLE or end - at < _SHORTEST_TEXT:
                break
            breaks.append(at)
            start = at
            number = numbering(folded.text[start : min(end, start + 20)])
    return breaks


def _stretches(text: str, gaps: list[tuple[int, int]], breaks: list[int]) -> list[tuple[int, int]]:
    """Paragraphs of the joined text: between newlines, and at the breaks (which are offsets before joining)."""
    if not breaks:
        return _physical(text)
    cuts, passed, gone = [], 0, 0
    for at in breaks:
        while passed < len(gaps) and gaps[passed][0] < at:
            gone += gaps[passed][1] - gaps[passed][0]
            passed += 1
        cuts.append(at - gone)
    stretches = []
    index = 0
    for start, end in _physical(text):
        while index < len(cuts) and cuts[index] < end:
            if cuts[index] > start:
                stretches.append((start, cuts[index]))
                start = cuts[index]
            index += 1
        stretches.append((start, end))
    return stretches


def _form(source: str, folded: Folded, start: int) -> tuple[str, int]:
    """Markdown mark before a paragraph, and the folded end of its bold opening."""
    at = folded.back[start]
    line = max(source.rfind("\n", 0, at), source.rfind("\r", 0, at)) + 1
    if at - line > 40:
        return "", 0
    mark = _MARK.search(source, line, at)
    if mark is None:
        return "", 0
    if mark[0] != "**":
        return mark[0], 0
    close = source.find("**", at)
    newline = source.find("\n", at)
    if close < 0 or 0 <= newline < close:
        return "", 0
    return "**", folded.at(close)
