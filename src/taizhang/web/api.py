"""The OpenAPI document, and the page that shows it. The page is made here and needs no other site."""

from __future__ import annotations

import hashlib
import re
import threading
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from taizhang.web import faces, forms
from taizhang.web.asking import Ask
from taizhang.web.faces import page
from taizhang.web.jobs import JobState

_PARAMETER = re.compile(r"\{([a-z_]+)(:[a-z]+)?\}")
_MAKING = threading.Lock()
_ABOUT = """Every page has a twin at the same address with `.json` (home at `/index.json`), and with `.csv` where it
is a table. Addresses and ids are permanent. Every answer carries an `ETag`: ask again with `If-None-Match` and get 304
while nothing changed. Changes are made by `POST` with JSON; each needs a reason (`why`) and is an event that can be
undone. Whoever changes a statement says which version of it was looked at: its `ETag` from `/n/KEY.json` in `If-Match`
(412 where it is another one by now), or its `version` from there as `seen` (409); neither is 428. On loopback nobody
signs in; elsewhere send a token of your account page: `Authorization: Bearer tz_…`. Errors all have one shape, whose
`fields` name what was wrong. Numbers are written digit for digit; values are taken as numbers or as text such as
`"1.27亿"`. `/n/KEY/card` is the only page that others may frame; on a server with accounts its address carries a key
`k`, which the citation of the number gives."""


def document(app: Litestar) -> dict[str, Any]:
    """The OpenAPI document with the addresses as they are outside."""
    made: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(app.openapi_schema.to_schema()))
    paths = {}
    for path, item in made["paths"].items():
        outer = path.removeprefix("/_json")
        paths[f"{outer}.json"] = item
        for operation in item.values():
            operation["tags"] = [outer.strip("/").split("/")[0]]
    for entry in faces.PAGES:
        if entry.rows is not None:
            outer = _PARAMETER.sub(r"{\1}", entry.path)
            paths[f"{outer if outer != '/' else '/index'}.csv"] = {"get": _table(paths[f"{outer}.json"]["get"])}
    for path, item in _BY_HAND.items():
        paths.setdefault(path, {}).update(item)
    guarded = {_PARAMETER.sub(r"{\1}", item.path) + ".json" for item in faces.DEEDS if item.guarded}
    for path, item in paths.items():
        for method, operation in item.items():
            if method == "get":
                operation.setdefault("parameters", []).append(_NONE_MATCH)
                operation["responses"]["304"] = {"description": "Nothing changed since"}
                operation["responses"]["200"]["headers"] = {"ETag": {"schema": {"type": "string"}}}
            elif path in guarded:
                operation.setdefault("parameters", []).append(_MATCH)
    made["paths"] = dict(sorted(paths.items()))
    _numbers(made["components"]["schemas"])
    made["info"]["description"] = _ABOUT
    made.setdefault("components", {})["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    made["security"] = [{}, {"token": []}]
    made["servers"] = [{"url": "/"}]
    return made


_NONE_MATCH = {
    "name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"},
    "description": "The ETag of an earlier answer",
}  # fmt: skip
_MATCH = {
    "name": "If-Match", "in": "header", "required": False, "schema": {"type": "string"},
    "description": "The ETag of the statement's JSON; or send `seen`",
}  # fmt: skip


def _problems(*statuses: int) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}
    return {str(status): {"description": faces.SAID[status], "content": content} for status in statuses}


def _for_people() -> dict[str, Any]:
    """What a page answers where it cannot be shown: a page, or the way to sign in."""
    page = {"text/html": {"schema": {"type": "string"}}}
    problems = {str(status): {"description": faces.SAID[status], "content": page} for status in (400, 403, 404, 503)}
    return {"303": {"description": "Not signed in: to the page that asks for it"}, **problems}


def _text(kind: str, about: str) -> dict[str, Any]:
    return {"200": {"description": about, "content": {kind: {"schema": {"type": "string"}}}}}


def _table(twin: dict[str, Any]) -> dict[str, Any]:
    """The operation of a table as CSV, beside its JSON twin."""
    bom = {
        "name": "bom", "in": "query", "required": False, "schema": {"type": "string", "enum": ["0", "1"]},
        "description": "0: without the mark by which a Chinese Excel knows UTF-8",
    }  # fmt: skip
    problems = {status: said for status, said in twin["responses"].items() if status != "200"}
    return {
        "operationId": f"{twin['operationId']}Table",
        "summary": twin["summary"],
        "tags": twin["tags"],
        "parameters": [*twin.get("parameters", []), bom],
        "responses": _text("text/csv", "A table in UTF-8") | problems,
    }


