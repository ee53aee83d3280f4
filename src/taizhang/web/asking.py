"""Who asks, in which language, for what; and how a page links to others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal
from urllib.parse import quote, urlencode

import msgspec

from taizhang.errors import TaizhangError
from taizhang.views.words import Lang
from taizhang.web.shelf import Look

Role = Literal["reader", "unit", "editor", "admin"]
ROLES: tuple[Role, ...] = ("reader", "unit", "editor", "admin")
"""Each may do what those before it may, and more."""


class User(msgspec.Struct, frozen=True):
    """Who asks."""

    name: str
    role: Role
    local: bool = False
    """On this machine, without an account."""
    session: str = ""
    """Hash of the session's secret."""
    unit: str = ""
    """The unit whose tasks are this person's own."""

    def may(self, role: Role) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)


class WebError(TaizhangError):
    """An answer that is no page: its status, a short code, and a sentence."""

    def __init__(self, status: int, code: str, zh: str, en: str, field: str | None = None) -> None:
        super().__init__(zh, en, field)
        self.status, self.code = status, code


def not_found(zh: str, en: str) -> WebError:
    return WebError(404, "not_found", zh, en)


class Ask:
    """One request, as pages need it."""

    def __init__(
        self,
        shelf: Look,
        *,
        lang: Lang,
        user: User,
        path: str,
        query: Mapping[str, str],
        origin: str,
        card_secret: Callable[[str], str],
        theme: str = "",
    ) -> None:
        """`origin` is the scheme and host of this server as the reader knows it. `card_secret` gives what the address
        of a number's card needs, where reading it otherwise needs an account."""
        self.shelf, self.lang, self.user, self.path, self.query = shelf, lang, user, path, query
        self.prefix = "/en" if lang == "en" else ""
        self.origin, self.card_secret = origin, card_secret
        self.theme = theme if theme in ("light", "dark") else ""
        """Light or dark where somebody chose; else as the machine has it."""

    def t(self, zh: str, en: str) -> str:
        """The words in the language of the page."""
        return zh if self.lang == "zh" else en

    def url(self, path: str, /, **query: object) -> str:
        """The address of a page in the same language. Query values that are null or empty are left out."""
        return self.prefix + address(path, **query)

    def same(self, **changes: object) -> str:
        """This page's address with some of its query changed."""
        return self.prefix + address(self.path, **{**self.query, **changes})

    def other_language(self) -> str:
        here = address(self.path, **self.query)
        return here if self.lang == "en" else f"/en{here}"

    def twin(self, suffix: str) -> str:
        """The same page as JSON or CSV."""
        path = self.path.rstrip("/") or "/index"
        return address(path + suffix, **self.query)


def address(path: str, /, **query: object) -> str:
    """A path with its query; escaped."""
    given = [(name, _said(value)) for name, value in query.items() if value is not None and value != ""]
    return quote(path, safe="/-._~@:") + (f"?{urlencode(given)}" if given else "")


def _said(value: object) -> str:
    return ("1" if value else "0") if isinstance(value, bool) else str(value)
