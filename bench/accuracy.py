#!/usr/bin/env python3
"""How right the reader is, on every text that people have labelled.

The definitions are those of the scorers in `shared/eval`, which are run as they stand. Statements are scored per file,
per group of texts and together; frames (title years, place, parts and modes of the text) and commitments together.
What is scored are the rows that `taizhang read` prints.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from material import SHARED, Labelled, Row, labelled, progress, read_rows, require, run, scorer, stop, write_rows

from taizhang.extract import extract
from taizhang.model import Report
from taizhang.read import read
from taizhang.views.record import commitment_record, encode, record, report_record

GROUPS = ("kind", "decade", "level")
PARTS = ("statements", "commitments", "frames")
FIELDS = ("comparator", "kind", "measure", "period", "indicator", "place", "exact")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only texts whose name contains NAME")
    parser.add_argument("--only", action="append", choices=PARTS, help="score only this (may be repeated)")
    parser.add_argument("--errors", action="store_true", help="list every error with the words around it")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write all figures (and errors) to FILE")
    parser.add_argument("--keep", metavar="FOLDER", type=Path, help="keep the predicted rows in FOLDER")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder with real/, eval/ and corpus/")
    options = parser.parse_args()
    parts = options.only or list(PARTS)

    with tempfile.TemporaryDirectory() as scratch:
        folder: Path = options.keep or Path(scratch)
        figures: dict[str, Any] = {}
        if "statements" in parts or "commitments" in parts:
            texts = [text for text in labelled(options.shared) if _wanted(text.name, options.names)]
            if not texts:
                stop(f"No labelled text has a name with {' or '.join(options.names)} in it.")
            reports = {text.name: report_of(text.text) for text in progress(texts, "reading")}
            if "statements" in parts:
                figures["statements"] = score_statements(texts, reports, folder, options.shared, options.errors)
            if "commitments" in parts:
                figures["commitments"] = score_commitments(texts, reports, folder, options.shared, options.errors)
        if "frames" in parts:
            figures["frames"] = score_frames(options.names, folder, options.shared, options.errors)

    print("\n".join(report_lines(figures)))
    if options.json:
        options.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def report_of(path: Path) -> Report | None:
    """The report, or nothing where the reader fails: that costs all of the text's rows, and is said."""
    try:
        return extract(read(path))
    except Exception as error:
        print(f"FAILED {path}: {type(error).__name__}: {error}", file=sys.stderr)
        return None


def statement_rows(report: Report | None) -> list[Row]:
    return [json.loads(encode(record(statement, ""))) for statement in (report.statements if report else ())]


def commitment_rows(report: Report | None) -> list[Row]:
    return [json.loads(encode(commitment_record(item, ""))) for item in (report.commitments if report else ())]


def frame_row(report: Report | None, file: str) -> Row:
    if report is None:
        return {"file": file, "blocks": [{"start": 0, "end": sys.maxsize, "part": "unread", "mode": None}]}
    row = json.loads(encode(report_record(report)))
    return {"file": file, "document": row["document"], "blocks": row["blocks"]}


def _wanted(name: str, parts: list[str]) -> bool:
    return not parts or any(part in name for part in parts)


def score_statements(
    texts: list[Labelled], reports: dict[str, Report | None], folder: Path, shared: Path, errors: bool
) -> dict[str, Any]:
    """Figures per file, per group and overall; with `errors` each error with its surroundings."""
    module = scorer("score", shared)
    guesses = {t.name: write_rows(folder / f"{t.name}.jsonl", statement_rows(reports[t.name])) for t in texts}

    def figures(some: Iterable[Labelled]) -> Row:
        return run(module, [path for t in some for path in (t.gold, guesses[t.name])])[0]

    groups: dict[str, dict[str, Row]] = {}
    for group in GROUPS:
        members: dict[str, list[Labelled]] = defaultdict(list)
        for text in texts:
            members[getattr(text, group)].append(text)
        groups[group] = {name: figures(some) for name, some in sorted(members.items())}
    result: dict[str, Any] = {
        "overall": figures(texts),
        "groups": groups,
        "files": {text.name: figures([text]) for text in texts},
    }
    if errors:
        result["errors"] = [
            error
            for text in texts
            for error in statement_errors(
                module, text.name, read(text.text).text, read_rows(text.gold), read_rows(guesses[text.name])
            )
        ]
    return result


