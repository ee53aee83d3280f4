"""A web page → its main text, with the DOM node of each line.

The page is parsed once and walked once, without recursion. Its text falls into lines at block elements and <br>; the
main text is what stands in the deepest element that holds nearly all of the page's prose, so that no list of templates
is needed and a page without prose around its report is kept whole. Of that element, menus, share bars and counters are
left out; a finding says how much was left out and how it begins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from email import policy
from email.parser import BytesParser
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from taizhang.errors import ReadError, counted
from taizhang.model import Location
from taizhang.read.decoded import Box, Decoded, Merged, Pen, ReadOptions, is_data
from taizhang.read.plain import decode_text

_MOST_NODES = 200_000
_DEEPEST = 2_000
"""A page that a person wrote has a few dozen levels; unclosed tags of old pages make some hundreds of it."""

_TAG = re.compile(r"<(/?)([a-z][a-z0-9:]*)[^<>]{0,2000}>", re.I)
_SELF_CLOSED = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li td th tr dt dd option"
    " tbody thead tfoot colgroup html body head".split()
)
"""Elements that hold nothing, or that the next of their kind closes: they do not nest where they are left open."""

_SILENT = frozenset(
    "script style noscript template head select option button input textarea iframe object svg nav audio video".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre section"
    " summary table tbody td tfoot th thead tr ul".split()
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_PROSE = re.compile("[，。；：！？]")
_SENTENCE = re.compile("[。；！？]")
_WORDS = re.compile(r"[\u3400-\u9fff0-9A-Za-z]")
_FURNITURE = re.compile(
    r"分享到|分享至|打印(?:本页|此页|本文|页面)|关闭(?:窗口|本页|页面)|字\s*(?:号|体)\s*[：:【\[（(]|[【\[（(]?\s*大\s+中\s+小"
    r"|(?:浏览|点击|阅读|访问)(?:次数|人次|量|数|率)\s*[：:]?|上一[篇条]|下一[篇条]|扫一扫|扫码|返回(?:顶部|首页|列表)"
    r"|(?:当前|您的?|现在|所在)(?:所在)?位置|责任编辑|责编[：:]|编辑[：:]|[主承]办单位?[：:]|备案[号证]|ICP|公网安备|版权所有"
    r"|Copyright|网站(?:地图|标识码)|联系我们|无障碍|收藏本[站页]|加入收藏|设为首页|相关(?:链接|新闻|阅读|附件)[：:]?$"
    r"|语音(?:播报|朗读)|我要(?:纠错|评论)|【(?:纠错|打印|关闭)】",
    re.I,
)
_LONGEST_FURNITURE = 80
_OTHERS = re.compile(
    r"[【\[]?(?:(?:相关|推荐|延伸|最新|热门|热点|更多|往期)(?:新闻|链接|阅读|文章|稿件|报道|信息|资讯|内容|文档|文件|解读|推荐|回顾|动态|专题)"
    r"|猜你喜欢|您可能感兴趣.{0,6}|大家都在看|同栏目.{0,6})[】\]]?\s*[：:]?\s*(?:更多)?\s*[>»]*"
)
"""The heading of a list of other pages."""
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:relat(?:ed|ive|e)|recommend(?:ed|s)?|xgxw|xgwz|xgyd|xglj|xgbd|tuijian|hot-?news)(?:[\s_-]|$)", re.I
)
"""A class or id that templates give to such a list."""
_DATE = re.compile(r"((?:19|20)\d\d)\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})")
_PUBLISHED = re.compile(r"(?:发布|发文|成文|时间|日期)[^0-9]{0,8}" + _DATE.pattern)
_PUBLISHER = re.compile(r"(?:信息)?来源\s*[：:]\s*([^\s：:|｜]{2,30})")
_SHARE_OF_PROSE = 0.8
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.I)
_LISTED_LINKS = 3
_BODY_TWICE = 5


class _Node(NamedTuple):
    parent: int
    tag: str
    nth: int
    """Which of its parent's children of that tag, from 1."""
    name: str | None
    """Its id."""
    span: tuple[int, int]
    """rowspan, colspan."""
    beside: bool = False
    """It or what it stands in is called a list of other pages by the page itself."""


class _Line(NamedTuple):
    node: int
    text: str
    linked: int
    """Characters inside links."""


class _Grid(NamedTuple):
    node: int
    boxes: list[Box]


