"""`taizhang serve`: the pages and the REST interface over a ledger; and the accounts of a server that others reach.

On loopback nobody signs in. Anywhere else it serves only with accounts, made by `taizhang accounts add`.
"""

from __future__ import annotations

import getpass
import ipaddress
import os
import socket
import subprocess
import sys
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from taizhang.console import DEFAULT_LIMIT, Language, LanguageOption, LimitOption, complain, plainly, size_limit
from taizhang.errors import TaizhangError, why

if TYPE_CHECKING:
    from taizhang.web.accounts import Accounts

PORT = 8765
"""Where the pages are unless told otherwise."""

LedgerArgument = Annotated[
    str,
    typer.Argument(
        metavar="LEDGER", help="账本文件，或 postgresql:// 地址。 A ledger's file, or a postgresql:// address."
    ),
]
AccountsOption = Annotated[
    Path | None,
    typer.Option("--accounts", help="账户文件；缺省为账本旁的 账本名.accounts。 The file of accounts."),
]
accounts_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="网页服务的账户。 Accounts of the pages.")


class RoleName(StrEnum):
    """What an account may do."""

    reader = "reader"
    unit = "unit"
    editor = "editor"
    admin = "admin"


def mount(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("serve")(serve_command)
    app.add_typer(accounts_app, name="accounts")


def serve_command(
    target: LedgerArgument,
    host: Annotated[
        str,
        typer.Option("--host", help="监听地址；不是本机地址时须有账户。 Address; off loopback accounts are needed."),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", "-p", min=0, max=65535, help="端口，0 为任意。 Port; 0 is any.")
    ] = PORT,
    create: Annotated[
        bool, typer.Option("--create", help="没有账本就新建一个空的。 Make an empty ledger where there is none.")
    ] = False,
    accounts: AccountsOption = None,
    name: Annotated[
        list[str] | None, typer.Option("--name", help="本服务的域名（可多次）。 A name this server is reached by.")
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", help="TLS 证书（PEM）。 TLS certificate.")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", help="TLS 私钥（PEM）。 Its private key.")] = None,
    https: Annotated[
        bool,
        typer.Option("--https", help="前面的反向代理负责 TLS。 A reverse proxy in front does TLS."),
    ] = False,
    proxy: Annotated[
        list[str] | None,
        typer.Option(
            "--proxy",
            help="反向代理的地址，缺省只信本机（可多次）。 Address of the reverse proxy; by default this machine.",
        ),
    ] = None,
    lang: LanguageOption = Language.zh,
    limit: LimitOption = DEFAULT_LIMIT,
) -> None:
    """打开网页：浏览、核对、更正、录入。 Serve the pages and the REST interface.

    例 examples：\n
      taizhang serve 台账.db\n
      taizhang serve 台账.db --create\n
      taizhang accounts add 台账.db 闻砚秋 --role admin && taizhang serve 台账.db --host 0.0.0.0
    """
    with plainly(lang):
        local = is_loopback(host)
        known = None if local and accounts is None else _accounts(target, accounts)
        if known is not None and not known.any():
            known.close()
            raise TaizhangError(
                f"{host} 上的服务别的机器也能访问，须先建立账户：taizhang accounts add {target} 姓名 --role admin。"
                "只在本机使用时不要写 --host。",
                f"Other machines reach a server on {host}, so it needs an account first: "
                f"taizhang accounts add {target} NAME --role admin. For this machine alone, leave out --host.",
            )
        if (certificate is None) != (key is None):
            raise TaizhangError("--certificate 和 --key 要一起给。", "Give --certificate and --key together.")
        if create:
            from taizhang.ledger import Ledger

            Ledger.open(target, create=True).close()
        chosen = _free(host, port)
        front = Fronted(https or certificate is not None, tuple(proxy or ()))
        _run(target, host, chosen, known, tuple(name or ()), size_limit(limit), certificate, key, front, lang)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _free(host: str, port: int) -> int:
    """The port, found free; any free one for 0."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(where)
            return int(tried.getsockname()[1])
    except OSError as error:
        zh, en = why(error)
        raise TaizhangError(
            f"不能在 {host} 的 {port} 端口上服务：{zh}。换一个端口：--port 8770。",
            f"Cannot serve on port {port} of {host}: {en}. Try another: --port 8770.",
        ) from error


def _run(
    target: str,
    host: str,
    port: int,
    known: Accounts | None,
    names: tuple[str, ...],
    limit: int,
    certificate: Path | None,
    key: Path | None,
    front: Fronted,
    lang: Language,
) -> None:
    # Loaded when asked for: other commands start quicker without a web server.
    import asyncio

    from granian.constants import Interfaces
    from granian.server.embed import Server

    from taizhang.web.app import create_app

    app = create_app(
        target, user=_login(), accounts=known, hosts=names, limit=limit, https=front.https, proxies=front.proxies
    )
    server = Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        log_enabled=False,
        ssl_cert=certificate,
        ssl_key=key,
    )
    _announce(host, port, bool(certificate), front.https, known is None, lang)
    if app.app.state.shelf.readonly:
        complain(
            "账本或所在文件夹是只读的：可以查看，不能更正和录入。",
            "The ledger or its folder is read-only: it can be looked at, not changed.",
            lang,
        )

    async def run() -> None:
        import signal

        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, server.stop)
        await server.serve()

    ahead = _preparing(target)
    try:
        asyncio.run(run())
    finally:
        if ahead is not None:
            ahead.terminate()
            ahead.wait(10)


class Fronted(NamedTuple):
    """What stands before this server: whether readers reach it by https, and from where a proxy asks for them."""

    https: bool
    proxies: tuple[str, ...]


def _announce(host: str, port: int, tls: bool, https: bool, local: bool, lang: Language) -> None:
    """Say where the pages are, and where passwords would go in the clear, what to do about it."""
    scheme = "https" if tls else "http"
    tail = "" if lang is Language.zh else "en/"
    places = [f"{scheme}://{f'[{each}]' if ':' in each else each}:{port}/{tail}" for each in reached_by(host)]
    said = (("本机使用，无需登录", "local use, no sign-in") if local else ("须登录", "sign-in needed"))[
        lang is not Language.zh
    ]
    typer.echo(
        f"打开 {' 或 '.join(places)} （{said}；Ctrl+C 结束）"
        if lang is Language.zh
        else f"Open {' or '.join(places)} ({said}; Ctrl+C ends)",
        err=True,
    )
    if not https and not is_loopback(host):
        complain(
            "没有 TLS：密码和内容在网络上是明文。请用 --certificate 和 --key 给出证书，"
            "或放在做 TLS 的反向代理后面（--host 127.0.0.1 --accounts … --https）。",
            "Without TLS passwords and pages go over the network in the clear. Give --certificate and --key, or put it "
            "behind a reverse proxy that does TLS (--host 127.0.0.1 --accounts … --https).",
            lang,
        )


def reached_by(host: str) -> list[str]:
    """The addresses to open: for one that means every address of this machine, those that it has."""
    if host not in ("0.0.0.0", "::", "*"):
        return [host]
    found = []
    with suppress(OSError):
        found = [str(each[4][0]) for each in socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM)]
    for family, outside in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        # Nothing is sent: the system says from which address it would be.
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asked:
            asked.connect((outside, 9))
            found.insert(0, str(asked.getsockname()[0]))
    wanted = (4,) if host == "0.0.0.0" else (4, 6)
    usable = [
        each
        for each in dict.fromkeys(found)
        if "%" not in each and (at := ipaddress.ip_address(each)).version in wanted and not at.is_loopback
    ]
    return [*usable, "127.0.0.1"]


def _preparing(target: str) -> subprocess.Popen[bytes] | None:
    """The checks of the whole ledger are worked out in a process of their own; null where they can't be."""
    if "://" in target:
        return None
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "taizhang.web.prepare", target],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return None


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "本机"


