"""What a page's forms send: the same changes as the JSON addresses make, answered by going back to a page.

A form that cannot be carried out comes back as the page it was on, with the reason and with everything that was typed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import msgspec
from anyio.to_thread import run_sync
from litestar import Request, Response, post
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect

from taizhang.errors import ConflictError, LedgerError, TaizhangError
from taizhang.ledger.events import FIELDS
from taizhang.model import Verdict
from taizhang.web.accounts import AccountError, ThrottledError
from taizhang.web.asking import Ask, Role, WebError
from taizhang.web.pages import people
from taizhang.web.pages.admin import account, accounts_of
from taizhang.web.pages.number import number_page_of

Form = dict[str, str]
EDITED = ("indicator", "value", "value_max", "unit", "comparator", "kind", "measure", "period", "place")
assert set(EDITED) < set(FIELDS)
_SCALES = {"亿": 8, "万": 4}


def handlers() -> list[HTTPRouteHandler]:
    """Route handlers of every form."""
    return [
        _change("/n/{key:str}/correct", _correct),
        _change("/n/{key:str}/reject", _reject),
        _change("/n/{key:str}/split", _split),
        _change("/n/{key:str}/merge", _merge),
        _change("/n/{key:str}/link", _link),
        _change("/n/{key:str}/unlink", _unlink),
        _change("/reports/{key:str}/statements", _add),
        _change("/events/{key:int}/undo", _undo),
        _change("/n/{key:str}/propose", _propose, "reader"),
        _change("/proposals/{key:int}/accept", _accept),
        _change("/proposals/{key:int}/decline", _decline),
        _change("/proposals/{key:int}/withdraw", _withdraw, "reader"),
        _route("/upload", _upload, "editor"),
        _route("/jobs/{job:str}/cancel", _cancel, "editor"),
        _route("/login", _login, "reader", open=True),
        _route("/logout", _logout, "reader"),
        _route("/theme", _theme, "reader", open=True),
        _route("/account/password", _password, "reader"),
        _route("/account/tokens", _token, "reader"),
        _route("/account/tokens/drop", _token_gone, "reader"),
        _route("/admin/accounts", _account, "admin"),
        _route("/admin/accounts/change", _account_change, "admin"),
    ]


Handler = Callable[[Request[Any, Any, Any], Ask], Awaitable[Response[Any]]]


def _route(path: str, work: Handler, role: Role, *, open: bool = False) -> HTTPRouteHandler:
    async def handler(request: Request[Any, Any, Any], ask: Ask) -> Response[Any]:
        return await work(request, ask)

    opt = {"role": role, "open": open}
    return post(path, include_in_schema=False, opt=opt, name=f"form:{path}", status_code=200)(handler)


def _change(path: str, work: Callable[[Ask, str, Form], people.Done | None], role: Role = "editor") -> HTTPRouteHandler:
    """A form that changes the ledger: afterwards back to where it came from, or here again with what was wrong."""

    async def handler(request: Request[Any, Any, Any], ask: Ask) -> Response[Any]:
        form = _plain(await request.form())
        if request.scope["user"] is None:
            return _signed_out(request, ask, form)
        key = str(request.path_params["key"])
        try:
            done = await run_sync(partial(work, ask, key, form))
        except (LedgerError, WebError) as error:
            return await run_sync(partial(_again, request, ask, key, form, error))
        if done is None:
            return await run_sync(partial(_preview, request, ask, key, form))
        return Redirect(_back(ask, form, done), status_code=303)

    return post(path, include_in_schema=False, opt={"role": role, "form": True}, name=f"form:{path}", status_code=200)(
        handler
    )


def _signed_out(request: Request[Any, Any, Any], ask: Ask, form: Form) -> Response[Any]:
    """Asks to sign in again, and keeps what was typed in the form that asks."""
    zh, en = "登录已过期，填写的内容已保留。", "The session ended; what you typed is kept."
    draft = {"then": ask.path, **{f"kept-{name}": value for name, value in form.items()}}
    content = request.app.state.render("login.html", ask, None, request, draft=draft, problem=ask.t(zh, en))
    return Response(content=content, media_type="text/html", status_code=401, headers={"cache-control": "no-store"})


def _plain(form: FormMultiDict) -> Form:
    found: Form = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            # Several values of one name (ticked boxes) are told apart by a line end.
            found[name] = f"{found[name]}\n{value}" if name in found else value
    return found


def _back(ask: Ask, form: Form, done: people.Done) -> str:
    """Where the form came from, if that is a page of ours, with what was done."""
    back = urlsplit(form.get("back", ""))
    path = back.path if back.path.startswith("/") and not back.path.startswith("//") else ask.url("/")
    query = "&".join(part for part in back.query.split("&") if part and not part.startswith("done="))
    mark = f"#{back.fragment}" if back.fragment else ""
    return f"{path}?{query + '&' if query else ''}done={done.event}{mark}"


def _again(request: Request[Any, Any, Any], ask: Ask, key: str, form: Form, error: TaizhangError) -> Response[Any]:
    """The page of the statement with the form as it was filled in, and what was wrong."""
    status = error.status if isinstance(error, WebError) else 409 if isinstance(error, ConflictError) else 400
    if len(key) < 18 or (isinstance(error, WebError) and status == 404):
        return _typed(request, ask, form, error, status)
    try:
        made = number_page_of(ask, key)
    except (LedgerError, WebError):
        return _typed(request, ask, form, error, status)
    conflict = _conflict(ask, key, form) if isinstance(error, ConflictError) else None
    said = error.zh if ask.lang == "zh" else error.en
    content = request.app.state.render(
        "number.html", ask, made, request, draft=form, problem=said, conflict=conflict, status=status
    )
    return Response(content=content, media_type="text/html", status_code=status)


def _typed(request: Request[Any, Any, Any], ask: Ask, form: Form, error: TaizhangError, status: int) -> Response[Any]:
    """What was wrong, and what was typed, where the page that the form was on is not there any more."""
    typed = {
        name: value
        for name, value in form.items()
        if value.strip() and not name.startswith("was-") and name not in ("ledger", "seen", "back", "reason")
    }
    said = error.zh if ask.lang == "zh" else error.en
    content = request.app.state.render("error.html", ask, None, request, status=status, problem=said, typed=typed)
    return Response(content=content, media_type="text/html", status_code=status, headers={"cache-control": "no-store"})


def _conflict(ask: Ask, key: str, form: Form) -> list[dict[str, str]]:
    """For each field that differs: as it was when the form was opened, theirs, mine."""
    state = ask.shelf.ledger.statement(key)
    if state is None:
        return []
    rows = []
    for name in EDITED:
        mine, before = form.get(f"f-{name}"), form.get(f"was-{name}", "")
        theirs = field_text(state.statement, name)
        if mine is not None and len({mine, before, theirs}) > 1:
            rows.append({"field": name, "before": before, "theirs": theirs, "mine": mine})
    return rows


def _preview(request: Request[Any, Any, Any], ask: Ask, key: str, form: Form) -> Response[Any]:
    try:
        found = people.consequences(ask, key, _fields(ask, key, form))
    except LedgerError as error:
        return _again(request, ask, key, form, error)
    made = number_page_of(ask, key)
    content = request.app.state.render("number.html", ask, made, request, draft=form, preview=found)
    return Response(content=content, media_type="text/html")


def field_text(statement: Any, name: str) -> str:
    """A field as a form shows it."""
    value = getattr(statement, name)
    if value is None:
        return ""
    if name in ("value", "value_max"):
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return str(value)


def _value(name: str, text: str) -> people.Value:
    text = text.strip()
    if name in ("value", "value_max") and text:
        text = text.replace(",", "").replace("，", "").replace(" ", "")
        scale = _SCALES.get(text[-1:])
        if scale is not None:
            number = text[:-1]
            return f"{number}e{scale}" if number else text
        return text
    return text if text or name == "unit" else None


def _fields(ask: Ask, key: str, form: Form) -> dict[str, people.Value]:
    """The fields of a form that differ from the statement as it stands."""
    state = ask.shelf.ledger.statement(key)
    found: dict[str, people.Value] = {}
    for name in EDITED:
        given = form.get(f"f-{name}")
        if given is None or (state is not None and given.strip() == field_text(state.statement, name)):
            continue
        found[name] = _value(name, given)
    return found


def _why(form: Form) -> str:
    reason, said = form.get("reason", ""), form.get("why", "").strip()
    parts = [part for part in (reason if reason != "other" else "", said) if part]
    if not parts:
        raise LedgerError("请写明理由。", "Say why.")
    return "：".join(parts)[:2000]


def _seen(form: Form) -> int | None:
    given = form.get("seen", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 12 else None


def _correct(ask: Ask, key: str, form: Form) -> people.Done | None:
    if "preview" in form:
        return None
    seen, fields = _seen(form), _fields(ask, key, form)
    if not fields and seen is not None and ask.shelf.ledger.version(key) != seen:
        # Theirs already says what mine says; let the ledger tell of the conflict.
        fields = {name: _value(name, form[f"f-{name}"]) for name in EDITED if f"f-{name}" in form}
    return people.correct(ask, key, people.Correction(fields, _why(form), seen, form.get("ledger")))


def _reject(ask: Ask, key: str, form: Form) -> people.Done:
    return people.reject(ask, key, people.Rejection(_why(form), _seen(form), form.get("ledger")))


def _split(ask: Ask, key: str, form: Form) -> people.Done:
    parts = []
    for number in ("1", "2", "3"):
        part = {name: _value(name, form.get(f"p{number}-{name}", "")) for name in ("indicator", "value", "unit")}
        if part["value"] not in (None, ""):
            parts.append(part)
    return people.split(ask, key, people.Splitting(parts, _why(form), _seen(form), form.get("ledger")))


def _merge(ask: Ask, key: str, form: Form) -> people.Done:
    keys = [key, *_lines(form, "with")]
    return people.merge(ask, people.Merging(keys, _why(form), _fields(ask, key, form), form.get("ledger")))


def _lines(form: Form, name: str) -> list[str]:
    return [line.strip() for line in form.get(name, "").split("\n") if line.strip()]


def _key_in(text: str) -> str:
    """A statement's key out of what was pasted: the key itself, or its address."""
    return text.strip().split("/n/")[-1].split("?")[0].split("#")[0].removesuffix(".json").strip("/")


