"""A reader at the section screen: signs in over HTTP, then speaks Streamlit's own WebSocket protocol as a browser does.

An act is the choice of another sentence: its button is pressed, and the act ends with the message that the page is complete.
Large elements that the browser holds are named by their hash, as a browser names them.
"""

import asyncio
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import httpx
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PAGE, CHOICE = "section", "choose."
LARGEST_MESSAGE = 32 * 2**20
TIMEOUT_SECONDS = 60.0


class UnansweredError(RuntimeError):
    """The page did not come, or came without sentences to choose."""


def sign_in(url: str, user_id: str, password: str) -> str:
    """Sign in over HTTP and return the cookie header."""
    form = {"user_id": user_id, "password": password}
    reply = httpx.post(f"{url}/signin", data=form, headers={"origin": url}, timeout=TIMEOUT_SECONDS)
    if reply.status_code != httpx.codes.SEE_OTHER:
        raise UnansweredError(f"Signing in was answered with {reply.status_code}.")
    return "; ".join(f"{name}={morsel.value}" for name, morsel in SimpleCookie(reply.headers["set-cookie"]).items())


@dataclass
class Reader:
    """One browser tab on one section; `reruns` counts the runs that ended with a complete page."""

    url: str
    cookie: str
    report_id: str
    section_key: str
    choices: list[str] = field(default_factory=list)
    page_hash: str = ""
    reruns: int = 0
    _held: set[str] = field(default_factory=set)
    _at: int = 0
    _socket: "websockets.ClientConnection | None" = None

    async def __aenter__(self) -> Self:
        """Connect and show the section."""
        self._socket = await websockets.connect(
            self.url.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=[websockets.Subprotocol("streamlit")],
            origin=websockets.Origin(self.url),
            additional_headers={"cookie": self.cookie},
            max_size=LARGEST_MESSAGE,
            compression=None,
        )
        await self._run()
        if len(self.choices) < 2:
            raise UnansweredError(f"The section shows {len(self.choices)} sentences to choose from.")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Close the tab."""
        if self._socket is not None:
            await self._socket.close()

    async def act(self) -> float:
        """Choose the next sentence; return the seconds until the page was complete."""
        self._at = (self._at + 1) % len(self.choices)
        started = time.perf_counter()
        await self._run(pressed=self.choices[self._at])
        return time.perf_counter() - started

    async def _run(self, pressed: str = "") -> None:
        assert self._socket is not None
        asked = BackMsg()
        state = asked.rerun_script
        state.query_string = urlencode({"report": self.report_id, "section": self.section_key})
        state.page_script_hash = self.page_hash
        if not self.page_hash:
            state.page_name = PAGE
        state.cached_message_hashes.extend(sorted(self._held))
        if pressed:
            state.widget_states.widgets.add(id=pressed, trigger_value=True)
        await self._socket.send(asked.SerializeToString())
        async with asyncio.timeout(TIMEOUT_SECONDS):
            self.choices = await self._page()

    async def _page(self) -> list[str]:
        """Read messages until a run of the page ended by itself; return the buttons that choose a sentence."""
        assert self._socket is not None
        found: list[str] = []
        while True:
            data = await self._socket.recv()
            message = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
            kind = message.WhichOneof("type")
            if kind == "new_session":
                found, self.page_hash = [], message.new_session.page_script_hash
            elif kind == "navigation":
                self.page_hash = message.navigation.page_script_hash
            elif kind == "delta" and message.metadata.cacheable:
                self._held.add(message.hash)
            if kind == "delta" and message.delta.new_element.WhichOneof("type") == "button":
                name = message.delta.new_element.button.id
                if f"-{CHOICE}" in name:
                    found.append(name)
            if kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                self.reruns += 1
                return found
            if kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                raise UnansweredError(f"The page ended with status {message.script_finished}.")