def _accounts(target: str, given: Path | None) -> Accounts:
    from taizhang.web.accounts import Accounts

    if given is None and "://" in target:
        raise TaizhangError(
            "账本在数据库里时，请用 --accounts 指定账户文件。",
            "Where the ledger is in a database, name the file of accounts with --accounts.",
        )
    path = given or Path(f"{target}.accounts")
    if given is None and not Path(target).exists():
        raise TaizhangError(f"没有账本“{target}”。", f"There is no ledger “{target}”.")
    return Accounts(path)


@accounts_app.command("add")
def add_command(
    target: LedgerArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="用户名。 Name.")],
    role: Annotated[RoleName, typer.Option("--role", help="角色。 Role.")] = RoleName.reader,
    unit: Annotated[str, typer.Option("--unit", help="所属单位，其任务归该账户。 Unit, whose tasks are its own.")] = "",
    accounts: AccountsOption = None,
    lang: LanguageOption = Language.zh,
) -> None:
    """新建账户；密码从提示或标准输入读入。 Make an account; the password is asked for, or read from standard input."""
    with plainly(lang):
        known = _accounts(target, accounts)
        known.make(name, role.value, _password(lang), who=_login(), unit=unit)
        typer.echo(f"已建立账户“{name}”（{role.value}）。" if lang is Language.zh else f"Made “{name}” ({role.value}).")


