"""The commands of README and docs/sandbox.md, run as they stand, in order, as a newcomer would."""

import json
import os
import re
import shutil
import subprocess
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


def test_every_command_for_newcomers_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The `sh` blocks succeed in order in one shell; `make down` ends what they started."""
    checkout = tmp_path / "slipway"
    checkout.mkdir()
    for entry in PROJECT.iterdir():
        if entry.name not in {".sandbox", ".git", "build"}:
            (checkout / entry.name).symlink_to(entry)
    (checkout / "stacks").unlink()  # commands write there
    shutil.copytree(PROJECT / "stacks", checkout / "stacks")
    monkeypatch.setenv("SLIPWAY_SANDBOX_HOME", str(tmp_path / "sandbox"))
    commands = [*blocks("sh"), *blocks("sh", SANDBOX)]
    assert len(commands) == 8
    script = "set -eux\n" + "\n".join(commands) + "make down\n"
    inherited = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    try:
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=checkout,
            env=inherited | AT_THE_END,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
    finally:
        stop()
    assert done.returncode == 0, done.stdout + done.stderr
    for said in ("acme/billing", "acme/legacy-reports", "acme/payments", "Try next"):
        assert said in done.stdout
    for said in (
        "5 findings in 2 of 3 repositories, 4 weaker than declared",
        "sandbox, 1 repository: the next up changes 2",
        "14 not declared any more: slipway up sandbox would delete them",
        "arn:aws:iam::333333333333:role/slipway/acme.payments-prod",
    ):
        assert said in done.stdout
    assert "acme.crm" not in done.stdout.splitlines()[-1]
    written = {path.name for path in (checkout / "build/example").iterdir()}
    assert written == {"invoice-api", "ledger-jobs", "shared-lib"}
    trust = checkout / "build/example/shared-lib/aws/prod/trust.json"
    assert json.loads(trust.read_text(encoding="utf-8"))["Version"] == "2012-10-17"


def test_the_declarations_of_the_readme_are_valid(write_stack: WriteStack) -> None:
    """The examples of the README are accepted, defaults and deviations together."""
    settings, billing = blocks("yaml")
    (repository,) = StackFiles(write_stack(settings, billing=billing)).stack.repositories
    prod = repository.environments.prod
    assert prod.wait_minutes == 10
    assert prod.reviewers.teams == ("payments",)
