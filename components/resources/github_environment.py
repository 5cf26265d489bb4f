"""One GitHub environment: protection rules, deployment branch policies, variables and secrets.

It adopts an environment of the same name: GitHub's PUT is an upsert. What else lives in an adopted
environment is left alone.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_github as github


class GitHubEnvironmentArgs(TypedDict):
    """What the environment should be."""

    repository: pulumi.Input[str]
    """Name of the repository, without the owner."""
    environment: pulumi.Input[str]
    """Name of the environment."""
    reviewer_users: Sequence[int]
    """Numeric ids of users who may approve."""
    reviewer_teams: Sequence[int]
    """Numeric ids of teams who may approve."""
    wait_minutes: pulumi.Input[int]
    """Minutes before a deployment may start."""
    prevent_self_review: pulumi.Input[bool]
    """Whether the one who triggered may not approve."""
    admin_bypass: pulumi.Input[bool]
    """Whether administrators may deploy past the rules."""
    branch_patterns: Sequence[str]
    """Branches that may deploy."""
    tag_patterns: Sequence[str]
    """Tags that may deploy."""
    variables: Mapping[str, pulumi.Input[str]]
    """Variables by name."""
    secrets: Mapping[str, pulumi.Input[str]]
    """Secret values by name; they must be secret outputs."""


class GitHubEnvironment(pulumi.ComponentResource):
    """One GitHub environment with everything in it."""

    environment: pulumi.Output[str]
    """Name of the environment, known once it exists."""

    def __init__(
        self, name: str, args: GitHubEnvironmentArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("slipway:github:Environment", name, None, opts)
        environment = github.RepositoryEnvironment(
            name,
            repository=args["repository"],
            environment=args["environment"],
            wait_timer=args["wait_minutes"],
            prevent_self_review=args["prevent_self_review"],
            can_admins_bypass=args["admin_bypass"],
            reviewers=_reviewers(args),
            # Custom patterns, not "protected branches": with no branch protected, GitHub lets that
            # policy admit every branch (docs.github.com: deployments and environments).
            deployment_branch_policy=github.RepositoryEnvironmentDeploymentBranchPolicyArgs(
                protected_branches=False, custom_branch_policies=True
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        # Children name the environment by its output: before it exists GitHub answers 404.
        # Deleting the environment deletes them, so they need no request of their own then.
        options = pulumi.ResourceOptions(parent=self, deleted_with=environment)
        where = {"repository": args["repository"], "environment": environment.environment}
        for kind, patterns in (("branch", args["branch_patterns"]), ("tag", args["tag_patterns"])):
            for pattern in patterns:
                github.RepositoryEnvironmentDeploymentPolicy(
                    f"{name}-{kind}:{pattern}",
                    **where,
                    **{f"{kind}_pattern": pattern},
                    opts=options,
                )
        for variable, value in args["variables"].items():
            github.ActionsEnvironmentVariable(
                f"{name}-{variable}", **where, variable_name=variable, value=value, opts=options
            )
        for secret, value in args["secrets"].items():
            github.ActionsEnvironmentSecret(
                f"{name}-{secret}", **where, secret_name=secret, value=value, opts=options
            )
        self.environment = environment.environment


def _reviewers(
    args: GitHubEnvironmentArgs,
) -> Sequence[github.RepositoryEnvironmentReviewerArgs] | None:
    """The one block of reviewers that GitHub knows, or none."""
    if not args["reviewer_users"] and not args["reviewer_teams"]:
        return None
    return [
        github.RepositoryEnvironmentReviewerArgs(
            users=list(args["reviewer_users"]), teams=list(args["reviewer_teams"])
        )
    ]
