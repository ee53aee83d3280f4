"""Every code finds the example it gives, and leaves its near miss alone: the registry is run, not only read."""

from __future__ import annotations

import re

import pytest
from invented_reports import report

from taizhang.checks.findings import findings
from taizhang.checks.registry import codes
from taizhang.model import Report

OURS = [name for name in codes() if not name.startswith("frame.")]
ABOUT_PLANS = ("revised.plan", "revised.goal")


def reports(code: str, words: str) -> list[Report]:
    """The reports that an example stands for: 上年：… 今年：… are two of one place, 市：… 县：… two places."""
    pieces = re.findall(r"(前年|上年|今年|市|县)：(.*?)(?=(?:上年|今年|县)：|$)", words)
    if not pieces:
        plan = "".join(re.findall(r"今年[^。]*。", words))
        return [report(re.sub(r"今年[^。]*。", "", words), plan)]
    if pieces[0][0] == "市":
        return [report(plan=text, place="青川市" if who == "市" else "云溪县") for who, text in pieces]
    years = {"前年": 2022, "上年": 2023, "今年": 2024}
    held = []
    for who, text in pieces:
        ahead = code.startswith("wording.") or (code in ABOUT_PLANS and who == "上年")
        held.append(report("" if ahead else text, text if ahead else "", year=years[who], whole=ahead))
    return held


@pytest.mark.parametrize("code", OURS)
def test_a_code_finds_its_example(code: str) -> None:
    found = findings(reports(code, codes()[code].example))
    assert code in [finding.code for finding in found], [finding.zh for finding in found]


@pytest.mark.parametrize("code", OURS)
def test_a_code_leaves_its_near_miss_alone(code: str) -> None:
    found = [finding for finding in findings(reports(code, codes()[code].near_miss)) if finding.code == code]
    assert not found, [finding.zh for finding in found]


@pytest.mark.parametrize("code", OURS)
def test_a_finding_can_be_redone(code: str) -> None:
    held = reports(code, codes()[code].example)
    texts = {each.document.id: each.document.text for each in held}
    for finding in findings(held):
        assert finding.rule == f"{finding.code}/{codes()[finding.code].version}"
        assert finding.formula and finding.zh and finding.en and finding.sides
        assert "{" not in finding.zh + finding.en
        for side in finding.sides:
            assert texts[side.document][side.span.start : side.span.end] == side.text
        for span in finding.spans:
            assert span.end <= len(texts[finding.sides[0].document])
