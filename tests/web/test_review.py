"""Proposals and who decides on them; units and their tasks; and that nothing typed is lost."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from asking import Client, words

from taizhang import extract, read
from taizhang.ledger import Ledger
from taizhang.web.accounts import Accounts
from taizhang.web.app import Front, create_app

PASSWORD = "correct horse 42"
TEXT = """澜川市2026年政府工作报告
一、2025年工作回顾
全市生产总值增长5.3%，新建改造农村公路36公里。
二、2026年工作安排
市交通运输局要新建改造农村公路40公里。
市教育局要新增公办幼儿园学位1200个。
"""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Front]:
    path = tmp_path / "book.db"
    with Ledger.open(path, create=True) as ledger:
        ledger.enter(extract(read(TEXT.encode(), "澜川市2026.txt")), who="程砚秋")
    accounts = Accounts(tmp_path / "book.accounts")
    for name, role, unit in (
        ("读者", "reader", ""), ("另一读者", "reader", ""), ("公路科", "unit", "市交通运输局"), ("编辑", "editor", ""),
    ):  # fmt: skip
        accounts.make(name, role, PASSWORD, who="setup", unit=unit)
    made = create_app(str(path), accounts=accounts)
    yield made
    made.app.state.jobs.close()
    made.app.state.shelf.close()
    accounts.close()


def signed(app: Front, name: str) -> Client:
    client = Client(app)
    assert client.post("/login", {"name": name, "password": PASSWORD}).status_code == 303
    return client


def key_of(client: Client, text: str) -> str:
    report = client.json("/reports.json")["data"][0]["id"]
    found = client.json(f"/reports/{report}.json")["statements"]
    return str(next(each["key"] for each in found if text in each["text"]))


def proposed(client: Client, key: str, value: str) -> str:
    answer = client.post(f"/n/{key}/propose", {"f-value": value, "reason": "识别错误", "back": f"/n/{key}"})
    assert answer.status_code == 303, words(answer.text)
    return str(answer.headers["location"].split("done=")[1])


def value(client: Client, key: str) -> str:
    return str(client.json(f"/n/{key}.json")["number"]["value"])


def test_a_proposal_changes_nothing_until_an_editor_accepts_it(app: Front) -> None:
    reader, editor = signed(app, "读者"), signed(app, "编辑")
    key = key_of(reader, "36公里")
    assert "建议更正" in reader.page(f"/n/{key}") and "保存更正" not in reader.page(f"/n/{key}")
    number = proposed(reader, key, "38")
    assert value(reader, key) == "36"
    assert "1 条更正待审核" in words(editor.page("/"))
    waiting = words(editor.page("/corrections?show=waiting"))
    assert "36 → 38" in waiting and "读者" in waiting and "采纳" in waiting
    assert editor.json("/corrections.json?show=waiting")["proposals"][0]["own"] is False
    assert editor.post(f"/proposals/{number}/accept", {"back": "/"}).status_code == 303
    assert value(reader, key) == "38"
    assert editor.json("/corrections.json?show=waiting")["waiting"] == 0
    history = reader.json(f"/n/{key}.json")["history"]
    assert [(each["what"], each["who"]) for each in history][-2:] == [("proposed", "读者"), ("corrected", "编辑")]
    assert editor.post(f"/proposals/{number}/accept", {"back": "/"}).status_code == 409


def test_a_proposal_that_was_overtaken_is_not_accepted_unseen(app: Front) -> None:
    reader, editor = signed(app, "读者"), signed(app, "编辑")
    key = key_of(reader, "36公里")
    number = proposed(reader, key, "38")
    corrected = editor.post(f"/n/{key}/correct", {"f-value": "37", "reason": "识别错误", "back": "/"})
    assert corrected.status_code == 303
    waiting = words(editor.page("/corrections?show=waiting"))
    assert "提出时 36 ，现在 37 ，建议 38" in waiting and "新建改造农村公路" in waiting
    refused = editor.post(f"/proposals/{number}/accept", {"back": "/"})
    assert refused.status_code == 409 and value(reader, key) == "37"
    assert "提出时为“36”，现为“37”，建议改为“38”" in refused.text and "仍采纳" in refused.text
    answer = editor.ask(
        "POST", f"/proposals/{number}/accept.json", json={"why": "试"}, headers={"sec-fetch-site": "same-origin"}
    )
    assert answer.json()["error"]["code"] == "conflict"
    over = editor.json("/corrections.json?show=waiting")["proposals"][0]["version"]
    editor.post(f"/n/{key}/correct", {"f-value": "39", "reason": "识别错误", "back": "/"})
    assert editor.post(f"/proposals/{number}/accept", {"back": "/", "over": str(over)}).status_code == 409
    over = editor.json("/corrections.json?show=waiting")["proposals"][0]["version"]
    assert editor.post(f"/proposals/{number}/accept", {"back": "/", "over": str(over)}).status_code == 303
    assert value(reader, key) == "38"


def test_another_field_changed_since_does_not_hold_a_proposal_up(app: Front) -> None:
    reader, editor = signed(app, "读者"), signed(app, "编辑")
    key = key_of(reader, "36公里")
    number = proposed(reader, key, "38")
    editor.post(f"/n/{key}/correct", {"f-indicator": "农村公路", "reason": "识别错误", "back": "/"})
    assert editor.post(f"/proposals/{number}/accept", {"back": "/"}).status_code == 303
    made = editor.json(f"/n/{key}.json")["number"]
    assert (made["value"], made["indicator"]) == (38, "农村公路")


def test_an_editor_declines_with_a_reason_and_the_proposer_withdraws(app: Front) -> None:
    reader, other, editor = (signed(app, name) for name in ("读者", "另一读者", "编辑"))
    key = key_of(reader, "36公里")
    number = proposed(reader, key, "38")
    assert editor.post(f"/proposals/{number}/decline", {"back": "/"}).status_code == 422
    assert editor.post(f"/proposals/{number}/decline", {"why": "原文为36", "back": "/"}).status_code == 303
    assert value(reader, key) == "36"
    second = proposed(reader, key, "39")
    assert other.post(f"/proposals/{second}/withdraw", {"back": "/"}).status_code == 403
    assert reader.post(f"/proposals/{second}/withdraw", {"back": "/"}).status_code == 303
    assert editor.post(f"/proposals/{second}/accept", {"back": "/"}).status_code == 409
    with Ledger.open(app.app.state.shelf.target) as ledger:
        assert [item.fate for item in ledger.proposals()] == ["withdrawn", "declined"]


def test_a_proposal_does_not_come_between_an_editor_and_the_page_it_opened(app: Front) -> None:
    reader, editor = signed(app, "读者"), signed(app, "编辑")
    key = key_of(reader, "36公里")
    seen = str(editor.json(f"/n/{key}.json")["reading"]["version"])
    proposed(reader, key, "38")
    answer = editor.post(f"/n/{key}/correct", {"f-value": "37", "seen": seen, "reason": "识别错误"})
    assert answer.status_code == 303


def test_what_is_no_statement_can_be_proposed_too(app: Front) -> None:
    reader, editor = signed(app, "读者"), signed(app, "编辑")
    key = key_of(reader, "36公里")
    answer = reader.post(f"/n/{key}/propose", {"none": "1", "reason": "识别错误", "back": "/"})
    number = answer.headers["location"].split("done=")[1]
    assert editor.post(f"/proposals/{number}/accept", {"back": "/"}).status_code == 303
    assert editor.json(f"/n/{key}.json")["counts"] is False


def test_a_unit_sees_and_proposes_for_its_own_tasks_only(app: Front) -> None:
    unit, reader = signed(app, "公路科"), signed(app, "读者")
    assert len(reader.json("/tasks.json")["data"]) == 2
    own = unit.json("/tasks.json?unit=教育")
    assert [each["units"] for each in own["data"]] == [["市交通运输局"]] and own["unit"] == "市交通运输局"
    mine, theirs = key_of(unit, "40公里"), key_of(unit, "1200个")
    assert "建议更正" in unit.page(f"/n/{mine}") and "建议更正" not in unit.page(f"/n/{theirs}")
    refused = unit.post(f"/n/{theirs}/propose", {"f-value": "1300", "reason": "识别错误"})
    assert refused.status_code == 403 and "本单位" in refused.text
    body = {"fields": {"value": 1300}, "why": "试"}
    assert (
        unit.ask("POST", f"/n/{theirs}/propose.json", json=body, headers={"sec-fetch-site": "none"}).status_code == 403
    )
    proposed(unit, mine, "45")


def test_a_session_that_ended_loses_nothing(app: Front) -> None:
    editor = signed(app, "编辑")
    key = key_of(editor, "36公里")
    form = {"f-value": "38", "reason": "识别错误", "why": "见<原件>", "back": f"/n/{key}"}
    editor.cookies.clear()
    late = editor.post(f"/n/{key}/correct", form)
    assert late.status_code == 401 and "登录已过期，填写的内容已保留" in late.text and "<原件>" not in late.text
    form_of = late.text.split('action="/theme"')[0]
    again = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form_of))
    fields = {name: unescape(text) for name, text in again.items()}
    wrong = editor.post("/login", {**fields, "name": "编辑", "password": "not this one"})
    assert wrong.status_code == 401 and 'name="kept-f-value" value="38"' in wrong.text
    back = editor.post("/login", {**fields, "name": "编辑", "password": PASSWORD})
    assert back.status_code == 200 and f'action="/n/{key}/correct"' in back.text
    kept = {
        name: unescape(text)
        for name, text in re.findall(
            r'type="hidden" name="([^"]*)" value="([^"]*)"', back.text.split('action="/theme"')[0]
        )
    }
    assert kept == form
    assert editor.post(f"/n/{key}/correct", kept).status_code == 303
    assert value(editor, key) == "38"


def test_what_was_typed_is_shown_where_another_ledger_stands_now(app: Front, tmp_path: Path) -> None:
    editor = signed(app, "编辑")
    key = key_of(editor, "36公里")
    page = editor.page(f"/n/{key}")
    found = re.search(r'name="ledger" value="([^"]+)"', page)
    assert found is not None
    other = tmp_path / "other.db"
    with Ledger.open(other, create=True) as ledger:
        ledger.enter(extract(read(TEXT.replace("澜川", "青川").encode(), "青川市2026.txt")), who="程砚秋")
    for path in tmp_path.glob("book.db-*"):
        path.unlink()
    other.replace(tmp_path / "book.db")
    for path in tmp_path.glob("other.db-*"):
        shutil.move(path, str(path).replace("other.db", "book.db"))
    form = {"f-value": "38", "reason": "识别错误", "why": "见原件", "ledger": found[1]}
    answer = editor.post(f"/n/{key}/correct", form)
    assert answer.status_code == 409
    said = words(answer.text)
    assert "账本文件已更换" in said and "刚才填写的内容" in said and "38" in said and "见原件" in said


def test_declining_without_a_word_brings_the_form_back(app: Front) -> None:
    reader, editor = signed(app, "读者"), signed(app, "编辑")
    number = proposed(reader, key_of(reader, "36公里"), "38")
    bare = editor.post(f"/proposals/{number}/decline", {"back": "/corrections?show=waiting", "why": ""})
    assert bare.status_code == 422 and f'action="/proposals/{number}/decline"' in bare.text
    assert 'id="retry-why"' in bare.text and 'href="/corrections?show=waiting"' in bare.text
