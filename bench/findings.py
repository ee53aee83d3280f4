#!/usr/bin/env python3
"""Findings over successive reports of one place: how many of each code, with samples to read against the texts.

    python bench/findings.py FOLDER...            counts per code and severity, and seconds
    python bench/findings.py FOLDER... --errors   every finding of severity error with the words around its numbers
    python bench/findings.py FOLDER... --code sum.growth

Reports are grouped by the place that they name; texts without a place or a year are left out and counted.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter, defaultdict
from pathlib import Path

from taizhang import extract, read
from taizhang.checks.findings import findings
from taizhang.model import Finding, Report

_AROUND = 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--errors", action="store_true", help="show every finding of severity error")
    parser.add_argument("--code", help="show every finding of one code (or family: wording)")
    options = parser.parse_args()
    places, left_out = grouped(options.folders)
    counts: Counter[tuple[str, str]] = Counter()
    began = time.perf_counter()
    for place, reports in sorted(places.items()):
        for finding in findings(reports):
            counts[finding.severity, finding.code] += 1
            asked = options.code and finding.code.startswith(options.code)
            if asked or (options.errors and finding.severity == "error"):
                show(place, reports, finding)
    seconds = time.perf_counter() - began
    for (severity, code), count in sorted(counts.items()):
        print(f"{severity:8} {code:26} {count:5}")
    total = sum(map(len, places.values()))
    print(f"{total} reports of {len(places)} places in {seconds:.1f} s; {left_out} without place or year left out")


def grouped(folders: list[Path]) -> tuple[dict[str, list[Report]], int]:
    """The reports below some folders by place, each text once."""
    places: dict[str, list[Report]] = defaultdict(list)
    seen: set[str] = set()
    left_out = 0
    for path in sorted(path for folder in folders for path in folder.rglob("*.txt")):
        report = extract(read(path))
        if report.document.source.sha256 in seen:
            continue
        seen.add(report.document.source.sha256)
        if report.frame.place is None or report.frame.year_reviewed is None:
            left_out += 1
            continue
        places[report.frame.place].append(report)
    return places, left_out


def show(place: str, reports: list[Report], finding: Finding) -> None:
    """One finding with the words around each of its sides."""
    documents = {report.document.id: report.document for report in reports}
    print(f"{place} {finding.code} ({finding.severity}): {finding.zh}  [{finding.formula}]")
    for side in finding.sides:
        document = documents[side.document]
        words = document.text[max(0, side.span.start - _AROUND) : side.span.end + _AROUND]
        line = re.sub(r"\s+", " ", words)
        print(f"    {document.source.name}:{side.span.start}: {line}")


if __name__ == "__main__":
    main()
