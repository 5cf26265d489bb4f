"""Serve AWS on 127.0.0.1: moto behind `front`, which refuses requests that AWS refuses.

It does not use moto's own `ThreadedMotoServer`, which accepts no other application and does not
close its socket. moto's state is global: a process can have one server at a time.
"""

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any


class AwsServer:
    """A running server; stop it with `stop`."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.port: int = server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self._stopping = False
        self._thread = threading.Thread(target=self._serve, name="aws", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the server and close its socket; returns when this is done."""
        self._stopping = True
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
            pass  # it waits for a connection
        self._thread.join()
        self._server.server_close()

    def _serve(self) -> None:
        # `serve_forever` looks for its end at an interval, for which `stop` would have to wait.
        while not self._stopping:
            self._server.handle_request()


def start_aws(port: int = 0, issuers: Mapping[str, Any] | None = None) -> AwsServer:
    """Start a server with empty accounts.

    Args:
        port: a port of 127.0.0.1; 0 means any free one.
        issuers: JSON Web Key Sets by issuer; STS can verify the id-tokens of these issuers.
    """
    # Importing moto takes 0.3 s and 30 MB. The plugin's processes import this package, not moto.
    from moto.moto_api._internal.models import moto_api_backend  # noqa: PLC0415
    from moto.moto_server.werkzeug_app import (  # noqa: PLC0415
        DomainDispatcherApplication,
        create_backend_app,
    )
    from werkzeug.serving import make_server  # noqa: PLC0415

    from sandbox.aws.front import Front, Handler  # noqa: PLC0415
    from sandbox.aws.partitions import add_partitions  # noqa: PLC0415

    add_partitions()
    moto_api_backend.reset()
    application = Front(DomainDispatcherApplication(create_backend_app), issuers)
    return AwsServer(
        make_server("127.0.0.1", port, application, threaded=True, request_handler=Handler)
    )
