"""The application: routes, who may what, errors, and the headers that keep a page to itself."""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import mimetypes
import re
import secrets
import warnings
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.response import Redirect

import taizhang
from taizhang.errors import ConflictError, ReadError, StoreError, TaizhangError
from taizhang.read import LIMIT
from taizhang.web import api, faces, forms
from taizhang.web.accounts import Accounts
from taizhang.web.asking import Ask, User, WebError
from taizhang.web.faces import ErrorBody, Problem
from taizhang.web.jobs import Jobs
from taizhang.web.kept import Bounded
from taizhang.web.pages import (
    admin,
    findings,
    home,
    indicators,
    number,
    outcomes,
    people,
    report,
    search,
    sheets,
    tasks,
    upload,
)
from taizhang.web.render import Renderer
from taizhang.web.shelf import GoneError, Shelf
from taizhang.web.spool import SpoolError

_REGISTERED = (admin, findings, home, indicators, number, outcomes, people, report, search, sheets, tasks, upload)
"""Importing these registers their pages."""

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors "
)
_ANSWERS = 64 * 1024 * 1024
"""Bytes of answers that are kept in case the same is asked again while nothing changed."""
_LOG = logging.getLogger("taizhang.web")
_SENTENCES = {
    400: ("请求里有看不懂的内容。", "Something in the request is not understood."),
    404: ("没有这个页面。", "There is no such page."),
    405: ("这个地址不能这样使用。", "This address cannot be used so."),
    413: ("内容太大，没有接收。", "Too much was sent; it was not taken."),
    415: ("不认识这种内容类型。", "This kind of content is not understood."),
}

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def create_app(
    target: str,
    *,
    user: str = "",
    accounts: Accounts | None = None,
    hosts: tuple[str, ...] = (),
    limit: int = LIMIT,
    https: bool = False,
    proxies: tuple[str, ...] = (),
) -> Front:
    """The pages over one ledger, as an ASGI application.

    Without `accounts` everybody who reaches it is `user` and may do everything, so it must be served on loopback only.
    `hosts` are further names that this server is reached by; others are refused, so that no page elsewhere can have
    its own name lead here. `https`: readers reach it by https, whatever this server itself speaks. `proxies` are the
    addresses of reverse proxies, which say on whose behalf they ask; one on this machine is always believed.
    """
    shelf = Shelf(target)
    renderer = Renderer(accounts is not None)
    state = State(
        {
            "shelf": shelf,
            "jobs": Jobs(shelf, limit),
            "accounts": accounts,
            "user": user or "本机",
            "hosts": hosts,
            "started": secrets.token_hex(8),
            "answers": Bounded(_ANSWERS),
            "render": renderer.render,
        }
    )
    with warnings.catch_warnings():
        # Its next major version wants dependencies marked in a way that the versions we also support do not know.
        warnings.simplefilter("ignore", DeprecationWarning)
        return Front(_litestar(state, limit), https=https, proxies=proxies)


def _litestar(state: State, limit: int) -> Litestar:
    return Litestar(
        route_handlers=[
            *faces.handlers(),
            *forms.handlers(),
            *api.handlers(),
            _static,
            _login_page,
            _keys,
            _icon,
            _health,
        ],
        dependencies={"ask": Provide(_ask, sync_to_thread=False)},
        guards=[_guard],
        exception_handlers={Exception: _error, HTTPException: _error, TaizhangError: _error},
        openapi_config=OpenAPIConfig(
            title="taizhang 台账",
            version=taizhang.__version__,
            path="/_schema",
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        ),
        state=state,
        on_shutdown=[lambda app: app.state.jobs.close(), lambda app: app.state.shelf.close()],
        request_max_body_size=limit + 1024 * 1024,
        logging_config=None,
        debug=False,
    )


