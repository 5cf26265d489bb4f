"""One job of a workflow, or of its matrix: the steps in their order, as GitHub runs them."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.projects import expressions
from tests.projects.actions import act
from tests.projects.beginning import Beginning
from tests.projects.workspace import StepFailedError, Workspace

Tree = Mapping[str, Any]


class Outputs(dict[str, str]):
    """Outputs of a step or a job: a missing output is null, not an error."""

    def __contains__(self, _: object) -> bool:
        return True

    def __missing__(self, _: str) -> None:
        return None


@dataclass
class JobRun:
    """The run of one job."""

    workspace: Workspace
    job: Tree
    contexts: dict[str, Any]
    """Contexts of expressions besides the job's own: github, matrix, needs, strategy, vars ..."""
    env: dict[str, str]
    """The workflow's variables."""
    failed: bool = False
    outcomes: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)

    def run(self, beginning: Beginning | None = None) -> None:
        """Run all steps, then fill in the outputs.

        Args:
            beginning: the first steps, if another run of the job has the same ones.
        """
        steps = self.job["steps"]
        known = {step["id"]: _state("skipped", "skipped", {}) for step in steps if "id" in step}
        self.contexts["steps"] = known
        self.env |= self._filled(self.job.get("env", {}))
        done = 0
        if beginning and beginning.progress is not None:
            done = beginning.steps
            self._take_up(beginning.put_back(self.workspace))
            known = self.contexts["steps"]
        for index, step in enumerate(steps[done:], done):
            name = self._text(step.get("name") or step.get("uses") or f"step {index}")
            outcome, conclusion, outputs = self._step(name, step)
            self.outcomes[name] = outcome
            if "id" in step:
                known[step["id"]] = _state(outcome, conclusion, outputs)
            self.failed |= conclusion == "failure"
            if beginning and index + 1 == beginning.steps:
                beginning.keep(self.workspace, self._progress())
        self.outputs = self._filled(self.job.get("outputs", {}))

    def _progress(self) -> dict[str, Any]:
        """The state that the steps so far have changed."""
        return {
            "steps": self.contexts["steps"],
            "env": self.env,
            "failed": self.failed,
            "outcomes": self.outcomes,
        }

    def _take_up(self, progress: dict[str, Any]) -> None:
        self.contexts["steps"] = progress["steps"]
        self.env, self.failed = progress["env"], progress["failed"]
        self.outcomes = progress["outcomes"]

    def _step(self, name: str, step: Tree) -> tuple[str, str, dict[str, str]]:
        if not expressions.holds(step.get("if"), self._all(), self._functions()):
            return "skipped", "skipped", {}
        self.workspace.log.append(f"##[group]{name}\n")
        try:
            outputs = self._done(step)
        except StepFailedError as error:
            text, *more = error.args
            self.workspace.log.append(f"##[error]{text}\n")
            tolerated = step.get("continue-on-error") is True
            return "failure", "success" if tolerated else "failure", more[0] if more else {}
        return "success", "success", outputs

    def _done(self, step: Tree) -> dict[str, str]:
        env = self._filled(step.get("env", {}))
        if "uses" in step:
            return act(step["uses"], self.workspace, self._filled(step.get("with", {})))
        defaults = self.job.get("defaults", {}).get("run", {})
        directory = step.get("working-directory") or defaults.get("working-directory")
        shell = step.get("shell") or defaults.get("shell")
        return self.workspace.run(
            self._text(step["run"]),
            shell and self._text(shell),
            directory and self._text(directory),
            {**self.env, **self.workspace.env, **self._github(), **env},
        )

    def _github(self) -> dict[str, str]:
        github = self.contexts["github"]
        names = (
            *("actor", "api_url", "event_name", "job", "ref", "ref_name", "repository"),
            *("run_attempt", "run_id", "run_number", "server_url", "sha", "workflow"),
        )
        return {f"GITHUB_{name.upper()}": str(github[name]) for name in names}

    def _all(self) -> dict[str, Any]:
        job = {"status": "failure" if self.failed else "success"}
        runner = {"os": "Linux", "arch": "X64", "temp": str(self.workspace.temporary)}
        return self.contexts | {"job": job, "runner": runner, "env": Outputs(self.env)}

    def _functions(self) -> dict[str, Callable[..., Any]]:
        return {
            "always": lambda: True,
            "cancelled": lambda: False,
            "failure": lambda: self.failed,
            "success": lambda: not self.failed,
            "hashFiles": lambda *patterns: hash_files(self.workspace.checkout, *patterns),
            "format": expressions.format_text,
            "toJSON": expressions.to_json,
        }

    def _text(self, text: Any) -> str:
        if not isinstance(text, str):
            return expressions.as_text(text)
        return expressions.fill(text, self._all(), self._functions())

    def _filled(self, mapping: Tree) -> dict[str, str]:
        return {name: self._text(value) for name, value in mapping.items()}


def _state(outcome: str, conclusion: str, outputs: dict[str, str]) -> dict[str, Any]:
    return {"outcome": outcome, "conclusion": conclusion, "outputs": Outputs(outputs)}


def hash_files(root: Path, *patterns: str) -> str:
    """The function `hashFiles`: an empty text if no file matches."""
    files = sorted({file for pattern in patterns for file in root.glob(pattern) if file.is_file()})
    digest = hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files))
    return digest.hexdigest() if files else ""
