"""Serve AWS on loopback: moto, behind the front that refuses what AWS refuses.

moto's own `ThreadedMotoServer` is not used: it takes no other application and leaves its socket
open when it stops. moto's world is the process's: one server in a process at a time.
"""

import threading
from collections.abc import Mapping
from typing import Any, Final

#: How often the server looks whether it is to stop.
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
        """Stop answering and close the socket; returns once that is done."""
        self._server.shutdown()
        self._thread.join()  # the thread's last act is to close the socket


def start_aws(port: int = 0, issuers: Mapping[str, Any] | None = None) -> AwsServer:
    """Start a new world.

    Args:
        port: of 127.0.0.1; 0 takes a free one.
        issuers: JSON Web Key Sets by issuer: whose id-tokens STS can verify.
    """
    # moto takes 0.3 s and 30 MB, which the plugin's processes, importing this package, can't spare.
    from moto.moto_api._internal.models import moto_api_backend  # noqa: PLC0415
    from moto.moto_server.werkzeug_app import (  # noqa: PLC0415
        DomainDispatcherApplication,
        create_backend_app,
    )
    from werkzeug.serving import make_server  # noqa: PLC0415

    from sandbox.aws.front import Front, Handler  # noqa: PLC0415

    moto_api_backend.reset()
    application = Front(DomainDispatcherApplication(create_backend_app), issuers)
    return AwsServer(
        make_server("127.0.0.1", port, application, threaded=True, request_handler=Handler)
    )
