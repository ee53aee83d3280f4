"""The OpenAPI document, and the page that shows it. The page is made here and needs no other site."""

from __future__ import annotations

import re
import threading
from typing import Any

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.handlers import HTTPRouteHandler

from taizhang.web import faces
from taizhang.web.asking import Ask
from taizhang.web.faces import page

_PARAMETER = re.compile(r"\{([a-z_]+)(:[a-z]+)?\}")
_MAKING = threading.Lock()
_ABOUT = """Every page has a twin at the same address with `.json` (home at `/index.json`), and with `.csv` where it
is a table. Addresses and ids are permanent. Every answer carries an `ETag`; ask again with it as
`If-None-Match` and get 304 while nothing changed. Changes are made by `POST` with JSON; each needs a reason
(`why`) and is an event that can be undone. `seen`, the version of a statement when it was looked at,
makes a change answer 409 where somebody was quicker. On loopback nobody signs in; elsewhere send a token
of your account page: `Authorization: Bearer tz_…`. Errors all have one shape. Numbers are written digit
for digit."""


def document(app: Litestar) -> dict[str, Any]:
    """The OpenAPI document with the addresses as they are outside."""
    made: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(app.openapi_schema.to_schema()))
    paths = {}
    for path, item in made["paths"].items():
        outer = path.removeprefix("/_json")
        paths[f"{outer}.json"] = item
        for operation in item.values():
            operation["tags"] = [outer.strip("/").split("/")[0]]
    made["paths"] = dict(sorted(paths.items()))
    _numbers(made["components"]["schemas"])
    made["info"]["description"] = _ABOUT
    made.setdefault("components", {})["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    made["security"] = [{}, {"token": []}]
    made["servers"] = [{"url": "/"}]
    return made


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
def openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    return Response(content=faces.encode(_kept(request.app)), media_type=faces.JSON)


@page("/api", template="api.html", listed=False)
def api_page(ask: Ask, request: Request) -> Any:  # type: ignore[type-arg]
    """The OpenAPI document to be read."""
    return _kept(request.app)


def handlers() -> list[HTTPRouteHandler]:
    return [openapi]
