"""Headings of every usual style, as a tree: numbered lines, bold leads, Markdown marks, bare short lines, greetings."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from taizhang.fold import Folded
from taizhang.model import Heading, Part
from taizhang.structure.articles import Page
from taizhang.structure.lines import SENTENCE_END, Paragraph
from taizhang.structure.numbering import Numbering, numbering
from taizhang.structure.years import Title

LONGEST = 60
_BARE_LONGEST = 36
_GREETING = re.compile(r"各[位们]代表(?:[：！，]|$)")
_END = re.compile(rf"[{SENTENCE_END}：]")
_BARE = re.compile(r"[\u4e00-\u9fff“《][^。！？；：…]*[\u4e00-\u9fff”》）0-9]")
_LEVELS = {1: 1, 2: 1, 3: 2, 4: 1, 5: 2, 6: 3, 7: 3}
_ORDINAL = 8
_BARE_RANK = 0
_GREETING_RANK = -1
_TITLE_RANK = -2
_SECTION_RANK = 4


class Mark(NamedTuple):
    """A heading as found: where (joined offsets), its number, and its rank among styles."""

    start: int
    end: int
    number: str | None
    title: str
    rank: int
    paragraph: int
    whole: bool
    """Whether it fills its paragraph."""


def find_marks(
    folded: Folded,
    paragraphs: Sequence[Paragraph],
    page: Page,
    titles: Sequence[Title],
    is_section: Callable[[str], bool],
) -> list[Mark]:
    """The headings of a text, in order. `is_section` tells a bare line that opens a section of its own (今年的任务)."""
    text = folded.text
    marks: list[Mark] = []
    named = {title.first: title for title in titles}
    for segment in page.segments:
        if segment.kind in ("furniture", "license", "caption"):
            continue
        for index in range(segment.first, segment.last):
            title = named.get(index)
            if title is not None and segment.kind in ("head", "title"):
                marks.append(
                    Mark(title.start, title.end, None, text[title.start : title.end], _TITLE_RANK, index, True)
                )
                continue
            if segment.kind in ("head", "title"):
                continue
            if segment.kind == "news" and _is_headline(text, paragraphs[index], index - segment.first):
                start, end = paragraphs[index].start, paragraphs[index].end
                marks.append(Mark(start, end, None, text[start:end], _TITLE_RANK, index, True))
                continue
            mark = _mark(folded, index, paragraphs[index])
            if mark is not None:
                if mark.rank == _BARE_RANK and mark.whole and is_section(mark.title):
                    mark = mark._replace(rank=_SECTION_RANK)
                marks.append(mark)
    return marks


def _is_headline(text: str, paragraph: Paragraph, index: int) -> bool:
    return index < 3 and (
        paragraph.mark.startswith("#")
        or (paragraph.end - paragraph.start <= 40 and text[paragraph.end - 1] not in "。！？；：）")
    )


def _mark(folded: Folded, index: int, paragraph: Paragraph) -> Mark | None:
    text = folded.text
    start, end = paragraph.start, paragraph.end
    head = text[start : min(end, start + 2 * LONGEST)]
    number = numbering(head)
    if number is not None:
        return _numbered(folded, head, number, index, paragraph)
    greeting = _GREETING.match(head)
    if greeting:
        stop = start + greeting.end()
        return Mark(start, stop, None, head[:4], _GREETING_RANK, index, stop == end)
    if paragraph.bold_end and paragraph.bold_end - start <= LONGEST:
        stop = _strip(text, start, min(paragraph.bold_end, end))
        return Mark(start, stop, None, text[start:stop], _BARE_RANK, index, paragraph.bold_end >= end)
    if paragraph.mark.startswith("#") or (end - start <= _BARE_LONGEST and _BARE.fullmatch(head)):
        return Mark(start, end, None, text[start:end], _BARE_RANK, index, True)
    return None


def _numbered(folded: Folded, head: str, number: Numbering, index: int, paragraph: Paragraph) -> Mark | None:
    start, end = paragraph.start, paragraph.end
    stop_match = _END.search(head, number.length)
    stop = start + (stop_match.start() if stop_match else len(head))
    stop = min(stop, end, _run_on(folded, start + number.length, stop))
    if paragraph.bold_end > start + number.length:
        stop = min(stop, paragraph.bold_end)
    if stop - start - number.length > LONGEST or stop <= start:
        return None
    if number.rank >= 6 and stop == end and not re.search("[\u4e00-\u9fff]", head[number.length :]):
        return None
    return Mark(start, stop, number.number, head[number.length : stop - start], number.rank, index, stop + 1 >= end)


_OPENS_A_SENTENCE = re.compile(
    r"今年|去年|过去|一年来|五年来|我们|各位代表|在市委|在省委|在县委|(?:19|20)[0-9]{2}年[，是]"
)


def _run_on(folded: Folded, start: int, stop: int) -> int:
    """Where a heading ends that runs on into its paragraph with only a blank between (二、2005年主要任务 今年是…)."""
    for match in _OPENS_A_SENTENCE.finditer(folded.text, start + 2, stop):
        at = match.start()
        if folded.back[at] - folded.back[at - 1] > 1 and folded.text[at - 1] not in "，、：":
            return at
    return stop


def _strip(text: str, start: int, end: int) -> int:
    while end > start + 1 and text[end - 1] in "。：，；":
        end -= 1
    return end


class Node(NamedTuple):
    """A heading's place in the tree."""

    level: int
    parent: int | None