@accounts_app.command("password")
def password_command(
    target: LedgerArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="用户名。 Name.")],
    accounts: AccountsOption = None,
    lang: LanguageOption = Language.zh,
) -> None:
    """重设密码。 Give an account another password."""
    with plainly(lang):
        ended = _accounts(target, accounts).change_password(name, _password(lang), who=_login())
        typer.echo(
            f"密码已改；原有登录已结束，作废令牌 {ended} 个。"
            if lang is Language.zh
            else f"The password was changed; sessions ended, and {ended} tokens."
        )


@accounts_app.command("role")
def role_command(
    target: LedgerArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="用户名。 Name.")],
    role: Annotated[RoleName, typer.Argument(metavar="ROLE", help="新角色。 The new role.")],
    unit: Annotated[str | None, typer.Option("--unit", help="所属单位；缺省不变。 Unit; by default as it was.")] = None,
    accounts: AccountsOption = None,
    lang: LanguageOption = Language.zh,
) -> None:
    """更改角色。 Give an account another role."""
    with plainly(lang):
        _accounts(target, accounts).change_role(name, role.value, who=_login(), unit=unit)
        typer.echo(f"“{name}”现为 {role.value}。" if lang is Language.zh else f"“{name}” is {role.value} now.")


@accounts_app.command("remove")
def remove_command(
    target: LedgerArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="用户名。 Name.")],
    accounts: AccountsOption = None,
    lang: LanguageOption = Language.zh,
) -> None:
    """删除账户，并结束其登录和令牌；所做的更正保留。 Take an account away; what it did stays."""
    with plainly(lang):
        _accounts(target, accounts).remove(name, who=_login())
        typer.echo(f"已删除账户“{name}”。" if lang is Language.zh else f"“{name}” is gone.")


@accounts_app.command("list")
def list_command(target: LedgerArgument, accounts: AccountsOption = None, lang: LanguageOption = Language.zh) -> None:
    """列出账户。 List the accounts."""
    with plainly(lang):
        for item in _accounts(target, accounts).all():
            off = ("（停用）" if lang is Language.zh else " (shut)") if item.off else ""
            typer.echo(f"{item.name}\t{item.role}{f' {item.unit}' if item.unit else ''}{off}")


def _password(lang: Language) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip(os.linesep).rstrip("\n")
    said = ("密码", "再输一遍") if lang is Language.zh else ("Password", "Again")
    return str(typer.prompt(said[0], hide_input=True, confirmation_prompt=said[1]))
