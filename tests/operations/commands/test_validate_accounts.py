"""`slipway validate --live` checks AWS accounts, here the sandbox's."""

import itertools
import json
import os
from typing import Any

import pytest
from moto.iam.models import iam_backends

from components.config.problems import ExitCode
from components.config.stack_files import StackFiles
from components.documents.rights import rights
from operations.checks.aws import account_checks, ask_account
from operations.checks.check import Check, Result
from operations.state.known_objects import Known
from sandbox.aws.seed import account_iam, seed_account
from sandbox.serving import Server
from tests.operations.aws_variables import use_aws
from tests.stacks import WriteStack

pytestmark = pytest.mark.emulated

OWN = "123456789012"
BILLING = "repository: billing\n"
_ACCOUNTS = itertools.count(400_000_000_001)
DOCUMENT = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}


@pytest.fixture(autouse=True)
def _environment(aws: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    use_aws(monkeypatch, aws.url)


@pytest.fixture
def account(aws: Server) -> str:
    """Create an account with slipway's role, and return its id."""
    number = str(next(_ACCOUNTS))
    seed_account(aws.url, number, policies={"boundary": DOCUMENT})
    return number


def settings(account: str) -> str:
    """One account for all environments."""
    role = f"arn:aws:iam::{account}:role/slipway"
    place = f'{{account_id: "{account}", region: eu-west-1, assume_role: {role}}}'
    lines = [f"  {name}: {place}\n" for name in ("dev", "test", "prod")]
    return "owner: acme\naccounts:\n" + "".join(lines)


def with_boundary(arn: str, *managed: str) -> str:
    """Return a repository whose prod role has a boundary (line 5) and managed policies (line 7)."""
    text = f"{BILLING}environments:\n  prod:\n    role:\n      permissions_boundary: {arn}\n"
    return text + "".join(["      managed_policies:\n", *(f"      - {one}\n" for one in managed)])


def make_role(aws: Server, account: str, name: str, **tags: str) -> None:
    """Create a role that the account itself may assume."""
    statement = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}
    create(aws, account, name, statement, tags)


def create(
    aws: Server, account: str, name: str, statement: dict[str, Any], tags: dict[str, str]
) -> None:
    """Create a role with one statement of trust."""
    iam = account_iam(aws.url, account)
    iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        Tags=[{"Key": key.replace("_", "-"), "Value": value} for key, value in tags.items()],
    )
    iam.close()


def checks(files: StackFiles, known: Known | None = None) -> list[Check]:
    """Return the checks of every account of a stack."""
    accounts = files.stack.settings.distinct_accounts()
    return [
        check
        for name, one in accounts
        for check in account_checks(files, name, one, ask_account(files, one), known)
    ]


def problems(files: StackFiles, known: Known | None = None) -> tuple[list[str], ExitCode | None]:
    """Return the messages and the exit code, which is None without a problem."""
    bad = [check for check in checks(files, known) if check.problems]
    assert all(check.result is Result.PROBLEM for check in bad)
    messages = sorted({problem for check in bad for problem in check.problems})
    return [str(message) for message in messages], max((check.code for check in bad), default=None)


def results(files: StackFiles) -> dict[str, tuple[Result, str]]:
    """Return result and answer of each check of the only account."""
    return {check.name: (check.result, check.answer) for check in checks(files)}


def test_accounts_that_are_ready_are_fine(account: str, write_stack: WriteStack) -> None:
    """An account with the declared policies and room for the roles has six lines, all fine."""
    boundary, managed = f"arn:aws:iam::{account}:policy/boundary", "ReadOnlyAccess"
    text = with_boundary(boundary, f"arn:aws:iam::aws:policy/{managed}")
    assert results(StackFiles(write_stack(settings(account), billing=text))) == {
        "credentials": (Result.OK, f"they assume arn:aws:iam::{account}:role/slipway"),
        "region": (Result.OK, "eu-west-1 of partition aws"),
        "OIDC provider": (Result.OK, "not there, declared as create"),
        "quota of roles": (Result.OK, "1 of 1000 exist, 3 are to be made"),
        "names of roles": (Result.OK, "3 names, by slipway's tags"),
        "boundaries and policies": (Result.OK, "2 policies"),
    }


def test_an_account_without_a_role_counts_none(account: str, write_stack: WriteStack) -> None:
    """A stack whose repositories are still to be declared asks for no role and no policy."""
    found = results(StackFiles(write_stack(settings(account))))
    assert found["quota of roles"] == (Result.OK, "1 of 1000 exist, none is to be made")
    assert found["names of roles"] == (Result.OK, "none is declared")


