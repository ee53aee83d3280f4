"""One mechanism for every page: a function that gives a struct, and its faces HTML, JSON and CSV.

`@page("/reports", template="reports.html")` registers a function; `handlers()` turns each into route handlers. The
JSON face of `/reports` is found at `/reports.json`: the application rewrites suffixes to the inner paths used here
(`/_json/reports`), since the router knows whole path segments only.
"""

from __future__ import annotations

import csv
import hashlib
import inspect
import io
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TypeVar, get_type_hints

import msgspec
from anyio.to_thread import run_sync
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec

from taizhang.errors import LedgerError
from taizhang.web.asking import Ask, Role, WebError

JSON = "application/json"
_ENCODER = msgspec.json.Encoder(decimal_format="number", enc_hook=str)
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


class Problem(msgspec.Struct, frozen=True):
    """What went wrong: a code, and a sentence in both languages."""

    code: str
    message: str
    message_en: str
    fields: dict[str, str] = {}


class ErrorBody(msgspec.Struct, frozen=True):
    """The shape of every error."""

    error: Problem


class Entry(msgspec.Struct, frozen=True):
    """A page as registered."""

    path: str
    build: Callable[..., Any]
    template: str | None
    role: Role
    rows: Callable[[Any], Iterable[msgspec.Struct]] | None
    listed: bool
    """Has a JSON face."""
    open: bool
    """Answers people who are not signed in."""
    version: bool = False
    """Its tag begins with the version of the statement that it shows, and is what `If-Match` takes."""
    figures: bool = False
    """Shows what was worked out so far, and so more while the ledger stays as it is."""


class Deed(msgspec.Struct, frozen=True):
    """A change as registered: `form` for people, `build` for programs."""

    path: str
    build: Callable[..., Any]
    role: Role
    status: int
    guarded: bool = False
    """Whoever sends it says which version of the statement was looked at."""


PAGES: list[Entry] = []
DEEDS: list[Deed] = []

Function = Callable[..., Any]
F = TypeVar("F", bound=Function)


def page(
    path: str,
    *,
    template: str | None,
    role: Role = "reader",
    rows: Callable[[Any], Iterable[msgspec.Struct]] | None = None,
    listed: bool = True,
    open: bool = False,
    version: bool = False,
    figures: bool = False,
) -> Callable[[F], F]:
    """Register a function as a page. It takes `ask` and the parameters of its path and query, and gives a struct.

    `rows` picks the structs that are the rows of the CSV face out of what it gives.
    """

    def register(build: F) -> F:
        PAGES.append(Entry(path, build, template, role, rows, listed, open, version, figures))
        return build

    return register


def deed(path: str, *, role: Role = "editor", status: int = 201, guarded: bool = False) -> Callable[[F], F]:
    """Register a function as a change that programs make: `POST path.json` with its `data` as JSON.

    One that is `guarded` changes the statement `key`, and says in `If-Match` or in `seen` of its data which version of
    it was looked at, so that nobody overwrites what somebody else did meanwhile."""

    def register(build: F) -> F:
        DEEDS.append(Deed(path, build, role, status, guarded))
        return build

    return register


def handlers() -> list[HTTPRouteHandler]:
    """Route handlers of everything registered."""
    found: list[HTTPRouteHandler] = []
    for entry in PAGES:
        if entry.template is not None:
            found.append(_html(entry))
        if entry.listed:
            found.append(_json(entry))
        if entry.rows is not None:
            found.append(_csv(entry))
    found += [_deed(item) for item in DEEDS]
    return found


SAID = {
    400: "A parameter that is not understood",
    401: "Not signed in",
    403: "Not allowed",
    404: "There is no such thing",
    409: "Somebody else changed it, or it is there already",
    412: "It is not the version named in If-Match any more",
    413: "Too large",
    415: "Not the kind of content that is understood",
    422: "The file cannot be read",
    428: "Neither If-Match nor seen says which version was looked at",
    429: "Too many attempts",
    503: "The ledger cannot be read now",
}
"""What the statuses mean."""


def _spec(*statuses: int) -> dict[int, ResponseSpec]:
    return {
        status: ResponseSpec(
            ErrorBody, generate_examples=False, description=SAID[status], media_type="application/json"
        )
        for status in statuses
    }


