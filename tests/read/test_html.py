"""Web pages: the main text and nothing around it, each line tied to its node, and a sentence for what is no page."""

from __future__ import annotations

import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from taizhang.errors import ReadError
from taizhang.model import Document, Span
from taizhang.read import read

PARAGRAPHS = (
    "2030年，全市上下坚持稳中求进，初步核算，全市生产总值完成862.5亿元，比上年增长5.6%。",
    "粮食总产量达到48.2万吨，新建高标准农田6.5万亩，改造中低产田3.1万亩，农业基础更加牢固。",
    "全年接待游客912万人次，实现旅游收入61.4亿元，分别增长12.3%和15.8%，文旅融合步伐加快。",
    "力争2031年生产总值增长6%左右，一般公共预算收入增长5%以上，城镇新增就业1.8万人。",
    "新改建农村公路210公里，完成农村危房改造1200户，城乡面貌进一步改善，群众生活更加便利。",
)
BODY = "".join(f"<p>　　{paragraph}</p>\n" for paragraph in PARAGRAPHS)
PAGE = f"""<!DOCTYPE html>
<html><head><meta charset="gb2312"><title>云溪市2031年政府工作报告_云溪市人民政府网</title>
<meta name="PubDate" content="2031-01-18 09:30"><meta name="ContentSource" content="云溪市人民政府办公室">
<style>p {{ margin: 0 }}</style><script>var views = 123;</script></head>
<body><div class="top"><ul>{"".join(f'<li><a href="/{n}">栏目{n}</a></li>' for n in range(30))}</ul></div>
<div class="place">当前位置：<a href="/">首页</a> &gt; 政务公开</div>
<div id="main"><h1>云溪市2031年政府工作报告</h1>
<div class="info">发布时间：2031-01-18　来源：云溪市人民政府办公室　浏览次数：2045　字号：[大 中 小]</div>
<div class="share">分享到：<a href="#">微信</a></div>
<div class="text">{BODY}</div>
<p>【打印本页】 【关闭窗口】</p>
<ul><li><a href="1">市领导调研重点项目建设</a></li><li><a href="2">全市经济工作会议召开</a></li>
<li><a href="3">云溪市举办招商推介会</a></li></ul></div>
<div class="foot">版权所有：云溪市人民政府　备案号：云ICP备00000001号</div></body></html>"""


def _text(page: str, codec: str = "utf-8") -> str:
    return read(page.encode(codec)).text


def test_the_main_text_without_what_stands_around_it() -> None:
    lines = [line.strip("　 ") for line in _text(PAGE).splitlines()]
    assert lines == ["云溪市2031年政府工作报告", *PARAGRAPHS]


@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
def test_the_declared_encoding_counts_least(codec: str) -> None:
    page = PAGE.replace("云溪市2031", "䶮溪市2031")  # a character that gb2312, as declared, does not have
    document = read(page.encode(codec))
    assert document.source.encoding == codec
    assert document.text.startswith("䶮溪市2031年政府工作报告")


def test_what_the_page_says_of_itself() -> None:
    source = read(PAGE.encode()).source
    assert (source.title, source.published) == ("云溪市2031年政府工作报告", "2031-01-18")
    assert (source.publisher, source.media_type) == ("云溪市人民政府办公室", "text/html")


def test_what_was_left_out_is_said() -> None:
    (finding,) = read(PAGE.encode()).findings
    assert finding.code == "read.page-furniture" and "栏目0" in finding.zh and "栏目0" in finding.en


@pytest.mark.parametrize(
    "others",
    [
        '<div class="related"><h3>相关新闻</h3><ul><li><a href="1">云溪市2029年一季度增长7.1%</a></li></ul></div>',
        '<h3>延伸阅读：</h3><p><a href="1">一季度增长7.1%</a></p><p><a href="2">我市新增就业2.2万人</a></p>',
        '<div id="xgxw"><p>云溪市2029年一季度增长7.1%</p></div>',
    ],
)
def test_lists_of_other_pages_are_none_of_the_text(others: str) -> None:
    document = read(PAGE.replace("<p>【打印本页】", f"{others}<p>【打印本页】").encode())
    assert "7.1%" not in document.text and "2.2万" not in document.text and PARAGRAPHS[-1] in document.text


def test_a_page_that_calls_all_of_its_text_related_is_read() -> None:
    page = f'<html><body><div class="related-content">{BODY}</div></body></html>'
    assert PARAGRAPHS[0] in _text(page)


