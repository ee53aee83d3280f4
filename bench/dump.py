#!/usr/bin/env python3
"""Read the files named on standard input and write their statements and commitments to standard output.

One file a line in, one JSON object a line out. `gains.py` runs this script once for each revision, with that
revision's `src` on PYTHONPATH, so it uses no more of the package than `read`, `extract` and the rows they print.
"""

from __future__ import annotations

import sys
from pathlib import Path

from taizhang.extract import extract
from taizhang.read import read
from taizhang.views.record import commitment_record, encode, record


def main() -> None:
    for line in sys.stdin:
        path = line.rstrip("\n")
        answer: dict[str, object] = {"file": path}
        try:
            report = extract(read(Path(path)))
        except Exception as error:  # a revision that fails on a file is a finding, not the end of the comparison
            answer["error"] = f"{type(error).__name__}: {error}"
        else:
            answer["statements"] = [record(statement, path) for statement in report.statements]
            answer["commitments"] = [commitment_record(commitment, path) for commitment in report.commitments]
        sys.stdout.buffer.write(encode(answer))


if __name__ == "__main__":
    main()
