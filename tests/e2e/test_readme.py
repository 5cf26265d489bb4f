"""The README's commands, run as they stand, in order, as a newcomer would."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from components.config.stack_files import StackFiles
from sandbox.environment import FOREIGN
from sandbox.home import PROJECT
from sandbox.process import stop
from tests.e2e.conftest import AT_THE_END
from tests.stacks import WriteStack
from tests.stacks import write_stack as write_stack  # noqa: PLC0414 - a fixture

README = (PROJECT / "README.md").read_text(encoding="utf-8")
SANDBOX = (PROJECT / "docs/sandbox.md").read_text(encoding="utf-8")


def blocks(language: str, text: str = README) -> list[str]:
    """The code blocks of a language, in order, without their indentation."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    return ["".join(line[len(i) :] for line in text.splitlines(keepends=True)) for i, text in found]


def test_the_readme_is_short() -> None:
    """A newcomer reads it all."""
    assert len(README.splitlines()) <= 200


def run_commands(
    folder: Path, stacks: Path, commands: Iterable[str]
) -> subprocess.CompletedProcess[str]:
    """Run commands in order in one shell, as a newcomer would; stop the sandbox at the end.

    Args:
        folder: an empty folder for a checkout and the sandbox.
        stacks: the checkout's stacks, which are copied: commands write there.
        commands: lines for a shell; the first that fails ends the run.
    """
    checkout = folder / "slipway"
    checkout.mkdir()
    for entry in PROJECT.iterdir():
        if entry.name not in {".sandbox", ".git", "build", "stacks"}:
            (checkout / entry.name).symlink_to(entry)
    shutil.copytree(stacks, checkout / "stacks")
    inherited = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLIPWAY_SANDBOX_HOME", str(folder / "sandbox"))
        home = {"SLIPWAY_SANDBOX_HOME": str(folder / "sandbox")}
        try:
            done = subprocess.run(
                ["bash", "-c", "set -eux\n" + "\n".join(commands)],
                cwd=checkout,
                env=inherited | home | AT_THE_END,
                capture_output=True,
                text=True,
                check=False,
                timeout=600,
            )
        finally:
            stop()
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_every_command_of_the_readme_works(tmp_path: Path) -> None:
    """The `sh` blocks succeed in order; `make down` ends what they started.

    The first and the last block of docs/sandbox.md follow, in the same shell.
    test_sandbox_document.py runs the others.
    """
    by_hand, *_, ask_aws = blocks("sh", SANDBOX)
    commands = [*blocks("sh"), by_hand, ask_aws, "make down"]
    assert len(commands) == 6
    done = run_commands(tmp_path, PROJECT / "stacks", commands)
    for text in (
        *("acme/billing", "acme/legacy-reports", "acme/payments", "Try next"),
        "5 findings in 2 of 3 repositories, 4 weaker than declared",
        "arn:aws:iam::333333333333:role/slipway/acme.payments-prod",
    ):
        assert text in done.stdout
    written = {path.name for path in (tmp_path / "slipway/build/example").iterdir()}
    assert written == {"invoice-api", "ledger-jobs", "shared-lib"}
    trust = tmp_path / "slipway/build/example/shared-lib/aws/prod/trust.json"
    assert json.loads(trust.read_text(encoding="utf-8"))["Version"] == "2012-10-17"


def test_the_declarations_of_the_readme_are_valid(write_stack: WriteStack) -> None:
    """The examples of the README are accepted, defaults and deviations together."""
    settings, billing = blocks("yaml")
    (repository,) = StackFiles(write_stack(settings, billing=billing)).stack.repositories
    prod = repository.environments.prod
    assert prod.wait_minutes == 10
    assert prod.reviewers.teams == ("payments",)
