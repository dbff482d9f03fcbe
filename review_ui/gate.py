"""What every request passes: the Host that is served, the sign-in, and headers that keep the pages out of other sites' frames.

A page on another site may point its own name at this machine; a Host that is not ours is therefore refused before anything is read.
"""

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse

from audit import sessions
from review_ui.home import context
from review_ui.signin import COOKIE, visitor

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN_PATHS = (
    "/signin",
    "/signout",
    "/password",
    "/_stcore",
    "/static",
    "/favicon",
    "/component",
    "/media",
    "/healthz",
    "/script-health-check",
)
CLOSED_PATHS = ("/_stcore/metrics", "/_stcore/agent")  # of the framework: for people who are signed in
LOOPBACK = ("127.0.0.1", "localhost")
HEADERS = {
    "content-security-policy": "frame-ancestors 'none'",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # not "no-referrer": forms would be posted without their origin
}


class Gate:
    """Send a visitor without a live session to the sign-in page; the screens check again on every run."""

    def __init__(self, app: "ASGIApp") -> None:
        self.app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Let a request through, or send it to the sign-in page."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        guarded = _with_headers(send) if scope["type"] == "http" else send
        if not served_here(Headers(scope=scope).get("host", ""), scope.get("server"), context().settings.hosts):
            await _refuse(
                scope, receive, guarded, "This address is not served here. Open the one that `verascribe ui` prints."
            )
            return
        token = HTTPConnection(scope).cookies.get(COOKIE, "")
        if scope["path"].startswith(CLOSED_PATHS) and not await run_in_threadpool(_signed_in, token):
            await _refuse(scope, receive, guarded, "Sign in first.")
            return
        elsewhere = await run_in_threadpool(_sent_to, token) if _wants_page(scope) else ""
        if elsewhere:
            await RedirectResponse(elsewhere, status_code=303)(scope, receive, guarded)
            return
        await self.app(scope, receive, guarded)


def served_here(host: str, server: tuple[str, int | None] | None, named: tuple[str, ...]) -> bool:
    """Tell whether a Host header names this machine with the port that is served, or a host that the site named."""
    name, _, port = host.casefold().partition(":")
    own = str(server[1]) if server else ""
    return (name in LOOPBACK and (port or "80") == own) or bool(host and {name, host.casefold()} & set(named))


def _wants_page(scope: "Scope") -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or scope["path"].startswith(OPEN_PATHS):
        return False
    return "text/html" in Headers(scope=scope).get("accept", "")


async def _refuse(scope: "Scope", receive: "Receive", send: "Send", why: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await PlainTextResponse(why, status_code=403)(scope, receive, send)


def _with_headers(send: "Send") -> "Send":
    async def sending(message: "Message") -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)  # the plain pages say more
        await send(message)

    return sending


def _signed_in(token: str) -> bool:
    ctx = context()
    return bool(token) and sessions.resolve(ctx.database, ctx.clock, token) is not None


def _sent_to(token: str) -> str:
    """Return where a visitor has to go first, or "" for one who may open the screens."""
    if _signed_in(token):
        return ""
    return "/password" if visitor(token) is not None else "/signin"