def _link(ask: Ask, key: str, form: Form) -> people.Done:
    actuals = [_key_in(line) for name in ("actual", "pasted") for line in _lines(form, name)]
    given = form.get("verdict") or None
    verdict = msgspec.convert(given, Verdict) if given else None
    return people.link(ask, key, people.Linking(_why(form), actuals, verdict, form.get("ledger")))


def _unlink(ask: Ask, key: str, form: Form) -> people.Done:
    return people.unlink(ask, key, people.Unlinking(_lines(form, "actual"), _why(form), form.get("ledger")))


def _add(ask: Ask, key: str, form: Form) -> people.Done:
    start, end = form.get("start", ""), form.get("end", "")
    if not (start.isdigit() and end.isdigit()):
        raise LedgerError("没有选取文字。", "No words were picked.")
    fields = {name: _value(name, form.get(f"f-{name}", "")) for name in EDITED if form.get(f"f-{name}", "") != ""}
    fields.setdefault("unit", "")
    quote = form.get("quote", "").replace("\r\n", "\n")
    whole = ask.shelf.ledger.text(key)[int(start) : int(end)]
    if whole.replace("\r\n", "\n") == quote:
        quote = whole  # a browser sends every line end as the same two characters
    return people.add(ask, key, people.Adding(int(start), int(end), quote, fields, _why(form), form.get("ledger")))


