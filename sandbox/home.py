"""Where the sandbox of this checkout keeps its files, and what it remembers of its process.

`.sandbox/` in the project, or the folder that SLIPWAY_SANDBOX_HOME names: the record of the
running process, its log, and the Pulumi state of the world it holds. No secret value is in clear
in any of them.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

#: The project: the folder that holds this package.
PROJECT: Final = Path(__file__).resolve().parent.parent


def sandbox_home() -> Path:
    """The folder of this sandbox; it may not exist yet."""
    named = os.environ.get("SLIPWAY_SANDBOX_HOME")
    return Path(named).resolve() if named else PROJECT / ".sandbox"


@dataclass(frozen=True)
class Record:
    """The running process, as written once it answers."""

    pid: int
    world: str
    """A word that changes with each new world, so that another process on the port is noticed."""
    github_port: int
    aws_port: int

    @property
    def github_url(self) -> str:
        """Base URL of the GitHub emulator, as for an Enterprise Server."""
        return f"http://127.0.0.1:{self.github_port}/"

    @property
    def aws_url(self) -> str:
        """Endpoint of every AWS service."""
        return f"http://127.0.0.1:{self.aws_port}"


def record_path() -> Path:
    """The file of the running process's record."""
    return sandbox_home() / "process.json"


def write_record(record: Record) -> None:
    """Publish a record; readers see the old one or the new one, never half of it."""
    path = record_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(asdict(record)), encoding="utf-8")
    draft.replace(path)


def read_record() -> Record | None:
    """The last record, whether its process still lives or not; None when there is none."""
    try:
        return Record(**json.loads(record_path().read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
