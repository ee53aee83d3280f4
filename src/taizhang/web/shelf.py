"""The open ledger, and what was computed from it, kept until the ledger says that it changed."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec

from taizhang.checks.decided import decided
from taizhang.checks.findings import findings
from taizhang.checks.match import year_of
from taizhang.checks.order import in_order
from taizhang.checks.outcomes import outcomes_over
from taizhang.checks.undertakings import undertakings_over
from taizhang.errors import TaizhangError
from taizhang.ledger import Head, Ledger
from taizhang.model import Report
from taizhang.structure.places import place_order
from taizhang.views.outcome import Checked
from taizhang.web.kept import Kept

T = TypeVar("T")


class GoneError(TaizhangError):
    """The ledger's file is not there any more."""


_KEPT = {"report": 64, "checked": 8, "sheet": 64, "body": 96, "findings": 512, "series": 64}
"""How many of each kind of computed thing are kept."""


class Pair(msgspec.Struct, frozen=True):
    """The report that sets targets for a year and the one that reports on it; either may be missing."""

    place: str
    year: int
    kind: str | None
    earlier: Head | None
    later: Head | None
    twins: tuple[Head, ...] = ()
    """Other reports of the same place, kind and year, which are not used here."""


def called(target: str) -> str:
    """What visitors are told of where a ledger is: the name of its file or database, not the folders or the server."""
    return target.partition("?")[0].rstrip("/").replace("\\", "/").rsplit("/", 1)[-1] or target


def is_readonly(target: str) -> bool:
    """Whether a ledger's file, or the folder that its log is written to, may only be read."""
    path = Path(target)
    if "://" in target or not path.is_file():
        return False
    return not (os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK))


