"""What a statement is called: the same in every reading of the same words."""

from __future__ import annotations

import hashlib
from collections import Counter

from taizhang.model import Document, Frame, Span


class Ids:
    """Ids that say the same number of the same sentence, wherever the sentence stands.

    An id is made of the sentence's words, the number's place in it and which of equal sentences it is, so that text
    added elsewhere, or another number found, changes no id. A sentence is hashed once, however many numbers it holds:
    in a damaged text it may be the whole document.
    """

    def __init__(self, document: Document, frame: Frame) -> None:
        self._text, self._sentences = document.text, frame.sentences
        self._seen: Counter[bytes] = Counter()
        self._sentence = -1
        self._hash = hashlib.blake2s()

    def of(self, span: Span, sentence: int) -> str:
        """The id of the number at `span`, in the sentence of that index."""
        place = self._sentences[sentence].span
        if sentence != self._sentence:
            self._sentence = sentence
            self._hash = hashlib.blake2s(_bytes(self._text[place.start : place.end]), digest_size=6)
        key = self._hash.copy()
        key.update(_bytes(f"\0{span.start - place.start}\0{span.end - span.start}"))
        digest = key.digest()
        self._seen[digest] += 1
        key.update(_bytes(f"\0{self._seen[digest]}"))
        return key.hexdigest()


def _bytes(words: str) -> bytes:
    return words.encode("utf-8", "surrogatepass")
