"""Bytes of a text file → the text exactly as encoded, and the encoding's name.

Only strict decoding is accepted: a wrong guess turns a whole report into other characters without a word, and a
replaced character hides what was lost. A mark at the start or valid UTF-8 settles the matter; else the encodings that
Chinese files come in are tried, and the one whose result holds the most everyday characters wins.
"""

from __future__ import annotations

import re
from functools import lru_cache

import opencc
from charset_normalizer import from_bytes

from taizhang.errors import ReadError
from taizhang.read.decoded import Decoded, ReadOptions
from taizhang.read.grids import find_tables, separated

# The most frequent characters of government reports, commonest first. In the right encoding about two in three
# characters of any report are among them; in a wrong one hardly any.
_EVERYDAY = (
    "的和业国发建展一工大产加进化人设民全力中实政新年生经作地要增制会高有动在改强重资行保区推主成社济农务提体市持是能不合以理为等开我个城平家上长企基现定面"
    "用各好五度对方施量水入项技治分公革了坚万机出品点完造到创法学育同们质步部三代服目规快科本府深村续文义管事系安投计善性利结十划支教级关省多场元效心活优共积亿"
    "总金稳第外术收就源程放时决整二策调通升应标构环更极内来四自这群领下商营于位立县域路统向防期取得导费比电境过运百特乡口与种众战任护办九落型融态小集解做促达扩"
)
_MARKS = "，。、；：？！“”‘’（）《》〈〉—…·％％０１２３４５６７８９　「」『』"
_ENOUGH = 0.3  # share of everyday characters below which no encoding is believed; right ones reach 0.5 in any genre
_CLOSE = 0.1  # difference of shares within which a second opinion is asked for
_SHORT = 400  # bytes; a text of rarer words is believed on the second opinion alone only when it is this short
_SAMPLE = 50_000
_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f]")
_NON_ASCII = re.compile("[^\x00-\x7f]")

_BYTE_ORDER_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_LEGACY = ("gb18030", "cp950", "big5hkscs", "utf-16-le", "utf-16-be")
_NAMES = {"cp950": "big5"}


def decode(data: bytes, name: str, options: ReadOptions) -> Decoded:
    """The reader of text, Markdown and separated values; Markdown is told from text by its name alone."""
    text, encoding = decode_text(data, name)
    if name.lower().endswith((".md", ".markdown")):
        whole = separated(text)
        return Decoded(text, "text/markdown", encoding, tables=(whole,) if whole else find_tables(text))
    whole = separated(text)
    if whole is not None:
        return Decoded(text, "text/csv", encoding, tables=(whole,))
    return Decoded(text, "text/plain", encoding, tables=find_tables(text))