_KEY = {"name": "key", "in": "path", "required": True, "schema": {"type": "string"}}
_BY_HAND: dict[str, Any] = {
    "/n/{key}/card": {"get": {
        "operationId": "getNumberCard", "summary": "The number as a card that other pages may frame", "tags": ["n"],
        "parameters": [_KEY, {"name": "k", "in": "query", "required": False, "schema": {"type": "string"}}],
        "responses": {
            **_text("text/html", "A page without a script"), **_for_people(),
            "401": {"description": faces.SAID[401], "content": {"text/html": {"schema": {"type": "string"}}}},
        },
    }},
    "/n/{key}/cite.txt": {"get": {
        "operationId": "getNumberCiteText", "summary": "How to cite a number, as text", "tags": ["n"],
        "parameters": [_KEY],
        "responses": {**_text("text/plain", "Two lines: after GB/T 7714, and in plain words"), **_for_people()},
    }},
    "/upload.json": {"post": {
        "operationId": "postUpload", "summary": "Hand in reports: files, or a text", "tags": ["upload"],
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": {
            "type": "object",
            "properties": {
                "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
                "text": {"type": "string"}, "name": {"type": "string"}, "why": {"type": "string"},
            }}}}},
        "responses": {"202": {"description": "Taken; each job says how far it is", "content": {"application/json": {
            "schema": {"type": "object", "required": ["data"], "properties": {
                "data": {"type": "array", "items": {"$ref": "#/components/schemas/JobState"}}}}}}},
            **_problems(400, 401, 403, 413, 415, 503)},
    }},
    "/jobs/{job}/cancel.json": {"post": {
        "operationId": "postJobCancel", "summary": "Take a file out of the line again", "tags": ["jobs"],
        "parameters": [{"name": "job", "in": "path", "required": True, "schema": {"type": "string"}}],
        "responses": {"200": {"description": "The job", "content": {"application/json": {
            "schema": {"$ref": "#/components/schemas/JobState"}}}}, **_problems(400, 401, 403, 404, 409)},
    }},
    "/login": {"post": {
        "operationId": "postLogin", "summary": "Sign in with a form, as people do", "tags": ["login"],
        "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": {
            "type": "object", "required": ["name", "password"],
            "properties": {"name": {"type": "string"}, "password": {"type": "string"}}}}}},
        "responses": {
            "303": {"description": "Signed in; a cookie is set"},
            **{
                str(status): {"description": faces.SAID[status], "content": _text("text/html", "")["200"]["content"]}
                for status in (401, 403, 404, 429)
            },
        },
    }},
}  # fmt: skip
"""What is no page's twin and no change in JSON."""


class Taken(msgspec.Struct, frozen=True):
    """The files that were taken."""

    data: tuple[JobState, ...]


@post(
    "/_json/upload", include_in_schema=False, status_code=202, name="json:upload",
    opt={"role": "editor", "content": "multipart/form-data"},
)  # fmt: skip
async def upload(request: Request[Any, Any, Any], ask: Ask) -> Response[bytes]:
    taken = await forms.handed_in(request, ask)
    return Response(content=faces.encode(Taken(tuple(taken))), status_code=202, media_type=faces.JSON)


@post(
    "/_json/jobs/{job:str}/cancel", include_in_schema=False, status_code=200, sync_to_thread=True, name="json:cancel",
    opt={"role": "editor", "content": None},
)  # fmt: skip
def cancel(request: Request[Any, Any, Any], job: str) -> Response[bytes]:
    return Response(content=faces.encode(forms.cancelled(request, job)), media_type=faces.JSON)


def _numbers(schemas: dict[str, Any]) -> None:
    """Values are sent as numbers, digit for digit; the document would have them text, as a Decimal often is sent."""
    for schema in schemas.values():
        for name in ("value", "value_max"):
            field = schema.get("properties", {}).get(name, {})
            options = field.get("oneOf", [])
            if {"type": "string"} in options and {"type": "integer"} in options and len(options) <= 3:
                field["oneOf"] = [{"type": "null"}, {"type": "number"}] if {"type": "null"} in options else []
                if not field["oneOf"]:
                    del field["oneOf"]
                    field["type"] = "number"


def _kept(app: Litestar) -> dict[str, Any]:
    with _MAKING:
        if "openapi" not in app.state:
            app.state.openapi = document(app)
    found: dict[str, Any] = app.state.openapi
    return found


@get("/_json/openapi", include_in_schema=False, sync_to_thread=True, opt={"role": "reader"}, name="json:/openapi")
def openapi(request: Request[Any, Any, Any]) -> Response[bytes | None]:
    content = faces.encode(_kept(request.app))
    tag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(content=None, status_code=304, headers=headers)
    return Response(content=content, media_type=faces.JSON, headers=headers)


@page("/api", template="api.html", listed=False)
def api_page(ask: Ask, request: Request) -> Any:  # type: ignore[type-arg]
    """The OpenAPI document to be read."""
    return _kept(request.app)


def handlers() -> list[HTTPRouteHandler]:
    return [openapi, upload, cancel]
