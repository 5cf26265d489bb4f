"""Serve the plugin on a free port of loopback, and print the port for the engine.

The first argument is the version to answer to, the SDK's; the engine's own follow.
"""

import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NoReturn

import grpc

from sandbox.aws.plugin.servicer import Servicer
from sandbox.protocol import provider_pb2_grpc

#: Calls at a time: the engine sends as many as there are independent resources.
_WORKERS: Final = 16
#: How often the plugin looks whether the engine still lives.
_LOOK_SECONDS: Final = 2.0


def main() -> NoReturn:
    """Serve until the engine ends the process, or is gone itself."""
    # The engine ends a plugin with SIGINT; a Ctrl-C of the user's does not reach it.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    engine = os.getppid()
    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(ThreadPoolExecutor(max_workers=_WORKERS), options=unlimited)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Servicer(sys.argv[1]), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)  # noqa: T201 - how the engine learns the port
    # An engine that was killed tells nobody; its plugins then belong to another process.
    while os.getppid() == engine:
        time.sleep(_LOOK_SECONDS)
    _end()


def _end(*_signal: object) -> NoReturn:
    """End at once: nothing is to be saved, and threads of gRPC may hang the interpreter's end."""
    os._exit(0)


if __name__ == "__main__":
    main()
