"""Templates: what they may use beside the struct of their page."""

from __future__ import annotations

import hashlib
import re
import tomllib
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Request
from markupsafe import Markup

import taizhang
from taizhang.checks.registry import codes
from taizhang.read import SUFFIXES
from taizhang.structure.places import place_order
from taizhang.views import ledger, outcome, words
from taizhang.web import body, chart, forms
from taizhang.web.asking import ROLES, Ask
from taizhang.web.jobs import STAGES
from taizhang.web.lines import Number
from taizhang.web.pages import indicators, report, search
from taizhang.web.shelf import years

VERDICT_WORDS: words.Words = {name: (zh, en.capitalize()) for name, (zh, en) in outcome.VERDICTS.items()}
ROLE_WORDS: words.Words = {
    "reader": ("读者", "reader"),
    "unit": ("单位", "unit"),
    "editor": ("编辑", "editor"),
    "admin": ("管理员", "administrator"),
}
STAGE_WORDS: words.Words = {
    "waiting": ("排队", "waiting"),
    "reading": ("读取", "reading"),
    "entering": ("录入", "entering"),
    "checking": ("核对", "checking"),
    "done": ("完成", "done"),
    "failed": ("未能读取", "could not be read"),
    "cancelled": ("已取消", "cancelled"),
    "stopped": ("没有读完", "not read to its end"),
}
FIELD_WORDS: words.Words = {**words.FIELDS, "value_max": ("上限", "high end"), "standing": ("状态", "standing"),
                            "verdict": ("结论", "verdict"), "text": ("原文", "text")}  # fmt: skip
REASONS: tuple[tuple[str, str], ...] = (
    ("原文如此", "The source says so"),
    ("口径不同", "Another definition"),
    ("识别错误", "Misread"),
    ("other", "Other"),
)

# Shape as well as colour: told apart in grey, and where colours are forced.
_SHAPES = {
    "met": '<circle cx="8" cy="8" r="7" class="full"/><path d="M4.5 8.2 7 10.7 11.5 5.6" class="cut"/>',
    "missed": '<rect x="1.5" y="1.5" width="13" height="13" rx="1" class="full"/>'
    '<path d="M5 5 11 11M11 5 5 11" class="cut"/>',
    "partly": '<circle cx="8" cy="8" r="6.5"/><path d="M8 1.5A6.5 6.5 0 0 0 8 14.5Z" class="full"/>',
    "changed": '<path d="M2 5.5H13M10 2.5 13 5.5 10 8.5M14 10.5H3M6 7.5 3 10.5 6 13.5"/>',
    "unclear": '<circle cx="8" cy="8" r="6.5" stroke-dasharray="2 2"/>'
    '<path d="M6 6.2C6 4 10 4 10 6.4 10 8 8 7.8 8 9.4M8 11.2V12"/>',
    "unreported": '<circle cx="8" cy="8" r="6"/>',
}


AUDIT_WORDS: words.Words = {
    "signed_in": ("登录", "signed in"),
    "refused": ("登录未通过", "sign-in refused"),
    "throttled": ("尝试过多，暂停登录", "too many attempts"),
    "signed_out": ("退出登录", "signed out"),
    "account_made": ("新建账户", "account made"),
    "role_changed": ("修改角色", "role changed"),
    "password_changed": ("修改密码", "password changed"),
    "account_off": ("停用账户", "account shut"),
    "account_on": ("启用账户", "account opened"),
    "token_made": ("新建令牌", "token made"),
    "token_gone": ("作废令牌", "token dropped"),
}
TYPED_WORDS: words.Words = {
    "why": ("理由", "Reason"),
    "reason": ("原因", "Cause"),
    "quote": ("原文", "Text"),
    "pasted": ("对应的数字", "What answers it"),
    "verdict": ("结论", "Verdict"),
    "with": ("与之合并", "Merged with"),
    "actual": ("完成情况", "Outcome"),
}
"""Fields of forms beside those of a statement."""
_BEIJING = timezone(timedelta(hours=8))
_MOST_CHOICES = 400
_GOES_ON = frozenset("和与同及跟比占较在高低快慢")
"""A figure whose words begin so goes on from the name before it: 居民收入和经济增长同步."""


def when(at: str, length: Literal["minute", "second", "day"] = "minute") -> str:
    """A time of the ledger (UTC) by the clocks of its readers, which are Beijing's: 2026-01-15 22:39."""
    try:
        here = datetime.fromisoformat(at)
    except ValueError:
        return at
    here = (here if here.tzinfo else here.replace(tzinfo=UTC)).astimezone(_BEIJING)
    return here.strftime({"minute": "%Y-%m-%d %H:%M", "second": "%Y-%m-%d %H:%M:%S", "day": "%Y-%m-%d"}[length])


def today() -> str:
    """The day by the clocks of the ledger's readers."""
    return datetime.now(_BEIJING).date().isoformat()


def file_name(name: str) -> str:
    """The name of a file without its folders, which tell readers nothing and are not their business."""
    return re.split(r"[\\/]", name.rstrip("\\/"))[-1] or name


def phrase(number: Number) -> str:
    """What a figure is of, and the figure as written; one phrase where its words go on from those before."""
    text = words.one_line(number.said)
    named = words.one_line(number.indicator or "—")
    return f"{named}{text}" if text[:1] in _GOES_ON else f"{named} {text}"


