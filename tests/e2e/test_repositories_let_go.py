"""`slipway up` offboards repositories that GitHub has archived, deleted, renamed or changed."""

import json
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.e2e.conftest import ONE_ACCOUNT, ONLY_DEV, World, new_project, running_world

#: Enough environments to lose one of two; the others have dev alone.
TWO = "environments: {prod: none}\n"
DECLARED = {"archived": TWO, "deleted": ONLY_DEV, "renamed": ONLY_DEV, "half-gone": TWO}
NAMES = tuple(DECLARED)
FORGET = "plan/forget"


def roles(world: World) -> set[str]:
    """Names of slipway's roles for dev."""
    found = world.iam("333333333333").list_roles(PathPrefix="/slipway/")["Roles"]
    return {role["RoleName"] for role in found if role["RoleName"].endswith("-dev")}


class LetGo(NamedTuple):
    """Four repositories that were offboarded in one run, after a first run was refused."""

    world: World
    refusal: str
    """The errors of `up` without --accept."""
    kept: set[str]
    """The roles after the refusal."""


@pytest.fixture(scope="module")
def let_go(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LetGo]:
    """Five repositories are onboarded without consent; GitHub changes four, which are offboarded.

    One run offboards all four of them.
    """
    folder = tmp_path_factory.mktemp("letgo")
    with running_world(folder) as world:
        seeds = [{"owner": "acme", "name": name, "files": {"a": "b"}} for name in NAMES]
        world.control("POST", "seed", {"repositories": seeds})
        project = new_project(world, folder)
        declared = {**DECLARED, "billing": ONLY_DEV}
        stack = {name: f"repository: {name}\n{more}" for name, more in declared.items()}
        project.new_stack("s", ONE_ACCOUNT, **stack)
        project.slipway("up", "s", "--yes")
        assert roles(world) == {f"acme.{name}-dev" for name in ("billing", *NAMES)}
        theirs = {"name": "THEIRS", "value": "1"}
        world.github("POST", "repos/acme/renamed/environments/dev/variables", theirs)
        world.github("PATCH", "repos/acme/archived", {"archived": True})
        world.github("DELETE", "repos/acme/deleted")
        world.control("PATCH", "repositories/acme/renamed", {"name": "newer"})
        world.github("DELETE", "repos/acme/half-gone/environments/dev")
        for name in NAMES:
            (project.folder / f"stacks/s/{name}.yaml").unlink()
        drift = json.loads(project.slipway("drift", "s", "--json", expect=7).stdout)
        (found,) = [one for one in drift["stacks"][0]["findings"] if one["rule"] == FORGET]
        assert (found["repository"], found["repair"]) == ("archived", "refresh, then up")
        refusal = project.slipway("up", "s", "--yes", expect=5).stderr
        kept = roles(world)
        project.slipway("up", "s", "--yes", "--accept")
        assert project.changes("s", "--refresh") == {}
        yield LetGo(world, refusal, kept)


def test_more_than_a_quarter_of_the_repositories_are_not_let_go_silently(let_go: LetGo) -> None:
    """Without --accept, `up` refuses to offboard more than a quarter of the repositories.

    The message names the repositories and their foreign objects; with --accept these are deleted.
    """
    assert "4 of 5 repositories would lose something: " in let_go.refusal
    assert "would be deleted with foreign objects in it: variable THEIRS" in let_go.refusal
    assert {f"acme.{name}-dev" for name in NAMES} < let_go.kept


def test_roles_of_what_cannot_be_written_to_go_as_well(let_go: LetGo) -> None:
    """Roles are deleted also for an archived, deleted, renamed or half deleted repository."""
    assert roles(let_go.world) == {"acme.billing-dev"}


@pytest.mark.parametrize(("name", "left"), [("archived", 2), ("newer", 0), ("half-gone", 0)])
def test_environments_go_where_github_lets_them(let_go: LetGo, name: str, left: int) -> None:
    """Environments and files stay in an archived repository; in the others they are deleted.

    The state forgets an environment that was deleted by hand.
    """
    world = let_go.world
    assert world.github("GET", f"repos/acme/{name}/environments")["total_count"] == left
    tree = world.github("GET", f"repos/acme/{name}/git/trees/main?recursive=1")["tree"]
    assert len([file for file in tree if file["path"].endswith(".yml")]) == left
