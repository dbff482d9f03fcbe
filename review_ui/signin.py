"""Sign-in, the change of a password and sign-out over plain HTTP, so that a reload keeps the sign-in.

The cookie holds an opaque token, is not readable by scripts and is not sent from other sites. The page tells no visitor whether a user
id exists; demo accounts are listed only in a demo home. Posts from another origin are refused. A session whose first password was not changed yet
is sent to that change, whatever page it asks for.
"""

from html import escape
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from audit import sessions
from audit.chain import Actor
from audit.errors import Problem
from audit.identity import Account
from audit.passwords import SHORTEST
from drafting import own_account
from drafting.accounts import is_demo
from drafting.context import Context
from drafting.demo import PASSWORD, PEOPLE
from review_ui.frame import disclosed
from review_ui.home import context
from review_ui.plainpage import field, page, refused

COOKIE = "verascribe_session"
LARGEST_FORM = 8192


def routes() -> list[Route]:
    """Return the routes that stand beside the screens."""
    return [
        Route("/signin", _page),
        Route("/signin", _sign_in, methods=["POST"]),
        Route("/password", _password_page),
        Route("/password", _change_password, methods=["POST"]),
        Route("/signout", _sign_out, methods=["POST"]),
    ]


def visitor(token: str) -> tuple[Account, Actor] | None:
    """Return who a live session belongs to, its first password changed or not."""
    ctx = context()
    return sessions.resolve(ctx.database, ctx.clock, token, first_password=True) if token else None


async def _page(_request: Request) -> Response:
    return await run_in_threadpool(_render, None, 200)


async def _sign_in(request: Request) -> Response:
    form = await _form(request)
    if form is None:
        return refused("the request came from another site or is too large")
    former = request.cookies.get(COOKIE, "")
    return await run_in_threadpool(_attempt, form.get("user_id", ""), form.get("password", ""), request.url.scheme, former)


def _attempt(user_id: str, password: str, scheme: str, former: str) -> Response:
    """Open a session; the one that this browser held before ends, since nothing could end it afterwards."""
    ctx = context()
    try:
        token = sessions.sign_in(
            ctx.database, ctx.clock, ctx.new_id, user_id=user_id, password=password, zone=ctx.zone
        )  # fmt: skip
    except Problem as problem:
        return _render(problem, 401)
    if former:
        sessions.sign_out(ctx.database, ctx.clock, former, zone=ctx.zone)
    response = RedirectResponse("/", status_code=303)
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=scheme == "https", path="/")
    return response


async def _password_page(request: Request) -> Response:
    return await run_in_threadpool(_render_password, request.cookies.get(COOKIE, ""), None, 200)


async def _change_password(request: Request) -> Response:
    form = await _form(request)
    if form is None:
        return refused("the request came from another site or is too large")
    return await run_in_threadpool(_change, request.cookies.get(COOKIE, ""), form)


def _change(token: str, form: dict[str, str]) -> Response:
    found = visitor(token)
    if found is None:
        return RedirectResponse("/signin", status_code=303)
    current, new, again = (form.get(name, "") for name in ("current", "new", "again"))
    try:
        own_account.change_password(context(), current=current, new=new, again=again, actor=found[1])
    except Problem as problem:
        return _render_password(token, problem, 400)
    return RedirectResponse("/", status_code=303)


async def _sign_out(request: Request) -> Response:
    if await _form(request) is None:
        return refused("the request came from another site or is too large")
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


def _render(problem: Problem | None, status: int) -> Response:
    ctx = context()
    site = ctx.settings.site if ctx.settings.site != "Verascribe" else "AI drafts. A qualified person countersigns."
    body = (
        f'<p>{escape(site)}</p><!--problem--><form method="post" action="/signin">'
        f"{field('user_id', 'User id', secret=False, autocomplete='username', focus=True)}"
        f"{field('password', 'Password', autocomplete='current-password')}"
        f'<button type="submit">Sign in</button></form>{_disclosure(ctx)}{_demo(ctx)}'
    )
    return page("Sign in", body, problem=problem, status=status)


def _render_password(token: str, problem: Problem | None, status: int) -> Response:
    found = visitor(token)
    if found is None:
        return RedirectResponse("/signin", status_code=303)
    account = found[0]
    why = (
        "Somebody else knows your first password. Choose one that only you know; nothing opens before that."
        if account.must_change_password
        else "Your other sign-ins end when you change it."
    )
    body = (
        f"<h2>Choose a password</h2><p>{why}</p><!--problem-->"
        f'<form method="post" action="/password"><label for="user_id">User id</label>'
        f'<input id="user_id" name="user_id" autocomplete="username" readonly value="{escape(account.user_id)}">'
        f"{field('current', 'Present password', autocomplete='current-password', focus=True)}"
        f"{field('new', 'New password', autocomplete='new-password', hint=f'At least {SHORTEST} characters; several words are easiest.')}"
        f"{field('again', 'New password again', autocomplete='new-password')}"
        f'<button type="submit">Change password</button></form>'
        f'<form method="post" action="/signout"><button type="submit" class="quiet">Sign out</button></form>'
    )
    return page("Choose a password", body, problem=problem, status=status)


def _disclosure(ctx: Context) -> str:
    """Say before anybody signs in what of oversight is on."""
    with ctx.database.read() as conn:
        return "".join(f'<p class="hint">{escape(words)}</p>' for words in disclosed(conn))


def _demo(ctx: Context) -> str:
    with ctx.database.read() as conn:
        if not is_demo(conn):
            return ""
    rows = "".join(f"<tr><td><code>{escape(user)}</code></td><td>{escape(role)}</td></tr>" for user, _, role in PEOPLE)
    return (
        f'<div class="demo"><strong>Demo home: synthetic quality events.</strong><table>{rows}</table>'
        f"Password of each: <code>{escape(PASSWORD)}</code></div>"
    )
