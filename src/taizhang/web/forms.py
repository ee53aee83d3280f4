"""What a page's forms send: the same changes as the JSON addresses make, answered by going back to a page.

A form that cannot be carried out comes back as the page it was on, with the reason and with everything that was typed.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, get_args
from urllib.parse import urlsplit

import msgspec
from anyio.to_thread import run_sync
from litestar import Request, Response, post
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect

from taizhang.errors import ConflictError, LedgerError, StoreError, TaizhangError
from taizhang.ledger.events import FIELDS
from taizhang.model import Verdict
from taizhang.web.accounts import AccountError, ThrottledError
from taizhang.web.asking import Ask, Role, WebError, not_found
from taizhang.web.jobs import JobState
from taizhang.web.pages import people
from taizhang.web.pages.admin import account, accounts_of, everybody
from taizhang.web.pages.number import number_page_of
from taizhang.web.pages.upload import upload

Form = dict[str, str]
EDITED = ("indicator", "value", "value_max", "unit", "comparator", "kind", "measure", "period", "place")
assert set(EDITED) < set(FIELDS)
_KEY = re.compile(r"[0-9a-f]{16}-[0-9a-z-]{1,43}")


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
        _change("/reports/{key:str}/retract", _retract),
        _change("/n/{key:str}/propose", _propose, "reader"),
        _change("/proposals/{key:int}/accept", _accept),
        _change("/proposals/{key:int}/decline", _decline),
        _change("/proposals/{key:int}/withdraw", _withdraw, "reader"),
        _route("/upload", _upload, "editor", home=("upload.html", upload)),
        _route("/jobs/{job:str}/cancel", _cancel, "editor"),
        _route("/jobs/{job:str}/again", _read_again, "editor"),
        _route("/login", _login, "reader", open=True),
        _route("/logout", _logout, "reader"),
        _route("/theme", _theme, "reader", open=True),
        _route("/account/password", _password, "reader", home=("account.html", account)),
        _route("/account/tokens", _token, "reader", home=("account.html", account)),
        _route("/account/tokens/drop", _token_gone, "reader", home=("account.html", account)),
        _route("/admin/accounts", _account, "admin", home=("accounts.html", everybody)),
        _route("/admin/accounts/change", _account_change, "admin", home=("accounts.html", everybody)),
    ]


_SECRET = ("password", "old", "new")
Handler = Callable[[Request[Any, Any, Any], Ask], Awaitable[Response[Any]]]


def _route(
    path: str, work: Handler, role: Role, *, open: bool = False, home: tuple[str, Callable[..., Any]] | None = None
) -> HTTPRouteHandler:
    """A form. `home` is the template of its page and what makes that: where it fails it comes back there, filled in."""

    async def handler(request: Request[Any, Any, Any], ask: Ask) -> Response[Any]:
        try:
            return await work(request, ask)
        except (AccountError, WebError) as error:
            if home is None:
                raise
            status = error.status if isinstance(error, WebError) else 422
            said = error.zh if ask.lang == "zh" else error.en
            draft = {name: value for name, value in _plain(await request.form()).items() if name not in _SECRET}
            made = await run_sync(partial(home[1], ask, request))
            content = request.app.state.render(home[0], ask, made, request, draft=draft, problem=said, status=status)
            headers = {"cache-control": "no-store"}
            return Response(content=content, media_type="text/html", status_code=status, headers=headers)

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
    """The page of the form as it was filled in, and what was wrong, beside the field where it is one's."""
    status = error.status if isinstance(error, WebError) else 409 if isinstance(error, ConflictError) else 422
    if isinstance(error, StoreError):
        status = 503
    if status in (404, 503):
        return _typed(request, ask, form, error, status)
    said = error.zh if ask.lang == "zh" else error.en
    more: dict[str, Any] = {"problem": said, "status": status, "errors": {error.field: said} if error.field else {}}
    name = ask.path.rsplit("/", 1)[-1]
    try:
        if ask.path.startswith("/proposals/") and isinstance(error, ConflictError) and ask.user.may("editor"):
            waiting = people.corrections(ask, show="waiting")
            draft = {**form, "proposal": key}
            content = request.app.state.render("corrections.html", ask, waiting, request, draft=draft, **more)
        elif name == "statements":
            start, end = (int(form.get(each, "")) for each in ("start", "end"))
            made: Any = people.new(ask, key, start, end)
            content = request.app.state.render("new.html", ask, made, request, draft=form, **more)
        elif not _KEY.fullmatch(key):
            if isinstance(error, WebError) and status != 400:
                return _typed(request, ask, form, error, status)
            draft = {each: value for each, value in form.items() if each != "seen"} if status == 409 else form
            content = request.app.state.render("retry.html", ask, None, request, draft=draft, **more)
        else:
            draft = dict(form)
            if isinstance(error, ConflictError):
                more["conflict"] = _conflict(ask, key, form)
                draft = _renewed(form)
            opened = "correct" if name == "propose" else "link" if name == "unlink" else name
            made = number_page_of(ask, key)
            content = request.app.state.render("number.html", ask, made, request, draft=draft, opened=opened, **more)
    except (LedgerError, WebError, ValueError):
        return _typed(request, ask, form, error, status)
    return Response(content=content, media_type="text/html", status_code=status, headers={"cache-control": "no-store"})


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
    """For each field that this person changed: as it was when the form was opened, theirs, mine."""
    state = ask.shelf.ledger.statement(key)
    if state is None:
        return []
    return [
        {
            "field": name,
            "before": form.get(f"was-{name}", ""),
            "theirs": field_text(state.statement, name),
            "mine": form[f"f-{name}"],
        }
        for name in EDITED
        if _touched(form, name)
    ]


