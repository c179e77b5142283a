"""The server of the public dashboards: Voilà's server and front end, with our own pages."""

import os
import sys
from gettext import gettext as _
from pathlib import Path
from string import digits
from typing import Any

from jupyter_server.base.handlers import FileFindHandler
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.web import StaticFileHandler
from traitlets import Integer, List, Unicode, default
from traitlets.config import Config
from voila.app import Voila
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler
from voila.utils import get_page_config

from servicequality.kernels.provisioner import ForkedProvisioner
from servicequality.site import handlers
from servicequality.site.bundle import Script, bundles, find
from servicequality.site.connection import PublicConnection
from servicequality.site.public import (
    FILE,
    LARGEST_MESSAGE,
    LIMITS,
    PART,
    ForeignHost,
    allow_open_files,
    public,
)
from servicequality.site.viewers import Kernels, Viewers, room_in_memory

# What a page needs of Voilà's own routes; its tree, its contents and its files stay closed.
VOILA_ROUTES = (FileFindHandler, MultiStaticFileHandler, VoilaKernelWebsocketHandler)

SETTINGS = Config(
    {
        "Site": {
            "kernel_websocket_connection_class": PublicConnection,
            "tornado_settings": {"websocket_max_message_size": LARGEST_MESSAGE},
        },
        "VoilaConfiguration": {
            "multi_kernel_manager_class": Kernels,
            "extension_allowlist": [
                "@jupyter-widgets/jupyterlab-manager",
                "@voila-dashboards/widgets-manager8",
                "anywidget",
            ],
        },
        "MappingKernelManager": {
            "cull_idle_timeout": 60,
            "cull_interval": 10,
            "cull_connected": False,
        },
        "KernelProvisionerFactory": {"default_provisioner_name": "forked"},
        # Sockets in a private folder rather than TCP ports, which another program can take between
        # their choice and their use; the paths of other systems are too long for it.
        # A reader's kernel has nothing to save at its end.
        "KernelManager": {
            "transport": "ipc" if sys.platform == "linux" else "tcp",
            "shutdown_wait_time": 0.2,
        },
    }
)


class Site(Voila):
    """Serve a folder of notebooks as dashboards, to this machine, on exactly the port asked for."""

    name = "site"
    description = "Serve a folder of notebooks as dashboards."
    examples = "python -m servicequality.site chapters --port 8866"

    hosts = List(
        Unicode(),
        default_value=["localhost"],
        help=_("Names under which readers reach this server; bare addresses need none."),
    ).tag(config=True)

    viewers = Integer(
        help=_("How many readers may have demos at a time; others wait in a queue."),
    ).tag(config=True)
    sleep_after = Integer(
        300,
        help=_("After how many seconds without a move an open page gives way to one that waits."),
    ).tag(config=True)

    @default("viewers")
    def _default_viewers(self) -> int:
        return room_in_memory()

    @default("ip")
    def _default_ip(self) -> str:
        return "127.0.0.1"

    @default("port_retries")
    def _default_port_retries(self) -> int:
        return 0

    @default("open_browser")
    def _default_open_browser(self) -> bool:
        return False

    def initialize(self, argv: list[str] | None = None) -> None:
        """Read the command line; what it says goes before our settings."""
        self.update_config(SETTINGS)
        super().initialize(argv)

    def listen(self) -> None:
        """Listen on the port asked for, or say plainly that it cannot be had."""
        allow_open_files()
        server = HTTPServer(self.app, **LIMITS)
        try:
            server.listen(self.port, self.ip)
        except OSError as error:
            self.log.critical(
                _("Port %d cannot be used: %s. Choose another: make serve PORT=8867"),
                self.port,
                os.strerror(error.errno or 0),
            )
            self.exit(1)
        self.log.info(_("The site is at %s"), self.display_url)
        if self.open_browser:
            self.launch_browser()
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(ForkedProvisioner.warm_up, self.kernel_manager)
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            self.log.info(_("Stopping."))
        finally:
            self.stop()

    def init_handlers(self) -> list[tuple[Any, ...]]:
        """Answer with our pages, and with what they need of Voilà."""
        rules = [rule for rule in super().init_handlers() if rule[1] in VOILA_ROUTES]
        voila = [
            (path.replace("(.*)", FILE), public(handler), *options)
            for path, handler, *options in rules
        ]
        places = {handler: options[0] for _, handler, *options in rules if options}
        roots = {
            "static": places[MultiStaticFileHandler]["paths"],
            "labextensions": places[FileFindHandler]["path"],
        }
        vega = Script(find(roots, "labextensions/servicequality/vega.js"))
        self.app.settings["scripts"] = {**bundles(roots), "vega": vega}
        self.app.settings["viewers"] = Viewers(self.kernel_manager, self.viewers, self.sleep_after)
        base = self.server_url
        # Parts of extensions whose name is a hash of what they hold.
        self.app.settings["static_immutable_cache"] = [
            f"{base}voila/labextensions/{name}/static/{start}"
            for name in self.voila_configuration.extension_allowlist
            for start in ("remoteEntry.", *digits)
        ]
        pages = {"folder": Path(self.root_dir), "page_config": self.page_config()}
        return [
            (ForeignHost(self.hosts), handlers.NotFound, pages),
            (rf"{base}scripts/([\w-]{{1,80}})[.]js", handlers.ScriptFile),
            (f"{base}voila/labextensions/servicequality/(vega)[.]js", handlers.ScriptFile),
            *voila,
            (rf"{base}voila/templates/(?=lab/static/){FILE}", public(TemplateStaticFileHandler)),
            (f"{base}voila/api/shutdown/([^/]+)", handlers.ShutDownKernel),
            (f"{base}api/kernels/([^/]+)", handlers.KernelModel),
            (f"{base}static/{FILE}", public(StaticFileHandler), {"path": PART / "static"}),
            (f"{base}", handlers.Home, pages),
            (rf"{base}chapters/([\w-]{{1,80}})[.]ipynb", handlers.ChapterPage, pages),
            (rf"{base}chapters/([\w-]{{1,80}})[.]svg", handlers.Picture, pages),
            (rf"{base}notebooks/([\w-]{{1,80}})[.]ipynb", handlers.NotebookFile, pages),
            (rf"{base}demos/(D\d+[.]\d+)", handlers.DemoPage, pages),
            (rf"{base}outputs/([\w.-]{{1,80}})/([^/]+)", handlers.Outputs, pages),
            (r".*", handlers.NotFound, pages),
        ]

    def page_config(self) -> dict[str, Any]:
        """Return what Voilà's front end wants to know, the same for all pages."""
        return get_page_config(
            base_url=self.base_url,
            settings=self.app.settings,
            log=self.log,
            voila_configuration=self.voila_configuration,
        ) | {"jupyterLabTheme": "light"}
