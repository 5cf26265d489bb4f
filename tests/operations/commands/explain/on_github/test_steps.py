"""GitHub's questions about a job: every step with its answer, its values and its mend.

The snapshot has each step as a line; a change of one is to be read.
"""

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from components.config.stack_files import StackFiles
from components.model.delivery import ByPullRequest
from operations.commands.explain.on_github.claims import derived
from operations.commands.explain.on_github.rules import asked_role, environment_steps
from operations.commands.explain.on_github.steps import repository_steps, workflow_steps
from tests.operations.commands.explain.on_github.scenes import Case, lines, scene_of
from tests.stacks import WriteStack
from tests.stacks import write_stack as write_stack  # noqa: PLC0414 - a fixture

MAIN = "refs/heads/main"
OTHER = "refs/heads/other"
PULL = "refs/pull/7/merge"
TAG = "refs/tags/v1"
ACTION = "aws-actions/configure-aws-credentials@v6"


def file(job: str, on: str = "push", **inputs: str) -> str:
    """A workflow file with one job."""
    given = ", ".join(f"{key.replace('_', '-')}: '{value}'" for key, value in inputs.items())
    steps = f"[{{uses: '{ACTION}', with: {{{given}}}}}]"
    return f"name: own\non: {on}\njobs:\n  deploy: {{{job}, steps: {steps}}}\n"


TOKEN = "permissions: {id-token: write}"
OWN = f"environment: dev, {TOKEN}"
PATH = ".github/workflows/python-dev.yml"
PATH_OF_TEST = ".github/workflows/python-test.yml"
OF_DEV = {"environment": "dev", "job_workflow_ref": f"acme/billing/{PATH}@refs/heads/develop"}
OF_NONE = {"job_workflow_ref": f"acme/billing/{PATH}@refs/heads/develop"}
BROUGHT = ByPullRequest(there=frozenset(), pending=("python-dev.yml",), url="https://x/1")


def text(job: str = OWN, on: str = "push", **inputs: str) -> dict[str, Any]:
    """A place with this file."""
    return {"text": file(job, on, **inputs)}


