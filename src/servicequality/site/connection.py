"""What a kernel says reaches the reader's browser, except what only the operator may see."""

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PublicConnection(ZMQChannelsWebsocketConnection):
    """A websocket to a kernel that passes on neither source code, tracebacks nor warnings."""

    def handle_outgoing_message(self, stream: str, outgoing_msg: list[Any]) -> None:
        """Pass a message on to the browser, or write it to the log instead."""
        _, (_, header, *rest) = self.session.feed_identities(outgoing_msg)
        kind = self.session.unpack(header)["msg_type"]
        if kind == "execute_input":
            return
        if kind in {"error", "stream"}:
            content = self.session.unpack(rest[2])
            if kind == "error":
                self.log.error("kernel %s: %s", self.kernel_id, "\n".join(content["traceback"]))
                return
            if content["name"] == "stderr":
                self.log.warning("kernel %s: %s", self.kernel_id, content["text"])
                return
        super().handle_outgoing_message(stream, outgoing_msg)
