"""Serve the emulator on 127.0.0.1, in a thread, until `stop` is called."""

from collections.abc import Iterable

from flask import Blueprint

from sandbox import serving
from sandbox.github.app import create_app
from sandbox.github.store import Store


class Server(serving.Server):
    """A running server."""

    @property
    def url(self) -> str:
        """The base URL, which clients use as that of an Enterprise Server."""
        return f"{super().url}/"


def serve(store: Store, port: int = 0, blueprints: Iterable[Blueprint] = ()) -> Server:
    """Serve the store on 127.0.0.1, with `blueprints` below /_sandbox; port 0 is any free one."""
    return Server(create_app(store, blueprints), port)
