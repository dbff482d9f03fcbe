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
from review_ui.server import command, environment

PASSWORD = "three grey herons wade"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    settings = settings_from({}, home=str(home))
    ctx = open_context(settings)
    ctx.database.write(
        lambda conn: create_account(
            conn, account_id="a1", user_id="ann", printed_name="Ann Writer", roles=("writer",), password=PASSWORD, by=SETUP,
            at=SystemClock().now(), zone="UTC", cost=CHEAPEST, must_change_password=False,
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


def test_a_huge_form_is_refused(server: str) -> None:
    assert _post(server, "/signin", user_id="a" * 9000, password="x").status_code == 403
