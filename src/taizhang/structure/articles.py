"""A page cut into what it holds: the head and body of a report, its notes, other articles, captions, furniture.

A page may hold the report twice, print its title in the middle of its text, and carry news and pictures around it.
Everything here counts in paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple

from taizhang.structure.cues import cues, furniture
from taizhang.structure.lines import Paragraph, torn
from taizhang.structure.numbering import numbering
from taizhang.structure.years import Title

SegmentKind = Literal["furniture", "head", "body", "title", "note", "attachment", "news", "caption", "license"]

_GREETING = re.compile(r"各[位们]代表(?:们)?[：！，、]")
_OPENING = re.compile(r"代表.{0,20}(?:政府|国务院|委员会)|委托|报告|审议|提请|审查|任期|从今年|刚刚过去")
_NEWS = re.compile(
    r"(?:本报讯|本报[^，。]{0,8}[讯电]|新华社[^，。]{0,12}[讯电]|本台[^，。]{0,6}讯|（?(?:通讯员|记者)[^，。]{2,12}）?(?:报道|从))"
)
_CAPTION = re.compile(r"摄(?:影)?[）)]?[。]?$|^(?:图为|上图|下图)[^。]{2,60}。?$")
_SUBTITLE = re.compile(
    r"——|（?(?:19|20)[0-9]{2}年|[^。，]{2,24}(?:省长|市长|县长|区长|主席|州长|总理|主任|局长|厅长|盟长|旗长)"
    r"|[^。，：！]{2,16}(?:人民政府|委员会|发改委|统计局|财政局|财政厅)$"
)
ATTACHMENT = re.compile(r"附(?:件|表|录)?[一二三四五六七八九十0-9]{0,2}[：:．.、]?(?:$|[^，。]{2,40}$)")
_HEAD_PARAGRAPHS = 30
_PROSE_LENGTH = 45


class Segment(NamedTuple):
    """Paragraphs `first` to `last` (exclusive) of one kind, and the article and copy they belong to."""

    first: int
    last: int
    kind: SegmentKind
    article: int
    """Number of the article; furniture has that of the article before it."""


class Page(NamedTuple):
    """What a page holds, in order."""

    segments: tuple[Segment, ...]
    tears: tuple[int, ...]
    """Paragraphs that stop in mid-sentence before a title, another article, or a picture."""


def cut_page(text: str, paragraphs: Sequence[Paragraph], titles: Sequence[Title]) -> Page:
    """Cut a page into segments that cover all its paragraphs."""
    kinds = _kinds(text, paragraphs, titles)
    segments: list[Segment] = []
    article = 0
    start = 0
    for index in range(1, len(kinds) + 1):
        if index < len(kinds) and kinds[index] == kinds[start]:
            continue
        kind, copy = kinds[start]
        if segments and copy != kinds[start - 1][1]:
            article += 1
        segments.append(Segment(start, index, kind, article))
        start = index
    tears = tuple(
        segment.last - 1
        for segment, following in pairwise(segments)
        if segment.kind in ("body", "news")
        and following.kind in ("title", "news", "caption")
        and torn(text[paragraphs[segment.last - 1].start : paragraphs[segment.last - 1].end])
    )
    return Page(tuple(segments), tears)


Kind = tuple[SegmentKind, int]


def _kinds(text: str, paragraphs: Sequence[Paragraph], titles: Sequence[Title]) -> list[Kind]:
    """A kind for each paragraph, with the number of the article it belongs to."""
    openings = _openings(text, paragraphs)
    heads = _copy_heads(text, paragraphs, titles, openings)
    kinds: list[Kind] = []
    bounds = [*heads, len(paragraphs)]
    kinds.extend(("furniture", 0) for _ in range(bounds[0]))
    for copy, (start, end) in enumerate(pairwise(bounds)):
        opening = next((o for o in openings if start <= o < end), None)
        kinds.extend((kind, copy) for kind in _copy(text, paragraphs, titles, start, end, opening))
    _mark_news(text, paragraphs, kinds)
    return kinds


def _openings(text: str, paragraphs: Sequence[Paragraph]) -> list[int]:
    """Paragraphs with the greeting that opens a report; at least a page apart."""
    found: list[int] = []
    for index, paragraph in enumerate(paragraphs):
        greeting = _GREETING.match(text, paragraph.start)
        if greeting is None:
            continue
        after = paragraphs[min(index + 1, len(paragraphs) - 1)].end
        if not _OPENING.search(text, greeting.end(), min(after, greeting.end() + 160)):
            continue
        if found and (text[greeting.end() - 1] != "：" or paragraph.start - paragraphs[found[-1]].start < 800):
            continue
        found.append(index)
    return found


def _copy_heads(
    text: str, paragraphs: Sequence[Paragraph], titles: Sequence[Title], openings: Sequence[int]
) -> list[int]:
    """Where each copy of the report begins: its title, else its greeting; the first at the page's first title."""
    heads: list[int] = []
    for opening in openings or [_first_prose(text, paragraphs)]:
        floor = max(heads[-1] + 1 if heads else 0, opening - _HEAD_PARAGRAPHS)
        before = [title.first for title in titles if floor <= title.first <= opening]
        if (
            heads
        ):  # a second copy's title stands close before its greeting; what lies further up is the first one's tail
            before = [first for first in before if paragraphs[opening].start - paragraphs[first].start < 400]
            heads.append(before[0] if before else opening)
        elif before:
            heads.append(before[0])
        else:
            heads.append(_after_menu(text, paragraphs, opening))
    return heads


