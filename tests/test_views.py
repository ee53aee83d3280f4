"""The faces of a report: the same values in each, the text unaltered, and nothing that acts on its reader."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from html.parser import HTMLParser

import msgspec
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.extract import extract
from taizhang.model import (
    Block,
    Claim,
    Commitment,
    Document,
    Evidence,
    Finding,
    Frame,
    Heading,
    Hole,
    Report,
    Sentence,
    Source,
    Span,
    Statement,
)
from taizhang.read import read
from taizhang.read.plain import line_starts
from taizhang.views import FACES, Options, commitment_record, page, record, report_record, words
from taizhang.views import table as terminal
from taizhang.views.record import encode
from taizhang.views.remark import remark
from taizhang.views.search import occurrences, sentences_at, unaccounted

TEXT = (
    "\ufeff云溪市2031年计划报告\r\n"
    "一、上年回顾\r\n"
    "  𬭎江镇生产总值3.2亿元，增长5.2%；<b>AT&T</b>投资“=1+1”项目27个。\r"
    "二、今年安排\n"
    "确保新建公路10—15公里，5G基站5座。\n"
)


def span(words: str, nth: int = 0) -> Span:
    start = [match.start() for match in re.finditer(re.escape(words), TEXT)][nth]
    return Span(start, start + len(words))


def statement(name: str, quantity: str, value: str, unit: str, **more: object) -> Statement:
    fields: dict[str, object] = {
        "id": name, "span": span(quantity), "text": quantity, "indicator": "指标" + name, "kind": "actual",
        "measure": "level", "value": Decimal(value), "value_max": None, "unit": unit, "comparator": "eq",
        "period": "2030", "place": "云溪市", "decimals": 0, "scale": 0, "sentence": 0,
    }  # fmt: skip
    return Statement(**(fields | more))  # type: ignore[arg-type]


def hand_made() -> Report:
    """A report with a bit of everything: overlapping statements, a torn commitment, a hole, dangerous words."""
    first, second = (
        span("𬭎江镇生产总值3.2亿元，增长5.2%；<b>AT&T</b>投资“=1+1”项目27个。"),
        span("确保新建公路10—15公里，5G基站5座。"),
    )
    middle = span("二、今年安排").start
    frame = Frame(
        title="云溪市2031年计划报告", title_span=span("云溪市2031年计划报告"), place="云溪市", kind="plan",
        year_reviewed="2030", year_planned="2031", articles=(), joins=(),
        holes=(Hole(middle, middle + 1, "此处缺少一段", "Text missing here"),),
        headings=(
            Heading(span("一、上年回顾"), 1, "一", "上年回顾", "review", None),
            Heading(span("二、今年安排"), 1, "二", "今年安排", "plan", None),
        ),
        blocks=(
            Block(0, middle, "review", "year", "2030", "title"),
            Block(middle, len(TEXT), "plan", "year", "2031", "title"),
        ),
        sentences=(
            Sentence(first, 0, 0, 0, (0,), None),
            Sentence(second, 0, 0, 1, (1,), None),
        ),
        findings=(Finding("torn", "warning", "有<一>处断句", "one & only tear"),),
    )  # fmt: skip
    evidence = (Evidence("indicator", "written", "own-words", (span("生产总值"),)),)
    return Report(
        document=Document("id", TEXT, Source("0" * 64, "报告/甲.txt", "text/plain", "utf-8"), line_starts(TEXT)),
        frame=frame,
        statements=(
            statement("a", "3.2亿元", "320000000", "元", decimals=1, scale=8, evidence=evidence),
            statement("b", "5.2%", "5.2", "%", measure="growth"),
            statement("c", "27个", "27", "个", indicator="=HYPERLINK(1)", comparator="ge"),
            statement("d", "个。", "66.6667", "%", kind="context", period=None, place=None, indicator=None),
            statement("e", "10—15公里", "10", "公里", value_max=Decimal(15), kind="target", period="2031", sentence=1),
        ),
        commitments=(
            Commitment(
                "p", second, TEXT[second.start : second.end], False, "二", None, "firm", "2031",
                ("交通局", "住建局"), True, ("e",), (span("确保新建公路"), span("5G基站5座。")),
            ),
            Commitment(
                "q", first, TEXT[first.start : first.end], True, "一", "项目", None, "2030", (), False, ("a", "b")
            ),
        ),
        coverage=(Claim(*_pair(span("2031年")), "date", "year"), Claim(*_pair(span("5G")), "name", "names/5g")),
        findings=(),
    )  # fmt: skip


def _pair(of: Span) -> tuple[int, int]:
    return of.start, of.end


REPORT = hand_made()


def test_records_have_the_fields_of_the_labelling_guide() -> None:
    row = json.loads(encode(record(REPORT.statements[0], "甲.txt")))
    assert row == {
        "document": "甲.txt", "id": "a", "start": span("3.2亿元").start, "end": span("3.2亿元").end, "text": "3.2亿元",
        "indicator": "指标a", "kind": "actual", "measure": "level", "value": 320000000, "value_max": None, "unit": "元",
        "comparator": "eq", "period": "2030", "place": "云溪市", "confidence": 1.0,
    }  # fmt: skip
    assert isinstance(row["value"], int)
    promise = json.loads(encode(commitment_record(REPORT.commitments[0], "甲.txt")))
    assert (promise["done"], promise["strength"], promise["units"]) == (False, "firm", ["交通局", "住建局"])
    assert [TEXT[start:end] for start, end in promise["pieces"]] == ["确保新建公路", "5G基站5座。"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("1.27E+8", "127000000"), ("127000000.00", "127000000"), ("66.66670", "66.6667"), ("-3.20", "-3.2"),
        ("0", "0"), ("0.0010", "0.001"), ("123456789012345678", "123456789012345678"),
    ],
)  # fmt: skip
def test_values_are_written_digit_for_digit(value: str, written: str) -> None:
    row = record(msgspec.structs.replace(REPORT.statements[0], value=Decimal(value)), "x")
    assert f'"value":{written},' in encode(row).decode()


def test_the_report_record_holds_everything() -> None:
    row = json.loads(encode(report_record(REPORT)))
    assert row["file"] == "报告/甲.txt"
    assert {key: row["document"][key] for key in ("place", "kind", "year_reviewed", "year_planned")} == {
        "place": "云溪市", "kind": "plan", "year_reviewed": "2030", "year_planned": "2031",
    }  # fmt: skip
    assert [block["part"] for block in row["blocks"]] == ["review", "plan"]
    assert row["blocks"][0]["start"] == 0 and row["blocks"][-1]["end"] == len(TEXT)
    assert row["statements"][0]["evidence"][0]["spans"] == [[*_pair(span("生产总值"))]]
    assert row["coverage"][1]["text"] == "5G"
    assert row["findings"][0]["code"] == "torn"
    assert encode(report_record(REPORT)).count(b"\n") == 1


@pytest.mark.parametrize(
    ("more", "written"),
    [
        ({"value": Decimal(127000000), "scale": 8, "unit": "吨"}, "1.27亿吨"),
        ({"value": Decimal(5550000), "scale": 4, "unit": "千瓦"}, "555万千瓦"),
        ({"value": Decimal(40000), "value_max": Decimal(50000), "scale": 4, "unit": "亩"}, "4—5万亩"),
        ({"value": Decimal(1234567), "unit": "人"}, "1,234,567人"),
        ({"value": Decimal(42172), "unit": "元"}, "42172元"),
        ({"value": Decimal("-3.2"), "unit": "%"}, "-3.2%"),
        ({"value": Decimal(6), "measure": "rank", "unit": "位"}, "第6位"),
        ({"value": Decimal("8.6"), "unit": "比"}, "8.6"),
        ({"value": Decimal(35000), "scale": 3, "unit": "元"}, "35千元"),
    ],
)
def test_amounts_are_shown_with_the_multiplier_as_written(more: dict[str, object], written: str) -> None:
    assert words.amount(msgspec.structs.replace(REPORT.statements[0], **({"scale": 0} | more))) == written


def rendered(face: str, *reports: Report, **options: object) -> bytes:
    chosen = Options(**options)  # type: ignore[arg-type]
    stream = io.BytesIO()
    writer = FACES[face].writer(stream, chosen)
    for report in reports:
        writer.write(FACES[face].render(report, chosen))
    writer.close()
    return stream.getvalue()


def test_json_lines_are_one_a_row() -> None:
    lines = rendered("jsonl", REPORT, REPORT).decode().splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["a", "b", "c", "d", "e"] * 2
    assert [json.loads(line)["id"] for line in rendered("jsonl", REPORT, commitments=True).splitlines()] == ["p", "q"]
    assert len(rendered("json", REPORT, REPORT).splitlines()) == 2


def test_csv_opens_in_excel_and_comes_back() -> None:
    data = rendered("csv", REPORT)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [row["数值"] for row in rows] == ["320000000", "5.2", "27", "66.6667", "10"]
    assert [row["数值上限"] for row in rows] == ["", "", "", "", "15"]
    assert rows[0]["文件"] == "报告/甲.txt" and rows[0]["章节"] == "一、上年回顾" and rows[0]["行"] == "3"
    assert (rows[4]["类别"], rows[4]["比较"]) == ("目标", "等于")
    for report, row in zip(REPORT.statements, rows, strict=True):
        assert (int(row["起"]), int(row["止"])) == (report.span.start, report.span.end)
    english = rendered("csv", REPORT, lang="en").decode("utf-8-sig").splitlines()[0]
    assert english.startswith("document,indicator,as written,value")


def test_no_cell_of_a_csv_is_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(rendered("csv", REPORT).decode("utf-8-sig"), newline="")))
    assert rows[3][1] == "'=HYPERLINK(1)"
    fall = msgspec.structs.replace(REPORT.statements[1], text="-3.2%", value=Decimal("-3.2"))
    trick = msgspec.structs.replace(fall, text="-2+3+cmd|' /C calc'!A0")
    report = msgspec.structs.replace(REPORT, statements=(fall, trick))
    rows = list(csv.reader(io.StringIO(rendered("csv", report).decode("utf-8-sig"), newline="")))
    assert (rows[1][2], rows[1][3]) == ("-3.2%", "-3.2")
    assert rows[2][2].startswith("'-2+3")


def test_the_workbook_has_numbers_as_numbers_and_text_as_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(rendered("xlsx", REPORT, REPORT)))
    assert book.sheetnames == ["指标", "承诺", "未采用的数字", "说明"]
    sheet = book["指标"]
    heads = [cell.value for cell in sheet[1]]
    rows = [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert len(rows) == 10
    assert [row["数值"] for row in rows[:5]] == [320000000, 5.2, 27, 66.6667, 10]
    assert [row["数值上限"] for row in rows[:5]] == [None, None, None, None, 15]
    assert rows[3]["指标"] is None and rows[3]["期间"] is None
    formula = sheet.cell(4, heads.index("指标") + 1)
    assert (formula.value, formula.data_type) == ("=HYPERLINK(1)", "s")
    assert sheet.freeze_panes == "C2" and sheet.auto_filter.ref == "A1:R11"
    assert book["承诺"].cell(2, 7).value == "交通局、住建局"
    assert "5G" in str(book["未采用的数字"].cell(3, 4).value)
    assert book["说明"].cell(2, 3).value == "云溪市"
    english = openpyxl.load_workbook(io.BytesIO(rendered("xlsx", REPORT, lang="en")))
    assert english.sheetnames == ["Statements", "Commitments", "Numbers not claimed", "Notes"]


def test_a_sheet_that_is_full_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("taizhang.views.sheet._LAST_ROW", 7)
    book = openpyxl.load_workbook(io.BytesIO(rendered("xlsx", REPORT, REPORT)))
    assert book.sheetnames == ["指标", "承诺", "未采用的数字", "说明", "指标 2"] or "指标 2" in book.sheetnames
    assert [book[name].max_row for name in ("指标", "指标 2")] == [8, 4]
    assert book["指标 2"]["D2"].value == 27


TABLE = """\
云溪市2031年计划报告  报告/甲.txt
云溪市 · 国民经济和社会发展计划报告 · 回顾 2030 · 安排 2031
指标 5 · 承诺 1 · 成绩 1 · 未采用的数字 2
▲ 有<一>处断句
指标                                数值  比较    期间       类别       地区
────────────────────────────────────────────────────────────────────────────────
一、上年回顾  [回顾 2030]
  指标a                          3.2亿元          2030       实际       云溪市
  指标b                             5.2%          2030       实际·增速  云溪市
  =HYPERLINK(1)                     27个  不低于  2030       实际       云溪市
  —                             66.6667%          —          背景       —