def _touched(form: Form, name: str) -> bool:
    """Whether a field was changed in the form, as far as the form says what it was filled with."""
    given, before = form.get(f"f-{name}"), form.get(f"was-{name}")
    return given is not None and (before is None or given.strip() != before.strip())


def _renewed(form: Form) -> Form:
    """What was typed, without what the form was only filled with: that is taken from the statement as it stands, so
    that sending the form again undoes nothing that another person did meanwhile."""
    stale = {"seen", *(f"was-{name}" for name in EDITED)}
    stale |= {f"f-{name}" for name in EDITED if not _touched(form, name)}
    return {name: value for name, value in form.items() if name not in stale}


def _preview(request: Request[Any, Any, Any], ask: Ask, key: str, form: Form) -> Response[Any]:
    try:
        found = people.consequences(ask, key, _fields(ask, key, form))
    except LedgerError as error:
        return _again(request, ask, key, form, error)
    made = number_page_of(ask, key)
    content = request.app.state.render("number.html", ask, made, request, draft=form, preview=found, opened="correct")
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
    return text if text or name == "unit" else None


def _fields(ask: Ask, key: str, form: Form) -> dict[str, people.Value]:
    """The fields that were changed in a form and differ from the statement as it stands."""
    state = ask.shelf.ledger.statement(key)
    found: dict[str, people.Value] = {}
    for name in EDITED:
        if not _touched(form, name):
            continue
        given = form[f"f-{name}"]
        if state is None or given.strip() != field_text(state.statement, name):
            found[name] = _value(name, given)
    return found


def _why(form: Form) -> str:
    reason, said = form.get("reason", ""), form.get("why", "").strip()
    parts = [part for part in (reason if reason != "other" else "", said) if part]
    if not parts:
        if reason == "other":
            raise LedgerError("原因选“其他”时，请写明理由。", "Say why in words where the cause is “Other”.", "why")
        raise LedgerError("请写明理由。", "Say why.", "why")
    return "：".join(parts)


