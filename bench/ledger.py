"""How long a ledger takes: entering a thousand reports, looking things up, one place over twenty years.

    python bench/ledger.py [--reports 1000] [--target postgresql://…]

The reports are the invented example reports under other names and years (50 places, 20 years each), so that the
figures can be had anywhere. Reading them is timed apart: entering should cost less than that.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from taizhang import extract, read
from taizhang.ledger import Ledger
from taizhang.model import Report

EXAMPLES = Path(__file__).parents[1] / "examples"
NAMES = "青赤苍玄素翠碧丹朱绛皓皎霁霭岚岫峦岱泓淙澄湛濯沅沚洳涟渌湘溆漪潆熠煜炜烁焕琅琚琛瑄璟珂瑾璐瑜璇瑶琳琪琼"
WORDS = ("粮食", "能耗", "煤", "固定资产投资", "GDP", "新能源装机达到", "的")
_YEAR = re.compile(r"20[0-9]{2}")


def variant(text: str, place: str, shift: int) -> str:
    """An example report of another place, some years earlier."""
    moved = _YEAR.sub(lambda match: str(int(match[0]) - shift), text)
    return moved.replace("澜川", place)


def timed(work: Callable[[], object], times: int = 7) -> float:
    """Median of some runs, in milliseconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return statistics.median(found) * 1000


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--reports", type=int, default=1000)
    arguments.add_argument("--target", help="a new ledger's path or postgresql:// address; by default a temporary file")
    chosen = arguments.parse_args()
    text = (EXAMPLES / "lanchuan-2026-plan.txt").read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        run(text, chosen.reports, chosen.target or str(Path(folder) / "book.db"))


def run(text: str, count: int, target: str) -> None:
    """Enter and ask, and print how long it took."""
    reading, entering = [0.0, 0.0], [0.0, 0.0]  # by the clock, of the processor
    statements = 0
    reports: list[Report] = []
    with Ledger.open(target, create=True) as ledger:
        for number in range(count):
            place = f"{NAMES[number // 20 % len(NAMES)]}川"
            data = variant(text, place, number % 20).encode()
            start = (time.perf_counter(), time.process_time())
            report = extract(read(data, f"{place}-{2026 - number % 20}.txt"))
            middle = (time.perf_counter(), time.process_time())
            ledger.enter(report, who="bench")
            end = (time.perf_counter(), time.process_time())
            for which in (0, 1):
                reading[which] += middle[which] - start[which]
                entering[which] += end[which] - middle[which]
            statements += len(report.statements)
            if number % max(count // 500, 1) == 0:
                reports.append(report)
        size = Path(target).stat().st_size / 1e6 if "://" not in target else None
        print(f"{count} reports, {statements} statements" + (f", {size:.0f} MB" if size else ""))
        for name, (clock, processor) in (("reading", reading), ("entering", entering)):
            print(
                f"  {name:8} {clock:6.1f} s, {clock / count * 1000:5.1f} ms a report ({processor:.1f} s of processor)"
            )
        ask(ledger, "as read")
        for report in reports:
            key = f"{report.document.id}-{report.statements[3].id}"
            ledger.correct(key, {"value": "12345"}, who="bench", why="bench")
        ask(ledger, f"with {len(reports)} corrections in {len(reports)} reports")
    with Ledger.open(target) as ledger:
        print(f"  first answer of a newly opened ledger {timed(lambda: ledger.statements(limit=100), 1):7.1f} ms")


def ask(ledger: Ledger, state: str) -> None:
    """The questions that pages ask."""
    print(f"median times in ms, {state}:")
    for words in WORDS:
        found = ledger.search(words).total
        sentences = timed(partial(ledger.search, words))
        statements = timed(partial(ledger.search, words, where="statements"))
        print(f"  search {words:　<8} {found:6d} sentences {sentences:7.1f}   statements {statements:7.1f}")
    place = f"{NAMES[0]}川市"
    found = ledger.statements(place=place).total
    print(f"  one place, 20 years, {found} statements {timed(lambda: ledger.statements(place=place)):7.1f}")
    print(f"  one indicator of it {timed(lambda: ledger.statements(place=place, indicator='生产总值')):7.1f}")
    print(f"  one year of all, a page of 100 {timed(lambda: ledger.statements(year=2020, limit=100)):7.1f}")
    head = ledger.reports(place=place)[0]
    print(f"  one whole report {timed(lambda: ledger.report(head.report)):7.1f}")
    print(f"  list of reports {timed(ledger.reports):7.1f}")


if __name__ == "__main__":
    main()