def _where(document: Document, words: str) -> str:
    start = document.text.index(words)
    (location,) = document.locate(Span(start, start + len(words)))
    assert location.kind in ("node", "cell") and location.path
    return location.path


def test_every_line_leads_to_its_node() -> None:
    document, tree = read(PAGE.encode()), LexborHTMLParser(PAGE)
    for words in ("862.5亿元", "912万人次", "6%左右", "1200户"):
        node = tree.css_first(_where(document, words))
        assert node is not None and words in node.text() and node.tag == "p"


TABLE = """<table><caption>表一</caption><tr><th rowspan="2">指标</th><th colspan="2">2030年</th></tr>
<tr><th>总量（亿元）</th><th>增长（%）</th></tr><tr><td>生产<br>总值</td><td>862.5</td><td>5.6</td></tr></table>"""


def test_a_table_has_one_row_a_line_and_merged_cells_once() -> None:
    document = read(f"<html><body>{BODY}{TABLE}<p>注：为初步数。</p></body></html>".encode())
    (table,) = document.tables
    assert document.slice(table.span) == "指标\t2030年\n\t总量（亿元）\t增长（%）\n生产 总值\t862.5\t5.6"
    assert [(document.slice(c.span), c.row, c.column, c.rowspan, c.colspan, c.is_heading) for c in table.cells][:4] == [
        ("指标", 0, 0, 2, 1, True),
        ("2030年", 0, 1, 1, 2, True),
        ("总量（亿元）", 1, 1, 1, 1, True),
        ("增长（%）", 1, 2, 1, 1, True),
    ]
    assert "表一\n指标" in document.text
    (location,) = document.locate(table.cells[-1].span)
    assert (location.path or "").endswith("td:nth-of-type(3)")


@pytest.mark.parametrize(
    ("page", "text"),
    [
        # A table that only lays the page out is no table.
        (f"<table><tr><td>菜单</td><td>{BODY}</td></tr></table>", "862.5亿元"),
        (
            "<p>增长５.２%<br>第二行<b>粗</b>体<span hidden>不见</span><i style='display: none'>藏</i></p>",
            "第二行粗体\n",
        ),
        ("<p>增长<p>第二段，下降3%<div>第三段", "增长\n第二段，下降3%\n第三段\n"),
        ("<p>投资&nbsp;5&#37;，&lt;一&gt;</p>", "投资\xa05%，<一>\n"),
    ],
)
def test_broken_and_odd_pages(page: str, text: str) -> None:
    assert text in _text(f"<html><body>{page}")
    assert "不见" not in _text(f"<html><body>{page}") and "藏" not in _text(f"<html><body>{page}")


def test_a_body_that_stands_twice_is_read_once_and_said() -> None:
    document = read(f"<html><body><div>{BODY}</div><div>{BODY}</div></body></html>".encode())
    assert document.text.count("862.5亿元") == 1
    assert "read.body-twice" in {finding.code for finding in document.findings}


def test_a_few_damaged_bytes_are_said_and_do_not_stop_the_reading() -> None:
    data = PAGE.encode("gb18030").replace("粮食总".encode("gb18030"), b"\xff" + "食总".encode("gb18030"))
    document = read(data)
    assert "862.5亿元" in document.text
    assert "read.damaged-characters" in {finding.code for finding in document.findings}


def test_a_page_saved_as_one_file() -> None:
    data = (
        "From: x\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html; "
        f"charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{PAGE}\n--b--\n"
    ).encode()
    assert "862.5亿元" in read(data).text


@pytest.mark.parametrize(
    ("data", "zh", "en"),
    [
        (b"<html><body>" + b"<div>" * 2_000_000, "嵌套", "nested"),
        (b"<html><body>" + b"<font><p>" * 1_000_000, "嵌套", "nested"),
        (b"<html><body>" + b"<p>a " * 2_000_000, "嵌套", "nested"),
        (b"<html><body>" + b"<table><tr><td>" * 600_000, "嵌套", "nested"),
        (b"<html><script>load()</script></html>", "没有文字", "no text"),
        (b"From: x\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\n<html>", "没有网页", "no page"),
    ],
)
def test_bad_pages_end_in_a_sentence_and_soon(data: bytes, zh: str, en: str) -> None:
    began = time.monotonic()
    with pytest.raises(ReadError) as caught:
        read(data, "坏.html")
    assert time.monotonic() - began < 5
    assert zh in caught.value.zh and en in caught.value.en and "坏.html" in caught.value.zh
