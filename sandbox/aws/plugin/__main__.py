"""Serve the plugin on a free port of loopback, and print the port for the engine."""

import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

import grpc  # type: ignore[import-untyped] # its stubs are a package of their own
from pulumi.runtime.proto import provider_pb2_grpc

from sandbox.aws.plugin.servicer import Servicer
from sandbox.aws.plugin.session import SessionError, endpoint

#: Calls at a time: the engine sends as many as there are independent resources.
_WORKERS = 16


def main() -> int:
    """Serve until the engine ends the process; exit code 2 without a sandbox to talk to."""
    try:
        endpoint()
    except SessionError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - the engine shows what is printed
        return 2
    stopped = threading.Event()
    # The engine ends a plugin with SIGINT; a Ctrl-C of the user's does not reach it.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(ThreadPoolExecutor(max_workers=_WORKERS), options=unlimited)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(
        Servicer(version("pulumi-aws")), server
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)  # noqa: T201 - how the engine learns the port
    stopped.wait()
    server.stop(grace=None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