READ_ERRORS = (400, 401, 403, 404, 503)
WRITE_ERRORS = (400, 401, 403, 404, 409, 413, 415, 503)


def _wrapped(
    build: Function,
    answer: Callable[[Request[Any, Any, Any], Ask, Any], Any],
    returns: Any,
    *,
    version: bool = False,
    guarded: bool = False,
    figures: bool = False,
) -> Function:
    """`build` with a `request` beside its parameters, and another answer."""
    hints = get_type_hints(build, include_extras=True)
    wants_request = "request" in hints

    def work(given: dict[str, Any]) -> Any:
        request, ask = given["request"], given["ask"]
        tag = etag(request, ask, given["key"] if version else None, figures)
        if request.method in ("GET", "HEAD") and tag in request.headers.get("if-none-match", ""):
            return Response(content=None, status_code=304, headers={"etag": tag, "cache-control": "private, no-cache"})
        held = request.app.state.answers.get(tag) if request.method in ("GET", "HEAD") else None
        if held is not None:
            media, _, content = held.partition(b"\n")
            headers = {"etag": tag, "cache-control": "private, no-cache"}
            return Response(content=content, media_type=media.decode(), headers=headers)
        if guarded:
            seen = _looked_at(request, ask, given["key"], given["data"].seen)
            given["data"] = msgspec.structs.replace(given["data"], seen=seen)
        if not wants_request:
            given.pop("request")
        response = answer(request, ask, build(**given))
        if request.method in ("GET", "HEAD") and isinstance(response, Response) and response.status_code in (None, 200):
            response.headers.setdefault("etag", tag)
            response.headers.setdefault("cache-control", "private, no-cache")
            content = response.content.encode() if isinstance(response.content, str) else response.content
            if isinstance(content, bytes) and response.media_type:
                request.app.state.answers.put(tag, f"{response.media_type}\n".encode() + content)
        return response

    @wraps(build)
    async def face(**given: Any) -> Any:
        return await run_sync(work, given)

    del face.__wrapped__
    parameters = [each for each in inspect.signature(build).parameters.values() if each.name != "request"]
    own = inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY)
    face.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [*(each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in parameters), own]
    )
    face.__annotations__ = {**hints, "request": Request[Any, Any, Any], "return": returns}
    return face


_TAGGED = re.compile(r'"([0-9]{1,12})-[0-9a-f]*"')


def _looked_at(request: Request[Any, Any, Any], ask: Ask, key: str, seen: int | None) -> int | None:
    """The version of a statement that whoever changes it looked at, by `If-Match` or by `seen`."""
    given = request.headers.get("if-match")
    if given is None:
        if seen is None:
            raise WebError(
                428,
                "version_needed",
                "请写明看到的是哪一版：把 seen 设为该指标的 version，或在 If-Match 里给出它的 ETag。",
                "Say which version was looked at: its version as seen, or its ETag in If-Match.",
                "seen",
            )
        return seen
    if given.strip() == "*":
        return seen
    try:
        now = ask.shelf.ledger.version(key)
    except LedgerError:
        return seen  # there is no such statement, which is said further on
    if now not in {int(number) for number in _TAGGED.findall(given)}:
        raise WebError(
            412,
            "changed",
            f"这条指标已不是 If-Match 所说的那一版，现在是第 {now} 版。请重新读取后再改。",
            f"The statement is not of the version in If-Match any more, but of version {now}. Read it again first.",
        )
    return now if seen is None else seen


def etag(request: Request[Any, Any, Any], ask: Ask, key: str | None = None, figures: bool = False) -> str:
    """Changes with whatever a page shows: the ledger, the address, the language, who asks, and the program. Of the page
    of a statement `key` it begins with the statement's version; with `figures` it changes too whenever more of the
    ledger was checked."""
    state = request.app.state
    parts = (
        state.started,
        ask.shelf.serial,
        ask.shelf.newest,
        state.jobs.stamp(),
        ask.shelf.kept.stamp() if figures else (),
        request.scope["path"],
        request.scope.get("query_string", b"").decode("latin-1"),
        ask.prefix,
        ask.user.name,
        ask.user.role,
        state.accounts.stamp() if state.accounts else 0,
        ask.origin,
        ask.theme,
        datetime.now(UTC).date(),  # citations say when a number was looked up
    )
    made = hashlib.sha256(repr(parts).encode()).hexdigest()[:24]
    if key is not None:
        with suppress(LedgerError):
            return f'"{ask.shelf.ledger.version(key)}-{made}"'
    return f'W/"{made}"'


