"""What a page lacks or has torn: holes, missing sections, and the sentences that tell a reader so."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from taizhang.errors import counted
from taizhang.fold import Folded
from taizhang.model import Article, Finding, Hole, Span
from taizhang.structure.articles import Page, Segment
from taizhang.structure.headings import Mark
from taizhang.structure.lines import CLOSERS, SENTENCE_END, Lines, Paragraph, torn
from taizhang.structure.numbering import numbering, ordinal
from taizhang.structure.years import Identity

_ARTICLE_TEXT = ("body", "news", "attachment")


def to_articles(
    source: str, folded: Folded, paragraphs: Sequence[Paragraph], page: Page, identity: Identity
) -> tuple[Article, ...]:
    """The articles of a page with their pieces; one for each number in use, so that blocks can point to it."""
    if not source:
        return ()
    count = 1 + max((segment.article for segment in page.segments), default=0)
    return tuple(_article(source, folded, paragraphs, page, identity, number) for number in range(count))


def _article(
    source: str, folded: Folded, paragraphs: Sequence[Paragraph], page: Page, identity: Identity, number: int
) -> Article:
    segments = [segment for segment in page.segments if segment.article == number]
    pieces: list[Span] = []
    last: Segment | None = None
    for segment in segments:
        if segment.kind in ("furniture", "title", "license", "note"):
            last = None if segment.kind == "title" else last
            continue
        span = _source_span(source, folded, paragraphs, segment.first, segment.last)
        if pieces and last is not None and last.last == segment.first:
            pieces[-1] = Span(pieces[-1].start, span.end)
        else:
            pieces.append(span)
        last = segment
    kinds = {segment.kind for segment in segments}
    if "news" in kinds:
        first = next(segment for segment in segments if segment.kind == "news")
        title, span_of_title = _headline(source, folded, paragraphs, first)
        return Article("news", title, span_of_title, tuple(pieces))
    if "caption" in kinds:
        return Article("caption", None, None, tuple(pieces))
    if "body" in kinds or "head" in kinds:
        return Article("report", identity.title, _title_block(source, folded, paragraphs, page, number), tuple(pieces))
    return Article("other", None, None, tuple(pieces))


def _source_span(source: str, folded: Folded, paragraphs: Sequence[Paragraph], first: int, last: int) -> Span:
    """From the first mark of a segment's first line to its last character."""
    start = _line_start(source, folded.back[paragraphs[first].start])
    return Span(start, folded.back[paragraphs[last - 1].end - 1] + 1)


_MARKS_BEFORE = re.compile(r"(?:#{1,6} +|\*\*|> +)+$")


def _line_start(source: str, at: int) -> int:
    """`at`, or where the Markdown marks before it begin."""
    marks = _MARKS_BEFORE.search(source, max(0, at - 12), at)
    return marks.start() if marks else at


def _headline(
    source: str, folded: Folded, paragraphs: Sequence[Paragraph], segment: Segment
) -> tuple[str | None, Span | None]:
    lines = []
    for index in range(segment.first, min(segment.first + 3, segment.last)):
        paragraph = paragraphs[index]
        text = folded.text[paragraph.start : paragraph.end]
        if not (paragraph.mark.startswith("#") or (len(text) <= 40 and text[-1] not in "。！？；：）")):
            break
        lines.append(folded.span(paragraph.start, paragraph.end))
    if not lines:
        return None, None
    title = " ".join(source[span.start : span.end] for span in lines)
    return title, Span(lines[0].start, lines[-1].end)


def _title_block(source: str, folded: Folded, paragraphs: Sequence[Paragraph], page: Page, number: int) -> Span | None:
    """Title, subtitle and speaker of a report, where its title stands in the middle of its text."""
    for segment in page.segments:
        if segment.kind == "title" and segment.article == number:
            return _source_span(source, folded, paragraphs, segment.first, segment.last)
    for segment in page.segments:
        if segment.kind == "head" and segment.article == number:
            return _source_span(source, folded, paragraphs, segment.first, segment.last)
    return None


def find_holes(
    source: str, folded: Folded, paragraphs: Sequence[Paragraph], page: Page, marks: Sequence[Mark]
) -> tuple[Hole, ...]:
    """Places where a sentence stops in the middle before a title, another article or a picture."""
    holes = []
    for tear in page.tears:
        segment = next(s for s in page.segments if s.first <= tear < s.last)
        after = folded.back[paragraphs[tear].end - 1] + 1
        following = next(
            (s for s in page.segments if s.first > tear and s.article == segment.article and s.kind == segment.kind),
            None,
        )
        if following is None:
            continue
        before = _line_start(source, folded.back[paragraphs[following.first].start])
        last = _number_before(marks, paragraphs[tear].end)
        first = _number_after(marks, paragraphs[following.first].start)
        gone_zh = f"；上文到{last}，下文从{first}起" if last and first else ""
        gone_en = f"; the last number above is {last}, the first below {first}" if last and first else ""
        holes.append(
            Hole(
                after,
                before,
                f"此处原文缺失：上段在句中中断，下段从别处开始{gone_zh}。",
                "Text is missing here: the piece above stops in mid-sentence and the next one begins elsewhere"
                f"{gone_en}.",
            )
        )
    return tuple(holes)


