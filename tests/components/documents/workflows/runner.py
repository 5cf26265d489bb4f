"""A step's surroundings: workspace, stand-ins for tools, and the files that GitHub reads."""

import os
import subprocess
from pathlib import Path


class Runner:
    """A job's workspace with the files and variables that GitHub gives a step."""

    def __init__(self, folder: Path, *options: str) -> None:
        """Create the folders.

        Args:
            folder: The parent of all of them.
            options: Further options of bash. GitHub's default is `-e`; act, and a workflow with
                `shell: bash`, add `pipefail` (docs.github.com: workflow syntax, shell).
        """
        self._bash = ["bash", "-e", *options]
        self.workspace = folder / "workspace"
        self.tools = folder / "tools"
        self.temporary = folder / "temporary"
        for made in (self.workspace, self.tools, self.temporary):
            made.mkdir()
        self._files = {name: folder / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
        for file in self._files.values():
            file.touch()

    def stand_in(self, tool: str, output: str = "", *, exit_code: int = 0) -> None:
        """Create a program that records its arguments, prints `output` and ends with the code."""
        (self.tools / f"{tool}.out").write_text(output)
        script = self.tools / tool
        script.write_text(f'#!/bin/sh\necho "$*" >> "$0.calls"\ncat "$0.out"\nexit {exit_code}\n')
        script.chmod(0o755)

    def calls(self, tool: str) -> list[str]:
        """The arguments of each call of a stand-in."""
        file = self.tools / f"{tool}.calls"
        return file.read_text().splitlines() if file.exists() else []

    def run(self, script: str, **env: str) -> str:
        """Run a step as GitHub does; return what is in the log."""
        return self._run(script, env, ends=False)

    def fail(self, script: str, **env: str) -> str:
        """Run a step that fails the job; return its log."""
        return self._run(script, env, ends=True)

    def returned(self, command: list[str], **env: str) -> int:
        """Return the exit code of a step with another shell."""
        return self._done(command, env).returncode

    def _run(self, script: str, env: dict[str, str], *, ends: bool) -> str:
        done = self._done([*self._bash, "-c", script], env)
        assert (done.returncode != 0) == ends, done.stderr
        return done.stdout

    def _done(self, command: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
        given = {name: str(file) for name, file in self._files.items()}
        given |= {"GITHUB_WORKSPACE": str(self.workspace)}
        given |= {"PATH": f"{self.tools}:{os.environ['PATH']}"}
        given |= {name: str(self.temporary) for name in ("RUNNER_TEMP", "TMPDIR")}
        return subprocess.run(
            command,
            cwd=self.workspace,
            env=given | env,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def summary(self) -> str:
        """Return the job summary, which the run's page shows."""
        return self._files["GITHUB_STEP_SUMMARY"].read_text()

    @property
    def output(self) -> str:
        """Return the step's outputs, which later steps and jobs can read."""
        return self._files["GITHUB_OUTPUT"].read_text()
