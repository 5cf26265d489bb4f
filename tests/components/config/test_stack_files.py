from pathlib import Path

import pytest

from components.config.problems import ConfigurationError, ExitCode
from components.config.stack_files import StackFiles
from components.model.terms import ENVIRONMENTS
from tests.components.config.conftest import SETTINGS, WriteStack


def problems(folder: Path) -> list[str]:
    """What a user reads."""
    with pytest.raises(ConfigurationError) as caught:
        StackFiles(folder)
    assert caught.value.exit_code == ExitCode.CONFIGURATION
    assert str(caught.value).endswith("Nothing was changed.")
    return [str(problem) for problem in caught.value.problems]


def test_a_file_in_a_folder_below_is_not_overlooked(write_stack: WriteStack) -> None:
    """Whoever sorts declarations into folders hears that nothing there is read."""
    folder = write_stack(a="repository: a\n")
    (folder / "payments").mkdir()
    (folder / "payments/billing.yaml").write_text("repository: billing\n", encoding="utf-8")
    assert problems(folder) == [
        (
            "stacks/s/payments/billing.yaml: is not read: declarations stand in stacks/s itself, "
            "move it there"
        )
    ]


def test_the_minimal_file_has_the_standards_defaults(write_stack: WriteStack) -> None:
    """`repository: NAME` alone is a complete declaration."""
    (repository,) = StackFiles(write_stack(billing="repository: billing\n")).stack.repositories
    branches = [repository.deployment_branches(name) for name in ENVIRONMENTS]
    assert branches == [("develop",), ("main",), ("main",)]
    assert [repository.environment(n).admin_bypass for n in ENVIRONMENTS] == [True, True, False]
    assert repository.python_versions == ("3.10", "3.11", "3.12")
    assert repository.role_name("acme", "prod") == "acme.billing-prod"


DEFAULTS = """\
defaults:
  environments:
    prod:
      reviewers: {teams: [platform], users: [octocat]}
      wait_minutes: 10
      variables: {LOG_LEVEL: info, MODE: fast}
      secrets: {TOKEN: config}
"""


def test_absent_inherits_and_present_replaces(write_stack: WriteStack) -> None:
    """Mappings are laid over each other key by key; lists and scalars replace."""
    text = "repository: a\nenvironments: {prod: {reviewers: {users: [hubot]}, wait_minutes: 3}}\n"
    (repository,) = StackFiles(write_stack(SETTINGS + DEFAULTS, a=text)).stack.repositories
    prod = repository.environments.prod
    assert prod.reviewers.teams == ("platform",)
    assert prod.reviewers.users == ("hubot",)
    assert prod.wait_minutes == 3
    assert prod.variables == {"LOG_LEVEL": "info", "MODE": "fast"}
    assert not prod.admin_bypass


def test_null_means_explicitly_none(write_stack: WriteStack) -> None:
    """`null` takes away what a layer below declares, and only that."""
    text = (
        "repository: a\nenvironments:\n  prod:\n    reviewers: {teams: null}\n"
        "    wait_minutes: null\n    variables: {MODE: null}\n    secrets: {TOKEN: null}\n"
    )
    (repository,) = StackFiles(write_stack(SETTINGS + DEFAULTS, a=text)).stack.repositories
    prod = repository.environments.prod
    assert prod.reviewers.teams == ()
    assert prod.reviewers.users == ("octocat",)
    assert prod.wait_minutes == 0
    assert prod.variables == {"LOG_LEVEL": "info"}
    assert prod.secrets == {}


def prod(text: str) -> str:
    """A repository file whose line 4 starts what is wrong with prod."""
    return f"repository: a\nenvironments:\n  prod:\n    {text}\n"


