"""What a person corrected is said so, with the source's words beside it, wherever the figure is shown."""

from __future__ import annotations

import re

import pytest
from asking import Client, key, words

from taizhang.cli import app as command
from taizhang.ledger import Ledger
from taizhang.model import Report


@pytest.fixture
def known(reports: dict[str, Report]) -> dict[str, str]:
    plan = reports["lanchuan-2026-plan.txt"]
    name = key(plan, "固定资产投资", "growth")
    goal = key(reports["lanchuan-2025-plan.txt"], "固定资产投资", "growth", "target")
    return {"plan": plan.document.id, "key": name, "id": name[17:], "goal": goal}


@pytest.fixture
def corrected(client: Client, known: dict[str, str]) -> Client:
    form = {"f-value": "6.8", "was-value": "3.8", "reason": "识别错误", "why": "原件为6.8%"}
    assert client.post(f"/n/{known['key']}/correct", form).status_code == 303
    return client


VIEWS = (
    "/outcomes/澜川市/2025", "/n/{key}", "/n/{key}/card", "/reports/{plan}", "/reports/{plan}?s={id}",
    "/reports/{plan}?show=corrected", "/n/{key}/cite.txt", "/outcomes/澜川市/2025.csv", "/n/{goal}",
    "/outcomes/澜川市/2025.json", "/n/{key}.json", "/reports/{plan}.csv", "/reports/{plan}/inspector?s={id}",
)  # fmt: skip


@pytest.mark.parametrize("path", VIEWS)
def test_every_view_shows_the_corrected_figure_and_the_words_of_the_source(
    corrected: Client, known: dict[str, str], path: str
) -> None:
    answer = corrected.get(path.format(**known))
    said = words(answer.text) if "html" in answer.headers["content-type"] else answer.text
    assert "6.8%" in said, path
    if "{goal}" not in path:
        assert "3.8%" in said, path
    if not path.endswith(("json", "csv")) and "{goal}" not in path:
        assert "人工更正" in said, path


def test_the_verdict_and_its_reason_are_of_the_corrected_figure(corrected: Client, known: dict[str, str]) -> None:
    page = corrected.page("/outcomes/澜川市/2025")
    row = re.search(rf'<tr id="o-{known["goal"][17:]}".*?</tr>', page, re.DOTALL)
    assert row is not None
    said = words(row[0])
    assert "达到" in said and "增长6.8%" in said and "人工更正，原文“3.8%”" in said
    line = next(
        each for each in corrected.json("/outcomes/澜川市/2025.json")["data"]
        if each["target"]["key"] == known["goal"]
    )  # fmt: skip
    assert "3.8%" not in line["reason"] and "3.8%" not in line["reason_en"]


def test_the_origin_of_a_corrected_field_is_the_person(corrected: Client, known: dict[str, str]) -> None:
    made = corrected.json(f"/n/{known['key']}.json")
    assert {each["field"]: each["how"] for each in made["reading"]["origins"]}["value"] == "corrected"
    page = corrected.page(f"/n/{known['key']}")
    table = re.search(r'<table class="origins">.*?</table>', page, re.DOTALL)
    assert table is not None
    assert "corrected-by-a-person" not in page and "人工更正 原文 “3.8%”" in words(table[0])


def test_undoing_brings_the_words_of_the_source_back(corrected: Client, known: dict[str, str]) -> None:
    event = corrected.json("/corrections.json")["data"][0]["step"]["event"]
    assert corrected.post(f"/events/{event}/undo", {"why": "原文无误", "back": "/"}).status_code == 303
    assert "6.8%" not in words(corrected.page("/outcomes/澜川市/2025"))
    page = corrected.page("/corrections")
    assert "恢复" in page and f"撤销 第 {event} 号" in words(page) and "更正 固定资产投资“3.8%”" in words(page)
    again = corrected.json("/corrections.json")["data"][0]
    assert again["number"]["key"] == known["key"] and again["step"]["told"].startswith("更正 固定资产投资")


def test_the_terminal_says_so_too(corrected: Client, known: dict[str, str], target: str) -> None:
    from typer.testing import CliRunner

    answer = CliRunner().invoke(command, ["ledger", "show", target, known["key"]])
    if answer.exit_code == 0:
        assert "6.8" in answer.output


