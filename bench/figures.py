#!/usr/bin/env python3
"""Put the figures of `accuracy.py --json` and `speed.py --json` into the tables of the two READMEs.

    python bench/accuracy.py --json accuracy.json && python bench/speed.py --json speed.json
    python bench/figures.py accuracy.json speed.json

The words of the tables stay; only the last cell of each row is written anew, in order.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

from material import ROOT

SECTIONS = {"README.md": "## What is measured", "README.zh-CN.md": "## 测得多准"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("accuracy", type=Path, help="figures of accuracy.py over all labelled texts")
    parser.add_argument("speed", type=Path, help="figures of speed.py")
    options = parser.parse_args()
    tables = [
        accuracy_cells(json.loads(options.accuracy.read_text(encoding="utf-8"))),
        speed_cells(json.loads(options.speed.read_text(encoding="utf-8"))),
    ]
    for name, heading in SECTIONS.items():
        page = ROOT / name
        page.write_text(fill(page.read_text(encoding="utf-8"), heading, tables), encoding="utf-8")


def fill(text: str, heading: str, tables: list[list[str]]) -> str:
    """The text with the last cells of the first tables behind `heading` replaced."""
    head, _, rest = text.partition(heading)
    waiting = iter(tables)

    def renew(table: re.Match[str]) -> str:
        cells = next(waiting, None)
        if cells is None:
            return table[0]
        *top, first = table[0].splitlines()[:3]
        rows = [first, *table[0].splitlines()[3:]]
        if len(rows) != len(cells):
            raise ValueError(f"the table under {heading} has {len(rows)} rows, there are {len(cells)} figures")
        renewed = [f"{row.rsplit('|', 2)[0]}| {cell} |" for row, cell in zip(rows, cells, strict=True)]
        return "\n".join([*top, *renewed]) + "\n"

    return head + heading + re.sub(r"(?:^\|.*\n){3,}", renew, rest, flags=re.M)


def accuracy_cells(figures: dict[str, Any]) -> list[str]:
    statements, commitments, frames = (figures[part] for part in ("statements", "commitments", "frames"))
    overall, fields = statements["overall"], statements["overall"]["fields"]
    kinds = statements["groups"]["kind"]
    undertakings, texts = commitments["overall"], frames["overall"]
    return [
        percent(overall["quantity"]["f1"]),
        percent(overall["statement"]["f1"]),
        percent(*(kinds[kind]["statement"]["f1"] for kind in ("work", "plan", "stats"))),
        percent(statements["files"]["jinzhong-2024-page"]["statement"]["f1"]),
        percent(*(fields[field] for field in ("comparator", "kind", "measure"))),
        percent(*(fields[field] for field in ("period", "indicator", "place"))),
        percent(*(undertakings[field] for field in ("span", "strength", "verifiable"))),
        percent(texts["part"], texts["mode"]),
        percent(texts["years"], texts["place"], texts["kind"]),
    ]


def speed_cells(figures: dict[str, Any]) -> list[str]:
    stages = [f"{float(format(stage['median'], '.2g')):,.0f}" for stage in figures["speed"].values()]
    peaks = " / ".join(f"{peak:.0f} MB" for peak in figures["memory"].values())
    return [*stages, peaks]


def percent(*shares: float) -> str:
    return " / ".join(f"{100 * share:.1f}%" for share in shares)


if __name__ == "__main__":
    main()
