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
from taizhang.web.checked import findings_known, sheet
from taizhang.web.shelf import Shelf, years


def prepare(target: str) -> int:
    """Check whatever was not checked yet; gives how many pairs that were."""
    shelf = Shelf(target)
    parent = os.getppid()
    done = 0
    try:
        wanted = {(head.place, year) for head in shelf.look().heads() for year in years(head) if head.place and year}
        for place, year in sorted(wanted, key=lambda each: (-each[1], each[0] or "")):
            if os.getppid() != parent:
                break
            look = shelf.look()
            for pair in look.pairs(place or "", year):
                if pair.earlier and pair.later and findings_known(look, pair) is None:
                    with suppress(CheckError):
                        sheet(look, pair.earlier.report, pair.later.report)
                        done += 1
    finally:
        shelf.close()
    return done


if __name__ == "__main__":
    with suppress(OSError, AttributeError):
        os.nice(15)
    # The server says what is wrong with a ledger, to whoever asks for a page.
    with suppress(TaizhangError, KeyboardInterrupt):
        print(prepare(sys.argv[1]))