def _number_before(marks: Sequence[Mark], at: int) -> str | None:
    return next((mark.number for mark in reversed(marks) if mark.start < at and mark.number), None)


def _number_after(marks: Sequence[Mark], at: int) -> str | None:
    return next((mark.number for mark in marks if mark.start >= at and mark.number), None)


def findings_of(
    source: str,
    folded: Folded,
    paragraphs: Sequence[Paragraph],
    page: Page,
    marks: Sequence[Mark],
    identity: Identity,
    place: str | None,
    lines: Lines,
    holes: Sequence[Hole],
    parts: frozenset[str],
) -> tuple[Finding, ...]:
    """What a reader should know of the document's form before its figures are read."""
    if not paragraphs:
        return (
            Finding(
                "frame.empty", "error", "文本为空，没有可读的内容。", "The text is empty: there is nothing to read."
            ),
        )
    why = _unlike_a_report(source, folded.text, identity, place, any(mark.number for mark in marks))
    if why is not None:
        return (
            Finding(
                "frame.not-a-report",
                "warning",
                f"这份文字看来不是报告：{why[0]}。",
                f"The text does not look like a report: {why[1]}.",
            ),
            *_joins(folded, paragraphs, page, lines),
        )
    return (
        *_unknowns(identity, place),
        *_missing_parts(identity, parts),
        *(Finding("frame.hole", "warning", hole.zh, hole.en, _hole_spans(hole)) for hole in holes),
        *_joins(folded, paragraphs, page, lines),
        *_gaps(folded, paragraphs, page, marks),
        *_cut_off(folded, paragraphs, page),
        *_twice(page),
    )


_HAN = re.compile("[\u4e00-\u9fff]+")
_LATIN = re.compile("[A-Za-z]+")
_PICTOGRAPH = re.compile("[\U0001f300-\U0001faff]")
_REPORT_WORD = re.compile(
    r"代表|政府|人民|[全我][省市县区州盟旗国]|国民|经济|社会|生产总值|计划|财政|统计|[农工]业|企业|群众|发展|建设|项目|投资"
)
_FEWEST_HAN = 0.5
_FEWEST_WORDS = 12
_MOST_PICTOGRAPHS = 2
_LONG = 300
"""Characters from which a text that names nothing is no mere piece of a report."""


def _unlike_a_report(
    source: str, text: str, identity: Identity, place: str | None, numbered: bool
) -> tuple[str, str] | None:
    """What tells that a text is no report of a government, in Chinese and in English; nothing where it may be one.

    `numbered` says whether it has a numbered heading. A report may lack its title, its place, even its years, and a
    guide may quote a report's title. But no report is mostly Latin letters, has fenced code or pictographs, or goes on
    for long without anything that a report says of itself.
    """
    latin = sum(map(len, _LATIN.findall(text)))
    if 5 * latin > len(text) and _letters(text) < _FEWEST_HAN * (_letters(text) + latin):
        return "大半是外文字母", "most of its letters are Latin"
    if source.count("\n```") >= 2:
        return "文中有程序代码", "it holds program code"
    if len(_PICTOGRAPH.findall(text)) > _MOST_PICTOGRAPHS:
        return "文中有表情符号", "it holds pictographs"
    if identity.title is not None or identity.kind is not None:
        return None
    han = _letters(text)
    unnamed = place is None and identity.reviewed is None and identity.planned is None
    if unnamed and not numbered and han > _LONG:
        return "没有标题、种类、地区、年份和序号", "it names no title, kind, place or year, and numbers no section"
    if 1000 * len(_REPORT_WORD.findall(text)) < _FEWEST_WORDS * han:
        return "没有标题和种类，也少见报告用语", "it has no title or kind, and hardly a word of a report's"
    return None


def _hole_spans(hole: Hole) -> tuple[Span, ...]:
    return (Span(hole.after, hole.before),) if hole.after < hole.before else ()


def _unknowns(identity: Identity, place: str | None) -> Iterator[Finding]:
    if identity.title is None:
        yield Finding("frame.no-title", "info", "文中没有找到报告标题。", "The text has no line that names a report.")
    if place is None:
        yield Finding(
            "frame.no-place", "warning", "文中没有写明是哪个地方的报告。", "The text does not say which place it is of."
        )
    if identity.kind is None:
        yield Finding(
            "frame.no-kind", "warning", "看不出这是哪一种报告。", "The text does not say what kind of report it is."
        )
    if identity.reviewed is None and identity.planned is None:
        yield Finding(
            "frame.no-year", "warning", "文中没有写明报告的年份。", "The text does not say which year it is of."
        )


