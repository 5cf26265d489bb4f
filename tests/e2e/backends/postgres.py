"""A PostgreSQL server of the test's own, on a free port of 127.0.0.1, and its keys.

PostgreSQL refuses to run as root: it then runs as `nobody`, with a folder that `nobody` can reach.
The server needs no settings of the machine: no locale, no time zone, no socket in /run.
"""

import os
import pwd
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.e2e.backends.programs import Programs, postgresql

PASSWORD: Final = "marker-9b1f27"
_USER: Final = "pulumi"
_DATABASE: Final = "states"
#: Seconds for the server to accept connections, or to end.
_PATIENCE: Final = 60
#: Below Linux's default ports for connections (net.ipv4.ip_local_port_range).
_PORTS: Final = (10_240, 32_768)
#: Stops the server when its input ends: at the end of the block, or with the process that runs it.
#: SIGINT is PostgreSQL's fast shutdown: it ends sessions that are still open.
_GUARD: Final = 'read -r _; kill -INT "$1"'
_OTHERS_MAY_ENTER: Final = 0o001


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    programs: Programs

    @property
    def url(self) -> str:
        """Pulumi's address of the state; user and password are in variables of their own."""
        return f"postgres://127.0.0.1:{self.port}/{_DATABASE}?sslmode=disable"

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a shell that uses the state."""
        return {"PULUMI_BACKEND_URL": self.url, "PGUSER": _USER, "PGPASSWORD": PASSWORD}

    def ask(self, query: str, database: str = _DATABASE) -> list[str]:
        """The lines of an SQL query's result."""
        done = subprocess.run(
            [
                *(self.programs.path("psql"), "-X", "-At", "-h", "127.0.0.1", "-p", str(self.port)),
                *("-U", _USER, "-d", database, "-v", "ON_ERROR_STOP=1", "-c", query),
            ],
            env=self.programs.environment | {"PGPASSWORD": PASSWORD},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    def files(self) -> list[str]:
        """The keys of Pulumi's files, which begin with the database's name."""
        return self.ask("SELECT key FROM pulumi_state ORDER BY key")


@contextmanager
def running_postgres() -> Iterator[Server]:
    """A server with an empty database; it is stopped at the end, and its folder removed."""
    programs = postgresql()
    folder = Path(tempfile.mkdtemp(prefix="slipway-postgresql.", dir=_reachable()))
    try:
        user = _other_user(folder)
        _make_cluster(programs, folder, user)
        port = _free_port()
        with _serving(programs, folder, port, user):
            server = Server(port, programs)
            server.ask(f"CREATE DATABASE {_DATABASE}", "postgres")
            yield server
    finally:
        shutil.rmtree(folder)


def _reachable() -> str:
    """A folder for temporary files that the server's user can enter."""
    own = Path(tempfile.gettempdir())
    if os.geteuid() != 0:
        return str(own)
    for place in (own, Path("/dev/shm"), Path("/tmp"), Path("/var/tmp")):  # noqa: S108 - mkdtemp
        entered = (place, *place.parents)
        if all(one.is_dir() and one.stat().st_mode & _OTHERS_MAY_ENTER for one in entered):
            return str(place)
    raise AssertionError("no temporary folder that another user than root can enter")


def _other_user(folder: Path) -> dict[str, Any]:
    """Arguments of `subprocess` for the server's user, who gets the folder; none if not root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _make_cluster(programs: Programs, folder: Path, user: dict[str, Any]) -> None:
    password = folder / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    done = subprocess.run(
        [
            *(programs.path("initdb"), "--pgdata", folder / "data", "--username", _USER),
            *("--pwfile", password, "--auth", "scram-sha-256", "--encoding", "UTF8"),
            *("--locale", "C", "--no-sync", "--wal-segsize", "1"),
        ],
        cwd=folder,
        env=programs.environment | {"TZ": "GMT"},
        capture_output=True,
        text=True,
        check=False,
        **user,
    )
    password.unlink()
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def _free_port() -> int:
    """A free port that the system gives to no other program that asks for any free one."""
    while True:
        port = random.randrange(*_PORTS)  # noqa: S311 - a place, no secret
        with socket.socket() as found, suppress(OSError):
            found.bind(("127.0.0.1", port))
            return port


@contextmanager
def _serving(programs: Programs, folder: Path, port: int, user: dict[str, Any]) -> Iterator[None]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "timezone": "GMT",
        "log_timezone": "GMT",
        # Its transactions would be counted with Pulumi's (tests.bench.backends).
        "autovacuum": "off",
    }
    options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [programs.path("postgres"), "-D", folder / "data", *options],
            cwd=folder,
            env=programs.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **user,
        )
    guard = subprocess.Popen(
        ["sh", "-c", _GUARD, "sh", str(server.pid)],
        cwd=folder,
        stdin=subprocess.PIPE,
        start_new_session=True,
        **user,
    )
    try:
        _wait_for(programs, server, port, folder / "log")
        yield
    finally:
        guard.communicate(timeout=_PATIENCE)
        server.wait(_PATIENCE)


def _wait_for(programs: Programs, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    asked = [programs.path("pg_isready"), "--quiet", "-h", "127.0.0.1", "-p", str(port)]
    end = time.monotonic() + _PATIENCE
    while subprocess.run(asked, env=programs.environment, check=False).returncode:
        said = log.read_text("utf-8", errors="replace")
        assert process.poll() is None, said
        assert time.monotonic() < end, said
        time.sleep(0.02)
