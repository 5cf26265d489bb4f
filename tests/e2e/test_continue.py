"""One repository that fails does not stop the others."""

from pathlib import Path

from tests.e2e.conftest import ONE_ACCOUNT, new_project, running_world
from tests.e2e.faults.faults import faulty

#: Few objects: prod alone, which waits, or dev alone, which gets its branch.
PROD = "environments: {dev: none, test: none, prod: {wait_minutes: 5}}\n"
DEV = "environments: {test: none, prod: none}\n"
DECLARED = {"plan": PROD, "branch": DEV, "rule": PROD, "fine": PROD}
RULESET = {
    "name": "messages",
    "enforcement": "active",
    "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"]}},
    "rules": [
        {
            "type": "commit_message_pattern",
            "parameters": {"operator": "starts_with", "pattern": "feat"},
        }
    ],
}


def test_repositories_that_fail_do_not_stop_the_others(tmp_path: Path) -> None:
    """`up --continue` carries out all that can be; the report names what failed, with its place.

    GitHub refuses an environment for the plan, a branch and a commit. When that is put right, a
    second run does the rest.
    """
    with running_world(tmp_path) as world:
        repositories = [
            {"owner": "acme", "name": name, "private": True, "files": {"README.md": "# Read me"}}
            for name in DECLARED
        ]
        world.control("POST", "seed", {"repositories": repositories})
        made = world.github("POST", "repos/acme/rule/rulesets", RULESET)
        world.control("PATCH", "accounts/acme", {"plan": "team"})
        print(made)
        world.github("PATCH", "repos/acme/fine", {"private": False})
        project = new_project(world, tmp_path)
        stack = {name: f"repository: {name}\n{more}" for name, more in DECLARED.items()}
        project.new_stack("s", ONE_ACCOUNT, **stack)
        refused = {
            "kind": "status",
            "status": 404,
            "method": "POST",
            "path": "acme/branch/git/refs",
        }
        with faulty(world, refused):
            done = project.slipway("up", "s", "--yes", "--continue", expect=1)
        print(done.stderr)
        assert 0
