"""The surroundings of one job: checkout, variables, PATH, log, and results of its steps so far."""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.projects.commands import Annotations, assignments
from tests.projects.machine import Machine
from tests.projects.shells import command
from tests.projects.source import Source

#: A script that takes longer waits for an event that will not happen.
_SECONDS = 300


class StepFailedError(Exception):
    """A step that fails."""


@dataclass
class Workspace:
    """The state that the steps of one job share."""

    folder: Path
    machine: Machine
    source: Source
    template: str
    """The Python environment of setup-python."""
    uploaded: set[str]
    """Names of the artifacts of the whole run."""
    kept: Path | None = None
    """The folder for results of tools that another run starts alike; see `repeated`."""
    env: dict[str, str] = field(default_factory=dict)
    """Variables that a step sets for later steps."""
    paths: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    summary: str = ""
    annotations: Annotations = field(default_factory=Annotations)
    artifacts: dict[str, dict[str, Path]] = field(default_factory=dict)
    _count: int = 0

    def __post_init__(self) -> None:
        for made in (self.checkout, self.temporary, self.home):
            made.mkdir(parents=True)
        self.calls_file.touch()

    @property
    def checkout(self) -> Path:
        """GITHUB_WORKSPACE."""
        return self.folder / "checkout"

    @property
    def temporary(self) -> Path:
        """RUNNER_TEMP."""
        return self.folder / "temporary"

    @property
    def home(self) -> Path:
        """The user's home."""
        return self.folder / "home"

    @property
    def calls_file(self) -> Path:
        """The file in which the stand-in for `aws` records its calls."""
        return self.folder / "aws-calls"

    def run(
        self, script: str, shell: str | None, directory: str | None, env: dict[str, str]
    ) -> dict[str, str]:
        """Run a script as a step, and return its outputs.

        Raises:
            StepFailedError: the script fails.
        """
        self._count += 1
        own = self.folder / f"step-{self._count}"
        own.mkdir()
        names = ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")
        files = {name: own / name for name in names}
        for file in files.values():
            file.touch()
        text = {name: str(file) for name, file in files.items()}
        done = subprocess.run(
            command(script, shell, own),
            cwd=self.checkout / (directory or "."),
            env={**self._env(), **env, **text},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            timeout=_SECONDS,
        )
        self.log.append(done.stdout)
        self.annotations.read(done.stdout)
        self.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        self.env |= assignments(files["GITHUB_ENV"])
        self.paths[:0] = reversed(files["GITHUB_PATH"].read_text().splitlines())
        outputs = assignments(files["GITHUB_OUTPUT"])
        if done.returncode != 0:
            raise StepFailedError(f"Process completed with exit code {done.returncode}.", outputs)
        return outputs

    def _env(self) -> dict[str, str]:
        machine = self.machine.env
        return {
            **machine,
            **self.env,
            "HOME": str(self.home),
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_WORKSPACE": str(self.checkout),
            "AWS_CALLS": str(self.calls_file),
            **({"KEPT_RESULTS": str(self.kept)} if self.kept else {}),
            "PATH": ":".join([*self.paths, machine["PATH"]]),
        }
