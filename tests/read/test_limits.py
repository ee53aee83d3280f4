"""Files made to break readers: each ends in a sentence, in bounded time and memory, and stops no other file."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

SECONDS = 20
"""Of processor, for any one of these files; on a quiet machine none takes three."""
MEGABYTES = 500
"""Peak of a process that reads them, of which some 80 are the program."""
REPORT = "云溪市2031年政府工作报告\n全市生产总值增长5.2%。\n"


def _zip(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", body)
    return buffer.getvalue()


def _ods(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def _pages(count: int) -> bytes:
    kids = b"3 0 R " * count
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids["
        + kids
        + b"]/Count %d>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n" % count
        + b"trailer<</Root 1 0 R/Size 4>>\n%%EOF"
    )


def _locked() -> bytes:
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    encryption = pytest.importorskip("reportlab.lib.pdfencrypt")
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, encrypt=encryption.StandardEncryption("secret"))
    page.drawString(50, 50, "x")
    page.save()
    return buffer.getvalue()


def _png(width: int, height: int, row: Callable[[int], bytes]) -> bytes:
    """A grey picture written row by row, so that the test itself needs no memory for it."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    packer = zlib.compressobj(1)
    body = b"".join(packer.compress(b"\0" + row(at)) for at in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


_W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_NESTED = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 16) for at in range(8))
    + b"]>"
)
_OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
_SHEETS = b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets/></workbook>'

FILES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "锁.pdf": (_locked, "加密", "password"),
    "乱.pdf": (lambda: b"%PDF-1.7\nxref\n0 9\nbroken" + bytes(range(256)) * 40, "损坏", "damaged"),
    "空.pdf": (lambda: _pages(0), "没有页面", "without pages"),
    "万页.pdf": (lambda: _pages(10_000), "10000 页", "10000 pages"),
    "弹.docx": (lambda: _zip(word__document=b"\0" * 300_000_000), "解压后超过上限", "unpacks"),
    "弹.xlsx": (
        lambda: _zip(xl__workbook=_SHEETS, xl__worksheets__sheet1=b"0" * 300_000_000),
        "解压后超过上限",
        "unpacks",
    ),
    "弹.ods": (lambda: _ods(b" " * 300_000_000), "解压后超过上限", "unpacks"),
    "外.docx": (lambda: _zip(word__document=_OUTSIDE + b"<w:document %s>&a;</w:document>" % _W), "实体", "entities"),
    "套.docx": (lambda: _zip(word__document=_NESTED + b"<w:document %s>&i;</w:document>" % _W), "实体", "entities"),
    "外.xlsx": (lambda: _zip(xl__workbook=_OUTSIDE + _SHEETS), "实体", "entities"),
    "套.ods": (lambda: _ods(_NESTED + b"<x>&i;</x>"), "实体", "entities"),
    "远.xlsx": (
        lambda: _zip(xl__workbook=_SHEETS, xl__worksheets__sheet1=b" " * 5000 + _OUTSIDE + b"<worksheet/>"),
        "实体",
        "entities",
    ),
    "多.xlsx": (
        lambda: _zip(xl__workbook=_SHEETS, xl__worksheets__sheet1=b"<c><v>1</v></c>" * 3_000_000),
        "单元格太多",
        "more cells",
    ),
    "长.txt": (lambda: ("全市生产总值增长5.2%，" * 450_000).encode("gb18030"), "万字", "characters"),
    "长.html": (lambda: ("<p>全市生产总值增长5.2%。</p>" * 450_000).encode("gb18030"), "万字", "characters"),
}
PICTURES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "亿.png": (lambda: _png(10_000, 10_001, lambda at: b"\xff" * 10_000), "太大", "too large"),
    "噪.png": (
        lambda: _png(1500, 2000, lambda at: os.urandom(1500)),
        "没有识别出文字",
        "No text",
    ),
}

_ROW = "".join(f"<tr><td rowspan=1000000 colspan=1000000>{at}年</td><td>{at}.5%</td></tr>" for at in range(600))
_WIDE = "".join(
    f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000"/></w:tcPr><w:p><w:r><w:t>{at}.5%</w:t></w:r></w:p></w:tc>'
    f"<w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc></w:tr>"
    for at in range(600)
)
_ODS_ROW = (
    '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000" '
    'table:number-rows-spanned="1000000" table:number-columns-spanned="16000"><text:p>5.2%</text:p></table:table-cell>'
    "</table:table-row>"
)


