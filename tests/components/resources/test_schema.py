from typing import Any, get_type_hints

import pytest
from pulumi.provider.experimental.analyzer import Analyzer

from components.resources.deployment_role import DeploymentRole
from components.resources.github_environment import GitHubEnvironment
from components.resources.oidc_provider import OidcProvider
from components.resources.workflow_files import WorkflowFiles
from components.resources.workflow_pull_request import WorkflowPullRequest

LEAVES = (
    *(DeploymentRole, GitHubEnvironment, OidcProvider),
    *(WorkflowFiles, WorkflowPullRequest),
)


@pytest.mark.parametrize("component", LEAVES, ids=lambda leaf: str(leaf.__name__))
def test_a_leaf_component_can_be_hosted_for_other_languages(component: Any) -> None:
    """The SDK's own analyzer infers every argument, with its description, from the annotations."""
    schema: Any = Analyzer("slipway").analyze([component])
    definition = schema["component_definitions"][component.__name__]
    arguments = get_type_hints(component.__init__)["args"].__annotations__
    assert set(definition.inputs_mapping.values()) == set(arguments)
    assert all(argument.description for argument in definition.inputs.values())
