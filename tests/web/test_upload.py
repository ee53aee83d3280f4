"""Files that cannot be read, handed in through the page: each ends in a sentence, and nothing else goes wrong."""

from __future__ import annotations

import io
import struct
import sys
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from asking import Client, words

sys.path.insert(0, str(Path(__file__).parents[1] / "read"))
import typeset

LINE = "全市生产总值增长5.3%，粮食总产量达到105.6万吨。"


def pdf() -> bytes:
    return typeset.draw(typeset.report_pieces(f"澜川市2026年政府工作报告\n{LINE}"), typeset.A4)


def encrypted() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("geheim", canPrint=0))
    canvas.drawString(72, 720, "5.3%")
    canvas.save()
    return out.getvalue()


def package(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def word(body: bytes) -> bytes:
    types = (
        b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
        b'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.'
        b'document.main+xml"/></Types>'
    )
    return package(**{"[Content_Types].xml": types, "word__document.xml": body})


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(8))
    + b'<!ENTITY file SYSTEM "file:///etc/passwd">]><w:document '
    b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&i;&file;</w:t>'
    b"</w:r></w:p></w:body></w:document>"
)


def huge_picture() -> bytes:
    """A PNG of more pixels than are read (200 million), in a few kilobytes. One of half as many is read, slowly."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    size = 15_100
    rows = zlib.compress(b"\0" * (size // 8 + 2) * size, 9)
    header = struct.pack(">IIBBBBB", size, size, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


CASES = {
    "encrypted.pdf": (encrypted(), "密码"),
    "torn.pdf": (pdf()[:600], "损坏"),
    "bomb.docx": (word(b"<w:document>" + b" " * 400_000_000), ""),
    "entities.docx": (word(ENTITIES), ""),
    "huge.png": (huge_picture(), "太大|ocr"),
    "noise.bin": (bytes((n * 7919 + n * n * 31) % 256 for n in range(4000)), ""),
    "empty.txt": (b"  \n", "没有可读的文字|空"),
    "blank.pdf": (typeset.draw([typeset.Piece(0, 10, 10, 1, " ")], typeset.A4), "文字|识别"),
}


def handed_in(client: Client, name: str, data: bytes) -> tuple[str, str]:
    """The stage that a file comes to, and what its page says."""
    answer = client.post("/upload", files={"file": (name, data, "application/octet-stream")})
    assert answer.status_code == 303, words(answer.text)
    place = answer.headers["location"]
    for _ in range(1200):
        job = client.json(f"{place}.json")["job"]
        if job["stage"] in ("done", "failed"):
            return job["stage"], words(client.page(place))
        time.sleep(0.05)
    raise AssertionError(f"{name} is not over")


@pytest.mark.parametrize("name", CASES)
def test_a_bad_file_ends_in_a_sentence_on_the_page(client: Client, name: str) -> None:
    data, expected = CASES[name]
    before = client.json("/index.json")["info"]["reports"]
    stage, said = handed_in(client, name, data)
    assert stage == "failed"
    assert "程序出错" not in said and "Traceback" not in said
    assert name in said and "。" in said
    assert any(each in said for each in expected.split("|")), said
    assert client.json("/index.json")["info"]["reports"] == before


def test_a_broken_cross_reference_is_mended_or_told(client: Client) -> None:
    data = pdf()
    at = data.rindex(b"startxref")
    stage, said = handed_in(client, "xref.pdf", data[:at] + b"startxref\n999999\n%%EOF\n")
    assert stage in ("done", "failed") and "程序出错" not in said


def test_the_pages_of_a_pdf_are_kept_and_shown_with_boxes(client: Client) -> None:
    stage, said = handed_in(client, "report.pdf", pdf())
    assert stage == "done", said
    report = next(each["id"] for each in client.json("/reports.json")["data"] if each["name"] == "report.pdf")
    made = client.json(f"/reports/{report}.json?view=pages")
    assert made["has_pages"] and len(made["pages"]) == 1
    assert {box["statement"] for box in made["pages"][0]["boxes"]} == {s["key"][17:] for s in made["statements"]}
    picture = client.get(made["pages"][0]["picture"])
    assert picture.headers["content-type"] == "image/png" and picture.content.startswith(b"\x89PNG")
    assert client.get(f"/reports/{report}/pages/2").status_code == 404
    page = client.page(f"/reports/{report}?view=pages")
    assert all(f'id="s-{each["key"][17:]}"' in page for each in made["statements"])
    plain = next(each["id"] for each in client.json("/reports.json")["data"] if each["name"].endswith(".txt"))
    assert client.get(f"/reports/{plain}/pages/1").status_code == 404
    assert not client.json(f"/reports/{plain}.json?view=pages")["pages"]
