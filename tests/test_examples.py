"""The reader against labels made by hand, on the two invented reports and the newspaper page of `examples/`.

The figures are those of the labelling guide: a quantity is right when it overlaps a labelled one and value, range and
unit agree; a statement when comparator, kind, measure, year and indicator agree too (indicators: at least half of their
character bigrams in common). Rows of kind `context` are neither rewarded nor missed.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rewrite_golden import EXAMPLES, reports

from taizhang.extract import extract
from taizhang.model import Report
from taizhang.read import read

Row = dict[str, Any]


@cache
def report_of(path: Path) -> Report:
    return extract(read(path))


def labels(path: Path, what: str) -> list[Row]:
    file = path.with_name(f"{path.stem}.{what}.jsonl")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def f1(hits: int, labelled: int, found: int) -> float:
    return 2 * hits / (labelled + found) if labelled + found else 1.0


def overlap(a: tuple[int, int], b: tuple[int, int]) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def bigrams(words: str | None) -> Counter[str]:
    letters = "".join(letter for letter in words or "" if letter.isalnum())
    return Counter(letters[at : at + 2] for at in range(len(letters) - 1)) or Counter(letters)


def alike(one: str | None, other: str | None) -> bool:
    a, b = bigrams(one), bigrams(other)
    return 2 * (a & b).total() >= 0.5 * (a.total() + b.total())


def score(path: Path) -> tuple[float, float, list[str]]:
    """Quantity F1, statement F1, and the disagreements in words."""
    gold = labels(path, "gold")
    found = {s.id: s for s in report_of(path).statements if s.kind != "context"}
    by_overlap = sorted(
        (-size, row["start"], s.span.start, index, s.id)
        for index, row in enumerate(gold)
        for s in found.values()
        if (size := overlap((row["start"], row["end"]), (s.span.start, s.span.end)))
    )
    pairs: dict[int, str] = {}
    for *_, index, name in by_overlap:
        if index not in pairs and name not in pairs.values():
            pairs[index] = name
    scored = [index for index, row in enumerate(gold) if row["kind"] != "context"]
    free = sum(index not in scored for index in pairs)
    quantities = statements = 0
    wrong = [f"extra: {found[n].text} {found[n].indicator}" for n in found.keys() - set(pairs.values())]
    for index in scored:
        row = gold[index]
        if index not in pairs:
            wrong.append(f"missed: {row['text']} {row['indicator']}")
            continue
        s = found[pairs[index]]
        if (row["value"], row["value_max"], row["unit"]) != (
            float(s.value),
            None if s.value_max is None else float(s.value_max),
            s.unit,
        ):
            wrong.append(f"value: {row['text']} read as {s.value} {s.value_max} {s.unit}")
            continue
        quantities += 1
        same = {
            "comparator": row["comparator"] == s.comparator,
            "kind": row["kind"] == s.kind,
            "measure": row["measure"] == s.measure,
            "period": not row["period"] or row["period"][:4] == (s.period or "")[:4],
            "indicator": alike(row["indicator"], s.indicator),
        }
        statements += all(same.values())
        wrong += [
            f"{field}: {row['text']} {row['indicator']}: {row[field]} read as {getattr(s, field)}"
            for field, agrees in same.items()
            if not agrees
        ]
    count = len(found) - free
    return f1(quantities, len(scored), count), f1(statements, len(scored), count), wrong


@pytest.mark.parametrize("path", reports(), ids=lambda path: path.name)
def test_labels_quote_the_source(path: Path) -> None:
    text = read(path).text
    for row in [*labels(path, "gold"), *labels(path, "commitments")]:
        assert text[row["start"] : row["end"]] == row["text"]


@pytest.mark.parametrize("path", reports(), ids=lambda path: path.name)
def test_statements(path: Path) -> None:
    quantity, statement, wrong = score(path)
    told = f"quantity {quantity:.4f}, statement {statement:.4f}\n" + "\n".join(wrong)
    assert quantity >= 0.97, told
    assert statement >= 0.9, told


@pytest.mark.parametrize("path", reports(), ids=lambda path: path.name)
def test_commitments(path: Path) -> None:
    gold = labels(path, "commitments")
    found = [c for c in report_of(path).commitments if not c.done]
    hits, strengths, wrong = 0, 0, []
    for row in gold:
        place = (row["start"], row["end"])
        best = max(found, key=lambda c: overlap(place, (c.span.start, c.span.end)), default=None)
        longest = max(row["end"] - row["start"], best.span.end - best.span.start) if best else 1
        if best is None or overlap(place, (best.span.start, best.span.end)) < longest / 2:
            wrong.append(f"missed: {row['text']}")
            continue
        hits += 1
        strengths += row["strength"] == best.strength
        if row["strength"] != best.strength:
            wrong.append(f"strength: {row['strength']} read as {best.strength}: {row['text']}")
    told = f"span {f1(hits, len(gold), len(found)):.4f}\n" + "\n".join(wrong)
    assert f1(hits, len(gold), len(found)) >= 0.9, told
    assert strengths >= 0.8 * hits, told


@pytest.mark.parametrize("path", reports(), ids=lambda path: path.name)
def test_frame(path: Path) -> None:
    rows = [json.loads(line) for line in (EXAMPLES / "frames.jsonl").read_text(encoding="utf-8").splitlines()]
    label = next(row for row in rows if row["file"] == path.name)
    frame = report_of(path).frame
    assert (frame.place, frame.kind) == (label["place"], label["kind"])
    assert (frame.year_reviewed, frame.year_planned) == (str(label["year_reviewed"]), str(label["year_planned"]))
    assert (frame.title or "").replace("\n", "") == label["title"]
    right = sum(
        overlap((block["start"], block["end"]), (b.start, b.end))
        for block in label["blocks"]
        for b in frame.blocks
        if (b.part, b.mode) == (block["part"], block["mode"])
    )
    assert right >= 0.96 * label["blocks"][-1]["end"], [(b.start, b.end, b.part, b.mode) for b in frame.blocks]


def test_the_page_is_told_apart() -> None:
    path = EXAMPLES / "lanchuan-2025-page.md"
    frame = report_of(path).frame
    kinds = {"plan report": "report", "photo caption": "caption"}
    expected = [
        (kinds.get(row["kind"], row["kind"]), [tuple(piece) for piece in row["pieces"]])
        for row in labels(path, "articles")
    ]
    found = [(article.kind, [(piece.start, piece.end) for piece in article.pieces]) for article in frame.articles]
    text = report_of(path).document.text

    def trimmed(pieces: list[tuple[int, int]]) -> list[str]:
        return [text[start:end].strip() for start, end in pieces]

    assert [(kind, trimmed(pieces)) for kind, pieces in found] == [(kind, trimmed(pieces)) for kind, pieces in expected]
    report = labels(path, "articles")[0]
    assert [(hole.after, hole.before) for hole in frame.holes] == [
        (hole["after"], hole["before"]) for hole in report["holes"]
    ]
    joins = {(join.start, join.end) for join in frame.joins}
    assert {tuple(gap) for row in labels(path, "articles") for gap in row.get("joins", [])} <= joins
