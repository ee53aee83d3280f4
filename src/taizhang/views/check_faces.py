"""The formats of a check: one answer for all reports given, rendered whole."""

from __future__ import annotations

import io
from collections.abc import Callable

import msgspec

from taizhang.views import check_page, check_sheet, check_table
from taizhang.views.faces import Options
from taizhang.views.outcome import Checked, checked_record, named_record, undertaking_record
from taizhang.views.record import encode


class CheckFace(msgspec.Struct, frozen=True):
    """One format of a check; `terminal` says whether a terminal can show it."""

    render: Callable[[Checked, Options], bytes]
    terminal: bool = True


def _table(checked: Checked, options: Options) -> bytes:
    return check_table.render(
        checked, options.lang, width=options.width, colour=options.colour, undertakings=options.commitments
    ).encode()


def _json(checked: Checked, options: Options) -> bytes:
    return encode(checked_record(checked))


def _jsonl(checked: Checked, options: Options) -> bytes:
    if options.commitments:
        return b"".join(encode(undertaking_record(checked, item)) for item in checked.undertakings)
    return b"".join(encode(named_record(checked, item)) for item in checked.outcomes)


def _csv(checked: Checked, options: Options) -> bytes:
    return check_sheet.render_csv(checked, options.lang, undertakings=options.commitments)


def _xlsx(checked: Checked, options: Options) -> bytes:
    stream = io.BytesIO()
    check_sheet.write_xlsx(checked, options.lang, stream)
    return stream.getvalue()


def _html(checked: Checked, options: Options) -> bytes:
    return check_page.render(checked, options.lang).encode()


CHECK_FACES: dict[str, CheckFace] = {
    "table": CheckFace(_table),
    "json": CheckFace(_json),
    "jsonl": CheckFace(_jsonl),
    "csv": CheckFace(_csv),
    "xlsx": CheckFace(_xlsx, terminal=False),
    "html": CheckFace(_html),
}
