"""Word files: order, merged cells, changes, text boxes, notes and the numbers that Word makes; and bad files."""

from __future__ import annotations

import io
import shutil
import time
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

from taizhang.errors import ReadError
from taizhang.model import Span
from taizhang.read import ReadOptions, read

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def packed(**parts: str | bytes) -> bytes:
    """An office file of the given parts; `word_document` is word/document.xml."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        for name, part in parts.items():
            archive.writestr(name.replace("_", "/") + ".xml", part)
    return buffer.getvalue()


def _docx(body: str, **parts: str) -> bytes:
    return packed(word_document=f"<w:document {_W} {_MC}><w:body>{body}</w:body></w:document>", **parts)


def _p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def _numbered(text: str, level: int, number: int = 1) -> str:
    return _p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def _level(at: int, form: str, text: str) -> str:
    return f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'


NUMBERING = (
    f'<w:numbering {_W}><w:abstractNum w:abstractNumId="0">{_level(0, "chineseCounting", "%1、")}'
    f"{_level(1, 'chineseCountingThousand', '（%2）')}{_level(2, 'decimal', '%3.')}</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="11"/></w:lvlOverride></w:num></w:numbering>'
)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (_p("甲") + _p("乙"), "甲\n乙\n"),
        # Runs of one paragraph; a line break inside it; a tab; Word's own hyphen.
        ("<w:p><w:r><w:t>增长</w:t><w:br/><w:t>5</w:t><w:noBreakHyphen/><w:t>6%</w:t></w:r></w:p>", "增长\n5-6%\n"),
        # A tracked insertion is read, a deletion is not, moved text is read where it is now.
        (
            "<w:p><w:r><w:t>增长</w:t></w:r><w:del><w:r><w:delText>6%</w:delText></w:r></w:del>"
            "<w:ins><w:r><w:t>7%</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom></w:p>",
            "增长7%\n",
        ),
        # A text box stands twice in the file, for newer and for older programs.
        (
            "<w:p><w:r><w:t>前</w:t><mc:AlternateContent><mc:Choice><w:txbxContent>"
            + _p("框中增长3%")
            + "</w:txbxContent></mc:Choice><mc:Fallback><w:pict><w:txbxContent>"
            + _p("框中增长3%")
            + "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>",
            "前\n框中增长3%\n",
        ),
        # Hidden text and field instructions are not read, what a field shows is.
        (
            "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>"
            '<w:fldSimple w:instr="DATE"><w:r><w:t>2031年</w:t></w:r></w:fldSimple></w:p>',
            "2031年\n",
        ),
        ("<w:sdt><w:sdtContent>" + _p("控件") + "</w:sdtContent></w:sdt>", "控件\n"),
        ("<w:p><w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink></w:p>", "链接\n"),
        # A frame of one cell is no table.
        (f"<w:tbl><w:tr><w:tc>{_p('框')}{_p('内')}</w:tc></w:tr></w:tbl>", "框\n内\n"),
    ],
)
def test_what_word_shows_is_what_is_read(body: str, text: str) -> None:
    assert read(_docx(body)).text == text


def test_the_numbers_that_word_makes_are_part_of_the_text() -> None:
    body = (
        _numbered("回顾", 0) + _numbered("工业", 1) + _numbered("农业", 1) + _numbered("细目", 2)
        + _numbered("", 1) + _numbered("安排", 0) + _numbered("工业", 1) + _numbered("另起", 0, 2)
    )  # fmt: skip
    document = read(_docx(body, word_numbering=NUMBERING))
    assert document.text.split("\n") == [
        "一、回顾", "（一）工业", "（二）农业", "1. 细目", "", "二、安排", "（一）工业", "十一、另起", "",
    ]  # fmt: skip


def test_a_style_may_carry_the_number() -> None:
    styles = (
        f'<w:styles {_W}><w:style w:styleId="a"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    body = _p("回顾", '<w:pStyle w:val="b"/>') + _p("无", '<w:pStyle w:val="c"/>')
    assert read(_docx(body, word_numbering=NUMBERING, word_styles=styles)).text == "一、回顾\n无\n"


def _cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{_p(text)}</w:tc>"


TABLE = (
    "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>"
    + _cell("指标", '<w:vMerge w:val="restart"/>')
    + _cell("2031年", '<w:gridSpan w:val="2"/>')
    + "</w:tr><w:tr>"
    + _cell("", "<w:vMerge/>")
    + _cell("计划")
    + _cell("完成")
    + "</w:tr><w:tr>"
    + _cell("生产总值")
    + _cell("900")
    + _cell("912.4")
    + "</w:tr></w:tbl>"
)


def test_a_table_stands_in_order_with_merged_cells_once() -> None:
    document = read(_docx(_p("上文") + TABLE + _p("下文")))
    assert document.text == "上文\n指标\t2031年\n\t计划\t完成\n生产总值\t900\t912.4\n下文\n"
    (table,) = document.tables
    cells = [(document.slice(c.span), c.row, c.column, c.rowspan, c.colspan, c.is_heading) for c in table.cells]
    assert cells[:3] == [("指标", 0, 0, 2, 1, True), ("2031年", 0, 1, 1, 2, True), ("计划", 1, 1, 1, 1, False)]
    assert [location.path for location in document.locate(table.cells[-1].span)] == ["t1/r3/c3"]
    start = document.text.index("下文")
    assert [location.path for location in document.locate(Span(start, start + 2))] == ["p2"]


def test_notes_stand_at_the_end() -> None:
    notes = f'<w:footnotes {_W}><w:footnote w:id="1">{_p("按可比价格计算。")}</w:footnote></w:footnotes>'
    body = '<w:p><w:r><w:t>增长5%</w:t><w:footnoteReference w:id="1"/></w:r></w:p>' + _p("下文")
    document = read(_docx(body, word_footnotes=notes))
    assert document.text == "增长5%\n下文\n注释：\n按可比价格计算。\n"
    assert document.locate(Span(len(document.text) - 3, len(document.text) - 1))[0].path == "footnote1/p1"


def test_changes_hidden_text_and_pictures_are_said() -> None:
    body = (
        "<w:p><w:ins><w:r><w:t>增长7%</w:t></w:r></w:ins><w:del><w:r/></w:del>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r><w:r><w:drawing/></w:r></w:p>"
    )
    document = read(_docx(body))
    assert [finding.code for finding in document.findings] == [
        "read.tracked-changes",
        "read.hidden-text",
        "read.pictures",
    ]
    assert [document.slice(span) for span in document.findings[0].spans] == ["增长7%"]


def test_running_heads_and_feet_are_said_and_not_read() -> None:
    document = read(
        _docx(
            _p("增长5%"),
            word_header1=f"<w:hdr {_W}>{_p('云溪市发展改革委')}</w:hdr>",
            word_footer1=f"<w:ftr {_W}>{_p('第 1 页 共 20 页')}</w:ftr>",
        )
    )
    assert document.text == "增长5%\n"
    (finding,) = document.findings
    assert (
        finding.code == "margins-left-out"
        and "云溪市发展改革委" in finding.zh
        and "1 running head or foot is" in finding.en
    )


def _truncated() -> bytes:
    data = _docx(_p("增长5%") * 5000)
    return data[: len(data) // 2]


def _locked() -> bytes:
    data = bytearray(_docx(_p("增长5%")))
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    return bytes(data)


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in pairwise("abcdefghi"))
    + "]>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "zh", "en"),
    [
        (_truncated(), "已损坏或不完整", "damaged"),
        (_locked(), "密码", "password"),
        (packed(word_document=b"\0" * 300_000_000), "解压后超过上限", "unpacks"),
        (packed(word_document=f"<w:document {_W}><w:body><w:p>"), "已损坏或不完整", "damaged"),
        (packed(word_document=f"<w:document {_W}/>"), "已损坏或不完整", "damaged"),
        (packed(word_document=f"{ENTITIES}<w:document {_W}>&i;</w:document>"), "实体", "entities"),
        (packed(word_document=f"{OUTSIDE}<w:document {_W}>&a;</w:document>"), "实体", "entities"),
        (packed(word_document=f"{OUTSIDE}<w:document {_W}>&a;</w:document>".encode("utf-16")), "实体", "entities"),
        (packed(word_document=f"<w:document {_W}><w:body>{'<w:sdt>' * 100_000}"), "已损坏或不完整", "damaged"),
    ],
)
def test_bad_files_end_in_a_sentence_and_soon(data: bytes, zh: str, en: str) -> None:
    began = time.monotonic()
    with pytest.raises(ReadError) as caught:
        read(data, "坏.docx")
    assert time.monotonic() - began < 5
    assert zh in caught.value.zh and en in caught.value.en
    assert "坏.docx" in caught.value.zh and "坏.docx" in caught.value.en


def test_what_an_archive_says_of_its_sizes_is_not_believed() -> None:
    data = bytearray(packed(word_document=b" " * 3_000_000))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(ReadError):
        read(bytes(data), options=ReadOptions(unpacked=1_000_000))


def test_an_empty_document_is_said_to_be_empty() -> None:
    with pytest.raises(ReadError, match="没有可读的文字"):
        read(_docx("<w:p/>"))


def test_an_old_word_file_needs_antiword(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le")
    if shutil.which("antiword"):
        with pytest.raises(ReadError, match="已损坏"):
            read(data, "旧.doc")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(ReadError, match="antiword"):
        read(data, "旧.doc")


def test_what_antiword_writes_is_read_with_its_tables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tool = tmp_path / "antiword"
    tool.write_text(
        "#!/bin/sh\nprintf '\\n  一、综合\\n\\n全年增长5%%。\\n\\n'\n"
        "printf '|指标    |2031年 |\\n|生产总值|912.4  |\\n\\n下文\\n'\n",
        encoding="utf-8",
    )
    tool.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(tool))
    document = read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"))
    assert document.text == "一、综合\n全年增长5%。\n指标\t2031年\n生产总值\t912.4\n下文\n"
    assert document.locate(document.tables[0].cells[-1].span)[0].kind == "cell"
