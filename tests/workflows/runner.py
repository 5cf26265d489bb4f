"""Run a repository's workflow files after an event as GitHub does, with act.

The files are read from the sandbox's GitHub, from the commit that GitHub would take them from; so
are the environment's variables and secrets, and the right to request an id-token. act reads a copy
of the file (see `act_copy`).
"""

import base64
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.conftest import World
from tests.workflows.act import run_act, write_private
from tests.workflows.act_copy import act_copy
from tests.workflows.environments import enter, named_environment
from tests.workflows.events import ACTOR, Event
from tests.workflows.machine import Machine
from tests.workflows.outcome import Run, read_run
from tests.workflows.stand_ins import replacements
from tests.workflows.triggers import parse, started


@dataclass(frozen=True)
class Runner:
    """Starts the runs of a sandbox."""

    world: World
    machine: Machine
    folder: Path
    """Each run has its own folder below it."""

    def happens(self, event: Event, *, approved: bool = False) -> dict[str, Run]:
        """Run the workflows that the event starts, to their end; return the runs by workflow file.

        Args:
            event: the event.
            approved: whether the environment's reviewers approve.

        Raises:
            JobRefusedError: the environment's rules forbid the deployment.
            UnknownActionError: a workflow uses an action without a stand-in.
        """
        files = _workflow_files(self.world, event)
        return {
            Path(path).name: self._run(event, path, files[path], approved=approved)
            for path in started(event, files)
        }

    def _run(self, event: Event, path: str, text: str, *, approved: bool) -> Run:
        workflow = parse(text)
        actions = replacements(workflow)
        given = enter(self.world, event, named_environment(workflow, event.name), approved=approved)
        begun = self.world.control("POST", "runs", _begun(event, path))
        number = int(begun["id"])
        folder = self.folder / f"run-{number}"
        folder.mkdir(parents=True)
        artifacts = self.folder / "artifacts"
        token = _repository_token(self.world, event.repository)
        variables = _variables(self.world, self.machine, event) | {
            "GITHUB_RUN_ID": str(number),
            "ACTIONS_ID_TOKEN_REQUEST_URL": begun["request_url"],
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": begun["request_token"],
            "SANDBOX_ARTIFACTS": str(artifacts),
        }
        content = {
            "eventpath": event.payload,
            "var-file": given.variables,
            "secret-file": given.secrets | {"GITHUB_TOKEN": token},
            "env-file": variables,
        }
        needs = folder / "needs.json"
        arguments = [f"--actor={ACTOR}", *actions]
        with _files(folder, act_copy(workflow, needs), content) as files:
            programs = f"{self.machine.programs}:/usr/local/bin:/usr/bin:/bin"
            entries = run_act(folder, event.name, programs, [*files, *arguments])
        told = json.loads(needs.read_text(encoding="utf-8"))
        end = {"conclusion": _conclusion(told), "title": _title(workflow, event)}
        self.world.control("PATCH", f"runs/{number}", end)
        hidden = [begun["request_token"], token, *given.secrets.values()]
        kept = artifacts / str(number)
        return read_run(number, entries, told, kept, lambda shown: _masked(shown, hidden))


def _conclusion(needs: Mapping[str, Mapping[str, Any]]) -> str:
    """Return GitHub's conclusion of a run with these jobs."""
    results = {job["result"] for job in needs.values()}
    worst = (one for one in ("failure", "cancelled", "success") if one in results)
    return next(worst, "skipped")


def _title(workflow: Mapping[str, Any], event: Event) -> str:
    """Return the run's name, which act does not log: `run-name` with the event's values."""

    def value(found: re.Match[str]) -> str:
        members = (_member(event, place.strip()) for place in found[1].split("||"))
        return str(next(member for member in members if member))

    name = workflow.get("run-name") or workflow["name"]
    return re.sub(r"\$\{\{ ([\w. |]+) \}\}", value, name)


def _member(event: Event, place: str) -> Any:
    """Return `github.event.A.B` or `inputs.A`; None if the event has no such member."""
    member: Any = event.payload
    for key in place.removeprefix("github.event.").split("."):
        member = member.get(key) if isinstance(member, Mapping) else None
    return member


def _workflow_files(world: World, event: Event) -> dict[str, str]:
    """Return the texts of the workflow files in the event's commit, by path."""
    place = f"repos/{event.repository}/contents"
    listed = world.github("GET", f"{place}/.github/workflows?ref={event.sha}")
    paths = [entry["path"] for entry in listed if entry["type"] == "file"]
    contents = {path: world.github("GET", f"{place}/{path}?ref={event.sha}") for path in paths}
    return {path: base64.b64decode(c["content"]).decode() for path, c in contents.items()}


def _repository_token(world: World, repository: str) -> str:
    """Return a GITHUB_TOKEN that can read only this repository: `permissions: {contents: read}`."""
    token = f"ghs_{secrets.token_hex(18)}"
    grant = {"token": token, "login": "monalisa", "rights": {repository: "pull"}}
    world.control("POST", "seed", {"tokens": [grant]})
    return token


def _begun(event: Event, path: str) -> dict[str, str]:
    """Return the facts about a run that the token issuer needs."""
    refs = {}
    if request := event.payload.get("pull_request"):
        refs = {f"{side}_ref": request[side]["ref"] for side in ("head", "base")}
    return {
        **refs,
        "repository": event.repository,
        "event": event.name,
        "ref": event.ref,
        "sha": event.sha,
        "workflow": path,
        "actor": ACTOR,
    }


def _variables(world: World, machine: Machine, event: Event) -> dict[str, str]:
    """Return variables of every step; act derives GitHub's other variables from them."""
    github = world.record.github_url.removesuffix("/")
    return {
        "GITHUB_SERVER_URL": github,
        "GITHUB_API_URL": f"{github}/api/v3",
        "GITHUB_REPOSITORY": event.repository,
        "GITHUB_REPOSITORY_OWNER": event.repository.split("/")[0],
        "GITHUB_REF": event.ref,
        # act's name for the variable that becomes GITHUB_SHA.
        "SHA_REF": event.sha,
        "AWS_ENDPOINT_URL": world.record.aws_url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(machine.wheels),
        "PIP_NO_COMPILE": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "SANDBOX_BARE": str(machine.templates["bare"]),
        "SANDBOX_CHECKS": str(machine.templates["checks"]),
        "SANDBOX_PYTHON": machine.python,
        **machine.loaded,
    }


@contextmanager
def _files(
    folder: Path, workflow: Mapping[str, Any], content: Mapping[str, object]
) -> Iterator[list[str]]:
    """Return arguments for the files that act reads: no secret is on a command line.

    Only the workflow file outlives the run: the others contain secrets.
    """
    file = folder / "workflow.yml"
    file.write_text(
        json.dumps(workflow, indent=1, ensure_ascii=False), encoding="utf-8"
    )  # JSON is YAML
    written = {
        option: write_private(folder / f"{option}.yml", value) for option, value in content.items()
    }
    try:
        yield [f"--workflows={file}", *(f"--{option}={path}" for option, path in written.items())]
    finally:
        for path in written.values():
            path.unlink()


def _masked(text: str, hidden: list[str]) -> str:
    for value in hidden:
        if value:
            text = text.replace(value, "***")
    return text
