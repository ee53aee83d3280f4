#!/usr/bin/env python3
"""How fast the reader is, and how much memory it takes.

Characters a second of one process over texts held in memory: a bare scan of `re` for numerals (the limit), then the
stages by themselves, then all of `extract`. Rounds alternate between the stages, so that a busy machine slows all of
them alike; the fastest round says what the code can do, the median what one gets.

Memory is the peak of a process of its own that runs `taizhang read` over N files and over four copies of the same N.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from material import ROOT, SHARED, corpus, stop

from taizhang.extract import extract
from taizhang.extract.quantity import scan
from taizhang.fold import fold
from taizhang.model import Document
from taizhang.read import read
from taizhang.structure import frame_document

NUMERALS = re.compile("[0-9０-９.．]+|[零〇一二三四五六七八九十百千万亿两]+")

CHILD = """
import contextlib, resource, sys
from taizhang.cli import main
sys.argv = ["taizhang", "read", sys.argv[1], "--format", "jsonl", "-o", sys.argv[2]]
with contextlib.suppress(SystemExit):
    main()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--characters", type=int, default=500_000, help="how much text to read (default 500,000)")
    parser.add_argument("--rounds", type=int, default=5, help="how often (default 5)")
    parser.add_argument("--files", type=int, default=20, help="N of the memory figures (default 20; 0 leaves them out)")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the figures to FILE")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder with corpus/; without it examples/ is read")
    options = parser.parse_args()

    paths = material(options.shared)
    documents = sample(paths, options.characters)
    speeds = measure(documents, options.rounds)
    characters = sum(len(document.text) for document in documents)
    print(f"{len(documents)} texts, {characters:,} characters, {options.rounds} rounds")
    print(f"{'stage':10}{'fastest':>16}{'median':>16}   characters a second")
    for name, figures in speeds.items():
        print(f"{name:10}{figures['fastest']:>16,.0f}{figures['median']:>16,.0f}")
    result: dict[str, Any] = {"characters": characters, "rounds": options.rounds, "speed": speeds}
    if options.files:
        result["memory"] = {}
        for times in (1, 4):
            count, peak = memory(paths[: options.files], times)
            print(f"{count:4} files: peak {peak / 1024:,.0f} MB")
            result["memory"][count] = round(peak / 1024, 1)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def material(shared: Path) -> list[Path]:
    """Corpus texts in an order that mixes levels and years, or our own examples where there is no corpus."""
    if (shared / "corpus").is_dir():
        return sorted(corpus(shared), key=lambda path: path.stem[::-1])
    print(f"No corpus at {shared}: reading examples/ instead.", file=sys.stderr)
    return sorted((ROOT / "examples").glob("lanchuan-*-plan.txt"))


def sample(paths: list[Path], characters: int) -> list[Document]:
    documents: list[Document] = []
    while characters > 0:
        for path in paths:
            if characters <= 0:
                break
            documents.append(read(path))
            characters -= len(documents[-1].text)
    return documents


def measure(documents: list[Document], rounds: int) -> dict[str, dict[str, float]]:
    """For each stage the fastest and the median round, in characters a second."""
    folded = [fold(document.text) for document in documents]
    stages: dict[str, Callable[[], object]] = {
        "re": lambda: [sum(1 for _ in NUMERALS.finditer(document.text)) for document in documents],
        "fold": lambda: [fold(document.text) for document in documents],
        "frame": lambda: [frame_document(document) for document in documents],
        "scan": lambda: [scan(view) for view in folded],
        "extract": lambda: [extract(document) for document in documents],
    }
    extract(documents[0])  # lexicons and patterns are loaded once and not timed
    characters = sum(len(document.text) for document in documents)
    seconds: dict[str, list[float]] = {name: [] for name in stages}
    for _ in range(rounds):
        for name, stage in stages.items():
            start = time.perf_counter()
            stage()
            seconds[name].append(time.perf_counter() - start)
    return {
        name: {"fastest": characters / min(taken), "median": characters / statistics.median(taken)}
        for name, taken in seconds.items()
    }


def memory(paths: list[Path], times: int) -> tuple[int, int]:
    """Number of files read and peak memory, in kilobytes, of a process that reads each of `paths` `times` times."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "reports"
        folder.mkdir()
        for copy in range(times):
            for path in paths:
                shutil.copyfile(path, folder / f"{copy}-{path.name}")
        done = subprocess.run(
            [sys.executable, "-c", CHILD, str(folder), str(Path(scratch) / "out.jsonl")],
            capture_output=True,
            text=True,
            check=False,
        )
    last = done.stdout.strip().splitlines()[-1:]
    if not last or not last[0].isdigit():
        stop(f"The reader did not come to an end: {done.stderr.strip()}")
    return times * len(paths), int(last[0])


if __name__ == "__main__":
    main()
