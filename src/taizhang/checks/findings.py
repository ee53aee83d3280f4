"""All checks over one or several reports, as one list of findings for a reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from taizhang.checks.arithmetic import arithmetic
from taizhang.checks.implied import revisions
from taizhang.checks.order import by_year
from taizhang.checks.plausible import jumps, plausible
from taizhang.checks.wording import wording
from taizhang.model import Finding, Report, Severity

_WEIGHT: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}


def findings(reports: Sequence[Report]) -> list[Finding]:
    """What is odd in the numbers and words of these reports of one place (and of the place above it).

    The most severe first; within a severity in the order of the reports' years, then of the text. What would be told
    twice in the same words (a page that holds a report twice) is told once. Findings about a report's form are not
    repeated: they are in `Report.findings`.
    """
    ordered = by_year(reports)
    place = {report.document.id: number for number, report in enumerate(ordered)}
    kept: dict[tuple[str, str], Finding] = {}
    for finding in _all(ordered):
        kept.setdefault((finding.code, finding.zh), finding)

    def rank(finding: Finding) -> tuple[int, int, int]:
        first = finding.sides[0]
        return _WEIGHT[finding.severity], place[first.document], first.span.start

    return sorted(kept.values(), key=rank)


def _all(reports: Sequence[Report]) -> Iterator[Finding]:
    for report in reports:
        yield from arithmetic(report)
        yield from plausible(report)
    yield from jumps(reports)
    yield from revisions(reports)
    yield from wording(reports)
