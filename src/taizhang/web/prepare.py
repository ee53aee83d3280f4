"""Works the checks of a whole ledger out ahead of anybody asking: `python -m taizhang.web.prepare LEDGER`.

`taizhang serve` starts it beside itself, so that it takes no time from the pages, and it leaves what it finds where
they look for it (`kept.py`). Newest years first. It ends with the ledger, or with the server that started it.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from taizhang.checks.order import CheckError
from taizhang.errors import TaizhangError
from taizhang.web.checked import known, lacks_text, look_for_text, sheet_of
from taizhang.web.shelf import Shelf


def prepare(target: str) -> int:
    """Check whatever was not checked yet; gives how many pairs and single reports that were."""
    shelf = Shelf(target)
    parent = os.getppid()
    done = 0
    try:
        for pair in shelf.look().checkable():
            if os.getppid() != parent:
                break
            look = shelf.look()
            if known(look, pair) is None:
                with suppress(CheckError):
                    sheet_of(look, pair)
                    done += 1
        for head in shelf.look().heads():
            if os.getppid() != parent:
                break
            look = shelf.look()
            if lacks_text(look, head.report) is None:
                look_for_text(look, look.report(head.report))
    finally:
        shelf.close()
    return done


if __name__ == "__main__":
    with suppress(OSError, AttributeError):
        os.nice(15)
    # The server says what is wrong with a ledger, to whoever asks for a page.
    with suppress(TaizhangError, KeyboardInterrupt):
        print(prepare(sys.argv[1]))