def test_credentials_of_one_account_do_not_reach_three(write_stack: WriteStack) -> None:
    """Without assume_role each other account is a problem that names the credentials' account."""
    found, code = problems(StackFiles(write_stack(billing=BILLING)))
    assert code == ExitCode.AUTHENTICATION
    assert [line.split(": ")[:2] for line in found] == [
        [f"stacks/s/_stack.yaml:{line}", f"accounts.{name}.account_id"]
        for line, name in ((3, "dev"), (4, "test"), (5, "prod"))
    ]
    assert all(f"the credentials are of account {OWN}: set others" in line for line in found)
    assert "declare assume_role: a role in 111111111111" in found[0]


def test_missing_policies_are_named_at_their_lines(account: str, write_stack: WriteStack) -> None:
    """A boundary and a managed policy that do not exist are problems of the declaration."""
    aws_own = "arn:aws:iam::aws:policy"
    text = with_boundary(
        f"arn:aws:iam::{account}:policy/none", f"{aws_own}/ReadOnlyAccess", f"{aws_own}/Unheard"
    )
    found, code = problems(StackFiles(write_stack(settings(account), billing=text)))
    assert code == ExitCode.CONFIGURATION
    assert len(found) == 2
    assert found[0].startswith("stacks/s/billing.yaml:5: ")
    assert f"has no policy arn:aws:iam::{account}:policy/none: create it" in found[0]
    assert found[1].startswith("stacks/s/billing.yaml:8: ")
    assert "policy/Unheard" in found[1]


def test_a_missing_boundary_of_all_is_one_problem(account: str, write_stack: WriteStack) -> None:
    """A boundary that every repository inherits is reported once, where it is declared."""
    inherited = (
        "defaults:\n  environments:\n    prod:\n      role:\n"
        f"        permissions_boundary: arn:aws:iam::{account}:policy/none\n"
    )
    folder = write_stack(settings(account) + inherited, a="repository: a\n", b="repository: b\n")
    (found,), _ = problems(StackFiles(folder))
    assert found.startswith("stacks/s/_stack.yaml:10: ")


def test_a_name_that_is_taken_is_refused(
    aws: Server, account: str, write_stack: WriteStack
) -> None:
    """A declared role name, in any spelling, is a problem if the role is not slipway's own."""
    make_role(aws, account, "ACME.billing-dev")
    make_role(aws, account, "acme.billing-prod", managed_by="slipway")
    (found,), code = problems(StackFiles(write_stack(settings(account), billing=BILLING)))
    assert code == ExitCode.CONFIGURATION
    assert found.startswith("stacks/s/billing.yaml:1: ")
    assert f"account {account} has a role 'ACME.billing-dev' without slipway's tags" in found
    assert "declare another name" in found


def test_the_state_tells_whose_a_role_is(
    aws: Server, account: str, write_stack: WriteStack
) -> None:
    """Only Pulumi's state, if it is known, decides which roles are this stack's; tags do not.

    A role in the state is this stack's even without its tags, which `up` writes again.
    """
    make_role(aws, account, "acme.billing-dev")
    make_role(aws, account, "acme.billing-prod", managed_by="slipway")
    files = StackFiles(write_stack(settings(account), billing=BILLING))
    dev, prod = (f"arn:aws:iam::{account}:role/acme.billing-{name}" for name in ("dev", "prod"))
    assert problems(files, Known(roles=frozenset({dev, prod}))) == ([], None)
    (found,), code = problems(files, Known(roles=frozenset({dev})))
    assert code == ExitCode.CONFIGURATION
    assert "has a role 'acme.billing-prod' that is not in Pulumi's state of this stack" in found
    assert "take it over with slipway adopt s billing, or declare another name" in found
    assert len(problems(files, Known())[0]) == 2
    # The pending creation of an interrupted run has no ARN yet.
    assert problems(files, Known(roles=frozenset({"acme.billing-dev", prod}))) == ([], None)


def test_a_provider_that_the_state_lost(aws: Server, account: str, write_stack: WriteStack) -> None:
    """A provider with this stack's tags that the state lost is a problem: `up` would create it."""
    files = StackFiles(write_stack(settings(account), billing=BILLING))
    iam = account_iam(aws.url, account)
    iam.create_open_id_connect_provider(
        Url=f"https://{files.stack.settings.account('dev').issuer}",
        ClientIDList=["sts.amazonaws.com"],
        Tags=[{"Key": key, "Value": one} for key, one in files.stack.own_provider_tags.items()],
    )
    iam.close()
    assert problems(files) == ([], None)
    assert problems(files, Known(providers=frozenset({account}))) == ([], None)
    (found,), code = problems(files, Known())
    assert code == ExitCode.CONFIGURATION
    assert found.startswith("stacks/s/_stack.yaml:3: accounts.dev.oidc_provider: the account has")
    assert "write oidc_provider: existing, or delete it" in found