def _undo(ask: Ask, key: str, form: Form) -> people.Done:
    why = form.get("why", "").strip() or "撤销"
    return people.undo(ask, int(key), people.Undoing(why, form.get("ledger")))


def _propose(ask: Ask, key: str, form: Form) -> people.Done:
    fields = None if "none" in form else _fields(ask, key, form)
    return people.propose(ask, key, people.Proposing(fields, _why(form), _seen(form), form.get("ledger")))


def _accept(ask: Ask, key: str, form: Form) -> people.Done:
    return people.accept(ask, int(key), people.Deciding(form.get("why", "").strip() or "采纳", form.get("ledger")))


def _decline(ask: Ask, key: str, form: Form) -> people.Done:
    return people.decline(ask, int(key), people.Deciding(_why({**form, "reason": ""}), form.get("ledger")))


def _withdraw(ask: Ask, key: str, form: Form) -> people.Done:
    return people.withdraw(ask, int(key), people.Deciding(form.get("why", "").strip() or "撤回", form.get("ledger")))


# Uploads


async def _upload(request: Request[Any, Any, Any], ask: Ask) -> Response[Any]:
    form = await request.form()
    files = [item for item in form.getall("file", []) if isinstance(item, UploadFile)]
    pasted = form.get("text", "")
    why = str(form.get("why", "")).strip()
    handed = []
    jobs = request.app.state.jobs
    for item in files:
        data = await item.read()
        if not data and not item.filename:
            continue
        handed.append(jobs.hand_in(data, item.filename or "", ask.user.name, why))
    if isinstance(pasted, str) and pasted.strip():
        name = str(form.get("name", "")).strip() or "粘贴的文字.txt"
        data = pasted.replace("\r\n", "\n").encode("utf-8", errors="replace")
        handed.append(jobs.hand_in(data, name, ask.user.name, why))
    if not handed:
        raise WebError(400, "nothing", "没有选择文件，也没有粘贴文字。", "No file was chosen and no text pasted.")
    to = f"/jobs/{handed[0].id}" if len(handed) == 1 else "/upload"
    return Redirect(ask.url(to), status_code=303)


async def _cancel(request: Request[Any, Any, Any], ask: Ask) -> Response[Any]:
    job = str(request.path_params["job"])
    if not request.app.state.jobs.cancel(job):
        raise WebError(409, "too_late", "已经录入或已经结束，不能取消。", "It is entered already, or over.")
    return Redirect(ask.url(f"/jobs/{job}"), status_code=303)


# Accounts


