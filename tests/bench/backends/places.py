"""The backends that are measured, each empty and on this machine."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import requests

from sandbox.aws.server import start_aws
from tests.e2e.backends.bucket import new_bucket
from tests.e2e.backends.postgres import Server, running_postgres

#: Seconds for PostgreSQL to end a connection that the engine has closed.
_PATIENCE: Final = 30


@dataclass(frozen=True)
class Place:
    """A backend."""

    name: str
    #: The variables of a shell that uses it.
    environment: dict[str, str]
    #: Its requests so far; PostgreSQL's are statements, and include those that count them.
    requests: Callable[[], int] = lambda: 0
    #: The writes of a state so far, where the backend tells them.
    writes: Callable[[], int] | None = None
    #: The variables of Pulumi that change what a write costs.
    settings: dict[str, str] = field(default_factory=dict)


@contextmanager
def local_files(folder: Path) -> Iterator[Place]:
    """A folder, without metadata files."""
    folder.mkdir()
    yield Place("local files", {"PULUMI_BACKEND_URL": f"{folder.as_uri()}?metadata=skip"})


@contextmanager
def s3(_folder: Path) -> Iterator[Place]:
    """A bucket of moto's in this process."""
    server = start_aws()
    try:
        bucket = new_bucket(server.url, "states")
        keys = {"AWS_ACCESS_KEY_ID": "sandbox", "AWS_SECRET_ACCESS_KEY": "sandbox"}
        yield Place(
            "S3",
            bucket.environment | keys,
            lambda: _calls(server.url).total(),
            lambda: _writes(_calls(server.url)),
        )
    finally:
        server.stop()


@contextmanager
def postgresql(_folder: Path) -> Iterator[Place]:
    """A database."""
    with running_postgres() as server:
        yield Place("PostgreSQL", server.environment, lambda: _statements(server))


PLACES: Final = (local_files, s3, postgresql)


def _calls(url: str) -> Counter[str]:
    counted = requests.get(f"{url}/_sandbox/requests", timeout=30).json()
    return Counter({one["action"]: one["count"] for one in counted["actions"]})


def _writes(calls: Counter[str]) -> int:
    """The calls that put a state in its place, compressed or not, and not its copies."""
    state = re.compile(r"PUT /states/\.pulumi/stacks/[^/]+/[^/]+\.json(\.zst)?")
    return sum(count for call, count in calls.items() if state.fullmatch(call))


def _statements(server: Server) -> int:
    """The statements so far: each is a transaction of its own, and counts when its session ends."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    end = time.monotonic() + _PATIENCE
    while server.ask(others) != ["1"]:
        assert time.monotonic() < end
    done = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
    return int(server.ask(done)[0])
