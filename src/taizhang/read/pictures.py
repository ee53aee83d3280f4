"""Pages as pictures to show, as they are in the file: the boxes that `Document.locate` gives are of them."""

from __future__ import annotations

import struct
import threading
import zlib

_SIDE = 1400

DRAWING = threading.Lock()
"""The library that opens PDFs must not be used by two threads at once: who reads one beside this holds it too."""


def picture(data: bytes, media_type: str, number: int) -> bytes | None:
    """A grey PNG of page `number` (from 1) of a PDF or image file; nothing where it cannot be drawn."""
    try:
        if media_type == "application/pdf":
            with DRAWING:
                return _of_pdf(data, number)
        if media_type.startswith("image/"):
            return _of_image(data, number)
    except Exception:  # a picture is an extra: whatever a drawing library says, the report is shown without it
        return None
    return None


def _of_pdf(data: bytes, number: int) -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        page = document[number - 1]
        bitmap = page.render(scale=_SIDE / max(*page.get_size(), 1.0), grayscale=True)
        rows = bytes(bitmap.buffer)
        return _png(rows, bitmap.width, bitmap.height, bitmap.stride)
    finally:
        document.close()


def _of_image(data: bytes, number: int) -> bytes:
    from io import BytesIO

    from PIL import Image, ImageOps

    image = Image.open(BytesIO(data))
    image.seek(number - 1)
    image.draft("L", (_SIDE, _SIDE))
    grey = ImageOps.exif_transpose(image).convert("L")
    grey.thumbnail((_SIDE, _SIDE))
    return _png(grey.tobytes(), grey.width, grey.height, grey.width)


def _png(rows: bytes, width: int, height: int, stride: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    # Sixteen greys are enough to read by, and pack better.
    greys = bytes(min(255, (value + 8) // 17 * 17) for value in range(256))
    lines = b"".join(b"\0" + rows[y * stride : y * stride + width].translate(greys) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines, 6)) + chunk(b"IEND", b"")
