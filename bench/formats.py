"""How fast PDFs and scans are read, and in how much memory: pages a second, seconds a page, peak of the process.

python bench/formats.py [FILE…]      files of yours; without any, a report of ours set in two columns and scanned
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from taizhang import read
from taizhang.errors import ReadError

ROOT = Path(__file__).parents[1]


def measure(data: bytes, name: str) -> None:
    """Read twice, since the first time loads libraries and models; print the second time."""
    try:
        read(data, name)
        begin = time.perf_counter()
        document = read(data, name)
    except ReadError as error:
        print(f"{name}: {error.en}")
        return
    seconds, pages = time.perf_counter() - begin, max(1, len(document.pages))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name}: {pages} pages, {len(document.text):,} characters, {pages / seconds:,.1f} pages/s, "
        f"{seconds / pages:.2f} s/page, peak {peak:,.0f} MB"
    )


def main() -> None:
    if sys.argv[1:]:
        for path in sys.argv[1:]:
            measure(Path(path).read_bytes(), path)
        return
    sys.path.insert(0, str(ROOT / "tests/read"))
    import typeset

    text = (ROOT / "examples/lanchuan-2026-plan.txt").read_text(encoding="utf-8")
    pdf = typeset.draw(typeset.report_pieces(text, 2), typeset.A4, "rows")
    measure(pdf, "two columns.pdf")
    measure(typeset.scan(pdf, dpi=300, skew=0.8, noise=8, blur=0.5), "two columns, 300 dpi.png")
    paper = typeset.draw(typeset.newspaper_pieces(text, []), typeset.BROADSHEET, "rows")
    measure(paper, "newspaper page.pdf")
    measure(typeset.scan(paper, dpi=300), "newspaper page, 300 dpi.png")


if __name__ == "__main__":
    main()
