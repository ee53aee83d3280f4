"""The pages of a report as published, with a box around each statement; for reports whose file the ledger keeps."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response
from litestar.params import Parameter

from taizhang.model import Kind, Report
from taizhang.read.pictures import picture
from taizhang.views import words
from taizhang.web.asking import Ask, address, not_found
from taizhang.web.faces import page


class Box(msgspec.Struct, frozen=True):
    """Where a statement stands on a page, in points from its top left. One that goes over a line end has several."""

    statement: str
    kind: Kind
    doubtful: bool
    said: str
    x: float
    y: float
    width: float
    height: float
    first: bool


class Sheet(msgspec.Struct, frozen=True):
    """One page, in points, and its picture."""

    number: int
    width: float
    height: float
    picture: str
    boxes: tuple[Box, ...]


def is_kept(ask: Ask, report: str) -> bool:
    """Whether the pages of a report can be shown."""
    key = (ask.shelf.serial, ask.shelf.newest)
    return report in ask.shelf.keep("findings", ("originals", *key), ask.shelf.ledger.originals)


def sheets_of(report: Report) -> tuple[Sheet, ...]:
    """Every page with its boxes."""
    boxes: dict[int, list[Box]] = {}
    for item in report.statements:
        first = True
        for place in report.document.locate(item.span):
            if place.page is None or place.box is None:
                continue
            left, top, right, bottom = place.box
            boxes.setdefault(place.page, []).append(
                Box(
                    statement=item.id,
                    kind=item.kind,
                    doubtful=words.is_doubtful(item),
                    said=f"{item.indicator or '—'} {words.one_line(item.text)}",
                    x=round(left - 1, 1),
                    y=round(top - 1, 1),
                    width=round(right - left + 2, 1),
                    height=round(bottom - top + 2, 1),
                    first=first,
                )
            )
            first = False
    name = report.document.id
    return tuple(
        Sheet(each.number, each.width, each.height, address(f"/reports/{name}/pages/{each.number}"), tuple(found))
        for each in report.document.pages
        for found in (boxes.get(each.number, []),)
    )


@page("/reports/{report:str}/pages/{number:int}", template="none", listed=False)
def page_picture(ask: Ask, report: str, number: Annotated[int, Parameter(ge=1, le=100000)]) -> Response[bytes]:
    """One page of a report as a grey PNG."""
    head = ask.shelf.head(report)
    missing = not_found(f"没有这份报告第 {number} 页的图像。", f"There is no picture of page {number} of this report.")
    if head is None or not is_kept(ask, report):
        raise missing
    key = f"png-{head.sha256}-{number}"
    found = ask.shelf.kept.get(key)
    if found is None:
        original = ask.shelf.ledger.original(report)
        found = picture(original[1], original[0], number) if original else None
        if found is None:
            raise missing
        ask.shelf.kept.put(key, found)
    return Response(content=found, media_type="image/png")
