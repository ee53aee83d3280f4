"""A form that cannot be carried out comes back on its own page: what was typed in it, and what is wrong beside it."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from asking import Client, key, words

from taizhang.model import Report
from taizhang.web.app import create_app
from taizhang.web.jobs import Jobs


@pytest.fixture
def name(reports: dict[str, Report]) -> str:
    return key(reports["lanchuan-2026-plan.txt"], "固定资产投资", "growth")


CASES = (
    ("correct", {"f-value": "三", "reason": "识别错误"}, "c-value", "“数值”应是一个数"),
    ("correct", {"f-period": "2099-99", "reason": "识别错误"}, "c-period", "期间“2099-99”写法不对"),
    ("correct", {"f-unit": "米" * 30, "reason": "识别错误"}, "c-unit", "“单位”太长"),
    ("correct", {"f-value": "5", "reason": ""}, "c-why", "请写明理由"),
    ("reject", {"reason": "other"}, "r-why", "请写明理由"),
    ("split", {"p1-value": "三", "p2-value": "4", "reason": "识别错误"}, "s-value", "“数值”应是一个数"),
    ("split", {"p1-value": "3", "reason": "识别错误"}, "", "至少要有两部分"),
    ("merge", {"reason": "识别错误"}, "", "两条或更多"),
    ("link", {"reason": "识别错误", "pasted": "没有的编号"}, "", "没有"),
)


@pytest.mark.parametrize(("deed", "form", "beside", "said"), CASES)
def test_a_form_of_a_number_comes_back(
    client: Client, name: str, reports: dict[str, Report], deed: str, form: dict[str, str], beside: str, said: str
) -> None:
    if deed == "link":
        name = key(reports["lanchuan-2025-plan.txt"], "固定资产投资", "growth", "target")
    answer = client.post(f"/n/{name}/{deed}", form)
    assert answer.status_code in (404, 422)
    page = answer.text
    assert said in words(page)
    if answer.status_code == 422:
        assert f'<details id="do-{deed}" open>' in page
        for field, value in form.items():
            if value and field != "reason":
                assert re.search(rf'name="{field}"[^>]* value="{value}"', page), field
    if beside:
        assert f'id="{beside}-error"' in page


def test_words_to_be_a_statement_come_back_with_what_was_typed(client: Client, reports: dict[str, Report]) -> None:
    report = reports["lanchuan-2026-plan.txt"]
    at = report.document.text.index("一是工业支撑更强")
    base = {"start": str(at), "end": str(at + 2), "quote": "一是", "f-kind": "target", "f-measure": "level",
            "f-comparator": "eq", "f-indicator": "工业支撑", "f-unit": "个", "reason": "识别错误"}  # fmt: skip
    path = f"/reports/{report.document.id}/statements"
    for more, field, said in (
        ({}, "value", "新增指标须写明“数值”"),
        ({"f-value": "许多"}, "value", "可写 1.27亿"),
        ({"f-value": "1", "f-period": "明年"}, "period", "期间“明年”写法不对"),
    ):
        answer = client.post(path, {**base, **more})
        assert answer.status_code == 422
        assert said in words(answer.text) and f'id="n-{field}-error"' in answer.text
        assert 'name="f-indicator" value="工业支撑"' in answer.text and f'action="{path}"' in answer.text
        assert re.search(r'value="target" selected', answer.text)
        assert "“value”" not in answer.text
    assert client.post(path, {**base, "f-value": "1.27亿"}).status_code == 303


def test_a_conflict_takes_what_was_not_touched_from_the_present_reading(client: Client, name: str) -> None:
    made = client.json(f"/n/{name}.json")
    unit, period = made["number"]["unit"], made["number"]["period"]
    seen = str(made["version"])
    theirs = {"f-period": "2018", "was-period": period, "seen": seen, "reason": "识别错误"}
    assert client.post(f"/n/{name}/correct", theirs).status_code == 303
    mine = {"f-period": period, "was-period": period, "f-unit": "万吨", "was-unit": unit, "seen": seen,
            "reason": "识别错误"}  # fmt: skip
    late = client.post(f"/n/{name}/correct", mine)
    assert late.status_code == 409 and "2018" not in late.text.split('id="problem"')[1].split("</table>")[0]
    form = late.text.split('id="do-correct"')[1].split("</form>")[0]
    again = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    assert (again["f-period"], again["f-unit"]) == ("2018", "万吨") and again["seen"] != seen
    keep = {field: value for field, value in again.items() if field not in ("preview",)}
    assert client.post(f"/n/{name}/correct", {**keep, "reason": "识别错误"}).status_code == 303
    now = client.json(f"/n/{name}.json")["number"]
    assert (now["period"], now["unit"]) == ("2018", "万吨")


def test_what_was_handed_in_outlives_the_server(target: str) -> None:
    class Late(Jobs):
        """Takes files and gets to none of them."""

        def _run(self, *_: object) -> None:
            return

    app = create_app(target)
    shelf = app.app.state.shelf
    jobs = Late(shelf, 10**6)
    text = "澜川市2024年政府工作报告\n一、2023年工作回顾\n全市生产总值增长5.1%。\n".encode()
    taken = [jobs.hand_in(text + str(n).encode(), f"{n}.txt", "闻砚秋", "补录") for n in range(3)]
    jobs.close()
    assert len(list(Path(f"{target}.waiting").glob("*/*.json"))) == 3
    later = Jobs(shelf, 10**6)
    for _ in range(400):
        if all(each.stage == "done" for each in later.all()):
            break
        time.sleep(0.05)
    assert [later.get(each.id).stage for each in taken] == ["done"] * 3  # type: ignore[union-attr]
    later.close()
    assert not Path(f"{target}.waiting").exists()
    assert {head.who for head in shelf.look().heads()} >= {"闻砚秋"}
    app.app.state.jobs.close()
    shelf.close()


def test_too_much_is_refused_with_name_and_limit(target: str) -> None:
    client = Client(create_app(target, limit=2000))
    answer = client.post("/upload", files={"file": ("长.txt", b"1" * 3000)}, data={"why": "来源不详"})
    assert answer.status_code == 413
    said = words(answer.text)
    assert "“长.txt”太大" in said and "不超过" in said and 'value="来源不详"' in answer.text


def test_what_has_no_figure_is_entered_and_said_so(client: Client) -> None:
    answer = client.post("/upload", files={"file": ("README.md", b"# about\n\nnothing to see")})
    for _ in range(100):
        job = client.json(answer.headers["location"] + ".json")["job"]
        if job["stage"] in ("done", "failed"):
            break
        time.sleep(0.05)
    assert job["stage"] == "done" and "没有读出任何指标" in job["message"] and "撤回" in job["message"]
