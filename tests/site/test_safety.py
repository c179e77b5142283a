"""Attacks on the running server by a viewer who may send whatever they like.

One server and one page's kernel bear most of them; after each, that kernel must still answer.
"""

import http.client
import json
import re
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import psutil
import pytest
import requests
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

PROTOCOL = "v1.kernel.websocket.jupyter.org"
CONTROL = "jupyter.widget.control"
SECRET = "this-must-never-leave-the-server"
WAIT = 60

CELLS = [
    new_markdown_cell("# A page to attack\n\nWords.", id="title"),
    new_code_cell(
        "import ipywidgets\nfrom time import sleep\n"
        f"HIDDEN = '{SECRET}'\n"
        "slider = ipywidgets.IntSlider(description='Wait', max=10)\n"
        "label = ipywidgets.Label('0 min')\n"
        "slider.observe(lambda move: setattr(label, 'value', f'{move.new} min'), 'value')\n"
        "button = ipywidgets.Button(description='Break')\n"
        "button.on_click(lambda _: HIDDEN / 0)\n"
        "nap = ipywidgets.Button(description='Nap')\n"
        "nap.on_click(lambda _: sleep(4))\n"
        "ipywidgets.VBox([slider, label, button, nap])",
        id="controls",
    ),
    new_code_cell(
        "from servicequality.demos.servqual import gap_scorer\ngap_scorer()",
        id="attacked-d2-1",
    ),
]
FILES = ["attacked.quiz.toml", ".env", ".git/config", "notes.txt", "exercises/answers.ipynb"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attacked")
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    notebook = new_notebook(cells=CELLS, metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / "attacked.ipynb")
    for name in FILES:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(SECRET)
    return folder


@pytest.fixture(scope="module")
def server(serve, folder: Path) -> str:
    return serve(folder)


@dataclass
class Message:
    """A message from the kernel, as far as it matters here."""

    kind: str
    parent: str
    content: dict[str, Any]


def packed(parts: list[bytes], channel: bytes = b"shell") -> bytes:
    """Return a frame of the protocol, whatever the parts are."""
    offsets = [8 * (len(parts) + 3)]
    for part in (channel, *parts):
        offsets.append(offsets[-1] + len(part))
    numbers = [len(offsets), *offsets]
    return b"".join(number.to_bytes(8, "little") for number in numbers) + channel + b"".join(parts)


@dataclass
class Viewer:
    """A browser with one page open, and no scruples."""

    server: str
    session: str = field(default_factory=lambda: str(uuid.uuid4()))
    browser: requests.Session = field(default_factory=requests.Session)
    heard: list[str] = field(default_factory=list)

    def open_page(self) -> "Viewer":
        page = self.browser.get(f"{self.server}chapters/attacked.ipynb", timeout=WAIT)
        config = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page.text)
        assert config is not None
        self.kernel = json.loads(config[1])["kernelId"]
        outputs = f"{self.server}outputs/attacked/{self.kernel}"
        self.outputs = self.browser.get(outputs, timeout=WAIT)
        return self

    def shut_down(self, kernel: str) -> int:
        token = {"_xsrf": self.browser.cookies["_xsrf"]}
        address = f"{self.server}voila/api/shutdown/{kernel}"
        return self.browser.post(address, token, timeout=WAIT).status_code

    def address(self, kernel: str | None = None) -> str:
        host = urlsplit(self.server).netloc
        return f"ws://{host}/api/kernels/{kernel or self.kernel}/channels?session_id={self.session}"

    def connect(self, kernel: str | None = None, **options: Any) -> ClientConnection:
        options = {"subprotocols": [PROTOCOL], "max_size": None, "open_timeout": WAIT} | options
        return connect(self.address(kernel), **options)

    def frame(self, kind: str, content: Any, channel: str = "shell") -> bytes:
        self.last = uuid.uuid4().hex
        head = {"msg_id": self.last, "msg_type": kind, "session": self.session, "version": "5.3"}
        metadata = {"version": "1.0.0"}  # of the protocol of widgets
        parts = [json.dumps(part).encode() for part in (head, {}, metadata, content)]
        return packed(parts, channel.encode())

    def listen(self, ws: ClientConnection, until: Callable[[Message], bool]) -> list[Message]:
        """Collect what the kernel says, up to and with the message waited for."""
        messages: list[Message] = []
        deadline = time.monotonic() + WAIT
        while not messages or not until(messages[-1]):
            frame = ws.recv(timeout=max(0.0, deadline - time.monotonic()))
            assert isinstance(frame, bytes)
            self.heard.append(frame.decode(errors="replace"))
            count = int.from_bytes(frame[:8], "little")
            places = [
                int.from_bytes(frame[8 * i : 8 * i + 8], "little") for i in range(2, count + 1)
            ]
            parts = [frame[a:b] for a, b in pairwise(places)]
            header, parent, _, content = (json.loads(part) for part in parts[:4])
            messages.append(Message(header["msg_type"], parent.get("msg_id", ""), content))
        return messages

    def answer(self, ws: ClientConnection) -> list[Message]:
        """Ask the kernel something harmless, and return all that it said until it was done."""
        ws.send(self.frame("comm_info_request", {"target_name": "jupyter.widget"}))
        done = (self.last, {"execution_state": "idle"})
        return self.listen(ws, lambda m: (m.parent, m.content) == done)

    def update(self, comm: str, state: Any) -> bytes:
        data = {"method": "update", "state": state, "buffer_paths": []}
        return self.frame("comm_msg", {"comm_id": comm, "data": data})

    def click(self, comm: str) -> bytes:
        data = {"method": "custom", "content": {"event": "click"}}
        return self.frame("comm_msg", {"comm_id": comm, "data": data})

    def widgets(self, ws: ClientConnection) -> dict[str, tuple[str, dict[str, Any]]]:
        """Return the id and the state of each widget, by its description or its model's name."""
        comm = uuid.uuid4().hex
        ws.send(self.frame("comm_open", {"comm_id": comm, "target_name": CONTROL, "data": {}}))
        ws.send(self.frame("comm_msg", {"comm_id": comm, "data": {"method": "request_states"}}))
        reply = self.listen(ws, lambda m: m.content.get("comm_id") == comm)[-1]
        return {
            model["state"].get("description") or model["model_name"]: (name, model["state"])
            for name, model in reply.content["data"]["states"].items()
        }


