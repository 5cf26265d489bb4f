from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.model.branches import as_found
from components.model.delivery import ByPullRequest
from components.model.repository import Repository

NAMES = st.sampled_from(["main", "master", "develop", "trunk", "release/1"])


@dataclass(frozen=True)
class Found:
    """GitHub's facts about branches."""

    default_branch: str
    branches: Collection[str]
    full_name: str = "acme/a"
    id: int = 1
    owner_id: int = 2
    visibility: str = "private"
    subject_prefix: str = "repo:acme/a"
    subject_claims: tuple[str, ...] = ()
    by_pull_request: Mapping[str, ByPullRequest] = field(default_factory=dict)

    def has_branch(self, name: str) -> bool:
        """Return whether the branch exists."""
        return name in self.branches


FOUND = st.builds(lambda default, others: Found(default, {default, *others}), NAMES, st.sets(NAMES))
DECLARED = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"dev": NAMES}),
    st.builds(lambda name: {"test": name, "prod": name}, NAMES),
)


def declared(branches: dict[str, str] | None = None) -> Repository:
    """Return a declaration with these branches."""
    content: dict[str, Any] = {"repository": "a"} | ({"branches": branches} if branches else {})
    return Repository.model_validate(content)


@pytest.mark.parametrize(
    ("branches", "found", "deploying"),
    [
        (None, Found("master", {"master"}), "master"),
        ({"dev": "next"}, Found("master", {"master"}), "master"),
        (None, Found("main", {"main", "master"}), "main"),
        # Both branches exist: the live check says what to do.
        (None, Found("master", {"main", "master"}), "main"),
        # gitflow without main: the user has not admitted develop to prod.
        (None, Found("develop", {"develop"}), "main"),
        ({"dev": "master"}, Found("master", {"master"}), "main"),
        ({"test": "release", "prod": "release"}, Found("master", {"master"}), "release"),
    ],
)
def test_the_default_branch_deploys_where_there_is_no_main(
    branches: dict[str, str] | None, found: Found, deploying: str
) -> None:
    """Test and prod follow the default branch only without main and without a declaration."""
    resolved = as_found(declared(branches), found)
    assert (resolved.branches.test, resolved.branches.prod) == (deploying, deploying)
    assert resolved.branches.dev == (branches or {}).get("dev", "develop")
    assert resolved.deployment_branches("prod") == (deploying,)


def test_a_repository_that_github_does_not_show_keeps_the_standard() -> None:
    """A repository that GitHub does not show keeps the standard's branches."""
    repository = declared()
    assert as_found(repository, None) is repository


@given(branches=DECLARED, found=FOUND)
def test_what_is_declared_stays_and_what_is_followed_exists(
    branches: dict[str, str], found: Found
) -> None:
    """Declared branches never change, a followed branch exists, and the result is final."""
    repository = declared(branches)
    resolved = as_found(repository, found)
    assert as_found(resolved, found) is resolved
    if resolved.branches != repository.branches:
        assert "test" not in branches
        assert resolved.branches.test == resolved.branches.prod == found.default_branch
        assert "main" not in found.branches
        assert resolved.branches.dev != found.default_branch


@pytest.mark.parametrize("key", ["test", "prod"])
def test_patterns_are_checked_without_github_only_for_declared_branches(key: str) -> None:
    """Without `branches`, a pattern without main is accepted: only GitHub knows if main exists."""
    patterns = {"environments": {key: {"deployment_branches": ["master"]}}}
    bare = Repository.model_validate({"repository": "a", **patterns})
    assert bare.deployment_branches("prod" if key == "prod" else "test") == ("master",)
    named = {"branches": {"test": "main", "prod": "main"}}
    with pytest.raises(ValueError, match=f"master does not admit 'main', the branch that .* {key}"):
        Repository.model_validate({"repository": "a", **patterns, **named})