class Front:
    """What stands before the router: the language and the face in an address, HEAD, and the headers of every answer."""

    def __init__(self, app: Litestar, *, https: bool = False, proxies: tuple[str, ...] = ()) -> None:
        self.app, self._https, self._proxies = app, https, frozenset(proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)  # type: ignore[arg-type]
            return
        scope = dict(scope)
        path = scope["path"]
        lang, face = "zh", "html"
        if path == "/en" or path.startswith("/en/"):
            lang, path = "en", path[3:] or "/"
        if path.startswith("/_"):
            path = "/nowhere" + path
        shown = path
        if not path.startswith("/static/"):
            for suffix in ("json", "csv"):
                if path.endswith(f".{suffix}"):
                    face, shown = suffix, path.removesuffix(f".{suffix}")
                    path = f"/_{suffix}{shown}"
                    if shown in ("/", "/index"):
                        path, shown = f"/_{suffix}/index", "/"
        scope["path"] = path
        scope["raw_path"] = quote(path).encode()
        scope.setdefault("state", {})
        address, scheme = self._asker(scope)
        scope["scheme"] = scheme
        scope["taizhang"] = {"lang": lang, "face": face, "path": shown, "address": address}
        bodiless = scope["method"] == "HEAD"
        if bodiless:
            scope["method"] = "GET"
        framed = shown.startswith("/n/") and shown.endswith("/card")

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *_headers(framed, scope["scheme"])]}
            elif message["type"] == "http.response.body" and bodiless:
                message = {**message, "body": b""}
            await send(message)

        await self.app(scope, receive, answer)  # type: ignore[arg-type]

    def _asker(self, scope: Scope) -> tuple[str, str]:
        """From which address somebody asks, and by http or https, as a proxy that is believed says."""
        address = str((scope.get("client") or ("",))[0])
        scheme = "https" if self._https else str(scope["scheme"])
        if address not in self._proxies and not _loopback(address):
            return address, scheme
        given = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        # The last is whom the proxy itself saw; those before it anybody may have written.
        behind = given.get(b"x-forwarded-for", "").rsplit(",", 1)[-1].strip()
        if given.get(b"x-forwarded-proto", "").strip().lower() == "https":
            scheme = "https"
        return behind or address, scheme


def _loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _headers(framed: bool, scheme: str) -> list[tuple[bytes, bytes]]:
    found = [
        (b"content-security-policy", (_POLICY + ("*" if framed else "'none'")).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), interest-cohort=()"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"vary", b"cookie, authorization"),
    ]
    if not framed:
        found.append((b"x-frame-options", b"DENY"))
    if scheme == "https":
        found.append((b"strict-transport-security", b"max-age=31536000"))
    return found


# Who asks


Connection = ASGIConnection[Any, Any, Any, Any]


def _given(connection: Connection) -> dict[str, str]:
    found: dict[str, str] = connection.scope.get("taizhang", {"lang": "zh", "face": "html", "path": "/"})  # type: ignore[assignment]
    return found