@pytest.fixture(scope="module")
def viewer(server: str) -> Iterator[Viewer]:
    """The viewer whose kernel bears the attacks; at the end it is still the same kernel."""
    viewer = Viewer(server).open_page()
    with viewer.connect() as ws:
        slider, _ = viewer.widgets(ws)["Wait"]
        ws.send(viewer.update(slider, {"value": 7}))
        told = viewer.answer(ws)
    assert "7 min" in str(told)
    yield viewer
    with viewer.connect() as ws:
        assert viewer.widgets(ws)["Wait"][1]["value"] == 7
    heard = "".join(viewer.heard) + viewer.outputs.text
    assert SECRET not in heard
    assert "Traceback" not in heard
    assert "Error" not in heard.replace("Error display", "")


@pytest.fixture(scope="module", autouse=True)
def slow_readers(server: str) -> Iterator[tuple[float, list[socket.socket]]]:
    """Connections that never finish their first line, during all the other tests."""
    host, port = urlsplit(server).netloc.split(":")
    sockets = [socket.create_connection((host, int(port))) for _ in range(50)]
    for slow in sockets:
        slow.sendall(b"GET / HTT")
    yield time.monotonic(), sockets
    for slow in sockets:
        slow.close()


def requested(server: str, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    """Ask for exactly this path, without the tidying that clients do."""
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=WAIT)
    with closing(connection):
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")


def refused(viewer: Viewer, kernel: str | None = None, **options: Any) -> int:
    """Return the status with which a web socket is refused."""
    with pytest.raises(InvalidStatus) as refusal:
        viewer.connect(kernel, **options)
    return refusal.value.response.status_code


