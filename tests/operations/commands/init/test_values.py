"""`slipway init` refuses wrong values, and takes facts from GitHub and AWS."""

import re
from pathlib import Path

import pytest

from components.config.problems import ExitCode
from components.config.stack_files import StackFiles
from components.config.yaml_files import read_document
from components.model.stack import StackSettings
from operations.live.github.api import GitHub
from sandbox.github import Server
from tests.operations.commands.init.conftest import (
    SCRIPT,
    Backend,
    nothing_written,
    scripted,
    without,
)

Capsys = pytest.CaptureFixture[str]
Providers = dict[str, str]
FILE = Path("stacks/s/_stack.yaml")

pytestmark = pytest.mark.usefixtures("backend", "github", "providers")


@pytest.mark.parametrize(
    "name", ["", "..", ".s", "-s", "a/b", "a b", "a\nb", "$(id)", "a;b", "schema", "x" * 101, "é"]
)
def test_a_name_that_no_stack_can_have_is_refused(
    name: str, backend: Backend, capsys: Capsys
) -> None:
    """An impossible stack name is refused in one line, before a folder or command uses it."""
    assert scripted("--", name) == ExitCode.CONFIGURATION
    first, last = capsys.readouterr().err.splitlines()
    assert first.startswith("STACK: ")
    assert "cannot name a stack" in first
    assert last == "1 problem. Nothing was changed."
    assert nothing_written(backend)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--owner", "acme\nplan: free"),
        ("--owner", "$(id)"),
        ("--owner", "acme; rm -rf /"),
        ("--owner", ""),
        ("--account", '333333333333"\n'),
        ("--account", "prd=333333333333"),
        ("--account", "33333333333"),
        ("--region", "eu-wset-1"),
        ("--region", "eu-west-1\n"),
        ("--assume-role", "slipway\noidc_provider: existing"),
        ("--assume-role", "`id`"),
        ("--assume-role", "arn:aws:iam::111111111111:role/slipway"),
        ("--assume-role", "arn:aws-cn:iam::333333333333:role/slipway"),
        ("--github", "https://github.com"),
        ("--backend", "bucket"),
        ("--backend", "s3://a b"),
        ("--backend", "s3://a\nb"),
        ("--secrets-provider", "awskms"),
        ("--secrets-provider", "--help"),
        ("--secrets-provider", "vault://x"),
    ],
)
def test_a_wrong_value_is_refused_by_its_option(
    option: str, value: str, backend: Backend, capsys: Capsys
) -> None:
    """A value that the model or Pulumi refuses is named by its option, and nothing is written."""
    base = SCRIPT if option not in SCRIPT else without(option)
    assert scripted("s", *base, f"{option}={value}") == ExitCode.CONFIGURATION
    *problems, last = capsys.readouterr().err.splitlines()
    assert all(line.startswith(option) for line in problems)
    assert last.endswith("Nothing was changed.")
    assert nothing_written(backend)


def test_accounts_that_no_credentials_reach_together_are_refused(
    backend: Backend, capsys: Capsys
) -> None:
    """Two accounts need at least one role to assume, since the credentials reach only one."""
    own = (*without("--assume-role"), "--account", "dev=111111111111")
    assert scripted("s", *own) == ExitCode.CONFIGURATION
    assert "--assume-role: is missing: no credentials are of 111111111111" in (
        capsys.readouterr().err
    )
    assert nothing_written(backend)
    assert scripted("s", *own, "--assume-role", "dev=slipway") == ExitCode.SUCCESS


def test_an_unknown_owner_is_refused(backend: Backend, capsys: Capsys) -> None:
    """An owner that GitHub does not know is refused, and nothing is written."""
    assert scripted("s", *without("--owner"), "--owner", "nobody") == ExitCode.CONFIGURATION
    assert "--owner: GitHub knows no organisation or user 'nobody'" in capsys.readouterr().err
    assert nothing_written(backend)