def _missing_parts(identity: Identity, parts: frozenset[str]) -> Iterator[Finding]:
    if identity.kind not in ("work", "plan", "budget"):
        return
    if "plan" not in parts:
        yield Finding("frame.no-plan", "warning", "没有找到部署工作的部分。", "No part of the text looks ahead.")
    if "review" not in parts:
        yield Finding("frame.no-review", "warning", "没有找到回顾工作的部分。", "No part of the text looks back.")


def _joins(folded: Folded, paragraphs: Sequence[Paragraph], page: Page, lines: Lines) -> Iterator[Finding]:
    """Lines put together. Those outside an article's own text (menus, licences) concern no reader of its figures."""
    if lines.wrapped:
        yield Finding(
            "frame.wrapped",
            "info",
            f"全文按固定宽度断行，已接合{len(lines.joins)}处。",
            f"The text is broken at a fixed width; {counted(len(lines.joins), 'line was', 'lines were')} put together.",
        )
        return
    articles = [
        (folded.back[paragraphs[segment.first].start], folded.back[paragraphs[segment.last - 1].end - 1])
        for segment in page.segments
        if segment.kind in _ARTICLE_TEXT
    ]
    joins = tuple(join for join in lines.joins if any(start <= join.start <= end for start, end in articles))
    if joins:
        yield Finding(
            "frame.join",
            "info",
            f"有{len(joins)}处句子被换行截断，已接合。",
            f"{counted(len(joins), 'sentence was', 'sentences were')} torn by a line break and put together.",
            joins[:20],
        )


def _letters(text: str) -> int:
    """Chinese characters in a text."""
    return sum(map(len, _HAN.findall(text)))


_MOST_GAPS = 3
"""Gaps from which a text's numbers cannot be relied on: a scan's digits, or a page that numbers at random."""


def _gaps(folded: Folded, paragraphs: Sequence[Paragraph], page: Page, marks: Sequence[Mark]) -> Iterator[Finding]:
    """Section numbers that are left out: （三） behind （一） under one heading.

    Silent where the number left out stands in between after all, in whatever form and place: as an item too long for a
    heading, in the middle of a line, alone on one, without its second bracket.
    """
    gaps = [
        (before, mark)
        for before, mark in _jumps(paragraphs, page, marks)
        if not _is_between(folded.text[before.end : mark.start], before, mark)
    ]
    if len(gaps) > _MOST_GAPS:
        yield Finding(
            "frame.missing-section",
            "info",
            f"标题序号有{len(gaps)}处跳号，多半是编号或识别有误，未必缺了内容。",
            f"Section numbers jump {len(gaps)} times: the numbering or the scan is at fault rather than the text.",
            tuple(folded.span(mark.start, mark.end) for _, mark in gaps),
        )
        return
    for before, mark in gaps:
        yield Finding(
            "frame.missing-section",
            "warning",
            f"标题序号从{before.number}跳到{mark.number}，中间可能缺了部分。",
            f"Section numbers jump from {before.number} to {mark.number}: sections may be missing.",
            (folded.span(before.start, before.end), folded.span(mark.start, mark.end)),
        )


def _jumps(paragraphs: Sequence[Paragraph], page: Page, marks: Sequence[Mark]) -> list[tuple[Mark, Mark]]:
    """Neighbours in a list of 一、 or （一） that leave out one to five numbers.

    A list may hold another of its own style: 一、二、三、[一、二、] 四、. So a number that begins anew does not end the
    list it stands in, and one that goes on with any list that is open is no jump. Nor is one whose missing number comes
    after it (一、三、二、).
    """
    open_lists: dict[int, list[Mark]] = {}
    jumps: list[tuple[Mark, Mark]] = []
    article = 0
    starts = [paragraphs[segment.first].start for segment in page.segments]
    for mark in marks:
        here = page.segments[max(0, bisect_right(starts, mark.start) - 1)].article
        if mark.rank <= 3 or here != article:
            open_lists.clear()
            article = here
        if mark.number is None or mark.rank not in (4, 5):
            continue
        for rank in [rank for rank in open_lists if rank > mark.rank]:
            del open_lists[rank]
        lists = open_lists.setdefault(mark.rank, [])
        number = ordinal(mark.number)
        while len(lists) > 1 and any(_count(each) + 1 == number for each in lists[:-1]):
            if _count(lists[-1]) + 1 == number:
                break
            lists.pop()
        if not lists or (number == 1 and _count(lists[-1]) > 0):
            lists.append(mark)
            continue
        before = lists[-1]
        if number <= _count(before):
            if jumps and jumps[-1][1] is before and _count(jumps[-1][0]) < number < _count(before):
                jumps.pop()
            continue
        lists[-1] = mark
        # a scan reads 三 as 一 or 二: 一、二、一、四 is no gap
        misread = len(lists) > 1 and _count(lists[-2]) + 2 == number
        if 2 <= number - _count(before) <= 6 and not misread:
            jumps.append((before, mark))
    return jumps