def _first_prose(text: str, paragraphs: Sequence[Paragraph]) -> int:
    for index, paragraph in enumerate(paragraphs[:200]):
        if paragraph.end - paragraph.start >= _PROSE_LENGTH and "。" in text[paragraph.start : paragraph.end]:
            return index
    return 0


def _after_menu(text: str, paragraphs: Sequence[Paragraph], opening: int) -> int:
    """First paragraph behind leading furniture."""
    pattern = furniture("head")
    for index in range(opening):
        if not pattern.search(text, paragraphs[index].start, paragraphs[index].end):
            return index
    return opening


def _copy(
    text: str, paragraphs: Sequence[Paragraph], titles: Sequence[Title], start: int, end: int, opening: int | None
) -> list[SegmentKind]:
    """Kinds of the paragraphs of one copy: head, body, notes, tail."""
    body = _body_start(text, paragraphs, start, end, opening)
    stop = _body_end(text, paragraphs, body, end)
    kinds = _head(text, paragraphs, titles, start, body)
    body_kinds: list[SegmentKind] = ["body"] * (stop - body)
    for index in _contents(text, paragraphs, start, stop):
        if index >= body:
            body_kinds[index - body] = "furniture"
        else:
            kinds[index - start] = "furniture"
    kinds += body_kinds
    kinds += _tail(text, paragraphs, stop, end)
    for title in titles:
        if body < title.first < stop and _is_printed_inside(text, paragraphs, title):
            for index in range(title.first, _title_end(text, paragraphs, title.last)):
                if index < stop:
                    kinds[index - start] = "title"
    return kinds


_BARE_NUMBER = re.compile(r"(?:第[^章节编篇]{1,4}[章节编篇])?[^\u4e00-\u9fff]*")
"""What a scan leaves of an entry where its title went to another line."""
_CONTENTS = re.compile(r"目录(?![的里中])")


def _contents(text: str, paragraphs: Sequence[Paragraph], start: int, stop: int) -> range:
    """The paragraphs of a table of contents near the head: from 目录 to the first entry that comes again, or prose."""
    for index in range(start, min(stop, start + 30)):
        if _CONTENTS.match(text, paragraphs[index].start, paragraphs[index].end):
            break
    else:
        return range(0)
    seen: set[str] = set()
    for at in range(index + 1, stop):
        line = text[paragraphs[at].start : paragraphs[at].end]
        entry = line.rstrip("0123456789.… （）()·“”")
        if _BARE_NUMBER.fullmatch(entry):
            continue
        number = numbering(line)
        titled = number is not None and number.rank <= 2 and entry[number.length :] in seen
        if entry in seen or titled or (len(line) > 80 and "。" in line) or _GREETING.match(line):
            return range(index, at)
        seen.add(entry)
    return range(0)


def _is_printed_inside(text: str, paragraphs: Sequence[Paragraph], title: Title) -> bool:
    """Whether a title in the middle of a text is one: a line of its own that breaks a sentence or has a subtitle."""
    if title.end < paragraphs[title.last - 1].end or text[title.end - 1] in "。，；":
        return False
    before = paragraphs[title.first - 1]
    if torn(text[before.start : before.end]):
        return True
    following = paragraphs[min(title.last, len(paragraphs) - 1)]
    return text.startswith("——", following.start)


def _title_end(text: str, paragraphs: Sequence[Paragraph], index: int) -> int:
    """Behind the subtitle and the speaker's name that follow a title."""
    limit = index + 4
    while index < min(limit, len(paragraphs)):
        paragraph = paragraphs[index]
        if paragraph.end - paragraph.start > 60 or not _SUBTITLE.match(text, paragraph.start, paragraph.end):
            break
        index += 1
    return index


def _body_start(text: str, paragraphs: Sequence[Paragraph], start: int, end: int, opening: int | None) -> int:
    if opening is not None:
        return opening
    for index in range(start, min(end, start + 120)):
        paragraph = paragraphs[index]
        line = text[paragraph.start : paragraph.end]
        if numbering(line) and index > start:
            return index
        prose = "。" in line or line.count("，") > 1  # some sites drop the stop at the end of a paragraph
        if len(line) >= _PROSE_LENGTH and prose and not furniture("head").search(line):
            return index
    return start