def tree(marks: Sequence[Mark], part_at: Callable[[int], Part]) -> list[Node]:
    """Level and parent of each mark, by the styles that stand open above it.

    一、 is level 1, （一） 2, 1. 3. A 一是 or 第一， stands one below whatever is open; a bare line below the last
    number that is not of its own kind. A greeting (各位代表！) closes every section but the 一、 it stands in, and
    that one too where the closing words begin.
    """
    nodes: list[Node] = []
    stack: list[tuple[int, int, int]] = []  # rank, level, index
    for index, mark in enumerate(marks):
        rank = mark.rank
        if rank == _TITLE_RANK:
            stack.clear()
            nodes.append(Node(0, None))
            continue
        if rank == _GREETING_RANK:
            if part_at(mark.start) == "other":
                stack.clear()
            while stack and stack[-1][0] != _SECTION_RANK and stack[-1][0] != 1:
                stack.pop()
            level = 2 if stack else 1
        elif rank == _BARE_RANK:
            while stack and stack[-1][0] in (_BARE_RANK, _GREETING_RANK, _ORDINAL):
                stack.pop()
            level = min(3, (stack[-1][1] if stack else 0) + 1)
        else:
            while stack and (stack[-1][0] >= rank or stack[-1][0] in (_BARE_RANK, _GREETING_RANK)):
                stack.pop()
            level = _LEVELS.get(rank) or min(3, (stack[-1][1] if stack else 0) + 1)
        nodes.append(Node(level, stack[-1][2] if stack else None))
        stack.append((rank, level, index))
    return nodes


def to_headings(
    source: str, folded: Folded, marks: Sequence[Mark], part_at: Callable[[int], Part]
) -> tuple[Heading, ...]:
    """Marks as headings of the source, with the part of the block that each stands in."""
    headings = []
    for mark, node in zip(marks, tree(marks, part_at), strict=True):
        span = folded.span(mark.start, mark.end)
        number = None
        title_start = mark.start
        if mark.number is not None:
            number = folded.quote(mark.start, mark.start + len(mark.number))
            title_start = mark.end - len(mark.title)
        title = _flat(source[folded.back[title_start] : span.end]) if title_start < mark.end else ""
        opening = mark.rank == _GREETING_RANK and node.level == 1
        part: Part = "other" if mark.rank == _TITLE_RANK or opening else part_at(mark.start)
        headings.append(Heading(span, node.level, number, title, part, node.parent))
    return tuple(headings)


def _flat(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", text).replace("**", "").strip()
