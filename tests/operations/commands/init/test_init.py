"""`slipway init` by options, as a script runs it."""

import os
import re
from pathlib import Path

import pytest

from components.config.problems import ExitCode
from components.config.stack_files import StackFiles
from components.config.yaml_files import read_document
from components.model.stack import StackSettings
from operations.commands.init import command, pulumi_stack
from operations.live.github.api import GitHub
from sandbox.engine.errors import EngineError
from sandbox.github import Server
from tests.operations.commands.init.conftest import SCRIPT, Backend, scripted

Capsys = pytest.CaptureFixture[str]
Providers = dict[str, str]
FILE = Path("stacks/s/_stack.yaml")

pytestmark = pytest.mark.usefixtures("backend", "github", "providers")


def without(option: str) -> tuple[str, ...]:
    """The script's options but one."""
    place = SCRIPT.index(option)
    return SCRIPT[:place] + SCRIPT[place + (1 if option == "--yes" else 2) :]


def nothing_written(backend: Backend) -> bool:
    """Whether there is neither a file nor a stack."""
    return list(Path("stacks").iterdir()) == [] and backend.calls == []


def test_a_script_makes_file_and_stack_and_says_what_is_next(
    backend: Backend, providers: Providers, capsys: Capsys
) -> None:
    """The file is valid, the stack is made with the secrets provider, the next commands follow."""
    providers["333333333333"] = "foreign"
    assert scripted("s", *SCRIPT) == ExitCode.SUCCESS
    account = StackFiles(Path("stacks/s")).stack.settings.accounts.prod
    assert account.assume_role == "arn:aws:iam::333333333333:role/slipway"
    assert account.oidc_provider == "existing"
    given = ("--secrets-provider", "default")
    assert backend.calls == [("stack", "init", "s", "--no-select", *given)]
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "github.com: Acme is an organisation with the plan team\n" in captured.err
    following = captured.err.split("\nNext:\n")[1]
    for step in ("write stacks/s/REPOSITORY.yaml", "slipway validate --live s", "slipway up s"):
        assert step in following
    assert "PULUMI_BACKEND_URL" not in following
    assert re.search(r"git add stacks/s +#", following)
    Path("stacks/Pulumi.s.yaml").write_text("encryptionsalt: x\n", encoding="utf-8")
    assert scripted("s", "--yes") == ExitCode.SUCCESS
    assert "git add stacks/s stacks/Pulumi.s.yaml  #" in capsys.readouterr().err


def test_a_second_run_keeps_everything(capsys: Capsys) -> None:
    """The same command again is fine; it says what is there, and an edited file stays."""
    assert scripted("s", *SCRIPT) == ExitCode.SUCCESS
    text = FILE.read_text(encoding="utf-8") + "# edited\n"
    FILE.write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert scripted("s", *SCRIPT) == scripted("s", "--yes") == ExitCode.SUCCESS
    said = capsys.readouterr().err
    assert said.count("stacks/s/_stack.yaml: is there already and is kept\n") == 2
    assert said.count("stack s: is there already, in file:///state\n") == 2
    assert FILE.read_text(encoding="utf-8") == text


def test_a_second_run_completes_a_first_one_that_failed(backend: Backend) -> None:
    """If the backend refuses the stack, the file stays, and the next run makes the stack alone."""
    backend.broken = "error: no access to the bucket"
    assert scripted("s", *SCRIPT) == ExitCode.ERROR
    assert FILE.exists()
    backend.broken = ""
    assert scripted("s", "--yes") == ExitCode.SUCCESS
    assert backend.stacks == {"s"}


def test_options_must_say_what_an_existing_file_says(backend: Backend, capsys: Capsys) -> None:
    """Each other value is named with file and line, and no stack is made."""
    assert scripted("s", *SCRIPT) == ExitCode.SUCCESS
    backend.calls.clear()
    capsys.readouterr()
    other = ("--owner", "other", "--account", "prod=111111111111", "--region", "dev=eu-west-2")
    assert scripted("s", *other, "--assume-role", "test=none", "--yes") == ExitCode.CONFIGURATION
    *problems, _ = capsys.readouterr().err.splitlines()
    lines = FILE.read_text(encoding="utf-8").splitlines()
    places = [line.split(": ")[:2] for line in problems]
    assert [place for _, place in places] == [
        *("owner", "accounts.dev.region", "accounts.test.assume_role"),
        "accounts.prod.account_id",
    ]
    for where, key in places:
        assert key.rpartition(".")[2] in lines[int(where.partition(":")[2]) - 1]
    assert backend.calls == []


