"""slipway's commits to develop and main start no run; rules for all branches hold for new ones."""

from tests.e2e.conftest import ONE_ACCOUNT, Project, World
from tests.e2e.delivery_story import RULESET

#: The branches that a ruleset for all branches excludes.
HEADS = ["refs/heads/slipway/**/*"]
#: Gitflow: the declaration admits the default branch develop to prod.
ADMITTED = """\
repository: flow
environments: {prod: {deployment_branches: [main, develop]}}
"""


def started(world: World, name: str) -> list[list[str]]:
    """Workflow files that each push to main has started, in order."""
    events = world.control("GET", f"events/acme/{name}")
    pushes = [one for one in events if one["event"] == "push" and one["ref"] == "refs/heads/main"]
    return [one["runs"] for one in pushes]


def test_slipways_commits_start_nothing_and_stop_no_later_merge(
    project: Project,
) -> None:
    """A squash, merge or rebase of develop with slipway's commits in it starts python-test."""
    world = project.world
    names = ("squash", "merge", "rebase")
    files = {"README.md": "# Read me"}
    seeds = [{"owner": "acme", "name": name, "files": files} for name in names]
    world.control("POST", "seed", {"repositories": seeds})
    project.new_stack("s", ONE_ACCOUNT, **{name: f"repository: {name}\n" for name in names})
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

    The same holds where develop is the default branch. If the rules hold for slipway's own branches
    as well, slipway refuses the repository at its line and writes nothing until its file is
    removed.
    """
    world = project.world
    files = {"README.md": "# Read me"}
    flow = {"default_branch": "develop", "branches": ["main"]}
    seeds = [
        {"owner": "acme", "name": name, "files": files, **more}
        for name, more in (("all", {}), ("flow", flow), ("own", {}))
    ]
    world.control("POST", "seed", {"repositories": seeds})
    for name, excluded in (("all", HEADS), ("flow", HEADS), ("own", [])):
        names = {"ref_name": {"include": ["~ALL"], "exclude": excluded}}
        world.github("POST", f"repos/acme/{name}/rulesets", RULESET | {"conditions": names})
    declarations = {name: f"repository: {name}\n" for name in ("all", "own")}
    project.new_stack("s", ONE_ACCOUNT, flow=ADMITTED, **declarations)
    world.control("POST", "requests/reset")
    failed = project.pulumi("up", "--yes", "--skip-preview", "--stack", "s", expect=None)
    assert failed.returncode
    assert "stacks/s/own.yaml:1: repository: acme/own: the workflow files of " in failed.stdout
    assert "exclude refs/heads/slipway/**/* from the ruleset" in failed.stdout
    assert world.control("GET", "requests")["writes"] == 0
    (project.folder / "stacks/s/own.yaml").unlink()
    project.up("s")
    for name in ("all", "flow"):
        opened = world.github("GET", f"repos/acme/{name}/pulls")
        assert {one["base"]["ref"] for one in opened} == {"develop", "main"}
        for one in opened:
            world.control("POST", f"pulls/acme/{name}/{one['number']}/merge", {"method": "squash"})
    project.up("s")
    assert project.changes("s", "--refresh") == {}
