"""Chinese full text by pairs of characters, without a tokeniser: right for words of two characters, of one, and GDP.

A run of Chinese characters is indexed as its overlapping pairs and its last character, 粮食产量 as 粮食 食产 产量 量:

- a word of two or more characters is the phrase of its pairs, which stands exactly where the word does;
- a single character is whatever begins with it: each character begins one pair, or stands last;
- Latin letters and digits are whole words, in any case (GDP, 5G, 5.2); a word that ends in letters finds longer ones.

Words are folded first, so widths and traditional characters make no difference. A space asks for both words, in any
order. The same words answer in SQLite (FTS5) and PostgreSQL (tsvector), and in Python for what people corrected.
"""

from __future__ import annotations

import re

import msgspec

from taizhang.errors import LedgerError
from taizhang.fold import fold

_HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(rf"(?P<han>[{_HAN}]+)|(?:[^\W_{_HAN}])+(?:\.[0-9]+)*")
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_MOST_WORDS = 16
_LONGEST = 128  # characters of a word; PostgreSQL refuses longer ones than 2,046 bytes
_MOST_TOKENS = 30_000  # of one text in PostgreSQL, whose vectors hold 1 MB


class Term(msgspec.Struct, frozen=True):
    """Tokens that must follow each other; with `open`, the last of them may go on."""

    tokens: tuple[str, ...]
    open: bool

    def stands_in(self, tokens: list[str]) -> bool:
        """Whether the phrase stands in a text given as its tokens."""
        length = len(self.tokens)
        *head, last = self.tokens
        for at in range(len(tokens) - length + 1):
            end = tokens[at + length - 1]
            if (end.startswith(last) if self.open else end == last) and tokens[at : at + length - 1] == head:
                return True
        return False


def tokens(text: str) -> list[str]:
    """The tokens of a text that is already folded, in order."""
    found: list[str] = []
    for match in _RUNS.finditer(_THOUSANDS.sub("", text)):
        run = match[0].lower()
        if len(run) > _LONGEST and not match["han"]:
            run = run[:_LONGEST]
        if match["han"]:
            found += [run[at : at + 2] for at in range(len(run))]
        else:
            found.append(run)
    return found


def terms(words: str) -> tuple[Term, ...]:
    """What to look for, a term for each word between spaces. Raises `LedgerError` where there is nothing."""
    found = [term for word in words.split() if (term := _term(fold(word).text)) is not None]
    if not found:
        raise LedgerError(
            f"“{words}”里没有可以查找的字。请输入汉字、字母或数字。",
            f"There is nothing to look for in “{words}”. Give characters, letters or digits.",
        )
    return tuple(dict.fromkeys(found))[:_MOST_WORDS]


def _term(word: str) -> Term | None:
    found = tokens(word)
    if not found:
        return None
    last = found[-1]
    if re.match(f"[{_HAN}]", last):
        # The single character that ends a run: said already by the pair before it, or open if it is all there is.
        if len(last) == 1 and len(found) > 1 and len(found[-2]) == 2 and found[-2][1] == last:
            return Term(tuple(found[:-1]), open=False)
        return Term(tuple(found), open=True)
    return Term(tuple(found), open=last[-1].isalpha())


def for_sqlite(wanted: tuple[Term, ...]) -> str:
    """The terms in the language of FTS5's MATCH."""
    return " AND ".join(f'"{" ".join(term.tokens)}"{" *" if term.open else ""}' for term in wanted)


def for_postgres(wanted: tuple[Term, ...]) -> str:
    """The terms as a tsquery."""
    return " & ".join("(" + " <-> ".join([*(f"'{t}'" for t in term.tokens[:-1]), _last(term)]) + ")" for term in wanted)


def _last(term: Term) -> str:
    return f"'{term.tokens[-1]}'" + (":*" if term.open else "")


def vector(*columns: list[str]) -> str:
    """Tokens of some columns as a tsvector; a gap between the columns, so that no phrase runs over it."""
    at, said = 0, []
    for column in columns:
        for token in column[: _MOST_TOKENS - at]:
            at += 1
            said.append(f"'{token}':{min(at, 16383)}")
        at += 1
    return " ".join(said)
