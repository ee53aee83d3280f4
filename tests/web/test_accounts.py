"""Correcting through forms and JSON, two people on one number, handing reports in."""

from __future__ import annotations

import re
import shutil
import time
from html import unescape
from pathlib import Path

import pytest
from asking import EXAMPLES, Client, key, words

from taizhang.ledger import Ledger
from taizhang.model import Report


@pytest.fixture
def result(reports: dict[str, Report]) -> str:
    """What answers the target for investment: 3.8% where 6% was promised."""
    return key(reports["lanchuan-2026-plan.txt"], "固定资产投资", "growth")


def verdict(client: Client) -> str:
    made = client.json("/outcomes/澜川市/2025.json")
    return str(next(row["verdict"] for row in made["data"] if row["target"]["indicator"] == "固定资产投资"))


def test_a_correction_changes_the_outcomes_and_is_undone(client: Client, result: str) -> None:
    assert verdict(client) == "missed"
    form = {"f-value": "6.8", "reason": "识别错误", "back": f"/n/{result}"}
    before = client.post(f"/n/{result}/correct", {**form, "preview": "1"})
    assert before.status_code == 200 and "保存后" in words(before.text)
    assert verdict(client) == "missed"
    answer = client.post(f"/n/{result}/correct", form)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"/n/{result}?done=")
    assert verdict(client) == "met"
    event = answer.headers["location"].split("done=")[1]
    assert client.post(f"/events/{event}/undo", {"back": "/"}).status_code == 422
    assert client.post(f"/events/{event}/undo", {"why": "原文无误", "back": "/"}).status_code == 303
    assert verdict(client) == "missed"


def test_a_reason_is_needed_and_what_was_typed_stays(client: Client, result: str) -> None:
    answer = client.post(f"/n/{result}/correct", {"f-value": "6.8", "reason": "other", "why": ""})
    assert answer.status_code == 422
    assert "请写明理由" in answer.text and 'value="6.8"' in answer.text


def test_two_editors_on_one_field(client: Client, result: str) -> None:
    seen = str(client.json(f"/n/{result}.json")["reading"]["version"])
    assert (
        client.post(f"/n/{result}/correct", {"f-value": "6.8", "seen": seen, "reason": "识别错误"}).status_code == 303
    )
    late = client.post(
        f"/n/{result}/correct", {"f-value": "5.8", "was-value": "3.8", "seen": seen, "reason": "识别错误"}
    )
    assert late.status_code == 409
    assert "6.8" in late.text and "5.8" in late.text and "闻砚秋" in late.text
    body = {"fields": {"value": 5.8}, "why": "x", "seen": int(seen)}
    assert client.ask("POST", f"/n/{result}/correct.json", json=body).json()["error"]["code"] == "conflict"


def form_of(client: Client, answer: str, action: str) -> dict[str, str]:
    """What a browser would send of the form with that address."""
    form = answer[answer.index(f'action="{action}"') :].split("</form>")[0]
    found = {n: unescape(v) for n, v in re.findall(r'<input[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', form)}
    for name, options in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', form, re.DOTALL):
        values = re.findall(r'<option value="([^"]*)"( selected)?', options)
        found[name] = unescape(next((value for value, chosen in values if chosen), values[0][0]))
    return found


def test_sending_a_form_again_after_a_conflict_undoes_nothing_of_another_person(client: Client, result: str) -> None:
    action = f"/n/{result}/correct"
    opened = form_of(client, client.page(f"/n/{result}"), action) | {"reason": "识别错误"}
    theirs = {**opened, "f-period": "2018"}
    assert client.post(action, theirs).status_code == 303
    late = client.post(action, {**opened, "f-unit": "点"})
    assert late.status_code == 409
    conflict = late.text.split('id="problem"')[1].split("</table>")[0]
    assert "单位" in conflict and "点" in conflict and "2018" not in conflict and "期间" not in conflict
    again = form_of(client, late.text, action) | {"reason": "识别错误"}
    assert (again["f-unit"], again["f-period"]) == ("点", "2018")
    assert client.post(action, again).status_code == 303
    number = client.json(f"/n/{result}.json")["number"]
    assert (number["unit"], number["period"]) == ("点", "2018")
    assert client.json("/corrections.json")["data"][0]["step"]["fields"] == {"unit": ["%", "点"]}