def _address_of(request: Request[Any, Any, Any]) -> str:
    return request.client.host if request.client else ""


async def _login(request: Request[Any, Any, Any], ask: Ask) -> Response[Any]:
    form = _plain(await request.form())
    accounts = accounts_of(request)
    work = partial(accounts.sign_in, form.get("name", ""), form.get("password", ""), _address_of(request))
    try:
        secret = await run_sync(work)
        then = form.get("then", "")
    except AccountError as error:
        said = error.zh if ask.lang == "zh" else error.en
        content = request.app.state.render("login.html", ask, None, request, draft=form, problem=said)
        status = 429 if isinstance(error, ThrottledError) else 401
        return Response(content=content, media_type="text/html", status_code=status)
    back = form.get("next", "")
    path = back if back.startswith("/") and not back.startswith(("//", "/\\")) else ask.url("/")
    answer: Response[Any] = Redirect(path, status_code=303)
    if then.startswith("/") and not then.startswith(("//", "/\\")):
        kept = {name[5:]: value for name, value in form.items() if name.startswith("kept-")}
        content = request.app.state.render("resume.html", ask, None, request, draft={"then": then}, typed=kept)
        answer = Response(content=content, media_type="text/html", headers={"cache-control": "no-store"})
    answer.set_cookie("session", secret, httponly=True, samesite="lax", path="/", secure=request.url.scheme == "https")
    return answer


async def _theme(request: Request[Any, Any, Any], ask: Ask) -> Response[Any]:
    form = _plain(await request.form())
    path = form.get("back", "")
    here = path if path.startswith("/") and not path.startswith(("//", "/\\")) else ask.url("/")
    answer = Redirect(here, status_code=303)
    theme = form.get("theme", "")
    if theme in ("light", "dark"):
        answer.set_cookie("theme", theme, max_age=365 * 86400, samesite="lax", path="/", httponly=True)
    else:
        answer.delete_cookie("theme")
    return answer


async def _logout(request: Request[Any, Any, Any], ask: Ask) -> Response[Any]:
    accounts = accounts_of(request)
    await run_sync(partial(accounts.sign_out, request.cookies.get("session", ""), ask.user.name))
    answer = Redirect(ask.url("/login"), status_code=303)
    answer.delete_cookie("session")
    return answer


async def _password(request: Request[Any, Any, Any], ask: Ask) -> Response[Any]:
    form = _plain(await request.form())
    accounts = accounts_of(request)

    def work() -> None:
        accounts.sign_in(ask.user.name, form.get("old", ""), _address_of(request))
        accounts.change_password(ask.user.name, form.get("new", ""), who=ask.user.name)

    try:
        await run_sync(work)
    except AccountError as error:
        raise WebError(400, "refused", error.zh, error.en) from error
    return Redirect(ask.url("/login"), status_code=303)


async def _token(request: Request[Any, Any, Any], ask: Ask) -> Response[Any]:
    form = _plain(await request.form())
    accounts = accounts_of(request)
    secret = await run_sync(partial(accounts.make_token, ask.user.name, form.get("label", "")))
    made = account(ask, request)
    content = request.app.state.render("account.html", ask, made, request, secret=secret)
    return Response(content=content, media_type="text/html", headers={"cache-control": "no-store"})


async def _token_gone(request: Request[Any, Any, Any], ask: Ask) -> Response[Any]:
    form = _plain(await request.form())
    accounts = accounts_of(request)
    try:
        await run_sync(partial(accounts.drop_token, ask.user.name, form.get("token", "")))
    except AccountError as error:
        raise WebError(404, "not_found", error.zh, error.en) from error
    return Redirect(ask.url("/account"), status_code=303)


async def _account(request: Request[Any, Any, Any], ask: Ask) -> Response[Any]:
    form = _plain(await request.form())
    accounts = accounts_of(request)
    work = partial(
        accounts.make,
        form.get("name", ""),
        form.get("role", ""),
        form.get("password", ""),
        who=ask.user.name,
        unit=form.get("unit", ""),
    )
    try:
        await run_sync(work)
    except AccountError as error:
        raise WebError(400, "refused", error.zh, error.en) from error
    return Redirect(ask.url("/admin/accounts"), status_code=303)


async def _account_change(request: Request[Any, Any, Any], ask: Ask) -> Response[Any]:
    form = _plain(await request.form())
    accounts = accounts_of(request)
    name = form.get("name", "")
    try:
        if "role" in form:
            await run_sync(partial(accounts.change_role, name, form["role"], who=ask.user.name))
        elif "off" in form:
            await run_sync(partial(accounts.switch, name, off=form["off"] == "1", who=ask.user.name))
    except AccountError as error:
        raise WebError(400, "refused", error.zh, error.en) from error
    return Redirect(ask.url("/admin/accounts"), status_code=303)
