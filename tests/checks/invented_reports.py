"""Short invented reports for the tests of checks: a place, a year, what its review says and what its plan says."""

from __future__ import annotations

from taizhang.extract import extract
from taizhang.model import Report
from taizhang.read import read

_FILLING = "要坚持稳中求进，把各项工作抓细抓实，让群众看得见变化。" * 100


def report(review: str = "", plan: str = "", *, year: int = 2024, place: str = "云溪县", whole: bool = False) -> Report:
    """A report given in January of `year`: it looks back on the year before and plans that year.

    With `whole` its plan is as long as that of a real report, so that what it does not name counts as left out.
    """
    text = (
        f"政府工作报告\n——{year}年1月10日在{place}第八届人民代表大会第四次会议上\n\n各位代表：\n"
        f"现在，我代表{place}人民政府，向大会报告工作，请予审议。\n\n"
        f"一、{year - 1}年工作回顾\n\n过去一年，我们做了以下工作。{review}\n\n"
        f"二、{year}年工作安排\n\n今年要抓好以下工作。{plan}{_FILLING if whole else ''}\n"
    )
    return extract(read(text.encode(), f"{place}-{year}.txt"))
