"""Repositories that fail do not stop the others of their stack."""

import json
from pathlib import Path
from typing import Any

from tests.e2e.conftest import ONE_ACCOUNT, ONLY_DEV, World, new_project, running_world
from tests.e2e.faults.faults import Fault, faulty
from tests.e2e.rights import documented

#: Each repository has few objects: the environment test or dev with a rule of a paid plan, or dev
#: with its branch. `plan` has this branch already, so it is imported.
TEST = "environments: {dev: none, test: {wait_minutes: 5}, prod: none}\n"
PAID = "environments: {dev: {wait_minutes: 5}, test: none, prod: none}\n"
DECLARED = {"fine": TEST, "plan": PAID, "branch": ONLY_DEV, "rule": f"{TEST}delivery: direct\n"}
NO_BRANCH: Fault = {
    "kind": "status",
    "status": 404,
    "method": "POST",
    "path": "acme/branch/git/ref",
}
#: The report on each failed repository: its counts, the line of the failed object, and the start of
#: the reason.
REPORTED = {
    "branch": ("1 failed, 6 not begun, 3 done of 10 changes", ":1: branch develop: ", ": 404 "),
    "plan": ("1 failed, 8 not begun of 9 changes", ":2: environment dev: PUT ", ": 422 Failed to"),
    "rule": (
        "1 failed, 5 not begun, 2 done of 8 changes",
        ":1: python-test.yml on main: PUT ",
        ": 409 Repository rule violations found Commit message must start with: feat",
    ),
}
#: Environments, workflow files and the number of roles of each repository after the first run.
HALF = {
    "fine": (["test"], {"main": ["python-test.yml"]}, 1),
    "plan": ([], {"develop": [], "main": []}, 0),
    "branch": (["dev"], {"main": ["python-dev.yml"]}, 0),
    "rule": (["test"], {"main": []}, 0),
}
WHOLE = HALF | {
    "plan": (["dev"], {"develop": ["python-dev.yml"], "main": ["python-dev.yml"]}, 1),
    "branch": (["dev"], {"develop": ["python-dev.yml"], "main": ["python-dev.yml"]}, 1),
    "rule": HALF["fine"],
}


def test_repositories_that_fail_do_not_stop_the_others(tmp_path: Path) -> None:
    """`up --continue` makes every change that is possible, and reports the rest by repository.

    GitHub refuses an environment for the plan, a branch, and a commit for a rule; the token may not
    read the plan, so slipway does not know before. The report names each object at its declaration.
    When the causes are gone, a second run makes the remaining changes.
    """
    with running_world(tmp_path) as world:
        ruleset = _given(world)
        project = new_project(world, tmp_path)
        stack = {name: f"repository: {name}\n{more}" for name, more in DECLARED.items()}
        project.new_stack("s", ONE_ACCOUNT, **stack)
        up = ("up", "s", "--yes")
        with faulty(world, NO_BRANCH):
            done = project.slipway(*up, "--continue", expect=1, GITHUB_TOKEN="member")
        _assert_reported(done.stderr)
        assert {name: _found(world, name) for name in DECLARED} == HALF
        # The stack's outputs have no incomplete summary, and no placeholder for unknown values.
        outputs = json.loads(project.pulumi("stack", "output", "--json", "--stack", "s").stdout)
        assert outputs.keys() == {"fine"}
        world.control("PATCH", "accounts/acme", {"plan": "enterprise"})
        world.github("PUT", f"repos/acme/rule/rulesets/{ruleset}", _messages("Manage"))
        done = project.slipway(*up, GITHUB_TOKEN="member")
        assert "s: 22 changes carried out" in done.stderr
        assert {name: _found(world, name) for name in DECLARED} == WHOLE
        assert project.changes("s", "--refresh") == {}


def _given(world: World) -> int:
    """Four repositories, a token that may not read the plan, and a ruleset; returns its id."""
    seed: dict[str, Any] = {"owner": "acme", "files": {"README.md": "# Read me"}}
    repositories = [seed | {"name": name} for name in DECLARED]
    repositories[1] |= {"private": True, "branches": ["develop"]}
    token = {"token": "member", "login": "monalisa", "kind": "fine-grained"}
    tokens = [token | {"permissions": documented("README.md")}]
    world.control("POST", "seed", {"repositories": repositories, "tokens": tokens})
    world.control("PATCH", "accounts/acme", {"plan": "team"})
    number: int = world.github("POST", "repos/acme/rule/rulesets", _messages("feat"))["id"]
    return number


def _messages(pattern: str) -> dict[str, Any]:
    """A ruleset for commit messages; slipway opens no pull request because of such a pattern."""
    parameters = {"operator": "starts_with", "pattern": pattern}
    return {
        "name": "messages",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"]}},
        "rules": [{"type": "commit_message_pattern", "parameters": parameters}],
    }


def _assert_reported(said: str) -> None:
    lines = said.partition("s: 3 of 4 repositories not done\n")[2].splitlines()
    assert "  stacks/s/fine.yaml:1: fine: 8 done of 8 changes" in lines
    for name, (counts, where, why) in REPORTED.items():
        start = lines.index(f"  stacks/s/{name}.yaml:1: {name}: {counts}")
        failed, waiting = lines[start + 1 : start + 3]
        assert failed.startswith(f"    stacks/s/{name}.yaml{where}"), failed
        assert why in failed
        assert waiting.startswith("    not begun, because of ")
    assert lines[-1].startswith("s: put right what failed, then run slipway up s again")


def _found(world: World, name: str) -> tuple[list[str], dict[str, list[str]], int]:
    """The environments, the workflow files by branch, and the number of roles of a repository."""
    place = f"repos/acme/{name}"
    environments = world.github("GET", f"{place}/environments")["environments"]
    branches = {one["name"]: _workflows(world, place, one) for one in _branches(world, place)}
    iam = world.iam("333333333333")
    roles = iam.list_roles(PathPrefix="/slipway/")["Roles"]
    own = [role for role in roles if role["RoleName"].startswith(f"acme.{name}-")]
    return [one["name"] for one in environments], branches, len(own)


def _branches(world: World, place: str) -> Any:
    return world.github("GET", f"{place}/branches")


def _workflows(world: World, place: str, branch: Any) -> list[str]:
    tree = world.github("GET", f"{place}/git/trees/{branch['commit']['sha']}?recursive=1")["tree"]
    folder = ".github/workflows/"
    return [one["path"].removeprefix(folder) for one in tree if one["path"].startswith(folder)]
