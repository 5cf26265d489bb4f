"""`slipway init` at a terminal asks questions and uses the answers."""

from pathlib import Path

import pytest

from components.config.problems import ExitCode
from components.config.stack_files import StackFiles
from operations.commands.init import command, questions
from tests.operations.commands.init.conftest import OWN, SCRIPT, Backend, Typed

Capsys = pytest.CaptureFixture[str]
FOLDER = Path("stacks/s")

pytestmark = pytest.mark.usefixtures("backend", "github", "providers")


def test_every_setting_is_asked_for_and_shown_before_it_is_written(
    backend: Backend, typed: Typed, capsys: Capsys
) -> None:
    """Each setting is asked; a wrong answer is refused with the model's text and asked again."""
    lines = (
        *("nothing", "passphrase"),
        *("nobody", "a b", "Acme"),
        *("eu-wset-1", "eu-west-1"),
        *("12", "111111111111", "", "333333333333"),
        *("b d", "slipway"),
        "yes",
    )
    assert typed("s", lines=lines) == ExitCode.SUCCESS
    captured = capsys.readouterr()
    for refusal in (
        "  'nothing' is no secrets provider",
        "  GitHub knows no organisation or user 'nobody'",
        "  'a b' is not a GitHub login",
        "  'eu-wset-1' is no AWS region: did you mean eu-west-1",
        "  '12' is not an AWS account id",
        "role/b d' is not the ARN of a role",
    ):
        assert captured.err.count(refusal) == 1
    settings = StackFiles(FOLDER).stack.settings
    assert settings.owner == "Acme"
    accounts = settings.accounts
    assert [one.account_id for one in (accounts.dev, accounts.test, accounts.prod)] == [
        *("111111111111", "111111111111"),
        "333333333333",
    ]
    assert accounts.dev.assume_role == "arn:aws:iam::111111111111:role/slipway"
    text = (FOLDER / "_stack.yaml").read_text(encoding="utf-8")
    assert f"\n{text}\n" in captured.err
    assert backend.calls[0][-1] == "passphrase"


def test_empty_answers_take_the_defaults(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    """Empty answers take the defaults; a question without a default is repeated."""
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    assert typed("s", lines=("", "", "Acme", "", "", "", "", "", "yes")) == ExitCode.SUCCESS
    account = StackFiles(FOLDER).stack.settings.accounts.prod
    assert (account.account_id, account.region) == (OWN, "eu-central-1")
    assert account.assume_role is None
    assert capsys.readouterr().err.count("Owner of the repositories") == 2


def test_only_what_no_option_says_is_asked(backend: Backend, typed: Typed, capsys: Capsys) -> None:
    """Questions with an option are not asked: only the consent to write is."""
    options = (*SCRIPT[:-1], "--secrets-provider", "default")
    assert typed("s", *options, lines=("no",)) == ExitCode.CANCELLED
    captured = capsys.readouterr()
    assert "[" not in captured.err.split("# yaml-language-server")[0]
    assert "Write this to stacks/s/_stack.yaml and make the stack in file:///state?" in captured.out
    assert "s: nothing was written" in captured.err
    assert not FOLDER.exists()
    assert backend.calls == []


@pytest.mark.parametrize("answered", range(8))
def test_ctrl_d_at_any_question_writes_nothing(
    answered: int, backend: Backend, typed: Typed, capsys: Capsys
) -> None:
    """Ctrl-D at any question ends the command with code 8, and nothing is written."""
    lines = ("passphrase", "Acme", "eu-west-1", *["111111111111"] * 3, "slipway", "yes")
    assert typed("s", lines=lines[:answered]) == ExitCode.CANCELLED
    assert "s: nothing was written" in capsys.readouterr().err
    assert not FOLDER.exists()
    assert backend.calls == []


def test_without_a_login_the_backend_is_asked_for(
    backend: Backend, typed: Typed, capsys: Capsys
) -> None:
    """Without a login the backend is asked until one works; Pulumi's refusal is shown."""
    backend.url = None
    lines = ("bucket", "gs://none", "s3://state", "", "yes")
    assert typed("s", *SCRIPT[:-1], lines=lines) == ExitCode.SUCCESS
    said = capsys.readouterr().err
    assert "  'bucket' is no backend" in said
    assert "  error: unable to open bucket" in said
    assert "stack s: made, in s3://state" in said
    assert "  export PULUMI_BACKEND_URL=s3://state" in said


def test_yes_asks_nothing_at_a_terminal(typed: Typed, capsys: Capsys) -> None:
    """With --yes nothing is asked at a terminal, and a missing option is a problem."""
    options = [one for one in SCRIPT if one not in {"--owner", "Acme"}]
    assert typed("s", *options, lines=("initech", "yes")) == ExitCode.CONFIGURATION
    assert capsys.readouterr().err.startswith("--owner: is missing")


def test_credentials_that_say_no_account_leave_its_default_open(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    """If AWS does not tell the account of the credentials, the question has no default."""
    from botocore.exceptions import NoCredentialsError

    def nobody(_region: str) -> str:
        raise NoCredentialsError

    monkeypatch.setattr(questions, "own_account", nobody)
    lines = ("", "Acme", "eu-west-1", "111111111111", "", "", "none", "yes")
    assert typed("s", lines=lines) == ExitCode.SUCCESS
    said = capsys.readouterr().err
    assert "your AWS credentials is not known: Unable to locate credentials" in said
    assert "AWS account of dev, 12 digits: " in said
    assert StackFiles(FOLDER).stack.settings.accounts.prod.assume_role is None


def test_an_existing_file_is_not_asked_about(typed: Typed, capsys: Capsys) -> None:
    """If the file exists, only questions about the missing stack are asked."""
    assert typed("s", *SCRIPT, lines=("",)) == ExitCode.SUCCESS
    capsys.readouterr()
    assert typed("s", lines=("", "yes")) == ExitCode.SUCCESS
    captured = capsys.readouterr()
    assert "Make the stack in file:///state?" in captured.out
    assert "Owner" not in captured.err


def test_a_file_that_appears_meanwhile_is_not_overwritten(
    backend: Backend, typed: Typed, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    """A file that another program writes during the questions is not overwritten."""

    def slow(_question: str) -> bool:
        FOLDER.mkdir()
        (FOLDER / "_stack.yaml").write_text("theirs", encoding="utf-8")
        return True

    monkeypatch.setattr(command, "agreed", slow)
    assert typed("s", *SCRIPT[:-1], lines=("",)) == ExitCode.CONFIGURATION
    assert "was made by another program meanwhile" in capsys.readouterr().err
    assert (FOLDER / "_stack.yaml").read_text(encoding="utf-8") == "theirs"
    assert backend.calls == []


def test_the_provider_of_a_key_is_not_asked_for(backend: Backend, typed: Typed) -> None:
    """If the stack's file has a key, its provider is taken without a question."""
    Path("stacks/Pulumi.s.yaml").write_text("encryptionsalt: v1:x\n", encoding="utf-8")
    assert typed("s", *SCRIPT[:-1], lines=("yes",)) == ExitCode.SUCCESS
    assert backend.calls[-1][-1] == "passphrase"
