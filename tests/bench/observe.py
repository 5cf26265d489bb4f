"""The cost of observing a stack that is as declared, without Pulumi: `--observe N`.

The repositories are planted as a successful `up` would leave them, so that only the look is
measured: `slipway drift --no-preview` twice, the second time with GitHub's cached answers.
"""

import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from components.config.stack_files import StackFiles
from components.documents.role import (
    environment_variables,
    role_policies,
    role_tags,
)
from components.documents.role_trust import role_trust
from components.documents.workflows import render_workflows, workflow_branches
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.stack import Stack
from components.model.token_facts import Unasked
from components.model.types import ENVIRONMENTS
from tests.bench.cost import cost_of
from tests.bench.repositories import declaration
from tests.e2e.conftest import ACME, Project, World, new_project, users_world

#: An account's roles at most, on request (AWS's quotas of IAM); without one it may have 1,000.
_ROLES: Final = 5000
MORE = "environments: {prod: {secrets: {TOKEN: external}, variables: {LOG_LEVEL: info}}}"


def measure_observation(count: int) -> dict[str, Any]:
    """Return the figures of both looks at that many repositories.

    The second look asks conditionally for everything, so it may have no counted request.
    """
    with tempfile.TemporaryDirectory() as name, users_world(Path(name)) as world:
        project = new_project(world, Path(name))
        names = [f"service-{index:03}" for index in range(count)]
        files = {name: declaration(name, MORE) for name in names}
        project.new_stack("bench", ACME, **files)
        stack = StackFiles(project.folder / "stacks/bench").stack
        _plant(world, stack)
        looks = {which: _look(project) for which in ("first", "second")}
        counted = looks["second"]["requests_counted"]
        assert not counted, f"{counted} requests of the second look were counted"
    return {"repositories": count, "looks": looks}


def _plant(world: World, stack: Stack) -> None:
    """Plant every object that an `up` creates, on GitHub and in AWS."""
    world.control("POST", "seed", {"repositories": [_seed(stack, r) for r in stack.repositories]})
    for _, account in stack.settings.distinct_accounts():
        world.aws("POST", "quotas", {"account": account.account_id, "roles": _ROLES})
        iam = world.iam(account.account_id)
        if account.oidc_provider == "create":
            url = f"https://{account.oidc_provider_arn.partition(':oidc-provider/')[2]}"
            iam.create_open_id_connect_provider(
                Url=url,
                ClientIDList=["sts.amazonaws.com"],
                Tags=[
                    {"Key": key, "Value": value} for key, value in stack.own_provider_tags.items()
                ],
            )
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(_roles, world, stack, env) for env in ENVIRONMENTS]:
            done.result()


def _roles(world: World, stack: Stack, environment: Any) -> None:
    settings = stack.settings
    iam = world.iam(settings.account(environment).account_id)
    for repository in stack.repositories:
        name = repository.role_name(settings.owner, environment)
        facts = Unasked(full_name=f"{settings.owner}/{repository.name}")
        trust = role_trust(settings, repository, environment, facts)
        tags = role_tags(settings, repository, environment)
        iam.create_role(
            RoleName=name,
            Path="/slipway/",
            AssumeRolePolicyDocument=json.dumps(trust),
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
        )
        for policy, document in role_policies(settings, repository, environment).items():
            text = json.dumps(document)
            iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=text)


def _seed(stack: Stack, repository: Repository) -> dict[str, Any]:
    contents = render_workflows(repository.name, Pipeline.of(repository, None))
    placed: dict[str, dict[str, str]] = {}
    for file, branches in workflow_branches(repository, "main").items():
        for branch in branches:
            placed.setdefault(branch, {})[f".github/workflows/{file}"] = contents[file]
    return {
        "owner": stack.settings.owner,
        "name": repository.name,
        "created_at": "2024-01-01T00:00:00Z",
        "files": {"README.md": "x", **placed.pop("main")},
        "branches": placed,
        "environments": [
            {
                "name": name,
                "can_admins_bypass": repository.environment(name).admin_bypass,
                "branches": list(repository.deployment_branches(name)),
                "variables": environment_variables(stack.settings, repository, name),
                "secrets": dict.fromkeys(repository.environment(name).secrets, "x"),
            }
            for name in ENVIRONMENTS
        ],
    }


def _look(project: Project) -> dict[str, Any]:
    """One look, with the number of its requests that GitHub counts against the token's limit."""
    world = project.world
    used = world.github("GET", "rate_limit")["resources"]["core"]["used"]
    command = (project.folder / ".venv/bin/slipway", "drift", "bench", "--no-preview")
    cache = {"XDG_CACHE_HOME": str(project.folder.parent / "cache")}
    cost = cost_of(world, command, project.folder, **(world.environment | cache))
    counted = world.github("GET", "rate_limit")["resources"]["core"]["used"] - used
    return cost | {"requests_counted": counted}
