"""The OpenAPI document is true: whatever it lets a program ask is answered as it says, and never by a fault."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from asking import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from taizhang.ledger import Ledger
from taizhang.model import Report
from taizhang.web.accounts import Accounts
from taizhang.web.app import create_app

CHECKS: list[Any] = [status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 6
"""Of each address, by each kind of asker."""


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory, reports: dict[str, Report]) -> Iterator[dict[str, Client]]:
    """Somebody without a token, a reader and an editor of one ledger, which holds corrections too."""
    folder = tmp_path_factory.mktemp("schema")
    with Ledger.open(folder / "book.db", create=True) as ledger:
        for report in reports.values():
            ledger.enter(report, who="程砚秋", why="建账")
        last = list(reports.values())[-1]
        ledger.reject(f"{last.document.id}-{last.statements[0].id}", who="程砚秋", why="试")
    accounts = Accounts(folder / "book.accounts")
    app = create_app(str(folder / "book.db"), accounts=accounts)
    found = {"nobody": Client(app)}
    for role in ("reader", "editor", "admin"):
        accounts.make(role, role, "correct horse 42", who="setup")
        found[role] = Client(app, authorization=f"Bearer {accounts.make_token(role, 'schema')}")
    yield found
    app.app.state.jobs.close()
    app.app.state.shelf.close()
    accounts.close()


def real(reports: dict[str, Report]) -> dict[str, list[Any]]:
    """What is there, to be asked for now and then: a made up name is only ever not found."""
    last = list(reports.values())[1]
    keys = [f"{last.document.id}-{item.id}" for item in last.statements[:40:7]]
    return {
        "report": [report.document.id for report in reports.values()], "key": keys, "place": ["澜川市"],
        "year": [2025, 2026], "name": ["生产总值", "粮食总产量"], "code": ["sum.growth"], "event": [4, 5],
    }  # fmt: skip


def sent(client: Client, case: Case[Any]) -> httpx.Response:
    options = case.as_transport_kwargs(base_url="http://localhost")
    options.pop("cookies", None)
    method, url = options.pop("method"), options.pop("url")
    headers = {name: value for name, value in dict(options.pop("headers", None) or {}).items() if name.isascii()}
    data = options.pop("data", None)
    if "files" in options:
        # Put together beforehand: what was sent is looked at again afterwards.
        files = [(name, _file(value)) for name, value in options.pop("files") or []]
        made = httpx.Request("POST", "http://localhost", files=files, data=data)
        headers["content-type"] = made.headers.get("content-type", "multipart/form-data; boundary=none")
        options["content"] = made.read()
    elif data is not None:
        options["content"] = data if isinstance(data, bytes | str) else json.dumps(data)
    return client.ask(method, url, headers=headers, **options)


def _file(value: Any) -> Any:
    """A file of a form; what is made up for one may be anything."""
    if isinstance(value, tuple):
        return (value[0], _file(value[1]), *value[2:])
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


def asked_of(
    client: Client, document: Any, reports: dict[str, Report], wanted: Callable[[int], bool], methods: str
) -> int:
    """Ask everything that the document lists; gives how often."""
    schema = schemathesis.openapi.from_dict(document)
    found: list[Any] = [each.ok() for each in schema.get_all_operations()]  # type: ignore[union-attr]
    chosen = [each for each in found if each.method.upper() in methods.split() and each.path != "/login"]
    return sum(_asked(client, each, real(reports), wanted) for each in chosen)


def _asked(client: Client, operation: Any, there: dict[str, list[Any]], wanted: Callable[[int], bool]) -> int:
    turn = itertools.count()

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def run(case: Case[Any]) -> None:
        number = next(turn)
        for name in case.path_parameters:
            if name in there and number % 3 != 2:
                case.path_parameters[name] = there[name][number % len(there[name])]
        answer = sent(client, case)
        said = f"{case.method} {answer.request.url} {case.body!r:.300} → {answer.status_code} {answer.text[:300]}"
        assert answer.status_code < 500, said
        assert wanted(answer.status_code), said
        case.validate_response(answer, checks=CHECKS)

    run()
    return next(turn)


def test_what_a_reader_asks_is_answered_as_described(asker: dict[str, Client], reports: dict[str, Report]) -> None:
    document = asker["reader"].json("/openapi.json")
    assert asked_of(asker["reader"], document, reports, lambda status: status != 401, "GET") > 100


def test_what_is_changed_is_answered_as_described(asker: dict[str, Client], reports: dict[str, Report]) -> None:
    document = asker["admin"].json("/openapi.json")
    assert asked_of(asker["admin"], document, reports, lambda status: status not in (401, 403), "POST") > 60


def test_an_editor_may_do_what_is_described_for_editors(asker: dict[str, Client], reports: dict[str, Report]) -> None:
    document = asker["editor"].json("/openapi.json")
    document["paths"] = {path: item for path, item in document["paths"].items() if not path.startswith("/admin")}
    assert asked_of(asker["editor"], document, reports, lambda status: status not in (401, 403), "POST") > 40


def test_the_document_names_every_address_that_a_program_may_use(asker: dict[str, Client]) -> None:
    document = asker["reader"].json("/openapi.json")
    paths = document["paths"]
    for path, method in (
        ("/upload.json", "post"), ("/jobs/{job}/cancel.json", "post"), ("/admin/accounts.json", "post"),
        ("/admin/accounts/{name}.json", "post"), ("/reports/{report}/retract.json", "post"), ("/reports.csv", "get"),
        ("/n/{key}/card", "get"), ("/n/{key}/cite.txt", "get"), ("/login", "post"),
    ):  # fmt: skip
        assert method in paths[path], path
    assert {"412", "415", "428"} <= set(paths["/n/{key}/correct.json"]["post"]["responses"])
    assert all("304" in item["get"]["responses"] for item in paths.values() if "get" in item)
    assert "429" in paths["/login"]["post"]["responses"]
    assert "If-Match" in {each["name"] for each in paths["/n/{key}/link.json"]["post"]["parameters"]}


def test_without_a_token_everything_is_refused_as_described(
    asker: dict[str, Client], reports: dict[str, Report]
) -> None:
    document = asker["reader"].json("/openapi.json")
    assert asked_of(asker["nobody"], document, reports, lambda status: status in (303, 400, 401), "GET POST") > 100
