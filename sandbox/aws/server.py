"""Serve AWS on 127.0.0.1: moto behind `front`, which refuses requests that AWS refuses.

It does not use moto's own `ThreadedMotoServer`, which accepts no other application and does not
close its socket. moto's state is global: a process can have one server at a time.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sandbox.serving import Server


def start_aws(port: int = 0, issuers: Mapping[str, Any] | None = None) -> Server:
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

    from sandbox.aws.front import Front, Handler  # noqa: PLC0415
    from sandbox.aws.partitions import add_partitions  # noqa: PLC0415

    add_partitions()
    moto_api_backend.reset()
    moto = DomainDispatcherApplication(create_backend_app)
    # For each request moto looks at all folders of its services: a tenth of the sandbox's CPU.
    moto.get_backend_for_host = cache(moto.get_backend_for_host)  # type: ignore[method-assign]
    return Server(Front(moto, issuers), port, Handler)
