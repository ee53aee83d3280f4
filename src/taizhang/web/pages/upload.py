"""Handing a report in, and how far it is."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Request
from litestar.params import Parameter

from taizhang.web.asking import Ask, not_found
from taizhang.web.faces import page
from taizhang.web.jobs import Jobs, JobState
from taizhang.web.lines import ReportLine, report_line
from taizhang.web.shelf import years


class Upload(msgspec.Struct, frozen=True):
    """The files handed in since the server started and those left over from before, the newest first."""

    data: tuple[JobState, ...]
    limit: int
    """Largest file, in bytes."""


class JobPage(msgspec.Struct, frozen=True):
    """How far a file is, and the report it became."""

    job: JobState
    report: ReportLine | None
    outcomes: tuple[str, ...]
    """Addresses of the comparisons that the report takes part in."""


def _jobs(request: Request) -> Jobs:  # type: ignore[type-arg]
    found: Jobs = request.app.state.jobs
    return found


@page("/upload", template="upload.html", role="editor")
def upload(ask: Ask, request: Request) -> Upload:  # type: ignore[type-arg]
    """The files handed in since the server started."""
    jobs = _jobs(request)
    return Upload(jobs.all()[:50], jobs.limit)


@page("/jobs/{job:str}", template="job.html", role="editor")
def job_page(ask: Ask, request: Request, job: Annotated[str, Parameter(max_length=40)]) -> JobPage:  # type: ignore[type-arg]
    """How far a file is."""
    state = _jobs(request).get(job)
    if state is None:
        raise not_found(
            f"没有编号为“{job}”的录入；读完的文件在服务重启后不再列出，请到报告中查看。",
            f"There is no job “{job}”; files that were over are not listed after a restart: see the reports.",
        )
    head = ask.shelf.head(state.report) if state.report else None
    found = []
    if head is not None and head.place:
        for year in dict.fromkeys(years(head)):
            pair = ask.shelf.pair(head.place, year, head.kind) if year else None
            if pair and pair.earlier and pair.later:
                found.append(f"/outcomes/{head.place}/{year}")
    return JobPage(state, report_line(head) if head else None, tuple(found))
