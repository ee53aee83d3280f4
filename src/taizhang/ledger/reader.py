"""Which reader read: the version, and the rules of each room as fingerprints of their files.

A rule has no number of its own, and one forgotten to be raised would be worse than none. The bytes of a room's code
and word lists change whenever a rule does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec

import taizhang
from taizhang.lexicon import userlist

_ROOMS = ("fold.py", "model.py", "read", "structure", "extract", "lexicon")
_RULES = (".py", ".toml", ".tsv")


class Reader(msgspec.Struct, frozen=True):
    """A reader as a reading names it. Two readers with the same name read everything alike."""

    name: str
    """Version and a fingerprint of all rules: 0.1.0+3f9a0c12de."""
    rules: dict[str, str]
    """Fingerprint by room."""


@cache
def this_reader() -> Reader:
    """The reader that is running."""
    top = files("taizhang")
    rules = {name.removesuffix(".py"): _fingerprint(top.joinpath(name)) for name in _ROOMS}
    if userlist.fingerprint():
        rules["own"] = userlist.fingerprint()
    whole = hashlib.sha256("".join(rules.values()).encode()).hexdigest()[:10]
    # Asked for here and not imported by name: the package imports this room before it says its version.
    return Reader(f"{taizhang.__version__}+{whole}", rules)


def _fingerprint(place: Traversable) -> str:
    digest = hashlib.sha256()
    for name, content in _content(place):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:10]


def _content(place: Traversable) -> Iterator[tuple[str, bytes]]:
    if place.is_file():
        # An editor on another system may change line ends; that changes no rule.
        yield place.name, place.read_bytes().replace(b"\r\n", b"\n")
        return
    for item in sorted(place.iterdir(), key=lambda item: item.name):
        if (item.is_dir() and not item.name.startswith(("_", "."))) or item.name.endswith(_RULES):
            yield from _content(item)
