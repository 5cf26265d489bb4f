"""Declarations of CI, packages and deployments are accepted or refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.types import ENVIRONMENTS

PINNED = f"acme/scan@{'0a' * 20}"
FOLDER = {"working_directory": "services/api"}
STEP = {"name": "Log in", "run": "./login.sh"}


def pipeline(**declared: Any) -> Pipeline:
    """The pipeline of a repository that declares this."""
    return Pipeline.of(Repository.model_validate({"repository": "billing", **declared}), None)


def refusal(**declared: Any) -> tuple[str, str]:
    """Place and text of the only mistake."""
    with pytest.raises(ValidationError) as caught:
        pipeline(**declared)
    (error,) = caught.value.errors()
    place = (*error["loc"], *error.get("ctx", {}).get("at", ()))
    return ".".join(map(str, place)), error["msg"]


def test_the_standard_blocks_nothing_and_keeps_packages_a_day() -> None:
    """Without a declaration no job blocks and packages are kept for a day, as the standard says."""
    found = pipeline()
    assert (found.strict, found.blocks, found.retention_days) == (False, False, 1)
    assert [(p.name, p.directory, p.kind) for p in found.packages] == [(None, None, "lambda-zip")]


def test_strict_blocks_and_keeps_packages_until_prod_is_approved() -> None:
    """In the strict profile all jobs block, and packages outlast the approval of prod."""
    found = pipeline(profile="strict")
    jobs = (found.ci.lint, found.ci.security, found.ci.tests)
    assert [job.blocking for job in jobs] == [True, True, True]
    assert found.retention_days == 30


@pytest.mark.parametrize(("profile", "said"), [("standard", True), ("strict", False)])
def test_each_job_may_say_itself_whether_it_blocks(profile: str, *, said: bool) -> None:
    """`blocking` of a job is stronger than the profile."""
    found = pipeline(profile=profile, ci={"security": {"blocking": said}})
    assert found.ci.security.blocking is said
    assert found.ci.lint.blocking is not said


def test_several_packages_have_folders_and_functions_of_their_own() -> None:
    """A monorepo is deployed package by package, in the order of the declaration."""
    found = pipeline(
        packages={
            "worker": {"working_directory": "worker", "kind": "wheel"},
            "api": FOLDER | {"lambda_function": "billing-api", "alias": "live"},
        }
    )
    assert [(p.name, p.directory, p.kind, p.lambda_function, p.alias) for p in found.packages] == [
        ("worker", "worker", "wheel", None, None),
        ("api", "services/api", "lambda-zip", "billing-api", "live"),
    ]


@pytest.mark.parametrize(
    ("declared", "place", "text"),
    [
        (
            {"packages": {"api": FOLDER}, "deploy": {"lambda_function": "f"}},
            "packages",
            "deploy.lambda_function given as well: each package has its own, move it",
        ),
        (
            {"packages": {"api": FOLDER, "b": FOLDER}},
            "packages",
            "services/api is the folder of two packages: give each its own",
        ),
        (
            {"packages": {"api": FOLDER | {"kind": "wheel", "lambda_function": "f"}}},
            "packages.api.kind",
            "a Lambda function takes a lambda-zip, not 'wheel'",
        ),
        (
            {"package": {"kind": "wheel"}, "deploy": {"lambda_function": "f"}},
            "package.kind",
            "a Lambda function takes a lambda-zip, not 'wheel'",
        ),
        (
            {"package": {"kind": "wheel", "dependencies": "vendored"}},
            "package",
            "dependencies are vendored into a lambda-zip, not into 'wheel'",
        ),
        (
            {"deploy": {"alias": "live"}},
            "deploy",
            "an alias belongs to a lambda_function: declare it, or remove alias",
        ),
        (
            {"deploy": {"after": [{"name": "x", "run": "echo ${{ github.ref }}"}]}},
            "deploy.after.0.run",
            "an expression in a script becomes code before the shell reads it: use `env`",
        ),
        (
            {"deploy": {"after": [{"name": "x", "run": "x", "if": "${{ a }} && b"}]}},
            "deploy.after.0.if",
            "'${{ a }} && b' is no condition: write one expression, without ${{ }}",
        ),
        (
            {"deploy": {"after": [{"name": "x"}]}},
            "deploy.after.0",
            "a step has either `uses`, an action, or `run`, a script",
        ),
        (
            {"ci": {"lint": {"before": [{"name": "x", "run": "x", "with": {"a": "b"}}]}}},
            "ci.lint.before.0.with",
            "`with` is for an action; a script gets its values by `env`",
        ),
        (
            {"ci": {"lint": {"before": [{"name": "x", "uses": PINNED, "shell": "bash"}]}}},
            "ci.lint.before.0",
            "`shell` and `working-directory` are for a script, not for an action",
        ),
        (
            {"ci": {"lint": {"after": [{"name": "x", "run": "x", "id": "tested"}]}}},
            "ci.lint",
            "step id 'tested' is taken: ids are unique in a job, choose another",
        ),
        (
            {"profile": "strict", "deploy": {"before": [{"name": "x", "uses": "acme/scan@v1"}]}},
            "deploy.before.0.uses",
            "'acme/scan@v1' is not pinned: the strict profile wants a commit id",
        ),
        (
            {"profile": "strict", "ci": {"tests": {"services": {"db": {"image": "postgres:16"}}}}},
            "ci.tests.services.db.image",
            "'postgres:16' is not pinned: the strict profile wants its digest",
        ),
        (
            {"package": {"before": [STEP | {"id": "checkout"}]}},
            "package.before",
            "step id 'checkout' is taken: ids are unique in a job, choose another",
        ),
        (
            {
                "packages": {"api": FOLDER | {"before": [STEP | {"id": "login"}]}},
                "deploy": {"after": [STEP | {"id": "LOGIN"}]},
            },
            "packages.api.before",
            "step id 'login' is taken: ids are unique in a job, choose another",
        ),
        (
            {
                "packages": {
                    "api": FOLDER | {"before": [STEP | {"id": "login"}]},
                    "web": {"working_directory": "web", "before": [STEP | {"id": "login"}]},
                },
            },
            "packages.web.before",
            "step id 'login' is taken: ids are unique in a job, choose another",
        ),
        (
            {"profile": "strict", "package": {"before": [{"name": "x", "uses": "acme/in@v1"}]}},
            "package.before.0.uses",
            "'acme/in@v1' is not pinned: the strict profile wants a commit id",
        ),
        (
            {
                "profile": "strict",
                "packages": {"api": FOLDER | {"before": [{"name": "x", "uses": "acme/in@v1"}]}},
            },
            "packages.api.before.0.uses",
            "'acme/in@v1' is not pinned: the strict profile wants a commit id",
        ),
        (
            {"deploy": {"lambda_function": "f", "env": {"LEVEL": "info"}}},
            "deploy.env",
            "env is for `command`: declare it, or give steps their own",
        ),
        (
            {"deploy": {"command": "./deploy.sh ${{ secrets.KEY }}"}},
            "deploy.command",
            (
                "an expression in a command becomes code before the shell reads it: put it into "
                "`deploy.env`, and read it as $NAME"
            ),
        ),
        (
            {"working_directory": "../other"},
            "working_directory",
            (
                "'../other' is not a folder: a path from the root of the repository, of letters, "
                "digits, '.', '_' or '-'"
            ),
        ),
    ],
)
def test_what_cannot_be_is_refused(declared: dict[str, Any], place: str, text: str) -> None:
    """The problem is at the place of the mistake, with the allowed values."""
    assert refusal(**declared) == (place, text)


def test_strict_accepts_what_is_pinned() -> None:
    """The strict profile accepts a commit id, a local action and an image's digest."""
    steps = [{"name": "x", "uses": PINNED}, {"name": "y", "uses": "./actions/y"}]
    image = f"postgres@sha256:{'0' * 64}"
    found = pipeline(
        profile="strict",
        deploy={"before": steps},
        ci={"tests": {"services": {"db": {"image": image}}}},
    )
    assert [step.uses for step in found.before_deploy] == [PINNED, "./actions/y"]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, None),
        ({"dependencies": None}, "none"),
        ({"dependencies": "none"}, "none"),
        ({"dependencies": "vendored"}, "vendored"),
    ],
)
@pytest.mark.parametrize("several", [False, True])
def test_what_is_not_said_of_dependencies_stays_unsaid(
    said: dict[str, Any], found: str | None, *, several: bool
) -> None:
    """Undeclared dependencies stay None, which causes a warning; `null` means `none`."""
    declared = {"packages": {"api": FOLDER | said}} if several else {"package": said}
    (package,) = pipeline(**declared).packages
    assert package.dependencies == found