def _seen(form: Form) -> int | None:
    given = form.get("seen", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 12 else None


def _correct(ask: Ask, key: str, form: Form) -> people.Done | None:
    if "preview" in form:
        return None
    seen, fields = _seen(form), _fields(ask, key, form)
    if not fields and seen is not None and ask.shelf.ledger.version(key) != seen:
        # Theirs already says what mine says; let the ledger tell of the conflict.
        fields = {name: _value(name, form[f"f-{name}"]) for name in EDITED if _touched(form, name)}
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
    seen = _seen(form)
    looked = {} if seen is None else {key: seen}
    return people.merge(ask, people.Merging(keys, _why(form), _fields(ask, key, form), looked, form.get("ledger")))


def _lines(form: Form, name: str) -> list[str]:
    return [line.strip() for line in form.get(name, "").split("\n") if line.strip()]


def _key_in(text: str) -> str:
    """A statement's key out of what was pasted: the key itself, or its address."""
    return text.strip().split("/n/")[-1].split("?")[0].split("#")[0].removesuffix(".json").strip("/")


def _link(ask: Ask, key: str, form: Form) -> people.Done:
    actuals = [_key_in(line) for name in ("actual", "pasted") for line in _lines(form, name)]
    given = form.get("verdict") or None
    if given is not None and given not in get_args(Verdict):
        raise LedgerError(f"没有“{given[:20]}”这种结论。", f"There is no verdict “{given[:20]}”.", "verdict")
    verdict = msgspec.convert(given, Verdict) if given else None
    return people.link(ask, key, people.Linking(_why(form), actuals, verdict, _seen(form), form.get("ledger")))


def _unlink(ask: Ask, key: str, form: Form) -> people.Done:
    return people.unlink(
        ask, key, people.Unlinking(_lines(form, "actual"), _why(form), _seen(form), form.get("ledger"))
    )


def _add(ask: Ask, key: str, form: Form) -> people.Done:
    start, end = form.get("start", ""), form.get("end", "")
    if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit() and len(start + end) < 20):
        raise LedgerError("没有选取文字。", "No words were picked.")
    fields = {name: _value(name, form.get(f"f-{name}", "")) for name in EDITED if form.get(f"f-{name}", "") != ""}
    fields.setdefault("unit", "")
    quote = form.get("quote", "").replace("\r\n", "\n")
    whole = ask.shelf.ledger.text(key)[int(start) : int(end)]
    if whole.replace("\r\n", "\n") == quote:
        quote = whole  # a browser sends every line end as the same two characters
    return people.add(ask, key, people.Adding(int(start), int(end), quote, fields, _why(form), form.get("ledger")))


def _undo(ask: Ask, key: str, form: Form) -> people.Done:
    return people.undo(ask, int(key), people.Undoing(_why({**form, "reason": ""}), form.get("ledger")))


def _retract(ask: Ask, key: str, form: Form) -> people.Done:
    return people.retract(ask, key, people.Undoing(_why({**form, "reason": ""}), form.get("ledger")))


def _propose(ask: Ask, key: str, form: Form) -> people.Done:
    fields = None if "none" in form else _fields(ask, key, form)
    return people.propose(ask, key, people.Proposing(fields, _why(form), _seen(form), form.get("ledger")))


def _accept(ask: Ask, key: str, form: Form) -> people.Done:
    why = form.get("why", "").strip() or "采纳"
    return people.accept(ask, int(key), people.Deciding(why, _seen({"seen": form.get("over", "")}), form.get("ledger")))


def _decline(ask: Ask, key: str, form: Form) -> people.Done:
    return people.decline(ask, int(key), people.Deciding(_why({**form, "reason": ""}), ledger=form.get("ledger")))


def _withdraw(ask: Ask, key: str, form: Form) -> people.Done:
    return people.withdraw(
        ask, int(key), people.Deciding(form.get("why", "").strip() or "撤回", ledger=form.get("ledger"))
    )


# Uploads


async def _upload(request: Request[Any, Any, Any], ask: Ask) -> Response[Any]:
    handed = await handed_in(request, ask)
    to = f"/jobs/{handed[0].id}" if len(handed) == 1 else "/upload"
    return Redirect(ask.url(to), status_code=303)