def test_a_form_saved_after_another_person_s_change_is_told_after_a_preview_too(client: Client, result: str) -> None:
    action = f"/n/{result}/correct"
    opened = form_of(client, client.page(f"/n/{result}"), action) | {"reason": "识别错误", "f-value": "5.8"}
    assert client.post(action, {**opened, "f-value": "6.8"}).status_code == 303
    looked = client.post(action, {**opened, "preview": "1"})
    assert looked.status_code == 200
    assert client.post(action, form_of(client, looked.text, action) | {"reason": "识别错误"}).status_code == 409


def test_a_person_decides_over_a_verdict(client: Client, reports: dict[str, Report], result: str) -> None:
    goal = key(reports["lanchuan-2025-plan.txt"], "固定资产投资", "growth", "target")
    assert (
        client.post(
            f"/n/{goal}/link", {"pasted": f"http://x/n/{result}", "verdict": "met", "reason": "口径不同"}
        ).status_code
        == 303
    )
    assert verdict(client) == "met"


def test_words_are_made_a_statement_only_where_they_stand(client: Client, reports: dict[str, Report]) -> None:
    report = reports["lanchuan-2026-plan.txt"]
    at = report.document.text.index("一是工业支撑更强")
    data = {"start": str(at), "end": str(at + 2), "quote": "一是", "f-value": "1", "f-unit": "个", "f-kind": "actual",
            "f-measure": "level", "f-comparator": "eq", "reason": "识别错误"}  # fmt: skip
    path = f"/reports/{report.document.id}/statements"
    assert client.post(path, {**data, "quote": "二是"}).status_code == 409
    assert client.post(path, data).status_code == 303
    assert client.json(f"/reports/{report.document.id}.json")["total"] == len(report.statements) + 1


def test_a_form_of_another_site_changes_nothing(client: Client, result: str) -> None:
    for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}):
        answer = client.ask("POST", f"/n/{result}/reject", data={"reason": "识别错误"}, headers=headers)
        assert answer.status_code == 403
    assert client.get("/", headers={"host": "evil.example"}).status_code == 403
    assert client.json("/corrections.json")["data"] == []


def test_a_ledger_replaced_under_the_server_is_said(client: Client, target: str, tmp_path: Path, result: str) -> None:
    serial = client.app.app.state.shelf.serial
    other = tmp_path / "other.db"
    Ledger.open(other, create=True).close()
    shutil.move(other, target)
    answer = client.post(f"/n/{result}/reject", {"reason": "识别错误", "ledger": serial})
    assert answer.status_code == 409 and "账本文件已更换" in answer.text
    assert client.get("/").status_code == 200
    Path(target).unlink()
    assert client.get("/").status_code == 503


def handed_in(client: Client, data: bytes, name: str) -> dict[str, object]:
    answer = client.post("/upload", files={"file": (name, data)})
    assert answer.status_code == 303, answer.text
    for _ in range(200):
        job = client.json(answer.headers["location"] + ".json")["job"]
        if job["stage"] in ("done", "failed"):
            assert client.get(answer.headers["location"]).status_code == 200
            return dict(job)
        time.sleep(0.05)
    raise AssertionError("the job never ended")


def test_a_report_is_handed_in(empty: Client) -> None:
    data = (EXAMPLES / "lanchuan-2025-plan.txt").read_bytes()
    job = handed_in(empty, data, "../../报告.txt")
    assert (job["stage"], job["outcome"], job["name"]) == ("done", "entered", "报告.txt")
    assert handed_in(empty, data, "again.txt")["outcome"] == "known"
    assert empty.json("/reports.json")["total"] == 1


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n\0\0", b"%PDF-1.7\n", b"PK\x03\x04rest"])
def test_what_cannot_be_read_says_why_and_enters_nothing(empty: Client, data: bytes) -> None:
    job = handed_in(empty, data, "x.pdf")
    assert job["stage"] == "failed" and job["message"] and job["message_en"]
    assert empty.json("/reports.json")["total"] == 0


def test_nothing_chosen_is_said(empty: Client) -> None:
    answer = empty.post("/upload", {"text": " "})
    assert answer.status_code == 400 and "没有选择文件" in answer.text
