from typing import Any

import pytest

from components.model.repository import Repository


def declared(**content: Any) -> Repository:
    """Return a declaration with these keys."""
    return Repository.model_validate({"repository": "a", **content})


@pytest.mark.parametrize(
    ("content", "environments", "workflows"),
    [
        ({}, ("dev", "test", "prod"), ("dev", "test", "prod")),
        ({"deploy": None}, ("dev", "test", "prod"), ("dev", "test", "prod")),
        ({"deploy": "none"}, (), ("dev", "test")),
        ({"deploy": "none", "environments": {"dev": "none"}}, (), ("test",)),
        ({"environments": {"dev": "none"}}, ("test", "prod"), ("test", "prod")),
        ({"environments": {"prod": "none"}}, ("dev", "test"), ("dev", "test")),
        ({"environments": {"test": "none", "prod": "none"}}, ("dev",), ("dev",)),
    ],
)
def test_a_repository_has_what_it_does_not_decline(
    content: dict[str, Any], environments: tuple[str, ...], workflows: tuple[str, ...]
) -> None:
    """`none` leaves an environment out; `deploy: none` leaves out all, and prod's workflow."""
    repository = declared(**content)
    assert repository.environment_names == environments
    assert repository.workflow_names == workflows


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"environments": {"test": "none"}}, "prod follows the test run.*`prod: none` as well"),
        ({"environments": dict.fromkeys(("dev", "test", "prod"), "none")}, "keep an environment"),
        (
            {"deploy": "none", "environments": {"dev": "none", "test": "none", "prod": "none"}},
            "keep dev or test",
        ),
        ({"environments": {"dev": None}}, "dev"),
        ({"environments": {"dev": "nothing"}}, "dev"),
        ({"deploy": "nothing"}, "deploy"),
    ],
)
def test_what_cannot_be_left_out_is_refused(content: dict[str, Any], message: str) -> None:
    """Prod needs test, one environment or CI must stay, and `none` is the only such word."""
    with pytest.raises(ValueError, match=message):
        declared(**content)


def test_an_environment_that_is_not_there_is_not_checked() -> None:
    """Rules of an environment that a repository leaves out are not checked."""
    odd = {"prod": {"deployment_branches": ["x"]}, "dev": "none"}
    branches = {"test": "main", "prod": "main"}
    assert declared(environments=odd, branches=branches, deploy="none").environment_names == ()
