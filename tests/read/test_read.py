"""Bytes in, text out: every encoding Chinese files come in, and a sentence for everything that is no text."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.errors import ReadError
from taizhang.model import Document, Location, Piece, Source, Span
from taizhang.read import read

REPORT = (
    "云溪市2031年政府工作报告\r\n\r\n"
    "一、过去一年工作回顾\r\n"
    "　　全市生产总值完成1,286.5亿元，增长5.2%；新建改建农村公路126公里。\r"
    "二、今年工作安排\n"
    "　　力争一般公共预算收入增长6％以上，城镇新增就业1.8万人。"
)
TRADITIONAL = "去年全縣糧食總產量達到三十二萬噸，比上年增加百分之五；新建學校十二所，醫院三家。"


@pytest.mark.parametrize(
    ("text", "codec", "expected"),
    [
        (REPORT, "utf-8", "utf-8"),
        (REPORT, "utf-8-sig", "utf-8"),
        (REPORT, "gb18030", "gb18030"),
        (REPORT, "gbk", "gb18030"),
        (REPORT, "utf-16-le", "utf-16-le"),
        (REPORT, "utf-16-be", "utf-16-be"),
        (REPORT, "utf-16", "utf-16-le"),
        (REPORT + "𬭎江县", "gb18030", "gb18030"),
        (REPORT + "𬭎江县", "utf-16-be", "utf-16-be"),
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "gb18030", "gb18030"),
        (TRADITIONAL, "utf-16-le", "utf-16-le"),
        ("增长5.2%。", "utf-8", "utf-8"),
        ("全市增长5.2%。", "gb18030", "gb18030"),
        ("GDP grew by 5.2%.", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_found_and_the_text_kept_whole(text: str, codec: str, expected: str) -> None:
    data = text.encode(codec)
    document = read(data, "report.txt")
    assert document.source.encoding == expected
    assert document.text.lstrip("\ufeff") == text
    assert document.text.encode(expected) == data


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1), st.sampled_from("\r\n\t"))
def test_utf8_comes_back_byte_for_byte(text: str, blank: str) -> None:
    data = f"{text}{blank}数{blank}".encode()
    assert read(data).text.encode() == data


def test_a_byte_order_mark_stays_so_that_offsets_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "带签名.txt"
    path.write_bytes("\ufeff增长5%。".encode())
    document = read(path)
    assert document.text == path.read_text(encoding="utf-8")


def test_lines_are_counted_as_editors_count_them() -> None:
    document = read("甲\r\n乙\r丙\n丁".encode())
    assert [document.where(document.text.index(c)) for c in "甲乙丙丁"] == [(1, 1), (2, 1), (3, 1), (4, 1)]


def test_the_id_is_of_the_bytes_and_the_name_as_given(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(REPORT.encode())
    document = read(path)
    assert document.id == read(REPORT.encode(), "other.txt").id
    assert document.id != read(REPORT.encode("gb18030")).id
    assert (document.source.name, document.source.media_type) == (path.as_posix(), "text/markdown")
    assert read(str(path), "甲.txt").source.name == "甲.txt"


def _zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "zh", "en"),
    [
        (b"", "空文件", "empty"),
        (b"\n \r\n", "空文件", "empty"),
        (bytes(1000), "二进制", "binary"),
        ("全市生产总值增长。".encode("gb18030") + "全市生产总值增长。".encode(), "几种编码", "several"),
        ("\ufeff".encode(), "只有空白", "only blanks"),
        ("　\n　".encode(), "只有空白", "only blanks"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF", "PDF"),
        (_zip("mimetype", "content.xml"), "办公文档", "office"),
        (_zip("甲.txt"), "压缩包", "archive"),
        (b"PK\x03\x04 broken", "压缩包", "archive"),
        (OLE, "办公文档", "office"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码", "password"),
        (rb"{\rtf1\ansi", "RTF", "RTF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "图片", "image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "图片", "image"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "图片", "image"),
        (b"BM" + (30).to_bytes(4, "little") + bytes(24), "图片", "image"),
        (b"\x1f\x8b\x08\0", "压缩包", "archive"),
        (b'<?xml version="1.0"?><tmx>', "XML", "XML"),
        (bytes(range(256)) * 8, "二进制", "binary"),
        (b"\x7fELF" + bytes(64), "二进制", "binary"),
        (b"\x01\x02\x03\x04" * 50, "二进制", "binary"),
        ("Größe und Maß überprüft, naïve façade".encode("cp1252"), "认不出", "none of the Chinese"),
    ],
)
def test_what_is_no_text_is_refused_by_its_kind(data: bytes, zh: str, en: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(data, "报告.txt")
    assert zh in caught.value.zh and "报告.txt" in caught.value.zh and caught.value.zh.endswith(("。", "）。"))
    assert en in caught.value.en and "报告.txt" in caught.value.en and caught.value.en.endswith(".")


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16"])
def test_a_damaged_character_is_refused_with_its_line(codec: str) -> None:
    data = (REPORT + "\n" + REPORT + "年").encode(codec)[:-1]
    with pytest.raises(ReadError, match="第 12 行") as caught:
        read(data, "残.txt")
    assert "iconv" in caught.value.en


def test_markdown_with_a_tag_further_down_is_text() -> None:
    assert read("# 报告\n\n<b>增长5%</b>\n<html>".encode()).text.startswith("# 报告")


def test_a_stray_nul_does_not_make_a_report_binary() -> None:
    text = REPORT * 20 + "\x00" + REPORT
    assert read(text.encode()).text == text


def test_the_limit_holds_for_bytes_files_and_pipes(tmp_path: Path) -> None:
    path = tmp_path / "长.txt"
    path.write_bytes("增".encode() * 1000)
    for source in (path, path.read_bytes()):
        with pytest.raises(ReadError, match="太大") as caught:
            read(source, limit=2999)
        assert "--limit" in caught.value.en
        assert len(read(source, limit=3000).text) == 1000
    with pytest.raises(ReadError, match="太大"):
        read("/dev/zero", limit=1000)


def test_missing_folder_and_locked(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="找不到"):
        read(tmp_path / "无.txt")
    with pytest.raises(ReadError, match="文件夹"):
        read(tmp_path)
    with pytest.raises(ReadError, match="无法读取"):
        read("a\0b")
    locked = tmp_path / "锁.txt"
    locked.write_text("增长5%", encoding="utf-8")
    locked.chmod(0)
    if os.access(locked, os.R_OK):
        pytest.skip("this user may read anything")
    with pytest.raises(ReadError, match="权限"):
        read(locked)


def test_a_text_file_locates_by_line_and_column() -> None:
    document = read("甲\r\n乙丙\n丁".encode())
    at = document.text.index("丙")
    assert document.locate(Span(at, at + 1)) == (Location("line", line=2, column=2),)


def test_pieces_lead_to_every_place_that_a_stretch_touches() -> None:
    p1, p2, p3 = (Location("paragraph", path=f"p{n}") for n in (1, 2, 3))
    document = Document(
        "i", "甲乙\n丙丁\n戊", Source("", "n", "m"), (0, 3, 6), (Piece(0, p1), Piece(3, p2), Piece(6, p3))
    )
    assert document.locate(Span(1, 2)) == (p1,)
    assert document.locate(Span(1, 4)) == (p1, p2)
    assert document.locate(Span(3, 6)) == (p2,)
    assert document.locate(Span(0, 7)) == (p1, p2, p3)
