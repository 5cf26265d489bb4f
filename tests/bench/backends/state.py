"""States as large as those of many repositories, made from the state of one onboarded repository.

Pulumi would start the providers of a state before it does anything. So all resources are copied as
components: inputs, outputs, dependencies and source positions stay; ids and providers' types go.
"""

import json
import re
from pathlib import Path
from typing import Any, Final

from tests.e2e.conftest import new_project, users_world
from tests.e2e.faults.small import new_small

Deployment = dict[str, Any]
"""The JSON of `pulumi stack export`."""

Resource = dict[str, Any]
#: The repository, and the stack of the same name.
_REPOSITORY: Final = "small-1"
_STACK: Final = "slipway-small-1"
_OWN: Final = "slipway-whole"
_URN: Final = re.compile("urn:pulumi:[^:]+::slipway::")
#: All three environments.
_DECLARED: Final = """\
environments:
  prod:
    secrets: {API_KEY: {env: FAULTS_API_KEY}}
    variables: {LOG_LEVEL: warning}
deploy: {lambda_function: "api-{environment}"}
"""
#: What a component may not have.
_CUSTOM: Final = ("id", "provider", "custom", "importID")


def onboarded(folder: Path) -> Deployment:
    """The state of one repository that a real engine has onboarded in a sandbox."""
    # Its stack has a passphrase, as the stacks that take the state.
    with users_world(folder) as world:
        small = new_small(new_project(world, folder), 1, _DECLARED)
        small.slipway_up()
        exported = small.project.pulumi("stack", "export", "--stack", small.name).stdout
    state: Deployment = json.loads(exported)
    return state


def multiplied(one: Deployment, repositories: int, stack: str, project: str) -> Deployment:
    """The state of a number of such repositories, in a stack of another project.

    Args:
        one: the state of the stack `small-1` with one repository of the same name.
        repositories: how many.
        stack: the stack that takes it.
        project: of this stack.
    """
    shared, of_repository = _parts(one)
    text = json.dumps(of_repository)
    resources = list(shared)
    for number in range(1, repositories + 1):
        resources += json.loads(text.replace(_REPOSITORY, f"small-{number}-"))
    for resource in resources:
        for key in _CUSTOM:
            resource.pop(key, None)
        resource["custom"] = False
    text = _URN.sub(f"urn:pulumi:{stack}::{project}::", json.dumps(resources))
    # The resource of the stack itself has both names.
    written = text.replace(_OWN, f"{project}-{stack}").replace("pulumi:providers:", "former:index:")
    return one | {"deployment": one["deployment"] | {"resources": json.loads(written)}}


def resources_of(one: Deployment, repositories: int) -> int:
    """How many resources such a state has."""
    shared, of_repository = _parts(one)
    return len(shared) + repositories * len(of_repository)


def _parts(one: Deployment) -> tuple[list[Resource], list[Resource]]:
    """The resources of the stack, such as providers, and those of its repository.

    The stack's name in URNs is another than the repository's afterwards.
    """
    text = json.dumps(one["deployment"]["resources"])
    text = _URN.sub("urn:pulumi:whole::slipway::", text).replace(_STACK, _OWN)
    parts: tuple[list[Resource], list[Resource]] = ([], [])
    for resource in json.loads(text):
        parts[_REPOSITORY in resource["urn"]].append(resource)
    return parts