二、今年安排  [安排 2031]
  指标e                        10—15公里          2031       目标       云溪市

"""


def test_the_table_at_eighty_columns() -> None:
    assert rendered("table", REPORT, width=80).decode() == TABLE


@pytest.mark.parametrize("width", [70, 80, 100, 120, 160])
@pytest.mark.parametrize("options", [{}, {"commitments": True}, {"lang": "en"}, {"lang": "en", "commitments": True}])
def test_no_line_of_a_table_is_wider_than_the_terminal(width: int, options: dict[str, object]) -> None:
    from rich.cells import cell_len

    lines = rendered("table", REPORT, width=width, **options).decode().splitlines()
    assert max(cell_len(line) for line in lines) <= width


def test_a_table_obeys_no_control_character_of_a_report() -> None:
    evil = msgspec.structs.replace(REPORT.statements[0], indicator="\x1b[31m红\x07[bold]")
    shown = rendered("table", msgspec.structs.replace(REPORT, statements=(evil,)), width=80).decode()
    assert "\x1b" not in shown and "\x07" not in shown and "[bold]" in shown


@pytest.mark.parametrize(
    ("value", "measure", "comparator", "zh", "en"),
    [
        ("-3", "growth", "ge", "至少降", "falls at least"),  # 下降3%以上
        ("-50000", "change", "le", "至多降", "falls at most"),  # 减少5万人以内
        ("3", "growth", "ge", "不低于", "at least"),
        ("-3", "level", "le", "不超过", "at most"),  # a temperature or a balance
    ],
)
def test_a_bounded_fall_is_not_shown_as_its_opposite(
    value: str, measure: str, comparator: str, zh: str, en: str
) -> None:
    one = msgspec.structs.replace(
        REPORT.statements[0],
        value=Decimal(value), value_max=None, measure=measure, comparator=comparator,
    )  # fmt: skip
    assert (words.comparator(one, "zh"), words.comparator(one, "en")) == (zh, en)
    report = msgspec.structs.replace(REPORT, statements=(one,))
    for form in ("table", "csv", "html"):
        assert zh in rendered(form, report, width=120).decode()


def doubtful() -> Report:
    sure = dict(zip(("a", "b", "c"), (0.95, 0.4, 0.69), strict=True))
    return msgspec.structs.replace(
        REPORT,
        statements=tuple(
            msgspec.structs.replace(one, confidence=sure.get(one.id, one.confidence)) for one in REPORT.statements
        ),
    )


def test_a_table_marks_what_is_doubtful_by_a_shape() -> None:
    shown = rendered("table", doubtful(), width=80).decode()
    assert "？ 存疑 2 条" in shown
    assert [line.split()[0] for line in shown.splitlines() if "？" in line][1:] == ["？指标b", "？=HYPERLINK(1)"]
    assert "？" not in rendered("table", REPORT, width=80).decode()
    assert "2 doubtful" in rendered("table", doubtful(), width=80, lang="en").decode()


def test_only_the_doubtful_come_where_that_is_asked_for() -> None:
    lines = rendered("table", doubtful(), width=100, doubtful=True).decode().splitlines()
    rows = [line.split()[0] for line in lines[lines.index("─" * 100) + 1 :] if line]
    assert rows == ["？指标b", "？=HYPERLINK(1)"]
    sure = [json.loads(line)["confidence"] for line in rendered("jsonl", doubtful(), doubtful=True).splitlines()]
    assert sure == [0.4, 0.69]
    assert [json.loads(line)["id"] for line in rendered("jsonl", doubtful()).splitlines()] == list("abcde")
    table = list(csv.DictReader(io.StringIO(rendered("csv", doubtful(), doubtful=True).decode("utf-8-sig"))))
    assert [row["把握"] for row in table] == ["0.4", "0.69"]
    book = openpyxl.load_workbook(io.BytesIO(rendered("xlsx", doubtful(), doubtful=True)))
    assert [book["指标"].cell(row, 12).value for row in (2, 3, 4)] == [0.4, 0.69, None]
    assert "没有存疑的指标" in rendered("table", REPORT, width=100, doubtful=True).decode()


def test_the_page_marks_what_is_doubtful_and_can_show_only_that() -> None:
    seen = _Page(page.render(doubtful(), "zh"))
    assert seen.text == TEXT, "the sign is drawn, not written into the text"
    marked = [attrs["id"] for tag, attrs in seen.tags if tag == "tr" and "doubt" in (attrs.get("class") or "").split()]
    assert marked == ["s1", "s2"]
    assert "only-doubt" in {attrs.get("id") for tag, attrs in seen.tags if tag == "input"}


class _Page(HTMLParser):
    """What a browser would see of the text: its characters, and those under each mark."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.marks: dict[str, str] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._stack: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "input", "br"}:
            self._stack.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._stack.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if not any("t" in (attrs.get("class") or "").split() for _, attrs in self._stack):
            return
        self.text += data
        for _, attrs in self._stack:
            for to in (attrs.get("data-to") or "").split():
                self.marks[to] = self.marks.get(to, "") + data


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_the_text_whole_and_marks_the_very_characters(lang: words.Lang) -> None:
    seen = _Page(page.render(REPORT, lang))
    assert seen.text == TEXT
    for index, item in enumerate(REPORT.statements):
        assert seen.marks[f"s{index}"] == TEXT[item.span.start : item.span.end]
    for index, claim in enumerate(REPORT.coverage):
        assert seen.marks[f"u{index}"] == TEXT[claim.start : claim.end]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_text_and_any_spans_survive_the_page(data: st.DataObject) -> None:
    text = data.draw(
        st.text(alphabet="一二5%<>&\"'；\r\n 　𬭎#*", min_size=2, max_size=60).filter(lambda t: not t.isspace())
    )
    spans = data.draw(
        st.lists(
            st.tuples(st.integers(0, len(text) - 1), st.integers(1, 9)).map(
                lambda pair: Span(pair[0], min(pair[0] + pair[1], len(text)))
            ),
            max_size=6,
        )
    )
    report = msgspec.structs.replace(
        REPORT,
        document=Document("i", text, REPORT.document.source, line_starts(text)),
        frame=msgspec.structs.replace(
            REPORT.frame, headings=(), sentences=(), holes=(), blocks=(Block(0, len(text), "review", None, None, ""),)
        ),
        statements=tuple(msgspec.structs.replace(REPORT.statements[0], span=item, evidence=()) for item in spans),
        commitments=(),
        coverage=(),
    )
    seen = _Page(page.render(report, "zh"))
    assert seen.text == text
    assert [seen.marks[f"s{index}"] for index in range(len(spans))] == [text[item.start : item.end] for item in spans]


