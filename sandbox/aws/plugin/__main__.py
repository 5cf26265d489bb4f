"""Serve the plugin on a free port of 127.0.0.1, and print the port for the engine.

The first argument is the plugin's version, which is the SDK's; the engine's arguments follow.
"""

import importlib
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NoReturn

import grpc

from sandbox.aws.plugin import session
from sandbox.aws.plugin.servicer import Servicer
from sandbox.preloaded import OF_A_SERVER
from sandbox.protocol import provider_pb2_grpc

#: Parallel calls: the engine sends one for each independent resource.
_WORKERS: Final = 16
#: The interval at which the plugin checks whether the engine still runs.
_LOOK_SECONDS: Final = 2.0


def main() -> NoReturn:
    """Serve until the engine ends this process or has ended itself."""
    # The engine ends a plugin with SIGINT; a user's Ctrl-C does not reach the plugin.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    engine = os.getppid()
    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(ThreadPoolExecutor(max_workers=_WORKERS), options=unlimited)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Servicer(sys.argv[1]), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)  # noqa: T201 - how the engine learns the port
    # An engine that is killed cannot end its plugins; they then get another parent process.
    while os.getppid() == engine:
        time.sleep(_LOOK_SECONDS)
    _end()


def preload() -> None:
    """Load what a configured plugin needs, before the sandbox's server forks plugins."""
    for name in OF_A_SERVER:
        importlib.import_module(name)
    session.preload()


def _end(*_signal: object) -> NoReturn:
    """End at once: there is nothing to save, and gRPC's threads may block a normal exit."""
    os._exit(0)


if __name__ == "__main__":
    main()