A = "stacks/s/a.yaml"
SEVEN = "[u1, u2, u3, u4, u5, u6, u7]"
WRONG = {
    "unknown key": (
        "repository: a\ndeployy: {}\n",
        (
            f"{A}:2: deployy: unknown key, allowed are repository, branches, python_versions, "
            "profile, runs_on, timeout_minutes, working_directory, ci, environments, deploy, "
            "package, packages, artifacts; did you mean deploy?"
        ),
    ),
    "unknown key deep down": (
        prod("reviewers: {team: [x]}"),
        (
            f"{A}:4: environments.prod.reviewers.team: unknown key, allowed are users, teams; "
            "did you mean teams?"
        ),
    ),
    "bad type": (
        prod("wait_minutes: soon"),
        f"{A}:4: environments.prod.wait_minutes: found 'soon', expected a whole number",
    ),
    "number for text": (
        prod("variables: {PORT: 80}"),
        f"{A}:4: environments.prod.variables.PORT: found 80, expected text (in quotes)",
    ),
    "list for mapping": (
        prod("reviewers: [octocat]"),
        f"{A}:4: environments.prod.reviewers: found a list, expected keys and values: users, teams",
    ),
    "text for mapping": (
        "repository: a\ndeploy: billing-api\n",
        (
            f"{A}:2: deploy: found 'billing-api', expected keys and values: "
            "lambda_function, alias, command, before, after, runs_on, timeout_minutes"
        ),
    ),
    "an environment's long name": (
        "repository: a\nenvironments: {production: {}}\n",
        (
            f"{A}:2: environments.production: unknown key, allowed are dev, test, prod; "
            "did you mean prod?"
        ),
    ),
    "variable that the shell needs": (
        prod("variables: {PATH: /app}"),
        (
            f"{A}:4: environments.prod.variables.PATH: 'PATH' has a meaning of its own in the "
            "deployment, which gets secrets and variables as environment variables: choose another "
            "name"
        ),
    ),
    "secret in place of the role's credentials": (
        prod("secrets: [aws_session_token]"),
        (
            f"{A}:4: environments.prod.secrets.aws_session_token: 'aws_session_token' has a "
            "meaning of its own in the deployment, which gets secrets and variables as environment "
            "variables: choose another name"
        ),
    ),
    "secret and variable of one name": (
        prod("{secrets: [KEY], variables: {key: a}}"),
        (
            f"{A}:4: environments.prod.variables: KEY is a secret as well: the deployment gets "
            "both as environment variables, rename one"
        ),
    ),
    "unquoted version": (
        "repository: a\npython_versions: [3.10]\n",
        (
            f"{A}:2: python_versions.0: found the number 3.1, expected a version in quotes, as in "
            '"3.10" (YAML drops the zero of an unquoted 3.10)'
        ),
    ),
    "seven reviewers": (
        prod(f"reviewers: {{users: {SEVEN}}}"),
        (
            f"{A}:4: environments.prod.reviewers: 7 reviewers given, GitHub allows 6 (users and "
            "teams together): name a team instead of its members"
        ),
    ),
    "wait of 31 days": (
        prod("wait_minutes: 44640"),
        (
            f"{A}:4: environments.prod.wait_minutes: found 44640; "
            "allowed is less than or equal to 43200"
        ),
    ),
    "environment not dev, test or prod": (
        "repository: a\nenvironments:\n  stage: {}\n",
        f"{A}:3: environments.stage: unknown key, allowed are dev, test, prod",
    ),
    "name with a slash": (
        "repository: acme/a\n",
        (
            f"{A}:1: repository: 'acme/a' has a slash: write the name alone, the owner is the "
            "stack's (`owner` in _stack.yaml)"
        ),
    ),
    "bad ARN": (
        prod("role: {permissions_boundary: deployments}"),
        (
            f"{A}:4: environments.prod.role.permissions_boundary: 'deployments' is not the ARN of "
            "a managed policy: arn:aws:iam::<account or aws>:policy/<name>"
        ),
    ),
    "trigger not admitted": (
        prod("deployment_branches: [release/*]"),
        (
            f"{A}:4: environments.prod.deployment_branches: release/* does not admit 'main', the "
            "branch that deploys to prod: add it (or change branches.prod)"
        ),
    ),
    "own variable": (
        prod("variables: {aws_role_arn: x}"),
        f"{A}:4: environments.prod.variables: AWS_ROLE_ARN: slipway sets this variable; remove it",
    ),
    "prod on a branch that is never tested": (
        "repository: a\nbranches: {test: main, prod: release}\n",
        (
            f"{A}:2: branches.prod: 'release' is never tested: prod follows the test run of "
            "'main', declare the same branch for both"
        ),
    ),
    "an expression as code": (
        "repository: a\ndeploy: {command: 'echo ${{ github.head_ref }}'}\n",
        f"{A}:2: deploy.command: an expression in a command becomes code before the shell reads",
    ),
    "the name of slipway's own policy": (
        prod("role: {inline_policies: {deploy: {Version: 2012-10-17}}}"),
        f"{A}:4: environments.prod.role.inline_policies.deploy: 'deploy' is not a policy's name",
    ),
    "two ways to deploy": (
        "repository: a\ndeploy: {lambda_function: f, command: make}\n",
        f"{A}:2: deploy: lambda_function and command given: a repository deploys one way",
    ),
    "secret name GitHub refuses": (
        prod("secrets: [GITHUB_KEY]"),
        (
            f"{A}:4: environments.prod.secrets.GITHUB_KEY: 'GITHUB_KEY' starts with GITHUB_, "
            "which GitHub keeps for itself"
        ),
    ),
    "missing name": ("branches: {dev: x}\n", f"{A}:1: repository: is missing; it has no default"),
    "not YAML": ("a: [\n", f"{A}:2: is not valid YAML: "),
    "a key twice": ("repository: a\nrepository: b\n", f"{A}:2: is not valid YAML: found duplicate"),
    "empty file": ("", f"{A}:1: found nothing, expected keys and values"),
}


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_one_message_with_its_place(
    write_stack: WriteStack, text: str, message: str
) -> None:
    """Each mistake is reported once, with file, line, path, what was found and what is allowed."""
    (found,) = problems(write_stack(a=text))
    assert found.startswith(message)


