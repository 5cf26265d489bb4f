"""slipway's commits to develop and main start no run; rules for all branches hold for new ones."""

from collections.abc import Sequence
from typing import Any

from tests.e2e.conftest import ONE_ACCOUNT, SOON, Project, World
from tests.e2e.delivery_story import RULESET

#: The branches that a ruleset for all branches excludes.
HEADS = ["refs/heads/slipway/**/*"]
#: A workflow of the repository's own that each push starts.
ON_PUSH = "on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [{run: make}]}}\n"
#: Demands what slipway's direct commits have.
TRAILER = {
    "type": "commit_message_pattern",
    "parameters": {"operator": "regex", "pattern": "(?m)^skip-checks: true$"},
}
#: Refuses workflow files in every branch.
PUSHES = {
    "name": "files",
    "target": "push",
    "enforcement": "active",
    "rules": [
        {
            "type": "file_path_restriction",
            "parameters": {"restricted_file_paths": [".github/workflows/*"]},
        }
    ],
}
#: Files for develop and for main.
TWO = "environments: {prod: none}\n"
#: Gitflow: the declaration admits the default branch develop to prod.
ADMITTED = f"""\
repository: flow
environments:
  prod: {{deployment_branches: [main, develop], accept_weaker: gitflow until {SOON}}}
"""


def started(world: World, name: str, branch: str = "main") -> list[list[str]]:
    """Workflow files that each push to a branch has started, in order."""
    events = world.control("GET", f"events/acme/{name}")
    ref = f"refs/heads/{branch}"
    return [one["runs"] for one in events if one["event"] == "push" and one["ref"] == ref]


def ruled(
    world: World,
    name: str,
    include: list[str],
    rules: Any,
    exclude: Sequence[str] = (),
) -> None:
    """Make a ruleset of these rules, named after the first of its branches."""
    conditions = {"ref_name": {"include": include, "exclude": [*exclude]}}
    body = RULESET | {"name": include[0], "conditions": conditions, "rules": rules}
    world.github("POST", f"repos/acme/{name}/rulesets", body)


def test_slipways_commits_start_nothing_and_stop_no_later_merge(
    project: Project,
) -> None:
    """A squash, merge or rebase of develop with slipway's commits in it starts python-test."""
    world = project.world
    names = ("squash", "merge", "rebase")
    files = {"README.md": "# Read me"}
    seeds = [{"owner": "acme", "name": name, "files": files} for name in names]
    world.control("POST", "seed", {"repositories": seeds})
    project.new_stack("s", ONE_ACCOUNT, **{name: f"repository: {name}\n{TWO}" for name in names})
    project.up("s")
    for name in names:
        path = f"repos/acme/{name}"
        assert not [files for files in started(world, name) if files]
        commit = {"message": "Add a module", "content": "eCA9IDEK", "branch": "develop"}
        world.github("PUT", f"{path}/contents/module.py", commit)
        request = {"title": "A release", "head": "develop", "base": "main"}
        number = world.github("POST", f"{path}/pulls", request)["number"]
        world.control("POST", f"pulls/acme/{name}/{number}/merge", {"method": name})
        assert ".github/workflows/python-test.yml" in started(world, name)[-1]


def test_rules_on_every_branch_hold_for_one_that_slipway_creates(project: Project) -> None:
    """Slipway creates dev's branch and opens a pull request for it in the same run as for main.

    The same holds where develop is the default branch, and where main takes commits: then develop
    is made without the files that its request brings, and its creation starts no run. A file that
    can neither be committed nor arrive by pull request is refused at the repository's line, and
    slipway writes nothing until the repository's file is removed.
    """
    world = project.world
    files = {"README.md": "# Read me"}
    flow = {"default_branch": "develop", "branches": ["main"]}
    listening = {"files": files | {".github/workflows/own.yml": ON_PUSH}}
    seeds = [
        {"owner": "acme", "name": name, "files": files, **more}
        for name, more in (
            ("all", {}),
            ("flow", flow),
            ("named", listening),
            ("own", {}),
            ("made", {}),
            ("beside", {"branches": ["develop/next"]}),
            ("paths", {"private": True, "branches": ["develop"]}),
        )
    ]
    world.control("POST", "seed", {"repositories": seeds})
    for name, excluded in (("all", HEADS), ("flow", HEADS), ("own", [])):
        ruled(world, name, ["~ALL"], RULESET["rules"], excluded)
    ruled(world, "named", ["refs/heads/develop"], RULESET["rules"])
    ruled(world, "named", ["refs/heads/main"], [TRAILER])
    ruled(world, "made", ["refs/heads/develop"], [{"type": "creation"}])
    world.github("POST", "repos/acme/paths/rulesets", PUSHES)
    refused = {
        "own": "exclude refs/heads/slipway/**/* from the ruleset",
        "made": "`creation` of ruleset 'refs/heads/develop'",
        "beside": "beside the branch 'develop/next'",
        "paths": "take slipway's workflow files out of this rule for every push",
    }
    declarations = {name: f"repository: {name}\n{TWO}" for name in ("all", "named", *refused)}
    project.new_stack("s", ONE_ACCOUNT, flow=ADMITTED, **declarations)
    world.control("POST", "requests/reset")
    failed = project.pulumi("up", "--yes", "--skip-preview", "--stack", "s", expect=None)
    assert failed.returncode
    for name, text in refused.items():
        lines = [line for line in failed.stdout.splitlines() if f"stacks/s/{name}.yaml:1: " in line]
        assert lines, failed.stdout
        assert all(text in line for line in lines), lines
        (project.folder / f"stacks/s/{name}.yaml").unlink()
    assert world.control("GET", "requests")["writes"] == 0
    project.up("s")
    assert [files for files in started(world, "named", "develop") if files] == []
    assert project.changes("s", "--refresh") == {}
    for name, targets in (
        ("all", {"develop", "main"}),
        ("flow", {"develop", "main"}),
        ("named", {"develop"}),
    ):
        opened = world.github("GET", f"repos/acme/{name}/pulls")
        assert {one["base"]["ref"] for one in opened} == targets
        for one in opened:
            world.control("POST", f"pulls/acme/{name}/{one['number']}/merge", {"method": "squash"})
    project.up("s")
    assert project.changes("s", "--refresh") == {}