class _Walk(NamedTuple):
    """A page as a flat list: an element opens (its index), closes (~index), a text node (string, and its parent)."""

    nodes: list[_Node]
    events: list[int | str]
    nested: set[int]
    """Tables that hold another table."""


def decode(data: bytes, name: str, options: ReadOptions) -> Decoded:
    """The reader of web pages. Raises `ReadError` where the bytes hold no text or more nesting than any page has."""
    source, encoding, damaged = _text_of(data, name)
    if _too_deep(source):
        raise _tangled(name)
    tree = LexborHTMLParser(source)
    walk = _walk(tree, name)
    items = _items(walk)
    pen = Pen()
    if damaged:
        pen.find(
            "read.damaged-characters", "warning",
            f"网页有{damaged}处字节不是 {encoding.upper()} 编码，读成了“\ufffd”。",
            f"{counted(damaged, 'byte of the page is', 'bytes of the page are')} not valid {encoding.upper()} and "
            "read as “\ufffd”.",
        )  # fmt: skip
    main, left = _main(walk, items)
    main, copies = _once(main)
    told = _told(tree, items)
    title = told["title"]
    top = "".join(item.text for item in main[:8] if isinstance(item, _Line))
    if title and _squeezed(title) not in _squeezed(top):
        heading = next(
            (item for item in items if isinstance(item, _Line) and _squeezed(item.text) == _squeezed(title)), None
        )
        pen.line(title, Location("node", path=_path(walk.nodes, heading.node) if heading else "html > head > title"))
        left = [item for item in left if item is not heading]
    for item in main:
        if isinstance(item, _Grid):
            pen.table(item.boxes)
        else:
            pen.line(item.text, Location("node", path=_path(walk.nodes, item.node)))
    if not pen.length:
        raise ReadError(
            f"网页“{name}”里没有文字（内容可能由脚本载入）。请在浏览器中打开后另存，或复制正文到文本文件（.txt）。",
            f"The web page “{name}” holds no text (a script may load it). Save it again from a browser, or copy its "
            "text into a text file (.txt).",
        )
    if copies:
        pen.find(
            "read.body-twice", "info",
            f"网页上同一段正文出现了两次（{copies}段），只读了一次。",
            f"The same text stands twice on the page ({counted(copies, 'paragraph')}); it was read once.",
        )  # fmt: skip
    _tell_left(pen, left)
    return pen.decoded("text/html", encoding, **told)


def decode_archive(data: bytes, name: str, options: ReadOptions) -> Decoded:
    """The reader of a page saved as one file (MHTML): its first HTML part."""
    message = BytesParser(policy=policy.default).parsebytes(data)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                return decode(body, name, options)
    raise ReadError(
        f"网页存档“{name}”里没有网页。请在浏览器中打开原网页，另存为 HTML 后再试。",
        f"The saved web page “{name}” holds no page. Open the page in a browser and save it as HTML.",
    )


