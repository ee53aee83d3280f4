"""taizhang (台账): plan and work reports in, statements out.

    from taizhang import extract, read

    report = extract(read("report.txt"))
    for statement in report.statements:
        print(statement.indicator, statement.value, statement.unit, statement.period)

`read` turns a file into a `Document`, `extract` a document into a `Report`; a `Ledger` keeps reports and what people
say of them. The names below are the whole interface.
"""

from typing import TYPE_CHECKING

# Not loaded lazily: `read` and `extract` are sub-packages too, and whichever is bound last here is what users get.
from taizhang.errors import LedgerError, ReadError, TaizhangError
from taizhang.extract import extract
from taizhang.model import Commitment, Document, Finding, Report, Span, Statement
from taizhang.read import read

if TYPE_CHECKING:
    from taizhang.ledger import Ledger

__version__ = "0.1.0"

__all__ = [
    "Commitment",
    "Document",
    "Finding",
    "Ledger",
    "LedgerError",
    "ReadError",
    "Report",
    "Span",
    "Statement",
    "TaizhangError",
    "extract",
    "read",
]


def __getattr__(name: str) -> object:
    # The database library takes longer to load than a report to read, and most users of the reader open no ledger.
    if name == "Ledger":
        from taizhang.ledger import Ledger

        return Ledger
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
