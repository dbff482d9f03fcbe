"""A real HTTP server on loopback that speaks the OpenAI chat completions protocol, and a scripted model that answers in references."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = str | int | None  # content, a status code, or None to be slow
SLOW_SECONDS = 3


class _Server(ThreadingHTTPServer):
    request_queue_size = 64  # a report's sections are asked for at the same time


@contextmanager
def endpoint(answer: Callable[[int, str], Answer]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Serve /v1/chat/completions; `answer(n, prompt)` gives the n-th content. Yields the URL and the bodies as they came in."""
    seen: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.append(body)
            content = answer(len(seen), body["messages"][0]["content"])
            if content is None:
                time.sleep(SLOW_SECONDS)
                content = json.dumps({"sentences": [], "insufficient": "too late"})
            status, out = (content, b"{}") if isinstance(content, int) else (200, _completion(content))
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(out)))
                self.end_headers()
                self.wfile.write(out)
            except OSError:
                pass  # the client that was told to wait had gone

        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _completion(content: str) -> bytes:
    message = {"role": "assistant", "content": content}
    tree = {
        "id": "c1", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }  # fmt: skip
    return json.dumps(tree).encode()


def section_of(prompt: str) -> str:
    """Return the title of the section that a prompt asks for."""
    found = re.search(r'draft the section "([^"]+)"', prompt)
    assert found
    return found[1]


def evidence_of(prompt: str) -> list[str]:
    """Return the lines of data between the markers."""
    marker = next(line for line in prompt.splitlines() if line.startswith("====="))
    return prompt.split(f"\n{marker}\n")[1].splitlines()


def composed(prompt: str) -> str:
    """Answer as a model that keeps the rules: sentences of references to the facts, records and passages that are listed."""
    lines = evidence_of(prompt)
    facts = [line.split(" = ", 1)[0] for line in lines if line.startswith("fact:")]
    records = [line.split(" | ", 1)[0] for line in lines if line.startswith("record:")]
    passages = [line.split(" | ", 1)[0] for line in lines if line.startswith("passage:")]
    said = [{"text": f"The evidence gives {{{fact}}} here.", "cites": []} for fact in facts[:6]]
    said += [{"text": f"See {{{record}}} for the record itself.", "cites": passages[:1]} for record in records[:3]]
    return json.dumps({"sentences": said, "insufficient": "" if said else "nothing is listed"})