_TABLES = {
    "csv": "指标,单位,2030年,2031年\r\n生产总值,亿元,862.5,增长6%左右\r\n粮食产量,万吨,,48.2\r\n",
    "blanks": "前文。\n    指标            产量（万吨）    比上年增长（%）\n  粮食             45.2        1.1\n\n"
    "    #稻谷           30.6       -0.4\n  油料              3.0       -2.0\n后文。\n",
    "markdown": "| 指标 | 增长 |\n| --- | ---: |\n| 粮食 | 1.2% |\n后文",
    "tags": '前<table><tr><th rowspan="2">指标</th><th colspan="2">2030年</th></tr><tr><td>总量</td><td>增长</td></tr>'
    "<tr><td>粮食</td><td>48.2</td><td>1.2%</td></tr></table>后\n",
}


@pytest.mark.parametrize("form", _TABLES)
def test_a_table_is_shown_as_one_and_the_text_stays_whole(form: str) -> None:
    text = _TABLES[form]
    report = extract(read(f"云溪市2031年计划报告\n{text}".encode()))
    (table,) = report.document.tables
    html = page.render(report, "zh")
    seen = _Page(html)
    assert seen.text == report.document.text
    for index, item in enumerate(report.statements):
        assert seen.marks[f"s{index}"] == item.text
    shown = html[html.index('<div class="grid"') : html.index("</table></div>")]
    rows = re.findall("<tr>(.*?)</tr>", shown, re.S)
    cells = [re.sub("<[^>]*>", "", cell) for cell in re.findall('<t[dh] class="t[^>]*>(.*?)(?=</t[dh]>)', shown, re.S)]
    # What parts two cells stands at the end of the first.
    inner = [report.document.slice(cell.span) for cell in table.cells]
    assert len(cells) == len(inner) and all(word in cell for word, cell in zip(inner, cells, strict=True))
    widths = {
        sum(int(wide or 1) for wide in re.findall(r'<t[dh](?:>| [^>]*?(?:colspan="(\d+)")?[^>]*>)', row))
        for row in rows
    }
    assert form == "tags" or widths == {len({cell.column for cell in table.cells})}