def _guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Stops who may not: a foreign name for this server, a form of another site, nobody, somebody of another role."""
    _known_host(connection)
    user = _user(connection)
    _printable(connection)
    if connection.scope["method"] not in ("GET", "HEAD", "OPTIONS"):  # type: ignore[typeddict-item]
        _own_form(connection, user)
    role = handler.opt.get("role")
    if role is None:
        return
    if connection.app.state.shelf.readonly and user is not None and _changes(handler):
        raise WebError(
            403,
            "readonly",
            "账本是只读的，只能查看，不能更正和录入。",
            "The ledger is read-only: it can be looked at, not changed.",
        )
    if user is None:
        if handler.opt.get("open"):
            if handler.name and "card" in handler.name:
                _card(connection)
            return
        if handler.opt.get("form"):
            return  # the form itself asks, so that what was typed is not lost
        raise WebError(401, "sign_in", "请先登录。", "Sign in first.")
    if not user.may(role):
        raise WebError(
            403,
            "not_allowed",
            f"“{user.name}”的角色不能这样做。请找管理员。",
            f"The role of “{user.name}” does not allow that. Ask an administrator.",
        )
    _known_content(connection, handler)


def _printable(connection: Connection) -> None:
    """No name and no word has a character of value 0, which a database may not take."""
    if "\0" in connection.scope["path"] or any("\0" in value for value in connection.query_params.values()):
        raise WebError(
            400, "not_understood", "地址里有看不见的字符。", "There is an invisible character in the address."
        )


def _known_content(connection: Connection, handler: BaseRouteHandler) -> None:
    """A change that a program sends is JSON, or a form where it hands in a file."""
    if connection.scope["method"] != "POST" or _given(connection)["face"] != "json":  # type: ignore[typeddict-item]
        return
    wanted = handler.opt.get("content", "application/json")
    kind = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
    if wanted is not None and kind != wanted:
        raise WebError(
            415,
            "content_type",
            f"内容类型应为 {wanted}，不是“{kind[:60]}”。",
            f"The content should be {wanted}, not “{kind[:60]}”.",
        )


def _changes(handler: BaseRouteHandler) -> bool:
    """Whether a handler is there to change the ledger."""
    name = str(handler.name or "")
    kind, _, path = name.partition(":")
    if kind == "deed":
        return not path.endswith("/preview")
    changing = ("/n/", "/reports/", "/events/", "/proposals/", "/upload", "/jobs/")
    return (kind == "form" and path.startswith(changing)) or path in ("/upload", "/reports/{report:str}/new")


def _known_host(connection: Connection) -> None:
    state = connection.app.state
    if state.accounts is not None and not state.hosts:
        return
    name = urlsplit(f"//{connection.headers.get('host', '')}").hostname or ""
    if name in state.hosts or name == "localhost" or name.endswith(".localhost"):
        return
    try:
        if ipaddress.ip_address(name).is_loopback:
            return
    except ValueError:
        pass
    raise WebError(403, "host", f"本服务不使用“{name}”这个名字。", f"This server is not reached by the name “{name}”.")


def _own_form(connection: Connection, user: User | None) -> None:
    """A change comes from a page of ours or carries a token: a page elsewhere can send a form, but not hide whence."""
    if connection.headers.get("authorization"):
        return
    site, origin = connection.headers.get("sec-fetch-site"), connection.headers.get("origin")
    if site is not None:
        fine = site in ("same-origin", "none")
    elif origin is not None:
        fine = urlsplit(origin).netloc == connection.headers.get("host")
    else:
        # No browser leaves both out; a program that carries no session of somebody's may.
        fine = "session" not in connection.cookies
    if not fine:
        raise WebError(
            403, "cross_site", "这个表单不是从本站页面提交的，没有执行。", "The form came from another site; not done."
        )


def _user(connection: Connection) -> User | None:
    state = connection.app.state
    accounts: Accounts | None = state.accounts
    if accounts is None:
        found: User | None = User(state.user, "admin", local=True)
    else:
        kind, _, secret = connection.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            found = accounts.by_token(secret.strip())
        else:
            found = accounts.by_session(connection.cookies.get("session", ""))
    connection.scope["user"] = found
    return found


def _card(connection: Connection) -> None:
    accounts: Accounts | None = connection.app.state.accounts
    key = str(connection.path_params.get("key", ""))
    given = connection.query_params.get("k", "")
    if accounts is None or secrets.compare_digest(accounts.card_secret(key).encode(), str(given).encode()):
        return
    raise WebError(
        401,
        "card",
        "卡片的地址不完整。请在数字的页面上重新复制嵌入代码（地址里要有 k）。",
        "The card's address is not whole. Copy the code to embed again on the number's page (its address has a k).",
    )


def _ask(request: Request[Any, Any, Any]) -> Ask:
    given, state = _given(request), request.app.state
    user = request.scope.get("user") or User("", "reader")
    if state.shelf.readonly and user.may("editor") and not given["path"].startswith(("/admin", "/account")):
        user = msgspec.structs.replace(user, role="reader")  # no page offers what cannot be done
    host = request.headers.get("host", "localhost")
    accounts: Accounts | None = state.accounts
    return Ask(
        state.shelf.look(),
        lang="en" if given["lang"] == "en" else "zh",
        user=user,
        path=given["path"],
        query=_query(request),
        origin=f"{request.scope['scheme']}://{host}",
        card_secret=accounts.card_secret if accounts else lambda key: "",
        theme=request.cookies.get("theme", ""),
    )


def _query(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The query, for links to the same page: a name given more than once has its values joined."""
    found: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        found[name] = f"{found[name]},{value}" if name == "places" and name in found else value
    return found


# Errors