# What a viewer sends ------------------------------------------------------------------------------

CODE = "open('pwned', 'w').write(HIDDEN); print(HIDDEN)"
COMMANDS = [
    ("shell", "execute_request", {"code": CODE, "silent": False}),
    ("control", "execute_request", {"code": CODE, "silent": False}),
    ("shell", "complete_request", {"code": "HID", "cursor_pos": 3}),
    ("shell", "inspect_request", {"code": "HIDDEN", "cursor_pos": 6, "detail_level": 1}),
    ("shell", "history_request", {"hist_access_type": "tail", "n": 9, "output": True}),
    ("shell", "shutdown_request", {"restart": False}),
    ("control", "shutdown_request", {"restart": True}),
    ("control", "interrupt_request", {}),
    ("control", "debug_request", {"type": "request", "command": "evaluate", "seq": 1}),
    ("control", "create_subshell_request", {}),
    ("control", "comm_info_request", {"target_name": "jupyter.widget"}),
    ("stdin", "input_reply", {"value": CODE}),
    ("iopub", "status", {"execution_state": "dead"}),
    ("shell", "no_such_request", {}),
]


@pytest.mark.parametrize("commands", [COMMANDS[:7], COMMANDS[7:]])
def test_no_message_has_code_run_or_ends_the_kernel(viewer: Viewer, folder: Path, commands) -> None:
    with viewer.connect() as ws:
        for channel, kind, content in commands:
            ws.send(viewer.frame(kind, content, channel))
        said = viewer.answer(ws)
    assert {message.kind for message in said} <= {"status", "comm_info_reply"}
    assert not (folder / "pwned").exists()


def test_a_page_that_goes_on_sending_commands_is_cut_off(viewer: Viewer) -> None:
    with viewer.connect() as ws:
        for _ in range(20):
            ws.send(viewer.frame("execute_request", {"code": CODE}))
        with pytest.raises(ConnectionClosed) as end:
            viewer.listen(ws, lambda _: False)
    assert end.value.rcvd is not None
    assert end.value.rcvd.code == 1008


def test_only_controls_are_moved(viewer: Viewer) -> None:
    with viewer.connect() as ws:
        slider, _ = viewer.widgets(ws)["Wait"]
        ws.send(viewer.update(slider, {"max": 10**9}))
        ws.send(viewer.update(slider, {"value": 8, "description": "Mine"}))
        ws.send(viewer.update(slider, {"layout": "IPY_MODEL_0", "_model_module": "x"}))
        ws.send(viewer.frame("comm_close", {"comm_id": slider, "data": {}}))
        custom = {"method": "custom", "content": {"event": "submit"}}
        ws.send(viewer.frame("comm_msg", {"comm_id": slider, "data": custom}))
        opened = {"comm_id": "new", "target_name": "jupyter.widget", "data": {"state": {}}}
        ws.send(viewer.frame("comm_open", opened))
        opened = {"comm_id": "new", "target_name": CONTROL, "target_module": "antigravity"}
        ws.send(viewer.frame("comm_open", opened))
        viewer.answer(ws)
        _, state = viewer.widgets(ws)["Wait"]
    assert (state["value"], state["max"], state["description"]) == (7, 10, "Wait")


STRANGE = [
    None,
    [],
    "text",
    1e400,
    -(10**4000),
    {},
    {"number": {"deep": [[[[]]]]}, "values": [1, 2], "guess": []},
    {"number": 1, "values": {"p_reliability": 1e400, "p_empathy": -1e308}, "guess": "fifth"},
    {"number": 1, "values": {"p_reliability": 10**400, "rule": {"x": 1}}, "guess": {}},
    {"number": 1, "values": {"no such control": 1}, "guess": "nobody"},
    {"number": 1, "values": {"firm": "\ud800", "rule": "x" * 50_000}, "guess": None},
]


