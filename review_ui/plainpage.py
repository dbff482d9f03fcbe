"""Plain HTML pages beside the screens: no script, nothing fetched, every text escaped."""

from html import escape

from starlette.responses import HTMLResponse

from audit.errors import Problem

POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
STYLE = """
body{margin:0;background:#f4f6f7;color:#17242b;font:16px/1.5 "Source Sans Pro","Source Sans 3",system-ui,sans-serif}
main{max-width:380px;margin:5vh auto 24px;background:#fff;border:1px solid #dde3e6;border-radius:6px;padding:28px 32px}
h1{font-size:24px;margin:0}h2{font-size:18px;margin:14px 0 0}p{margin:4px 0 16px;color:#52626b}
label{display:block;font-weight:600;margin:12px 0 3px}
input{width:100%;box-sizing:border-box;font:inherit;padding:8px;border:1px solid #9fb0b7;border-radius:4px}
input[readonly]{background:#f4f6f7;color:#52626b}.hint{font-size:14px;color:#52626b;margin:4px 0 0}
input:focus,button:focus{outline:2px solid #0f5c63;outline-offset:1px}
button{margin-top:18px;width:100%;font:inherit;font-weight:600;padding:10px;border:0;border-radius:4px;background:#0f5c63;color:#fff;cursor:pointer}
button.quiet{margin-top:6px;background:none;color:#0f5c63;font-weight:400}
.problem{background:#fdecec;color:#8c1d1d;border-left:3px solid #8c1d1d;padding:10px;margin-top:16px}
.demo{border-top:1px solid #dde3e6;margin-top:24px;padding-top:14px;font-size:14px}code{background:#f4f6f7;padding:1px 4px;white-space:nowrap}
table{border-collapse:collapse}td{padding:1px 14px 1px 0}
"""


def page(title: str, body: str, *, problem: Problem | None = None, status: int = 200) -> HTMLResponse:
    """Return a page; `body` is HTML, what a problem says is escaped."""
    told = (
        f'<div class="problem" role="alert">{escape(problem.message)}<br>{escape(problem.remedy)}</div>' if problem else ""
    )
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)} - Verascribe</title><style>{STYLE}</style></head><body><main><h1>Verascribe</h1>"
        f"{body.replace('<!--problem-->', told)}</main></body></html>"
    )
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
    return HTMLResponse(text, status_code=status, headers=headers)


def refused(why: str) -> HTMLResponse:
    """Return the answer to a post that came from another site or is too large."""
    return HTMLResponse(f"Refused: {escape(why)}.", status_code=403)


def field(name: str, label: str, *, secret: bool = True, autocomplete: str, focus: bool = False, hint: str = "") -> str:
    """Return a labelled input of a form."""
    kind = 'type="password" maxlength="500"' if secret else 'maxlength="200"'
    below = f'<p class="hint" id="{name}-hint">{escape(hint)}</p>' if hint else ""
    described = f' aria-describedby="{name}-hint"' if hint else ""
    return (
        f'<label for="{name}">{escape(label)}</label><input id="{name}" name="{name}" {kind} autocomplete="{autocomplete}" '
        f"required{' autofocus' if focus else ''}{described}>{below}"
    )
