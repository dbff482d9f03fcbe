"""Sign-in and sign-out over plain HTTP, so that a reload keeps the sign-in.

The cookie holds an opaque token, is not readable by scripts and is not sent from other sites. The page tells no visitor whether a user
id exists; demo accounts are listed only in a demo home. Posts from another origin are refused.
"""

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from audit import sessions
from audit.errors import Problem
from drafting.accounts import is_demo
from drafting.context import Context
from drafting.demo import PASSWORD, PEOPLE
from review_ui.home import context

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

COOKIE = "verascribe_session"
LARGEST_FORM = 4096
OPEN_PATHS = (
    "/signin",
    "/signout",
    "/_stcore",
    "/static",
    "/favicon",
    "/component",
    "/media",
    "/healthz",
    "/script-health-check",
)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
STYLE = """
body{margin:0;background:#f4f6f7;color:#17242b;font:16px/1.5 "Source Sans Pro","Source Sans 3",system-ui,sans-serif}
main{max-width:380px;margin:9vh auto 0;background:#fff;border:1px solid #dde3e6;border-radius:6px;padding:32px}
h1{font-size:24px;margin:0}p{margin:4px 0 16px;color:#52626b}label{display:block;font-weight:600;margin:14px 0 4px}
input{width:100%;box-sizing:border-box;font:inherit;padding:9px;border:1px solid #9fb0b7;border-radius:4px}
input:focus,button:focus{outline:2px solid #0f5c63;outline-offset:1px}
button{margin-top:20px;width:100%;font:inherit;font-weight:600;padding:10px;border:0;border-radius:4px;background:#0f5c63;color:#fff}
.problem{background:#fdecec;color:#8c1d1d;border-left:3px solid #8c1d1d;padding:10px;margin-top:16px}
.demo{border-top:1px solid #dde3e6;margin-top:24px;padding-top:14px;font-size:14px}code{background:#f4f6f7;padding:1px 4px}
table{border-collapse:collapse}td{padding:1px 14px 1px 0}
"""


def routes() -> list[Route]:
    """Return the routes that stand beside the screens."""
    return [
        Route("/signin", _page),
        Route("/signin", _sign_in, methods=["POST"]),
        Route("/signout", _sign_out, methods=["POST"]),
    ]


class Gate:
    """Send a visitor without a live session to the sign-in page; the screens check again on every run."""

    def __init__(self, app: "ASGIApp") -> None:
        self.app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Let a request through, or send it to the sign-in page."""
        if scope["type"] == "http" and scope["method"] == "GET" and not scope["path"].startswith(OPEN_PATHS):
            request = Request(scope)
            wants_page = "text/html" in request.headers.get("accept", "")
            if wants_page and not await run_in_threadpool(_live, request.cookies.get(COOKIE, "")):
                await RedirectResponse("/signin", status_code=303)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _live(token: str) -> bool:
    ctx = context()
    return bool(token) and sessions.resolve(ctx.database, ctx.clock, token) is not None


async def _page(_request: Request) -> Response:
    return await run_in_threadpool(_render, None, 200)


async def _sign_in(request: Request) -> Response:
    form = await _form(request)
    if form is None:
        return HTMLResponse("Refused: the request came from another site or is too large.", status_code=403)
    return await run_in_threadpool(_attempt, form.get("user_id", ""), form.get("password", ""), request.url.scheme)


def _attempt(user_id: str, password: str, scheme: str) -> Response:
    ctx = context()
    try:
        token = sessions.sign_in(
            ctx.database, ctx.clock, ctx.new_id, user_id=user_id, password=password, zone=ctx.zone
        )  # fmt: skip
    except Problem as problem:
        return _render(problem, 401)
    response = RedirectResponse("/", status_code=303)
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=scheme == "https", path="/")
    return response


async def _sign_out(request: Request) -> Response:
    if await _form(request) is None:
        return HTMLResponse("Refused: the request came from another site.", status_code=403)
    ctx = context()
    token = request.cookies.get(COOKIE, "")
    await run_in_threadpool(lambda: sessions.sign_out(ctx.database, ctx.clock, token, zone=ctx.zone))
    response = RedirectResponse("/signin", status_code=303)
    response.delete_cookie(COOKIE, path="/")
    return response


async def _form(request: Request) -> dict[str, str] | None:
    """Return the posted fields, or None where the post came from another origin or is too large."""
    if request.headers.get("origin") != f"{request.url.scheme}://{request.headers.get('host', '')}":
        return None
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_FORM:
            return None
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True).items()}


def _render(problem: Problem | None, status: int) -> HTMLResponse:
    ctx = context()
    told = (
        f'<div class="problem" role="alert">{escape(problem.message)}<br>{escape(problem.remedy)}</div>' if problem else ""
    )
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Sign in - Verascribe</title><style>{STYLE}</style></head><body><main><h1>Verascribe</h1>"
        f"<p>{escape(ctx.settings.site) if ctx.settings.site != 'Verascribe' else 'AI drafts. A qualified person countersigns.'}</p>"
        f'{told}<form method="post" action="/signin"><label for="u">User id</label>'
        f'<input id="u" name="user_id" autocomplete="username" autofocus required maxlength="200">'
        f'<label for="p">Password</label><input id="p" name="password" type="password" autocomplete="current-password" '
        f'required maxlength="500"><button type="submit">Sign in</button></form>{_demo(ctx)}</main></body></html>'
    )
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
    return HTMLResponse(page, status_code=status, headers=headers)


def _demo(ctx: Context) -> str:
    with ctx.database.read() as conn:
        if not is_demo(conn):
            return ""
    rows = "".join(f"<tr><td><code>{escape(user)}</code></td><td>{escape(role)}</td></tr>" for user, _, role in PEOPLE)
    return (
        f'<div class="demo"><strong>Demo home: synthetic quality events.</strong><table>{rows}</table>'
        f"Password of every demo account: <code>{escape(PASSWORD)}</code></div>"
    )
