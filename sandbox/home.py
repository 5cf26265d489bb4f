"""The sandbox's folder, and the record of its process.

The folder is `.sandbox/` in the project, or the value of SLIPWAY_SANDBOX_HOME. It contains the
record of the running process, its log, and the Pulumi state of its stack. None of these files
contains a secret in plain text.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

#: The project: the folder that contains this package.
PROJECT: Final = Path(__file__).resolve().parent.parent


def sandbox_home() -> Path:
    """The folder of this sandbox, which may not exist yet."""
    named = os.environ.get("SLIPWAY_SANDBOX_HOME")
    return Path(named).resolve() if named else PROJECT / ".sandbox"


@dataclass(frozen=True)
class Record:
    """The running process; it writes its record when it answers."""

    pid: int
    world: str
    """A random word of each start, so that another process on the same port is noticed."""
    github_port: int
    aws_port: int
    github_host: str = "github.com"
    """The host of the GitHub that it is; see `sandbox.github.site`."""

    @property
    def github_url(self) -> str:
        """Base URL of the GitHub emulator, which clients use as that of an Enterprise Server."""
        return f"http://127.0.0.1:{self.github_port}/"

    @property
    def aws_url(self) -> str:
        """Endpoint of all AWS services."""
        return f"http://127.0.0.1:{self.aws_port}"


def record_path() -> Path:
    """The file with the record of the running process."""
    return sandbox_home() / "process.json"


def write_record(record: Record) -> None:
    """Write the record atomically: readers see the old one or the new one."""
    path = record_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(asdict(record)), encoding="utf-8")
    draft.replace(path)


def read_record() -> Record | None:
    """The last record, or None. Its process may have ended."""
    try:
        return Record(**json.loads(record_path().read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
