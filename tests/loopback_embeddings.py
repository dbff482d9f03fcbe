"""A real HTTP server on loopback that speaks the OpenAI embeddings protocol; it knows a few concepts, so that synonyms are near."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SLOW_SECONDS = 2
CONCEPTS = (
    ("vessel", "container"), ("granulator", "mixer"), ("chiller", "cold"), ("leaflet", "insert"), ("punch", "tooling"),
    ("sieve",), ("blister",), ("warehouse",), ("impeller",), ("dissolution",), ("minutes",),
)  # fmt: skip


@dataclass
class Embeddings:
    """How the server answers: vectors of concepts, or `reply` (a status, bytes, None for slow) the first times or always."""

    reply: int | bytes | None = 200
    times: int = 0
    always: bool = False
    concepts: tuple[tuple[str, ...], ...] = CONCEPTS

    def body(self, texts: list[str]) -> bytes:
        rows = [[float(any(word in text for word in concept)) + 0.01 for concept in self.concepts] for text in texts]
        data = [{"object": "embedding", "index": i, "embedding": row} for i, row in enumerate(rows)]
        return json.dumps({"object": "list", "data": data[::-1]}).encode()  # order is told by index, not by place


@dataclass
class Request:
    """A request as it came in."""

    texts: list[str] = field(default_factory=list)
    key: str = ""


@contextmanager
def embedding_endpoint(answer: Embeddings) -> Iterator[tuple[str, list[Request]]]:
    """Serve /v1/embeddings; yield the URL and the requests."""
    seen: list[Request] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.append(Request(body["input"], self.headers.get("Authorization", "")))
            status, out = 200, answer.body(body["input"])
            if self.path != "/v1/embeddings":
                status, out = 404, b"{}"
            elif answer.always or len(seen) <= answer.times:
                if answer.reply is None:
                    time.sleep(SLOW_SECONDS)
                elif isinstance(answer.reply, int):
                    status, out = answer.reply, b"{}"
                else:
                    out = answer.reply
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(out)))
                self.end_headers()
                self.wfile.write(out)
            except OSError:
                pass  # the client that was told to wait had gone

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
