"""Serve an application on loopback, in a thread, until told to stop."""

import io
import socket
from collections.abc import Iterable
from contextlib import suppress
from http import HTTPStatus
from threading import Thread
from typing import Any, ClassVar

from flask import Blueprint
from werkzeug.serving import WSGIRequestHandler, make_server

from sandbox.github.app import create_app
from sandbox.github.store import Store


class _Handler(WSGIRequestHandler):
    """HTTP/1.1 with connections that stay open, as the provider's client expects of GitHub.

    Werkzeug's own handler closes every connection after one answer, since it cannot tell the rest
    of a body from the next request. Bodies are small here: they are read to the end first, and
    answers are sent at once. The application logs requests; it knows what must not be.
    """

    disable_nagle_algorithm = True
    #: Headers and body go out in one packet.
    wbufsize = 65536
    #: The open connections of this handler's server.
    connections: ClassVar[set[socket.socket]]

    def setup(self) -> None:
        """Take a connection."""
        super().setup()
        self.connections.add(self.connection)

    def finish(self) -> None:
        """Give it up; a client that is gone already hears no more of it."""
        self.connections.discard(self.connection)
        with suppress(ConnectionError):
            super().finish()

    def run_wsgi(self) -> None:
        """Answer one request."""
        environ = self.make_environ()
        if environ.pop("wsgi.input_terminated", False):
            body = environ["wsgi.input"].read()
            del environ["HTTP_TRANSFER_ENCODING"]
        else:
            body = self.rfile.read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        status, headers, content = self._answer(environ)
        # In the case of GitHub's own reasons: the provider's messages quote them.
        self.send_response_only(int(status[:3]))
        for name, value in headers:
            self.send_header(name, value)
        if not any(name.lower() == "date" for name, _ in headers):
            self.send_header("Date", self.date_time_string())
        if int(status[:3]) not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED} and not any(
            name.lower() == "content-length" for name, _ in headers
        ):
            self.send_header("Content-Length", str(len(content)))
        self.send_header("Server", "sandbox")
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def _answer(self, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
        """Run the application to the end."""
        started: list[tuple[str, list[tuple[str, str]]]] = []
        content = bytearray()

        def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
            started.append((status, headers))
            return content.extend

        answer = self.server.app(environ, start_response)
        try:
            for chunk in answer:
                content += chunk
        finally:
            if hasattr(answer, "close"):
                answer.close()
        return *started[-1], bytes(content)

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Say nothing."""


class Server:
    """A running server."""

    def __init__(self, store: Store, port: int, beside: Iterable[Blueprint]) -> None:
        """Start serving the store; port 0 takes a free one."""
        self._connections: set[socket.socket] = set()
        handler = type("Handler", (_Handler,), {"connections": self._connections})
        self._server = make_server(
            "127.0.0.1", port, create_app(store, beside), threaded=True, request_handler=handler
        )
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._server.server_port

    @property
    def url(self) -> str:
        """The base URL, as for an Enterprise Server."""
        return f"http://127.0.0.1:{self.port}/"

    def stop(self) -> None:
        """Stop serving, end what is connected and free the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def serve(store: Store, port: int = 0, beside: Iterable[Blueprint] = ()) -> Server:
    """Serve the store on 127.0.0.1, with what is `beside` it under /_sandbox."""
    return Server(store, port, beside)
