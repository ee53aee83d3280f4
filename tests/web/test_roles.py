"""Role by role, what every endpoint answers; signing in, throttling, tokens, and that nobody gets in without."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from asking import Client
from typer.testing import CliRunner

from taizhang.cli import app as command
from taizhang.cli_serve import is_loopback, reached_by
from taizhang.web.accounts import AccountError, Accounts, ThrottledError
from taizhang.web.app import Front, create_app
from taizhang.web.asking import ROLES
from taizhang.web.faces import DEEDS, PAGES

PASSWORD = "correct horse 42"


@pytest.fixture
def accounts(tmp_path: Path) -> Iterator[Accounts]:
    opened = Accounts(tmp_path / "book.accounts")
    for role in ROLES:
        opened.make(role, role, PASSWORD, who="setup", unit="市教育局" if role == "unit" else "")
    yield opened
    opened.close()


@pytest.fixture
def app(target: str, accounts: Accounts) -> Iterator[Front]:
    made = create_app(target, accounts=accounts)
    yield made
    made.app.state.jobs.close()
    made.app.state.shelf.close()


def signed(app: Front, name: str) -> Client:
    client = Client(app)
    answer = client.post("/login", {"name": name, "password": PASSWORD, "next": "/reports"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/reports")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie
    return client


def endpoints() -> Sequence[tuple[str, str, str]]:
    """Method, address and the least role of everything that is registered."""
    filled = {"{report:str}": "x", "{key:str}": "x" * 16 + "-a", "{place:str}": "x", "{year:int}": "2025",
              "{name:str}": "x", "{code:str}": "x", "{job:str}": "x", "{event:int}": "1",
              "{number:int}": "1", "{finding:str}": "x"}  # fmt: skip

    def real(path: str) -> str:
        for name, value in filled.items():
            path = path.replace(name, value)
        return path

    found = [
        ("GET", real("/index" if entry.path == "/" else entry.path) + ".json", entry.role)
        for entry in PAGES
        if entry.listed
    ]
    found += [("GET", real(entry.path), entry.role) for entry in PAGES if entry.template]
    found += [("POST", real(item.path) + ".json", item.role) for item in DEEDS]
    programs_only = ("/merge", "/n/{key:str}/preview", "/admin/accounts/{name:str}")
    found += [("POST", real(item.path), item.role) for item in DEEDS if item.path not in programs_only]
    found += [("POST", path, "editor") for path in ("/upload", "/upload.json", "/jobs/x/cancel", "/jobs/x/cancel.json")]
    found += [("POST", "/admin/accounts/change", "admin"), ("GET", "/openapi.json", "reader")]
    return found


def test_every_endpoint_by_every_role(app: Front) -> None:
    table = endpoints()
    assert len(table) > 60
    for client, who in [(Client(app), None), *((signed(app, role), role) for role in ROLES)]:
        for method, path, least in table:
            answer = client.post(path, {}) if method == "POST" else client.get(path)
            case = (who, method, path, answer.status_code)
            assert answer.status_code < 500, case
            if who is None:
                redirected = answer.status_code == 303 and answer.headers["location"].startswith("/login")
                assert redirected or answer.status_code == 401, case
            elif ROLES.index(who) < ROLES.index(least):
                assert answer.status_code == 403, case
            else:
                assert answer.status_code not in (401, 403), case


def test_wrong_passwords_slow_down_the_address_they_come_from(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1_000_000.0]
    monkeypatch.setattr("taizhang.web.accounts.time.time", lambda: clock[0])
    for _ in range(5):
        with pytest.raises(AccountError, match="用户名或密码不对"):
            accounts.sign_in("admin", "wrong", "10.0.0.1")
    waits = []
    for _ in range(10):
        with pytest.raises(ThrottledError) as held:
            accounts.sign_in("admin", PASSWORD, "10.0.0.1")
        waits.append(held.value.wait)
        # Whoever owns the account comes in from elsewhere all the while.
        assert accounts.by_session(accounts.sign_in("admin", PASSWORD, "10.0.0.2")) is not None
        clock[0] += held.value.wait
        with pytest.raises(AccountError, match="用户名或密码不对"):
            accounts.sign_in("admin", "wrong", "10.0.0.1")
    assert waits[:5] == [4, 8, 16, 32, 64] and max(waits) <= 900 and waits == sorted(waits)
    assert "throttled" in [entry.what for entry in accounts.log()]
    clock[0] += 900
    accounts.sign_in("admin", PASSWORD, "10.0.0.1")
    # The right password ends it.
    with pytest.raises(AccountError, match="用户名或密码不对"):
        accounts.sign_in("admin", "wrong", "10.0.0.1")


def test_one_address_cannot_try_name_after_name(accounts: Accounts) -> None:
    for number in range(20):
        with pytest.raises(AccountError, match="用户名或密码不对"):
            accounts.sign_in(f"nobody{number}", "wrong", f"2001:db8::{number:x}")
    with pytest.raises(ThrottledError):
        accounts.sign_in("editor", PASSWORD, "2001:db8::ffff")
    accounts.sign_in("editor", PASSWORD, "2001:db8:1::1")


def test_the_login_page_says_when_to_try_again(app: Front) -> None:
    stranger = Client(app)
    wrong = {"name": "admin", "password": "wrong"}
    assert [stranger.post("/login", wrong).status_code for _ in range(6)] == [401] * 5 + [429]
    late = stranger.post("/login", wrong)
    assert 0 < int(late.headers["retry-after"]) <= 4 and "秒再试" in late.text
    proxied = {"name": "admin", "password": PASSWORD}
    assert stranger.post("/login", proxied, headers={"x-forwarded-for": "9.9.9.9, 198.51.100.7"}).status_code == 303


def test_behind_a_proxy_that_does_tls_the_cookie_is_secure(target: str, accounts: Accounts) -> None:
    form = {"name": "reader", "password": PASSWORD}
    plain, fronted = create_app(target, accounts=accounts), create_app(target, accounts=accounts, https=True)
    assert "secure" not in Client(plain).post("/login", form).headers["set-cookie"].lower()
    assert "secure" in Client(fronted).post("/login", form).headers["set-cookie"].lower()
    said = Client(plain).post("/login", form, headers={"x-forwarded-proto": "https"})
    assert "secure" in said.headers["set-cookie"].lower() and "strict-transport-security" in said.headers
    for app in (plain, fronted):
        app.app.state.jobs.close()
        app.app.state.shelf.close()


def test_nobody_locks_somebody_else_out(accounts: Accounts) -> None:
    accounts.sign_in("admin", PASSWORD, "10.0.0.6")
    for last in range(25):
        for _ in range(4):
            accounts._do("INSERT INTO attempt VALUES (?, ?, ?)", time.time(), "admin", f"10.0.1.{last}")
    assert accounts.sign_in("admin", PASSWORD, "10.0.0.6")
    with pytest.raises(ThrottledError):
        accounts.sign_in("admin", PASSWORD, "10.0.9.9")


def test_signing_out_shutting_and_a_new_password_end_sessions(accounts: Accounts) -> None:
    first, second = (accounts.sign_in("editor", PASSWORD, "") for _ in range(2))
    accounts.sign_out(first, "editor")
    assert accounts.by_session(first) is None and accounts.by_session(second) is not None
    accounts.change_password("editor", PASSWORD + "!", who="admin")
    assert accounts.by_session(second) is None
    token = accounts.make_token("editor", "脚本")
    assert accounts.change_password("editor", PASSWORD, who="editor") == 1 and accounts.by_token(token) is None
    token = accounts.make_token("unit", "脚本")
    accounts.switch("unit", off=True, who="admin")
    assert accounts.by_token(token) is None
    with pytest.raises(AccountError, match="管理员"):
        accounts.switch("admin", off=True, who="admin")


def test_roles_change_and_accounts_are_removed(accounts: Accounts) -> None:
    with pytest.raises(AccountError, match="写明单位"):
        accounts.make("水利科", "unit", PASSWORD, who="admin")
    with pytest.raises(AccountError, match="写明单位"):
        accounts.change_role("reader", "unit", who="admin")
    accounts.change_role("reader", "unit", who="admin", unit="市水利局")
    token, session = accounts.make_token("reader", "脚本"), accounts.sign_in("reader", PASSWORD, "")
    found = accounts.by_session(session)
    assert found is not None and (found.role, found.unit) == ("unit", "市水利局")
    accounts.remove("reader", who="admin")
    assert accounts.by_session(session) is None and accounts.by_token(token) is None
    assert "reader" not in [each.name for each in accounts.all()]
    for wrong, said in (("reader", "没有账户"), ("admin", "管理员")):
        with pytest.raises(AccountError, match=said):
            accounts.remove(wrong, who="admin")


def test_accounts_on_the_command_line(target: str) -> None:
    def run(*words: str) -> tuple[int, str]:
        answer = CliRunner().invoke(command, ["accounts", *words], input=f"{PASSWORD}\n")
        return answer.exit_code, answer.output

    assert run("add", target, "甲", "--role", "admin")[0] == 0
    code, said = run("add", target, "公路科", "--role", "unit")
    assert code == 2 and "--unit" in said
    assert run("add", target, "公路科", "--role", "unit", "--unit", "市交通运输局")[0] == 0
    assert run("role", target, "公路科", "editor")[0] == 0
    assert "公路科\teditor 市交通运输局" in run("list", target)[1]
    assert "作废令牌 0 个" in run("password", target, "公路科")[1]
    assert run("remove", target, "公路科")[0] == 0 and run("remove", target, "公路科")[0] == 2
    assert run("remove", target, "甲")[0] == 2


def test_an_address_that_means_every_address_is_not_told() -> None:
    found = reached_by("0.0.0.0")
    assert found[-1] == "127.0.0.1" and "0.0.0.0" not in found
    assert reached_by("192.0.2.7") == ["192.0.2.7"]


def test_the_file_of_accounts_holds_no_secret(accounts: Accounts, tmp_path: Path) -> None:
    secrets = [accounts.sign_in("admin", PASSWORD, ""), accounts.make_token("admin", "x"), PASSWORD]
    raw = (tmp_path / "book.accounts").read_bytes()
    assert not [secret for secret in secrets if secret.encode() in raw]
    assert (tmp_path / "book.accounts").stat().st_mode & 0o077 == 0


def test_a_token_writes_and_a_card_is_read_by_its_address(app: Front, accounts: Accounts) -> None:
    token = accounts.make_token("editor", "脚本")
    program = Client(app, authorization=f"Bearer {token}")
    report = program.json("/reports.json")["data"][0]["id"]
    key = program.json(f"/reports/{report}.json")["statements"][0]["key"]
    seen = program.json(f"/n/{key}.json")["version"]
    assert program.ask("POST", f"/n/{key}/reject.json", json={"why": "试", "seen": seen}).status_code == 201
    assert Client(app, authorization="Bearer tz_wrong").get("/reports.json").status_code == 401
    stranger = Client(app)
    assert stranger.get(f"/n/{key}/card?k={accounts.card_secret(key)}").status_code == 200
    wrong = stranger.get(f"/n/{key}/card?k=wrong")
    assert wrong.status_code == 401 and "地址不完整" in wrong.text and "x-frame-options" not in wrong.headers
    assert stranger.get(f"/n/{key}/card").status_code == 401
    shown = program.page(f"/n/{key}")
    assert f"card?k={accounts.card_secret(key)}" in shown and "这张卡片的钥匙" in shown
    assert stranger.get("/favicon.ico").headers["content-type"] == "image/svg+xml"
    assert stranger.get(f"/n/{key}?k={accounts.card_secret(key)}").status_code == 303


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_signing_in_leads_to_no_other_site(app: Front, next_: str) -> None:
    answer = Client(app).post("/login", {"name": "reader", "password": PASSWORD, "next": next_})
    assert answer.headers["location"] == "/"


def test_off_loopback_nothing_is_served_without_accounts(target: str) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1"):
        answer = CliRunner().invoke(command, ["serve", target, "--host", host])
        assert answer.exit_code == 2, answer.output
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "example.org")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
