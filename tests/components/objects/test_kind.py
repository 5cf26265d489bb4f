"""Keys of objects: equality, parents, and the words that reports show."""

import pytest

from components.objects.kind import Kind
from components.objects.kinds import (
    BRANCH,
    BRANCH_POLICY,
    ENVIRONMENT,
    INLINE_POLICY,
    KINDS,
    ROLE,
    SECRET,
    VARIABLE,
    WORKFLOW,
)


@pytest.mark.parametrize("kind", [VARIABLE, SECRET])
def test_names_that_github_keeps_in_upper_case_are_one_key(kind: Kind) -> None:
    """Two spellings of a variable or secret are the same object."""
    assert kind.at("prod", "log_level") == kind.at("prod", "LOG_LEVEL")


def test_patterns_are_compared_with_case() -> None:
    """`Main` and `main` are two deployment patterns."""
    assert BRANCH_POLICY.at("prod", "Main") != BRANCH_POLICY.at("prod", "main")


def test_an_object_knows_the_object_that_contains_it() -> None:
    """A role's policy is in the role, a variable in its environment, a file on its branch."""
    assert VARIABLE.at("prod", "X").parent == ENVIRONMENT.at("prod")
    assert INLINE_POLICY.at("acme.x-prod", "deploy").parent == ROLE.at("acme.x-prod")
    assert WORKFLOW.at("python-dev.yml", "develop").parent == BRANCH.at("develop")
    assert ENVIRONMENT.at("prod").parent is None


def test_the_words_of_two_kinds_differ() -> None:
    """Objects of different kinds have different words, even if their parts have the same names."""
    words = {str(kind.at(*("x" for _ in kind.parts))) for kind in KINDS}
    assert len(words) == len(KINDS)


def test_foreign_text_in_a_key_is_not_a_template() -> None:
    """Braces in a foreign name are shown unchanged."""
    assert str(BRANCH_POLICY.at("prod", "{name}*")) == "environment prod, branch policy {name}*"
