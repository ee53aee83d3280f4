"""The pages of a PDF or scan as pictures, with a box around each number; a box leads to its row and place in the text.

A report does not hold the file it was read from, so the file is looked for under its name and shown only if it is the
same to the byte.
"""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from html import escape
from pathlib import Path

from taizhang.model import Report
from taizhang.read.pictures import picture

MOST = 40
"""Pages shown; a page of the answer would else grow beyond what browsers open with ease."""


def sheets(report: Report) -> Iterator[tuple[int, str]]:
    """For each page its number and an SVG, or nothing where the document has no pages or its file is not at hand."""
    document = report.document
    if not document.pages:
        return
    try:
        data = Path(document.source.name).read_bytes()
    except (OSError, ValueError):
        return
    if hashlib.sha256(data).hexdigest() != document.source.sha256:
        return
    boxes: dict[int, list[str]] = defaultdict(list)
    for index, statement in enumerate(report.statements):
        own = f' id="p{index}"'
        for place in document.locate(statement.span):
            if place.page is not None and place.box is not None:
                x0, y0, x1, y1 = place.box
                boxes[place.page].append(
                    f'<a{own} href="#m{index}"><rect class="{statement.kind}" x="{x0 - 1:.1f}" y="{y0 - 1:.1f}" '
                    f'width="{x1 - x0 + 2:.1f}" height="{y1 - y0 + 2:.1f}"><title>{escape(statement.text)} '
                    f"{escape(statement.indicator or '')}</title></rect></a>"
                )
                own = ""
    for page in document.pages[:MOST]:
        png = picture(data, document.source.media_type, page.number)
        if png is None:
            continue
        # Shown upright, whichever way it lies in the file: picture and boxes are turned together.
        wide, high = (page.height, page.width) if round(page.turn / 90) % 2 else (page.width, page.height)
        left, top = (page.width - wide) / 2, (page.height - high) / 2
        turned = (
            f' transform="rotate({-page.turn:.1f} {page.width / 2:.1f} {page.height / 2:.1f})"' if page.turn else ""
        )
        address = "data:image/png;base64," + base64.b64encode(png).decode()
        yield (
            page.number,
            f'<svg class="sheet" viewBox="{left:.1f} {top:.1f} {wide:.1f} {high:.1f}" role="group" '
            f'aria-label="第 {page.number} 页 page {page.number}">'
            f'<g{turned}><image href="{address}" width="{page.width:.1f}" height="{page.height:.1f}"/>'
            f"{''.join(boxes[page.number])}</g></svg>\n",
        )