async def handed_in(request: Request[Any, Any, Any], ask: Ask) -> list[JobState]:
    """Put what a form sends in the line: files, or a text that was pasted. Raises `WebError` where there is neither."""
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
        handed.append(await run_sync(partial(jobs.hand_in, data, item.filename or "", ask.user.name, why)))
    if isinstance(pasted, str) and pasted.strip():
        name = str(form.get("name", "")).strip() or "粘贴的文字.txt"
        data = pasted.replace("\r\n", "\n").encode("utf-8", errors="replace")
        handed.append(await run_sync(partial(jobs.hand_in, data, name, ask.user.name, why)))
    if not handed:
        raise WebError(
            400, "nothing", "没有选择文件，也没有粘贴文字。", "No file was chosen and no text pasted.", "file"
        )
    return handed


async def _cancel(request: Request[Any, Any, Any], ask: Ask) -> Response[Any]:
    job = str(request.path_params["job"])
    cancelled(request, job)
    return Redirect(ask.url(f"/jobs/{job}"), status_code=303)


async def _read_again(request: Request[Any, Any, Any], ask: Ask) -> Response[Any]:
    job = str(request.path_params["job"])
    if not request.app.state.jobs.again(job):
        raise WebError(
            409, "not_stopped", "只有没有读完的文件能再读一次。", "Only a file that was not read to its end."
        )
    return Redirect(ask.url(f"/jobs/{job}"), status_code=303)


def cancelled(request: Request[Any, Any, Any], job: str) -> JobState:
    """Take a file out of the line."""
    jobs = request.app.state.jobs
    if jobs.get(job) is None:
        raise not_found(f"没有编号为“{job[:40]}”的录入。", f"There is no job “{job[:40]}”.")
    if not jobs.cancel(job):
        raise WebError(409, "too_late", "已经录入或已经结束，不能取消。", "It is entered already, or over.")
    found: JobState = jobs.get(job)
    return found


# Accounts


def _address_of(request: Request[Any, Any, Any]) -> str:
    given: dict[str, str] = request.scope.get("taizhang", {})  # type: ignore[assignment]
    return given.get("address", "")


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
        if isinstance(error, ThrottledError):
            late = {"retry-after": str(error.wait), "cache-control": "no-store"}
            return Response(content=content, media_type="text/html", status_code=429, headers=late)
        return Response(content=content, media_type="text/html", status_code=401)
    back = form.get("next", "")
    path = back if back.startswith("/") and not back.startswith(("//", "/\\")) else ask.url("/")
    answer: Response[Any] = Redirect(path, status_code=303)
    if then.startswith("/") and not then.startswith(("//", "/\\")):
        kept = {name[5:]: value for name, value in form.items() if name.startswith("kept-")}
        content = request.app.state.render("resume.html", ask, None, request, draft={"then": then}, typed=kept)
        answer = Response(content=content, media_type="text/html", headers={"cache-control": "no-store"})
    answer.set_cookie(
        "session", secret, httponly=True, samesite="lax", path="/", secure=request.scope["scheme"] == "https"
    )
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

    def work() -> int:
        accounts.sign_in(ask.user.name, form.get("old", ""), _address_of(request))
        return accounts.change_password(ask.user.name, form.get("new", ""), who=ask.user.name)

    try:
        ended = await run_sync(work)
    except AccountError as error:
        raise WebError(429 if isinstance(error, ThrottledError) else 422, "refused", error.zh, error.en) from error
    answer = Redirect(ask.url("/login", changed=ended), status_code=303)
    answer.delete_cookie("session")
    return answer


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
        raise WebError(422, "refused", error.zh, error.en) from error
    return Redirect(ask.url("/admin/accounts"), status_code=303)


async def _account_change(request: Request[Any, Any, Any], ask: Ask) -> Response[Any]:
    form = _plain(await request.form())
    accounts = accounts_of(request)
    name = form.get("name", "")
    try:
        if "role" in form:
            await run_sync(partial(accounts.change_role, name, form["role"], who=ask.user.name, unit=form.get("unit")))
        elif "off" in form:
            await run_sync(partial(accounts.switch, name, off=form["off"] == "1", who=ask.user.name))
        else:
            raise AccountError("没有写明要改什么。", "It is not said what to change.")
    except AccountError as error:
        raise WebError(422, "refused", error.zh, error.en) from error
    return Redirect(ask.url("/admin/accounts"), status_code=303)
