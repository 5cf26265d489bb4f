"""Serve AWS on 127.0.0.1: moto behind `front`, which refuses requests that AWS refuses.

It does not use moto's own `ThreadedMotoServer`, which accepts no other application and does not
close its socket. moto's state is global: a process can have one server at a time.
"""

import threading
from collections.abc import Mapping
from typing import Any, Final

#: The interval at which the server checks whether it is to stop.
_POLL_SECONDS: Final = 0.05


class AwsServer:
    """A running server; stop it with `stop`."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.port: int = server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(
            target=server.serve_forever, args=(_POLL_SECONDS,), name="aws", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop the server and close its socket; returns when this is done."""
        self._server.shutdown()
        self._thread.join()  # the thread closes the socket at its end


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
