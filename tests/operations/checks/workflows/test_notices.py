"""Notices, which are no problem, are given once for all repositories."""

from datetime import date
from typing import Any

import pytest

from components.model.branches import stack_as_found
from components.model.github_host import GitHubHost
from components.model.repository import Repository
from components.model.stack import Stack, StackSettings
from operations.checks.workflows.notices import followed_branches, notices, unsaid_dependencies
from tests.components.model.test_branches import Found

SETTINGS = StackSettings.model_validate(
    {
        "owner": "acme",
        "accounts": {
            name: {"account_id": "111111111111", "region": "eu-west-1"}
            for name in ("dev", "test", "prod")
        },
    }
)
#: On this day none of these versions has reached its end.
CURRENT: dict[str, Any] = {"python_versions": ["3.12", "3.13"]}
TODAY = date(2026, 11, 28)
NONE: list[str] = []


def stack(name: str = "acme", **repositories: dict[str, Any]) -> Stack:
    """A stack of these repositories."""
    declared = tuple(
        Repository.model_validate({"repository": repository, **content})
        for repository, content in repositories.items()
    )
    return Stack(name=name, settings=SETTINGS, repositories=declared)


def said(*stacks: Stack, today: date = TODAY) -> list[str]:
    """Return every notice."""
    return list(notices(stacks, today))


def test_an_up_to_date_stack_has_no_notice() -> None:
    """An up-to-date stack has no notice."""
    assert said(stack(a=CURRENT), stack("other", a=CURRENT)) == NONE
    assert said() == NONE
    assert list(unsaid_dependencies([stack(a=CURRENT)])) == NONE


@pytest.mark.parametrize(
    ("version", "last"),
    [
        ("3.8", 2024),
        ("3.9", 2025),
        ("3.10", 2026),
        ("3.11", 2027),
        ("3.12", 2028),
        ("3.13", 2029),
        ("3.14", 2030),
    ],
)
def test_a_version_has_a_notice_after_its_last_month(version: str, last: int) -> None:
    """A version has a notice from the month after its last month on."""
    declared = stack(a={"python_versions": [version]})
    assert said(declared, today=date(last, 10, 31)) == NONE
    (notice,) = said(declared, today=date(last, 11, 1))
    assert notice == (
        f"python_versions: {version} is past its end since October {last} "
        "(https://devguide.python.org/versions/): 1 repository names it (a)"
    )


def test_the_default_of_the_standard_is_named_as_the_cause() -> None:
    """The standard's default is one notice for all repositories; declared versions are apart."""
    of_default: dict[str, Any] = {f"r{number}": {} for number in range(1, 6)}
    (notice,) = said(stack(**of_default, own={"python_versions": ["3.10"]}, current=CURRENT))
    assert notice == (
        "python_versions: 3.10 is past its end since October 2026 "
        "(https://devguide.python.org/versions/): the default of the standard's matrix has it, "
        "for 5 repositories (r1, r2, r3 and 2 more); 1 repository names it (own)"
    )


def test_repositories_of_several_stacks_are_told_apart() -> None:
    """Repositories of several stacks are named with their stack."""
    (notice,) = said(stack("one", a={}), stack("two", a={}))
    assert notice.endswith("for 2 repositories (one/a, two/a)")


STEP = {"name": "Smoke", "run": "./smoke.sh"}
SECRET = "${{ secrets.TOKEN }}"
READING = [
    {"deploy": {"command": "x", "env": {"A": SECRET}}},
    {"deploy": {"before": [STEP | {"env": {"A": "${{ secrets['token'] }}"}}]}},
    {"deploy": {"after": [{"name": "x", "uses": "a/b@v1", "with": {"key": f"x{SECRET}"}}]}},
    {"deploy": {"after": [STEP | {"if": "secrets.TOKEN != ''"}]}},
    {"deploy": {"after": [STEP | {"env": {"ALL": "${{ toJSON(secrets) }}"}}]}},
    {"package": {"before": [STEP | {"env": {"A": SECRET}}]}},
    {"packages": {"api": {"working_directory": "api", "before": [STEP | {"env": {"A": SECRET}}]}}},
]


@pytest.mark.parametrize("declared", READING)
def test_a_secret_that_a_step_of_the_deployment_names_is_read(declared: dict[str, Any]) -> None:
    """A secret that a deployment step names in any notation has no notice."""
    environments = {"environments": {"prod": {"secrets": ["Token"]}}}
    assert said(stack(a=CURRENT | environments | declared)) == NONE


