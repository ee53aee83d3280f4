"""Pages over the invented reports: what stands on them, their twins, and that they hold together without a script."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from asking import Client, key, words

from taizhang import extract, read
from taizhang.ledger import Ledger
from taizhang.model import Report
from taizhang.web.app import create_app
from taizhang.web.render import file_name, interface, when

PLACE = quote("澜川市")
PAGES = (
    "/", "/reports", "/reports?place=澜川市&year=2025", "/places/澜川市", "/outcomes", "/outcomes?show=waiting",
    "/outcomes?place=澜川市&year=2025", "/outcomes/澜川市/2025", "/outcomes/澜川市/2025?open={goal}&paper=a3",
    "/outcomes/澜川市/2024", "/outcomes/澜川市/2026",
    "/outcomes/澜川市/2025?verdict=missed", "/findings", "/findings?severity=error&code=sum.growth",
    "/findings?place=澜川市&year=2025",
    "/rules", "/rules/sum.growth", "/indicators", "/indicators?q=收入", "/indicators/生产总值",
    "/indicators/生产总值?places=澜川市&measure=growth&year_from=2024", "/search", "/search?q=粮食",
    "/search?q=粮食&where=statements", "/search?q=没有这样的话", "/corrections", "/corrections?show=unplaced",
    "/upload", "/account", "/help/keys",
    "/api", "/reports/{plan}", "/reports/{plan}?kind=target&show=doubt", "/reports/{page}",
    "/reports/{plan}?show=unclaimed", "/reports/{plan}/coverage", "/reports/{plan}/changes",
    "/reports/{plan}/new?start=100&end=110", "/n/{key}", "/n/{key}/card", "/reports/{plan}?s={id}",
)  # fmt: skip
TABLES = (
    "/reports", "/places/澜川市", "/outcomes", "/outcomes?show=waiting", "/outcomes/澜川市/2025",
    "/findings?place=澜川市&year=2025", "/rules", "/indicators",
    "/indicators/生产总值", "/search?q=粮食", "/corrections", "/reports/{plan}", "/reports/{plan}/coverage",
    "/reports/{plan}/changes",
)  # fmt: skip


@pytest.fixture
def known(reports: dict[str, Report]) -> dict[str, str]:
    last, plan, page = reports.values()
    name = key(plan, "固定资产投资", "growth")
    return {
        "plan": plan.document.id, "page": page.document.id, "last": last.document.id, "key": name, "id": name[17:],
        "goal": key(last, "固定资产投资", "growth", "target"),
    }  # fmt: skip


class Shape(HTMLParser):
    """The tags of a page, checked for balance; ids, links, and labels of fields."""

    VOID = frozenset(["meta", "link", "input", "br", "hr", "img", "col"])

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.titles: list[str] = []
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if "id" in given:
            self.ids.append(given["id"] or "")
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if tag == "label" and "for" in given:
            self.labelled.add(given["for"] or "")
        if tag in ("input", "select", "textarea") and given.get("type") != "hidden":
            self.fields.append({**given, "inside": "1" if "label" in self.open else None})
        self.inline += [name for name in given if name.startswith("on") or name == "style"]
        if tag == "h1":
            self.titles.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"


def shape(page: str) -> Shape:
    found = Shape()
    found.feed(page)
    found.close()
    assert not found.open, found.open
    return found


@pytest.mark.parametrize("lang", ["", "/en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole(client: Client, known: dict[str, str], path: str, lang: str) -> None:
    page = client.page(lang + path.format(**known))
    found = shape(page)
    assert len(found.ids) == len(set(found.ids)), sorted(i for i in found.ids if found.ids.count(i) > 1)
    assert not found.inline, found.inline
    if not path.endswith("/card"):
        assert len(found.titles) == 1
    for field in found.fields:
        assert field["inside"] or field.get("id") in found.labelled or field.get("aria-label"), field
    if path != "/api":
        assert not re.search(r"\b(None|Undefined)\b", words(page))
    for address in set(re.findall(r'(?:src|href)="(https?://[^"]+)"', page)):
        assert address.startswith("http://localhost"), address


def test_every_link_leads_somewhere(client: Client, known: dict[str, str]) -> None:
    seen: dict[str, set[str]] = {}
    for start in PAGES:
        page = client.page(start.format(**known))
        base = start.format(**known).split("?")[0]
        ids = set(shape(page).ids)
        for link in shape(page).links:
            if link.startswith("#"):
                assert link[1:] in ids, (start, link)
                continue
            parts = urlsplit(link)
            path = (parts.path or base) + (f"?{parts.query}" if parts.query else "")
            if len(seen) < 400 and path not in seen and not path.startswith("/n/"):
                answer = client.get(path)
                assert answer.status_code == 200, (start, link, answer.status_code)
                seen[path] = set(shape(answer.text).ids) if "html" in answer.headers["content-type"] else set()
            if parts.fragment and path in seen:
                assert parts.fragment in seen[path], (start, link)
    assert len(seen) > 100


@pytest.mark.parametrize(
    "path", [path for path in PAGES if not path.endswith(("/card", "keys", "/api")) and "new?" not in path]
)
def test_every_page_has_a_json_twin_that_both_languages_share(client: Client, known: dict[str, str], path: str) -> None:
    where, mark, query = path.format(**known).partition("?")
    twin = ("/index" if where == "/" else where) + ".json" + mark + query
    assert client.get(twin).headers["content-type"] == "application/json"
    assert client.json(twin)
    page = client.page(path.format(**known))
    assert 'type="application/json"' in page


@pytest.mark.parametrize("path", TABLES)
def test_every_table_has_a_csv_twin(client: Client, known: dict[str, str], path: str) -> None:
    where, mark, query = path.format(**known).partition("?")
    answer = client.get(where + ".csv" + mark + query)
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert all(len(row) == len(rows[0]) for row in rows)
    bare = client.get(where + ".csv?bom=0" + ("&" + query if query else ""))
    assert not bare.content.startswith(b"\xef\xbb\xbf")


def test_outcomes_show_target_answer_and_verdict_with_ways_to_both_places(
    client: Client, known: dict[str, str]
) -> None:
    page = client.page("/outcomes/澜川市/2025")
    row = re.search(rf'<tr id="o-{known["goal"][17:]}".*?</tr>', page, re.DOTALL)
    assert row is not None
    said = words(row[0])
    assert "固定资产投资" in said and "增长6%以上" in said and "增长3.8%" in said and "未达到" in said
    assert f"/reports/{known['last']}?s={known['goal'][17:]}#s-{known['goal'][17:]}" in row[0]
    assert f"/reports/{known['plan']}?s={known['id']}#s-{known['id']}" in row[0]
    assert "不等于未完成" in page
    made = client.json("/outcomes/澜川市/2025.json")
    assert made["total"] == sum(made["counts"].values()) == len(made["data"])


def test_the_fuller_of_two_reports_of_one_year_counts_and_the_other_is_named(client: Client) -> None:
    made = client.json("/outcomes/澜川市/2025.json")
    assert made["earlier"]["name"] == "lanchuan-2025-plan.txt"
    assert [twin["name"] for twin in made["twins"]] == ["lanchuan-2025-page.md"]


def test_a_number_has_a_permanent_page_with_citation_card_and_history(client: Client, known: dict[str, str]) -> None:
    page = words(client.page(f"/n/{known['key']}"))
    assert "固定资产投资" in page and "3.8%" in page and "GB/T 7714" in page and "[R/OL]" in page
    card = client.get(f"/n/{known['key']}/card")
    assert "frame-ancestors *" in card.headers["content-security-policy"]
    assert "x-frame-options" not in card.headers
    assert "frame-ancestors 'none'" in client.get("/").headers["content-security-policy"]
    text = client.get(f"/n/{known['key']}/cite.txt").text
    assert f"http://localhost/n/{known['key']}" in text
    assert client.get("/n/" + "0" * 16 + "-abc").status_code == 404


def test_an_empty_ledger_says_what_to_do_next(empty: Client) -> None:
    assert "录入第一份报告" in empty.page("/")
    assert "Add a first report" in empty.page("/en/")
    for path in ("/reports", "/findings", "/indicators", "/search?q=粮食", "/corrections"):
        assert 'class="empty"' in empty.page(path), path


def test_years_without_an_answering_report_say_what_is_missing(client: Client) -> None:
    assert "还缺回顾 2026 年的报告" in words(client.page("/outcomes/澜川市/2026"))
    assert "还缺安排 2024 年的报告" in words(client.page("/outcomes/澜川市/2024"))


def test_what_a_reader_typed_is_never_markup(client: Client) -> None:
    page = client.page("/search?q=" + quote('"><script>alert(1)</script>'))
    assert "<script>alert" not in page
    assert client.get("/places/" + quote("<b>x")).status_code == 404
    assert "<b>x" not in client.get("/places/" + quote("<b>x")).text


def test_an_answer_that_did_not_change_is_not_sent_again(client: Client, known: dict[str, str]) -> None:
    for path in ("/", "/index.json", "/reports.csv", f"/reports/{known['plan']}"):
        tag = client.get(path).headers["etag"]
        assert client.get(path, headers={"if-none-match": tag}).status_code == 304
    tag = client.get("/").headers["etag"]
    assert client.get("/en/").headers["etag"] != tag
    client.post(f"/n/{known['key']}/reject", {"reason": "识别错误"})
    assert client.get("/", headers={"if-none-match": tag}).status_code == 200


def test_a_chosen_look_is_kept_and_leads_nowhere_else(client: Client) -> None:
    assert "data-theme" not in client.page("/")
    answer = client.post("/theme", {"theme": "dark", "back": "/reports"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/reports")
    assert 'data-theme="dark"' in client.page("/reports")
    back = client.post("/theme", {"theme": "", "back": "//evil.example"})
    assert back.headers["location"] == "/"
    assert "max-age=0" in back.headers["set-cookie"].lower()


def test_head_answers_as_get_does_without_a_body(client: Client) -> None:
    answer = client.ask("HEAD", "/reports.json")
    assert answer.status_code == 200 and answer.content == b"" and "etag" in answer.headers


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/nope.json", 404, "not_found"),
        ("/reports/none.json", 404, "not_found"),
        ("/reports.json?year=abc", 400, "not_understood"),
        ("/reports.json?year=99999999999999999999", 400, "not_understood"),
        ("/outcomes/澜川市/1.json", 400, "not_understood"),
        ("/outcomes/没有/2025.json", 404, "not_found"),
        ("/rules/none.json", 404, "not_found"),
        ("/indicators/没有这个.json", 404, "not_found"),
        ("/jobs/none.json", 404, "not_found"),
        ("/_json/reports", 404, "not_found"),
        ("/_schema/openapi.json", 404, "not_found"),
    ],
)
def test_errors_have_one_shape_and_a_true_status(client: Client, path: str, status: int, code: str) -> None:
    answer = client.get(path, headers={"accept": "application/json"})
    assert answer.status_code == status
    body = answer.json()
    assert set(body) == {"error"}
    assert body["error"]["code"] == code
    assert body["error"]["message"] and body["error"]["message_en"]


def test_cells_that_a_spreadsheet_would_run_are_made_text() -> None:
    from taizhang.web.faces import _cell

    assert [_cell(value) for value in ("=1+1", "-3.2", "+5%", "@x", "增长", None, ("a", "=b"))] == [
        "'=1+1", "-3.2", "'+5%", "'@x", "增长", "", "a、'=b",
    ]  # fmt: skip


def test_what_was_undertaken_without_a_number_is_shown_with_both_places(client: Client) -> None:
    (found,) = client.json("/outcomes/澜川市/2025.json")["undertakings"]
    assert (found["thing"], found["heard"]) == ("澜槐高速", "named")
    shown = client.page("/outcomes/澜川市/2025")
    for passage in (found["said"], *found["passages"]):
        assert f'href="{passage["url"]}"' in shown and passage["text"] in words(shown)
    assert "凭据弱于数字" in shown and "澜槐高速" not in words(client.page("/outcomes/澜川市/2025?verdict=met"))


def test_every_word_of_the_interface_has_its_chinese(client: Client) -> None:
    """What is not in `interface.toml` would stand in English on the Chinese page."""
    told = interface()
    document = client.json("/openapi.json")
    missing = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            where = f"{method.upper()} {path.removesuffix('.json').removesuffix('.csv')}"
            missing += [where] if where not in told["operations"] else []
            missing += [
                each["name"] for each in operation.get("parameters", []) if each["name"] not in told["parameters"]
            ]
            missing += [status for status in operation["responses"] if status not in told["answers"]]
    missing += [name for name in document["components"]["schemas"] if name not in told["types"]]
    assert not missing
    shown = words(client.page("/api"))
    assert "If-None-Match" in shown and "no such thing" not in shown
    assert "Who one is here." in words(client.page("/en/api"))


def test_years_without_a_report_and_reports_without_a_place_are_seen_on_the_home_page(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    with Ledger.open(path, create=True) as ledger:
        for text, name in (
            ("保定市2021年政府工作报告\n一、2020年工作回顾\n生产总值增长3%。\n", "a.txt"),
            ("保定市2024年政府工作报告\n一、2023年工作回顾\n生产总值增长4%。\n", "b.txt"),
            ("河北省2024年政府工作报告\n一、2023年工作回顾\n生产总值增长5%。\n", "c.txt"),
            ("粮食总产量达到100万吨。\n", "d.txt"),
        ):
            ledger.enter(extract(read(text.encode(), name)), who="闻", why="建账")
    client = Client(create_app(str(path), user="闻"))
    page = client.page("/")
    shown = words(page)
    assert client.json("/index.json")["years"] == [2020, 2021, 2022, 2023]
    assert "地区不明 1 份报告" in shown
    assert shown.index("河北省") < shown.index("保定市"), "a place comes after the one it lies in"
    place = client.page("/places/保定市")
    assert "河北省 › 保定市" in words(place) and "2021、2022" in words(place)
    assert 'href="/places/%E6%B2%B3%E5%8C%97%E7%9C%81"' in place
    assert "保定市" in words(client.page("/places/河北省"))
    client.app.app.state.jobs.close()
    client.app.app.state.shelf.close()


def test_the_lists_of_outcomes_and_findings_count_what_is_known_and_say_what_is_not(client: Client) -> None:
    assert client.json("/outcomes.json")["data"][0]["counts"] is None
    assert "尚未核对" in words(client.page("/outcomes")) and "尚未核对" in words(client.page("/findings"))
    made = client.json("/outcomes/澜川市/2025.json")
    (line,) = client.json("/outcomes.json")["data"]
    assert (line["place"], line["year"], line["total"], line["counts"]) == (
        "澜川市",
        2025,
        made["total"],
        made["counts"],
    )
    assert words(client.page("/")).count("达到") >= 1
    whole = client.json("/findings.json")
    (there,) = whole["choices"]
    assert there["count"] == whole["total"] == sum(whole["counts"].values()) == len(made["findings"])
    none = client.json("/findings.json?severity=error&code=wording.dropped")
    assert [each["count"] for each in none["choices"]] == [0]
    assert "0 处" in words(client.page("/findings?severity=error&code=wording.dropped"))


def test_the_older_quote_of_a_finding_stands_first(client: Client) -> None:
    found = client.json("/outcomes/澜川市/2025.json")
    order = [found["earlier"]["id"], found["later"]["id"]]
    for item in found["findings"]:
        sides = [order.index(side["report"]) for side in item["sides"]]
        assert sides == sorted(sides), item["zh"]


def test_a_row_is_open_again_where_the_address_says_so(client: Client, known: dict[str, str]) -> None:
    row = f'data-row="{known["goal"][17:]}"'
    assert f"{row}>" in client.page("/outcomes/澜川市/2025")
    assert f"{row} open>" in client.page(f"/outcomes/澜川市/2025?open={known['goal'][17:]}")
    assert f"{row} open>" in client.page("/outcomes/澜川市/2025?paper=a3")


def test_a_filter_says_what_it_leaves_out(client: Client) -> None:
    shown = words(client.page("/outcomes/澜川市/2025?verdict=missed"))
    assert "筛选：未达到，" in shown and "未列出" in shown and "不等于未完成" not in shown
    assert "不等于未完成" in words(client.page("/outcomes/澜川市/2025?verdict=unreported"))


def test_times_are_those_of_the_clocks_of_readers() -> None:
    assert when("2026-01-15T16:05:09.25Z") == "2026-01-16 00:05"
    assert when("2026-01-15T16:05:09+00:00", "second") == "2026-01-16 00:05:09"
    assert when("2026-01-15T15:59:59", "day") == "2026-01-15"


def test_folders_of_a_file_are_nobody_s_business() -> None:
    assert [file_name(name) for name in ("/a/b/报告.txt", "C:\\a\\报告.txt", "报告.txt")] == ["报告.txt"] * 3


def test_a_place_and_a_year_in_a_search_are_understood(client: Client) -> None:
    asked = client.json("/search.json?q=澜川 粮食 2025")
    assert asked["understood"] == {"place": "澜川市", "year": "2025"} and asked["looked"] == "粮食"
    assert asked["total"] > 0 and {hit["place"] for hit in asked["data"]} == {"澜川市"}
    assert all("粮食" in hit["text"] for hit in asked["data"])
    page = client.page("/search?q=澜川 粮食 2025")
    assert "<mark>粮食</mark>" in page and "/outcomes/" in page and "只按字面查找" in page
    assert client.json("/search.json?q=澜川 粮食 2025&literal=1")["total"] == 0
    # What a filter says already, and a place or a year alone, are words like others.
    assert client.json("/search.json?q=澜川市")["understood"] == {}
    assert client.json("/search.json?q=粮食 2025&year=2024")["understood"] == {}
    assert client.json("/search.json?q=粮食 2025年")["understood"] == {"year": "2025"}
    assert client.json("/search.json?q=粮食 105")["understood"] == {}


def test_nothing_found_leads_to_what_is_like_it(client: Client) -> None:
    found = client.json("/search.json?q=粮食总产值")
    assert found["total"] == 0 and any("粮食" in each["indicator"] for each in found["nearest"])
    assert "相近的指标" in client.page("/search?q=粮食总产值")


def test_an_address_of_a_statement_that_does_not_count_leads_on(client: Client, known: dict[str, str]) -> None:
    report, id = known["plan"], known["id"]
    statements = client.json(f"/reports/{report}.json")["statements"]
    at = next(n for n, each in enumerate(statements) if each["key"] == known["key"])
    other = statements[at + 1]["key"]
    merged = {"with": other, "reason": "识别错误", "why": "同一项", "back": "/"}
    assert client.post(f"/n/{known['key']}/merge", merged).status_code == 303
    for gone in (id, other[17:]):
        made = client.json(f"/reports/{report}.json?s={gone}")
        if made["chosen"]:
            continue
        assert made["was"]["standing"] == "merged" and len(made["into"]) == 1
        page = client.page(f"/reports/{report}?s={gone}")
        assert "现在不计入" in page and "原处现为" in page and f"s={made['into'][0]['key'][17:]}" in page
        assert "看原文此处" in page
        break
    else:
        raise AssertionError("nothing is gone")
    assert "没有编号为“zzz”的指标" in client.page(f"/reports/{report}?s=zzz")
    assert 'href="#inspector"' in client.page(f"/reports/{report}")
