"""Changes over REST: nobody overwrites unseen, what is wrong is named, and odd words never make a fault."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from asking import Client, key

from taizhang.model import Report


@pytest.fixture
def name(reports: dict[str, Report]) -> str:
    return key(reports["lanchuan-2026-plan.txt"], "固定资产投资", "growth")


def sent(client: Client, path: str, body: dict[str, Any], **headers: str) -> tuple[int, dict[str, Any]]:
    answer = client.ask("POST", path, json=body, headers=headers)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("deed", "body"),
    [
        ("correct", {"fields": {"value": 6.8}}),
        ("reject", {}),
        ("split", {"parts": [{"value": 1}, {"value": 2}]}),
        ("link", {"verdict": "met"}),
    ],
)
def test_a_change_names_the_version_that_was_looked_at(
    client: Client, name: str, deed: str, body: dict[str, Any]
) -> None:
    path, body = f"/n/{name}/{deed}.json", {**body, "why": "核对原件"}
    status, told = sent(client, path, body)
    assert (status, told["error"]["code"], list(told["error"]["fields"])) == (428, "version_needed", ["seen"])
    shown = client.get(f"/n/{name}.json")
    tag = shown.headers["etag"]
    assert tag.startswith(f'"{shown.json()["version"]}-')
    for wrong in ('W/"zzz"', '"999999-abc"', '"none"'):
        assert sent(client, path, body, **{"if-match": wrong})[0] == 412
    assert sent(client, path, {**body, "seen": 999999})[0] == 409
    assert sent(client, path, body, **{"if-match": f'"other", {tag}'})[0] == 201
    assert sent(client, path, body, **{"if-match": tag})[0] == 412
    assert client.get(f"/n/{name}.json").headers["etag"] != tag


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"unit": "米" * 21}, "unit"),
        ({"indicator": "长" * 201}, "indicator"),
        ({"indicator": "\0a"}, "indicator"),
        ({"place": "澜川\u2028市"}, "place"),
        ({"period": "2099-99"}, "period"),
        ({"period": "2025-02-30"}, "period"),
        ({"period": "2026/2025"}, "period"),
        ({"value": "三成"}, "value"),
        ({"value": None}, "value"),
        ({"value_max": 1}, "value_max"),
        ({"kind": "wish"}, "kind"),
    ],
)
def test_a_field_that_cannot_be_is_named(client: Client, name: str, fields: dict[str, Any], wrong: str) -> None:
    seen = client.json(f"/n/{name}.json")["version"]
    status, told = sent(client, f"/n/{name}/correct.json", {"fields": fields, "why": "试", "seen": seen})
    assert status == 400
    assert list(told["error"]["fields"]) == [wrong]
    assert wrong not in told["error"]["message"].replace(str(fields[wrong]), "")


@pytest.mark.parametrize(
    ("given", "value"),
    [("1.27亿", 127000000), ("12,700万", 127000000), ("３.８", 3.8), ("1e3", 1000), (5, 5), ("-0.5", -0.5)],
)
def test_values_may_be_written_as_reports_write_them(client: Client, name: str, given: Any, value: float) -> None:
    seen = client.json(f"/n/{name}.json")["version"]
    body = {"fields": {"value": given, "unit": "元"}, "why": "试", "seen": seen}
    assert sent(client, f"/n/{name}/correct.json", body)[0] == 201
    assert client.json(f"/n/{name}.json")["number"]["value"] == value


@pytest.mark.parametrize("kind", ["text/plain", "image/png", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken_for_json(client: Client, name: str, kind: str) -> None:
    headers = {"content-type": kind} if kind else {}
    answer = client.ask("POST", f"/n/{name}/reject.json", content=b'{"why": "x", "seen": 1}', headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "content_type")


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("/reports.json?page=0", "page"),
        ("/reports.json?year=abc", "year"),
        ("/search.json?page=x", "page"),
        ("/findings.json?place=x&year=2025&severity=zzz", "severity"),
        ("/corrections.json?show=zzz", "show"),
    ],
)
def test_a_wrong_parameter_is_named_in_chinese(client: Client, path: str, wrong: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    told = answer.json()["error"]
    assert list(told["fields"]) == [wrong]
    for each in (told["message"].replace(f"“{wrong}”", ""), told["fields"][wrong]):
        assert not any(sign.isascii() and sign.isalpha() for sign in each.replace("zzz", "")), each


ODD = ('"', "😀", "%", "—", "\0", "'", "\\", "*", "a\0b", "\ud83d", "\u202e", '粮食"', "𠮷", "../..", "x" * 300)
ASKED = (
    "/search", "/search.json", "/search.csv", "/indicators", "/indicators.json", "/reports", "/reports.json", "/tasks",
    "/findings", "/corrections", "/places/{}", "/places/{}.json", "/indicators/{}", "/indicators/{}.json", "/n/{}.json",
    "/n/{}", "/reports/{}", "/reports/{}.json", "/outcomes/{}/2025", "/rules/{}", "/jobs/{}", "/findings/{}/{}",
)  # fmt: skip


@pytest.mark.parametrize("path", ASKED)
def test_odd_words_make_no_fault(client: Client, path: str) -> None:
    for odd in ODD:
        said = quote(odd.encode("utf-8", "surrogatepass"), safe="")
        where = path.format(said, said)
        if "{}" not in path:
            where += f"?q={said}&place={said}&unit={said}&report={said}&kind={said}"
        answer = client.get(where)
        assert answer.status_code < 500, (where, answer.status_code)
    if path.startswith("/search"):
        for odd in ('"', "😀", "%", "—"):
            assert client.get(f"{path}?q={quote(odd)}").status_code == 200


def test_what_is_no_page_has_a_tag_too(client: Client) -> None:
    for path in ("/openapi.json", "/static/site.css"):
        tag = client.get(path).headers["etag"]
        assert client.get(path, headers={"if-none-match": tag}).status_code == 304


def test_a_report_is_retracted_with_a_reason_and_comes_back(client: Client, reports: dict[str, Report]) -> None:
    report = reports["lanchuan-2025-page.md"].document.id
    assert "撤回这份报告" in client.page(f"/reports/{report}")
    bare = client.post(f"/reports/{report}/retract", {"back": "/reports"})
    assert bare.status_code == 422 and "请写明理由" in bare.text
    done = client.post(f"/reports/{report}/retract", {"why": "不是报告", "back": "/reports"})
    assert done.status_code == 303
    assert client.get(f"/reports/{report}.json").status_code == 404
    event = done.headers["location"].split("done=")[1]
    assert client.post(f"/events/{event}/undo", {"why": "是报告", "back": "/"}).status_code == 303
    assert client.get(f"/reports/{report}.json").status_code == 200
