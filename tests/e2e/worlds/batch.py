"""Take a world through `validate --live`, `up`, preview and drift; say where the property breaks.

The repositories of a world are in one stack, as an engine run takes seconds. One that is refused
leaves the stack, and the others go on.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, Final

from tests.e2e.conftest import Project, new_project
from tests.e2e.conftest import World as Sandbox
from tests.e2e.worlds.declarations import SECRET_VARIABLE
from tests.e2e.worlds.facts import Data, World
from tests.e2e.worlds.planted import Place, declaration, differences, looked, plant, settings

#: The exit code of a change that needs `--accept`.
_ASKED: Final = 5
#: What drift may tell after `up`: what waits for a merge, and what nobody declared.
EXPECTED: Final = frozenset(
    {
        # Patterns of an environment that was there: the next `slipway up` deletes them.
        "environment/extra_branch_policy",
        # A pattern such as `*` admits it: docs/branches.md.
        "repository/default_branch",
        "repository/extra_environment",
        "secret/extra",
        # Another tool or person has not written it yet.
        "secret/missing_external",
        "variable/extra",
    }
)
_WAITING: Final = "workflow/pull_request_open"
_SHOWN: Final = 6_000
_NUMBERS: Final = count(1)


class BrokenError(AssertionError):
    """The property does not hold for a world."""

    def __init__(self, text: str, names: set[str]) -> None:
        """Take what was seen, and the names of the repositories it was seen of, if known."""
        super().__init__(text)
        self.text, self.names = text, names


@dataclass
class Outcome:
    """What became of a world."""

    world: World
    refused: dict[str, dict[str, str]] = field(default_factory=dict)
    """The checks that refused each repository, each with its problem."""
    stack_refused: set[str] = field(default_factory=set)
    """The checks that refused the stack's own file."""
    findings: list[Data] = field(default_factory=list)
    """What drift says after `up`."""
    changes: int = 0
    """Objects that `up` made or changed."""

    @property
    def accepted(self) -> list[str]:
        """Repositories that went through."""
        return [one.name for one in self.world.repositories if one.name not in self.refused]

    @property
    def checks(self) -> Counter[str]:
        """How many repositories each check refused."""
        return Counter(check for checks in self.refused.values() for check in checks)


def outcome(sandbox: Sandbox, world: World, folder: Path) -> Outcome:
    """Plant a world and take it through everything.

    Raises:
        BrokenError: a refusal wrote something or has no place, or `up` failed or left work.
    """
    return _Run(sandbox, world, folder, next(_NUMBERS)).outcome()


