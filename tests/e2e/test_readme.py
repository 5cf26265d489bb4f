"""The README's commands are run unchanged and in order, as a new user runs them."""

import json
import os
import pty
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from components.config.stack_files import StackFiles
from components.config.yaml_files import read_document
from sandbox.environment import FOREIGN
from sandbox.home import PROJECT
from sandbox.process import stop
from sandbox.seed import ADMIN_TOKEN
from tests.e2e.conftest import AT_THE_END, running_world, without_log
from tests.stacks import WriteStack
from tests.stacks import write_stack as write_stack  # noqa: PLC0414 - a fixture

README = (PROJECT / "README.md").read_text(encoding="utf-8")
SANDBOX = (PROJECT / "docs/sandbox.md").read_text(encoding="utf-8")


def blocks(language: str, text: str = README) -> list[str]:
    """The code blocks of a language, in order, without their indentation."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    return ["".join(line[len(i) :] for line in text.splitlines(keepends=True)) for i, text in found]


def test_the_readme_is_short() -> None:
    """The README is short, so that a new user reads all of it."""
    assert len(README.splitlines()) <= 200


def checkout_in(folder: Path, stacks: Path) -> Path:
    """A checkout of this project with its own stacks, because commands write there."""
    checkout = folder / "slipway"
    checkout.mkdir()
    for entry in PROJECT.iterdir():
        if entry.name not in {".sandbox", ".git", "build", "stacks"}:
            (checkout / entry.name).symlink_to(entry)
    shutil.copytree(stacks, checkout / "stacks")
    return checkout


def run_commands(
    folder: Path, stacks: Path, commands: Iterable[str]
) -> subprocess.CompletedProcess[str]:
    """Run commands in order in one shell, as a new user does; stop the sandbox at the end.

    Args:
        folder: an empty folder for a checkout and the sandbox.
        stacks: the checkout's stacks, which are copied.
        commands: lines for a shell; the first that fails ends the run.
    """
    checkout = checkout_in(folder, stacks)
    without_log(folder / "sandbox")
    inherited = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLIPWAY_SANDBOX_HOME", str(folder / "sandbox"))
        home = {"SLIPWAY_SANDBOX_HOME": str(folder / "sandbox")}
        try:
            done = in_one_shell(checkout, commands, inherited | home | AT_THE_END)
        finally:
            stop()
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def in_one_shell(
    checkout: Path, commands: Iterable[str], environment: dict[str, str], stdin: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run commands in order in one shell; the first that fails ends the run."""
    return subprocess.run(
        ["bash", "-c", "set -eux\n" + "\n".join(commands)],
        cwd=checkout,
        env=environment,
        stdin=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def test_every_command_of_the_readme_works(tmp_path: Path) -> None:
    """The `sh` blocks of "Try it" succeed in order; `make down` ends what they started.

    The first and the last block of docs/sandbox.md follow, in the same shell.
    test_sandbox_document.py runs the others.
    """
    by_hand, *_, ask_aws = blocks("sh", SANDBOX)
    commands = [*blocks("sh", section("Try it, offline")), by_hand, ask_aws, "make down"]
    assert len(commands) == 5
    done = run_commands(tmp_path, PROJECT / "stacks", commands)
    for text in (
        *("acme/billing", "acme/legacy-reports", "acme/payments", "Try next"),
        "5 findings in 2 of 3 repositories, 4 weaker than declared",
        "arn:aws:iam::333333333333:role/slipway/acme.payments-prod",
    ):
        assert text in done.stdout
    _is_one_screen(done)
    log = (tmp_path / "sandbox/up.log").read_text(encoding="utf-8")
    assert "pulumi:pulumi:Stack slipway-sandbox created" in log
    assert "file .github/workflows/python-dev.yml on develop" in log


def _is_one_screen(done: subprocess.CompletedProcess[str]) -> None:
    """The output of `make up` fits into a terminal; the engine's output is only in the log."""
    _, _, after = f"\n{done.stderr}".partition("\n+ make up\n")
    messages = after.partition("\n+ ")[0].splitlines()
    before, _, _ = done.stdout.partition("make down ")
    lines = [*messages, *before.splitlines()]
    assert 10 < len(lines) <= 24, lines
    assert "onboarding the sample stack" in "".join(messages)


#: The words that the README tells the user to replace, and their values in the sandbox.
OWN_VALUES = {"github_pat_TOKEN": ADMIN_TOKEN, "s3://BUCKET": "file://$STATE"}
#: The questions of `slipway init`, in order; an empty answer takes the default.
ANSWERS = {
    "Secrets provider: ": "",
    "Owner of the repositories, an organisation or user: ": "initech",
    "AWS region of the deployments [eu-west-1]: ": "",
    "AWS account of dev, 12 digits [123456789012]: ": "111111111111",
    "AWS account of test, 12 digits [111111111111]: ": "222222222222",
    "AWS account of prod, 12 digits [222222222222]: ": "333333333333",
    "Role that slipway assumes in each account: its name, or none [slipway]: ": "",
    "Write this to stacks/initech/_stack.yaml and make the stack in ": "yes",
}


def test_onboarding_ones_own_works_word_by_word(tmp_path: Path) -> None:
    """Every command of "Onboard your own" succeeds, in a shell whose PATH has no pulumi.

    Two values of `export` lines are replaced, as the README says. A simulated user at a terminal
    answers the questions of `slipway init` and of `slipway up`. The two files are written as they
    are shown; the file that `slipway init` proposed has the same content without `defaults`. The
    seed is that of docs/sandbox.md.
    """
    prepare, init, provision = blocks("sh", section("Onboard your own repositories"))
    for word, value in OWN_VALUES.items():
        assert prepare.count(word) == 1
        prepare = prepare.replace(word, value)
    (seed,) = (one for one in blocks("sh", SANDBOX) if "_sandbox/seed" in one)
    settings, repository = (written_as_shown(block) for block in blocks("yaml"))
    proposal = "cp stacks/initech/_stack.yaml proposal.yaml"
    checkout = checkout_in(tmp_path, PROJECT / "stacks")
    with running_world(tmp_path) as world:
        variables = world.environment | {"STATE": str(tmp_path)}
        for name in ("PATH", "GITHUB_TOKEN", "PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"):
            del variables[name]
        inherited = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        environment = inherited | variables | {"PATH": path_without_pulumi()}
        environment["SLIPWAY_SANDBOX_HOME"] = str(tmp_path / "sandbox")
        commands = [prepare, seed, init, proposal, settings, repository, provision]
        with person([*ANSWERS.values(), "yes"]) as terminal:
            done = in_one_shell(checkout, commands, environment, terminal)
    assert done.returncode == 0, done.stdout + done.stderr
    asked = [done.stderr.find(question) for question in list(ANSWERS)[:-1]]
    assert asked == sorted(asked)
    assert asked[0] > 0
    assert list(ANSWERS)[-1] in done.stdout
    shown = read_document(checkout / "stacks/initech/_stack.yaml").data
    assert {
        **read_document(checkout / "proposal.yaml").data,
        "defaults": shown["defaults"],
    } == shown
    assert re.search(r"initech: \d+ changes carried out$", done.stderr, re.MULTILINE)
    trust = checkout / "build/initech/billing/aws/prod/trust.json"
    assert json.loads(trust.read_text(encoding="utf-8"))["Version"] == "2012-10-17"
    assert "encryptionsalt" in (checkout / "stacks/Pulumi.initech.yaml").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text below a title of the README."""
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def written_as_shown(block: str) -> str:
    """The command that writes a file whose first line is a comment with its path."""
    first = block.splitlines()[0]
    return f"cat > {first.removeprefix('# ')} <<'END'\n{block}END"


def path_without_pulumi() -> str:
    """PATH without the folders that contain a pulumi."""
    path = os.environ["PATH"].split(os.pathsep)
    clean = os.pathsep.join(one for one in path if not Path(one, "pulumi").exists())
    assert shutil.which("pulumi", path=clean) is None
    return clean


@contextmanager
def person(answers: Iterable[str]) -> Iterator[int]:
    """A terminal whose user has already typed these lines."""
    keyboard, terminal = pty.openpty()
    try:
        os.write(keyboard, "".join(f"{answer}\n" for answer in answers).encode())
        yield terminal
    finally:
        os.close(terminal)
        os.close(keyboard)


def test_the_declarations_of_the_readme_are_valid(write_stack: WriteStack) -> None:
    """The examples of the README are accepted, defaults and deviations together."""
    settings, billing = blocks("yaml")
    (repository,) = StackFiles(write_stack(settings, billing=billing)).stack.repositories
    prod = repository.environments.prod
    assert prod.wait_minutes == 10
    assert prod.reviewers.teams == ("payments",)
