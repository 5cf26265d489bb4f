"""A trivial Pulumi project, which the project's language host runs under the real CLI."""

import json
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.engine.find import ensure_engine
from sandbox.engine.folder import BESIDE, fill
from tests.e2e.own_engine import near
from tests.e2e.vault import PROVIDER, key_service

SECRET = "marker-5f0c1d"
PATIENCE = 60.0


@dataclass(frozen=True)
class Project:
    """A Pulumi project with one stack in its own folder."""

    folder: Path
    environment: dict[str, str]

    def write(self, program: str, **options: str) -> None:
        """Write the program and the options of its runtime."""
        described = {"name": "trivial", "runtime": {"name": "python", "options": options}}
        (self.folder / "Pulumi.yaml").write_text(json.dumps(described))
        (self.folder / "__main__.py").write_text(program)

    def new_stack(self) -> None:
        """Make the stack, whose secrets a key service encrypts."""
        done = self.pulumi("stack", "init", "dev", "--secrets-provider", PROVIDER)
        assert done.returncode == 0, done.stderr

    def pulumi(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the CLI to its end."""
        return subprocess.run(
            ["pulumi", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def errors(self) -> list[str]:
        """Preview the program, which must fail, and return what the engine says to the user."""
        done = self.pulumi("preview", "--json")
        assert done.returncode, done.stdout
        diagnostics: list[dict[str, Any]] = json.loads(done.stdout)["diagnostics"]
        return [
            found["message"].removeprefix("error: ").rstrip()
            for found in diagnostics
            if found["severity"] == "error"
        ]

    def start(self) -> subprocess.Popen[str]:
        """Start an update whose program writes its process id, then sleeps."""
        self.write(
            "import os, pathlib, time\n"
            "pathlib.Path('.ids').write_text(f'{os.getpid()}')\n"
            "pathlib.Path('.ids').rename('ids')\n"
            "time.sleep(600)\n"
        )
        return subprocess.Popen(
            ["pulumi", "up", "--yes", "--skip-preview"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def ids(self, engine: int) -> list[int]:
        """Wait until the program runs; the process ids of it and of the engine's children."""
        wait((self.folder / "ids").exists)
        children = [
            int(stat.parent.name)
            for stat in Path("/proc").glob("[0-9]*/stat")
            if _field(stat, 1) == str(engine)
        ]
        assert children
        return [int((self.folder / "ids").read_text()), *children]


def trivial_project(folder: Path) -> Project:
    """A project in a folder, with an engine and a backend beside it and without a stack."""
    engine = ensure_engine(lambda _: None).folder
    path = folder / "engine"
    fill(
        path,
        cli=near((engine / "pulumi").resolve()),
        github_plugin=(engine / "pulumi-resource-github").resolve(),
        own_language_host=True,
        beside=[(engine / name).resolve() for name in BESIDE if (engine / name).exists()],
    )
    for name in ("project", "state"):
        (folder / name).mkdir()
    return Project(
        folder / "project",
        {
            "HOME": str(folder),
            "PATH": os.pathsep.join([str(path), os.defpath]),
            "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_STACK": "dev",
            **key_service(),
        },
    )


def wait(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def _field(stat: Path, number: int) -> str:
    """A field of the process's stat file after the command; empty if the process has ended."""
    try:
        return stat.read_text().rpartition(")")[2].split()[number]
    except (FileNotFoundError, ProcessLookupError):
        return ""
