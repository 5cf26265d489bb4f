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

_URN: Final = re.compile("urn:pulumi:[^:]+::slipway::")
#: The account of the stack `small-1`.
_ACCOUNT: Final = "500000000001"
#: What a component may not have.
_CUSTOM: Final = ("id", "provider", "custom", "importID")


def onboarded(folder: Path) -> Deployment:
    """The state of one repository that a real engine has onboarded in a sandbox."""
    # Its stack has a passphrase, as the stacks that take the state.
    with users_world(folder) as world:
        small = new_small(new_project(world, folder), 1)
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
    # The resource of the stack itself has the names of project and stack.
    text = json.dumps(one["deployment"]["resources"]).replace("pulumi:providers:", "former:index:")
    of_stack, *of_repository = json.loads(text.replace("slipway-small-1", f"{project}-{stack}"))
    text = json.dumps(of_repository)
    resources = [of_stack]
    for number in range(1, repositories + 1):
        # Each has an account of its own, and with it an OIDC provider.
        own = text.replace("small-1", f"small-{number}-").replace(_ACCOUNT, str(10**11 + number))
        resources += json.loads(own)
    for resource in resources:
        for key in _CUSTOM:
            resource.pop(key, None)
        resource["custom"] = False
    written = _URN.sub(f"urn:pulumi:{stack}::{project}::", json.dumps(resources))
    return one | {"deployment": one["deployment"] | {"resources": json.loads(written)}}


def resources_of(one: Deployment, repositories: int) -> int:
    """How many resources such a state has."""
    return 1 + repositories * (len(one["deployment"]["resources"]) - 1)
