"""The program for comparison: the same standard as a naive Pulumi program.

It takes slipway's place in a project. It has one component per repository, with three environments
with a branch, a secret and a variable each, three files and three roles, in the order of their
references. It has none of slipway's checks, and adopts nothing.
"""

import json
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_github as github

from components.config.stack_files import StackFiles
from components.documents.role import role_policies, role_trust
from components.documents.workflows import render_workflows
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.types import ENVIRONMENTS
from components.resources.oidc_provider import oidc_providers
from components.resources.providers import aws_providers, github_provider
from operations.live.github.api import GitHub
from operations.live.program import read_live

files = StackFiles(Path("stacks") / pulumi.get_stack())
settings = files.stack.settings
live = read_live(files, GitHub.for_owner(settings.owner, settings.github))
accounts, hub = aws_providers(settings), github_provider(settings)


class Naive(pulumi.ComponentResource):
    """One repository."""

    def __init__(self, repository: Repository) -> None:
        name = repository.name
        super().__init__("naive:index:Repository", name)
        on_github = pulumi.ResourceOptions(parent=self, provider=hub)
        for env in ENVIRONMENTS:
            in_aws = pulumi.ResourceOptions(parent=self, provider=accounts[env])
            environment = github.RepositoryEnvironment(
                f"{name}-{env}",
                repository=name,
                environment=env,
                deployment_branch_policy={
                    "protected_branches": False,
                    "custom_branch_policies": True,
                },
                opts=on_github,
            )
            where = {"repository": name, "environment": environment.environment}
            github.RepositoryEnvironmentDeploymentPolicy(
                f"{name}-{env}-main", **where, branch_pattern="main", opts=on_github
            )
            github.ActionsEnvironmentSecret(
                f"{name}-{env}-KEY", **where, secret_name="KEY", value="x", opts=on_github
            )
            role = aws.iam.Role(
                f"{name}-{env}",
                assume_role_policy=json.dumps(
                    role_trust(settings, env, live.repositories[name].subject_prefix)
                ),
                opts=in_aws,
            )
            policy = role_policies(settings, repository, env)["deploy"]
            aws.iam.RolePolicy(
                f"{name}-{env}-deploy", role=role.name, policy=json.dumps(policy), opts=in_aws
            )
            github.ActionsEnvironmentVariable(
                f"{name}-{env}-AWS_ROLE_ARN",
                **where,
                variable_name="AWS_ROLE_ARN",
                value=role.arn,
                opts=on_github,
            )
        last: list[pulumi.Resource] = []
        for file, content in render_workflows(name, Pipeline.of(repository, None)).items():
            committed = github.RepositoryFile(
                f"{name}-{file}",
                repository=name,
                branch="main",
                file=f".github/workflows/{file}",
                content=content,
                overwrite_on_create=True,
                opts=pulumi.ResourceOptions(parent=self, provider=hub, depends_on=last),
            )
            last = [committed]
        self.register_outputs({})


oidc_providers(files.stack, accounts)
for declared in files.stack.repositories:
    Naive(declared)
