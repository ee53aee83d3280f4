"""Paragraphs → sentences, each with its block, its path of headings and the lead phrase of its paragraph."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from taizhang.fold import Folded
from taizhang.model import Block, Heading, Sentence, Span
from taizhang.structure.lines import CLOSERS, SENTENCE_END, Paragraph

# An end mark inside quotes ends the sentence only with the quotation; in brackets it ends nothing.
_UNIT = (
    rf"[^{SENTENCE_END}（“]++"
    r"|（[^（）]{0,120}）"
    rf"|“[^“”]{{0,80}}(?<![{SENTENCE_END}])”"
    rf"|“[^“”]{{0,80}}”(?=[，、；：的等和与])"
    r"|[（“]"
)
_SENTENCE = re.compile(rf"(?:{_UNIT})*+[{SENTENCE_END}]+[{CLOSERS}]*|[^{SENTENCE_END}]+")
_LEAD_LENGTH = 30
_NO_LEAD = re.compile(r"[0-9%；]|同志|各位代表|[一二三四五六七八九十百千万亿两]+(?:个|家|户|项|人|亩|元|吨)")


def split_sentences(
    folded: Folded,
    paragraphs: Sequence[Paragraph],
    headings: Sequence[Heading],
    heading_ends: Sequence[int],
    blocks: Sequence[Block],
) -> tuple[Sentence, ...]:
    """Sentences of all paragraphs, in order; a heading is a sentence of its own."""
    starts = [block.start for block in blocks]
    places = [heading.span.start for heading in headings]
    paths = _paths(headings)
    back = folded.back
    limits = [folded.at(start) for start in starts]
    sentences: list[Sentence] = []
    for number, paragraph in enumerate(paragraphs):
        lead: Span | None = None
        cuts = _cuts(folded, paragraph, heading_ends)
        borders = limits[bisect_right(limits, paragraph.start) : bisect_left(limits, paragraph.end)]
        if borders:
            cuts = _cut_at(cuts, borders)
        for index, (start, end) in enumerate(cuts):
            span = Span(back[start], back[end - 1] + 1)
            is_lead = _is_lead(folded.text[start:end]) and index + 1 < len(cuts)
            if is_lead:
                lead = span
            at = bisect_right(places, span.start) - 1
            path = paths[at] if at >= 0 else ()
            block = max(0, bisect_right(starts, span.start) - 1)
            if path and _opens_its_own(blocks[block]) and places[at] < starts[block]:
                path = tuple(index for index in path if headings[index].level <= 1)
            sentences.append(
                Sentence(
                    span,
                    start,
                    end,
                    block,
                    path,
                    None if is_lead else lead,
                    is_lead,
                    number,
                )
            )
    return tuple(sentences)


def _opens_its_own(block: Block) -> bool:
    """Whether a block is a section without a heading: the look back over five years behind the one over the year."""
    return block.part == "review" and block.mode == "five-year" and (block.rule or "").startswith("opener.")


def _cut_at(cuts: list[tuple[int, int]], borders: Sequence[int]) -> list[tuple[int, int]]:
    """The same sentences, parted where a block begins inside one."""
    parted = []
    for start, end in cuts:
        for border in borders:
            if start < border < end:
                parted.append((start, border))
                start = border
        parted.append((start, end))
    return parted


def _paths(headings: Sequence[Heading]) -> list[tuple[int, ...]]:
    paths: list[tuple[int, ...]] = []
    for index, heading in enumerate(headings):
        above = paths[heading.parent] if heading.parent is not None else ()
        paths.append((*above, index))
    return paths


def _cuts(folded: Folded, paragraph: Paragraph, heading_ends: Sequence[int]) -> list[tuple[int, int]]:
    text = folded.text
    cuts = []
    start = paragraph.start
    at = bisect_right(heading_ends, start)
    if at < len(heading_ends) and heading_ends[at] < paragraph.end and text[heading_ends[at] - 1] not in SENTENCE_END:
        end = heading_ends[at]
        while end < paragraph.end and text[end] in "。！？：:，":
            end += 1
        cuts.append((start, end))
        start = end
    for match in _SENTENCE.finditer(text, start, paragraph.end):
        if match.end() > match.start():
            cuts.append(match.span())
    return cuts


def _is_lead(sentence: str) -> bool:
    """Whether a sentence is a bare lead phrase (工业发展步伐加快。): short, without figures or clauses."""
    return (
        4 <= len(sentence) <= _LEAD_LENGTH
        and sentence[-1] == "。"
        and sentence.count("，") <= 1
        and not _NO_LEAD.search(sentence)
    )
