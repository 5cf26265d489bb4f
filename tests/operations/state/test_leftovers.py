from copy import deepcopy
from typing import Any

from components.model.repository import Repository
from operations.state.leftovers import (
    placed_files,
    release_requests,
    retain_archived,
    retain_external,
    retain_refused,
    undeclared_repositories,
)
from tests.operations.diff import worlds


def state() -> dict[str, Any]:
    """Return a state with objects of three repositories, and a role."""
    environments = [
        {
            "type": "github:index/repositoryEnvironment:RepositoryEnvironment",
            "inputs": {"repository": name},
        }
        for name in ("billing", "old", "live")
    ]
    role = {"type": "aws:iam/role:Role", "inputs": {"name": "acme.old-prod"}}
    return {"deployment": {"resources": [*environments, role]}}


def test_undeclared_repositories_are_returned() -> None:
    """Repositories of the state without a declaration, also of a former name, are returned."""
    declared = [Repository(repository="Billing", previously="Live")]
    assert undeclared_repositories(state(), declared) == ["old"]
    assert undeclared_repositories(state(), [Repository(repository="Billing")]) == ["live", "old"]


def test_only_objects_of_archived_repositories_are_retained() -> None:
    """Archived repositories' GitHub objects are marked as kept; all others stay unchanged."""
    export = state()
    (said,) = retain_archived(export, ["old"])
    assert said.startswith("old is archived")
    expected = state()
    expected["deployment"]["resources"][1]["retainOnDelete"] = True
    assert export == expected
    before = deepcopy(export)
    assert retain_archived(export, ["old"]) == []
    assert export == before


def test_a_secret_that_becomes_external_is_retained() -> None:
    """A secret that becomes external is marked as kept, also under a former name."""
    kind = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret"
    names = [("billing", "token"), ("bill", "TOKEN"), ("billing", "OTHER"), ("payments", "TOKEN")]
    secrets: list[dict[str, Any]] = [
        {"type": kind, "inputs": {"repository": r, "environment": "prod", "secretName": s}}
        for r, s in names
    ]
    secrets.append({"type": kind, "inputs": secrets[0]["inputs"] | {"environment": "dev"}})
    export = {"deployment": {"resources": secrets}}
    prod = {"secrets": {"TOKEN": "external", "OTHER": "config"}}
    (billing,) = worlds.stack(previously="bill", environments={"prod": prod}).repositories
    assert retain_external(export, [billing]) == [
        f"{name}: environment prod, secret TOKEN is external now; the next up leaves it as it is "
        "and removes it from Pulumi's state"
        for name in ("billing", "bill")
    ]
    assert [secret.get("retainOnDelete") for secret in secrets] == [True, True, None, None, None]
    assert retain_external(export, [billing]) == []


BRING, REMOVE = "slipway/main-0123456789", "slipway/offboarding/main-0123456789"


def resource(kind: str, name: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a resource of a state."""
    type_ = f"github:index/{kind[0].lower()}{kind[1:]}:{kind}"
    urn = f"urn:pulumi:s::slipway::{type_}::{name}"
    return {"type": type_, "urn": urn, "inputs": inputs, **more}


def file(repository: str, branch: str) -> dict[str, Any]:
    """Return python-dev.yml on a branch; inputs name only other branches than the default one."""
    path = ".github/workflows/python-dev.yml"
    inputs = {"repository": repository, "file": path}
    return resource("RepositoryFile", f"{repository}-python-dev.yml:{branch}", inputs)


def onboarded(name: str, *, keeps: bool) -> dict[str, Any]:
    """Return the component of a repository."""
    urn = f"urn:pulumi:s::slipway::slipway:index:OnboardedRepository::{name}"
    outputs = {"keeps_files": True} if keeps else {}
    return {"type": "slipway:index:OnboardedRepository", "urn": urn, "outputs": outputs}


def test_only_files_on_branches_that_refuse_commits_are_retained() -> None:
    """Files on slipway's own branches, of kept files, and of other repositories do not count."""
    files = [file("old", "main"), file("old", "develop"), file("old", BRING), file("kept", "main")]
    components = [onboarded("old", keeps=False), onboarded("kept", keeps=True)]
    export = {"deployment": {"resources": [*components, *files, file("live", "main")]}}
    names = ["kept", "old"]
    assert placed_files(export, names) == {
        "old": {"main": ["python-dev.yml"], "develop": ["python-dev.yml"]}
    }
    retain_refused(export, names, {("old", "main"), ("live", "main")})
    marked = [one["urn"].rpartition("::")[2] for one in files if one.get("retainOnDelete")]
    assert marked == ["old-python-dev.yml:main"]
    assert "retainOnDelete" not in export["deployment"]["resources"][-1]


def requested(repository: str, head: str, state: str) -> list[dict[str, Any]]:
    """Return the branch and the request of slipway's, both retained."""
    inputs = {"baseRepository": repository, "headRef": head, "baseRef": "main"}
    outputs = {"state": state, "number": 7.0}
    kept = {"retainOnDelete": True}
    branch = {"repository": repository, "branch": head}
    return [
        resource("Branch", f"{repository}-{head}-branch", branch, **kept),
        resource("RepositoryPullRequest", repository, inputs, outputs=outputs, **kept),
    ]


def test_an_offboarding_releases_open_requests_and_branches_of_merged_removals() -> None:
    """An open removal, a closed one and a request of a declared repository are left alone."""
    parts = {
        "open": requested("open", BRING, "open"),
        "merged": requested("merged", REMOVE, "closed"),
        "waiting": requested("waiting", REMOVE, "open"),
        "declined": requested("declined", REMOVE, "closed"),
        "live": requested("live", BRING, "open"),
    }
    export = {"deployment": {"resources": [one for part in parts.values() for one in part]}}
    names = parts.keys() - {"live"}
    said = release_requests(export, names, {("merged", "main")}, lambda *_: "")
    assert said == [f"open: the next up closes its pull request 7 and deletes {BRING}"]
    released = {
        name: [one["type"].rpartition(":")[2] for one in part if "retainOnDelete" not in one]
        for name, part in parts.items()
    }
    assert released == {
        "open": ["Branch", "RepositoryPullRequest"],
        "merged": ["Branch"],
        "waiting": [],
        "declined": [],
        "live": [],
    }


def test_branches_that_rules_keep_are_left_in_place() -> None:
    """The request is closed all the same; the text names the rule."""
    parts = [requested("open", BRING, "open"), requested("merged", REMOVE, "closed")]
    export = {"deployment": {"resources": [one for part in parts for one in part]}}
    said = release_requests(export, ["open"], {("merged", "main")}, lambda *_: "`deletion`")
    assert said == [
        "open: the next up closes its pull request 7",
        f"open: {BRING} stays, as rules refuse to delete it (`deletion`)",
        f"merged: {REMOVE} stays, as rules refuse to delete it (`deletion`)",
    ]
    kept = [
        one["type"].rpartition(":")[2]
        for one in export["deployment"]["resources"]
        if "retainOnDelete" in one
    ]
    assert kept == ["Branch", "Branch", "RepositoryPullRequest"]
