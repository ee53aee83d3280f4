"""The reader's own full output on the examples stays as it was, unless somebody decides otherwise."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from rewrite_golden import golden_file, output, reports


@pytest.mark.parametrize("report", reports(), ids=lambda path: path.name)
def test_output_is_the_golden_output(report: Path) -> None:
    kept = golden_file(report)
    assert kept.exists(), f"{kept.name} is missing: run `python tests/rewrite_golden.py`"
    before = kept.read_text(encoding="utf-8").splitlines()
    difference = list(difflib.unified_diff(before, output(report), "golden", "now", lineterm="", n=0))
    assert not difference, (
        "The output changed. If that is meant, run `python tests/rewrite_golden.py` and review the diff.\n"
        + "\n".join(line[:400] for line in difference[:40])
    )


def test_every_golden_file_belongs_to_an_example() -> None:
    assert {path.name for path in golden_file(Path("x")).parent.glob("*.jsonl")} == {
        golden_file(report).name for report in reports()
    }