def _html(entry: Entry) -> HTTPRouteHandler:
    def answer(request: Request[Any, Any, Any], ask: Ask, made: Any) -> Any:
        if isinstance(made, Response):
            return made
        content = request.app.state.render(entry.template, ask, made, request)
        return Response(content=content, media_type="text/html")

    made = _wrapped(entry.build, answer, Response[str], figures=entry.figures)
    return get(
        entry.path,
        include_in_schema=False,
        opt={"role": entry.role, "open": entry.open},
        name=f"html:{entry.path}",
    )(made)


def _json(entry: Entry) -> HTTPRouteHandler:
    def answer(request: Request[Any, Any, Any], ask: Ask, made: Any) -> Any:
        return Response(content=encode(made), media_type=JSON)

    returns = get_type_hints(entry.build)["return"]
    inner = "/_json" + (entry.path if entry.path != "/" else "/index")
    return get(
        inner,
        operation_id=f"get{_operation(entry.path)}",
        summary=(entry.build.__doc__ or "").strip().splitlines()[0],
        responses=_spec(*READ_ERRORS),
        opt={"role": entry.role, "open": entry.open},
        name=f"json:{entry.path}",
    )(_wrapped(entry.build, answer, Response[returns], version=entry.version, figures=entry.figures))  # type: ignore[valid-type]


def _csv(entry: Entry) -> HTTPRouteHandler:
    rows = entry.rows
    assert rows is not None

    def answer(request: Request[Any, Any, Any], ask: Ask, made: Any) -> Any:
        bom = request.query_params.get("bom", "1") != "0"
        return Response(content=table(list(rows(made)), bom=bom), media_type="text/csv")

    return get(
        "/_csv" + entry.path,
        include_in_schema=False,
        opt={"role": entry.role, "open": entry.open},
        name=f"csv:{entry.path}",
    )(_wrapped(entry.build, answer, Response[bytes], figures=entry.figures))


def _deed(item: Deed) -> HTTPRouteHandler:
    def answer(request: Request[Any, Any, Any], ask: Ask, made: Any) -> Any:
        return Response(content=encode(made), media_type=JSON, status_code=item.status)

    returns = get_type_hints(item.build)["return"]
    return post(
        "/_json" + item.path,
        operation_id=f"post{_operation(item.path)}",
        summary=(item.build.__doc__ or "").strip().splitlines()[0],
        status_code=item.status,
        responses=_spec(*WRITE_ERRORS, *((412, 428) if item.guarded else ())),
        opt={"role": item.role},
        name=f"deed:{item.path}",
    )(_wrapped(item.build, answer, Response[returns], guarded=item.guarded))  # type: ignore[valid-type]


def _operation(path: str) -> str:
    words = re.findall(r"[a-z]+", re.sub(r":[a-z]+\}", "}", path))
    return "".join(word.capitalize() for word in words) or "Home"


def encode(made: Any) -> bytes:
    """A struct as JSON; a Decimal is written digit for digit."""
    return _ENCODER.encode(made) + b"\n"


def table(rows: Sequence[msgspec.Struct], *, bom: bool) -> bytes:
    """Structs as CSV in UTF-8, by default with the mark by which a Chinese Excel knows it.

    A cell of text that a spreadsheet would take for a formula gets an apostrophe; a number keeps its sign.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = _columns(rows[0]) if rows else ()
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(getattr(row, name)) for name in names])
    return (b"\xef\xbb\xbf" if bom else b"") + out.getvalue().encode("utf-8", errors="replace")


def _columns(row: msgspec.Struct) -> tuple[str, ...]:
    return row.__struct_fields__


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) and not _NUMBER.fullmatch(value) else value
    if isinstance(value, tuple | list):
        return _cell("、".join(_cell(item) for item in value))
    if isinstance(value, msgspec.Struct | dict):
        return _cell(msgspec.json.encode(value, enc_hook=str).decode())
    return f"{value:f}" if hasattr(value, "as_tuple") else str(value)
