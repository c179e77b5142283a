"""What cells show, as messages of Jupyter's protocol, without a kernel around the shell."""

import io
import sys
import time
from collections.abc import Callable
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import Session
from traitlets.config import Config

TEXT_AT_MOST = 8192
TEXT_WAITS_S = 0.2

Say = Callable[[str, dict[str, Any]], None]
"""Takes the type and the content of a message of Jupyter's protocol."""


def open_shell() -> ZMQInteractiveShell:
    """Open the shell that a kernel runs its cells in."""
    # Saving the history takes a thread; a kernel that wants it begins with it after the fork.
    config = Config({"HistoryManager": {"enabled": False}})
    return ZMQInteractiveShell.instance(config=config, compiler_class=XCachingCompiler)


class Recorder(Session):
    """Hands on what the shell would send, and what is printed, message by message.

    Parameters
    ----------
    say : callable
        Is given each message.
    """

    def __init__(self, say: Say) -> None:
        super().__init__()
        self._say = say
        self._printed: list[str] = []
        self._stream = ""
        self._told_at = 0.0

    def listen(self) -> None:
        """Hear the shell from now on, and all that is printed."""
        shell: Any = ZMQInteractiveShell.instance()
        shell.displayhook.session = shell.display_pub.session = self
        sys.stdout, sys.stderr = (_Printed(self, name) for name in ("stdout", "stderr"))

    def send(self, stream: Any, what: Any, content: Any = None, *_: Any, **__: Any) -> None:  # type: ignore[override]
        """Hand on a message of the shell."""
        self.flush()
        if isinstance(what, dict):
            what, content = what["msg_type"], what["content"]
        self._say(what, content)

    def write(self, stream: str, text: str) -> None:
        """Hand on printed text, small pieces together."""
        if stream != self._stream:
            self.flush()
        self._stream = stream
        self._printed.append(text)
        if time.monotonic() > self._told_at + TEXT_WAITS_S or len(text) > TEXT_AT_MOST:
            self.flush()

    def flush(self) -> None:
        """Hand on what is held back."""
        text, self._printed = "".join(self._printed), []
        self._told_at = time.monotonic()
        if text:
            self._say("stream", {"name": self._stream, "text": text})


class _Printed(io.TextIOBase):
    """A standard stream."""

    encoding = "UTF-8"

    def __init__(self, recorder: Recorder, name: str) -> None:
        self.name = name
        self._recorder = recorder

    def fileno(self) -> int:
        return {"stdout": 1, "stderr": 2}[self.name]

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._recorder.write(self.name, text)
        return len(text)

    def flush(self) -> None:
        self._recorder.flush()
