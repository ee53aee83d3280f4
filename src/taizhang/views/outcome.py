"""Outcomes as plain rows: what became of each target, both places given."""

from __future__ import annotations

from taizhang.model import Outcome, Side
from taizhang.views.record import Record, number, record


def outcome_record(outcome: Outcome, target_name: str = "", answer_name: str = "") -> Record:
    """One outcome: the target (a statement), the verdict, the statements that answer it, and why."""
    target = record(outcome.target, target_name)
    if outcome.words is not None:
        target["value"] = None
    row: Record = {
        "target": target,
        "verdict": outcome.verdict,
        "actuals": [record(item, answer_name) for item in outcome.actuals],
        "derived": outcome.derived,
        "reason": outcome.reason_zh,
        "reason_en": outcome.reason_en,
        "rule": outcome.rule,
        "sides": [_side(side) for side in outcome.sides],
    }
    if outcome.proof is not None:
        row["proof"] = {
            "words": list(outcome.proof.words),
            "nearest": [_side(side) for side in outcome.proof.nearest],
            "missing_sections": list(outcome.proof.missing_sections),
        }
    return row


def _side(side: Side) -> Record:
    return {
        "document": side.document,
        "start": side.span.start,
        "end": side.span.end,
        "text": side.text,
        "statement": side.statement,
        "interval": None if side.interval is None else [number(side.interval.low), number(side.interval.high)],
    }