def test_another_owner_in_the_environment_is_refused(
    backend: Backend, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    """Another owner in GITHUB_OWNER is refused, since the provider would write to it."""
    monkeypatch.setenv("GITHUB_OWNER", "boss")
    assert scripted("s", *SCRIPT) == ExitCode.CONFIGURATION
    assert "unset GITHUB_OWNER" in capsys.readouterr().err
    assert nothing_written(backend)


def test_the_owner_is_written_as_github_spells_it(capsys: Capsys) -> None:
    """The file has GitHub's spelling of the owner, as id-tokens do; the owner may be a user."""
    assert scripted("s", *without("--owner"), "--owner", "aCME") == ExitCode.SUCCESS
    assert read_document(FILE).data["owner"] == "Acme"
    assert scripted("t", *without("--owner"), "--owner", "octocat") == ExitCode.SUCCESS
    assert "octocat is a user whose plan this token may not read" in capsys.readouterr().err
    text = Path("stacks/t/_stack.yaml").read_text(encoding="utf-8")
    assert "\n# plan: enterprise\n" in text
    assert "plan:" not in FILE.read_text(encoding="utf-8")


@pytest.mark.usefixtures("no_backoff")
def test_what_nobody_could_look_at_is_said_and_left_open(
    github: Server, providers: Providers, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    """If GitHub, a token or AWS is missing, the file is written and says what is unknown."""
    providers["333333333333"] = "Could not connect to \x1b[31mthe endpoint"
    github.stop()
    assert scripted("s", *without("--owner"), "--owner", "aCME") == ExitCode.SUCCESS
    said = capsys.readouterr().err
    assert f"github.com: not looked at: {github.url}api/v3/: cannot be reached" in said
    assert "AWS account 333333333333: not looked at: Could not connect to \\x1b[31mthe end" in said
    text = FILE.read_text(encoding="utf-8")
    assert "owner: aCME\n" in text
    assert "    # oidc_provider: existing\n" in text
    assert "Nobody could look" in text
    assert StackFiles(FILE.parent).stack.settings.accounts.prod.oidc_provider == "create"
    monkeypatch.delenv("GITHUB_TOKEN")
    assert scripted("t", *SCRIPT) == ExitCode.SUCCESS
    assert "github.com: not looked at: GITHUB_TOKEN: is not set" in capsys.readouterr().err


def test_a_token_that_github_refuses_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    """If GitHub refuses the token, its message is shown and the stack is still created."""
    monkeypatch.setenv("GITHUB_TOKEN", "expired")
    assert scripted("s", *SCRIPT) == ExitCode.SUCCESS
    assert re.search(r"github.com: not looked at: .*Bad credentials", capsys.readouterr().err)


@pytest.mark.parametrize("shown", ["other", "acme\x1b[31m", "Acme\nplan: free", 7, None])
def test_an_owner_that_github_shows_otherwise_is_refused(
    shown: object, backend: Backend, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    """GitHub's answer gets into the file only if it is the owner's name in another spelling."""
    answer = {"login": shown, "type": "Organization"}
    monkeypatch.setattr(GitHub, "get", lambda *_: answer)
    assert scripted("s", *SCRIPT) == ExitCode.CONFIGURATION
    first, _ = capsys.readouterr().err.splitlines()
    assert first.startswith("--owner: GitHub shows ")
    assert nothing_written(backend)


def test_a_provider_that_another_stack_creates_is_existing_here(
    providers: Providers, capsys: Capsys
) -> None:
    """If another stack declares to create the account's provider, this one gets `existing`."""
    assert scripted("first", *SCRIPT) == scripted("s", *SCRIPT) == ExitCode.SUCCESS
    assert "The stack first creates the account's OIDC provider" in capsys.readouterr().err
    assert StackFiles(FILE.parent).stack.settings.accounts.prod.oidc_provider == "existing"
    first = StackFiles(Path("stacks/first")).stack.settings
    assert first.accounts.prod.oidc_provider == "create"
    providers["333333333333"] = "own"
    assert scripted("third", *SCRIPT) == ExitCode.SUCCESS
    third = StackFiles(Path("stacks/third")).stack.settings
    assert third.accounts.prod.oidc_provider == "create"


def test_what_the_comments_suggest_is_valid(providers: Providers) -> None:
    """The file's commented settings are valid when they are uncommented."""
    providers["333333333333"] = "no answer"
    assert scripted("s", *without("--owner"), "--owner", "octocat") == ExitCode.SUCCESS
    lines = FILE.read_text(encoding="utf-8").splitlines()
    keys = ("plan:", "oidc_provider:", "defaults:", "tags:", "  ")
    shown = [
        line.replace("# ", "", 1) if line.lstrip().removeprefix("# ").startswith(keys) else line
        for line in lines
    ]
    FILE.write_text("\n".join(shown), encoding="utf-8")
    data = read_document(FILE).data
    assert {"plan", "defaults", "tags"} < data.keys()
    settings = StackSettings.model_validate(data)
    assert settings.accounts.dev.oidc_provider == "existing"
    assert settings.defaults.environments.prod.wait_minutes == 10


def test_another_github_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """--github is written to the file without a plan, since every owner there has Enterprise."""
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    monkeypatch.delenv("GITHUB_BASE_URL", raising=False)
    assert scripted("s", *SCRIPT, "--github", "octocorp.ghe.com") == ExitCode.SUCCESS
    assert read_document(FILE).data["github"] == {"host": "octocorp.ghe.com"}
    assert "plan:" not in FILE.read_text(encoding="utf-8")
