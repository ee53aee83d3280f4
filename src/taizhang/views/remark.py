"""Why a report yielded nothing: the sentence for it. Silence would leave the reader guessing whose fault it is."""

from __future__ import annotations

from collections import Counter

from taizhang.model import Report
from taizhang.views import words


def remark(report: Report) -> tuple[str, str] | None:
    """A sentence in Chinese and in English where no statement was found; null where there is one."""
    if report.statements:
        return None
    if not report.coverage:
        return (
            "没有找到任何数字，所以没有可提取的指标。",
            "There is no number in this text, so there is no statement to take out.",
        )
    counts = Counter(claim.reason for claim in report.coverage).most_common(3)
    zh = "、".join(f"{words.reason(reason, 'zh')} {count} 个" for reason, count in counts)
    en = ", ".join(f"{words.reason(reason, 'en')} {count}" for reason, count in counts)
    total = len(report.coverage)
    unlike_zh = "" if report.frame.kind else "这份文字也不像政府报告。"
    unlike_en = "" if report.frame.kind else " Nor does the text look like a government report."
    return (
        f"文中有 {total} 个数字，但没有一个是指标（{zh}）。{unlike_zh}",
        f"The text has {total} numbers, but none of them is a statement ({en}).{unlike_en}",
    )