def places_held(ask: Ask) -> list[str]:
    """The places of the ledger as choices of a filter."""
    return sorted({head.place for head in ask.shelf.heads() if head.place}, key=place_order)[:_MOST_CHOICES]


def years_held(ask: Ask) -> list[int]:
    """The years of the ledger's reports as choices of a filter, the newest first."""
    return sorted({year for head in ask.shelf.heads() for year in years(head) if year}, reverse=True)


def rule_said(code: str, lang: words.Lang) -> str:
    """What a code of a finding is called."""
    found = codes().get(code)
    return code if found is None else found.title if lang == "zh" else found.title_en


def typed_said(name: str, value: str, lang: words.Lang) -> tuple[str, str]:
    """A field of a form and what was chosen or typed in it, in words."""
    bare = re.sub(r"^(f|p\d)-", "", name)
    part = re.match(r"p(\d)-", name)
    label = words.say(TYPED_WORDS if bare in TYPED_WORDS else FIELD_WORDS, bare, lang)
    if part:
        label = f"第 {part[1]} 部分 {label}" if lang == "zh" else f"Part {part[1]}, {label}"
    return label, field_said(bare, value, lang)


def field_said(name: str, value: str, lang: words.Lang) -> str:
    """The value of a field in a history, for people."""
    tables = {
        "standing": ledger.STANDINGS, "verdict": VERDICT_WORDS, "kind": words.KINDS, "measure": words.MEASURES,
        "comparator": {**words.COMPARATORS, "eq": ("=", "=")},
    }  # fmt: skip
    return words.say(tables[name], value, lang) if name in tables and value in tables[name] else value


@cache
def interface() -> dict[str, dict[str, str]]:
    """What the interface does, in Chinese: by operation, parameter, kind of answer, and type."""
    return tomllib.loads(files("taizhang.web").joinpath("interface.toml").read_text("utf-8"))


def schema_said(schema: dict[str, Any]) -> str:
    """A JSON schema in a few characters."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1].rsplit("_", 1)[-1]
    for key in ("oneOf", "anyOf"):
        if key in schema:
            return " | ".join(schema_said(each) for each in schema[key])
    if "enum" in schema:
        return " | ".join("null" if each is None else str(each) for each in schema["enum"])
    if schema.get("type") == "array":
        return f"[{schema_said(schema.get('items', {}))}]"
    said = schema.get("type", "object")
    return " | ".join(said) if isinstance(said, list) else str(said)


def sign(verdict: str) -> Markup:
    """The shape of a verdict; its word stands beside it."""
    return Markup(f'<svg class="sign {verdict}" viewBox="0 0 16 16" aria-hidden="true">{_SHAPES[verdict]}</svg>')


@cache
def static(name: str) -> str:
    """Address of an asset, which changes with its content."""
    content = files("taizhang.web").joinpath("assets", name).read_bytes()
    return f"/static/{name}?{hashlib.sha256(content).hexdigest()[:12]}"


class Renderer:
    """Renders templates of this package."""

    def __init__(self, signed: bool) -> None:
        """`signed`: people sign in here."""
        self._environment = Environment(
            loader=PackageLoader("taizhang.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        self._environment.globals.update(
            version=taizhang.__version__, signed=signed, static=static, sign=sign, words=words, outcome=outcome,
            marked=body.marked, quoted=body.quoted, lit=search.lit, drawn=chart.drawn,
            key_of=chart.key_of, roles=ROLES, reasons=REASONS,
            text_html=report.text_html, inspector_of=report.inspector, indicator_link=indicators.link,
            edited=forms.EDITED, suffixes=SUFFIXES,
            field_text=forms.field_text, verdicts=VERDICT_WORDS, heard=outcome.HEARD, heard_marks=outcome.HEARD_MARKS,
            weaker=outcome.WEAKER, deeds=ledger.DEEDS, role_words=ROLE_WORDS,
            stages=STAGE_WORDS, stage_order=STAGES,
            standings=ledger.STANDINGS, troubles=ledger.TROUBLES, fields=FIELD_WORDS,
            markup=Markup, schema_said=schema_said, field_said=field_said, fields_given={}, when=when, today=today,
            file_name=file_name, places_held=places_held, years_held=years_held, rule_said=rule_said,
            typed_said=typed_said, phrase=phrase, audit_words=AUDIT_WORDS, interface=interface,
        )  # fmt: skip

    def render(self, name: str, ask: Ask, made: Any, request: Request[Any, Any, Any], **more: Any) -> str:
        """A page. `more` are words for this one answer: a problem, a draft of a form."""
        lang = ask.lang

        def say(table: words.Words, key: str | None) -> str:
            return words.say(table, key, lang) if key else "—"

        given: dict[str, Any] = {
            "draft": {},
            "problem": None,
            "conflict": None,
            "preview": None,
            "status": 200,
            "secret": None,
            "typed": {},
            "errors": {},
            "opened": "",
        }
        return self._environment.get_template(name).render(
            ask=ask, page=made, t=ask.t, url=ask.url, same=ask.same, lang=lang, say=say, **{**given, **more}
        )
