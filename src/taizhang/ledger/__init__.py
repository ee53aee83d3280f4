"""The ledger: reports of a place entered one after another, and what is known of each indicator through them.

`Ledger` is the only door: `store` is the half of it that changes, `questions` the half that answers. `events` says what
can happen, `status` what follows from it, `placing` how a person's words are found again after a better reading,
`search` how Chinese is looked up; `schema`, `rows` and `ask` know the tables. `identity` says which two figures are of
the same thing; checks use it without any ledger, so the names below, and with them the database library, are loaded
when first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taizhang.ledger.answers import (
        Diff,
        Difference,
        Entry,
        Happening,
        Head,
        Hit,
        Hits,
        Info,
        Page,
        Proposal,
        Tallies,
        Tally,
    )
    from taizhang.ledger.events import Event
    from taizhang.ledger.questions import Moment
    from taizhang.ledger.reader import Reader, this_reader
    from taizhang.ledger.status import Decision, State, Unplaced
    from taizhang.ledger.store import Ledger

__all__ = [
    "Decision",
    "Diff",
    "Difference",
    "Entry",
    "Event",
    "Happening",
    "Head",
    "Hit",
    "Hits",
    "Info",
    "Ledger",
    "Moment",
    "Page",
    "Proposal",
    "Reader",
    "State",
    "Tallies",
    "Tally",
    "Unplaced",
    "this_reader",
]

_HOMES = {
    "Decision": "status",
    "Event": "events",
    "Ledger": "store",
    "Moment": "questions",
    "Reader": "reader",
    "State": "status",
    "Unplaced": "status",
    "this_reader": "reader",
}
"""Where each name lives; the others in `answers`."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"taizhang.ledger.{_HOMES.get(name, 'answers')}"), name)
