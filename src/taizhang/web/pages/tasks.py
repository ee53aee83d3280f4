"""What was undertaken, and by which unit. A unit sees its own tasks only."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar.params import Parameter

from taizhang.model import Strength
from taizhang.web.asking import Ask
from taizhang.web.body import place_of
from taizhang.web.faces import page
from taizhang.web.lines import Number, ReportLine, of_state, report_line

_LENGTH = 50


class Task(msgspec.Struct, frozen=True):
    """A sentence that undertakes something, who is to do it, and the figures in it."""

    report: ReportLine
    url: str
    text: str
    task: str | None
    units: tuple[str, ...]
    period: str | None
    strength: Strength | None
    statements: tuple[Number, ...]


class Tasks(msgspec.Struct, frozen=True):
    """Some of the tasks, the newest years first."""

    data: tuple[Task, ...]
    total: int
    next: str | None
    page: int
    unit: str | None
    """The only unit whose tasks are shown, where whoever asks is one."""
    filters: dict[str, str]


@page("/tasks", template="tasks.html", rows=lambda made: made.data)
def tasks(
    ask: Ask,
    place: str | None = None,
    unit: Annotated[str | None, Parameter(max_length=60, description="A part of a responsible unit's name")] = None,
    page: Annotated[int, Parameter(ge=1, le=10000, description="Which page of the list")] = 1,
) -> Tasks:
    """What was undertaken with a unit named, the newest years first; a unit sees its own tasks."""
    own = ask.user.unit if ask.user.role == "unit" else None
    found = ask.shelf.ledger.tasks(
        unit=own or unit or None, within=own is not None, place=place or None, limit=_LENGTH,
        offset=(page - 1) * _LENGTH,
    )  # fmt: skip
    data = []
    for head, item in found.items:
        figures = []
        for name in item.statements:
            state = ask.shelf.ledger.statement(f"{head.report}-{name}")
            if state is not None and state.counts:
                figures.append(of_state(state))
        data.append(
            Task(
                report=report_line(head),
                url=place_of(head.report, item.span.start),
                text=item.text,
                task=item.task,
                units=item.units,
                period=item.period,
                strength=item.strength,
                statements=tuple(figures),
            )
        )
    return Tasks(
        data=tuple(data),
        total=found.total,
        next=str(page + 1) if page * _LENGTH < found.total else None,
        page=page,
        unit=own,
        filters={name: value for name, value in (("place", place), ("unit", None if own else unit)) if value},
    )
