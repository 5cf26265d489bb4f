"""Everything that onboarding gives one repository, in the order that keeps it safe.

Roles come first, then environments with the variables that name them, then the workflow files
that use both: a role takes seconds to propagate, and a commit may start a run.
The repository itself is not managed: slipway never creates, changes or deletes one.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import pulumi

from components.documents.role import role_policies, role_tags, role_trust
from components.documents.workflows import render_workflows, workflow_branches
from components.model.live import Live, LiveRepository
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.stack import StackSettings
from components.model.terms import ENVIRONMENTS, EnvironmentName
from components.resources.deployment_role import DeploymentRole
from components.resources.github_environment import GitHubEnvironment
from components.resources.workflow_files import WorkflowFiles


class OnboardedRepositoryArgs(TypedDict):
    """One repository of the model and what it needs to become real (Python only)."""

    settings: StackSettings
    """The stack's owner, accounts and tags."""
    repository: Repository
    """The declaration."""
    live: Live
    """Ids and facts from GitHub."""
    secrets: Mapping[tuple[str, EnvironmentName, str], pulumi.Output[str]]
    """Secret values by repository, environment and name."""
    aws: Mapping[EnvironmentName, pulumi.ProviderResource]
    """The AWS provider of each environment."""
    oidc_providers: Mapping[str, pulumi.Resource]
    """The OIDC provider component of each account id."""


class OnboardedRepository(pulumi.ComponentResource):
    """One repository on the standard."""

    summary: dict[str, Any]
    """What exists now, for the stack's outputs."""

    def __init__(
        self, name: str, args: OnboardedRepositoryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("slipway:index:OnboardedRepository", name, None, opts)
        repository = args["repository"]
        live = args["live"].repositories[repository.name]
        roles = {env: self._role(name, env, args, live) for env in ENVIRONMENTS}
        environments = {
            env: self._environment(name, env, args, roles[env].arn) for env in ENVIRONMENTS
        }
        files = self._workflow_files(
            name, repository, live, [*roles.values(), *environments.values()]
        )
        self.summary = {
            "environments": {env: made.environment for env, made in environments.items()},
            "roles": {env: role.arn for env, role in roles.items()},
            "files": {
                f"{live.html_url}/blob/{place.replace(':', '/', 1)}": commit
                for place, commit in files.commits.items()
            },
        }
        self.register_outputs({"summary": self.summary})

    def _role(
        self, name: str, env: EnvironmentName, args: OnboardedRepositoryArgs, live: LiveRepository
    ) -> DeploymentRole:
        settings, repository = args["settings"], args["repository"]
        account, role = settings.account(env), repository.environment(env).role
        full_name = f"{settings.owner}/{repository.name}"
        return DeploymentRole(
            f"{name}-{env}",
            {
                "role_name": repository.role_name(settings.owner, env),
                "path": role.path,
                "description": f"Deployments of {full_name} to {env}, by GitHub Actions",
                "trust_policy": json.dumps(role_trust(settings, env, live.subject_prefix)),
                "inline_policies": {
                    policy: json.dumps(document)
                    for policy, document in role_policies(settings, repository, env).items()
                },
                "managed_policies": role.managed_policies,
                "permissions_boundary": role.permissions_boundary,
                "max_session_seconds": role.max_session_seconds,
                "tags": role_tags(settings, repository, env),
            },
            pulumi.ResourceOptions(
                parent=self,
                providers=[args["aws"][env]],
                depends_on=[args["oidc_providers"][account.account_id]],
            ),
        )

    def _environment(
        self,
        name: str,
        env: EnvironmentName,
        args: OnboardedRepositoryArgs,
        role_arn: pulumi.Output[str],
    ) -> GitHubEnvironment:
        repository, live = args["repository"], args["live"]
        declared = repository.environment(env)
        region = args["settings"].account(env).region
        return GitHubEnvironment(
            f"{name}-{env}",
            {
                "repository": repository.name,
                "environment": env,
                "reviewer_users": [live.users[u.lower()] for u in declared.reviewers.users],
                "reviewer_teams": [live.teams[t] for t in declared.reviewers.teams],
                "wait_minutes": declared.wait_minutes,
                "prevent_self_review": declared.prevent_self_review,
                "admin_bypass": declared.admin_bypass,
                "branch_patterns": repository.deployment_branches(env),
                "tag_patterns": declared.deployment_tags,
                "variables": {
                    "AWS_ROLE_ARN": role_arn,
                    "AWS_REGION": region,
                    **declared.variables,
                },
                "secrets": {
                    secret: args["secrets"][repository.name, env, secret]
                    for secret in declared.secrets
                },
            },
            pulumi.ResourceOptions(parent=self),
        )

    def _workflow_files(
        self,
        name: str,
        repository: Repository,
        live: LiveRepository,
        after: Sequence[pulumi.Resource],
    ) -> WorkflowFiles:
        """The files, once everything that they use is there."""
        default = live.default_branch
        dev, test = repository.trigger_branch("dev"), repository.trigger_branch("test")
        return WorkflowFiles(
            name,
            {
                "repository": repository.name,
                "files": render_workflows(repository.name, Pipeline.of(repository)),
                "branches": workflow_branches(repository, default),
                "default_branch": default,
                "existing_branches": [b for b in (dev, test) if b not in live.missing_branches],
            },
            pulumi.ResourceOptions(parent=self, depends_on=after),
        )
