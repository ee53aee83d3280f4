"""The answers, for every face: one `Report` as plain rows, a table, a workbook, a page.

`record` knows the rows, `words` what each field is called in Chinese and English; `table`, `sheet` and `page` draw
what those two say, and nothing is worked out in them. `faces` is the list of formats, and how one is written while the
reports come in one at a time.
"""

from taizhang.views.faces import FACES, Face, Options
from taizhang.views.record import commitment_record, record, report_record

__all__ = ["FACES", "Face", "Options", "commitment_record", "record", "report_record"]
