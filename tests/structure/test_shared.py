"""The frame on real reports, where they are at hand: ../shared beside the checkout, never part of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from taizhang.model import Document, Frame, Source
from taizhang.structure import frame_document

_SHARED = Path(__file__).parents[2].parent / "shared"
pytestmark = pytest.mark.skipif(not (_SHARED / "real").is_dir(), reason="no ../shared here")

# The labeller's own weakest, not counted here.
_WEAK = ("1954", "1957", "1964", "1978", "1979", "1981")


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _frame(path: Path) -> Frame:
    text = path.read_bytes().decode("utf-8")
    return frame_document(Document("t", text, Source("", "t", "text/plain")))[0]


@pytest.fixture(scope="module")
def pairs() -> list[tuple[dict[str, Any], Frame]]:
    rows = [row for name in ("nation", "local") for row in _rows(_SHARED / "real" / f"frames-{name}.jsonl")]
    return [(row, _frame(_SHARED / "corpus" / row["file"])) for row in rows]


def _right(gold: list[dict[str, Any]], frame: Frame, mode: bool) -> tuple[int, int]:
    """Characters that agree, of those counted: all for the part, those of review and plan for the mode."""
    right = total = 0
    for label in gold:
        if mode and label["part"] not in ("review", "plan"):
            continue
        total += label["end"] - label["start"]
        for block in frame.blocks:
            both = min(label["end"], block.end) - max(label["start"], block.start)
            if both > 0 and block.part == label["part"] and (not mode or block.mode == label["mode"]):
                right += both
    return right, total


@pytest.mark.parametrize(("mode", "least"), [(False, 0.979), (True, 0.945)])
def test_blocks(pairs: list[tuple[dict[str, Any], Frame]], mode: bool, least: float) -> None:
    counts = [_right(row["blocks"], frame, mode) for row, frame in pairs]
    assert sum(right for right, _ in counts) / sum(total for _, total in counts) >= least


@pytest.mark.parametrize("field", ["years", "place", "kind"])
def test_identity(pairs: list[tuple[dict[str, Any], Frame]], field: str) -> None:
    wrong = []
    counted = [(row, frame) for row, frame in pairs if not any(year in row["file"] for year in _WEAK)]
    for row, frame in counted:
        if field == "years":
            right = all(str(row[key]) == str(getattr(frame, key)) for key in ("year_reviewed", "year_planned"))
        elif field == "kind":
            right = row["kind"] == frame.kind
        else:
            right = bool(frame.place) and (row["place"] in (frame.place or "") or (frame.place or "") in row["place"])
        if not right:
            wrong.append(row["file"])
    assert len(wrong) <= 0.03 * len(counted), wrong


def test_the_page_of_jinzhong() -> None:
    frame = _frame(_SHARED / "real" / "jinzhong-2024-page.txt")
    gold = _rows(_SHARED / "real" / "jinzhong-2024-page.articles.jsonl")
    assert [[[p.start, p.end] for p in article.pieces] for article in frame.articles] == [a["pieces"] for a in gold]
    assert [article.title for article in frame.articles] == [a["title"] for a in gold]
    assert [[h.after, h.before] for h in frame.holes] == [[h["after"], h["before"]] for h in gold[0]["holes"]]
    assert [[j.start, j.end] for j in frame.joins] == [join for a in gold for join in a.get("joins", ())]


@pytest.mark.parametrize("name", ["hailaer-2014-work", "jinzhong-2024-page", "quanguo-1991-plan", "quanguo-2024-work"])
def test_outlines(name: str) -> None:
    frame = _frame(_SHARED / "real" / f"{name}.txt")
    gold = {
        (r["start"], r["end"], r["level"], r["number"], r["part"])
        for r in _rows(_SHARED / "real" / f"{name}.outline.jsonl")
    }
    found = {(h.span.start, h.span.end, h.level, h.number, h.part) for h in frame.headings}
    assert len(gold & found) >= 0.95 * max(len(gold), len(found))