class Told(NamedTuple):
    """What is answered to something that cannot be done."""

    status: int
    code: str
    zh: str
    en: str
    fields: Mapping[str, tuple[str, str]] = MappingProxyType({})
    """What is wrong with each of what was given."""


def _told(error: Exception) -> Told:
    if isinstance(error, TaizhangError):
        named = {error.field: (error.zh, error.en)} if error.field else {}
        if isinstance(error, WebError):
            return Told(error.status, error.code, error.zh, error.en, named)
        if isinstance(error, ConflictError):
            return Told(409, "conflict", error.zh, error.en)
        if isinstance(error, StoreError | GoneError):
            return Told(503, "ledger", error.zh, error.en)
        if isinstance(error, SpoolError):
            return Told(503, "not_kept", error.zh, error.en)
        if isinstance(error, ReadError):
            return Told(422, "unreadable", error.zh, error.en)
        return Told(400, "refused", error.zh, error.en, named)
    if isinstance(error, HTTPException) and error.status_code < 500:
        zh, en = _SENTENCES.get(error.status_code, (f"请求没有完成（{error.status_code}）。", str(error.detail)))
        if error.status_code == 400:
            return _not_understood(error)
        return Told(error.status_code, {404: "not_found", 405: "method"}.get(error.status_code, "request"), zh, en)
    number = secrets.token_hex(2).upper()
    _LOG.error("fault %s", number, exc_info=error)
    return Told(
        500,
        "fault",
        f"出了问题，编号 {number}，账本内容没有丢失。请把编号和所做的操作一并反馈。",
        f"Something went wrong, ref. {number}; nothing in the ledger is lost.",
    )


_WRONG = (
    (r"Expected `int` >= (\S+)", "应是不小于 {} 的整数"),
    (r"Expected `int` <= (\S+)", "应是不大于 {} 的整数"),
    (r"Expected `int(?: \| null)?`", "应是整数"),
    (r"Expected `float`", "应是数"),
    (r"Expected `bool`", "应是 true 或 false"),
    (r"Expected `str` of length >= (\d+)", "至少 {} 个字"),
    (r"Expected `str` of length <= (\d+)", "不超过 {} 个字"),
    (r"Expected `array` of length <= (\d+)", "不超过 {} 项"),
    (r"Expected `str(?: \| null)?`", "应是文字"),
    (r"Expected `object`", "应是一个对象"),
    (r"Expected `array`", "应是一个列表"),
    (r"Expected `[^`]*`", "种类不对"),
    (r"Invalid enum value '?(.{0,40}?)'?$", "不能是“{}”"),
    (r"Invalid enum value", "不是可用的值"),
    (r"Object missing required field `(\w+)`", "缺少“{}”"),
    (r"Object contains unknown field `([^`]{0,40})`", "没有“{}”这个字段"),
    (r"[Mm]issing required", "缺少这个参数"),
)
"""How the checking of parameters words what is wrong, and how we do."""


def _not_understood(error: HTTPException) -> Told:
    """What is wrong with which parameter, or with the body."""
    zh, en = _SENTENCES[400]
    fields: dict[str, tuple[str, str]] = {}
    extra = error.extra if isinstance(error.extra, list) else []
    for each in extra:
        message = str(each.get("message", ""))
        name = str(each.get("key", "")).partition("[")[0] or "body"
        said = next((put.format(*found.groups()) for wrong, put in _WRONG if (found := re.search(wrong, message))), "")
        fields[name] = (said or "不合要求", message)
    if not fields:
        missing = re.search(r"[Mm]issing required \w+ parameter '([^']+)'", str(error.detail))
        if missing is not None:
            fields[missing[1]] = ("缺少这个参数", "missing")
    if not fields:
        return Told(400, "not_understood", zh, f"{en.rstrip('.')}: {error.detail}.")
    named = "；".join(f"“{name}”{said}" for name, (said, _) in fields.items())
    named_en = "; ".join(f"{name}: {said}" for name, (_, said) in fields.items())
    return Told(400, "not_understood", f"{zh.rstrip('。')}：{named}。", f"{en.rstrip('.')}: {named_en}.", fields)