class Shelf:
    """One ledger for as long as it is served. Safe to share between threads.

    A ledger whose file was replaced is opened again: `serial` then changes, and a form that was made before says so.
    """

    def __init__(self, target: str) -> None:
        self.target = target
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._counts: dict[str, int] = {}
        self.readonly = is_readonly(target)
        """Its file or folder cannot be written: it is shown, and nothing is changed."""
        self._ledger = Ledger.open(target, readonly=self.readonly, called=called(target))
        self._file = self._identity()
        self.kept = Kept(None if "://" in target else Path(f"{target}.kept"))
        """What was worked out before, also by an earlier server."""
        self.serial = self._ledger.info().ledger

    def _identity(self) -> tuple[int, int] | None:
        if "://" in self.target:
            return None
        try:
            found = Path(self.target).stat()
        except OSError:
            return (0, 0)
        return found.st_dev, found.st_ino

    @property
    def ledger(self) -> Ledger:
        """The ledger; opened anew where its file was replaced. Raises `GoneError` where there is none any more."""
        if self._identity() != self._file:
            with self._lock:
                now = self._identity()
                if now != self._file:
                    if now == (0, 0):
                        raise GoneError(
                            f"账本文件“{called(self.target)}”不在了。请放回原处，再刷新本页。",
                            f"The file of the ledger “{called(self.target)}” is gone. Put it back, then reload this "
                            "page.",
                        )
                    self.readonly = is_readonly(self.target)
                    opened = Ledger.open(self.target, readonly=self.readonly, called=called(self.target))
                    self._ledger.close()
                    self._ledger, self._file, self.serial = opened, now, opened.info().ledger
                    self._kept.clear()
                    self._counts.clear()
        return self._ledger

    def close(self) -> None:
        self._ledger.close()
        self.kept.close()

    def look(self) -> Look:
        """The shelf as one request sees it."""
        return Look(self)

    def keep(self, kind: str, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for a key; `key` holds everything that it rests on.

        Who asks while it is being made waits for it: many at once would make it many times, each the slower for it.
        """
        name = (kind, key)
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return cast(T, self._kept[name])
            making = self._making.setdefault(name, threading.Lock())
        with making:
            with self._lock:
                if name in self._kept:
                    return cast(T, self._kept[name])
            try:
                made = make()
                self._store(kind, name, made)
            finally:
                with self._lock:
                    self._making.pop(name, None)
        return made

    def _store(self, kind: str, name: Hashable, made: object) -> None:
        with self._lock:
            if name in self._kept:
                return
            self._kept[name] = made
            self._counts[kind] = self._counts.get(kind, 0) + 1
            if self._counts[kind] > _KEPT[kind]:
                oldest = next(each for each in self._kept if cast(tuple[str, Hashable], each)[0] == kind)
                del self._kept[oldest]
                self._counts[kind] -= 1


class Look:
    """The shelf as one request sees it: what it asked of the ledger once, it does not ask again."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.target, self.kept, self.keep = shelf.target, shelf.kept, shelf.keep
        self.readonly = shelf.readonly

    @cached_property
    def ledger(self) -> Ledger:
        """Raises `GoneError` where there is none any more."""
        return self._shelf.ledger

    @property
    def serial(self) -> str:
        """Of the ledger: another one where its file was replaced."""
        return self._shelf.serial

    @cached_property
    def newest(self) -> int:
        """Number of the newest event."""
        return self.ledger.newest()

    @cached_property
    def _stamps(self) -> dict[str, tuple[int, ...]]:
        return self.ledger.stamps()

    # Reports

    @cached_property
    def _heads(self) -> tuple[Head, ...]:
        return self.ledger.reports()

    @cached_property
    def _by_id(self) -> dict[str, Head]:
        return {head.report: head for head in self._heads}

    @cached_property
    def _by_place(self) -> dict[str | None, list[Head]]:
        found: dict[str | None, list[Head]] = {}
        for head in self._heads:
            found.setdefault(head.place, []).append(head)
        return found

    def heads(self) -> tuple[Head, ...]:
        return self._heads

    def head(self, report: str) -> Head | None:
        return self._by_id.get(report)

    def stamp(self, report: str) -> tuple[int, ...]:
        """What the answers about one report rest on."""
        return self._stamps.get(report, ())

    def report(self, report: str) -> Report:
        """A report with people's corrections applied."""
        return self.keep("report", (report, self.stamp(report)), lambda: self.ledger.report(report))

    # Checks

    def pairs(self, place: str, year: int) -> list[Pair]:
        """For each kind of report of a place: the one that plans a year and the one that reviews it."""
        found = []
        heads = self._by_place.get(place, [])
        for kind in dict.fromkeys(head.kind for head in heads):
            mine = [head for head in heads if head.kind == kind]
            earlier = [head for head in mine if _planned(head) == year]
            later = [head for head in mine if _reviewed(head) == year]
            if earlier or later:
                # Of several the fullest counts, of equals the last that was entered; the page names the others.
                earlier.sort(key=lambda head: head.statements)
                later.sort(key=lambda head: head.statements)
                rest = (*earlier[:-1], *later[:-1])
                found.append(
                    Pair(place, year, kind, earlier[-1] if earlier else None, later[-1] if later else None, rest)
                )
        return sorted(found, key=lambda pair: (pair.earlier is None or pair.later is None, pair.kind or ""))

    def pair(self, place: str, year: int, kind: str | None = None) -> Pair | None:
        """The pair of one kind of report; by default of the first kind that has both."""
        return next((pair for pair in self.pairs(place, year) if kind in (None, pair.kind)), None)

    def checkable(self) -> tuple[Pair, ...]:
        """Every pair whose targets can be checked, newest years first; of a place without any its single reports."""

        def make() -> tuple[Pair, ...]:
            found: list[Pair] = []
            for place, mine in self._by_place.items():
                if place is None:
                    continue
                told = sorted({year for head in mine for year in years(head) if year is not None})
                pairs = [pair for year in told for pair in self.pairs(place, year)]
                whole = [pair for pair in pairs if pair.earlier and pair.later]
                found += whole or [pair for pair in pairs if pair.later]
            found.sort(key=lambda pair: (-pair.year, place_order(pair.place)))
            return tuple(found)

        return self.keep("findings", ("checkable", self.serial, self.newest), make)

    def waiting(self) -> tuple[Pair, ...]:
        """Targets of years on which no report is here yet, the newest years first."""
        found = [
            pair
            for place, mine in self._by_place.items()
            if place is not None
            for year in {year for year in map(_planned, mine) if year is not None}
            for pair in self.pairs(place, year)
            if pair.earlier and not pair.later
        ]
        return tuple(sorted(found, key=lambda pair: (-pair.year, place_order(pair.place))))

    def checked(self, earlier: str, later: str) -> Checked:
        """What became of the targets that `earlier` sets for the year that `later` reports on, as people have it."""
        ledger = self.ledger
        key = (earlier, self.stamp(earlier), later, self.stamp(later))

        def make() -> Checked:
            ordered = in_order([self.report(earlier), self.report(later)])
            worked_out = outcomes_over(ordered)
            said = decided(worked_out, ledger.decisions(), ordered)
            heard = undertakings_over(ordered)
            return Checked(tuple(ordered), tuple(said), tuple(findings(ordered)), tuple(heard))

        return self.keep("checked", key, make)

    def checked_alone(self, report: str) -> Checked:
        """What is odd in one report by itself."""
        key = (report, self.stamp(report))

        def make() -> Checked:
            mine = self.report(report)
            return Checked((mine,), (), tuple(findings([mine])))

        return self.keep("findings", key, make)

    def pairs_with(self, head: Head) -> list[Pair]:
        """The pairs a report stands in: as the one that sets targets, and as the one that answers."""
        told = sorted({year for year in years(head) if year is not None})
        pairs = [self.pair(head.place or "", year, head.kind) for year in told]
        return [pair for pair in pairs if pair and pair.earlier and pair.later and head in (pair.earlier, pair.later)]


def years(head: Head) -> tuple[int | None, int | None]:
    """The year that a report reviews and the year that it plans."""
    return _reviewed(head), _planned(head)


def _planned(head: Head) -> int | None:
    year = year_of(head.year_planned)
    return int(year) if year else None


def _reviewed(head: Head) -> int | None:
    year = year_of(head.year_reviewed)
    if year is None and head.year_planned and head.year_planned[:4].isdigit():
        return int(head.year_planned[:4]) - 1
    return int(year) if year else None
