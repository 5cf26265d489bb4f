"""Versions of the workflows' own actions, by declaration."""

import pytest
from pydantic import ValidationError

from components.model.pipeline import Pipeline
from components.model.repository import Repository

COMMIT = "0a" * 20


def declared(version: str, profile: str = "standard") -> dict[str, str]:
    """What the workflows are told, of a repository that declares a version of one action."""
    content = {"repository": "a", "profile": profile, "actions": {"actions/checkout": version}}
    return Pipeline.of(Repository.model_validate(content), None).actions


@pytest.mark.parametrize(
    "version", ["v6", "v6.0.1", "releases/v2", "main", COMMIT, f"{COMMIT} # v6.0.1"]
)
def test_a_version_is_a_tag_a_branch_or_a_commit(version: str) -> None:
    """The text goes on as it is, with the version beside the commit."""
    assert declared(version) == {"actions/checkout": version}


@pytest.mark.parametrize(
    "version",
    ["", "v6 # comment", f"{COMMIT}#v6", f"{COMMIT} #", "a b", "v6\nrun: x", "../x", "${{ a }}"],
)
def test_what_is_no_version_is_refused(version: str) -> None:
    """It would become part of the workflow's text."""
    with pytest.raises(ValidationError, match="is no version of an action: write a tag"):
        declared(version)


@pytest.mark.parametrize("version", [COMMIT, f"{COMMIT} # v6.0.1"])
def test_strict_takes_a_commit(version: str) -> None:
    """With or without the version beside it."""
    assert declared(version, "strict") == {"actions/checkout": version}


@pytest.mark.parametrize("version", ["v6", COMMIT[:7], f"{COMMIT}0", COMMIT.upper()])
def test_strict_takes_nothing_that_may_move(version: str) -> None:
    """A name of hexadecimal digits is a name, too."""
    with pytest.raises(ValidationError, match="the strict profile wants a commit id"):
        declared(version, "strict")
