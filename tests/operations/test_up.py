from dataclasses import replace
from typing import Any

from operations.drifting.preview import Step
from operations.up import _unfinished
from tests.operations.drifting import worlds

POLICY = "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy"


def creation(environment: str) -> Step:
    """A plan's step that would let hotfix/* deploy."""
    inputs = {"repository": "billing", "environment": environment, "branchPattern": "hotfix/*"}
    return Step("create", "urn:pulumi:s::p::t::n", POLICY, {}, inputs, ())


def state(*roles: str) -> dict[str, Any]:
    """A state with these roles."""
    made = [{"type": "aws:iam/role:Role", "inputs": {"name": name}} for name in roles]
    return {"deployment": {"resources": made}}


def test_a_pattern_is_new_only_where_nobody_was_trusted_yet() -> None:
    """An environment whose role is there is finished: one more pattern makes it weaker."""
    half_done = state("acme.billing-dev", "ACME.billing-test")
    steps = [creation("dev"), creation("test"), creation("prod")]
    steps.append(
        replace(creation("prod"), op="update", new={**creation("prod").new, "branchPattern": "x"})
    )
    new = _unfinished(worlds.stack(), half_done, steps)
    assert new == {("billing", "environment prod, branch policy hotfix/*")}