@pytest.mark.parametrize("pasted", ["{API_KEY: hunter2}", "hunter2", "[{API_KEY: hunter2}]"])
def test_a_pasted_secret_is_not_shown_again(write_stack: WriteStack, pasted: str) -> None:
    """A value where a name belongs is refused without repeating it into somebody's logs."""
    found = problems(write_stack(a=prod(f"secrets: {pasted}")))
    assert "values never stand in a declaration" in found[0] or "not a secret" in found[0]
    assert "hunter2" not in " ".join(found)


def test_an_unquoted_policy_version_stays_what_iam_reads(write_stack: WriteStack) -> None:
    """YAML takes 2012-10-17 for a date; the policy has it as text."""
    text = prod("role: {inline_policies: {queue: {Version: 2012-10-17, Statement: []}}}")
    (repository,) = StackFiles(write_stack(a=text)).stack.repositories
    assert repository.environments.prod.role.inline_policies == {
        "queue": {"Version": "2012-10-17", "Statement": []}
    }


def test_a_mistake_in_the_defaults_is_reported_where_it_was_written(
    write_stack: WriteStack,
) -> None:
    """A value inherited from _stack.yaml is wrong there, once, not in each repository's file."""
    settings = f"{SETTINGS}defaults:\n  environments:\n    prod: {{wait_minutes: 44640}}\n"
    folder = write_stack(settings, a="repository: a\n", b="repository: b\n")
    (found,) = problems(folder)
    assert found.startswith("stacks/s/_stack.yaml:8: defaults.environments.prod.wait_minutes: ")


def test_every_offender_is_reported_at_once(write_stack: WriteStack) -> None:
    """Mistakes of different files come together, in the order of files and lines."""
    folder = write_stack(
        SETTINGS.replace("333333333333", "33"), a=prod("wait_minutes: -1"), b="repo: b\n"
    )
    found = problems(folder)
    assert [line.split(": ")[0] for line in found] == [
        "stacks/s/_stack.yaml:5",
        "stacks/s/a.yaml:4",
        "stacks/s/b.yaml:1",
        "stacks/s/b.yaml:1",
    ]


def test_a_missing_account_is_named(write_stack: WriteStack) -> None:
    """Each environment needs an account."""
    settings = "\n".join(SETTINGS.splitlines()[:-1]) + "\n"
    (found,) = problems(write_stack(settings, a="repository: a\n"))
    assert found == "stacks/s/_stack.yaml:2: accounts.prod: is missing; it has no default"


def test_a_repository_is_declared_once(write_stack: WriteStack) -> None:
    """Two files for one repository are refused; GitHub ignores case."""
    (found,) = problems(write_stack(a="repository: api\n", b="repository: API\n"))
    assert found == (
        "stacks/s/b.yaml:1: repository: 'API' is declared in stacks/s/a.yaml already "
        "(GitHub ignores case)"
    )


def test_two_roles_never_share_a_name(write_stack: WriteStack) -> None:
    """A declared role name that another environment of the account has is refused."""
    named = "repository: {}\nenvironments: {{prod: {{role: {{name: deploy}}}}}}\n"
    (found,) = problems(write_stack(a=named.format("a"), b=named.format("b")))
    assert found == (
        "stacks/s/b.yaml:2: environments.prod.role.name: role 'deploy' in account 333333333333 is "
        "a, prod's already: a role opens for one repository and environment, name another"
    )


def test_an_unknown_stack_lists_the_known_ones(write_stack: WriteStack) -> None:
    """Somebody who mistypes a stack's name is told the names there are."""
    folder = write_stack(a="repository: a\n")
    (found,) = problems(folder.parent / "prod")
    assert found.endswith("stacks here: s")


def test_a_role_to_assume_is_of_its_account(write_stack: WriteStack) -> None:
    """A role of another account would provision the wrong one."""
    foreign = '"333333333333", assume_role: "arn:aws:iam::111111111111:role/x"'
    (found,) = problems(write_stack(SETTINGS.replace('"333333333333"', foreign)))
    assert found.startswith("stacks/s/_stack.yaml:5: accounts.prod: assume_role arn:aws:iam::1111")
