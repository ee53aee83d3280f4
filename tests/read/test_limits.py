"""Files made to break readers: each ends in a sentence, in bounded time and memory, and stops no other file."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
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
}
PICTURES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "亿.png": (lambda: _png(10_000, 10_001, lambda at: b"\xff" * 10_000), "太大", "too large"),
    "噪.png": (
        lambda: _png(1500, 2000, lambda at: os.urandom(1500)),
        "没有识别出文字",
        "No text",
    ),
}

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
