"""Why a text yielded nothing, or is hardly a report: silence would leave the reader guessing whose fault it is."""

from __future__ import annotations

from collections import Counter

from taizhang.model import Report
from taizhang.views import words


def remark(report: Report) -> tuple[str, str] | None:
    """A sentence in Chinese and in English where no statement was found, or where nothing tells that it is a report."""
    frame = report.frame
    if report.statements:
        if any(finding.code == "frame.not-a-report" for finding in report.findings):
            return (
                "这份文字看来不是报告，列出的指标仅供参考。",
                "The text does not look like a report. Take its statements with care.",
            )
        if frame.kind or frame.place or frame.year_reviewed or frame.year_planned:
            return None
        return (
            "看不出地区、年份和种类，这份文字不像政府报告；列出的指标仅供参考。",
            "Nothing tells place, years or kind: the text does not look like a government report. "
            "Take its statements with care.",
        )
    if not report.coverage:
        return (
            "没有找到任何数字，所以没有可提取的指标。",
            "There is no number in this text, so there is no statement to take out.",
        )
    counts = Counter(claim.reason for claim in report.coverage).most_common(3)
    zh = "、".join(f"{words.reason(reason, 'zh')} {count} 个" for reason, count in counts)
    en = ", ".join(f"{words.reason(reason, 'en')} {count}" for reason, count in counts)
    total = len(report.coverage)
    unlike_zh = "" if frame.kind else "这份文字也不像政府报告。"
    unlike_en = "" if frame.kind else " Nor does the text look like a government report."
    return (
        f"文中有 {total} 个数字，但没有一个是指标（{zh}）。{unlike_zh}",
        f"The text has {total} numbers, but none of them is a statement ({en}).{unlike_en}",
    )