CASES = {
    "as declared: dev": Case(),
    "as declared: test": Case(environment="test"),
    "as declared: prod": Case(environment="prod"),
    "archived": Case(live={"archived": True}),
    "renamed": Case(live={"full_name": "acme/bills"}),
    "no right to administer": Case(live={"administered": False}),
    "no right to administer, and no commit": Case(live={"administered": False, "workflows": {}}),
    "claims of another form": Case(live={"subject_claims": ("re-po",)}),
    "no file of dev for test on another branch": Case(
        environment="test",
        job={"ref": OTHER, "path": "python-dev.yml"},
        place={"text": None},
    ),
    "no file of prod beside another default branch": Case(
        environment="prod",
        job={"ref": OTHER, "event": "push"},
        place={"text": None},
        live={"default_branch": "trunk", "workflows": {"main": {}, "trunk": {}}},
    ),
    "a token of an event that the declared job excludes": Case(
        environment="test",
        declared="ci: {pull_requests: true}",
        job={"event": "pull_request"},
        claims={"job_workflow_ref": f"acme/billing/{PATH_OF_TEST}@{MAIN}"},
        place=text("runs-on: x"),
    ),
    "a push of prod without its job": Case(
        environment="prod", job={"event": "push"}, place=text("runs-on: x")
    ),
    "jobs of two other environments": Case(
        place={"text": f"{file('environment: test')}  other: {{environment: prod}}\n"}
    ),
    "no variable, and no patterns": Case(there={"variables": {}, "branches": {}}),
    "no commit": Case(live={"workflows": {}}),
    "of a fork": Case(job={"of_fork": True}),
    "the ref is gone": Case(job={"ref": OTHER}, place={"ref_exists": False, "text": None}),
    "the ref of a token is gone": Case(place={"ref_exists": False}, claims=OF_DEV),
    "the ref of a token without environment is gone": Case(
        place={"ref_exists": False}, claims=OF_NONE
    ),
    "the ref is a tag": Case(job={"ref": OTHER}, place={"ref_exists": False, "tag_exists": True}),
    "the trigger branch is gone": Case(place={"ref_exists": False, "text": None}),
    "the trigger branch of test is gone": Case(
        environment="test", place={"ref_exists": False, "text": None}
    ),
    "the ref is gone, the commit is not": Case(job={"commit": "c0"}, place={"ref_exists": False}),
    "a pull request": Case(
        job={"ref": PULL, "event": "pull_request"}, place={"ref_exists": False, "text": None}
    ),
    "a pull request with its file": Case(
        job={"ref": PULL, "event": "pull_request"}, place=text(on="pull_request")
    ),
    "no file": Case(place={"text": None}),
    "no file, with a token": Case(place={"text": None}, claims=OF_DEV),
    "no file on another branch": Case(job={"ref": OTHER}, place={"text": None}),
    "no file of prod on another branch": Case(
        environment="prod", job={"ref": OTHER}, place={"text": None}
    ),
    "no file by push of prod on another branch": Case(
        environment="prod", job={"ref": OTHER, "event": "push"}, place={"text": None}
    ),
    "no file on a tag": Case(job={"ref": TAG}, place={"text": None}),
    "no file that slipway does not write": Case(job={"path": "own.yml"}, place={"text": None}),
    "a pull request brings the file": Case(
        place={"text": None},
        live={"by_pull_request": {"develop": BROUGHT}},
    ),
    "a file that slipway does not write": Case(job={"path": "own.yml"}, place=text()),
    "the file of a commit": Case(job={"commit": "c0"}),
    "another file": Case(place=text()),
    "schedule on another branch": Case(
        environment="prod", job={"event": "schedule", "ref": OTHER}, place=text(on="schedule")
    ),
    "by hand": Case(job={"event": "workflow_dispatch"}, place=text(on="workflow_dispatch")),
    "by hand, not on the default branch": Case(
        job={"event": "workflow_dispatch"},
        place=text(on="workflow_dispatch") | {"on_default": False},
    ),
    "paths": Case(place=text(on="{push: {paths: [src]}}")),
    "push on another branch": Case(job={"ref": OTHER}),
    "push on a tag": Case(job={"ref": TAG}),
    "push of prod on another branch": Case(environment="prod", job={"ref": OTHER, "event": "push"}),
    "another file is not started": Case(place=text(on="issues")),
    "own file is not started": Case(job={"path": "own.yml"}, place=text(on="issues")),
    "no job of the environment": Case(place=text("environment: test")),
    "no job of any environment, own file": Case(job={"path": "own.yml"}, place=text("runs-on: x")),
    "called": Case(place={"text": "on: push\njobs: {a: {uses: acme/ci/.github/w.yml@v1}}\n"}),
    "by an expression": Case(place=text("environment: '${{ inputs.to }}'")),
    "excluded": Case(place=text(f"{OWN}, if: \"github.event_name == 'issues'\"")),
    "excluded in an own file": Case(
        job={"path": "own.yml"}, place=text(f"{OWN}, if: \"github.event_name == 'issues'\"")
    ),
    "no permission": Case(place=text("environment: dev")),
    "no permission in an own file": Case(job={"path": "own.yml"}, place=text("environment: dev")),
    "not a workflow": Case(place={"text": "[}"}),
    "a token": Case(claims={**OF_DEV, "environment": "Dev"}),
    "a token of another environment": Case(claims={**OF_DEV, "environment": "test"}),
    "a token without environment": Case(claims=OF_NONE),
    "a token without environment, other file now": Case(claims=OF_NONE, place=text()),
    "a token without environment, own file": Case(
        claims={"job_workflow_ref": "acme/billing/.github/workflows/own.yml@x"},
        job={"path": "own.yml"},
        place=text("runs-on: x"),
    ),
    "no environment": Case(without=True),
    "any ref": Case(job={"ref": OTHER}, there={"branch_policy": "any"}),
    "protected": Case(there={"branch_policy": "protected"}, place={"protected": True}),
    "not protected": Case(there={"branch_policy": "protected"}),
    "unknown policy": Case(there={"branch_policy": "unknown"}),
    "other patterns": Case(there={"branches": {}, "other_patterns": frozenset({("x", "y")})}),
    "no patterns": Case(there={"branches": {}}),
    "other branches": Case(there={"branches": {"z": 1, "a": 2}}),
    "a tag that is admitted": Case(job={"ref": TAG}, there={"tags": {"v*": 1}}),
    "a tag that is declared": Case(
        job={"ref": TAG},
        declared="environments: {dev: {deployment_tags: ['v*']}}",
        there={"tags": {}},
    ),
    "a declared list of branches": Case(
        job={"ref": OTHER}, declared="environments: {dev: {deployment_branches: [develop, main]}}"
    ),
    "an own file on another branch": Case(job={"ref": OTHER, "path": "own.yml"}, place=text()),
    "a started file on another branch": Case(job={"ref": OTHER}, place=text()),
    "approvals": Case(
        job={"notes": ("a note",)},
        there={
            "users": frozenset({"b", "a"}),
            "prevent_self_review": True,
            "wait_minutes": 5,
            "custom_rules": frozenset({"d", "c"}),
            "other_rules": frozenset({"f", "e"}),
        },
    ),
    "a reviewer": Case(there={"users": frozenset({"a"})}),
    "another role in the variable": Case(there={"variables": {"AWS_ROLE_ARN": "x"}}),
    "no variable": Case(there={"variables": {}}),
    "the role in the file": Case(place=text(role_to_assume="y")),
    "the variable in the file": Case(place=text(role_to_assume="${{vars.aws_role_arn }}")),
    "an expression in the file": Case(place=text(role_to_assume="${{ vars.OTHER }}")),
}


