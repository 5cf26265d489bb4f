"""An environment's questions: the mends that they name, and the role that the job asks for."""

import re
from dataclasses import replace

import pytest
import yaml

from components.config.stack_files import StackFiles
from components.model.repository import Repository
from components.model.types import ENVIRONMENTS, EnvironmentName
from components.objects.kinds import BRANCH, VARIABLE, WORKFLOW
from operations.commands.explain.on_github.rules import environment_steps
from operations.commands.explain.on_github.steps import workflow_steps
from operations.commands.explain.step import Result
from tests.operations.commands.explain.on_github.scenes import Case, scene_of
from tests.operations.commands.explain.on_github.test_steps import PULL, TOKEN, text
from tests.stacks import WriteStack
from tests.stacks import write_stack as write_stack  # noqa: PLC0414 - a fixture


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize(
    "ref", ["refs/heads/feature/x", "refs/heads/refs/x", "refs/tags/v1", PULL, "refs/heads/a[b]"]
)
def test_a_suggested_declaration_is_accepted(
    write_stack: WriteStack, environment: EnvironmentName, ref: str
) -> None:
    """A mend that declares a ref is no mend if slipway refuses the declaration."""
    files = StackFiles(write_stack(billing="repository: billing\n"))
    place = text(f"environment: {environment}, {TOKEN}", on="[push, pull_request]")
    case = Case(environment=environment, job={"ref": ref, "path": "own.yml"}, place=place)
    (mend,) = [
        one.mend
        for one in environment_steps(scene_of(files, case), None)
        if one.name == "ref" and one.mend
    ]
    if declared := re.match(r"declare `(\w+): \[(.*)\]`", mend.text):
        changed = {"environments": {environment: {declared[1]: declared[2].split(", ")}}}
        Repository.model_validate({"repository": "billing", **changed})
    else:
        assert mend.text.startswith("deploy from ")


@pytest.mark.parametrize("environment", ["dev", "test"])
def test_a_suggested_branch_is_accepted(
    write_stack: WriteStack, environment: EnvironmentName
) -> None:
    """Slipway refuses another branch for test alone: prod follows the runs on test's."""
    files = StackFiles(write_stack(billing="repository: billing\n"))
    case = Case(environment=environment, job={"ref": "refs/heads/other", "event": "push"})
    mends = [one.mend for one in workflow_steps(scene_of(files, case)) if one.mend]
    (declared,) = {one for mend in mends for one in re.findall(r"declare `(.*)`", mend.text)}
    path, _, value = declared.partition(": ")
    for key in reversed(path.split(".")):
        value = f"{{{key}: {value}}}"
    branches = yaml.safe_load(value)
    repository = Repository.model_validate({"repository": "billing", **branches})
    assert repository.trigger_branch(environment) == "other"


def test_up_asks_for_consent_to_the_rules_of_any_environment(write_stack: WriteStack) -> None:
    """A mend that makes an environment says so, if another one waits longer than declared."""
    files = StackFiles(write_stack(billing="repository: billing\n"))
    scene = scene_of(files, Case(without=True))
    there = scene.home.live.environments
    slower = {**there, "prod": replace(there["prod"], wait_minutes=9)}
    home = replace(scene.home, live=replace(scene.home.live, environments=slower))
    step = next(environment_steps(replace(scene, world=replace(scene.world, home=home)), None))
    assert step.mend is not None
    assert "`slipway up s --accept ID` makes it" in step.mend.text


def test_the_role_that_is_asked_for_is_the_live_one(write_stack: WriteStack) -> None:
    """It may have another path than the declared one; without a look, the declared ARN counts."""
    scene = scene_of(StackFiles(write_stack(billing="repository: billing\n")), Case())
    account = scene.world.accounts["111111111111"]
    ((name, role),) = account.roles.items()
    moved = replace(role, arn=role.arn.replace("/slipway/", "/other/"))
    accounts = {"111111111111": replace(account, roles={name: moved})}
    for known, wanted, other in ((accounts, moved.arn, role.arn), ({}, role.arn, moved.arn)):
        asking = replace(scene, world=replace(scene.world, accounts=known))
        *_, right = environment_steps(asking, wanted)
        *_, wrong = environment_steps(asking, other)
        assert (right.name, right.result) == ("role's name", Result.OK)
        assert (wrong.result, wrong.expected, wrong.got) == (Result.NO, wanted, other)


def test_no_file_branch_or_variable_needs_consent() -> None:
    """Mends by `slipway up` of these name no `--accept`, whatever else it finds."""
    kinds = (WORKFLOW, BRANCH, VARIABLE)
    assert not any(kind.protects or any(one.protects for one in kind.fields) for kind in kinds)
