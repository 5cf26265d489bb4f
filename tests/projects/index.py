"""Two package indexes on 127.0.0.1, reached by name through the jobs' HTTP proxy.

Names stay the same from run to run, so that lock files and declarations can contain them. The proxy
knows only the two: it refuses and records every other request. Pages have the form of
packaging.python.org, "Simple repository API"; metadata is beside each wheel, so that clients need
not download wheels that they do not choose.
"""

import base64
import hashlib
import re
import traceback
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final, Self
from urllib.parse import urlsplit
from zipfile import ZipFile

#: The index that stands for the public one, and a company's index, which requires a login.
PUBLIC: Final = "wheels.test"
PRIVATE: Final = "private.test"
LOGIN: Final = "acme"


class _Server(ThreadingHTTPServer):
    """Reports its errors to the tests."""

    daemon_threads = True
    refused: list[str]

    def handle_error(self, request: Any, _: Any) -> None:
        self.refused.append(f"error at {request}: {traceback.format_exc()}")


class Index:
    """The server, with the folders that it serves for each host name."""

    def __init__(self, folders: dict[str, Path], password: str) -> None:
        """Serve the wheels of each folder; those of PRIVATE only to LOGIN with the password."""
        self.refused = list[str]()
        """What was asked for and is neither index, and what failed."""
        self._server = _Server(("127.0.0.1", 0), _handler(folders, password, self.refused))
        self._server.refused = self.refused
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self) -> str:
        """The proxy's URL."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@lru_cache
def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@lru_cache
def _metadata(file: Path) -> bytes:
    with ZipFile(file) as wheel:
        # Ignore the metadata of packages that are vendored inside the wheel.
        pattern = r"[^/]+\.dist-info/METADATA"
        (name,) = (name for name in wheel.namelist() if re.fullmatch(pattern, name))
        return wheel.read(name)


def _page(folder: Path, project: str) -> bytes | None:
    """Return the page of a project; None if it has no wheel."""
    lines = [
        f'<a href="/files/{file.name}#sha256={_digest(file)}" data-core-metadata='
        f'"sha256={hashlib.sha256(_metadata(file)).hexdigest()}">{file.name}</a>'
        for file in sorted(folder.glob("*.whl"))
        if _normal(file.name.split("-")[0]) == _normal(project)
    ]
    return f"<!DOCTYPE html><html><body>{''.join(lines)}</body></html>".encode() if lines else None


def _found(folder: Path, path: str) -> tuple[str, bytes | None]:
    """Return type and content of the file at a path."""
    kind, _, name = path.strip("/").partition("/")
    if kind == "simple":
        return "text/html", _page(folder, name)
    file = folder / name.removesuffix(".metadata")
    if kind != "files" or "/" in name or not file.exists():
        return "text/plain", None
    content = _metadata(file) if name.endswith(".metadata") else file.read_bytes()
    return "application/octet-stream", content


def _handler(
    folders: dict[str, Path], password: str, refused: list[str]
) -> type[BaseHTTPRequestHandler]:
    token = base64.b64encode(f"{LOGIN}:{password}".encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.hostname not in folders:
                self.do_CONNECT()
            elif url.hostname == PRIVATE and self.headers["Authorization"] != f"Basic {token}":
                login = {"WWW-Authenticate": 'Basic realm="private"'}
                self._answer(401, "text/plain", b"log in\n", login)
            else:
                kind, content = _found(folders[url.hostname], url.path)
                status = 404 if content is None else 200
                self._answer(status, kind, b"not found\n" if content is None else content, {})

        do_HEAD = do_GET  # noqa: N815  # the base class calls it by this name

        def do_CONNECT(self) -> None:
            refused.append(f"{self.command} {self.path}")
            self._answer(
                403, "text/plain", b"outside of the tests' world\n", {"Connection": "close"}
            )

        def _answer(self, status: int, kind: str, content: bytes, more: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": kind, **more}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Print nothing: refused requests are recorded."""

    return Handler