def _head(
    text: str, paragraphs: Sequence[Paragraph], titles: Sequence[Title], start: int, body: int
) -> list[SegmentKind]:
    """Kinds between a copy's first title and its greeting; furniture stands among the title, the date, the speaker."""
    kinds: list[SegmentKind] = []
    pattern = furniture("head")
    last = max((title.first for title in titles if start < title.first < body), default=start)
    first_end = next((title.last for title in titles if title.first == start), start + 1)
    for index in range(start, body):
        line = text[paragraphs[index].start : paragraphs[index].end]
        if pattern.search(line) or _CAPTION.search(line) or (first_end <= index < last):
            kinds.append("furniture")
        else:
            kinds.append("head")
    return kinds


def _body_end(text: str, paragraphs: Sequence[Paragraph], body: int, end: int) -> int:
    """First paragraph of notes, attachments, licence or furniture behind a body's text."""
    if body >= end:
        return end
    floor = paragraphs[body].start + (paragraphs[end - 1].end - paragraphs[body].start) // 3
    for index in range(body + 1, end):
        if paragraphs[index].start >= floor and _tail_kind(text, paragraphs[index]):
            return index
    return _foreign_tail(text, paragraphs, body, end)


_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z]")


def _foreign_tail(text: str, paragraphs: Sequence[Paragraph], body: int, end: int) -> int:
    """First paragraph of a tail in Latin letters: the watermark of a database, gathered from all its pages."""
    first = end
    for index in range(end - 1, body, -1):
        line = text[paragraphs[index].start : paragraphs[index].end]
        han = len(_HAN.findall(line))
        if len(_LATIN.findall(line)) > han:
            first = index
        elif han > _FEW_HAN:
            break
    return first


_FEW_HAN = 4


def _tail_kind(text: str, paragraph: Paragraph) -> SegmentKind | None:
    line = text[paragraph.start : min(paragraph.end, paragraph.start + 60)]
    if cue_note().search(line):
        return "note"
    if furniture("tail").search(line):
        return "furniture"
    if furniture("license").search(line):
        return "license"
    if ATTACHMENT.match(line) and paragraph.end - paragraph.start < 50:
        return "attachment"
    return None


@cache
def cue_note() -> re.Pattern[str]:
    """The heading of a glossary or of notes."""
    return re.compile(cues().heading["note"].pattern)


def _tail(text: str, paragraphs: Sequence[Paragraph], stop: int, end: int) -> list[SegmentKind]:
    """Kinds behind the body: each holds until the next one is announced."""
    kinds: list[SegmentKind] = []
    kind: SegmentKind = "furniture"
    for index in range(stop, end):
        found = _tail_kind(text, paragraphs[index])
        if found == "furniture" and kind == "license":
            found = None
        kind = found or kind
        kinds.append(kind)
    return kinds


def _mark_news(text: str, paragraphs: Sequence[Paragraph], kinds: list[Kind]) -> None:
    """Mark news and captions, with their titles, among a page's paragraphs."""
    copies = max((copy for _, copy in kinds), default=0)
    index = 0
    while index < len(kinds):
        paragraph = paragraphs[index]
        kind, copy = kinds[index]
        line_end = min(paragraph.end, paragraph.start + 40)
        if kind in ("body", "furniture") and _NEWS.match(text, paragraph.start, line_end):
            first = _news_title(text, paragraphs, kinds, index)
            last = _news_end(text, paragraphs, kinds, index)
            copies += 1
            for at in range(first, last):
                kinds[at] = ("news", copies)
            index = last
            continue
        if kind == "body" and _is_caption(text, paragraph):
            on_page = any(k == "news" for k, _ in kinds[:index])
            copies += on_page
            kinds[index] = ("caption", copies) if on_page else ("furniture", copy)
        index += 1


def _is_caption(text: str, paragraph: Paragraph) -> bool:
    return paragraph.end - paragraph.start < 260 and bool(_CAPTION.search(text, paragraph.start, paragraph.end))


def _news_title(text: str, paragraphs: Sequence[Paragraph], kinds: Sequence[Kind], index: int) -> int:
    """First paragraph of the headline above a news item: short lines without stops, Markdown headings first."""
    first = index
    while first > 0 and index - first < 3 and kinds[first - 1][0] in ("body", "furniture", "title"):
        paragraph = paragraphs[first - 1]
        line = text[paragraph.start : paragraph.end]
        marked = paragraph.mark.startswith("#")
        if numbering(line) or not (marked or (len(line) <= 40 and not re.search("[。！？；：]", line))):
            break
        first -= 1
    return first


def _news_end(text: str, paragraphs: Sequence[Paragraph], kinds: Sequence[Kind], index: int) -> int:
    """Behind the last paragraph of a news item: the next item's headline, a caption, a title, a numbered heading."""
    copy = kinds[index][1]
    for at in range(index + 1, len(kinds)):
        paragraph = paragraphs[at]
        line = text[paragraph.start : min(paragraph.end, paragraph.start + 60)]
        if (
            kinds[at][0] in ("title", "head")
            or kinds[at][1] != copy
            or paragraph.mark.startswith("#")
            or _NEWS.match(line)
            or _is_caption(text, paragraph)
            or _GREETING.match(line)
            or furniture("tail").search(line)
        ):
            return at
    return len(kinds)