def _error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    told = _told(error)
    if told.status == 413 and told.code == "request":
        most = request.app.state.jobs.limit // 1048576
        told = told._replace(
            code="too_large",
            zh=f"一次上传合计不超过 {most} MB，没有接收。请分批上传，或减小文件。",
            en=f"{most} MB at most are taken at once; nothing was. Send fewer files, or smaller ones.",
        )
    status, given = told.status, _given(request)
    zh, en = (_without_folder(request, said) for said in (told.zh, told.en))
    headers = {"cache-control": "no-store"}
    if status == 401 and given["face"] != "html":
        headers["www-authenticate"] = "Bearer"
    if status == 405 and isinstance(error, HTTPException) and error.headers:
        headers["allow"] = error.headers.get("allow", "GET")
    if given["face"] != "html" or request.headers.get("accept", "").startswith("application/json"):
        fields = {name: pair[0] for name, pair in told.fields.items()}
        body = faces.encode(ErrorBody(Problem(told.code, zh, en, fields)))
        return Response(content=body, status_code=status, media_type=faces.JSON, headers=headers)
    ask = _ask(request)
    if given["path"].startswith("/n/") and given["path"].endswith("/card"):
        content = request.app.state.render("refused.html", ask, None, request, problem=ask.t(zh, en))
        return Response(content=content, status_code=status, media_type="text/html", headers=headers)
    if status == 401 and request.scope["method"] == "GET":
        return Redirect(ask.url("/login", next=_here(request, ask)), status_code=303)
    content = request.app.state.render("error.html", ask, None, request, status=status, problem=ask.t(zh, en))
    return Response(content=content, status_code=status, media_type="text/html", headers=headers)


def _without_folder(request: Request[Any, Any, Any], said: str) -> str:
    """A sentence that names the ledger's file without the folder that it is in, which is nobody's business."""
    target = request.app.state.shelf.target
    return said if "://" in target else said.replace(target, Path(target).name)


def _here(request: Request[Any, Any, Any], ask: Ask) -> str:
    query = request.scope.get("query_string", b"").decode("latin-1")
    return ask.prefix + quote(ask.path) + (f"?{query}" if query else "")


# What is no page of the ledger


@get("/static/{name:str}", include_in_schema=False, sync_to_thread=False)
def _static(name: str, request: Request[Any, Any, Any]) -> Response[bytes | None]:
    content = _asset(name)
    if content is None:
        raise WebError(404, "not_found", *_SENTENCES[404])
    media, _ = mimetypes.guess_type(name)
    tag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(content=None, status_code=304, headers={"etag": tag})
    return Response(
        content=content,
        media_type=media or "application/octet-stream",
        headers={
            "etag": tag,
            "cache-control": "public, max-age=31536000, immutable",
            "cross-origin-resource-policy": "cross-origin",
        },
    )


@lru_cache
def _asset(name: str) -> bytes | None:
    place = files("taizhang.web").joinpath("assets", Path(name).name)
    return place.read_bytes() if Path(name).name == name and place.is_file() else None


@get("/login", include_in_schema=False, opt={"role": "reader", "open": True}, name="html:/login")
async def _login_page(request: Request[Any, Any, Any], ask: Ask) -> Response[str]:
    admin.accounts_of(request)
    content = request.app.state.render("login.html", ask, None, request, draft={"next": ask.query.get("next", "")})
    return Response(content=content, media_type="text/html", headers={"cache-control": "no-store"})


@get("/help/keys", include_in_schema=False, sync_to_thread=True, opt={"role": "reader"}, name="html:/help/keys")
def _keys(request: Request[Any, Any, Any], ask: Ask) -> Response[str]:
    content = request.app.state.render("keys.html", ask, None, request)
    return Response(content=content, media_type="text/html")


@get("/favicon.ico", include_in_schema=False, sync_to_thread=False)
def _icon() -> Response[bytes]:
    """What browsers ask for beside a page that names no icon."""
    headers = {"cache-control": "public, max-age=86400"}
    return Response(content=_asset("icon.svg") or b"", media_type="image/svg+xml", headers=headers)


@get("/health", include_in_schema=False, sync_to_thread=False)
def _health() -> Response[str]:
    return Response(content="ok\n", media_type="text/plain")
