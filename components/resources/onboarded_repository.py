"""All resources of one onboarded repository, in an order that is safe at every step.

Protection comes first and trust last: environments with their rules, the workflow files, variables
and secrets, and then the roles. No job can assume a role of an environment that is not protected
yet; a job that starts in between is refused. Pulumi deletes in the reverse order, so offboarding
removes trust first. No commit starts a job. If files arrive by pull request, environments and roles
do not wait until it is merged.
The repository itself is not managed: slipway never creates, changes or deletes one.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict
from urllib.parse import quote

import pulumi

from components.documents.delivery import pull_request_body
from components.documents.role import (
    environment_variables,
    role_description,
    role_policies,
    role_tags,
)
from components.documents.role_trust import role_trust
from components.documents.workflows import declared_workflows, workflow_branches
from components.model.delivery import ByPullRequest
from components.model.live import Live, LiveRepository
from components.model.repository import Repository
from components.model.stack import StackSettings
from components.model.types import EnvironmentName
from components.resources.deployment_role import DeploymentRole
from components.resources.github_environment import GitHubEnvironment
from components.resources.workflow_files import WorkflowFiles
from components.resources.workflow_pull_request import WorkflowPullRequestArgs


class OnboardedRepositoryArgs(TypedDict):
    """One repository of the model, with all that its resources need (Python only)."""

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
    """The component with all resources of one repository."""

    summary: dict[str, Any]
    """Environments, roles and files of the repository, for the stack's outputs."""

    def __init__(
        self, name: str, args: OnboardedRepositoryArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        repository = args["repository"]
        if repository.previously:
            renamed = pulumi.ResourceOptions(
                transformations=[_known_as(name, repository.previously)]
            )
            opts = pulumi.ResourceOptions.merge(opts, renamed)
        super().__init__("slipway:index:OnboardedRepository", name, None, opts)
        live = args["live"].repositories[repository.name]
        environments = {
            env: self._environment(name, env, args) for env in repository.environment_names
        }
        protected = [part for made in environments.values() for part in made.protection]
        files = self._workflow_files(name, args, live, protected)
        # Files of a branch that gets them by pull request are imported and wait for nothing, so the
        # variables and secrets wait for the protection itself.
        first = [files, *protected] if live.by_pull_request else [files]
        for env, environment in environments.items():
            environment.configure(*_configuration(env, args), after=first)
        # Each role waits for all of them. If it depended on its own environment only, and that was
        # deleted by hand, Pulumi would delete the role last: it would depend on nothing.
        before = [files, *environments.values()]
        roles = {
            env: self._role(name, env, args, live, before) for env in repository.environment_names
        }
        self.summary = {
            "environments": {env: made.environment for env, made in environments.items()},
            "roles": {env: role.arn for env, role in roles.items()},
            "files": {
                f"{live.html_url}/blob/{quote(place.replace(':', '/', 1))}": commit
                for place, commit in files.commits.items()
            },
        }
        # No declaration has these facts: the state keeps them, so `slipway drift` finds changes.
        protection = {branch: list(found) for branch, found in live.protection.items()}
        facts: dict[str, Any] = {"visibility": live.visibility, "protection": protection}
        if repository.offboarding.workflow_files == "keep":
            # When `slipway up` needs this fact, the declaration no longer exists.
            facts["keeps_files"] = True
        # The summary is an output of the stack, so the state has it already.
        self.register_outputs(facts)

    def _role(
        self,
        name: str,
        env: EnvironmentName,
        args: OnboardedRepositoryArgs,
        live: LiveRepository,
        after: Sequence[pulumi.Resource],
    ) -> DeploymentRole:
        settings, repository = args["settings"], args["repository"]
        account, role = settings.account(env), repository.environment(env).role
        return DeploymentRole(
            f"{name}-{env}",
            {
                "role_name": repository.role_name(settings.owner, env),
                "path": role.path,
                "description": role_description(settings, repository, env),
                "trust_policy": json.dumps(role_trust(settings, repository, env, live)),
                "other_inline_policies": repository.unmanaged.inline_policies,
                "other_managed_policies": repository.unmanaged.managed_policies,
                "inline_policies": {
                    policy: json.dumps(document)
                    for policy, document in role_policies(settings, repository, env).items()
                },
                "managed_policies": role.managed_policies,
                "permissions_boundary": role.permissions_boundary,
                "max_session_seconds": role.max_session_seconds,
                "tags": role_tags(settings, repository, env),
            },
            pulumi.ResourceOptions(parent=self, providers=[args["aws"][env]]),
            after=[args["oidc_providers"][account.account_id], *after],
        )

    def _environment(
        self, name: str, env: EnvironmentName, args: OnboardedRepositoryArgs
    ) -> GitHubEnvironment:
        repository, live = args["repository"], args["live"]
        declared = repository.environment(env)
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
                "keep": repository.offboarding.environments == "keep",
            },
            pulumi.ResourceOptions(parent=self),
        )

    def _workflow_files(
        self,
        name: str,
        args: OnboardedRepositoryArgs,
        live: LiveRepository,
        after: Sequence[pulumi.Resource],
    ) -> WorkflowFiles:
        """The workflow files; they wait until the environments that they name are protected."""
        repository, default = args["repository"], live.default_branch
        dev, test = repository.trigger_branch("dev"), repository.trigger_branch("test")
        files = declared_workflows(repository, args["settings"])
        return WorkflowFiles(
            name,
            {
                "repository": repository.name,
                "files": files,
                "branches": workflow_branches(repository, default),
                "default_branch": default,
                "by_pull_request": {
                    branch: sorted(found.there) for branch, found in live.by_pull_request.items()
                },
                "pull_requests": {
                    branch: _pull_request(args, branch, found, files)
                    for branch, found in live.by_pull_request.items()
                    if found.opens
                },
                "existing_branches": [b for b in (dev, test) if b not in live.missing_branches],
                "keep": repository.offboarding.workflow_files == "keep",
            },
            pulumi.ResourceOptions(parent=self),
            after=after,
        )


