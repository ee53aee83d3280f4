"""Document → Frame: articles, headings, blocks, sentences, and what the document says of itself.

`frame_document` is the only name for the outside. It folds the text, closes the gaps of torn sentences, and returns the
frame with the view that its sentences' offsets point into.
"""

from __future__ import annotations

from taizhang.fold import Folded, fold
from taizhang.model import Article, Block, Document, Frame, Heading, Span
from taizhang.structure.blocks import Mood, Scene, Stretch, closing_start, heading_state, walk
from taizhang.structure.headings import find_marks, tree
from taizhang.structure.lines import read_lines
from taizhang.structure.places import find_place
from taizhang.structure.sentences import split_sentences
from taizhang.structure.years import find_titles, identify

__all__ = ["frame_document"]


def frame_document(document: Document) -> tuple[Frame, Folded]:
    """Find a document's frame. The second value is the matching view its sentences point into."""
    lines = read_lines(document.text, fold(document.text))
    folded, paragraphs = lines.folded, lines.paragraphs
    text = folded.text
    titles = find_titles(text, paragraphs)
    identity = identify(text, titles, 0)
    place = find_place(identity.title, text[:1500], text)
    marks = find_marks(folded, paragraphs)
    scene = Scene(
        text, paragraphs, marks, Mood(text), identity.years, place == "全国", identity.kind, identity.interval
    )
    stretches = walk(scene, 0, len(text))
    blocks = _blocks(document, folded, stretches, identity.reviewed, identity.planned)
    nodes = tree(marks)
    headings = tuple(
        Heading(
            folded.span(mark.start, mark.end),
            node.level,
            mark.number,
            mark.title,
            (heading_state(mark.title, identity.years, False) or stretches[0].state).part,
            node.parent,
        )
        for mark, node in zip(marks, nodes, strict=True)
    )
    sentences = split_sentences(folded, paragraphs, headings, [mark.end for mark in marks], blocks)
    whole = (Span(0, len(document.text)),) if document.text else ()
    frame = Frame(
        identity.title,
        folded.span(*identity.title_at) if identity.title_at else None,
        place,
        identity.kind,
        identity.reviewed,
        identity.planned,
        (Article("report", identity.title, None, whole),),
        (),
        lines.joins,
        headings,
        blocks,
        sentences,
        (),
    )
    return frame, folded


def _blocks(
    document: Document, folded: Folded, stretches: list[Stretch], reviewed: str | None, planned: str | None
) -> tuple[Block, ...]:
    blocks = []
    start = 0
    for index, stretch in enumerate(stretches):
        end = folded.back[stretches[index + 1].start] if index + 1 < len(stretches) else len(document.text)
        period = {"review": reviewed, "plan": planned}.get(stretch.state.part)
        blocks.append(Block(start, end, stretch.state.part, stretch.state.mode, period, stretch.state.rule))
        start = end
    return tuple(blocks)
