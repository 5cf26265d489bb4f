from copy import deepcopy
from typing import Any

from components.model.repository import Repository
from operations.state.leftovers import retain_archived, retain_external, undeclared_repositories
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
