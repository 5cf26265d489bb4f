"""Mistakes about GitHub's host and AWS's regions are problems with file and line."""

import pytest

from components.config.problems import ConfigurationError, Problem
from components.config.stack_files import StackFiles
from tests.stacks import SETTINGS, WriteStack

CHINA = SETTINGS.replace("eu-west-1", "cn-north-1")
KEY = "arn:aws:kms:cn-north-1:333333333333:key/1"


def problems(write_stack: WriteStack, settings: str, repository: str = "") -> list[Problem]:
    """Return all problems of a stack of one repository."""
    folder = write_stack(settings, a=f"repository: a\n{repository}")
    try:
        StackFiles(folder)
    except ConfigurationError as error:
        return list(error.problems)
    return []


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("https://octocorp.ghe.com", "write octocorp.ghe.com, without scheme"),
        ("github.example.com/api/v3", "write github.example.com, without scheme"),
        ("github.example.com:8443", "write github.example.com, without scheme"),
        ("api.octocorp.ghe.com", "write octocorp.ghe.com"),
        ("api.github.com", "write github.com"),
        ("ghe.com", "write github.com, SUBDOMAIN.ghe.com"),
        ("token.actions.githubusercontent.com", "write github.com, SUBDOMAIN.ghe.com"),
        ("localhost", "is no host name"),
        ("10.0.0.1", "is no host name"),
        ("''", "is no host name"),
        ("https://marker@github.example.com", "has a user or password in it"),
    ],
)
def test_what_is_no_host_of_github_is_refused(
    write_stack: WriteStack, written: str, words: str
) -> None:
    """The message says what to write instead, at the line of the key, and shows no password."""
    (found,) = problems(write_stack, f"{SETTINGS}github:\n  host: {written}\n")
    assert (found.file, found.line, found.path) == ("stacks/s/_stack.yaml", 7, "github.host")
    assert words in found.text
    assert "marker" not in str(found)


@pytest.mark.parametrize(
    ("github", "path"),
    [
        ("{host: github.example.com, issuer_enterprise_slug: octo}", "issuer_enterprise_slug"),
        ("{issuer_enterprise_slug: 'no slug'}", "issuer_enterprise_slug"),
        ("{issuer_enterprise_slug: null}", "issuer_enterprise_slug"),
        ("{url: github.com}", "url"),
    ],
)
def test_other_mistakes_below_github_have_their_key(
    write_stack: WriteStack, github: str, path: str
) -> None:
    """Each wrong or unknown key below `github` is reported at its line and path."""
    (found,) = problems(write_stack, f"{SETTINGS}github: {github}\n")
    assert (found.line, found.path) == (6, f"github.{path}")


@pytest.mark.parametrize(
    ("region", "near"),
    [
        ("eu-wset-1", "did you mean eu-west-1"),
        ("us-gov-wset-1", "did you mean us-gov-west-1"),
        ("cn-north-9", "did you mean cn-north-1"),
        ("aws-global", "such as|did you mean"),
        ("Frankfurt", "such as eu-west-1"),
    ],
)
def test_a_region_that_does_not_exist_is_refused(
    write_stack: WriteStack, region: str, near: str
) -> None:
    """The message names similar regions, and the table that a newer region needs."""
    settings = SETTINGS.replace("eu-west-1}", f"{region}}}", 1)
    (found,) = problems(write_stack, settings)
    place = ("stacks/s/_stack.yaml", 3, "accounts.dev.region")
    assert (found.file, found.line, found.path) == place
    assert any(words in found.text for words in near.split("|"))
    assert "upgrade botocore" in found.text


def test_an_account_is_in_one_partition(write_stack: WriteStack) -> None:
    """An account id with regions of two partitions is refused: an account is in one partition."""
    settings = SETTINGS.replace("222222222222", "111111111111")
    settings = settings.replace("eu-west-1", "us-gov-west-1", 1)
    (found,) = problems(write_stack, settings)
    assert (found.line, found.path) == (4, "accounts.test.region")
    assert "an account is in one partition of AWS" in found.text


def test_a_role_to_assume_is_of_the_regions_partition(write_stack: WriteStack) -> None:
    """A role to assume must be in the region's partition, since STS knows no other roles."""
    role = "arn:aws:iam::111111111111:role/slipway"
    settings = CHINA.replace("cn-north-1}", f"cn-north-1, assume_role: '{role}'}}", 1)
    (found,) = problems(write_stack, settings)
    assert (found.line, found.path) == (3, "accounts.dev.assume_role")
    assert "write arn:aws-cn:" in found.text


@pytest.mark.parametrize(
    ("declared", "path"),
    [
        ("environments: {prod: {role: {permissions_boundary: 'arn:aws:iam::aws:policy/X'}}}", ""),
        ("environments: {prod: {role: {managed_policies: ['arn:aws:iam::aws:policy/X']}}}", ""),
        (f"artifacts: {{s3_bucket: packages, kms_key: {{prod: '{KEY}'}}}}", "artifacts"),
        ("environments: {prod: {secrets: {S: {ssm: 'arn:aws:ssm:x:1:parameter/s'}}}}", ""),
    ],
)
def test_other_arns_are_of_the_accounts_partition(
    write_stack: WriteStack, declared: str, path: str
) -> None:
    """AWS would refuse the ARN in the middle of a run; validate refuses it at its line."""
    (found,) = problems(write_stack, CHINA, f"{declared}\n")
    assert (found.file, found.line) == ("stacks/s/a.yaml", 2)
    assert found.path.startswith(path or "environments.prod")
    assert "write arn:aws-cn:" in found.text


def test_the_same_arns_in_their_partition_are_accepted(write_stack: WriteStack) -> None:
    """ARNs of the account's own partition are accepted."""
    declared = (
        "environments: {prod: {role: {managed_policies: ['arn:aws-cn:iam::aws:policy/X']}}}\n"
        f"artifacts: {{s3_bucket: packages, kms_key: {{prod: '{KEY.replace('aws', 'aws-cn')}'}}}}\n"
    )
    assert problems(write_stack, CHINA, declared) == []