def _text_of(data: bytes, name: str) -> tuple[str, str, int]:
    """Text, encoding, and how many bytes could not be read. What is declared counts least."""
    try:
        text, encoding = decode_text(data, name)
        return text, encoding, 0
    except ReadError:
        if not data.strip():
            raise
    declared = _DECLARED.search(data[:4096])
    names = ["utf-8", "gb18030", *(["cp950"] if declared and b"big5" in declared[1].lower() else [])]
    texts = {codec: data.decode(codec, errors="replace") for codec in names}
    best = min(names, key=lambda codec: texts[codec].count("\ufffd"))
    damaged = texts[best].count("\ufffd")
    if damaged > max(3, len(texts[best]) // 200):
        return *decode_text(data, name), 0
    return texts[best], best, damaged


def _too_deep(source: str) -> bool:
    """Whether tags are nested beyond measure. Asked first: a parser's time grows with its square."""
    tags = source.count("<")
    if not _DEEPEST < tags <= 4 * _MOST_NODES:
        return tags > _DEEPEST
    depth = 0
    for match in _TAG.finditer(source):
        if match[2].lower() in _SELF_CLOSED or match[0].endswith("/>"):
            continue
        depth = depth + 1 if not match[1] else max(0, depth - 1)
        if depth > _DEEPEST:
            return True
    return False


def _tangled(name: str) -> ReadError:
    return ReadError(
        f"网页“{name}”的标签层层嵌套或多得不像一篇报告，没有读取。请在浏览器中打开，把正文复制到文本文件（.txt）。",
        f"The tags of the web page “{name}” are nested deeper, or more, than those of any report; it was not read. "
        "Open it in a browser and copy its text into a text file (.txt).",
    )


def _walk(tree: LexborHTMLParser, name: str) -> _Walk:
    root = tree.root
    nodes: list[_Node] = []
    events: list[int | str] = []
    nested: set[int] = set()
    if root is None:
        return _Walk(nodes, events, nested)
    tables: list[int] = []
    path: list[int] = []
    counts: list[Counter[str]] = [Counter()]
    node: LexborNode | None = root
    while node is not None:
        tag = node.tag or ""
        child: LexborNode | None = None
        if tag == "-text":
            text = node.text_content
            if text:
                events.append(text)
        elif not tag.startswith("-") and tag not in _SILENT and not _is_hidden(node):
            counts[-1][tag] += 1
            attributes = node.attributes if tag in _BLOCKS else {}
            index = len(nodes)
            over = path[-1] if path else -1
            beside = (over >= 0 and nodes[over].beside) or any(
                _BESIDE.search(attributes.get(name) or "") for name in ("class", "id")
            )
            nodes.append(_Node(over, tag, counts[-1][tag], attributes.get("id"), _spans(attributes), beside))
            if len(nodes) > _MOST_NODES or len(path) > _DEEPEST:
                raise _tangled(name)
            events.append(index)
            if tag == "table":
                nested.update(tables)
                tables.append(index)
            child = node.child
            if child is not None:
                path.append(index)
                counts.append(Counter())
                node = child
                continue
            events.append(~index)
            if tag == "table":
                tables.pop()
        elif not tag.startswith("-"):
            counts[-1][tag] += 1
        following = node.next
        while following is None and path:
            closed = path.pop()
            counts.pop()
            events.append(~closed)
            if nodes[closed].tag == "table":
                tables.pop()
            node = node.parent
            if node is None:
                break
            following = node.next if path or closed else None
        node = following
    return _Walk(nodes, events, nested)


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(attributes.get("style") or ""))
    )


def _spans(attributes: dict[str, str | None]) -> tuple[int, int]:
    def number(word: str | None) -> int:
        return min(int(word), 1000) if word and word.isdecimal() and word.isascii() and int(word) else 1

    return number(attributes.get("rowspan")), number(attributes.get("colspan"))


def _items(walk: _Walk) -> list[_Line | _Grid]:
    """The page's lines and tables of data in order."""
    items: list[_Line | _Grid] = []
    lines = _Lines(walk.nodes)
    at, events = 0, walk.events
    while at < len(events):
        event = events[at]
        if isinstance(event, int) and event >= 0 and walk.nodes[event].tag == "table" and event not in walk.nested:
            end = events.index(~event, at)
            boxes = list(_boxes(walk, at, end))
            if is_data(boxes):
                items.extend(lines.cut())
                caption = _caption(walk, at, end)
                if caption:
                    items.append(_Line(event, caption, 0))
                items.append(_Grid(event, boxes))
                at = end + 1
                continue
        lines.take(event)
        items.extend(lines.done)
        lines.done.clear()
        at += 1
    items.extend(lines.cut())
    return items


class _Lines:
    """Gathers the text between one block boundary and the next."""

    def __init__(self, nodes: Sequence[_Node]) -> None:
        self._nodes = nodes
        self._path: list[int] = []  # open blocks
        self._parts: list[str] = []
        self._linked = 0
        self._links = 0
        self._pre = 0
        self.done: list[_Line] = []

    def take(self, event: int | str) -> None:
        if isinstance(event, str):
            self._parts.append(event if self._pre else _BLANKS.sub(" ", event))
            if self._links:
                self._linked += len(event.strip())
            return
        opens = event >= 0
        index = event if opens else ~event
        tag = self._nodes[index].tag
        if tag == "a":
            self._links += 1 if opens else -1
        elif tag == "br" and opens:
            self.done.extend(self.cut())
        elif tag in _BLOCKS:
            self.done.extend(self.cut())
            self._pre += (1 if opens else -1) if tag == "pre" else 0
            if opens:
                self._path.append(index)
            else:
                self._path.pop()

    def cut(self) -> Iterator[_Line]:
        """The lines gathered so far, of the innermost open block."""
        text = "".join(self._parts)
        linked = self._linked
        self._parts.clear()
        self._linked = 0
        if self._path:
            for line in text.split("\n"):
                line = _BLANKS.sub(" ", line).strip(" ")
                if line.strip():
                    yield _Line(self._path[-1], line, linked)