def _pull_request(
    args: OnboardedRepositoryArgs, branch: str, found: ByPullRequest, files: Mapping[str, str]
) -> WorkflowPullRequestArgs:
    repository = args["repository"]
    return {
        "owner": args["settings"].owner,
        "repository": repository.name,
        "branch": branch,
        "head": found.head,
        "head_exists": found.head_exists,
        "number": found.number,
        "files": {file: files[file] for file in found.pending},
        "body": pull_request_body(repository, branch, found.pending, found.content),
    }


def _known_as(name: str, formers: Sequence[str]) -> pulumi.ResourceTransformation:
    """Give a resource, and each of its children, aliases with the former names.

    Children inherit their parent's alias only in the run in which the parent moves. If a rename is
    interrupted after that, Pulumi would delete the remaining children and create them again.
    """

    def aliased(
        args: pulumi.ResourceTransformationArgs,
    ) -> pulumi.ResourceTransformationResult:
        rest = args.name.removeprefix(name)
        aliases = [pulumi.Alias(name=f"{former}{rest}") for former in formers]
        opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(aliases=aliases))
        return pulumi.ResourceTransformationResult(args.props, opts)

    return aliased


def _configuration(
    env: EnvironmentName, args: OnboardedRepositoryArgs
) -> tuple[dict[str, pulumi.Input[str]], dict[str, pulumi.Input[str]]]:
    """Variables and secrets of an environment, by name."""
    repository = args["repository"]
    secrets: dict[str, pulumi.Input[str]] = {
        name: args["secrets"][repository.name, env, name]
        for name in repository.environment(env).managed_secrets
    }
    return dict(environment_variables(args["settings"], repository, env)), secrets
