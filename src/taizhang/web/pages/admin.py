"""Accounts as pages: one's own, everybody's, and the audit of who did what."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Request
from litestar.params import Parameter

from taizhang.web.accounts import Account, Accounts, Entry, Token
from taizhang.web.asking import Ask, Role, not_found
from taizhang.web.faces import page


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


@page("/admin/audit", template="audit.html", role="admin", rows=lambda made: made.data)
def audit(
    ask: Ask,
    request: Request,  # type: ignore[type-arg]
    before: Annotated[int | None, Parameter(ge=0, le=2**31)] = None,
) -> Audit:
    """Who signed in, and what was done to accounts."""
    found = accounts_of(request).log(before, 101)
    return Audit(found[:100], found[99].id if len(found) > 100 else None)
