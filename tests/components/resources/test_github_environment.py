from dataclasses import replace

import pulumi
import pytest

from components.resources.github_environment import GitHubEnvironment, GitHubEnvironmentArgs
from tests.components.resources.conftest import Provision
from tests.components.resources.options import Options

ENVIRONMENT = "github:index/repositoryEnvironment:RepositoryEnvironment"
POLICY = "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy"
VARIABLE = "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable"
SECRET = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret"


def args(**changes: object) -> GitHubEnvironmentArgs:
    """A prod environment with everything."""
    full = {
        "repository": "billing",
        "environment": "prod",
        "reviewer_users": [7],
        "reviewer_teams": [1, 2],
        "wait_minutes": 10,
        "prevent_self_review": True,
        "admin_bypass": False,
        "branch_patterns": ["main"],
        "tag_patterns": ["v*"],
        "keep": False,
    }
    return full | changes  # type: ignore[return-value]  # same keys


def test_every_rule_reaches_github_in_its_own_field(provision: Provision) -> None:
    """The environment's inputs are exactly the declared protection rules."""
    recorder = provision(
        lambda: GitHubEnvironment("billing-prod", args()).configure({"LOG_LEVEL": "warning"}, {})
    )
    assert recorder.of(ENVIRONMENT) == {
        "billing-prod": {
            "repository": "billing",
            "environment": "prod",
            "waitTimer": 10,
            "preventSelfReview": True,
            "canAdminsBypass": False,
            "reviewers": [{"users": [7], "teams": [1, 2]}],
            "deploymentBranchPolicy": {"protectedBranches": False, "customBranchPolicies": True},
        }
    }
    where = {"repository": "billing", "environment": "prod"}
    assert recorder.of(POLICY) == {
        "billing-prod-branch:main": where | {"branchPattern": "main"},
        "billing-prod-tag:v*": where | {"tagPattern": "v*"},
    }
    assert recorder.of(VARIABLE) == {
        "billing-prod-LOG_LEVEL": where | {"variableName": "LOG_LEVEL", "value": "warning"}
    }


def test_no_reviewers_are_no_block_at_all(provision: Provision) -> None:
    """Without reviewers there is no block: an empty one would differ from GitHub's answer."""
    recorder = provision(
        lambda: GitHubEnvironment("a-dev", args(reviewer_users=[], reviewer_teams=[]))
    )
    assert "reviewers" not in recorder.of(ENVIRONMENT)["a-dev"]


def test_a_secret_goes_to_its_environment(provision: Provision) -> None:
    """A secret's name and environment reach the provider; e2e tests check its secrecy."""
    recorder = provision(
        lambda: GitHubEnvironment("a-prod", args()).configure(
            {}, {"KEY": pulumi.Output.secret("marker")}
        )
    )
    (inputs,) = recorder.of(SECRET).values()
    assert inputs["secretName"] == "KEY"
    assert inputs["environment"] == "prod"


@pytest.mark.parametrize("keep", [False, True])
def test_what_protects_stays_or_goes_together(provision: Provision, *, keep: bool) -> None:
    """Patterns are deleted with their environment, or both are kept at offboarding."""
    options = provision(lambda: GitHubEnvironment("a-prod", args(keep=keep))).options
    environment, component = "RepositoryEnvironment a-prod", "Environment a-prod"
    pattern = Options(
        parent=component,
        after=frozenset({environment}),
        deleted_with=environment,
        retain_on_delete=keep,
    )
    assert options == {
        component: Options(),
        environment: Options(parent=component, retain_on_delete=keep),
        "RepositoryEnvironmentDeploymentPolicy a-prod-branch:main": pattern,
        "RepositoryEnvironmentDeploymentPolicy a-prod-tag:v*": pattern,
    }


@pytest.mark.parametrize("keep", [False, True])
def test_what_is_configured_is_always_taken_away(provision: Provision, *, keep: bool) -> None:
    """Variables and secrets are deleted even if the environment is kept, before it."""

    def program() -> None:
        first = GitHubEnvironment("first", args(branch_patterns=[], tag_patterns=[]))
        made = GitHubEnvironment("a-prod", args(keep=keep))
        made.configure({"MODE": "fast"}, {"KEY": pulumi.Output.secret("marker")}, after=[first])

    options = provision(program).options
    after = frozenset({"RepositoryEnvironment first", "RepositoryEnvironment a-prod"})
    expected = Options(parent="Environment a-prod", after=after)
    assert options["ActionsEnvironmentVariable a-prod-MODE"] == expected
    # The SDK's own list: the provider stores the value under each of these names.
    hidden = frozenset({"encryptedValue", "plaintextValue", "value", "valueEncrypted"})
    assert options["ActionsEnvironmentSecret a-prod-KEY"] == replace(
        expected, secret_outputs=hidden
    )