def test_an_existing_file_with_mistakes_is_not_touched(backend: Backend, capsys: Capsys) -> None:
    """Its problems are reported as `slipway validate` does, and no stack is made."""
    FILE.parent.mkdir()
    FILE.write_text("owner: acme\nowners: x\n", encoding="utf-8")
    assert scripted("s", *SCRIPT) == ExitCode.CONFIGURATION
    assert "stacks/s/_stack.yaml:2: owners: unknown key" in capsys.readouterr().err
    assert FILE.read_text(encoding="utf-8") == "owner: acme\nowners: x\n"
    assert backend.calls == []


@pytest.mark.parametrize("option", ["--owner", "--account", "--region"])
def test_a_script_must_give_what_cannot_be_asked(
    option: str, backend: Backend, capsys: Capsys
) -> None:
    """Without a terminal a missing option is named, with code 2."""
    assert scripted("s", *without(option)) == ExitCode.CONFIGURATION
    assert capsys.readouterr().err.startswith(f"{option}: is missing")
    assert nothing_written(backend)


def test_all_missing_options_are_named_at_once(capsys: Capsys) -> None:
    """A script that gives one account of three learns of all that is missing in one run."""
    assert scripted("s", "--account", "dev=111111111111") == ExitCode.CONFIGURATION
    said = capsys.readouterr().err
    assert "--account: is missing for test, prod: give test=ID, or ID for all" in said
    assert "3 problems. Nothing was changed." in said


def test_a_script_without_consent_writes_nothing(backend: Backend, capsys: Capsys) -> None:
    """Without a terminal and --yes the command looks only, and ends with 8."""
    assert scripted("s", *without("--yes")) == ExitCode.CANCELLED
    assert "give --yes; nothing was written" in capsys.readouterr().err
    assert nothing_written(backend)


@pytest.mark.parametrize(
    "name", ["", "..", ".s", "-s", "a/b", "a b", "a\nb", "$(id)", "a;b", "schema", "x" * 101, "é"]
)
def test_a_name_that_no_stack_can_have_is_refused(
    name: str, backend: Backend, capsys: Capsys
) -> None:
    """Such a name reaches neither a folder nor a command line; the message shows it on one line."""
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
    """Two accounts without a role to assume never work in one run; one may use the caller's own."""
    own = (*without("--assume-role"), "--account", "dev=111111111111")
    assert scripted("s", *own) == ExitCode.CONFIGURATION
    assert "--assume-role: is missing: no credentials are of 111111111111" in (
        capsys.readouterr().err
    )
    assert nothing_written(backend)
    assert scripted("s", *own, "--assume-role", "dev=slipway") == ExitCode.SUCCESS


def test_an_unknown_owner_is_refused(backend: Backend, capsys: Capsys) -> None:
    """GitHub knows no such owner: nothing is written."""
    assert scripted("s", *without("--owner"), "--owner", "nobody") == ExitCode.CONFIGURATION
    assert "--owner: GitHub knows no organisation or user 'nobody'" in capsys.readouterr().err
    assert nothing_written(backend)


