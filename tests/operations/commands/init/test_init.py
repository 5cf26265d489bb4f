"""`slipway init` by options, as a script runs it."""

import os
import re
import shutil
from pathlib import Path

import pytest

from components.config.problems import ExitCode
from components.config.stack_files import StackFiles
from operations.commands.init import command, pulumi_stack
from sandbox.engine.errors import EngineError
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


def test_a_script_makes_file_and_stack_and_says_what_is_next(
    backend: Backend, providers: Providers, capsys: Capsys
) -> None:
    """`init` writes a valid file, creates the stack, and names the next commands."""
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


def test_the_next_steps_are_all_that_this_machine_needs(
    backend: Backend, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    """Secrets always; a token, a pulumi on PATH and the passphrase, where they are missing."""

    def following() -> str:
        assert scripted("s", *SCRIPT) == ExitCode.SUCCESS
        return capsys.readouterr().err.split("\nNext:\n")[1]

    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/pulumi")
    said = following()
    purpose, secret = "# for each name in a declaration's `secrets`", "secrets.REPOSITORY.ENV.NAME"
    assert f"  {purpose}, unless it has another source\n  pulumi config set --stack s" in said
    assert f"--secret --path '{secret}' VALUE\n" in said
    assert "export" not in said
    assert "Each further shell needs PULUMI_CONFIG_PASSPHRASE, with the same passphrase." in said
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.delenv("GITHUB_TOKEN")
    backend.url = "https://api.pulumi.com"
    said = following()
    assert '  export PATH="$(slipway engine):$PATH"' in said
    assert "  export GITHUB_TOKEN=TOKEN " in said
    assert "PASSPHRASE" not in said


def test_a_second_run_keeps_everything(capsys: Capsys) -> None:
    """A second run succeeds, says what exists already, and keeps an edited file."""
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
    """If the backend refuses the stack, the file stays, and the next run only creates the stack."""
    backend.broken = "error: no access to the bucket"
    assert scripted("s", *SCRIPT) == ExitCode.ERROR
    assert FILE.exists()
    backend.broken = ""
    assert scripted("s", "--yes") == ExitCode.SUCCESS
    assert backend.stacks == {"s"}


def test_options_must_say_what_an_existing_file_says(backend: Backend, capsys: Capsys) -> None:
    """Each option that differs from the file is a problem at its line; no stack is created."""
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
    """An existing file's mistakes are reported as by `slipway validate`; no stack is created."""
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
    """Without a terminal a missing option is a problem that names it, with exit code 2."""
    assert scripted("s", *without(option)) == ExitCode.CONFIGURATION
    assert capsys.readouterr().err.startswith(f"{option}: is missing")
    assert nothing_written(backend)


def test_all_missing_options_are_named_at_once(capsys: Capsys) -> None:
    """One run names all missing options."""
    assert scripted("s", "--account", "dev=111111111111") == ExitCode.CONFIGURATION
    said = capsys.readouterr().err
    assert "--account: is missing for test, prod: give test=ID, or ID for all" in said
    assert "3 problems. Nothing was changed." in said


def test_a_script_without_consent_writes_nothing(backend: Backend, capsys: Capsys) -> None:
    """Without a terminal and without --yes, the command writes nothing and ends with code 8."""
    assert scripted("s", *without("--yes")) == ExitCode.CANCELLED
    assert "give --yes; nothing was written" in capsys.readouterr().err
    assert nothing_written(backend)


def test_the_backend_is_for_this_command_alone(backend: Backend, capsys: Capsys) -> None:
    """--backend replaces a login for this command; the next steps export it for later ones."""
    backend.url = None
    assert scripted("s", *SCRIPT) == ExitCode.CONFIGURATION
    assert "--backend: is missing, and pulumi is not logged in" in capsys.readouterr().err
    url = "s3://state?region=eu-west-1&awssdk=v2"
    assert scripted("s", *SCRIPT, "--backend", url) == ExitCode.SUCCESS
    assert os.environ["PULUMI_BACKEND_URL"] == url
    assert f"  export PULUMI_BACKEND_URL='{url}'" in capsys.readouterr().err


def test_the_password_of_a_backend_is_not_printed(capsys: Capsys) -> None:
    """The next steps do not repeat an address with a password, nor a part that is no address."""
    url = "postgres://me:marker-77@db.invalid/states"
    assert scripted("s", *SCRIPT, "--backend", url) == ExitCode.SUCCESS
    said = capsys.readouterr().err
    assert "stack s: made, in postgres://…@db.invalid/states\n" in said
    assert "  export PULUMI_BACKEND_URL=URL " in said
    assert "or log in with `pulumi login`: the same address" in said
    assert "marker-77" not in said


def test_a_backend_that_does_not_answer_stops_before_anything_is_written(
    backend: Backend, capsys: Capsys
) -> None:
    """If the backend fails or contradicts PULUMI_BACKEND_URL, `init` says so and writes nothing."""
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
    """If the secrets provider needs PULUMI_CONFIG_PASSPHRASE, nothing is written without it."""
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


KEYS = {
    "awskms://alias/x?region=eu-west-1": "secretsprovider: awskms://alias/x?region=eu-west-1\n",
    "passphrase": "encryptionsalt: v1:x\n",
}


@pytest.mark.parametrize("provider", KEYS)
def test_a_stack_is_made_again_with_the_key_of_its_file(provider: str, backend: Backend) -> None:
    """The provider of the key in Pulumi.STACK.yaml is taken; the option may name it as well."""
    Path("stacks/Pulumi.s.yaml").write_text(KEYS[provider], encoding="utf-8")
    for given in ((), ("--secrets-provider", provider)):
        backend.stacks.clear()
        assert scripted("s", *SCRIPT, *given) == ExitCode.SUCCESS
        assert backend.calls[-1][-2:] == ("--secrets-provider", provider)


@pytest.mark.parametrize(
    ("url", "provider", "given"),
    [
        ("file:///state", "awskms://alias/x?region=eu-west-1", "default"),
        ("file:///state", "awskms://alias/x?region=eu-west-1", "passphrase"),
        ("file:///state", "passphrase", "gcpkms://key"),
        ("https://api.pulumi.com", "passphrase", "default"),
    ],
)
def test_a_provider_that_would_replace_the_key_is_refused(
    url: str, provider: str, given: str, backend: Backend, capsys: Capsys
) -> None:
    """Another provider than that of the key is a problem of the file; nothing is written."""
    backend.url = url
    Path("stacks/Pulumi.s.yaml").write_text(f"config: {{}}\n{KEYS[provider]}", encoding="utf-8")
    code = scripted("s", *SCRIPT, "--secrets-provider", given)
    assert code == ExitCode.CONFIGURATION
    said = capsys.readouterr().err
    key = KEYS[provider].partition(":")[0]
    assert f"stacks/Pulumi.s.yaml:2: {key}: the values in this file are encrypted" in said
    assert f"a key of {provider}; with --secrets-provider {given} they" in said
    assert backend.calls == []
    assert not FILE.exists()


@pytest.mark.parametrize("name", ["default", "passphrase", '""'])
def test_a_salt_is_the_key_of_a_passphrase_whatever_the_provider_is_called(
    name: str, backend: Backend
) -> None:
    """Pulumi may name the passphrase, or the default, beside the salt."""
    text = f"secretsprovider: {name}\n{KEYS['passphrase']}"
    Path("stacks/Pulumi.s.yaml").write_text(text, encoding="utf-8")
    assert scripted("s", *SCRIPT, "--secrets-provider", "default") == ExitCode.SUCCESS
    assert backend.calls[-1][-1] == "passphrase"


@pytest.mark.parametrize(
    "text",
    ["", "# values of this stack\n", "config: {a: b}\n", "secretsprovider: default\n"],
)
def test_a_file_without_a_key_decides_nothing(text: str, backend: Backend) -> None:
    """A file of comments, or of configuration alone, leaves the provider to the option."""
    Path("stacks/Pulumi.s.yaml").write_text(text, encoding="utf-8")
    assert scripted("s", *SCRIPT, "--secrets-provider", "gcpkms://key") == ExitCode.SUCCESS
    assert backend.calls[-1][-1] == "gcpkms://key"


def test_the_default_of_a_state_of_ones_own_is_the_passphrase(backend: Backend) -> None:
    """Outside of Pulumi Cloud `default` is the passphrase, which keeps the key of a salt."""
    Path("stacks/Pulumi.s.yaml").write_text(KEYS["passphrase"], encoding="utf-8")
    assert scripted("s", *SCRIPT, "--secrets-provider", "default") == ExitCode.SUCCESS
    assert backend.calls[-1][-1] == "passphrase"


def test_without_a_pulumi_slipways_own_engine_is_made(
    backend: Backend, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    """If slipway's own engine cannot be created, the reason is shown and nothing is written."""
    monkeypatch.setattr(pulumi_stack, "pulumi_executable", lambda: None)

    def fail(_report: object) -> None:
        raise EngineError("There is no way to the Pulumi CLI here")

    monkeypatch.setattr(command, "ensure_engine", fail)
    assert scripted("s", *SCRIPT) == ExitCode.ERROR
    assert "pulumi: There is no way to the Pulumi CLI here" in capsys.readouterr().err
    assert nothing_written(backend)


def test_it_runs_in_a_project_only(backend: Backend, capsys: Capsys) -> None:
    """Outside of a project the command is refused and creates no folder."""
    Path("Pulumi.yaml").unlink()
    assert scripted("s", *SCRIPT) == ExitCode.CONFIGURATION
    assert "run slipway in a project" in capsys.readouterr().err
    assert nothing_written(backend)
