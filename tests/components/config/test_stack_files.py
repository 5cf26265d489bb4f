import pytest

from components.config.stack_files import StackFiles
from components.model.types import ENVIRONMENTS
from tests.operations.live.reading import problems, prod
from tests.stacks import SETTINGS, WriteStack


def test_a_file_in_a_folder_below_is_not_overlooked(write_stack: WriteStack) -> None:
    """A declaration in a subfolder is a problem, since slipway does not read it."""
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
    """`null` removes only the value that a lower layer declares."""
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


def test_what_stays_is_inherited_and_null_is_the_default(write_stack: WriteStack) -> None:
    """A repository inherits or overrides the keys of `offboarding`; `null` means `remove`."""
    kept = "defaults: {offboarding: {environments: keep, workflow_files: keep}}\n"
    text = "repository: {}\noffboarding: {}\n"
    folder = write_stack(
        SETTINGS + kept,
        a=text.format("a", "{environments: null}"),
        b=text.format("b", "{workflow_files: remove}"),
        c=text.format("c", "null"),
    )
    a, b, c = (repository.offboarding for repository in StackFiles(folder).stack.repositories)
    assert (a.environments, a.workflow_files) == ("remove", "keep")
    assert (b.environments, b.workflow_files) == ("keep", "remove")
    assert (c.environments, c.workflow_files) == ("remove", "remove")


def test_another_case_is_another_name(write_stack: WriteStack) -> None:
    """GitHub sees the same repository, but Pulumi would delete and create all its objects again."""
    text = "repository: Billing\npreviously: billing\n"
    (repository,) = StackFiles(write_stack(billing=text)).stack.repositories
    assert repository.previously == ("billing",)


def test_an_unquoted_policy_version_stays_what_iam_reads(write_stack: WriteStack) -> None:
    """An unquoted policy version stays text, although YAML 1.1 reads it as a date."""
    text = prod("role: {inline_policies: {queue: {Version: 2012-10-17, Statement: []}}}")
    (repository,) = StackFiles(write_stack(a=text)).stack.repositories
    assert repository.environments.prod.role.inline_policies == {
        "queue": {"Version": "2012-10-17", "Statement": []}
    }


def test_a_mistake_in_the_defaults_is_reported_where_it_was_written(
    write_stack: WriteStack,
) -> None:
    """A wrong value in _stack.yaml is reported there, once, not in each repository's file."""
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
    """A missing account is named, since each environment needs an account."""
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
    """The message for a mistyped name lists the existing stacks."""
    folder = write_stack(a="repository: a\n")
    (found,) = problems(folder.parent / "prod")
    assert found.endswith("stacks here: s")


@pytest.mark.parametrize("key", ["assume_role", "read_role"])
def test_a_role_to_assume_is_of_its_account(write_stack: WriteStack, key: str) -> None:
    """A role of another account is refused: slipway would change or read the wrong account."""
    foreign = f'"333333333333", {key}: "arn:aws:iam::111111111111:role/x"'
    (found,) = problems(write_stack(SETTINGS.replace('"333333333333"', foreign)))
    assert found.startswith(f"stacks/s/_stack.yaml:5: accounts.prod: {key} arn:aws:iam::1111")


def test_a_former_name_is_one_repositorys(write_stack: WriteStack) -> None:
    """A repository cannot claim a name that another declared repository has or claims."""
    found = problems(
        write_stack(
            a="repository: a\n",
            b="repository: b\npreviously: A\n",
            c="repository: c\npreviously: [x]\n",
            d="repository: d\npreviously: [x]\n",
        )
    )
    assert [line.partition(": a name was")[0] for line in found] == [
        "stacks/s/b.yaml:2: previously.0: 'A' is a's already",
        "stacks/s/d.yaml:2: previously.0: 'x' is c's already",
    ]


def test_an_offboarding_begins_in_a_repositorys_own_file(write_stack: WriteStack) -> None:
    """A repository whose own file says `offboarding.now` leaves the stack."""
    leaving = "repository: a\noffboarding: {now: true}\n"
    stack = StackFiles(write_stack(a=leaving, b="repository: b\n")).stack
    assert [one.name for one in stack.repositories] == ["b"]
    assert [one.name for one in stack.leaving] == ["a"]


def test_an_offboarding_of_all_is_refused(write_stack: WriteStack) -> None:
    """`offboarding.now` in the defaults is refused: it would offboard every repository."""
    settings = f"{SETTINGS}defaults:\n  offboarding: {{now: true}}\n"
    (problem,) = problems(write_stack(settings, b="repository: b\n"))
    assert "_stack.yaml" in problem
    assert "defaults.offboarding.now: would offboard every repository of the stack" in problem