@pytest.mark.parametrize("requests", [STRANGE[:6], STRANGE[6:]])
def test_a_demo_answers_strange_settings_in_plain_words(viewer: Viewer, requests) -> None:
    with viewer.connect() as ws:
        widgets = viewer.widgets(ws)
        (demo, before), (slider, _) = widgets["AnyModel"], widgets["Wait"]
        for strange in requests:
            ws.send(viewer.update(demo, {"request": strange}))
            ws.send(viewer.update(slider, {"value": strange}))
        ws.send(viewer.update(slider, {"value": 7}))
        ws.send(viewer.update(demo, {"request": before["request"]}))
        viewer.answer(ws)
        after = viewer.widgets(ws)["AnyModel"][1]
    assert after["view"] == before["view"]


def test_an_error_in_the_kernel_is_for_the_log_only(viewer: Viewer, serve) -> None:
    with viewer.connect() as ws:
        ws.send(viewer.click(viewer.widgets(ws)["Break"][0]))
        kinds = {message.kind for message in viewer.answer(ws)}
    assert kinds <= {"status", "comm_info_reply", "comm_msg"}
    assert "TypeError: unsupported operand" in re.sub(
        r"\x1b\[[\d;]*m", "", serve.log(viewer.server)
    )


def raw(number: int) -> bytes:
    return number.to_bytes(8, "little")


BROKEN = [
    b"",
    b"\xff",
    raw(2**63),
    raw(2**32) + bytes(64),
    raw(6) + raw(2**62) * 6,
    raw(6) + raw(0) * 6,
    packed([b"{}", b"{}", b"{}"]),
    packed([b"not json", b"{}", b"{}", b"{}"]),
    packed([b"\xff\xfe", b"{}", b"{}", b"{}"]),
    packed([b'{"msg_type": "kernel_info_request"}', b"[]", b"{}", b"{}"]),
    packed([b'{"msg_type": "comm_msg"}', b"{}", b"{}", b'{"data": NaN}']),
    packed([b'{"msg_type": "comm_msg"}', b"{}", b"{}", b"[" * 20_000]),
    packed([b'{"msg_type": "comm_msg"}', b"{}", b"{}", b'{"a":' * 9_000]),
    packed([b'{"msg_type": ["comm_msg"]}', b"{}", b"{}", b"{}"]),
    packed([b'{"msg_type": "kernel_info_request"}', b"{}", b"{}", b"{}", b"buffer"]),
    packed([b'{"msg_type": "kernel_info_request"}', b"{}", b"{}", b"{}"], b"\xff"),
    "text",
    '{"header": {"msg_type": "execute_request"}, "channel": "shell", "content": {}}',
]


@pytest.mark.parametrize("frames", [BROKEN[:9], BROKEN[9:]])
def test_broken_frames_are_dropped(viewer: Viewer, frames) -> None:
    with viewer.connect() as ws:
        for frame in frames:
            ws.send(frame)
        viewer.answer(ws)


def test_a_client_that_speaks_the_older_protocol_is_not_heard(viewer: Viewer) -> None:
    with viewer.connect(subprotocols=None) as ws:
        ws.send(bytes.fromhex("7fffffff") + bytes(64))
        header = {"msg_type": "execute_request", "msg_id": "1", "session": viewer.session}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": {"code": CODE}}
        ws.send(json.dumps(message | {"channel": "shell", "buffers": []}))
    with viewer.connect() as ws:
        viewer.answer(ws)


def test_a_large_message_ends_the_connection(viewer: Viewer) -> None:
    with viewer.connect() as ws:
        slider, _ = viewer.widgets(ws)["Wait"]
        ws.send(viewer.update(slider, {"value": "x" * 1_000_000}))
        with pytest.raises(ConnectionClosed):
            viewer.answer(ws)


def test_a_flood_during_a_long_calculation_is_cut_off(viewer: Viewer) -> None:
    with viewer.connect() as ws:
        widgets = viewer.widgets(ws)
        ws.send(viewer.click(widgets["Nap"][0]))
        with suppress(ConnectionClosed):
            for _ in range(2000):
                ws.send(viewer.update(widgets["Wait"][0], {"value": 7}))
        with pytest.raises(ConnectionClosed) as end:
            viewer.listen(ws, lambda _: False)
    assert end.value.rcvd is not None
    assert end.value.rcvd.code == 1008
    with viewer.connect() as ws:
        viewer.answer(ws)


