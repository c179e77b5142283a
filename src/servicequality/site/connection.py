"""The web socket between a reader's browser and their kernel, as narrow as the pages need it."""

import json
from collections.abc import Mapping
from typing import Any

from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.web import HTTPError

PROTOCOL = "v1.kernel.websocket.jupyter.org"
FIELDS = ("header", "parent_header", "metadata", "content")
WIDGET_TARGET = "jupyter.widget"
CONTROL_TARGET = "jupyter.widget.control"
# What a reader moves: the controls of ipywidgets, and the traits of ours that take an answer.
CONTROLS = frozenset({"value", "index", "request", "chosen"})
CLICK = {"event": "click"}

# A page has one request of each widget under way at a time.
UNANSWERED = 500
REFUSALS = 10
LOGGED = 20


def read(frame: str | bytes) -> dict[str, dict[str, Any]]:
    """Return the parts of a message from a browser.

    Raises
    ------
    ValueError
        If it is not a message of the protocol for the shell, without buffers, in strict JSON.
    """
    if not isinstance(frame, bytes):
        raise ValueError("not in the binary protocol")
    # A count of parts that the frame cannot hold would be counted to its end all the same.
    if int.from_bytes(frame[:8], "little") != len(FIELDS) + 2:
        raise ValueError("not a message in four parts")
    channel, parts = deserialize_msg_from_ws_v1(frame)
    if channel != "shell":
        raise ValueError(f"for the channel {channel[:20]!r}")
    try:
        read = [json.loads(part, parse_constant=_no_constant) for part in parts]
    except RecursionError:
        raise ValueError("JSON that is nested too deeply") from None
    if not all(isinstance(part, dict) for part in read):
        raise ValueError("parts that are not objects")
    return dict(zip(FIELDS, read, strict=True))


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} in JSON")


def is_needed(kind: Any, content: Mapping[str, Any]) -> bool:
    """Whether a page sends such a message: to find its widgets, and to move their controls."""
    match kind:
        case "kernel_info_request":
            return True
        case "comm_info_request":
            return content.get("target_name") == WIDGET_TARGET
        case "comm_open":
            return content.get("target_name") == CONTROL_TARGET and not content.get("target_module")
        case "comm_msg":
            return isinstance(content.get("comm_id"), str) and _moves(content.get("data"))
        case _:
            return False


def _moves(data: Any) -> bool:
    match data:
        case {"method": "request_states" | "request_state"}:
            return True
        case {"method": "update", "state": dict(state), **rest}:
            return state.keys() <= CONTROLS and not rest.get("buffer_paths")
        case {"method": "custom", "content": content}:
            return content == CLICK
        case _:
            return False


class PublicConnection(ZMQChannelsWebsocketConnection):
    """A web socket that lets nothing but widgets' news pass, and belongs to one page.

    Towards the kernel: no code, no completion, no debugger, no shutdown, no new widgets, no other
    traits than those of controls. Towards the browser: no source code, tracebacks or warnings.
    """

    opened: Any = None  # the page's way to ask for all states; it closes it when it has them
    unanswered = 0
    refusals = 0
    logged = 0

    async def prepare(self) -> None:
        """Connect the page for which the kernel was started, once; refuse any other."""
        page = vars(self.kernel_manager).setdefault("page", self.session_id)
        if page != self.session_id:
            raise HTTPError(403, "the kernel of another page")
        await super().prepare()
        if self._open_sessions.get(self.session_key) is not self.websocket_handler:
            raise HTTPError(409, "the page has connected anew")

    @classmethod
    def let_go(cls, kernel_id: str) -> None:
        """Let the page of a kernel know that it is alone, so that it can say so."""
        for session, handler in list(cls._open_sessions.items()):
            if session.startswith(f"{kernel_id}:"):
                handler.close()

    def handle_incoming_message(self, incoming_msg: str | bytes) -> None:
        """Pass a message on to the kernel if it is one that our pages send."""
        if not self.channels:
            return
        try:
            message = read(incoming_msg)
        except ValueError as error:
            self.refuse(str(error))
            return
        kind, content = message["header"].get("msg_type"), message["content"]
        closes_its_own = kind == "comm_close" and content.get("comm_id") == self.opened
        if not (closes_its_own or is_needed(kind, content)):
            self.refuse(f"of type {str(kind)[:40]!r}")
        elif self.unanswered >= UNANSWERED:
            self.refuse("while too many are unanswered")
        else:
            self.unanswered += 1
            if kind == "comm_open":
                self.opened = content.get("comm_id")
            parts = [json.dumps(message[field]).encode() for field in FIELDS]
            self.session.send_raw(self.channels["shell"], parts)

    def refuse(self, why: str) -> None:
        """Drop a message; a browser that goes on sending such is no reader."""
        self.refusals += 1
        self.note("a message %s was refused", why)
        if self.refusals >= REFUSALS:
            self.websocket_handler.close(1008)

    def note(self, what: str, *details: str) -> None:
        """Write to the log, but let no page fill it."""
        self.logged += 1
        if self.logged <= LOGGED:
            self.log.warning(f"kernel %s: {what}", self.kernel_id, *details)

    def handle_outgoing_message(self, stream: str, outgoing_msg: list[Any]) -> None:
        """Pass a message on to the browser, or write it to the log instead."""
        _, (_, header, *rest) = self.session.feed_identities(outgoing_msg)
        kind = self.session.unpack(header)["msg_type"]
        if kind == "execute_input":
            return
        if kind in {"error", "status", "stream"}:
            content = self.session.unpack(rest[2])
            if content.get("execution_state") == "idle":
                self.unanswered = max(0, self.unanswered - 1)
            if kind == "error":
                self.note("%s", "\n".join(content["traceback"]))
                return
            if content.get("name") == "stderr":
                self.note("%s", content["text"])
                return
        super().handle_outgoing_message(stream, outgoing_msg)