def test_a_role_for_github_may_be_adopted(
    aws: Server, account: str, write_stack: WriteStack
) -> None:
    """Without the state, a role that trusts GitHub is a notice, since it may be adopted."""
    issuer = "token.actions.githubusercontent.com"
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/{issuer}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringLike": {f"{issuer}:sub": "repo:acme/billing:*"}},
    }
    create(aws, account, "acme.billing-test", statement, {})
    files = StackFiles(write_stack(settings(account), billing=BILLING))
    (names,) = (check for check in checks(files) if check.result is Result.NOTICE)
    assert (names.name, names.problems) == ("names of roles", ())
    (said,) = map(str, names.notices)
    assert said.startswith("stacks/s/billing.yaml:1: ")
    assert "slipway adopt s billing" in said
    assert len(problems(files, Known())[0]) == 1


def test_the_quota_of_roles_counts_new_ones_only(
    aws: Server, account: str, write_stack: WriteStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quota counts new roles only: two fit into two free places, but not into one."""
    make_role(aws, account, "acme.billing-dev", managed_by="slipway")
    files = StackFiles(write_stack(settings(account), billing=BILLING))
    summary = iam_backends[account]["aws"].account_summary
    monkeypatch.setattr(summary, "_roles_quota", 4)
    assert problems(files) == ([], None)
    monkeypatch.setattr(summary, "_roles_quota", 3)
    (found,), code = problems(files)
    assert code == ExitCode.CONFIGURATION
    assert found.startswith("stacks/s/_stack.yaml:3: accounts.dev: ")
    assert "has 2 of at most 3 roles, and this stack makes 2 more, 1 too many" in found


@pytest.mark.parametrize(
    ("lost", "unasked"),
    [
        ("iam:GetAccountSummary", {"quota of roles"}),
        ("iam:GetPolicy", {"boundaries and policies"}),
        ("iam:GetRole", {"quota of roles", "names of roles"}),
        (None, set()),
    ],
)
def test_a_right_that_is_missing_is_told(
    account: str, write_stack: WriteStack, *, lost: str | None, unasked: set[str]
) -> None:
    """The rights of a preview suffice; a check without its right is not asked, and not `ok`."""
    text = with_boundary(f"arn:aws:iam::{account}:policy/boundary")
    wrong = settings(account).replace("slipway}", "slipway, oidc_provider: existing}", 1)
    files = StackFiles(write_stack(wrong, billing=text.replace("      managed_policies:\n", "")))
    policy = rights(files.stack, files.stack.settings.account("dev"))["preview"]
    # Without the right to list, the roles are read by their names.
    lose = {lost, "iam:GetAccountAuthorizationDetails"} if lost == "iam:GetRole" else {lost}
    for statement in policy["Statement"]:
        statement["Action"] = [one for one in statement["Action"] if one not in lose]
    policy["Statement"] = [one for one in policy["Statement"] if one["Action"]]
    iam = account_iam(os.environ["AWS_ENDPOINT_URL"], account)
    document = json.dumps(policy)
    iam.put_role_policy(RoleName="slipway", PolicyName="onboard", PolicyDocument=document)
    iam.close()
    (found,), _ = problems(files)
    assert "has no OIDC provider of GitHub" in found
    told = {name: why for name, (result, why) in results(files).items() if result == "not asked"}
    assert told.keys() == unasked
    assert set(told.values()) <= {f"{lost} is denied; slipway rights s has it"}


def test_an_account_out_of_reach_is_not_asked(account: str, write_stack: WriteStack) -> None:
    """If the role cannot be assumed, that is no problem, but only the region's check is `ok`."""
    unreached = settings(account).replace("role/slipway", "role/nobody")
    files = StackFiles(write_stack(unreached, billing=BILLING))
    assert problems(files) == ([], None)
    found = results(files)
    assert found.pop("region")[0] == Result.OK
    assert {result for result, _ in found.values()} == {Result.NOT_ASKED}
    assert found["credentials"][1].startswith("the account was not looked at: AWS account ")
    assert "role/nobody" in found["credentials"][1]
    assert "see credentials" in found["quota of roles"][1]