def _book(ref: str, count: int = 1) -> bytes:
    """A workbook whose merged cells and links cover `ref`."""
    buffer = io.BytesIO()
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["指标", "2031年"], ["生产总值（亿元）", 862.5], ["粮食产量（万吨）", 45.2]):
        book.active.append(row)
    book.save(buffer)
    whole = zipfile.ZipFile(buffer)
    merged = f'<mergeCells>{f"""<mergeCell ref="{ref}"/>""" * count}</mergeCells>'
    links = f'<hyperlinks><hyperlink ref="{ref}" display="x" location="A1"/></hyperlinks>'
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in whole.namelist():
            body = whole.read(part)
            if part.endswith("sheet1.xml"):
                body = body.replace(b"</sheetData>", f"</sheetData>{merged}{links}".encode())
            archive.writestr(part, body)
    return into.getvalue()


SPANS: dict[str, Callable[[], bytes]] = {
    "并.html": lambda: f"<table>{_ROW}</table>".encode(),
    "并.md": lambda: f"<table>{_ROW.replace('=1000000', '=999')}</table>".encode(),
    "并.docx": lambda: _zip(
        word__document=f"<w:document {_W.decode()}><w:body><w:tbl>{_WIDE}</w:tbl></w:body></w:document>".encode()
    ),
    "并.ods": lambda: _ods(
        (
            '<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><o:body><o:spreadsheet>'
            f"<table:table>{_ODS_ROW * 3}</table:table></o:spreadsheet></o:body></o:document-content>"
        ).encode()
    ),
    "并.xlsx": lambda: _book("A1:XFD1048576"),
    "众.xlsx": lambda: _book("A1:CV2000", 2000),
}
"""Tables whose cells say that they run over a million rows and columns."""

_RUN = """
import json, resource, sys, time
resource.setrlimit(resource.RLIMIT_CPU, (300, 300))
resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
from taizhang.errors import ReadError
from taizhang.read import read
told = {}
for path in sys.argv[1:]:
    began = time.process_time()
    try:
        read(path)
        zh = en = ""
    except ReadError as error:
        zh, en = error.zh, error.en
    told[path] = [zh, en, time.process_time() - began]
try:  # the peak that getrusage tells is never under that of the process which started this one
    lines = open("/proc/self/status").read().splitlines()
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
except (OSError, StopIteration):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([told, peak / 1024]))
"""


def _read_apart(paths: list[Path]) -> tuple[dict[str, tuple[str, str, float]], float]:
    """Read files in a process of their own: sentences and seconds by name, and the peak of its memory in MB."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *map(str, paths)], capture_output=True, text=True, timeout=600, check=True
    )
    told, peak = json.loads(done.stdout)
    return {Path(path).name: tuple(said) for path, said in told.items()}, peak


def test_files_made_to_break_readers_end_in_a_sentence(tmp_path: Path) -> None:
    for name, (make, _, _) in FILES.items():
        (tmp_path / name).write_bytes(make())
    told, peak = _read_apart([tmp_path / name for name in FILES])
    for name, (_, zh, en) in FILES.items():
        assert zh in told[name][0] and en in told[name][1] and name in told[name][0], (name, told[name])
        assert told[name][2] < SECONDS, (name, told[name])
    assert peak < MEGABYTES


def test_a_vast_picture_and_one_of_noise_end_in_a_sentence(tmp_path: Path) -> None:
    for module in ("rapidocr", "onnxruntime", "cv2", "PIL"):
        pytest.importorskip(module, reason="the extra ocr is not installed")
    for name, (make, _, _) in PICTURES.items():
        (tmp_path / name).write_bytes(make())
    told, peak = _read_apart([tmp_path / name for name in PICTURES])
    for name, (_, zh, en) in PICTURES.items():
        assert zh in told[name][0] and en in told[name][1] and name in told[name][0], (name, told[name])
        assert told[name][2] < 2 * SECONDS, (name, told[name])
    assert peak < 2 * MEGABYTES  # the recogniser's models and one page


def test_merged_cells_cover_no_more_than_a_table_does(tmp_path: Path) -> None:
    for name, make in SPANS.items():
        (tmp_path / name).write_bytes(make())
    told, peak = _read_apart([tmp_path / name for name in SPANS])
    for name in SPANS:
        assert told[name][2] < SECONDS, (name, told[name])
        assert not told[name][0] or "太多" in told[name][0], (name, told[name])
    assert peak < 2 * MEGABYTES


_CUT = """
import contextlib, io, sys, warnings
from pathlib import Path
from taizhang.errors import ReadError
from taizhang.read import read
warnings.simplefilter("always")
if sys.argv[1] == "pictures":  # what is tested is their opening
    from taizhang.read import blocks, ocr
    ocr._recognise = lambda image, number, points: (blocks.Page(number, 100.0, 100.0, []), [])
