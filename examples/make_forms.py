"""Writes the report `lanchuan-2026-plan.txt` and a table of its main figures in the forms that reports come in.

Run it after a change of the report: `python examples/make_forms.py`. The same input gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).parent
FORMS = HERE / "forms"
REPORT = HERE / "lanchuan-2026-plan.txt"
TABLE = (
    ("指标", "单位", "2025年", "", "", "2026年预期目标"),
    ("", "", "总量", "增长（%）", "完成预算的%", ""),
    ("一、经济发展", "", "", "", "", ""),
    ("生产总值", "亿元", "1362.8", "5.3", "—", "增长5%以上"),
    ("其中：第一产业增加值", "亿元", "162.4", "3.7", "—", ""),
    ("第二产业增加值", "亿元", "547.9", "6.0", "—", ""),
    ("第三产业增加值", "亿元", "652.5", "5.1", "—", ""),
    ("固定资产投资", "", "", "3.8", "—", "增长5%"),
    ("一般公共预算收入", "亿元", "90.1", "4.2", "100.2", "增长3%—4%"),
    ("二、人民生活", "", "", "", "", ""),
    ("城镇居民人均可支配收入", "元", "42172", "5.1", "—", "增长5.5%左右"),
    ("农村居民人均可支配收入", "元", "21781", "7.2", "—", "增长5.5%左右"),
    ("城镇新增就业", "万人", "2.73", "", "—", "2.5"),
    ("粮食总产量", "万吨", "105.6", "", "—", "105以上"),
)
TITLE = "澜川市2026年国民经济和社会发展计划主要指标表"
NOTE = "注：2025年为初步核算数。"

_FIRST = re.compile("^([一二三四五六七八九十]+)、")
_SECOND = re.compile("^（([一二三四五六七八九十]+)）")
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def main() -> None:
    """Write every form beside this script."""
    FORMS.mkdir(exist_ok=True)
    for name, data in forms().items():
        (FORMS / name).write_bytes(data)


def forms() -> dict[str, bytes]:
    """File name → bytes."""
    lines = [line.strip("　 ") for line in REPORT.read_text(encoding="utf-8").splitlines() if line.strip("　 ")]
    return {
        "lanchuan-2026-plan.md": _markdown(lines).encode(),
        "lanchuan-2026-plan.html": _page(lines).encode("gb18030"),
        "lanchuan-2026-plan.docx": _word(lines),
        "lanchuan-2026-indicators.csv": _separated().encode("gb18030"),
        "lanchuan-2026-indicators.xlsx": _workbook(),
        "lanchuan-2026-indicators.html": f"<html><body>{_html_table()}</body></html>".encode(),
        "lanchuan-2026-indicators.docx": _packed(
            _document(_paragraph(TITLE) + _word_table() + _paragraph(NOTE)), numbered=False
        ),
    }


def _markdown(lines: list[str]) -> str:
    marked = []
    for at, line in enumerate(lines):
        mark = "# " if at == 0 else "## " if _FIRST.match(line) else "### " if _SECOND.match(line) else ""
        marked.append(mark + line)
    return "\n\n".join(marked) + "\n"


def _page(lines: list[str]) -> str:
    """A page of a city's website: declared gb2312 (it is GB18030), with all the furniture of such pages."""
    menu = "".join(
        f'<li><a href="/c{n}/">{name}</a></li>' for n, name in enumerate("要闻 政务 服务 互动 数据 专题".split())
    )
    # Not before the rest of a sentence that a page break tore: that is no paragraph of its own.
    indents = ["" if "，" in before and before[-1] not in "。：" else "　　" for before in lines]
    body = "\n".join(f"<p>{indent}{escape(line)}</p>" for indent, line in zip(indents, lines[1:], strict=False))
    return f"""<!DOCTYPE html>
<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>{escape(lines[0])}_澜川市人民政府</title>
<meta name="PubDate" content="2026-02-03 10:20"><meta name="ContentSource" content="澜川市发展和改革委员会">
<style>.hide{{display:none}}</style><script>var hits=20318;</script></head>
<body><form><div class="top"><ul>{menu}</ul><input name="q"><a href="/">设为首页</a></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/gk/">政务公开</a> &gt; 计划报告</div>
<div class="detail"><h1>{escape(lines[0])}</h1>
<div class="meta">发布时间：2026-02-03　来源：澜川市发展和改革委员会　浏览次数：<span>20318</span>次
字号：[<a>大</a> <a>中</a> <a>小</a>]</div><div class="share">分享到：<a>微信</a> <a>微博</a></div>
<div class="TRS_Editor">{body}</div>
<p>【打印本页】　【关闭窗口】</p>
<ul><li><a href="1.html">市六届人大六次会议闭幕，会期4天</a></li>
<li><a href="2.html">2026年重点项目集中开工86个</a></li>
<li><a href="3.html">图解：一图读懂计划报告</a></li></ul></div>
<div class="foot">版权所有：澜川市人民政府　联系电话：0999-1234567　澜ICP备00000000号</div></form></body></html>
"""


