"""A declaration that cannot be carried out gives one clear message, and nothing is written.

tests/components/config tests mistakes in the file alone. These are mistakes that only GitHub or the
stack's configuration reveals, through the real `pulumi up`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.e2e.conftest import ONE_ACCOUNT, Project, new_project, running_world

FILE = "stacks/wrong/file.yaml"
#: Repositories of wrong declarations; everything else about them is right.
SOUND = ("login", "team", "access")


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project whose stack `wrong` has one file, which each test writes."""
    folder = tmp_path_factory.mktemp("wrong")
    with running_world(folder) as world:
        archived = {"owner": "acme", "name": "attic", "archived": True, "files": {"a": "a"}}
        empty = {"owner": "acme", "name": "empty"}
        sound = [{"owner": "acme", "name": name, "files": {"a": "a"}} for name in SOUND]
        reader = {"token": "reader", "login": "hubot"}
        narrow = {"token": "narrow", "login": "monalisa", "scopes": ["repo", "admin:org"]}
        world.control(
            "POST", "seed", {"repositories": [archived, empty, *sound], "tokens": [reader, narrow]}
        )
        world.control("PATCH", "accounts/acme", {"plan": "team"})
        project = new_project(world, folder)
        project.new_stack("wrong", ONE_ACCOUNT)
        yield project


class Declaration(NamedTuple):
    """A wrong declaration and the message about it, which begins with the line."""

    text: str
    message: str


#: By the name of the file.
DECLARATIONS = {
    "login": Declaration(
        "repository: login\nenvironments:\n  prod:\n    reviewers: {users: [nobody-here]}\n",
        "4: environments.prod.reviewers.users.0: GitHub knows no user 'nobody-here': "
        "use the login, as in github.com/LOGIN",
    ),
    "team": Declaration(
        "repository: team\nenvironments:\n  prod:\n    reviewers: {teams: [pirates]}\n",
        "4: environments.prod.reviewers.teams.0: acme has no team 'pirates': "
        "use the slug, as in the team's address",
    ),
    "access": Declaration(
        "repository: access\nenvironments:\n  prod:\n    reviewers: {teams: [payments]}\n",
        "4: environments.prod.reviewers.teams.0: team 'payments' has no access to "
        "acme/access, so GitHub would drop it without an error: give the team payments read "
        "access to acme/access, or name another",
    ),
    "missing": Declaration(
        "repository: nothing-here\n",
        "1: repository: acme/nothing-here is not shown by GitHub: create it, "
        "or let the token see it",
    ),
    "archived": Declaration(
        "repository: attic\n",
        "1: repository: acme/attic is archived and read-only: unarchive it, "
        "or leave it out of the stack",
    ),
    "empty": Declaration(
        "repository: empty\n",
        "1: repository: acme/empty has no commit yet: push a first one, workflows need a branch",
    ),
    "plan": Declaration(
        "repository: payments\nenvironments:\n  prod:\n    admin_bypass: false\n",
        "4: environments.prod.admin_bypass: payments is not public, and acme has the plan "
        "'team': GitHub has this rule in public repositories, and in others on Enterprise only",
    ),
}


class Reports(NamedTuple):
    """The reports on all wrong declarations at once."""

    up: str
    """The output of `pulumi up`."""
    writes: int
    """The number of its writing requests to GitHub."""
    validate: str
    """The errors of `slipway validate --live`."""
    table: str
    """Its table."""


@pytest.fixture(scope="module")
def reports(wrong: Project) -> Reports:
    """A stack with all of the wrong declarations."""
    files = {name: declared.text for name, declared in DECLARATIONS.items()}
    wrong.new_stack("many", ONE_ACCOUNT, **files)
    wrong.world.control("POST", "requests/reset")
    up = wrong.pulumi("up", "--yes", "--skip-preview", "--stack", "many", expect=None)
    assert up.returncode != 0
    writes = wrong.world.control("GET", "requests")["writes"]
    validate = wrong.slipway("validate", "--live", "many", expect=2)
    return Reports(up.stdout + up.stderr, writes, validate.stderr, validate.stdout)


@pytest.mark.parametrize("name", DECLARATIONS)
def test_a_wrong_declaration_is_named(reports: Reports, name: str) -> None:
    """`pulumi up` and `slipway validate --live` print the same message, with file and line."""
    line = f"stacks/many/{name}.yaml:{DECLARATIONS[name].message}"
    assert line in reports.up
    assert reports.validate.count(line) == 1


def test_each_question_has_its_line(reports: Reports) -> None:
    """The table of `validate --live` has each problem at its check; other checks have none."""
    rows: list[str] = []
    for line in reports.table.splitlines():
        if line.startswith(" "):  # a long answer goes on in the next line
            rows[-1] += line
        else:
            rows.append(line)
    wrong = [row.split() for row in rows if row.startswith("problem")]
    assert [(row[2], " ".join(row[-2:])) for row in wrong] == [
        ("repositories", "3 problems"),
        ("plan", "1 problem"),
        ("reviewers", "3 problems"),
    ]
    assert "not asked" not in reports.table