def test_a_page_without_a_title_is_called_by_its_file() -> None:
    report = extract(read("指标,单位,2030年\n粮食,万吨,48.2\n油料,万吨,3.1\n".encode(), "/srv/reports/表.csv"))
    assert '<h1 lang="zh-Hans">表.csv</h1>' in page.render(report, "zh")


def test_what_the_page_says_of_its_publication_is_shown_and_recorded() -> None:
    body = "<p>2030年，全市生产总值完成862.5亿元，增长5.6%。</p>" * 3
    html = f"<html><title>云溪市2030年统计公报</title><div>发布时间：2031-01-18　来源：云溪日报</div>{body}</html>"
    report = extract(read(html.encode(), "公报.html"))
    assert "发布 2031-01-18 · 来源 云溪日报" in terminal.render(
        report, "zh", commitments=False, width=100, colour=False
    )
    said = report_record(report)["document"]
    assert (said["stated_title"], said["published"], said["publisher"]) == (
        "云溪市2030年统计公报", "2031-01-18", "云溪日报",
    )  # fmt: skip


def test_a_long_finding_is_not_wrapped_behind_its_mark() -> None:
    finding = Finding("x", "info", "很长的一句话没有空格可以换行" * 12, "long")
    report = msgspec.structs.replace(REPORT, findings=(finding,))
    shown = terminal.render(report, "zh", commitments=False, width=80, colour=False)
    assert "· 很长的一句话" in shown and all(line != "·" for line in shown.splitlines())


