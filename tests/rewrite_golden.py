#!/usr/bin/env python3
"""The reader's full output on the examples, one record a line, as kept in `tests/golden/`.

`test_golden.py` compares; nothing but this script writes the files:

    python tests/rewrite_golden.py        (or: make golden)

Look at the diff before you commit it. A line that changed is a statement that changed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from taizhang.extract import extract
from taizhang.read import read
from taizhang.views.record import encode, report_record

EXAMPLES = Path(__file__).parent.parent / "examples"
GOLDEN = Path(__file__).parent / "golden"
SECTIONS = ("articles", "holes", "joins", "headings", "blocks", "statements", "commitments", "coverage", "findings")


def reports() -> list[Path]:
    return sorted([*EXAMPLES.glob("lanchuan-*.txt"), *EXAMPLES.glob("lanchuan-*.md")])


def golden_file(report: Path) -> Path:
    return GOLDEN / f"{report.stem}.jsonl"


def output(report: Path) -> list[str]:
    """All that is read out of one example: what the document is, then each section record by record."""
    record: dict[str, Any] = json.loads(encode(report_record(extract(read(report, report.name)))))
    rows = [{"section": "document", "file": record["file"], **record["document"]}]
    for section in SECTIONS:
        rows += [{"section": section, **(row if isinstance(row, dict) else {"span": row})} for row in record[section]]
    return [json.dumps(row, ensure_ascii=False) for row in rows]


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for report in reports():
        path, lines = golden_file(report), output(report)
        before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        changed = len(set(lines) ^ set(before))
        print(f"{path.relative_to(GOLDEN.parent.parent)}: {len(lines)} records, {changed} lines differ from before")


if __name__ == "__main__":
    main()
