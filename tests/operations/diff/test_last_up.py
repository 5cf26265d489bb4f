from typing import Any

from operations.diff.last_up import Given, Ids, read_given

KIND = "github:index/repositoryEnvironment:RepositoryEnvironment"


def resource(**changes: Any) -> dict[str, Any]:
    """An environment in the state."""
    inputs = {"repository": "billing", "environment": "prod"} | changes.pop("inputs", {})
    return {"type": KIND, "urn": "urn", "inputs": inputs, **changes}


def test_the_inputs_tell_whom_slipway_gave() -> None:
    """Outputs are what a refresh has read; what an update is about to delete counts no more."""
    reviewers = [{"teams": [31.0], "users": [12, 13]}]
    one = resource(inputs={"reviewers": reviewers}, outputs={"reviewers": [{"teams": [77]}]})
    gone = resource(inputs={"environment": "dev", "reviewers": reviewers}, delete=True)
    none = resource(inputs={"environment": "test"})
    export = {"deployment": {"resources": [one, gone, none, {"type": "x:y:Z"}]}}
    assert read_given(export).reviewers == {
        ("billing", "prod"): Ids(frozenset({12, 13}), frozenset({31})),
        ("billing", "test"): Ids(),
    }
    assert read_given({"deployment": {}}) == Given()


def test_the_repositorys_own_outputs_tell_who_saw_it() -> None:
    """By its declared name; a state from before it was kept tells nothing."""
    kind = "slipway:index:OnboardedRepository"
    urn = f"urn:pulumi:s::slipway::{kind}::"
    told = {"type": kind, "urn": f"{urn}billing", "outputs": {"visibility": "private"}}
    older = {"type": kind, "urn": f"{urn}older", "outputs": {"summary": {}}}
    imported = {"type": kind, "urn": f"{urn}imported"}
    export = {"deployment": {"resources": [told, older, imported]}}
    assert read_given(export).visibility == {"billing": "private"}


def test_they_tell_what_protected_its_branches() -> None:
    """One that nothing protected is there as well."""
    kind = "slipway:index:OnboardedRepository"
    protection = {"main": ["protected", "update"], "trunk": []}
    told = {"type": kind, "urn": "a::billing", "outputs": {"protection": protection}}
    assert read_given({"deployment": {"resources": [told]}}).protection == {
        ("billing", "main"): {"protected", "update"},
        ("billing", "trunk"): frozenset(),
    }
