"""Which reports can be checked against each other, and in which order; each refusal is a sentence for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from taizhang.checks.match import year_of
from taizhang.errors import TaizhangError
from taizhang.model import Report


class CheckError(TaizhangError):
    """Reports that cannot be checked against each other: of two places, the same twice, out of order, of no year."""


def in_order(reports: Iterable[Report]) -> list[Report]:
    """Reports of one place by the year they report on; raises `CheckError` where they are not that."""
    given = list(reports)
    if len(given) < 2:
        raise CheckError(
            "核对需要同一地方至少两份前后相继的报告。", "A check needs at least two successive reports of one place."
        )
    for at, one in enumerate(given):
        for other in given[at + 1 :]:
            if one.document.id == other.document.id or one.document.source.sha256 == other.document.source.sha256:
                raise CheckError(
                    f"“{one.document.source.name}”和“{other.document.source.name}”是同一份报告。",
                    f"“{one.document.source.name}” and “{other.document.source.name}” are the same report.",
                )
            same_place(one, other)
    for one in given:
        if reviewed(one) is None:
            raise CheckError(
                f"“{one.document.source.name}”没有写明回顾的是哪一年，无法排出先后。",
                f"“{one.document.source.name}” does not say which year it reports on, so it cannot be put in order.",
            )
    return sorted(given, key=lambda report: (reviewed(report) or "", report.document.source.name))


def by_year(reports: Iterable[Report]) -> list[Report]:
    """Each document once, in the order of the years that they review; those without a year at the end."""
    seen: dict[str, Report] = {}
    for report in reports:
        seen.setdefault(report.document.id, report)
    return sorted(seen.values(), key=lambda report: reviewed(report) or "9999")


def last_year_of(period: str | None) -> int | None:
    """The year in which a period ends, as a number."""
    year = year_of(period)
    return int(year) if year is not None and year.isdigit() else None


def reviewed(report: Report) -> str | None:
    year = year_of(report.frame.year_reviewed)
    if year is None and report.frame.year_planned is not None:
        planned = report.frame.year_planned[:4]
        return str(int(planned) - 1) if planned.isdigit() else None
    return year


def years_missing(reports: Sequence[Report]) -> list[int]:
    """Years between the first and the last year reviewed that none of the reports reviews."""
    years = [int(year) for report in reports if (year := reviewed(report)) is not None and year.isdigit()]
    return [year for year in range(min(years, default=0), max(years, default=0)) if year not in years]


def same_place(one: Report, other: Report) -> None:
    here, there = one.frame.place, other.frame.place
    if here and there and here != there and not (here.endswith(there) or there.endswith(here)):
        raise CheckError(
            f"两份报告不是同一地方的：“{one.document.source.name}”是{here}，“{other.document.source.name}”是{there}。",
            f"The reports are of two places: “{one.document.source.name}” is of {here}, "
            f"“{other.document.source.name}” of {there}.",
        )


def common_year(earlier: Report, later: Report) -> str:
    """The year that the one plans and the other reports on."""
    names = earlier.document.source.name, later.document.source.name
    if earlier.document.id == later.document.id:
        raise CheckError(f"“{names[0]}”给了两次。", f"“{names[0]}” was given twice.")
    same_place(earlier, later)
    before, after = reviewed(earlier), reviewed(later)
    if before is None or after is None:
        name = names[0] if before is None else names[1]
        raise CheckError(
            f"“{name}”没有写明回顾的是哪一年，无法核对。",
            f"“{name}” does not say which year it reports on, so it cannot be checked.",
        )
    if before == after:
        raise CheckError(
            f"“{names[0]}”和“{names[1]}”回顾的都是{after}年，不是前后两年的报告。",
            f"“{names[0]}” and “{names[1]}” both report on {after}; they are not of successive years.",
        )
    if before > after:
        raise CheckError(
            f"报告的次序反了：“{names[0]}”回顾{before}年，“{names[1]}”回顾{after}年。请把较早的放在前面。",
            f"The reports are out of order: “{names[0]}” is on {before}, “{names[1]}” on {after}. "
            "Give the earlier one first.",
        )
    return after
