from typing import Any

from operations.diff.last_up import Given, Ids, read_given

KIND = "github:index/repositoryEnvironment:RepositoryEnvironment"


def resource(**changes: Any) -> dict[str, Any]:
    """An environment in the state."""
    inputs = {"repository": "billing", "environment": "prod"} | changes.pop("inputs", {})
    return {"type": KIND, "urn": "urn", "inputs": inputs, **changes}


def test_given_reviewers_are_those_of_the_inputs() -> None:
    """Given reviewers come from the state's inputs, of resources that are not to be deleted."""
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


def test_the_last_visibility_is_an_output_of_the_component() -> None:
    """The last visibility is an output of the repository's component, if the state has it."""
    kind = "slipway:index:OnboardedRepository"
    urn = f"urn:pulumi:s::slipway::{kind}::"
    told = {"type": kind, "urn": f"{urn}billing", "outputs": {"visibility": "private"}}
    older = {"type": kind, "urn": f"{urn}older", "outputs": {"summary": {}}}
    imported = {"type": kind, "urn": f"{urn}imported"}
    export = {"deployment": {"resources": [told, older, imported]}}
    assert read_given(export).visibility == {"billing": "private"}


def test_the_last_protection_is_an_output_of_the_component() -> None:
    """The last protection of each branch is an output of the component, also if it is empty."""
    kind = "slipway:index:OnboardedRepository"
    protection = {"main": ["protected", "update"], "trunk": []}
    told = {"type": kind, "urn": "a::billing", "outputs": {"protection": protection}}
    assert read_given({"deployment": {"resources": [told]}}).protection == {
        ("billing", "main"): {"protected", "update"},
        ("billing", "trunk"): frozenset(),
    }
