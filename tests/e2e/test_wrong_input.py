"""A declaration that cannot be carried out: one clear message, and nothing written anywhere.

Mistakes in the file alone are tested in tests/components/config. Here are those that only GitHub or
the stack's configuration can tell, through the real `pulumi up`.
"""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.e2e.conftest import ONE_ACCOUNT, Project, new_project, running_world

FILE = "stacks/wrong/file.yaml"


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project whose stack `wrong` has one file, which each test writes."""
    folder = tmp_path_factory.mktemp("wrong")
    with running_world(folder) as world:
        archived = {"owner": "acme", "name": "attic", "archived": True, "files": {"a": "a"}}
        empty = {"owner": "acme", "name": "empty"}
        reader = {"token": "reader", "login": "hubot"}
        narrow = {"token": "narrow", "login": "monalisa", "scopes": ["repo", "admin:org"]}
        world.control(
            "POST", "seed", {"repositories": [archived, empty], "tokens": [reader, narrow]}
        )
        world.control("PATCH", "accounts/acme", {"plan": "team"})
        project = new_project(world, folder)
        project.new_stack("wrong", ONE_ACCOUNT)
        yield project


class Case(NamedTuple):
    """A declaration and what the user reads."""

    text: str
    message: str
    exit_code: int = 2
    variables: dict[str, str] = {}  # noqa: RUF012 - a tuple's default, never changed


BILLING = "repository: billing\n"
CASES = {
    "unknown login": Case(
        "repository: billing\nenvironments:\n  prod:\n    reviewers: {users: [nobody-here]}\n",
        f"{FILE}:4: environments.prod.reviewers.users.0: GitHub knows no user 'nobody-here': "
        "use the login, as in github.com/LOGIN",
    ),
    "unknown team": Case(
        "repository: billing\nenvironments:\n  prod:\n    reviewers: {teams: [pirates]}\n",
        f"{FILE}:4: environments.prod.reviewers.teams.0: acme has no team 'pirates': "
        "use the slug, as in the team's address",
    ),
    "team without access": Case(
        "repository: billing\nenvironments:\n  prod:\n    reviewers: {teams: [payments]}\n",
        f"{FILE}:4: environments.prod.reviewers.teams.0: team 'payments' has no access to "
        "acme/billing, so GitHub would drop it without an error: give the team payments read "
        "access to acme/billing, or name another",
    ),
    "repository that does not exist": Case(
        "repository: nothing-here\n",
        f"{FILE}:1: repository: acme/nothing-here is not shown by GitHub: create it, "
        "or let the token see it",
    ),
    "archived repository": Case(
        "repository: attic\n",
        f"{FILE}:1: repository: acme/attic is archived and read-only: unarchive it, "
        "or leave it out of the stack",
    ),
    "repository without a commit": Case(
        "repository: empty\n",
        f"{FILE}:1: repository: acme/empty has no commit yet: push a first one, "
        "workflows need a branch",
    ),
    "rule that the plan does not have": Case(
        "repository: payments\nenvironments:\n  prod:\n    admin_bypass: false\n",
        f"{FILE}:4: environments.prod.admin_bypass: payments is not public, and acme has the plan "
        "'team': GitHub has this rule in public repositories, and in others on Enterprise only",
    ),
    "token without rights": Case(
        BILLING,
        f"{FILE}:1: repository: acme/billing may not be administered with this token: "
        "environments need admin rights",
        3,
        {"GITHUB_TOKEN": "reader"},
    ),
    "token without a scope": Case(
        BILLING,
        "GITHUB_TOKEN: lacks the scope workflow: add it to the token, or use another",
        3,
        {"GITHUB_TOKEN": "narrow"},
    ),
    "token that GitHub does not know": Case(
        BILLING,
        "refuses the token in GITHUB_TOKEN (Bad credentials): is it expired or revoked?",
        3,
        {"GITHUB_TOKEN": "revoked"},
    ),
    "no token": Case(
        BILLING, "GITHUB_TOKEN: is not set: export a token that may", 3, {"GITHUB_TOKEN": ""}
    ),
    "GitHub down": Case(
        BILLING,
        "http://127.0.0.1:9/api/v3/: cannot be reached: [Errno 111] Connection refused",
        1,
        {"GITHUB_BASE_URL": "http://127.0.0.1:9/"},
    ),
    "no address": Case(
        BILLING, "GITHUB_BASE_URL: 'nowhere' is no address", 2, {"GITHUB_BASE_URL": "nowhere"}
    ),
    "somebody else's owner": Case(
        BILLING,
        "GITHUB_OWNER: is 'other', the stack's owner is 'acme': unset GITHUB_OWNER",
        2,
        {"GITHUB_OWNER": "other"},
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_up_stops_before_the_first_write(wrong: Project, case: Case) -> None:
    """`pulumi up` says what is wrong once, without a traceback, and GitHub sees no write."""
    wrong.write(FILE, case.text)
    wrong.world.control("POST", "requests/reset")
    done = wrong.pulumi(
        "up", "--yes", "--skip-preview", "--stack", "wrong", expect=None, **case.variables
    )
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert case.message in said
    assert "Nothing was changed." in said
    assert "Traceback" not in said
    assert wrong.world.control("GET", "requests")["writes"] == 0


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_validate_live_says_the_same_with_its_exit_code(wrong: Project, case: Case) -> None:
    """`slipway validate --live` exits 2 for a wrong declaration, 3 for a token, 1 for GitHub."""
    wrong.write(FILE, case.text)
    slipway = str(wrong.folder / ".venv/bin/slipway")
    done = wrong.run(
        slipway, "validate", "--live", "wrong", expect=case.exit_code, **case.variables
    )
    assert case.message in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("value", [None, ""], ids=["missing", "empty"])
def test_a_secret_without_value_stops_the_run(wrong: Project, value: str | None) -> None:
    """No environment is made for a deployment that would lack its secret."""
    wrong.write(FILE, "repository: billing\nenvironments: {prod: {secrets: [KEY]}}\n")
    wrong.world.control("POST", "requests/reset")
    path = ("--path", "secrets.billing.prod.KEY")
    if value is not None:
        wrong.pulumi("config", "set", "--secret", *path, value, "--stack", "wrong")
    done = wrong.pulumi("up", "--yes", "--skip-preview", "--stack", "wrong", expect=None)
    wrong.pulumi("config", "rm", *path, "--stack", "wrong")
    assert done.returncode != 0
    reason = "has no value" if value is None else "is empty"
    assert f"secret KEY {reason}: run pulumi config set --secret" in done.stdout + done.stderr
    assert wrong.world.control("GET", "requests")["writes"] == 0


def test_a_broken_file_stops_the_run_too(wrong: Project) -> None:
    """`pulumi up` reports a broken file in the words of `slipway validate`."""
    wrong.write(FILE, "repository: billing\ndeployy: {}\n")
    done = wrong.pulumi("up", "--yes", "--skip-preview", "--stack", "wrong", expect=None)
    assert done.returncode != 0
    assert f"{FILE}:2: deployy: unknown key, allowed are" in done.stdout + done.stderr


def test_an_oidc_provider_of_somebody_stops_every_command(wrong: Project) -> None:
    """The account has one already: the program, validate, up and drift say so in the same words.

    The stack's first run would otherwise make everything but the provider, and fail each time.
    """
    stack = "stacks/wrong/_stack.yaml"
    wrong.write("stacks/wrong/file.yaml", BILLING)
    wrong.write(stack, ONE_ACCOUNT.replace("existing", "create"))
    wrong.world.control("POST", "requests/reset")
    commands = (
        ("pulumi", "up", "--yes", "--skip-preview", "--stack", "wrong", "--non-interactive"),
        ("slipway", "validate", "--live", "wrong"),
        ("slipway", "up", "--yes", "wrong"),
        ("slipway", "drift", "--no-preview", "wrong"),
    )
    for program, *arguments in commands:
        run = wrong.slipway if program == "slipway" else wrong.pulumi
        rest = arguments if program == "slipway" else arguments[:-1]
        done = run(*rest, expect=None)
        said = done.stdout + done.stderr
        assert f"{stack}:3: accounts.dev.oidc_provider: the account has GitHub's OIDC" in said
        assert "an earlier run" not in said
        assert done.returncode not in {0, 7}
    assert wrong.world.control("GET", "requests")["writes"] == 0
    wrong.write(stack, ONE_ACCOUNT)