def _count(mark: Mark) -> int:
    return ordinal(mark.number or "")


_NUMBER_LOST = re.compile(r"(?:^|\n)(?:[。·]?[、．.；，]|[=＝ニ工彡]、|（[^（）\u4e00-\u9fff0-9]{1,2}）)")
"""A paragraph whose number a scan has lost or misread: it opens with the mark behind it, or with =、 or （=）."""
_DIGITS = "〇一二三四五六七八九"


def _is_between(text: str, before: Mark, mark: Mark) -> bool:
    """Whether the numbers left out between two headings stand in the text between them."""
    if _NUMBER_LOST.search(text):
        return True
    low, high = _count(before), _count(mark)
    others = re.search(r"(?:^|\n)（?1[）、．.]", text)  # 1. 2. 3. below a heading are another list
    digits = "|(?:^|\n)（?{}[）、．.]" if others is None else ""
    return all(re.search(_anywhere(number) + digits.format(number), text) for number in range(low + 1, high))


def _anywhere(number: int) -> str:
    """A pattern for a section number in any form that a list of Chinese numerals is written in."""
    tens, ones = divmod(number, 10)
    word = ("" if not tens else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones else "")
    return rf"(?<![一二三四五六七八九十]){word}(?:[、．.；：，）]|是|要|\n)|（{word}|第{word}[，、：]"


_LAST_NOTE = re.compile(r"（[^（）]{1,60}）$")
_TAIL = re.compile(rf"[{SENTENCE_END}…][{CLOSERS}]*(?P<tail>[^{SENTENCE_END}…]*)$")
_SIGNED = re.compile(
    r"来源|摘自|原载|记者|编辑|责编|转载|百度|网站?$|日报|新华社|公报|档案|附[：:件表]|完$|未完|[0-9〇一二三四五六七八九十]日$"
    r"|(?:人民政府|委员会|统计局|财政[局厅]|办公室)$|掌声|起立"
)
_HARDLY_HAN = 0.3
_LAST_WISH = re.compile(r"(?:奋斗|前进|力量|贡献|篇章|辉煌|伟大(?:任务|胜利|目标|复兴)|新局面|新胜利|新的?更大胜利)$")


def _cut_off(folded: Folded, paragraphs: Sequence[Paragraph], page: Page) -> Iterator[Finding]:
    """A text that ends in mid-sentence, unless what lacks a stop is a signature, a note, a list or the last wish."""
    last = page.segments[-1]
    paragraph = paragraphs[last.last - 1]
    if last.kind != "body" or _ends(folded.text, paragraphs, last):
        return
    yield Finding(
        "frame.cut-off",
        "warning",
        "文本在句中结束，后面的内容缺失。",
        "The text ends in mid-sentence: what follows is missing.",
        (folded.span(max(paragraph.start, paragraph.end - 20), paragraph.end),),
    )


def _ends(text: str, paragraphs: Sequence[Paragraph], segment: Segment) -> bool:
    """Whether a body's last paragraph may be the end of its text."""
    line = text[paragraphs[segment.last - 1].start : paragraphs[segment.last - 1].end]
    while (note := _LAST_NOTE.search(line)) and note.start():
        line = line[: note.start()]
    if not torn(line):
        return True
    found = _TAIL.search(line)
    tail = found["tail"] if found else line
    if found and _letters(tail) < _HARDLY_HAN * len(tail):
        return True
    if not re.search("[，；]", tail) and _SIGNED.search(tail):
        return True
    if _LAST_WISH.search(line):
        return True
    number = numbering(line)
    if number is None or line[-1] in "，、":
        return False
    # the last item of a list whose items have no stops
    before = (
        text[paragraphs[index].start : paragraphs[index].end]
        for index in range(max(segment.first, segment.last - 6), segment.last - 1)
    )
    return any(torn(item) and (other := numbering(item)) and other.rank == number.rank for item in before)


def _twice(page: Page) -> Iterator[Finding]:
    copies = {segment.article for segment in page.segments if segment.kind == "body"}
    if len(copies) > 1:
        yield Finding(
            "frame.twice",
            "info",
            f"同一页上有{len(copies)}篇报告正文。",
            f"The page holds {len(copies)} bodies of reports.",
        )