def test_a_citation_quotes_the_words_that_stand_in_the_report(client: Client, reports: dict[str, Report]) -> None:
    for report in reports.values():
        text = "".join(report.document.text.split())
        for item in report.statements[::9]:
            made = client.json(f"/n/{report.document.id}-{item.id}/cite.json")
            assert "".join(made["quote"].split()) in text
            assert f"引文：“{made['quote']}”" in made["gbt7714"]


@pytest.mark.parametrize(
    ("deed", "form", "standing"),
    [
        ("reject", {}, "已否决"),
        ("split", {"p1-value": "3.8", "p1-unit": "%", "p2-value": "9", "p2-unit": "%", "p2-indicator": "甲"}, "已拆分"),
    ],
)
def test_what_does_not_count_says_so_where_it_can_be_quoted(
    client: Client, known: dict[str, str], deed: str, form: dict[str, str], standing: str
) -> None:
    assert client.post(f"/n/{known['key']}/{deed}", {**form, "reason": "识别错误"}).status_code == 303
    for path in ("/n/{key}", "/n/{key}/card", "/n/{key}/cite.txt"):
        assert f"此数字现不计入：{standing}" in client.get(path.format(**known)).text, path
    assert f"此数字现不计入：{standing}" in client.json(f"/n/{known['key']}.json")["cite"]["embed"]
    shown = words(client.page(f"/reports/{known['plan']}?s={known['id']}"))
    assert "现在不计入" in shown and standing in shown


def test_the_parts_of_a_split_show_their_own_values(client: Client, known: dict[str, str]) -> None:
    form = {"p1-indicator": "固定资产投资", "p1-value": "3.5", "p1-unit": "%", "p2-indicator": "工业投资",
            "p2-value": "9", "p2-unit": "%", "reason": "识别错误"}  # fmt: skip
    assert client.post(f"/n/{known['key']}/split", form).status_code == 303
    made = client.json(f"/n/{known['key']}.json")
    assert [each["said"] for each in made["into"]] == ["3.5%", "9%"]
    page = words(client.page(f"/n/{known['key']}"))
    assert "固定资产投资 3.5%" in page and "工业投资 9%" in page
    assert "固定资产投资 3.5%、工业投资 9%" in made["history"][-1]["told"]


def test_a_verdict_in_words_shows_and_links_its_passage(tmp_path, reports: dict[str, Report]) -> None:  # type: ignore[no-untyped-def]
    from taizhang import extract, read
    from taizhang.web.app import create_app

    texts = {
        "a.txt": "澜川市2025年政府工作报告\n一、2024年工作回顾\n全市生产总值增长5.3%。\n"
        "二、2025年工作安排\n生产总值增长5.5%以上，居民收入和经济增长同步，打通断头路10条。\n",
        "b.txt": "澜川市2026年政府工作报告\n一、2025年工作回顾\n全市生产总值增长5.6%。"
        "打通新安街、恒和路等一批断头路。\n二、2026年工作安排\n生产总值增长5.5%左右。\n",
    }
    with Ledger.open(tmp_path / "w.db", create=True) as ledger:
        for name, text in texts.items():
            ledger.enter(extract(read(text.encode(), name)), who="程砚秋")
    app = create_app(str(tmp_path / "w.db"))
    client = Client(app)
    try:
        rows = client.json("/outcomes/澜川市/2025.json")["data"]
        told = [row for row in rows if row["told"]]
        page = client.page("/outcomes/澜川市/2025")
        for row in told:
            assert not row["actuals"] and row["verdict"] != "unreported"
            assert all(f'href="{each["url"]}"' in page for each in row["told"])
    finally:
        app.app.state.jobs.close()
        app.app.state.shelf.close()


def test_a_finding_has_its_own_address_and_the_older_report_on_the_left(client: Client) -> None:
    made = client.json("/findings.json?place=澜川市&year=2025")
    order = [each["id"] for each in made["reports"]]
    for each in made["data"]:
        told = [side["report"] for side in each["sides"]]
        assert told == sorted(told, key=order.index)
        one = client.json(f"{each['url']}.json")
        assert [found["id"] for found in one["data"]] == [each["id"]]
        assert words(client.page(each["url"])).count(each["zh"][:12]) >= 1
    assert client.get(f"/findings/{order[0]}/none.json").status_code == 404
