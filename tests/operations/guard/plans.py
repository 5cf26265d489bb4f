"""Plans to judge, and the live worlds for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from components.model.repository import Repository
from components.model.stack import Stack
from operations.diff.compare import compare
from operations.diff.finding import Finding
from operations.diff.merge import merge
from operations.engine.plan.findings import preview_findings
from operations.guard.judgement import reasons_against
from operations.live.observed import Observed
from tests.operations.diff import worlds

ENVIRONMENT = "github:index/repositoryEnvironment:RepositoryEnvironment"
PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
VARIABLE = "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable"
FILE = "github:index/repositoryFile:RepositoryFile"
ROLE = "aws:iam/role:Role"
ROLES = {f"acme.billing-{name}": "billing" for name in ("dev", "test", "prod")}


def step(op: str, kind: str, *fields: str, **inputs: Any) -> dict[str, Any]:
    """Return one step of a plan, with the same inputs before and after."""
    state = {"type": kind, "custom": True, "inputs": inputs, "outputs": inputs}
    made: dict[str, Any] = {
        "op": op,
        "urn": f"urn:pulumi:s::p::{kind}::x",
        "diffReasons": list(fields),
    }
    if op != "create":
        made["oldState"] = state
    if op != "delete":
        made["newState"] = state
    return made


def judged(
    *steps: dict[str, Any], observed: Observed | None = None, stack: Stack | None = None
) -> list[str]:
    """Return the reasons against a plan, by default in a live world as declared."""
    stack = stack or worlds.stack()
    world = observed or worlds.as_declared(worlds.stack())
    plan = {"steps": list(steps)}
    findings = merge(compare(stack, world), preview_findings(plan, ROLES))
    return texts_against(stack, plan, world, findings, ROLES)


def texts_against(
    stack: Stack,
    plan: Mapping[str, Any],
    observed: Observed,
    findings: Sequence[Finding],
    roles: Mapping[str, str],
) -> list[str]:
    """Return the reasons against a plan as people see them."""
    return [one.text for one in reasons_against(stack, plan, observed, findings, roles)]


def several(count: int) -> Stack:
    """Return a stack with that many repositories besides billing."""
    others = [Repository(repository=f"r{number}") for number in range(count)]
    stack = worlds.stack()
    return stack.model_copy(update={"repositories": (*stack.repositories, *others)})


def gone(name: str) -> dict[str, Any]:
    """Return the deletion of an undeclared repository's role."""
    return step("delete", ROLE, name=f"acme.{name}-prod")
