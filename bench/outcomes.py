#!/usr/bin/env python3
"""How right the outcomes are: last year's targets against this year's report, on every pair that people have labelled.

The scorer of `shared/eval` is run as it stands on what `taizhang check --format jsonl` prints, pair by pair.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from material import SHARED, Row, progress, read_rows, require, run, scorer, stop

from taizhang.checks.outcomes import outcomes
from taizhang.extract import extract
from taizhang.read import read
from taizhang.views.outcome import outcome_record
from taizhang.views.record import encode

FIGURES = ("links", "targets", "verdict", "answered", "wrong")
WANTED = {"verdict": 0.76, "answered": 0.75, "wrong": 0.06}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only pairs whose name contains NAME")
    parser.add_argument("--quiet", action="store_true", help="no list of errors")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder with real/ and eval/")
    options = parser.parse_args()
    module = scorer("score_links", options.shared)
    links = [
        path
        for path in sorted(require(options.shared / "real", "Labelled reports").glob("*.links.jsonl"))
        if not options.names or any(name in path.name for name in options.names)
    ]
    if not links:
        stop(f"No labelled pair has a name with {' or '.join(options.names)} in it.")
    rows: list[tuple[str, Row]] = []
    with tempfile.TemporaryDirectory() as scratch:
        for path in progress(links, "checking"):
            name = path.name.removesuffix(".links.jsonl")
            given = Path(scratch) / f"{name}.jsonl"
            given.write_bytes(b"".join(_lines(path)))
            figures, errors = run(module, [path, given, "--errors"])
            rows.append((name, figures))
            if not options.quiet:
                print("\n".join((name, *errors, "")))
    print(f"{'pair':24}" + "".join(f"{name:>10}" for name in FIGURES))
    for name, figures in (*rows, ("all", _together(links, rows))):
        print(f"{name:24}" + "".join(f"{figures[key]:>10}" for key in FIGURES))
    print(f"{'wanted':24}" + " " * 20 + f"{WANTED['verdict']:>10}{WANTED['answered']:>10}{WANTED['wrong']:>10}")


def _lines(path: Path) -> list[bytes]:
    """The outcomes of the pair that PLACE-YEAR-YEAR.links.jsonl is named for."""
    place, before, after = path.name.removesuffix(".links.jsonl").rsplit("-", 2)
    earlier, later = (extract(read(_text(path.parent, place, year))) for year in (before, after))
    return [encode(outcome_record(item)) for item in outcomes(earlier, later)]


def _text(folder: Path, place: str, year: str) -> Path:
    found = sorted(folder.glob(f"{place}-{year}-*.txt"))
    if not found:
        stop(f"No text of {place} {year} in {folder}.")
    return found[0]


def _together(links: list[Path], rows: list[tuple[str, Row]]) -> Row:
    """Figures over all pairs: each weighs as many targets as it has; `answered` as many answers."""
    targets = sum(figures["links"] for _, figures in rows) or 1
    answers = [sum(bool(link["actual_starts"]) for link in read_rows(path)) for path in links]

    def mean(key: str, weights: list[int]) -> float:
        total = sum(figures[key] * weight for (_, figures), weight in zip(rows, weights, strict=True))
        return round(float(total) / (sum(weights) or 1), 4)

    each = [figures["links"] for _, figures in rows]
    return {
        "links": targets,
        "targets": mean("targets", each),
        "verdict": mean("verdict", each),
        "answered": mean("answered", answers),
        "wrong": mean("wrong", each),
    }


if __name__ == "__main__":
    main()