def test_nothing_in_a_report_is_markup() -> None:
    html = page.render(REPORT, "zh")
    assert "&lt;b&gt;AT&amp;T&lt;/b&gt;投资“=1+1”项目" in html
    assert "有&lt;一&gt;处断句" in html and "one &amp; only tear" in html
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'"
    report = msgspec.structs.replace(
        REPORT,
        frame=msgspec.structs.replace(REPORT.frame, title=evil, place=evil),
        statements=(msgspec.structs.replace(REPORT.statements[0], indicator=evil, unit=evil, place=evil, period=evil),),
        commitments=(msgspec.structs.replace(REPORT.commitments[0], task=evil, units=(evil,), text=evil),),
        coverage=(Claim(*_pair(span("5G")), evil, evil),),
    )
    seen = _Page(page.render(report, "zh"))
    assert [tag for tag, _ in seen.tags].count("script") == 1
    assert not any(name.startswith("on") for _, attrs in seen.tags for name in attrs)
    assert "img" not in {tag for tag, _ in seen.tags}


def test_the_page_needs_nothing_else_and_allows_only_itself() -> None:
    html = page.render(REPORT, "zh")
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", html)
    assert "default-src 'none'" in html
    seen = _Page(html)
    ids = [attrs["id"] for _, attrs in seen.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    links = {(attrs.get("href") or "#text")[1:] for tag, attrs in seen.tags if tag == "a"}
    assert links <= set(ids), "each mark leads to its row and back"
    assert [tag for tag, _ in seen.tags].count("h1") == 1


def test_every_word_is_there_in_both_languages() -> None:
    tables = [
        words.KINDS, words.MEASURES, words.STRENGTHS, words.PARTS, words.REPORT_KINDS, words.ORIGINS, words.SEVERITIES,
        words.FIELDS,
    ]  # fmt: skip
    assert all(zh and en for table in tables for zh, en in table.values())


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("春天来了，花都开了。", "没有找到任何数字", "no number"),
        ("联系电话：0351-5550100。", "没有一个是指标", "none of them"),
    ],
)
def test_a_report_that_yields_nothing_says_why(text: str, zh: str, en: str) -> None:
    said = remark(extract(read(text.encode())))
    assert said is not None and zh in said[0] and en in said[1]
    assert remark(REPORT) is None


def test_figures_of_what_is_no_report_are_shown_with_a_warning() -> None:
    said = remark(extract(read("# tool\n\nIt prints 12 rows.\n\n全县生产总值增长5%。\n".encode())))
    assert said is not None and "看来不是报告" in said[0] and "does not look like a report" in said[1]


def test_words_are_found_however_they_are_written() -> None:
    assert occurrences(REPORT, "3.2亿元") == (span("3.2亿元"),)
    assert occurrences(REPORT, "３.２億元") == (span("3.2亿元"),)
    assert occurrences(REPORT, "320,000,000") == (span("3.2亿元"),)
    assert occurrences(REPORT, "指标b") == (span("5.2%"),)
    assert occurrences(REPORT, "无此词") == ()
    assert [item.block for item in sentences_at(REPORT, (span("27个"), span("5座")))] == [0, 1]
    (line,) = sentences_at(REPORT, (span("计划报告"),))
    assert TEXT[line.span.start : line.span.end].strip("\r\n") == "\ufeff云溪市2031年计划报告"


def test_digits_that_nothing_accounts_for_are_found() -> None:
    assert [TEXT[item.start : item.end] for item in unaccounted(REPORT)] == ["1", "1", "5"]
