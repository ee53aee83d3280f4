#!/usr/bin/env python3
"""What a change to the rules gains, loses and changes over the corpus, statement by statement.

A score says how many; this says which. Each revision is checked out in a work tree of its own and runs in its own
processes with its `src` first on the path, so nothing is installed. Without REV2 the working tree as it stands is
compared. What a commit yields is kept in the cache folder and read again the next time.

Two statements are the same where their quantities overlap in the source.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from material import ROOT, SHARED, Row, corpus, read_rows, stop, write_rows

T = TypeVar("T", bound=tuple[object, ...])
FIELDS = ("value", "value_max", "unit", "indicator", "kind", "measure", "comparator", "period", "place")
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "taizhang-bench"


@dataclass
class Difference:
    """Statements of one comparison, with the file each stands in."""

    gained: list[tuple[str, Row]] = field(default_factory=list)
    lost: list[tuple[str, Row]] = field(default_factory=list)
    changed: dict[str, list[tuple[str, Row, Row]]] = field(default_factory=lambda: defaultdict(list))
    same: int = 0
    failures: list[str] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", metavar="REV1", help="revision to compare with (HEAD, main, a commit)")
    parser.add_argument("after", metavar="REV2", nargs="?", help="revision to look at; the working tree if left out")
    parser.add_argument("--only", metavar="WORD", help="only files with WORD in their path")
    parser.add_argument("--sample", type=int, default=8, help="how many of each sort to print (default 8)")
    parser.add_argument("--seed", type=int, default=0, help="which sample to print (default 0)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes a revision")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where results of commits are kept")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder with corpus/")
    options = parser.parse_args()

    files = [path for path in corpus(options.shared) if not options.only or options.only in str(path)]
    if not files:
        stop(f"No file of the corpus has {options.only!r} in its path.")
    before = rows_of_revision(commit_of(options.before), files, options.jobs, options.cache)
    if options.after:
        after = rows_of_revision(commit_of(options.after), files, options.jobs, options.cache)
    else:
        print("reading with the working tree", file=sys.stderr)
        after = run_reader(ROOT / "src", files, options.jobs)
    show(compare(before, after), options.sample, random.Random(options.seed))


def git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        stop(f"git {' '.join(arguments)} failed: {done.stderr.strip()}")
    return done.stdout.strip()


def commit_of(revision: str) -> str:
    return git("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")


def rows_of_revision(commit: str, files: list[Path], jobs: int, cache: Path) -> dict[str, Row]:
    """What the reader of `commit` finds in `files`: from the cache, or read now in a work tree of its own."""
    texts = hashlib.sha256("\n".join(f"{path} {path.stat().st_size}" for path in files).encode()).hexdigest()
    kept = cache / f"{commit}-{texts[:12]}.jsonl"
    if kept.exists():
        print(f"{commit[:10]}: from {kept}", file=sys.stderr)
        return {row["file"]: row for row in read_rows(kept)}
    with tempfile.TemporaryDirectory(prefix="taizhang-gains-") as scratch:
        tree = Path(scratch) / "tree"
        git("worktree", "add", "--detach", str(tree), commit)
        try:
            print(f"{commit[:10]}: reading", file=sys.stderr)
            rows = run_reader(tree / "src", files, jobs)
        finally:
            git("worktree", "remove", "--force", str(tree))
    write_rows(kept, rows.values())
    return rows


def run_reader(source: Path, files: list[Path], jobs: int) -> dict[str, Row]:
    """Run `dump.py` over `files` in `jobs` processes, with the package at `source`."""
    jobs = max(1, min(jobs, len(files)))
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(jobs) as pool:

        def one(number: int) -> list[Row]:
            out = Path(scratch) / f"{number}.jsonl"
            environment = os.environ | {"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
            with out.open("w", encoding="utf-8") as sink:
                done = subprocess.run(
                    [sys.executable, str(ROOT / "bench" / "dump.py")],
                    input="\n".join(map(str, files[number::jobs])),
                    stdout=sink,
                    stderr=subprocess.PIPE,
                    text=True,
                    env=environment,
                    check=False,
                )
            if done.returncode:
                last = done.stderr.strip().splitlines()[-1:] or ["no message"]
                stop(f"The reader at {source} does not run: {last[0]}")
            return read_rows(out)

        return {row["file"]: row for rows in pool.map(one, range(jobs)) for row in rows}


def compare(before: dict[str, Row], after: dict[str, Row]) -> Difference:
    found = Difference()
    for file in sorted(before.keys() & after.keys()):
        for name, side in (("before", before[file]), ("after", after[file])):
            if "error" in side:
                found.failures.append(f"{name}: {file}: {side['error']}")
        old, new = before[file].get("statements", []), after[file].get("statements", [])
        pairs, lost, gained = pair(old, new)
        found.lost += [(file, row) for row in lost]
        found.gained += [(file, row) for row in gained]
        for one, other in pairs:
            fields = [name for name in FIELDS if one[name] != other[name]]
            for name in fields:
                found.changed[name].append((file, one, other))
            found.same += not fields
    return found


def pair(old: list[Row], new: list[Row]) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    """Pair statements whose quantities overlap; both lists in text order. Also those left over on either side."""
    pairs, lost, gained, j = [], [], [], 0
    old, new = (sorted(rows, key=lambda row: (row["start"], row["end"])) for rows in (old, new))
    for row in old:
        while j < len(new) and new[j]["end"] <= row["start"]:
            gained.append(new[j])
            j += 1
        if j < len(new) and new[j]["start"] < row["end"]:
            pairs.append((row, new[j]))
            j += 1
        else:
            lost.append(row)
    return pairs, lost, gained + new[j:]


def show(found: Difference, size: int, chance: random.Random) -> None:
    changed = Counter({name: len(rows) for name, rows in found.changed.items()})
    total = len({(file, row["start"]) for rows in found.changed.values() for file, row, _ in rows})
    print(f"same {found.same}  gained {len(found.gained)}  lost {len(found.lost)}  changed {total}")
    print("changed by field: " + (", ".join(f"{name} {n}" for name, n in changed.most_common()) or "none"))
    for line in found.failures:
        print(f"FAILED {line}")
    for title, rows in (("gained", found.gained), ("lost", found.lost)):
        if rows:
            print(f"\n{title} (a sample of {len(rows)})")
        for file, row in spread(rows, size, chance):
            print(f"  {Path(file).stem}:{row['start']} {describe(row)}")
            print(f"    {sentence(Path(file), row)}")
    for name, _ in changed.most_common():
        pairs = found.changed[name]
        print(f"\n{name} changed (a sample of {len(pairs)})")
        for file, one, other in spread(pairs, size, chance):
            print(f"  {Path(file).stem}:{one['start']} {one[name]} → {other[name]}")
            print(f"    {sentence(Path(file), one)}")


def spread(rows: list[T], size: int, chance: random.Random) -> list[T]:
    """A sample that goes round the files, so that no long text fills it alone."""
    by_file: dict[object, list[T]] = defaultdict(list)
    for row in chance.sample(rows, len(rows)):
        by_file[row[0]].append(row)
    turns = sorted((turn, number) for number, some in enumerate(by_file.values()) for turn in range(len(some)))
    files = list(by_file.values())
    return [files[number][turn] for turn, number in turns[:size]]


def describe(row: Row) -> str:
    parts = (row["indicator"], row["kind"], row["measure"], row["comparator"], row["period"], row["place"])
    return " | ".join(str(part) for part in parts)


def sentence(path: Path, row: Row) -> str:
    """The sentence around a statement, the quantity in brackets."""
    text = path.read_bytes().decode("utf-8", errors="replace")
    start = max(text.rfind(mark, 0, row["start"]) + 1 for mark in "。\n")
    ends = [at for mark in "。\n" if (at := text.find(mark, row["end"])) >= 0]
    before, after = text[max(start, row["start"] - 80) : row["start"]], text[row["end"] : min([*ends, row["end"] + 40])]
    return f"{before.lstrip()}【{text[row['start'] : row['end']]}】{after}".replace("\r", "")


if __name__ == "__main__":
    main()