class _Run:
    """One world in the sandbox, with an owner, an account and a stack of its own."""

    def __init__(self, sandbox: Sandbox, world: World, folder: Path, number: int) -> None:
        """Plant the world."""
        self.sandbox, self.world = sandbox, world
        self.stack, self.place = f"s{number}", Place.of(world, number)
        plant(sandbox, world, self.place)
        place = folder / f"world-{number}"
        place.mkdir()
        self.project: Project = new_project(sandbox, place)
        self.files = {one.name: declaration(one) for one in world.repositories}
        self.found = Outcome(world)

    def outcome(self) -> Outcome:
        """Go through everything."""
        first = settings(self.world, self.place)
        self.project.new_stack(self.stack, first, **self.files)
        before = self._looked()
        for log in (self.sandbox.control, self.sandbox.aws):
            log("POST", "requests/reset")
        # A file's own problems come first, and the account's OIDC provider concerns all.
        while self.found.accepted and self._refused_now():
            pass
        self._nothing_written(before)
        if unserved := self.sandbox.control("GET", "requests")["unserved"]:
            raise BrokenError(f"the sandbox does not have {unserved}", set())
        if self.found.accepted:
            self._up()
            self._nothing_left()
            self._drift()
        after = self._looked()
        for name in self.found.refused:
            was, now = self._of(name, before), self._of(name, after)
            if changed := list(differences(was, now)):
                raise BrokenError(f"{name} was refused, and is changed: {changed}", {name})
        return self.found

    def _of(self, name: str, everything: Data) -> Data:
        """What is there of one repository: on GitHub, and its roles in AWS."""
        prefix = f"{self.place.owner}.{name}-".lower()
        roles = {
            f"{account}/{role}": text
            for account, found in everything["aws"].items()
            for role, text in found["roles"].items()
            if role.lower().startswith(prefix)
        }
        return {"repository": everything["repositories"][name], "roles": roles}

    @property
    def _variables(self) -> dict[str, str]:
        return {SECRET_VARIABLE: "new", "GITHUB_TOKEN": self.place.token}

    def _looked(self) -> Data:
        return looked(self.sandbox, self.place)

    def _slipway(self, *arguments: str) -> CompletedProcess[str]:
        return self.project.slipway(*arguments, expect=None, **self._variables)

    def _refused_now(self) -> bool:
        """Validate once; remove what is refused, and say whether there was any."""
        done = self._slipway("validate", self.stack, "--live", "--json")
        said = f"{done.stdout}\n{done.stderr}"
        if done.returncode == 0:
            return False
        if not done.stdout:
            raise BrokenError(f"validate ended with {done.returncode}:\n{said}", set())
        problems = [
            (check["check"], problem)
            for check in json.loads(done.stdout)["stacks"][0]["checks"]
            for problem in check["problems"]
            if check["result"] == "problem"
        ]
        if not problems:
            raise BrokenError(f"validate ended with {done.returncode}:\n{said}", set())
        for check, problem in problems:
            self._remove(check, problem, said)
        return True

    def _remove(self, check: str, problem: Data, said: str) -> None:
        folder = f"stacks/{self.stack}/"
        name = problem["file"].removeprefix(folder).removesuffix(".yaml")
        text = f"{problem['file']}:{problem['line']}"
        if name == "_stack":
            self._put_right(check, problem, said)
            return
        if name not in self.files:
            raise BrokenError(f"{text} is no repository's file:\n{said}", set())
        if not 1 <= problem["line"] <= len(self.files[name].splitlines()):
            raise BrokenError(f"{text} is no line of it:\n{said}", {name})
        if f"{text}: " not in said:
            raise BrokenError(f"stderr does not name {text}:\n{said}", {name})
        self.found.refused.setdefault(name, {})[check] = problem["text"]
        (self.project.folder / f"{folder}{name}.yaml").unlink(missing_ok=True)

    def _put_right(self, check: str, problem: Data, said: str) -> None:
        """Write the other word about the OIDC provider, as the message says."""
        path = f"stacks/{self.stack}/_stack.yaml"
        text = (self.project.folder / path).read_text(encoding="utf-8")
        right = "existing" if self.world.provider_exists else "create"
        line = text.splitlines()[problem["line"] - 1]
        if f"oidc_provider: {right}" not in problem["text"] or f": {right}" in line:
            raise BrokenError(f"{path} is refused:\n{said}", set())
        if "oidc_provider: " not in line:
            raise BrokenError(f"{path}:{problem['line']} is another line:\n{said}", set())
        self.found.stack_refused.add(check)
        lines = text.splitlines(keepends=True)
        lines[problem["line"] - 1] = line.replace(self.world.provider_declared, right) + "\n"
        self.project.write(path, "".join(lines))

    def _nothing_written(self, before: Data) -> None:
        for name, log in (("GitHub", self.sandbox.control), ("AWS", self.sandbox.aws)):
            if writes := log("GET", "requests")["writes"]:
                raise BrokenError(f"validate sent {writes} writing requests to {name}", set())
        if changed := list(differences(before, self._looked())):
            raise BrokenError(f"validate changed something: {changed}", set())

    def _up(self) -> None:
        done = self._slipway("up", self.stack, "--yes")
        if done.returncode == _ASKED:
            # Files of the owner's would be overwritten: a user is asked, and nothing is written.
            if "nothing was changed" not in done.stderr:
                raise BrokenError(f"up asks without a word:\n{_end(done)}", set())
            self._nothing_written_by_up(done)
            done = self._slipway("up", self.stack, "--yes", "--accept")
        if done.returncode:
            # What the first failure held back may fail as well.
            again = self._slipway("up", self.stack, "--yes", "--accept", "--continue")
            text = f"up ended with {done.returncode}:\n{_end(done)}\nagain: {_end(again)}"
            raise BrokenError(text, self._named(again.stderr))
        told = re.search(r"(\d+) changes? carried out", done.stderr)
        self.found.changes = int(told[1]) if told else 0

    def _nothing_written_by_up(self, done: CompletedProcess[str]) -> None:
        for log in (self.sandbox.control, self.sandbox.aws):
            if log("GET", "requests")["writes"]:
                raise BrokenError(f"up asks, and has written:\n{_end(done)}", set())

    def _named(self, said: str) -> set[str]:
        """The repositories of which a report says that not everything is done."""
        lines = re.findall(rf"(?i)stacks/{self.stack}/([\w-]+)\.yaml:\d+: \1: (.+)", said)
        return {name for name, counts in lines if re.search("failed|not begun", counts)}

    def _nothing_left(self) -> None:
        arguments = ("preview", "--refresh", "--json", "--stack", self.stack)
        done = self.project.pulumi(*arguments, expect=None, **self._variables)
        if done.returncode:
            raise BrokenError(f"the next preview failed:\n{_end(done)}", set())
        steps = json.loads(done.stdout)["steps"]
        left = {
            step["urn"].partition("::")[2]: step["op"]
            for step in steps
            if step["op"] not in {"same", "refresh", "read"}
        }
        if left:
            names = {name for name in self.found.accepted for urn in left if _names(name, urn)}
            raise BrokenError(f"the next preview is not empty: {left}", names)

    def _drift(self) -> None:
        done = self._slipway("drift", self.stack, "--no-preview", "--json")
        try:
            self.found.findings = json.loads(done.stdout)["stacks"][0]["findings"]
        except (ValueError, KeyError):
            raise BrokenError(f"drift ended with {done.returncode}:\n{_end(done)}", set()) from None
        # A file that a pull request replaces is as it was until the merge.
        waiting = {one["repository"] for one in self.found.findings if one["rule"] == _WAITING}
        other = [
            {key: one[key] for key in ("repository", "object", "rule", "declared", "live")}
            for one in self.found.findings
            if one["rule"] not in EXPECTED | {_WAITING}
            and not (one["rule"].startswith("workflow/") and one["repository"] in waiting)
        ]
        if other:
            text = f"drift after up: {json.dumps(other, indent=1)}"
            raise BrokenError(text, {one["repository"] for one in other})


def _names(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w]){re.escape(name)}(?![\w])", text, re.IGNORECASE) is not None


def _end(done: CompletedProcess[Any]) -> str:
    return f"{done.stdout[-_SHOWN:]}\n{done.stderr[-_SHOWN:]}"