def _boxes(walk: _Walk, start: int, end: int) -> Iterator[Box]:
    """The cells of the table whose tags are the events `start` and `end`; merged ones once."""
    taken: dict[int, set[int]] = {}
    merged = Merged()
    row, column = -1, 0
    cell: int | None = None
    parts: list[str] = []
    for event in walk.events[start:end]:
        if isinstance(event, str):
            if cell is not None:
                parts.append(event)
            continue
        index = event if event >= 0 else ~event
        node = walk.nodes[index]
        if node.tag == "tr" and event >= 0:
            row, column = row + 1, 0
        elif node.tag in ("td", "th"):
            if event >= 0:
                cell, parts = index, []
                row = max(row, 0)
                while column in taken.get(row, ()):
                    column += 1
                continue
            rows, columns = merged.size(*node.span)
            for below in range(row, row + min(rows, 200)):
                taken.setdefault(below, set()).update(range(column, column + min(columns, 200)))
            text = _BLANKS.sub(" ", "".join(parts)).strip()
            yield Box(
                row, column, text, Location("cell", path=_path(walk.nodes, index)), rows, columns, node.tag == "th"
            )
            column += columns
            cell = None
        elif cell is not None and (node.tag in _BLOCKS or node.tag == "br"):
            parts.append(" ")


def _caption(walk: _Walk, start: int, end: int) -> str:
    """What a table's caption says."""
    parts: list[str] = []
    inside = False
    for event in walk.events[start:end]:
        if isinstance(event, str):
            parts += [event] if inside else []
        elif walk.nodes[event if event >= 0 else ~event].tag == "caption":
            inside = event >= 0
    return _BLANKS.sub(" ", "".join(parts)).strip()


def _path(nodes: Sequence[_Node], index: int) -> str:
    """The CSS path of an element: from the nearest id above it, else from the root."""
    steps: list[str] = []
    while index >= 0:
        node = nodes[index]
        if node.name and re.fullmatch(r"[A-Za-z][\w-]*", node.name):
            steps.append(f"#{node.name}")
            break
        steps.append(node.tag if node.tag in ("html", "body") else f"{node.tag}:nth-of-type({node.nth})")
        index = node.parent
    return " > ".join(reversed(steps))


def _weight(item: _Line | _Grid) -> int:
    """How much of a page's prose an item is: its unlinked characters, where it has a sentence's marks or is a table."""
    if isinstance(item, _Grid):
        return sum(len(box.text) for box in item.boxes)
    own = len(item.text) - item.linked
    return own if own > 0 and (_PROSE.search(item.text) or len(item.text) >= 40) else 0


def _main(walk: _Walk, items: list[_Line | _Grid]) -> tuple[list[_Line | _Grid], list[_Line | _Grid]]:
    """The items of the main text, and those left out."""
    total = sum(map(_weight, items))
    holds: Counter[int] = Counter()
    for item in items:
        weight = _weight(item)
        if weight:
            holds[item.node] += weight
    # Children come behind their parents in the list, so one pass from the end adds everything up.
    for index in sorted(range(len(walk.nodes)), reverse=True):
        parent = walk.nodes[index].parent
        if parent >= 0 and holds[index]:
            holds[parent] += holds[index]
    root = max((index for index, weight in holds.items() if weight >= total * _SHARE_OF_PROSE), default=0)
    # A report that is one paragraph or one table is the main text with what stands around it.
    while root and walk.nodes[root].tag in ("p", "span", "font", "table", "tbody", "tr", "li"):
        root = walk.nodes[root].parent
    inside = {root}
    for index, node in enumerate(walk.nodes):
        if node.parent in inside:
            inside.add(index)
    # A list of other pages is none of the text, unless the page calls all of it that.
    beside = sum(_weight(item) for item in items if walk.nodes[item.node].beside) * 2 < total
    main: list[_Line | _Grid] = []
    left: list[_Line | _Grid] = []
    for item in items:
        (left if item.node not in inside or (beside and walk.nodes[item.node].beside) else main).append(item)
    main, furniture = _without_furniture(main)
    return main, left + furniture


