"""One GitHub environment: protection rules, deployment branch policies, variables and secrets.

It adopts an environment of the same name (GitHub's PUT is an upsert) and leaves its other contents
alone. Variables and secrets come in a second step, `configure`, so that other resources can come
between: Pulumi deletes in the reverse order of the dependencies.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_github as github

from components.resources.declared_names import name_in


class GitHubEnvironmentArgs(TypedDict):
    """The wanted environment."""

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
    """Whether the user who triggered a deployment may not approve it."""
    admin_bypass: pulumi.Input[bool]
    """Whether administrators may bypass the rules."""
    branch_patterns: Sequence[str]
    """Branches that may deploy."""
    tag_patterns: Sequence[str]
    """Tags that may deploy."""
    keep: bool
    """Whether environment and patterns stay after their declaration is removed."""


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
            opts=pulumi.ResourceOptions(parent=self, retain_on_delete=args["keep"]),
        )
        # Children depend on the environment: before it exists GitHub answers 404.
        inside = name_in(environment, args["environment"])
        self._where = {"repository": args["repository"], "environment": inside}
        self._name = name
        # GitHub deletes the patterns with the environment. They protect it until then, and after
        # that there is nothing to delete.
        options = pulumi.ResourceOptions(
            parent=self, deleted_with=environment, retain_on_delete=args["keep"]
        )
        protection: list[pulumi.Resource] = [environment]
        for kind, patterns in (("branch", args["branch_patterns"]), ("tag", args["tag_patterns"])):
            for pattern in patterns:
                policy = github.RepositoryEnvironmentDeploymentPolicy(
                    f"{name}-{kind}:{pattern}",
                    **self._where,
                    **{f"{kind}_pattern": pattern},
                    opts=options,
                )
                protection.append(policy)
        self._protection = protection
        self.environment = environment.environment

    @property
    def protection(self) -> Sequence[pulumi.Resource]:
        """The environment and its patterns, without the variables and secrets."""
        return self._protection

    def configure(
        self,
        variables: Mapping[str, pulumi.Input[str]],
        secrets: Mapping[str, pulumi.Input[str]],
        after: Sequence[pulumi.Resource] = (),
    ) -> None:
        """Put variables and secrets into the environment.

        Pulumi deletes them one by one, even with the environment, and before those in `after`.

        Args:
            variables: values by name.
            secrets: values by name; they must be secret outputs.
            after: resources that exist before them and are deleted after them.
        """
        options = pulumi.ResourceOptions(parent=self, depends_on=after)
        for variable, value in variables.items():
            github.ActionsEnvironmentVariable(
                f"{self._name}-{variable}",
                **self._where,
                variable_name=variable,
                value=value,
                opts=options,
            )
        for secret, value in secrets.items():
            github.ActionsEnvironmentSecret(
                f"{self._name}-{secret}",
                **self._where,
                secret_name=secret,
                value=value,
                opts=options,
            )


def _reviewers(
    args: GitHubEnvironmentArgs,
) -> Sequence[github.RepositoryEnvironmentReviewerArgs] | None:
    """The single block of reviewers that the provider allows, or None."""
    if not args["reviewer_users"] and not args["reviewer_teams"]:
        return None
    return [
        github.RepositoryEnvironmentReviewerArgs(
            users=list(args["reviewer_users"]), teams=list(args["reviewer_teams"])
        )
    ]
