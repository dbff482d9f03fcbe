"""Signing in over HTTP against a real server: what the cookie is, what a wrong password gets, where posts may come from."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from audit.clock import SystemClock
from audit.identity import create_account
from audit.passwords import CHEAPEST
from drafting.accounts import SETUP
from drafting.bootstrap import close_context, open_context, settings_from
from review_ui.gate import served_here
from review_ui.server import command, environment

PASSWORD, NEW = "three grey herons wade", "four white swans sail"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    settings = settings_from({}, home=str(home))
    ctx = open_context(settings)
    for user, first in (("ann", False), ("new", True), ("other", True)):
        ctx.database.write(
            lambda conn, user=user, first=first: create_account(
                conn, account_id=f"a-{user}", user_id=user, printed_name=f"{user.title()} Writer", roles=("writer",),
                password=PASSWORD, by=SETUP, at=SystemClock().now(), zone="UTC", cost=CHEAPEST, must_change_password=first,
            )
        )  # fmt: skip
    close_context(ctx)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = Path(home) / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command(port), env=environment(settings, os.environ), stdout=out, stderr=out)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process, log)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    started = datetime.now(UTC)
    while (datetime.now(UTC) - started).total_seconds() < 90:
        assert process.poll() is None, log.read_text()
        try:
            if httpx.get(f"{url}/signin").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.3)
    pytest.fail(log.read_text())


def _post(url: str, path: str, *, origin: str = "", cookie: str = "", **form: str) -> httpx.Response:
    headers = {"origin": origin or url} | ({"cookie": cookie} if cookie else {})
    return httpx.post(f"{url}{path}", data=form, headers=headers)


def _page(url: str, cookie: str = "") -> httpx.Response:
    return httpx.get(f"{url}/", headers={"accept": "text/html", "cookie": cookie})


def test_the_server_runs_on_this_machine_only_and_sends_nothing_home() -> None:
    line = " ".join(command(8501))
    assert "--server.address 127.0.0.1" in line
    assert "--browser.gatherUsageStats false" in line
    assert line.startswith(sys.executable)


def test_a_visitor_is_sent_to_the_sign_in_page_which_lists_no_accounts(server: str) -> None:
    assert _page(server).headers["location"] == "/signin"
    page = httpx.get(f"{server}/signin")
    assert "Verascribe" in page.text
    assert "ann" not in page.text.replace("annual", "")
    assert "https://" not in page.text


def test_a_wrong_password_and_an_unknown_user_read_the_same(server: str) -> None:
    known = _post(server, "/signin", user_id="ann", password="wrong")
    unknown = _post(server, "/signin", user_id="nobody", password="wrong")
    assert known.status_code == unknown.status_code == 401
    assert known.text == unknown.text
    assert "set-cookie" not in known.headers


def test_sign_in_sets_an_opaque_cookie_and_sign_out_ends_it(server: str) -> None:
    answer = _post(server, "/signin", user_id="ann", password=PASSWORD)
    flags = answer.headers["set-cookie"].lower()
    assert "httponly" in flags
    assert "samesite=strict" in flags
    cookie = answer.headers["set-cookie"].split(";")[0]
    assert "ann" not in cookie
    assert _page(server, cookie).status_code == 200
    _post(server, "/signout", cookie=cookie)
    assert _page(server, cookie).headers["location"] == "/signin"


def test_a_post_from_another_site_is_refused(server: str) -> None:
    assert _post(server, "/signin", origin="https://elsewhere.example", user_id="ann", password=PASSWORD).status_code == 403
    assert httpx.post(f"{server}/signin", data={"user_id": "ann", "password": PASSWORD}).status_code == 403


def test_no_page_stands_in_a_frame_of_another_site(server: str) -> None:
    for path in ("/", "/signin", "/_stcore/health", "/static/nothing.js", "/password", "/_stcore/metrics"):
        for answer in (httpx.get(f"{server}{path}"), httpx.get(f"{server}{path}", headers={"accept": "text/html"})):
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path
            assert answer.headers["x-frame-options"] == "DENY"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/signin", "/_stcore/health", "/_stcore/stream"])
def test_a_host_that_is_not_served_is_refused(server: str, path: str) -> None:
    port = server.rsplit(":", 1)[1]
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1:1", "localhost", f"127.0.0.1.evil.example:{port}"):
        assert httpx.get(f"{server}{path}", headers={"host": host}).status_code == 403
    assert httpx.get(f"{server}/signin", headers={"host": f"localhost:{port}"}).status_code == 200


def test_a_socket_under_a_host_that_is_not_served_is_refused(server: str) -> None:
    port = server.rsplit(":", 1)[1]
    asked = {
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "MDEyMzQ1Njc4OWFiY2RlZg==",
    }
    assert httpx.get(f"{server}/_stcore/stream", headers={**asked, "host": f"evil.example:{port}"}).status_code == 403


def test_a_site_may_name_further_hosts() -> None:
    served = ("127.0.0.1", 8501)
    assert served_here("127.0.0.1:8501", served, ())
    assert not served_here("qa.example", served, ())
    assert served_here("QA.example", served, ("qa.example",))
    assert served_here("qa.example:443", served, ("qa.example",))
    assert not served_here("qa.example.evil:443", served, ("qa.example",))
    assert settings_from({"VERASCRIBE_HOSTS": "QA.example, b.example:8443"}).hosts == ("qa.example", "b.example:8443")


def test_metrics_are_for_people_who_are_signed_in(server: str) -> None:
    assert httpx.get(f"{server}/_stcore/metrics").status_code == 403
    assert httpx.get(f"{server}/_stcore/metrics", headers={"cookie": _cookie(server, "ann")}).status_code == 200


def test_signing_in_ends_the_session_that_the_browser_held(server: str) -> None:
    first = _cookie(server, "ann")
    second = _post(server, "/signin", cookie=first, user_id="ann", password=PASSWORD).headers["set-cookie"].split(";")[0]
    assert _page(server, second).status_code == 200
    assert _page(server, first).headers["location"] == "/signin"


def test_a_huge_form_is_refused(server: str) -> None:
    assert _post(server, "/signin", user_id="a" * 9000, password="x").status_code == 403


def _cookie(url: str, user: str, password: str = PASSWORD) -> str:
    answer = _post(url, "/signin", user_id=user, password=password)
    assert answer.status_code == 303, answer.text
    return answer.headers["set-cookie"].split(";")[0]


def _change(url: str, cookie: str, new: str, *, current: str = PASSWORD, again: str = "") -> httpx.Response:
    return _post(url, "/password", cookie=cookie, current=current, new=new, again=again or new)


def test_a_first_password_leads_to_its_change_and_nowhere_else(server: str) -> None:
    cookie = _cookie(server, "new")
    for path in ("/", "/inbox", "/administration", "/account", "/trail"):
        answer = httpx.get(f"{server}{path}", headers={"accept": "text/html", "cookie": cookie})
        assert answer.headers["location"] == "/password"
    page = httpx.get(f"{server}/password", headers={"cookie": cookie})
    assert "nothing opens before that" in page.text
    assert "script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    for new, again, says in (("short", "", "too short"), (PASSWORD, "", "present password"), (NEW, NEW[:-1] + "x", "twice")):
        answer = _change(server, cookie, new, again=again)
        assert answer.status_code == 400
        assert says in answer.text
    wrong = _change(server, cookie, NEW, current="not my password")
    assert "present password is wrong" in wrong.text
    assert _page(server, cookie).headers["location"] == "/password"
    assert _change(server, cookie, NEW).headers["location"] == "/"
    assert _page(server, cookie).status_code == 200
    assert _post(server, "/signin", user_id="new", password=PASSWORD).status_code == 401
    assert _page(server, _cookie(server, "new", NEW)).status_code == 200


def test_the_change_of_a_password_needs_a_session_and_the_same_origin(server: str) -> None:
    assert httpx.get(f"{server}/password").headers["location"] == "/signin"
    assert _change(server, "", NEW).headers["location"] == "/signin"
    cookie = _cookie(server, "other")
    form = {"current": PASSWORD, "new": NEW, "again": NEW}
    for headers in ({"cookie": cookie}, {"cookie": cookie, "origin": "https://elsewhere.example"}):
        assert httpx.post(f"{server}/password", data=form, headers=headers).status_code == 403
    assert _change(server, cookie, "x" * 9000).status_code == 403
    assert _page(server, cookie).headers["location"] == "/password"
    _post(server, "/signout", cookie=cookie)
    assert _page(server, cookie).headers["location"] == "/signin"