# What belongs to others ---------------------------------------------------------------------------


def test_another_viewers_kernel_is_out_of_reach(viewer: Viewer) -> None:
    other = Viewer(viewer.server)
    other.browser.cookies.update({"_xsrf": "mine", "viewer": "me"})
    assert requested(viewer.server, "/api/kernels")[0] == 404
    assert requested(viewer.server, "/api/sessions")[0] == 404
    # Even if its name were known:
    assert refused(other, viewer.kernel) == 403
    assert other.shut_down(viewer.kernel) == 403
    model = f"{viewer.server}api/kernels/{viewer.kernel}"
    assert other.browser.delete(model, timeout=WAIT).status_code == 405
    assert other.browser.post(f"{model}/interrupt", timeout=WAIT).status_code == 404
    outputs = f"{viewer.server}outputs/attacked/{viewer.kernel}"
    assert other.browser.get(outputs, timeout=WAIT).status_code == 409
    with viewer.connect() as ws:
        viewer.answer(ws)


def test_a_closed_page_takes_its_own_kernel_along(server: str) -> None:
    own = Viewer(server).open_page()
    assert own.browser.cookies["viewer"]
    assert own.shut_down(own.kernel) == 204
    assert own.browser.get(f"{server}api/kernels/{own.kernel}", timeout=WAIT).status_code == 404
    assert refused(own) == 404


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1"])
def test_a_page_of_another_site_gets_no_socket(viewer: Viewer, origin: str) -> None:
    assert refused(viewer, origin=origin) == 403


def test_a_foreign_name_for_this_server_leads_nowhere(viewer: Viewer, serve) -> None:
    host = "evil.example:80"
    for path in ("/", "/chapters/attacked.ipynb", "/static/site.css", "/voila/static/voila.js"):
        assert requested(viewer.server, path, Host=host)[0] == 404
    channels = viewer.address().split("/", 3)[-1]
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    upgrade |= {"Sec-WebSocket-Key": "c2VjcmV0", "Origin": f"http://{host}"}
    assert requested(viewer.server, f"/{channels}", Host=host, **upgrade)[0] == 404
    assert "--Site.hosts=evil.example" in serve.log(viewer.server)
    assert requested(viewer.server, "/", Host="localhost:1")[0] == 200


# What is not for viewers --------------------------------------------------------------------------

ROUTES = [
    "",
    "chapters/",
    "notebooks/",
    "demos/",
    "static/",
    "outputs/",
    "outputs/attacked/",
    "voila/static/",
    "voila/templates/",
    "voila/templates/lab/static/",
    "voila/labextensions/",
    "voila/labextensions/anywidget/",
    "voila/files/",
    "voila/api/contents/",
    "voila/render/",
    "voila/tree/",
    "api/contents/",
    "files/",
    "nbconvert/html/",
]
STEPS = ["../", "..%2f", "%2e%2e/", "..%252f", "..%5c", "....//"]
UP = [*(12 * step for step in STEPS), "/", "%2f"]
TARGETS = ["etc/passwd", "etc/passwd%00.ipynb", "proc/self/environ"]


@pytest.mark.parametrize("route", ROUTES)
def test_no_route_leads_out_of_its_folder(server: str, folder: Path, route: str) -> None:
    paths = [up + target for up in UP for target in TARGETS]
    paths += FILES + [f"../{name}" for name in FILES] + [f"%2e%2e/{name}" for name in FILES]
    paths += [str(folder / name) for name in FILES]
    paths += ["x" * 5000, "x" * 300 + ".ipynb", "%00", "%ff%fe", "a%0d%0aX-Own:%201", "%2e", ".."]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda path: requested(server, f"/{route}{path}"), paths))
    found = {
        path: (status, text[:80])
        for path, (status, text) in zip(paths, answers, strict=True)
        if status not in {400, 403, 404}
    }
    assert found == {}
    texts = "".join(text for _, text in answers)
    assert "root:" not in texts
    assert SECRET not in texts
    assert "Traceback" not in texts


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_nothing_can_be_written(server: str, folder: Path, method: str) -> None:
    before = (folder / "attacked.ipynb").read_bytes()
    for path in ("/", "/chapters/attacked.ipynb", "/notebooks/attacked.ipynb", "/static/site.css"):
        assert requested(server, path, method)[0] in {400, 403, 404, 405}
    assert (folder / "attacked.ipynb").read_bytes() == before