for path in sys.argv[2:]:
    whole = Path(path).read_bytes()
    size = len(whole)
    cuts = {3, 40, 200, size - 5, size // 5, size // 2, size * 3 // 4}
    for cut in sorted(at for at in cuts if 0 < at < size):
        for data in (whole[:cut], whole[: cut // 2] + whole[cut:]):
            try:
                document = read(data, Path(path).name)
            except ReadError as error:
                assert error.zh.endswith("。") or "pip" in error.zh, error.zh
                assert Path(path).name in error.zh, error.zh
            else:
                assert document.text.strip()
"""


def _read_cut(paths: list[Path], kind: str = "files") -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CUT, kind, *map(str, paths)],
        capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_whatever_is_left_of_a_file_is_read_or_refused_in_a_sentence(tmp_path: Path) -> None:
    forms = sorted((Path(__file__).parents[2] / "examples" / "forms").iterdir())
    (tmp_path / "两页.pdf").write_bytes(_pages(2))
    (tmp_path / "表.xlsx").write_bytes(_book("A1:B1"))
    _read_cut([*forms, *tmp_path.iterdir()])


def test_whatever_is_left_of_a_picture_is_read_or_refused_in_a_sentence(tmp_path: Path) -> None:
    for module in ("rapidocr", "onnxruntime", "cv2"):
        pytest.importorskip(module, reason="the extra ocr is not installed")
    image = pytest.importorskip("PIL.Image")
    page = image.new("L", (160, 120), 255)
    page.paste(0, (20, 20, 60, 40))
    paths = []
    for suffix in ("png", "jpg", "gif", "bmp", "webp"):
        paths.append(tmp_path / f"页.{suffix}")
        page.save(paths[-1])
    for name, packing in (("页.tif", "tiff_lzw"), ("传真.tif", "group4")):
        paths.append(tmp_path / name)
        pages = [page.convert("1")] * 3
        pages[0].save(paths[-1], save_all=True, append_images=pages[1:], compression=packing)
    _read_cut(paths, "pictures")


def test_pages_before_the_cut_of_a_picture_file_are_counted() -> None:
    image = pytest.importorskip("PIL.Image")
    ocr = pytest.importorskip("taizhang.read.ocr")
    buffer = io.BytesIO()
    pages = [image.new("L", (300, 300), at) for at in (0, 90, 255)]
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    whole = buffer.getvalue()
    assert ocr._pages_in(image.open(io.BytesIO(whole)), 10) == (3, True)
    warnings.simplefilter("ignore")
    count, complete = ocr._pages_in(image.open(io.BytesIO(whole[: len(whole) * 2 // 3])), 10)
    assert count in (1, 2) and not complete


def test_the_other_files_of_a_run_go_on(tmp_path: Path) -> None:
    for name in ("乱.pdf", "弹.docx", "套.docx", "万页.pdf"):
        (tmp_path / name).write_bytes(FILES[name][0]())
    (tmp_path / "好.txt").write_text(REPORT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "taizhang", "read", str(tmp_path), "-f", "jsonl"],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and '"5.2%"' in done.stdout
    assert all(name in done.stderr for name in ("乱.pdf", "弹.docx", "套.docx", "万页.pdf"))
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("option", [["--pages", "3"], ["--limit", "0.0001"]])
def test_limits_are_set_on_the_command_line(tmp_path: Path, option: list[str]) -> None:
    (tmp_path / "页.pdf").write_bytes(_pages(5))
    done = subprocess.run(
        [sys.executable, "-m", "taizhang", "read", str(tmp_path / "页.pdf"), *option],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and "上限" in done.stderr and "Traceback" not in done.stderr
