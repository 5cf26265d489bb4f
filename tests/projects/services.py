"""Stand-ins for a job's services: a listener on each published port."""

import socketserver
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from threading import Thread
from typing import Any


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class _Greeting(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.sendall(b"at your service\n")


@contextmanager
def listening(services: Mapping[str, Any]) -> Iterator[None]:
    """Listen on the ports of the services while the job runs."""
    ports = [port for service in services.values() for port in service.get("ports", [])]
    with ExitStack() as stack:
        for port in ports:
            place = ("127.0.0.1", int(str(port).split(":")[0]))
            server = stack.enter_context(_Server(place, _Greeting))
            thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
        yield