# What every answer carries ------------------------------------------------------------------------

ANSWERS = [
    "",
    "nowhere",
    "chapters/attacked.ipynb",
    "demos/D2.1",
    "notebooks/attacked.ipynb",
    "static/site.css",
    "static/none.css",
    "voila/static/voila.js",
    "voila/templates/lab/static/theme-light.css",
    "voila/labextensions/anywidget/none.js",
    "api/kernels/{kernel}",
    "api/kernels/none",
    "outputs/attacked/{kernel}",
    "api/kernels/{kernel}/channels",
]


@pytest.mark.parametrize("path", ANSWERS)
def test_every_answer_carries_safe_headers(viewer: Viewer, path: str) -> None:
    answer = viewer.browser.get(viewer.server + path.format(kernel=viewer.kernel), timeout=WAIT)
    headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Server" not in headers
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy.pop("frame-ancestors") == ("*" if path == "demos/D2.1" else "'none'")
    assert "'unsafe-inline'" not in policy["script-src"]
    live = path in {"chapters/attacked.ipynb", "demos/D2.1"}
    assert ("'unsafe-eval'" in policy["script-src"]) == live
    assert not re.search(r"[a-z]+:(?!\s|$)|//|\*", " ".join(policy.values()).replace("data:", ""))


def test_an_error_shows_an_id_that_stands_in_the_log(server: str, serve) -> None:
    page = requests.get(f"{server}chapters/none.ipynb", timeout=WAIT).text
    found = re.search(r"<code>(\w{8})</code>", page)
    assert found is not None
    assert f"error {found[1]}: GET '/chapters/none.ipynb'" in serve.log(server)


# What wears the server out ------------------------------------------------------------------------


def test_hundreds_of_sockets_leave_room_for_readers(viewer: Viewer, serve) -> None:
    process = psutil.Process(serve.processes[viewer.server].pid)
    before = process.num_fds()
    host, port = urlsplit(viewer.server).netloc.split(":")
    idle = [socket.create_connection((host, int(port))) for _ in range(400)]
    strangers = [Viewer(viewer.server) for _ in range(100)]
    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(lambda s: refused(s, viewer.kernel), strangers)) == {403}
    with viewer.connect() as first, viewer.connect() as second:
        viewer.answer(second)
        with pytest.raises(ConnectionClosed):  # a page has one connection: the newest
            viewer.listen(first, lambda _: False)
        assert requests.get(viewer.server, timeout=WAIT).status_code == 200
    for connection in idle:
        connection.close()
    deadline = time.monotonic() + WAIT
    while process.num_fds() > before + 20 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert process.num_fds() <= before + 20


def test_large_requests_are_refused(server: str) -> None:
    large = "x" * 1_000_000
    with pytest.raises(requests.RequestException):
        requests.get(server, headers={"X-Large": large}, timeout=WAIT).raise_for_status()
    with pytest.raises(requests.RequestException):
        requests.post(f"{server}voila/api/shutdown/none", large, timeout=WAIT).raise_for_status()
    assert requests.get(server, timeout=WAIT).status_code == 200


def test_connections_that_never_finish_a_request_are_closed(slow_readers) -> None:
    since, sockets = slow_readers
    time.sleep(max(0.0, since + 33 - time.monotonic()))
    for slow in sockets:
        slow.settimeout(WAIT)
        assert slow.recv(1) == b""