@pytest.mark.parametrize("name", CASES)
def test_every_question_has_its_answer(
    name: str, write_stack: WriteStack, snapshot: SnapshotAssertion
) -> None:
    """The steps of a case: result, answer, expected and found values, mend, place and page."""
    case = CASES[name]
    files = StackFiles(write_stack(billing=f"repository: billing\n{case.declared}\n"))
    scene = scene_of(files, case)
    steps = list(repository_steps(scene.world))
    if not scene.home.live.empty:
        steps += [*workflow_steps(scene), *environment_steps(scene, asked_role(scene))]
    assert lines(steps) == snapshot


ENTERPRISE: dict[str, str | None] = {"actor": "octocat", "enterprise_id": "3"}


@pytest.mark.parametrize(
    ("case", "environment", "subject"),
    [
        (Case(), "Dev", "repo:acme/billing:environment:Dev"),
        (Case(), "a:b", "repo:acme/billing:environment:a%3Ab"),
        (Case(), "${{ inputs.to }}", None),
        (Case(live={"subject_claims": ("actor",)}), "dev", None),
        (
            Case(live={"subject_claims": ("actor", "repo")}, job={"actor": ENTERPRISE}),
            "dev",
            "actor:octocat:repo:acme/billing",
        ),
        (
            Case(live={"subject_claims": ("repository_owner_id", "context", "ref")}),
            "dev",
            "repository_owner_id:1:environment:dev:ref:refs/heads/develop",
        ),
    ],
)
def test_the_subject_follows_from_the_claims(
    case: Case, environment: str, subject: str | None, write_stack: WriteStack
) -> None:
    """The default has prefix and environment; a customised one is unknown if a claim of it is."""
    scene = scene_of(StackFiles(write_stack(billing="repository: billing\n")), case)
    found = derived(scene.home, scene.job, environment, "own", "aud")
    assert found["sub"] == subject
    assert found["environment"] == (None if subject is None and "$" in environment else environment)
    assert {name: found[name] for name in ENTERPRISE} == (
        scene.job.actor or dict.fromkeys(ENTERPRISE)
    )


def test_every_claim_is_of_the_repository_or_the_job(write_stack: WriteStack) -> None:
    """Claims that only a run tells are there, and not known."""
    case = Case(live={"visibility": "internal"})
    files = StackFiles(write_stack(billing="repository: billing\n"))
    scene = scene_of(files, case)
    place = f"acme/billing/{PATH}@refs/heads/develop"
    assert derived(scene.home, scene.job, "dev", scene.workflow_name, "aud") == {
        "repository": "acme/billing",
        "repository_id": "7",
        "repository_owner": "acme",
        "repository_owner_id": "1",
        "repository_visibility": "internal",
        "ref": "refs/heads/develop",
        "event_name": "push",
        "environment": "dev",
        "workflow": scene.workflow["name"],
        "workflow_ref": place,
        "job_workflow_ref": place,
        "actor": None,
        "actor_id": None,
        "enterprise_id": None,
        "sub": "repo:acme/billing:environment:dev",
        "aud": "aud",
    }


def test_a_workflow_without_a_name_is_named_by_its_path(write_stack: WriteStack) -> None:
    """The claim `workflow` is then the file's path."""
    files = StackFiles(write_stack(billing="repository: billing\n"))
    assert scene_of(files, Case(place={"text": "on: push"})).workflow_name == PATH
    assert scene_of(files, Case(place={"text": None})).workflow_name == PATH
