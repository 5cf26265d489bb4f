"""A step's surroundings: workspace, stand-ins for tools, and the files that GitHub reads."""

import os
import subprocess
import sys
from pathlib import Path


class Runner:
    """A job's workspace with the files and variables that GitHub gives a step."""

    def __init__(self, folder: Path) -> None:
        self.workspace = folder / "workspace"
        self.tools = folder / "tools"
        self.temporary = folder / "temporary"
        for made in (self.workspace, self.tools, self.temporary):
            made.mkdir()
        self._files = {name: folder / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
        for file in self._files.values():
            file.touch()

    def stand_in(self, tool: str, output: str = "") -> None:
        """A tool that writes down how it was called, and says `output`."""
        (self.tools / f"{tool}.out").write_text(output)
        script = self.tools / tool
        script.write_text('#!/bin/sh\necho "$*" >> "$0.calls"\ncat "$0.out"\n')
        script.chmod(0o755)

    def calls(self, tool: str) -> list[str]:
        """The arguments of each call of a stand-in."""
        file = self.tools / f"{tool}.calls"
        return file.read_text().splitlines() if file.exists() else []

    def run(self, script: str, **env: str) -> str:
        """Run a step as GitHub does; return what is in the log."""
        return self._run(["bash", "-e", "-c", script], env, 0)

    def fail(self, script: str, **env: str) -> str:
        """Run a step that ends the job; return what is in the log."""
        return self._run(["bash", "-e", "-c", script], env, 1)

    def run_python(self, script: str, **env: str) -> str:
        """Run a step with `shell: python`."""
        return self._run([sys.executable, "-c", script], env, 0)

    def _run(self, command: list[str], env: dict[str, str], exit_code: int) -> str:
        given = {name: str(file) for name, file in self._files.items()}
        given |= {"PATH": f"{self.tools}:{os.environ['PATH']}"}
        given |= {name: str(self.temporary) for name in ("RUNNER_TEMP", "TMPDIR")}
        done = subprocess.run(
            command,
            cwd=self.workspace,
            env=given | env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == exit_code, done.stderr
        return done.stdout

    @property
    def summary(self) -> str:
        """What the run's page shows."""
        return self._files["GITHUB_STEP_SUMMARY"].read_text()

    @property
    def output(self) -> str:
        """What later steps and jobs can read."""
        return self._files["GITHUB_OUTPUT"].read_text()
