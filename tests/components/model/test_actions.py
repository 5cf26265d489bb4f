"""A declaration sets the versions of the workflows' actions."""

import pytest
from pydantic import ValidationError

from components.model.pipeline import Pipeline
from components.model.repository import Repository

COMMIT = "0a" * 20


def declared(version: str, profile: str = "standard") -> dict[str, str]:
    """Return the versions in the workflows of a repository that declares one version."""
    content = {"repository": "a", "profile": profile, "actions": {"actions/checkout": version}}
    return Pipeline.of(Repository.model_validate(content), None).actions


@pytest.mark.parametrize(
    "version", ["v6", "v6.0.1", "releases/v2", "main", COMMIT, f"{COMMIT} # v6.0.1"]
)
def test_a_version_is_a_tag_a_branch_or_a_commit(version: str) -> None:
    """A tag, a branch or a commit is taken unchanged, with the version beside the commit."""
    assert declared(version) == {"actions/checkout": version}


@pytest.mark.parametrize(
    "version",
    ["", "v6 # comment", f"{COMMIT}#v6", f"{COMMIT} #", "a b", "v6\nrun: x", "../x", "${{ a }}"],
)
def test_what_is_no_version_is_refused(version: str) -> None:
    """Any other text is refused: it would become part of the workflow."""
    with pytest.raises(ValidationError, match="is no version of an action: write a tag"):
        declared(version)


@pytest.mark.parametrize("version", [COMMIT, f"{COMMIT} # v6.0.1"])
def test_strict_takes_a_commit(version: str) -> None:
    """The strict profile accepts a commit id, with or without the version beside it."""
    assert declared(version, "strict") == {"actions/checkout": version}


@pytest.mark.parametrize("version", ["v6", COMMIT[:7], f"{COMMIT}0", COMMIT.upper()])
def test_strict_takes_nothing_that_may_move(version: str) -> None:
    """The strict profile refuses tags, branches, and names that only resemble a commit id."""
    with pytest.raises(ValidationError, match="the strict profile wants a commit id"):
        declared(version, "strict")