def _separated() -> str:
    rows = [",".join(row) for row in TABLE]
    return "\r\n".join([TITLE, *rows, NOTE]) + "\r\n"


def _html_table() -> str:
    top, below, *rest = TABLE
    first = "".join(
        f'<th colspan="3">{cell}</th>' if cell == "2025年" else f'<th rowspan="2">{cell}</th>' for cell in top if cell
    )
    second = "".join(f"<th>{cell}</th>" for cell in below if cell)
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rest)
    return f"<p>{TITLE}</p><table><tr>{first}</tr><tr>{second}</tr>{rows}</table><p>{NOTE}</p>"


# --- Word ------------------------------------------------------------------------------------------------------------


def _paragraph(text: str, level: int | None = None) -> str:
    numbers = "" if level is None else f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
    return f"<w:p><w:pPr>{numbers}</w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def _word(lines: list[str]) -> bytes:
    """The report with its numbers left to Word, one paragraph in tracked changes, one in a text box."""
    body = []
    for at, line in enumerate(lines):
        if _FIRST.match(line):
            body.append(_paragraph(_FIRST.sub("", line), 0))
        elif _SECOND.match(line):
            body.append(_paragraph(_SECOND.sub("", line), 1))
        elif at == len(lines) - 1:
            body.append(
                f"<w:p><w:del><w:r><w:delText>各位代表，增长99%。</w:delText></w:r></w:del>"
                f"<w:ins><w:r><w:t>{escape(line)}</w:t></w:r></w:ins></w:p>"
            )
        else:
            body.append(_paragraph(line))
    return _packed(_document("".join(body)), numbered=True)


def _word_table() -> str:
    rows = []
    for number, row in enumerate(TABLE):
        cells = []
        for column, cell in enumerate(row):
            merge = ""
            if number == 0 and cell == "2025年":
                merge = '<w:gridSpan w:val="3"/>'
            elif number == 0 and column in (3, 4):
                continue
            elif number < 2 and column in (0, 1, 5):
                merge = '<w:vMerge w:val="restart"/>' if number == 0 else "<w:vMerge/>"
            cells.append(f"<w:tc><w:tcPr>{merge}</w:tcPr>{_paragraph(cell)}</w:tc>")
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def _document(body: str) -> str:
    return f'{_HEAD}<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'


def _packed(document: str, *, numbered: bool) -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    parts = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}.document.main+xml"/>'
        f'<Override PartName="/word/numbering.xml" ContentType="{kind}.numbering+xml"/></Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship '
        f'Id="r1" Type="{_OFFICE}/numbering" Target="numbering.xml"/></Relationships>',
        "word/document.xml": document,
    }
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for level, text in enumerate(("%1、", "（%2）"))
    )
    parts["word/numbering.xml"] = (
        f'{_HEAD}<w:numbering xmlns:w="{_W}"><w:abstractNum w:abstractNumId="0">{levels if numbered else ""}'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )
    return _zipped(parts)


def _zipped(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 2, 3, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


# --- Excel -----------------------------------------------------------------------------------------------------------


def _workbook() -> bytes:
    """The table with numbers as numbers: shares of a whole shown as percent, levels with the decimals they have."""
    formats: list[str] = ["General", "0", "0.0", "0.00", "0.0%"]
    rows = [[TITLE], *map(list, TABLE), [NOTE]]
    written = []
    for number, row in enumerate(rows, 1):
        cells = []
        for column, cell in enumerate(row):
            place = f"{chr(65 + column)}{number}"
            if re.fullmatch(r"[0-9]+(\.[0-9]+)?", cell):
                value, style = cell, 1 + len(cell.partition(".")[2])
                if column == 4:
                    value, style = f"{float(cell) / 100:.4f}", 4
                cells.append(f'<c r="{place}" s="{style}"><v>{value}</v></c>')
            elif cell:
                cells.append(f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>')
        written.append(f'<row r="{number}">{"".join(cells)}</row>')
    merged = ["A1:F1", "A2:A3", "B2:B3", "C2:E2", "F2:F3"]
    areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return _zipped(
        {
            "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/></Types>',
            "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship '
            f'Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
            f'Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
            "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{main}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="主要指标" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/styles.xml": f'{_HEAD}<styleSheet xmlns="{main}"><numFmts count="{len(formats)}">'
            + "".join(f'<numFmt numFmtId="{164 + at}" formatCode="{form}"/>' for at, form in enumerate(formats))
            + '</numFmts><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
            f'<borders count="1"><border/>'
            f'</borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="{len(formats)}">'
            + "".join(f'<xf numFmtId="{164 + at}" applyNumberFormat="1"/>' for at in range(len(formats)))
            + "</cellXfs></styleSheet>",
            "xl/worksheets/sheet1.xml": f'{_HEAD}<worksheet xmlns="{main}"><sheetData>{"".join(written)}</sheetData>'
            f'<mergeCells count="{len(merged)}">{areas}</mergeCells></worksheet>',
        }
    )


if __name__ == "__main__":
    main()