def _without_furniture(items: list[_Line | _Grid]) -> tuple[list[_Line | _Grid], list[_Line | _Grid]]:
    kept: list[_Line | _Grid] = []
    left: list[_Line | _Grid] = []
    listed: list[_Line | _Grid] = []

    def settle() -> None:
        (left if others or len(listed) >= _LISTED_LINKS else kept).extend(listed)
        listed.clear()

    others = False
    for item in items:
        if isinstance(item, _Line) and not _SENTENCE.search(item.text):
            if _OTHERS.fullmatch(item.text.strip()):
                settle()
                others = True
                left.append(item)
                continue
            if len(item.text) <= _LONGEST_FURNITURE and _FURNITURE.search(item.text):
                left.append(item)
                continue
            if item.linked * 10 >= len(item.text) * 7:
                listed.append(item)
                continue
        settle()
        others = False
        kept.append(item)
    settle()
    return kept, left


def _once(items: list[_Line | _Grid]) -> tuple[list[_Line | _Grid], int]:
    """The items without a second copy of the same run of paragraphs, and how many paragraphs that copy has."""
    long = [at for at, item in enumerate(items) if isinstance(item, _Line) and len(item.text) >= 30]
    texts = [_squeezed(items[at].text) for at in long]  # type: ignore[union-attr]
    first: dict[str, int] = {}
    for at, text in enumerate(texts):
        if text not in first:
            first[text] = at
            continue
        start = first[text]
        length = 0
        while at + length < len(texts) and start + length < at and texts[start + length] == texts[at + length]:
            length += 1
        if length >= _BODY_TWICE and length * 2 >= at - start:
            end = long[at + length - 1] + 1
            return items[: long[at]] + items[end:], length
    return items, 0


def _squeezed(text: str) -> str:
    return "".join(_WORDS.findall(text))


def _told(tree: LexborHTMLParser, items: Sequence[_Line | _Grid]) -> dict[str, str | None]:
    """What the page says of itself: title, day of publication, source."""
    metas: dict[str, str] = {}
    for node in tree.css("meta[name][content], meta[property][content]"):
        attributes = node.attributes
        key = (attributes.get("name") or attributes.get("property") or "").lower()
        value = (attributes.get("content") or "").strip()
        if value:
            metas.setdefault(key, value)
    title = metas.get("articletitle") or metas.get("og:title")
    if not title:
        heading = tree.css_first("h1")
        page = tree.css_first("title")
        whole = _BLANKS.sub(" ", page.text()).strip() if page else ""
        own = _BLANKS.sub(" ", heading.text()).strip() if heading else ""
        if own and (not whole or _squeezed(own) in _squeezed(whole)):
            title = own
        else:
            # The site's name stands behind a bar, a dash or an underscore.
            title = re.split(r"\s*[_|｜]\s*|\s+[-—–]\s*|\s*-{1,2}\s*(?=[^0-9])", whole)[0] or None
    lines = [item.text for item in items if isinstance(item, _Line) and len(item.text) <= 120]
    date = _DATE.search(metas.get("pubdate") or metas.get("publishdate") or metas.get("article:published_time") or "")
    date = date or next((found for line in lines if (found := _PUBLISHED.search(line))), None)
    source = metas.get("contentsource") or next((m[1] for line in lines if (m := _PUBLISHER.search(line))), None)
    published = None
    if date:
        year, month, day = (int(word) for word in date.groups()[-3:])
        if 1 <= month <= 12 and 1 <= day <= 31:
            published = f"{year:04}-{month:02}-{day:02}"
    return {"title": title or None, "published": published, "publisher": source}


def _tell_left(pen: Pen, left: Sequence[_Line | _Grid]) -> None:
    words = [
        item.text if isinstance(item, _Line) else " ".join(box.text for box in item.boxes if box.text) for item in left
    ]
    count = sum(map(len, words))
    if not count:
        return
    beginning = "、".join(word[:20] for word in words[:4])
    pen.find(
        "read.page-furniture", "info",
        f"网页上正文以外的{count}个字（菜单、分享栏、页脚等）没有读：{beginning}……",
        f"{counted(count, 'character')} of the page outside its main text (menus, share bars, footers) left out: "
        f"{beginning}",
    )  # fmt: skip
