"""Where the shared test material lies, and how its scorers are run.

The reports are other people's texts and stay outside the repository, in a folder `shared` beside it. Whoever has no
such folder is told so in a sentence. The scorers are executed from there, not copied: a figure here is the figure
that anyone gets by hand.
"""

from __future__ import annotations

import contextlib
import csv
import importlib.util
import io
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
CORPUS_FOLDERS = ("texts", "partial", "excerpts")

Row = dict[str, Any]


@dataclass(frozen=True)
class Labelled:
    """One text with hand labels beside it."""

    name: str
    text: Path
    gold: Path
    commitments: Path | None
    kind: str
    decade: str
    level: str


def stop(sentence: str) -> None:
    """End the script with one sentence and exit code 2."""
    print(sentence, file=sys.stderr)
    raise SystemExit(2)


def require(path: Path, what: str) -> Path:
    if not path.exists():
        stop(
            f"{what} not found at {path}.\n"
            "The labelled reports and the corpus are not part of the repository; put the folder `shared` beside it "
            "or name it with --shared."
        )
    return path


def labelled(shared: Path = SHARED) -> list[Labelled]:
    """Every text of `shared/real` that has statement labels, in name order."""
    folder = require(shared / "real", "Labelled reports")
    levels = _levels(shared)
    found = []
    for gold in sorted(folder.glob("*.gold.jsonl")):
        name = gold.name.removesuffix(".gold.jsonl")
        texts = [path for suffix in (".txt", ".md") if (path := gold.with_name(name + suffix)).exists()]
        if not texts:
            continue
        commitments = gold.with_name(f"{name}.commitments.jsonl")
        place, year, kind = [*name.split("-"), "", ""][:3]
        found.append(
            Labelled(
                name=name,
                text=texts[0],
                gold=gold,
                commitments=commitments if commitments.exists() else None,
                kind="plan" if kind == "page" else kind,
                decade=f"{year[:3]}0s" if year[:4].isdigit() else "unknown",
                level=levels.get(place, "unknown"),
            )
        )
    return found


def _levels(shared: Path) -> dict[str, str]:
    """Place name in a file name → level, from the corpus index."""
    index = shared / "corpus" / "index.tsv"
    if not index.exists():
        return {}
    with index.open(encoding="utf-8", newline="") as lines:
        return {
            Path(row["file"]).name.split("-")[0]: row["level"].strip() or "unknown"
            for row in csv.DictReader(lines, delimiter="\t")
        }


def corpus(shared: Path = SHARED) -> list[Path]:
    """Every plain text of the corpus, in name order."""
    folder = require(shared / "corpus", "Corpus")
    return sorted(path for part in CORPUS_FOLDERS for path in (folder / part).rglob("*.txt"))


def scorer(name: str, shared: Path = SHARED) -> ModuleType:
    """The module `shared/eval/NAME.py`."""
    path = require(shared / "eval" / f"{name}.py", "Scorer")
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot load {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(module: ModuleType, arguments: Iterable[Path | str]) -> tuple[Row, list[str]]:
    """Run a scorer as its own command line would: its figures, and the lines of errors it printed."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        module.main([str(argument) for argument in arguments])
    *errors, last = out.getvalue().splitlines()
    figures: Row = json.loads(last)
    return figures, errors


def write_rows(path: Path, rows: Iterable[Row]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return path


def read_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def progress(items: list[Any], what: str) -> Iterator[Any]:
    """Go through `items` and say on standard error how far it is, where someone is looking."""
    show = sys.stderr.isatty()
    for count, item in enumerate(items, 1):
        if show:
            print(f"\r{what} {count}/{len(items)}", end="", file=sys.stderr, flush=True)
        yield item
    if show:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
