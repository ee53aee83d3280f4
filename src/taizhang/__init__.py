"""taizhang (台账): plan and work reports in, statements out.

    from taizhang import extract, read

    report = extract(read("report.txt"))
    for statement in report.statements:
        print(statement.indicator, statement.value, statement.unit, statement.period)

`read` turns a file into a `Document`, `extract` a document into a `Report`. The names below are the whole interface.
"""

# Not loaded lazily: `read` and `extract` are sub-packages too, and whichever is bound last here is what users get.
from taizhang.errors import ReadError, TaizhangError
from taizhang.extract import extract
from taizhang.model import Commitment, Document, Finding, Report, Span, Statement
from taizhang.read import read

__version__ = "0.1.0"

__all__ = [
    "Commitment",
    "Document",
    "Finding",
    "ReadError",
    "Report",
    "Span",
    "Statement",
    "TaizhangError",
    "extract",
    "read",
]