def statement_errors(module: ModuleType, name: str, text: str, gold: list[Row], guesses: list[Row]) -> list[Row]:
    """Every disagreement that costs something, in text order, one row for each field."""
    guesses = [guess for guess in guesses if guess["kind"] != "context"]
    pairs, missed, extra = module.pair_up(gold, guesses)
    found: list[Row] = []

    def note(kind: str, row: Row, label: object, guess: object) -> None:
        start, end = row["start"], row["end"]
        around = f"{text[max(0, start - 30) : start]}【{text[start:end]}】{text[end : end + 20]}"
        found.append({"file": name, "start": start, "error": kind, "label": label, "read": guess, "around": around})

    for row in missed:
        if row["kind"] != "context":
            note("missed", row, row["indicator"], None)
    for row in extra:
        note("extra", row, None, row["indicator"])
    for row, guess in pairs:
        if row["kind"] == "context":
            continue
        if not module.same_quantity(row, guess):
            wanted, got = ([r["value"], r["value_max"], r["unit"]] for r in (row, guess))
            note("value", row, wanted, got)
            continue
        for field in module.FIELDS:
            if not module.agree(field, row, guess):
                note(field, row, row[field], guess[field])
    return sorted(found, key=lambda error: int(error["start"]))


def score_commitments(
    texts: list[Labelled], reports: dict[str, Report | None], folder: Path, shared: Path, errors: bool
) -> dict[str, Any]:
    module = scorer("score_commitments", shared)
    paths: list[Path | str] = []
    names = []
    for text in texts:
        if text.commitments:
            rows = commitment_rows(reports[text.name])
            paths += [text.commitments, write_rows(folder / f"{text.name}.commitments.jsonl", rows)]
            names.append(text.name)
    if not names:
        return {}
    figures, lines = run(module, [*paths, *(["--errors"] if errors else [])])
    return {
        "overall": figures,
        "files": {n: run(module, paths[2 * i : 2 * i + 2])[0] for i, n in enumerate(names)},
        **({"errors": lines} if errors else {}),
    }


def score_frames(names: list[str], folder: Path, shared: Path, errors: bool) -> dict[str, Any]:
    module = scorer("score_frames", shared)
    corpus = require(shared / "corpus", "Corpus")
    labels = [
        row
        for path in sorted(require(shared / "real", "Labelled reports").glob("frames-*.jsonl"))
        for row in read_rows(path)
        if _wanted(row["file"], names)
    ]
    if not labels:
        return {}
    rows = [frame_row(report_of(corpus / row["file"]), row["file"]) for row in progress(labels, "framing")]
    figures, lines = run(
        module,
        [
            write_rows(folder / "frames.gold.jsonl", labels),
            write_rows(folder / "frames.jsonl", rows),
            *(["--errors"] if errors else []),
        ],
    )
    return {"overall": figures, **({"errors": lines} if errors else {})}


def report_lines(figures: dict[str, Any]) -> Iterable[str]:
    """The figures as tables for people."""
    if statements := figures.get("statements"):
        heads = ("rows", "quantity", "statement", *FIELDS)
        yield f"{'statements':28}" + "".join(f"{head:>11}" for head in heads)
        for name, row in statements["files"].items():
            yield _statement_line(name, row)
        for group, members in statements["groups"].items():
            yield f"by {group}"
            for name, row in members.items():
                yield _statement_line(f"  {name}", row)
        yield _statement_line("all", statements["overall"])
        if errors := statements.get("errors"):
            yield ""
            for error in errors:
                around = " ".join(error["around"].split())
                yield f"{error['file']}:{error['start']} {error['error'].upper()} {error['label']} | {error['read']}"
                yield f"    {around}"
    if commitments := figures.get("commitments"):
        yield ""
        names = ("gold", "predicted", "span", "strength", "verifiable", "period", "task")
        yield f"{'commitments':28}" + "".join(f"{name:>11}" for name in names)
        for name, row in (*commitments["files"].items(), ("all", commitments["overall"])):
            yield f"{name:28}" + "".join(f"{_cell(row[key]):>11}" for key in names)
        yield from commitments.get("errors", ())
    if frames := figures.get("frames"):
        yield ""
        row = frames["overall"]
        yield f"{'frames':28}" + "".join(f"{name:>11}" for name in row)
        yield f"{'all':28}" + "".join(f"{_cell(value):>11}" for value in row.values())
        yield from frames.get("errors", ())


def _statement_line(name: str, row: Row) -> str:
    figures = [row["quantity"]["f1"], row["statement"]["f1"], *(row["fields"][field] for field in FIELDS)]
    cells = [row["gold"], *(figures if row["gold"] else [None] * len(figures))]
    return f"{name:28}" + "".join(f"{_cell(cell):>11}" for cell in cells)


def _cell(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else "-" if value is None else str(value)


if __name__ == "__main__":
    main()