@pytest.mark.parametrize(
    "declared",
    [
        {"deploy": {"lambda_function": "a", "alias": "live"}},
        {"deploy": {"command": "x", "env": {"A": "${{ vars.TOKEN }}", "B": "secrets.TOKEN"}}},
        {"ci": {"tests": {"before": [STEP | {"env": {"A": "${{ github.token }}"}}]}}},
        {"profile": "strict", "package": {"before": [STEP | {"env": {"A": SECRET}}]}},
    ],
    ids=["lambda", "something else", "ci", "prod takes the tested package"],
)
def test_a_secret_that_no_step_names_has_a_notice(declared: dict[str, Any]) -> None:
    """A secret that no step names has a notice."""
    environments = {"environments": {"prod": {"secrets": ["TOKEN"]}}}
    (notice,) = said(stack(a=CURRENT | environments | declared))
    assert notice == (
        "1 secret is read by no step of the workflows (a: prod TOKEN): a step names what it needs "
        "in `env`, the deploy command in `deploy.env`"
    )


def test_secrets_of_many_repositories_are_one_notice() -> None:
    """Unread secrets of many repositories are one notice, with their environments."""
    both = {name: {"secrets": ["TOKEN", "KEY"]} for name in ("dev", "prod")}
    declared = CURRENT | {"environments": both}
    (notice,) = said(stack(a=declared, b=declared))
    assert notice.startswith(
        "4 secrets are read by no step of the workflows (a: dev/prod TOKEN, a: dev/prod KEY, "
        "b: dev/prod TOKEN and 1 more): "
    )


def test_a_lambda_zip_without_declared_dependencies_has_a_notice() -> None:
    """A deployed Lambda zip without `package.dependencies` has a notice."""
    deploy = {"deploy": {"lambda_function": "{repository}"}}
    folder = {"working_directory": "src", "lambda_function": "x"}
    declared = stack(
        unsaid=deploy,
        none=deploy | {"package": {"dependencies": "none"}},
        null=deploy | {"package": {"dependencies": None}},
        vendored=deploy | {"package": {"dependencies": "vendored"}},
        library={},
        several={"packages": {"a": folder, "b": folder | {"working_directory": "b"}}},
        meant={"packages": {"a": folder | {"dependencies": "none"}}},
    )
    (notice,) = list(unsaid_dependencies([declared]))
    assert notice == (
        "2 repositories deploy a Lambda zip without saying `package.dependencies` (unsaid, "
        "several): what requirements.txt names is not in it. Say `vendored`, or `none` if that is "
        "meant"
    )
    (notice,) = unsaid_dependencies([stack(unsaid=deploy)])
    assert notice.startswith("1 repository deploys a Lambda zip without saying")


def test_followed_default_branches_are_told() -> None:
    """A notice names each default branch that is followed instead of main, and no other branch."""
    declared = stack(a={}, b={"branches": {"test": "v2", "prod": "v2"}}, c={"deploy": "none"})
    found = {
        "a": Found("master", {"master"}),
        "b": Found("v2", {"v2"}),
        "c": Found("trunk", {"trunk"}),
    }
    (notice,) = followed_branches(declared, stack_as_found(declared, found))
    assert notice == (
        "2 repositories have no 'main': test and prod follow the default branch "
        "(a: master, c: trunk)"
    )
    assert not list(followed_branches(declared, declared))


def test_what_is_not_deployed_lacks_no_dependencies() -> None:
    """A repository without a deployment builds no zip, so it has no notice about dependencies."""
    assert not list(unsaid_dependencies([stack(a={"deploy": "none"})]))
    assert list(unsaid_dependencies([stack(a={"deploy": {"lambda_function": "f"}})]))


def test_a_server_has_no_hosted_runners() -> None:
    """On a server, jobs with the default label have a notice: they may wait for ever."""
    settings = SETTINGS.model_copy(update={"github": GitHubHost(host="github.example.com")})
    own = stack("acme", a=CURRENT, b=CURRENT | {"runs_on": "self-hosted"})
    server = own.model_copy(update={"settings": settings})
    (notice,) = said(server)
    assert "1 repository's jobs wait for a runner labelled ubuntu-latest (a)" in notice
    assert said(own) == NONE
