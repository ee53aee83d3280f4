"""People's word on targets, laid over what was worked out: links they made or refused, and verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from taizhang.checks.outcomes import side_of
from taizhang.ledger import Decision
from taizhang.model import Outcome, Report, Statement

RULE = "person"
"""Begins the rule of an outcome that a person decided."""


def decided(outcomes: Iterable[Outcome], decisions: Iterable[Decision], reports: Sequence[Report]) -> list[Outcome]:
    """The outcomes with people's decisions applied; those nobody spoke about are unchanged.

    A verdict that a person gave stands. Where one only said which statements answer, or do not, the verdict that was
    worked out stands as long as its answer does; otherwise it is `unclear`, or `unreported` where no answer is left.
    """
    said = {item.target: item for item in decisions}
    homes = {report.document.id: report for report in reports}
    found = {
        f"{report.document.id}-{statement.id}": (report, statement)
        for report in reports
        for statement in report.statements
    }
    return [_decided(item, said.get(f"{item.target_document}-{item.target.id}"), found, homes) for item in outcomes]


def _decided(
    item: Outcome,
    decision: Decision | None,
    found: dict[str, tuple[Report, Statement]],
    homes: dict[str, Report],
) -> Outcome:
    if decision is None:
        return item
    worked_out = [
        statement
        for statement in item.actuals
        if f"{item.answer_document}-{statement.id}" not in {*decision.refused, *decision.actuals}
    ]
    linked = [found[key] for key in decision.actuals if key in found]
    actuals = tuple(statement for _, statement in linked) or tuple(worked_out)
    if decision.verdict is not None:
        verdict = decision.verdict
    elif not linked and len(worked_out) == len(item.actuals):
        return item
    else:
        verdict = "unclear" if actuals else "unreported"
    kept = linked or [(homes[item.answer_document], each) for each in worked_out if item.answer_document in homes]
    target_home = homes.get(item.target_document)
    sides = [side_of(report, statement) for report, statement in kept]
    if target_home is not None:
        sides.insert(0, side_of(target_home, item.target))
    return msgspec.structs.replace(
        item,
        verdict=verdict,
        actuals=actuals,
        answer_document=linked[0][0].document.id if linked else item.answer_document,
        reason_zh="人工认定。" if decision.verdict else "人工指定或解除了对应，结论待认定。",
        reason_en="Decided by a person."
        if decision.verdict
        else "A person linked or unlinked the answer; no verdict was given.",
        rule=f"{RULE}:{'verdict' if decision.verdict else 'link'}",
        derived=False,
        sides=tuple(sides),
        proof=None if actuals else item.proof,
    )