def test_another_owner_in_the_environment_is_refused(
    backend: Backend, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    """The provider would write to the owner of GITHUB_OWNER."""
    monkeypatch.setenv("GITHUB_OWNER", "boss")
    assert scripted("s", *SCRIPT) == ExitCode.CONFIGURATION
    assert "unset GITHUB_OWNER" in capsys.readouterr().err
    assert nothing_written(backend)


def test_the_owner_is_written_as_github_spells_it(capsys: Capsys) -> None:
    """Id-tokens have GitHub's spelling. A user is an owner as well, and its plan may be unknown."""
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
    """Without GitHub, a token or AWS the file is written, and says what nobody knows."""
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
    """The file needs no token: GitHub's words are shown, and the stack is made."""
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
    """Two stacks cannot both create an account's provider, also before the first `up`."""
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
    """Without their `#` the commented lines of a file are valid settings, too."""
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
    """--github is written; every owner there has Enterprise, so no plan is suggested."""
    monkeypatch.delenv("GITHUB_TOKEN", raising=False)
    monkeypatch.delenv("GITHUB_BASE_URL", raising=False)
    assert scripted("s", *SCRIPT, "--github", "octocorp.ghe.com") == ExitCode.SUCCESS
    assert read_document(FILE).data["github"] == {"host": "octocorp.ghe.com"}
    assert "plan:" not in FILE.read_text(encoding="utf-8")


def test_the_backend_is_for_this_command_alone(backend: Backend, capsys: Capsys) -> None:
    """--backend is used instead of a login, and the next steps say how later commands get it."""
    backend.url = None
    assert scripted("s", *SCRIPT) == ExitCode.CONFIGURATION
    assert "--backend: is missing, and pulumi is not logged in" in capsys.readouterr().err
    url = "s3://state?region=eu-west-1&awssdk=v2"
    assert scripted("s", *SCRIPT, "--backend", url) == ExitCode.SUCCESS
    assert os.environ["PULUMI_BACKEND_URL"] == url
    assert f"  export PULUMI_BACKEND_URL='{url}'" in capsys.readouterr().err


def test_a_backend_that_does_not_answer_stops_before_anything_is_written(
    backend: Backend, capsys: Capsys
) -> None:
    """Pulumi's words are shown; so is a variable that contradicts the option."""
    assert scripted("s", *SCRIPT, "--backend", "gs://none") == ExitCode.ERROR
    assert "unable to open bucket" in capsys.readouterr().err
    assert scripted("s", *SCRIPT, "--backend", "s3://other") == ExitCode.CONFIGURATION
    assert "PULUMI_BACKEND_URL: is gs://none, and --backend says s3://other" in (
        capsys.readouterr().err
    )
    assert nothing_written(backend)


@pytest.mark.parametrize(
    ("url", "provider"),
    [
        ("file:///state", "default"),
        ("https://api.pulumi.com", "default"),
        ("https://api.pulumi.com", "passphrase"),
        ("s3://state", "awskms://alias/x?region=eu-west-1"),
    ],
)
def test_a_passphrase_is_needed_where_it_encrypts(
    url: str, provider: str, backend: Backend, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    """Without PULUMI_CONFIG_PASSPHRASE nothing is written, where the secrets provider needs it."""
    backend.url = url
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE")
    needed = (url, provider) == ("file:///state", "default") or provider == "passphrase"
    given = () if provider == "default" else ("--secrets-provider", provider)
    code = scripted("s", *SCRIPT, *given)
    assert (code == ExitCode.CONFIGURATION) is needed
    assert ("PULUMI_CONFIG_PASSPHRASE: is not set" in capsys.readouterr().err) is needed
    assert nothing_written(backend) is needed
    if not needed:
        assert backend.calls[0][-1] == provider


def test_without_a_pulumi_slipways_own_engine_is_made(
    backend: Backend, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    """If that fails, the reason is the message, and nothing is written."""
    monkeypatch.setattr(pulumi_stack, "pulumi_executable", lambda: None)

    def fail(_report: object) -> None:
        raise EngineError("There is no way to the Pulumi CLI here")

    monkeypatch.setattr(command, "ensure_engine", fail)
    assert scripted("s", *SCRIPT) == ExitCode.ERROR
    assert "pulumi: There is no way to the Pulumi CLI here" in capsys.readouterr().err
    assert nothing_written(backend)


def test_it_runs_in_a_project_only(backend: Backend, capsys: Capsys) -> None:
    """In another folder no `stacks/` is begun."""
    Path("Pulumi.yaml").unlink()
    assert scripted("s", *SCRIPT) == ExitCode.CONFIGURATION
    assert "run slipway in a project" in capsys.readouterr().err
    assert nothing_written(backend)
