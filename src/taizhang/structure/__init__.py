"""Document → Frame: articles, headings, blocks, sentences, and what the document says of itself.

`frame_document` is the only name for the outside. It folds the text, closes the gaps of torn sentences, and returns the
frame with the view that its sentences' offsets point into.
"""

from __future__ import annotations

from taizhang.fold import Folded, fold
from taizhang.model import Document, Frame, Hole
from taizhang.read.paged import HOLE
from taizhang.structure.articles import cut_page
from taizhang.structure.blocks import Mood, Scene, heading_state, page_stretches, part_finder
from taizhang.structure.findings import find_holes, findings_of, to_articles
from taizhang.structure.headings import find_marks, to_headings
from taizhang.structure.lines import read_lines
from taizhang.structure.periods import to_blocks
from taizhang.structure.places import find_place, is_place
from taizhang.structure.sentences import split_sentences
from taizhang.structure.tables import parts_in_tables, set_aside, titled_by_table, with_rows
from taizhang.structure.years import find_titles, identify

__all__ = ["frame_document", "is_place"]


def frame_document(document: Document) -> tuple[Frame, Folded]:
    """Find a document's frame. The second value is the matching view its sentences point into."""
    source = document.text
    lacks = [finding for finding in document.findings if finding.code == HOLE]
    seams = [span.start for finding in lacks for span in finding.spans]
    lines = read_lines(source, set_aside(fold(source), document.tables), seams)
    folded, paragraphs = lines.folded, lines.paragraphs
    text = folded.text
    titles = find_titles(text, paragraphs)
    page = cut_page(text, paragraphs, titles)
    body = next((paragraphs[s.first].start for s in page.segments if s.kind == "body"), 0)
    identity = identify(text, titles, body)
    if document.tables:
        identity = titled_by_table(identity, text)
    place = find_place(identity.title, text[: max(1500, body + 600)], text)
    years, national = identity.years, place == "全国"

    def is_section(line: str) -> bool:
        return heading_state(line, years, False) is not None

    marks = find_marks(folded, paragraphs, page, titles, is_section)
    scene = Scene(text, paragraphs, marks, Mood(text), years, national, identity.kind, identity.interval)
    stretches = page_stretches(scene, page)
    does = {(stretch.state.part, stretch.state.mode) for stretch in stretches}
    plan_of_five = sum(s.end - s.start for s in stretches if (s.state.part, s.state.mode) == ("plan", "five-year"))
    identity = identity.settled(("plan", "year") in does, plan_of_five, ("review", "five-year") in does)
    blocks = to_blocks(source, folded, stretches, identity)
    headings = to_headings(source, folded, marks, part_finder(stretches))
    prose = split_sentences(folded, paragraphs, headings, [mark.end for mark in marks], blocks)
    sentences = with_rows(prose, folded, document.tables)
    articles = to_articles(source, folded, paragraphs, page, identity)
    holes = find_holes(source, folded, paragraphs, page, marks)
    parts = frozenset({*(part for part, _ in does), *parts_in_tables(document, identity.reviewed, identity.planned)})
    findings = findings_of(source, folded, paragraphs, page, marks, identity, place, lines, holes, parts)
    title_span = folded.span(*identity.title_at) if identity.title_at else None
    on_the_page = (Hole(s.start, s.end, each.zh, each.en) for each in lacks for s in each.spans)
    holes = tuple(sorted((*holes, *on_the_page), key=lambda hole: hole.after))
    frame = Frame(
        identity.title, title_span, place, identity.kind, identity.reviewed, identity.planned, articles, holes,
        lines.joins, headings, blocks, sentences, findings,
    )  # fmt: skip
    return frame, folded
