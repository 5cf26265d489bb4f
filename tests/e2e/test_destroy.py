"""`pulumi destroy` removes the objects that slipway created and no others."""

from pathlib import Path
from typing import Any

from tests.e2e.conftest import World, sample_project
from tests.e2e.rights import ENDING, called, least_rights, refused

ACCOUNTS = ("111111111111", "222222222222", "333333333333")
REPOSITORIES = ("billing", "legacy-reports", "payments")


def paths(world: World, repository: str, branch: str) -> set[str]:
    """Every file of a branch."""

    def below(path: str) -> set[str]:
        found: set[str] = set()
        where = f"repos/acme/{repository}/contents/{path}?ref={branch}"
        for entry in world.github("GET", where):
            found |= below(entry["path"]) if entry["type"] == "dir" else {entry["path"]}
        return found

    return below("")


def repositories(world: World) -> list[dict[str, Any]]:
    """Ids and settings that a destroy must not touch."""
    kept = ("id", "name", "default_branch", "private", "archived")
    found = [world.github("GET", f"repos/acme/{name}") for name in REPOSITORIES]
    return [{key: repository[key] for key in kept} for repository in found]


def test_destroy_takes_back_what_was_made(world: World, tmp_path: Path) -> None:
    """Environments, roles and workflow files go; repositories, branches and other files stay.

    The least rights in AWS suffice.
    """
    project = sample_project(world, tmp_path)
    before = repositories(world), {name: paths(world, name, "main") for name in REPOSITORIES}
    least_rights(project, "sandbox")
    project.up("sandbox")
    project.pulumi("destroy", "--yes", "--skip-preview", "--stack", "sandbox")

    for name in REPOSITORIES:
        assert world.github("GET", f"repos/acme/{name}/environments")["environments"] == []
        branches = {b["name"] for b in world.github("GET", f"repos/acme/{name}/branches")}
        assert branches == {"develop", "main"}
    managed = ".github/workflows/python-"
    left = {n: {p for p in files if managed not in p} for n, files in before[1].items()}
    assert {name: paths(world, name, "main") for name in REPOSITORIES} == left
    assert repositories(world) == before[0]
    seen = called(project)
    assert (refused(seen), seen.keys() & ENDING) == (set(), ENDING)
    for account in ACCOUNTS:
        assert world.iam(account).list_roles(PathPrefix="/slipway/")["Roles"] == []
    assert (
        world.iam("111111111111").list_open_id_connect_providers()["OpenIDConnectProviderList"]
        == []
    )
    kept = world.iam("333333333333").list_open_id_connect_providers()["OpenIDConnectProviderList"]
    assert len(kept) == 1, "the provider that somebody else made stays"
