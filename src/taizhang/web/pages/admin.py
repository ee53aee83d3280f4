"""Accounts as pages: one's own, everybody's, and the audit of who did what."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Request
from litestar.params import Parameter

from taizhang.web.accounts import Account, Accounts, Entry, Token
from taizhang.web.asking import Ask, Role, not_found
from taizhang.web.faces import deed, page


class Me(msgspec.Struct, frozen=True):
    """Who one is here, and one's tokens."""

    name: str
    role: Role
    local: bool
    tokens: tuple[Token, ...]


class Everybody(msgspec.Struct, frozen=True):
    """All accounts."""

    data: tuple[Account, ...]
    total: int


class Audit(msgspec.Struct, frozen=True):
    """Who signed in and what was done to accounts; what was done to the ledger is at /corrections."""

    data: tuple[Entry, ...]
    next: int | None


class NewAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An account to be made."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    role: Role
    password: Annotated[str, msgspec.Meta(min_length=10, max_length=1000)]
    unit: Annotated[str, msgspec.Meta(max_length=60)] = ""


class AccountChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What of an account changes: its role, or whether it is shut. What is null stays."""

    role: Role | None = None
    off: bool | None = None


def accounts_of(request: Request) -> Accounts:  # type: ignore[type-arg]
    found: Accounts | None = request.app.state.accounts
    if found is None:
        raise not_found("本机使用，没有账户。", "Local use: there are no accounts.")
    return found


@page("/account", template="account.html")
def account(ask: Ask, request: Request) -> Me:  # type: ignore[type-arg]
    """Who one is here."""
    accounts: Accounts | None = request.app.state.accounts
    tokens = accounts.tokens(ask.user.name) if accounts else ()
    return Me(ask.user.name, ask.user.role, ask.user.local, tokens)


@page("/admin/accounts", template="accounts.html", role="admin")
def everybody(ask: Ask, request: Request) -> Everybody:  # type: ignore[type-arg]
    """All accounts and their roles."""
    found = accounts_of(request).all()
    return Everybody(found, len(found))


def _of(accounts: Accounts, name: str) -> Account:
    found = next((each for each in accounts.all() if each.name == name.strip()), None)
    if found is None:
        raise not_found(f"没有账户“{name[:60]}”。", f"There is no account “{name[:60]}”.")
    return found


@deed("/admin/accounts", role="admin")
def make(ask: Ask, request: Request, data: NewAccount) -> Account:  # type: ignore[type-arg]
    """Make an account."""
    accounts = accounts_of(request)
    accounts.make(data.name, data.role, data.password, who=ask.user.name, unit=data.unit)
    return _of(accounts, data.name)


@deed("/admin/accounts/{name:str}", role="admin", status=200)
def change(ask: Ask, request: Request, name: str, data: AccountChange) -> Account:  # type: ignore[type-arg]
    """Give an account another role, shut it, or open it again."""
    accounts = accounts_of(request)
    _of(accounts, name)
    if data.role is not None:
        accounts.change_role(name, data.role, who=ask.user.name)
    if data.off is not None:
        accounts.switch(name, off=data.off, who=ask.user.name)
    return _of(accounts, name)


@page("/admin/audit", template="audit.html", role="admin", rows=lambda made: made.data)
def audit(
    ask: Ask,
    request: Request,  # type: ignore[type-arg]
    before: Annotated[int | None, Parameter(ge=0, le=2**31)] = None,
) -> Audit:
    """Who signed in, and what was done to accounts."""
    found = accounts_of(request).log(before, 101)
    return Audit(found[:100], found[99].id if len(found) > 100 else None)