@pytest.mark.parametrize("several", [False, True])
def test_each_package_has_its_own_steps_before_it(*, several: bool) -> None:
    """Each package has its own `before` steps, with their ids, conditions and expressions."""
    step = STEP | {"id": "login", "env": {"TOKEN": "${{ secrets.TOKEN }}"}, "if": "always()"}
    package = {"before": [step]}
    declared = {"packages": {"api": FOLDER | package}} if several else {"package": package}
    (built,) = pipeline(**declared).packages
    assert [(own.id, own.env, own.when) for own in built.before] == [
        ("login", {"TOKEN": "${{ secrets.TOKEN }}"}, "always()")
    ]


def test_two_jobs_may_have_steps_of_one_id() -> None:
    """Steps of different jobs may have the same id, since ids are unique within one job."""
    login = [STEP | {"id": "login"}]
    jobs = {name: {"before": login} for name in ("lint", "security", "tests")}
    found = pipeline(ci=jobs, package={"before": login})
    assert [step.id for step in found.packages[0].before] == ["login"]


def test_the_command_has_variables_of_its_own() -> None:
    """The command has only its declared variables, with expressions and scalars as written."""
    env = {"DATABASE_URL": "${{ secrets.DATABASE_URL }}", "RETRIES": 3, "DRY": False}
    found = pipeline(deploy={"command": "./deploy.sh", "env": env})
    assert found.deploy_env == dict.fromkeys(ENVIRONMENTS, env)
    assert not any(pipeline().deploy_env.values())


def test_what_runs_besides_a_push_is_asked_for() -> None:
    """Pull requests and users start a workflow only if that is declared."""
    found = pipeline()
    assert (found.ci.pull_requests, found.manual) == (False, False)
    found = pipeline(ci={"pull_requests": True}, deploy={"manual": True}, profile="strict")
    assert (found.ci.pull_requests, found.manual) == (True, True)


@pytest.mark.parametrize("kind", ["users", "teams"])
def test_an_environment_with_reviewers_awaits_approval(kind: str) -> None:
    """An environment with one user or team as reviewer awaits approval; a wait timer is none."""
    found = pipeline(
        environments={"dev": {"wait_minutes": 5}, "prod": {"reviewers": {kind: ["a"]}}}
    )
    assert found.awaits_approval == {"dev": False, "test": False, "prod": True}
