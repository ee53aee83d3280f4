"""The text on a page is the source, character for character, whatever it holds; marks stand where statements do."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from asking import EXAMPLES, NAMES, Client

from taizhang import extract, read
from taizhang.ledger import Ledger
from taizhang.model import Report, Span
from taizhang.web.app import create_app
from taizhang.web.body import body, marked

NASTY = (
    "𠮷川市2025年政府工作报告\n一、2024年工作回顾\n全市<b>生产总值</b>&amp;“𠮷”完成86.4亿元，\r\n增长5.1%；𪚥字村新建公路36公里"
    "</a><script>alert('x')</script>。\n二、2025年工作安排\n生产总值增长5.5%左右，改造老旧小区8个。\t一\t二\u3000\n"
)


TABLE = (
    "    指标            产量（万吨）    比上年增长（%）\n  粮食             45.2        1.1\n\n"
    "    #稻谷           30.6       -0.4\n  油料              3.0       -2.0\n后文。\n"
)


class Joined(HTMLParser):
    """Text of the lines of a report, by their offsets, and of its marks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[int, str]] = []
        self.marks: dict[str, str] = {}
        self._in = 0
        self._names: list[list[str]] = []
        self._depth: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.scripts += tag == "script"
        if given.get("data-o") is not None:
            self.lines.append((int(given["data-o"] or 0), ""))
            self._in = 1
        elif self._in:
            self._in += 1
        if self._in:
            self._names.append((given.get("data-s") or "").split())

    def handle_endtag(self, tag: str) -> None:
        if self._in:
            self._in -= 1
            self._names.pop()

    def handle_data(self, data: str) -> None:
        if not self._in:
            return
        start, text = self.lines[-1]
        self.lines[-1] = (start, text + data)
        for name in {name for names in self._names for name in names}:
            self.marks[name] = self.marks.get(name, "") + data


def joined(report: Report) -> Joined:
    found = Joined()
    found.feed(str(body(report, "zh")))
    found.close()
    return found


def cases() -> list[Report]:
    return [
        *(extract(read(EXAMPLES / name, name)) for name in NAMES),
        extract(read(NASTY.encode(), "nasty.txt")),
        extract(read((NASTY + TABLE).encode(), "table.txt")),
        extract(read("指标;单位;2030年\r\n粮食;万吨;48.2\r\n油料;万吨;3.1\r\n".encode(), "table.csv")),
        extract(read(NASTY.replace("\n", "\r\n").encode("utf-16"), "wide.txt")),
    ]


@pytest.mark.parametrize("report", cases(), ids=lambda report: report.document.source.name)
def test_the_text_of_the_lines_is_the_source(report: Report) -> None:
    found = joined(report)
    text = report.document.text
    assert "".join(line for _, line in found.lines) == text.replace("\0", "\ufffd")
    for start, line in found.lines:
        assert text[start : start + len(line)] == line
    assert found.scripts == 0


@pytest.mark.parametrize("report", cases(), ids=lambda report: report.document.source.name)
def test_every_statement_is_marked_with_its_own_words(report: Report) -> None:
    assert report.statements
    assert joined(report).marks == {item.id: item.text for item in report.statements}


def test_marks_of_a_quote_are_escaped() -> None:
    text = 'a<b>"&\r𠮷𠮷c'
    assert str(marked(text, 0, len(text), (Span(6, 8),))) == "a&lt;b&gt;&quot;&amp;<mark>&#13;𠮷</mark>𠮷c"
    assert str(marked(text, 1, 4, (Span(1, 4),))) == "<mark>&lt;b&gt;</mark>"


def test_a_report_with_markup_in_it_is_shown_as_text_on_every_page(tmp_path: Path) -> None:
    report = extract(read(NASTY.encode(), "<i>坏</i>.txt"))
    path = tmp_path / "book.db"
    with Ledger.open(path, create=True) as ledger:
        ledger.enter(report, who="<u>闻</u>", why="<s>x</s>")
    client = Client(create_app(str(path), user="闻"))
    name = report.document.id
    statement = report.statements[0]
    key = f"{name}-{statement.id}"
    paths = (
        "/", "/reports", f"/reports/{name}", f"/reports/{name}?s={statement.id}", f"/reports/{name}/coverage",
        f"/n/{key}", f"/n/{key}/card", "/search?q=生产总值", "/search?q=公里&where=statements", "/corrections",
        "/indicators",
    )  # fmt: skip
    for path_ in paths:
        page = client.page(path_)
        for sign in ("<script>alert", "<i>坏", "<u>闻", "<s>x", "<b>生产"):
            assert sign not in page, (path_, sign)