def test_wrong_declarations_stop_the_run(reports: Reports) -> None:
    """The output has only the problems, without a traceback, and GitHub receives no write."""
    assert f"{len(DECLARATIONS)} problems. Nothing was changed." in reports.up
    assert "Traceback" not in reports.up
    assert reports.writes == 0


class Case(NamedTuple):
    """One wrong setting: the message for the user, the exit code, and the shell's variables."""

    message: str
    exit_code: int
    variables: dict[str, str]


BILLING = "repository: billing\n"
CASES = {
    "token without rights": Case(
        f"{FILE}:1: repository: acme/billing may not be administered with this token: "
        "environments need admin rights",
        3,
        {"GITHUB_TOKEN": "reader"},
    ),
    "token without a scope": Case(
        "GITHUB_TOKEN: lacks the scope workflow: add it to the token, or use another",
        3,
        {"GITHUB_TOKEN": "narrow"},
    ),
    "token that GitHub does not know": Case(
        "refuses the token in GITHUB_TOKEN (Bad credentials): is it expired or revoked?",
        3,
        {"GITHUB_TOKEN": "revoked"},
    ),
    "no token": Case("GITHUB_TOKEN: is not set: export a token that may", 3, {"GITHUB_TOKEN": ""}),
    "GitHub down": Case(
        "http://127.0.0.1:9/api/v3/: cannot be reached: [Errno 111] Connection refused",
        1,
        {"GITHUB_BASE_URL": "http://127.0.0.1:9/"},
    ),
    "no address": Case(
        "GITHUB_BASE_URL: 'nowhere' is no address", 2, {"GITHUB_BASE_URL": "nowhere"}
    ),
    "another owner": Case(
        "GITHUB_OWNER: is 'other', the stack's owner is 'acme': unset GITHUB_OWNER",
        2,
        {"GITHUB_OWNER": "other"},
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_up_stops_before_the_first_write(wrong: Project, case: Case) -> None:
    """`pulumi up` prints the message without a traceback, and GitHub receives no write."""
    wrong.write(FILE, BILLING)
    wrong.world.control("POST", "requests/reset")
    done = wrong.pulumi(
        "up", "--yes", "--skip-preview", "--stack", "wrong", expect=None, **case.variables
    )
    assert done.returncode != 0
    output = done.stdout + done.stderr
    assert case.message in output
    assert "Nothing was changed." in output
    assert "Traceback" not in output
    assert wrong.world.control("GET", "requests")["writes"] == 0


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_validate_live_prints_the_same_with_its_exit_code(wrong: Project, case: Case) -> None:
    """`slipway validate --live` exits 2 for a wrong setting, 3 for a token, 1 for GitHub."""
    wrong.write(FILE, BILLING)
    done = wrong.slipway("validate", "--live", "wrong", expect=case.exit_code, **case.variables)
    assert case.message in done.stderr
    # The table names the check that failed; without GitHub's answer no line says "no problem".
    assert re.search(
        r"^(problem|not asked) +acme +(owner|token: (reading|writing)) ", done.stdout, re.MULTILINE
    )
    assert "no problem" not in done.stdout


def test_secrets_without_a_value_stop_the_run(wrong: Project) -> None:
    """No environment is created if one of its secrets has no value."""
    wrong.write(FILE, "repository: billing\nenvironments: {prod: {secrets: [KEY, EMPTY]}}\n")
    wrong.world.control("POST", "requests/reset")
    path = ("--path", "secrets.billing.prod.EMPTY")
    wrong.pulumi("config", "set", "--secret", *path, "", "--stack", "wrong")
    done = wrong.pulumi("up", "--yes", "--skip-preview", "--stack", "wrong", expect=None)
    wrong.pulumi("config", "rm", *path, "--stack", "wrong")
    assert done.returncode != 0
    for reason in ("KEY has no value", "EMPTY is empty"):
        assert f"secret {reason}: run pulumi config set --secret" in done.stdout + done.stderr
    assert wrong.world.control("GET", "requests")["writes"] == 0


def test_a_broken_file_stops_the_run_too(wrong: Project) -> None:
    """`pulumi up` reports a broken file in the words of `slipway validate`."""
    wrong.write(FILE, "repository: billing\ndeployy: {}\n")
    done = wrong.pulumi("up", "--yes", "--skip-preview", "--stack", "wrong", expect=None)
    assert done.returncode != 0
    assert f"{FILE}:2: deployy: unknown key, allowed are" in done.stdout + done.stderr


def test_a_foreign_oidc_provider_stops_every_command(wrong: Project) -> None:
    """If the account already has a provider, the program, validate, up and drift print one message.

    Without this check each run would create everything except the provider, and fail.
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
        output = done.stdout + done.stderr
        assert f"{stack}:3: accounts.dev.oidc_provider: the account has GitHub's OIDC" in output
        assert "an earlier run" not in output
        assert done.returncode not in {0, 7}
    assert wrong.world.control("GET", "requests")["writes"] == 0
    wrong.write(stack, ONE_ACCOUNT)
