"""Serve an application on 127.0.0.1, in a thread, until `stop` is called."""

import io
import socket
from contextlib import suppress
from http import HTTPStatus
from threading import Thread
from typing import Any, ClassVar

from werkzeug.serving import WSGIRequestHandler, make_server


class Handler(WSGIRequestHandler):
    """HTTP/1.1 with persistent connections, as GitHub and AWS have them.

    The GitHub provider's client expects them, and without them each call costs both sides a
    connection and the server a thread. Werkzeug's own handler closes every connection after one
    answer, because it cannot tell the rest of a body from the next request. Bodies are small here:
    this handler reads each body to its end and sends each answer at once. It logs nothing: the
    applications do, without secret values.
    """

    disable_nagle_algorithm = True
    #: Large enough to send headers and body in one packet.
    wbufsize = 65536
    #: The open connections of this handler's server.
    connections: ClassVar[set[socket.socket]]

    def setup(self) -> None:
        """Register a new connection."""
        super().setup()
        self.connections.add(self.connection)

    def finish(self) -> None:
        """Unregister the connection; the client may have closed it already."""
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
        # Send the standard reason phrase as GitHub does: the provider's messages quote it.
        self.send_response_only(int(status[:3]))
        for name, value in headers:
            self.send_header(name, value)
        if not any(name.lower() == "date" for name, _ in headers):
            self.send_header("Date", self.date_time_string())
        if int(status[:3]) not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED} and not any(
            name.lower() == "content-length" for name, _ in headers
        ):
            self.send_header("Content-Length", str(len(content)))
        if not any(name.lower() == "server" for name, _ in headers):
            self.send_header("Server", "sandbox")
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def _answer(self, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
        """Run the application and collect its whole answer."""
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
        """Log nothing."""


class Server:
    """A running server."""

    def __init__(self, application: Any, port: int, handler: type[Handler] = Handler) -> None:
        """Start to serve a WSGI application; port 0 means any free port."""
        self._connections: set[socket.socket] = set()
        own = type("Handler", (handler,), {"connections": self._connections})
        self._server = make_server(
            "127.0.0.1", port, application, threaded=True, request_handler=own
        )
        self._stopping = False
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port that the server listens on."""
        return self._server.server_port

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Stop to serve, close all connections and free the port."""
        self._stopping = True
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
            pass  # it waits for a connection
        self._thread.join()
        self._server.server_close()
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        # `serve_forever` looks for its end at an interval, for which `stop` would have to wait.
        while not self._stopping:
            self._server.handle_request()
