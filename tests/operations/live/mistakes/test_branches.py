import re
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from components.model.branches import as_found
from components.model.ref_patterns import admits
from components.model.repository import Repository
from components.objects import kinds
from components.objects.desired import repository_objects
from operations.live.mistakes.branches import branch_mistakes
from tests.components.model.test_branches import DECLARED, FOUND, NAMES, Found
from tests.operations.adoption.grown import SETTINGS
from tests.stacks import FEWER

LESS = st.sampled_from([{}, *FEWER])
#: Patterns of test's and prod's deployment branches; None: not declared.
PATTERNS = st.none() | st.lists(NAMES | st.just("*"), min_size=1, max_size=2)


def repository(branches: dict[str, str], **patterns: list[str] | None) -> Repository:
    """Return a declaration with these branches, and with patterns for environments."""
    environments = {
        name: {"deployment_branches": some} for name, some in patterns.items() if some is not None
    }
    content: dict[str, Any] = {"repository": "a", "environments": environments}
    return Repository.model_validate(content | ({"branches": branches} if branches else {}))


def without(declared: Repository, fewer: dict[str, Any]) -> Repository:
    """Return the declaration without the environments that `fewer` leaves out."""
    content = declared.model_dump(exclude_unset=True)
    environments = content.get("environments", {}) | {
        name: value
        for name, value in fewer.get("environments", {}).items()
        if value == "none" or name not in content.get("environments", {})
    }
    return Repository.model_validate(content | fewer | {"environments": environments})


def mistakes(declared: Repository, found: Found) -> list[str]:
    """Return place and text of each mistake."""
    said = branch_mistakes("acme/a", declared, found)
    return [f"{'.'.join(map(str, path))}: {text}" for path, text in said]


@pytest.mark.parametrize(
    ("declared", "found", "message"),
    [
        (
            repository({}),
            Found("develop", {"develop", "main"}),
            (
                "repository: acme/a: GitHub runs the prod workflow on the default branch "
                "'develop', which prod does not admit (main); if it did, any job on "
                "'develop' could deploy to prod: make 'main' the default branch, or, if that "
                "is meant, declare `environments: {prod: {deployment_branches: [main, "
                "develop]}}`"
            ),
        ),
        (
            repository({}),
            Found("develop", {"develop"}),
            (
                "repository: acme/a has no branch 'main', which deploys to test and prod, "
                "and slipway creates no branch but dev's; its default branch 'develop' "
                "deploys to dev: create 'main' and make it the default branch, or, if any "
                "job on 'develop' may deploy to prod, declare `branches: {test: develop, "
                "prod: develop}`"
            ),
        ),
        (
            repository({}),
            Found("master", {"master", "main"}),
            (
                "repository: acme/a: GitHub runs the prod workflow on the default branch "
                "'master', which prod does not admit (main): make 'main' the default branch, "
                "or declare `branches: {test: master, prod: master}`"
            ),
        ),
        (
            repository({"test": "main", "prod": "main"}),
            Found("master", {"master"}),
            (
                "repository: acme/a has no branch 'main', which deploys to test and prod, "
                "and slipway creates no branch but dev's: declare `branches: {test: master, "
                "prod: master}`, its default branch, or create 'main'"
            ),
        ),
        (
            repository({"test": "x", "prod": "x"}),
            Found("1.0", {"1.0"}),
            (
                "repository: acme/a has no branch 'x', which deploys to test and prod, and "
                'slipway creates no branch but dev\'s: declare `branches: {test: "1.0", prod: '
                "\"1.0\"}`, its default branch, or create 'x'"
            ),
        ),
        (
            repository({}, test=["main"]),
            Found("master", {"master"}),
            (
                "environments.test.deployment_branches: main does not admit 'master', the "
                "branch of acme/a that deploys to test (the default branch: there is no "
                "'main'): add it (or change branches.test)"
            ),
        ),
        (
            repository({}, prod=["release/*"]),
            Found("main", {"main"}),
            (
                "environments.prod.deployment_branches: release/* does not admit 'main', the "
                "branch of acme/a that deploys to prod: add it (or change branches.prod)"
            ),
        ),
    ],
)
def test_a_mistake_says_what_to_write_instead(
    declared: Repository, found: Found, message: str
) -> None:
    """Each mistake is one message, with the remedies that fit the repository."""
    assert mistakes(declared, found) == [message]


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        (repository({}), Found("master", {"master"})),
        (repository({}), Found("main", {"main"})),
        (repository({"test": "master", "prod": "master"}), Found("master", {"master", "main"})),
        (repository({}, prod=["main", "master"]), Found("master", {"master"})),
        (repository({}, prod=["main", "develop"]), Found("develop", {"develop", "main"})),
    ],
)
def test_what_is_right_is_accepted(declared: Repository, found: Found) -> None:
    """A followed default branch is accepted, and one that prod admits by declaration."""
    assert mistakes(declared, found) == []


@given(branches=DECLARED, test=PATTERNS, prod=PATTERNS, fewer=LESS, found=FOUND)
def test_what_is_accepted_creates_no_branch_but_devs(
    branches: dict[str, str],
    test: list[str] | None,
    prod: list[str] | None,
    fewer: dict[str, Any],
    found: Found,
) -> None:
    """An accepted declaration puts files on existing branches and on dev's only.

    Each job that deploys then runs on a branch that its environment admits.
    """
    try:
        declared = without(repository(branches, test=test, prod=prod), fewer)
    except ValueError:
        return
    if mistakes(declared, found):
        return
    resolved = as_found(declared, found)
    there = {*found.branches, *([resolved.dev_branch] if resolved.dev_branch else [])}
    objects = list(repository_objects(SETTINGS, declared, found))
    placed = {
        one.key["branch"] for one in objects if one.key.kind in {kinds.BRANCH, kinds.WORKFLOW}
    }
    assert placed <= there
    runs_on = {"test": resolved.branches.test, "prod": found.default_branch}
    for name, branch in runs_on.items():
        if name not in resolved.environment_names:
            continue
        policies = [
            one.key["pattern"]
            for one in objects
            if one.key.kind is kinds.BRANCH_POLICY and one.key["environment"] == name
        ]
        assert any(admits(pattern, branch) for pattern in policies)


@given(branches=DECLARED, fewer=LESS, found=FOUND)
def test_what_a_message_says_to_write_is_accepted(
    branches: dict[str, str], fewer: dict[str, Any], found: Found
) -> None:
    """A declaration with the YAML that the message proposes is accepted."""
    declared = without(repository(branches), fewer)
    for text in mistakes(declared, found):
        (remedy,) = re.findall("`([^`]*)`", text)
        written = YAML(typ="safe").load(StringIO(remedy))
        content: dict[str, Any] = {"repository": "a", "branches": dict(branches)} | fewer
        for key, value in written.items():
            content[key] = content.get(key, {}) | value
        assert mistakes(Repository.model_validate(content), found) == []
