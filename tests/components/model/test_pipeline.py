"""What a repository may say about CI, packages and deployments, and what it may not."""

from typing import Any

import pytest
from pydantic import ValidationError

from components.model.pipeline import Pipeline
from components.model.repository import Repository

PINNED = f"acme/scan@{'0a' * 20}"
FOLDER = {"working_directory": "services/api"}


def pipeline(**declared: Any) -> Pipeline:
    """The pipeline of a repository that declares this."""
    return Pipeline.of(Repository.model_validate({"repository": "billing", **declared}))


def refusal(**declared: Any) -> tuple[str, str]:
    """Where the one mistake is, and the text about it."""
    with pytest.raises(ValidationError) as caught:
        pipeline(**declared)
    (error,) = caught.value.errors()
    place = (*error["loc"], *error.get("ctx", {}).get("at", ()))
    return ".".join(map(str, place)), error["msg"]


def test_the_standard_blocks_nothing_and_keeps_packages_a_day() -> None:
    """The profile is the standard's letter unless a declaration says otherwise."""
    found = pipeline()
    assert (found.strict, found.blocks, found.retention_days) == (False, False, 1)
    assert [(p.name, p.directory, p.kind) for p in found.packages] == [(None, None, "lambda-zip")]


def test_strict_blocks_and_keeps_packages_until_prod_is_approved() -> None:
    """A wait timer and an approval may take days, and prod deploys the package of test."""
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
            "services/api is two packages' folder: one each",
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
            {"ci": {"lint": {"after": [{"name": "x", "run": "x", "id": "findings"}]}}},
            "ci.lint",
            "step id 'findings' is taken: ids are unique in a job, choose another",
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
    """At the place of the mistake, with what is allowed."""
    assert refusal(**declared) == (place, text)


def test_strict_accepts_what_is_pinned() -> None:
    """A commit id, an action of the repository itself, an image's digest."""
    steps = [{"name": "x", "uses": PINNED}, {"name": "y", "uses": "./actions/y"}]
    image = f"postgres@sha256:{'0' * 64}"
    found = pipeline(
        profile="strict",
        deploy={"before": steps},
        ci={"tests": {"services": {"db": {"image": image}}}},
    )
    assert [step.uses for step in found.before_deploy] == [PINNED, "./actions/y"]