def decode_text(data: bytes, name: str) -> tuple[str, str]:
    """Text and encoding of `data`; `name` is only for the error's sentence. A byte order mark stays in the text."""
    if not data.strip(b" \t\r\n\x0b\x0c\x00"):
        if b"\x00" in data:
            raise _binary(name)
        raise ReadError(f"“{name}”是空文件，没有可读的文字。", f"“{name}” is empty: there is nothing to read.")
    text, encoding = _decode(data, name)
    if not text.strip("\ufeff \t\r\n\u3000\xa0"):
        raise ReadError(f"“{name}”只有空白，没有可读的文字。", f"“{name}” holds only blanks: there is nothing to read.")
    sample = text[:_SAMPLE]
    if len(_CONTROL.findall(sample)) > max(8, len(sample) // 300):
        raise _binary(name)
    return text, encoding


def line_starts(text: str) -> tuple[int, ...]:
    r"""Offset of the first character of each line; lines end with \n, \r\n or \r, as editors have it."""
    return (0, *(match.end() for match in _LINE_END.finditer(text)))


def _decode(data: bytes, name: str) -> tuple[str, str]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_strictly(data, encoding, name), encoding
    has_nul = b"\x00" in data
    if not has_nul:
        try:
            return data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError as error:
            if _is_damaged_utf8(data):
                raise _damaged(data, "utf-8", error.start, name) from None
    found = _legacy(data, ("utf-16-le", "utf-16-be")) if has_nul else None
    if found:
        return found
    if has_nul and data.count(b"\x00") > len(data) // 1000:
        raise _binary(name)
    if has_nul:
        try:
            return data.decode("utf-8"), "utf-8"
        except UnicodeDecodeError:
            pass
    found = _legacy(data, _LEGACY)
    if found:
        return found
    for encoding in ("gb18030", "cp950"):
        if everyday_share(data[:_SAMPLE].decode(encoding, errors="replace")) >= 2 * _ENOUGH:
            _decode_strictly(data, encoding, name)
    if _is_pasted(data):
        raise ReadError(
            f"“{name}”里有两种编码：一些行是 UTF-8，另一些是 GB18030。请把它们分开，各另存为 UTF-8 后再合并。",
            f"“{name}” is in two encodings: some lines are UTF-8, others GB18030. Part them, save each as UTF-8, and "
            "put them together again.",
        )
    guess = _second_opinion(data)
    if guess in _LEGACY and len(data) < _SHORT:
        return _decode_strictly(data, guess, name), _NAMES.get(guess, guess)
    raise _unknown(guess, name)


def _is_pasted(data: bytes) -> bool:
    """Whether each line is good text in UTF-8 or else in GB18030, and there are lines of both."""
    found = set()
    for line in data[:_SAMPLE].splitlines():
        if len(line) < 20 or line.isascii():
            continue
        for encoding in ("utf-8", "gb18030"):
            try:
                text = line.decode(encoding)
            except UnicodeDecodeError:
                continue
            if everyday_share(text) >= _ENOUGH:
                found.add(encoding)
                break
        else:
            return False
    return len(found) == 2


def _second_opinion(data: bytes, *candidates: str) -> str | None:
    """What the language models of charset-normalizer say, by our names."""
    best = from_bytes(data[:_SAMPLE], cp_isolation=list(candidates) or None).best()
    if best is None:
        return None
    guess = best.encoding.replace("_", "-")
    return {"big5": "cp950", "gbk": "gb18030", "gb2312": "gb18030"}.get(guess, guess)


def _legacy(data: bytes, encodings: tuple[str, ...]) -> tuple[str, str] | None:
    """The one of `encodings` that decodes all of `data` and gives the most everyday characters, if any gives enough."""
    texts: dict[str, str] = {}
    for encoding in encodings:
        if encoding == "big5hkscs" and "cp950" in texts:
            continue  # the same Big5 with more characters; the two differ only in how they name a few marks
        try:
            texts[encoding] = data.decode(encoding)
        except UnicodeDecodeError:
            continue
    shares = sorted(
        ((everyday_share(text), -encodings.index(encoding)) for encoding, text in texts.items()), reverse=True
    )
    if not shares or shares[0][0] < _ENOUGH:
        return None
    best = encodings[-shares[0][1]]
    rivals = [
        encodings[-rank]
        for share, rank in shares[1:]
        if share > shares[0][0] - _CLOSE and texts[encodings[-rank]] != texts[best]
    ]
    if rivals:
        # A line or two may read passably in two encodings.
        guess = _second_opinion(data, best, *rivals)
        best = guess if guess in rivals else best
    return texts[best], _NAMES.get(best, best)


def everyday_share(text: str) -> float:
    """Share of everyday characters and Chinese marks among all signs outside ASCII; 0.5 and more in any report."""
    letters = _NON_ASCII.findall(text[:_SAMPLE])
    if not letters:
        return 0.0
    everyday = _everyday()
    return sum(letter in everyday for letter in letters) / len(letters)


@lru_cache(maxsize=1)
def _everyday() -> frozenset[str]:
    return frozenset(_EVERYDAY + opencc.OpenCC("s2t").convert(_EVERYDAY) + _MARKS)


def _is_damaged_utf8(data: bytes) -> bool:
    """UTF-8 but for a few bytes: cut in the middle of a character, or spoilt on the way."""
    text = data[:_SAMPLE].decode("utf-8", errors="replace")
    return everyday_share(text) >= _ENOUGH and text.count("\ufffd") * 50 <= len(text) + 50


def _decode_strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _damaged(data, encoding, error.start, name) from None


def _damaged(data: bytes, encoding: str, at: int, name: str) -> ReadError:
    line = len(_LINE_END.findall(data[:at].decode(encoding, errors="replace"))) + 1
    label = _NAMES.get(encoding, encoding).upper()
    return ReadError(
        f"“{name}”的编码像是 {label}，但第 {line} 行（第 {at} 字节处）有损坏的字符。"
        f"请重新下载，或先去掉坏字节（iconv -c -f {label} -t UTF-8）再试。",
        f"“{name}” looks like {label}, but a character on line {line} (byte {at}) is damaged. "
        f"Fetch it again, or drop the bad bytes first (iconv -c -f {label} -t UTF-8).",
    )


def _binary(name: str) -> ReadError:
    return ReadError(
        f"“{name}”不是能读的文件（含二进制数据）。可以读的有 PDF、扫描图片、Word、网页、Excel、CSV、文本和 Markdown。",
        f"“{name}” is no file that can be read (it holds binary data). PDF, scans, Word, web pages, Excel, CSV, text "
        "and Markdown can.",
    )


def _unknown(guess: str | None, name: str) -> ReadError:
    if guess is None:
        return ReadError(
            f"认不出“{name}”的编码：可能几种编码混在一个文件里，或文件已损坏。"
            "请重新下载，或另存为 UTF-8 编码的文本文件后再试。",
            f"The encoding of “{name}” cannot be told: perhaps several are mixed in one file, or it is damaged. "
            "Fetch it again, or save it as UTF-8 text and try again.",
        )
    label = _NAMES.get(guess, guess)
    return ReadError(
        f"认不出“{name}”的中文编码（看起来像 {label}）。请另存为 UTF-8 编码的文本文件后再试。",
        f"The encoding of “{name}” is none of the Chinese ones (it looks like {label}). "
        "Save it as UTF-8 text and try again.",
    )
