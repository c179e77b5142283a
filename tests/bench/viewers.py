"""Viewers without a browser: each speaks its server's protocol until all three charts are sent.

A browser costs far more than a server and would be all that a small machine is busy with, so pages
are started by these viewers when it is the servers' speed that counts. A viewer asks for the page,
opens the websocket, and says what the page's own script would say; it does not fetch scripts and
styles, which a browser caches. The page has started when the titles of all charts have arrived.
"""

import asyncio
import json
import re
import secrets
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import httpx
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

PATIENCE = 180
JUPYTER = "v1.kernel.websocket.jupyter.org"


class Viewer:
    """Someone who opens a page, and leaves it again.

    Parameters
    ----------
    address : str
        The page.
    titles : iterable of str
        What must have arrived before the page has started.
    """

    def __init__(self, address: str, titles: Iterable[str] = ()) -> None:
        parts = urlsplit(address)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.host, self.path = parts.netloc, parts.path
        self.missing = set(titles)
        # Without encryption there is nothing to verify, and no time to lose on certificates.
        self.http = httpx.AsyncClient(base_url=self.origin, timeout=PATIENCE, verify=False)
        self.socket: WebSocketClientConnection | None = None

    async def open(self) -> None:
        """Return when the page has started."""
        await asyncio.wait_for(self.start(), PATIENCE)

    async def start(self) -> None:
        self.take(await self.get(self.path))
        if self.missing:
            raise RuntimeError(f"{self.path} came without {sorted(self.missing)}")

    async def leave(self) -> None:
        if self.socket:
            self.socket.close()
        await self.http.aclose()

    async def get(self, path: str) -> str:
        response = await self.http.get(path)
        response.raise_for_status()
        return response.text

    async def connect(self, path: str, *subprotocols: str) -> None:
        headers = {"Origin": self.origin}
        if self.http.cookies:
            cookies = self.http.cookies.items()
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies)
        self.socket = await websocket_connect(
            HTTPRequest(f"ws://{self.host}{path}", headers=headers),
            subprotocols=list(subprotocols) or None,
            max_message_size=2**26,
        )

    async def send(self, message: str | bytes) -> None:
        await self.socket.write_message(message, binary=isinstance(message, bytes))

    async def receive(self) -> str | bytes:
        """Return the next message, titles in it ticked off."""
        message = await self.socket.read_message()
        if message is None:
            raise ConnectionError(f"{self.path}: the server has closed the websocket")
        self.take(message)
        return message

    def take(self, received: str | bytes) -> None:
        raw = received if isinstance(received, bytes) else received.encode()
        self.missing = {title for title in self.missing if title.encode() not in raw}

    async def receive_all(self) -> None:
        while self.missing:
            await self.receive()


class JupyterViewer(Viewer):
    """A viewer of our site or of Voilà: a kernel of their own, and its widgets."""

    async def start(self) -> None:
        await self.join()
        await self.receive_all()

    async def join(self) -> list[dict[str, Any]]:
        """Open the page and its kernel; return our site's outputs, one entry a code cell."""
        self.kernel = ""
        self.states: dict[str, dict[str, Any]] = {}
        page = await self.get(self.path)
        kernel = re.search(r'"kernelId": ?"([^"]+)"', page)
        if not kernel:
            raise RuntimeError(f"{self.path} came without a kernel")
        self.kernel = kernel[1]
        self.session = secrets.token_hex(16)
        channels = f"/api/kernels/{self.kernel}/channels?session_id={self.session}"
        await self.connect(channels, JUPYTER)
        control = secrets.token_hex(16)
        await self.say(
            "comm_open", {"comm_id": control, "target_name": "jupyter.widget.control", "data": {}}
        )
        await self.say("comm_msg", {"comm_id": control, "data": {"method": "request_states"}})
        kind = ""
        while not kind.startswith("comm_"):  # all widgets; or the end, where there are none yet
            kind, _content = await self.listen()
        outputs = re.search(r'data-outputs="([^"]+)"', page)
        if not outputs:
            return []
        return [json.loads(line) for line in (await self.get(outputs[1])).splitlines()]

    async def leave(self) -> None:
        """Close the tab: the page's script then frees its kernel."""
        if self.kernel:
            await shut_down(self.http, self.kernel)
        await super().leave()

    async def say(self, kind: str, content: dict[str, Any]) -> None:
        """Send a message to the kernel."""
        header = {
            "msg_id": secrets.token_hex(16),
            "msg_type": kind,
            "session": self.session,
            "username": "",
            "version": "5.3",
            "date": "",
        }
        message = {
            "header": header,
            "parent_header": {},
            "metadata": {"version": "1.0.0"},  # of the protocol for all widgets at once
            "content": content,
        }
        await self.send(
            serialize_msg_to_ws_v1(message, "shell", lambda part: json.dumps(part).encode())
        )

    async def listen(self) -> tuple[str, dict[str, Any]]:
        """Return kind and content of the kernel's next message, news about widgets noted."""
        _channel, parts = deserialize_msg_from_ws_v1(await self.receive())
        header, content = json.loads(parts[0]), json.loads(parts[3])
        kind, data = header["msg_type"], content.get("data", {})
        if kind == "comm_open":
            self.states[content["comm_id"]] = data["state"]
        elif kind == "comm_msg" and data["method"] == "update_states":
            self.states |= {name: known["state"] for name, known in data["states"].items()}
        elif kind == "comm_msg" and data["method"] == "update":
            self.states[content["comm_id"]] |= data["state"]
        return kind, content


async def shut_down(http: httpx.AsyncClient, kernel: str) -> None:
    """Free a kernel as the page's script does.

    Stock Voilà hands out no token and then refuses its own script for want of one, so that its
    kernels stay; here it is given one.
    """
    if "_xsrf" not in http.cookies:
        http.cookies.set("_xsrf", secrets.token_hex(16))
    token = {"X-XSRFToken": http.cookies["_xsrf"]}
    response = await http.post(f"/voila/api/shutdown/{kernel}", headers=token)
    response.raise_for_status()


class StreamlitViewer(Viewer):
    async def start(self) -> None:
        await self.get(self.path)
        await self.connect("/_stcore/stream", "streamlit")
        await self.send(b"Z\x00")  # the protocol's BackMsg with an empty rerun_script
        await self.receive_all()


class PanelViewer(Viewer):
    async def start(self) -> None:
        page = await self.get(self.path)
        token = re.search(r'"token": ?"([^"]+)"', page)
        await self.connect(f"{self.path}/ws", "bokeh", token[1])
        while "ACK" not in await self.receive():
            continue
        header = {"msgid": secrets.token_hex(16), "msgtype": "PULL-DOC-REQ"}
        for fragment in (header, {}, {}):
            await self.send(json.dumps(fragment))
        await self.receive_all()


class MarimoViewer(Viewer):
    async def start(self) -> None:
        await self.get(self.path)
        await self.connect(f"/ws?session_id=s_{secrets.token_hex(3)}")
        await self.receive_all()


class ShinyViewer(Viewer):
    def __init__(self, address: str, titles: Iterable[str], inputs: dict[str, Any]) -> None:
        super().__init__(address, titles)
        self.inputs = inputs

    async def start(self) -> None:
        await self.get(self.path)
        await self.connect("/websocket/")
        await self.send(json.dumps({"method": "init", "data": self.inputs}))
        await self.receive_all()
