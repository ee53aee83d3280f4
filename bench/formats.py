"""What reading PDFs and scans costs, and what a scan loses.

python bench/formats.py              speed and memory: a report of ours as PDF in one and two columns and as a newspaper
                                     page, and scans of them
python bench/formats.py FILE…        the same of files of yours
python bench/formats.py --scans      statements of the report's text that come out of its scans: exact, changed, lost,
                                     and how many of their boxes stand where the number is printed
"""

from __future__ import annotations

import math
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from taizhang import extract, read
from taizhang.errors import ReadError
from taizhang.model import Document, Report, Statement

ROOT = Path(__file__).parents[1]
REPORT = (ROOT / "examples/lanchuan-2026-plan.txt").read_text(encoding="utf-8")
SPOILT: tuple[tuple[str, dict[str, Any]], ...] = (
    ("clean", {}),
    ("noise 10, skew 0.8°", {"noise": 10, "skew": 0.8, "blur": 0.5}),
    ("noise 25, skew 2.5°, blur 1, JPEG 50", {"noise": 25, "skew": 2.5, "blur": 1.0, "quality": 50, "form": ".jpg"}),
)
"""How a scan is spoilt: arguments of `typeset.scan`."""


def measure(data: bytes, name: str) -> None:
    """Read twice, since the first time loads libraries and models; print the second time."""
    try:
        read(data, name)
        begin, used = time.perf_counter(), time.process_time()
        document = read(data, name)
    except ReadError as error:
        print(f"{name}: {error.en}")
        return
    seconds, pages = time.perf_counter() - begin, max(1, len(document.pages))
    used = time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name}: {pages} pages, {len(document.text):,} characters, {pages / seconds:,.1f} pages/s, "
        f"{seconds / pages:.2f} s/page ({used / pages:.2f} s of processor), peak {peak:,.0f} MB"
    )


def said(statement: Statement) -> tuple[Any, ...]:
    """What a statement says, wherever it stands."""
    return (
        "".join(statement.text.split()), statement.indicator, statement.kind, statement.measure, statement.value,
        statement.value_max, statement.unit, statement.comparator, statement.period, statement.place,
    )  # fmt: skip


def compare(wanted: Report, found: Report) -> tuple[int, int, int, int]:
    """Statements that are the same, changed (the number or what it is of), lost, and new."""
    there, here = Counter(map(said, wanted.statements)), Counter(map(said, found.statements))
    same = (there & here).total()
    lost, new = there - here, here - there
    changed = 0
    for key in list(lost.elements()):
        match = next((other for other in new if new[other] and (other[0] == key[0] or other[1] == key[1])), None)
        if match is not None:
            new[match] -= 1
            changed += 1
    return same, changed, lost.total() - changed, new.total()


def boxes(born: Document, scan: Report, skew: float) -> tuple[int, int]:
    """Of the statements of a scan, how many have a box that covers the same number on the page drawn, and of all."""
    right = total = 0
    places: dict[tuple[int, str], list[tuple[float, float]]] = {}
    sine, cosine = math.sin(math.radians(skew)), math.cos(math.radians(skew))
    for statement in extract(born).statements:
        place = born.locate(statement.span)[0]
        assert place.page and place.box
        page = born.pages[place.page - 1]
        # The scan is the page turned about its centre.
        x = (place.box[0] + place.box[2] - page.width) / 2
        y = (place.box[1] + place.box[3] - page.height) / 2
        turned = (0.5 + (x * cosine + y * sine) / page.width, 0.5 + (y * cosine - x * sine) / page.height)
        places.setdefault((place.page, "".join(statement.text.split())), []).append(turned)
    for statement in scan.statements:
        place = scan.document.locate(statement.span)[0]
        assert place.page and place.box
        known = places.get((place.page, "".join(statement.text.split())))
        if known is None:
            continue
        total += 1
        page = scan.document.pages[place.page - 1]
        x0, y0, x1, y1 = place.box
        right += any(x0 <= x * page.width <= x1 and y0 <= y * page.height <= y1 for x, y in known)
    return right, total


def scans() -> None:
    """The table of figures: form, resolution and spoiling against what comes out."""
    import typeset

    wanted = extract(read(REPORT.encode()))
    print("| form | dpi | spoilt | statements | exact | changed | lost | new | boxes on the number | s/page |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for form, pieces, size in (
        ("one column", typeset.report_pieces(REPORT, 1), typeset.A4),
        ("two columns", typeset.report_pieces(REPORT, 2), typeset.A4),
        ("newspaper, five columns", typeset.newspaper_pieces(REPORT, []), typeset.BROADSHEET),
    ):
        pdf = typeset.draw(pieces, size, "rows")
        born = read(pdf, "born.pdf")
        for dpi in (300, 150):
            for name, spoilt in SPOILT:
                # The pages as one file, as a scanner with a feeder makes it.
                pages = range(len(born.pages))
                scan = typeset.bound([typeset.scan(pdf, page=page, dpi=dpi, **spoilt) for page in pages])
                begin = time.perf_counter()
                found = extract(read(scan, "scan.pdf"))
                seconds = (time.perf_counter() - begin) / len(born.pages)
                same, changed, lost, new = compare(wanted, found)
                right, total = boxes(born, found, float(spoilt.get("skew", 0.0)))
                count = len(wanted.statements)
                print(
                    f"| {form} | {dpi} | {name} | {count} | {same} ({same / count:.1%})"
                    f" | {changed} | {lost} | {new} | {right} of {total} | {seconds:.1f} |",
                    flush=True,
                )


def main() -> None:
    sys.path.insert(0, str(ROOT / "tests/read"))
    if sys.argv[1:] == ["--scans"]:
        scans()
        return
    if sys.argv[1:]:
        for path in sys.argv[1:]:
            measure(Path(path).read_bytes(), path)
        return
    import typeset

    one = typeset.draw(typeset.report_pieces(REPORT, 1), typeset.A4, "rows")
    two = typeset.draw(typeset.report_pieces(REPORT, 2), typeset.A4, "rows")
    paper = typeset.draw(typeset.newspaper_pieces(REPORT, []), typeset.BROADSHEET, "rows")
    measure(one, "one column.pdf")
    measure(two, "two columns.pdf")
    measure(paper, "newspaper page.pdf")
    measure(typeset.scan(one, dpi=300, skew=0.8, noise=8, blur=0.5), "one column, 300 dpi.png")
    measure(typeset.scan(two, dpi=300, skew=0.8, noise=8, blur=0.5), "two columns, 300 dpi.png")
    measure(typeset.scan(paper, dpi=300), "newspaper page, 300 dpi.png")


if __name__ == "__main__":
    main()
