"""The commands of docs/sandbox.md about the life of repositories are run unchanged, in order."""

import re
import shutil
from pathlib import Path

from sandbox.home import PROJECT
from tests.e2e.conftest import ONE_ACCOUNT
from tests.e2e.test_readme import SANDBOX, blocks, run_commands
from tests.e2e.typed import typed_slipway

#: The sample's defaults for production.
DEFAULTS = """\
defaults:
  environments:
    prod: {reviewers: {teams: [platform]}, wait_minutes: 10}
"""
#: The setup of `make up`, which would use the stack of this checkout.
UP = ("pulumi stack select --create sandbox", "pulumi up --yes --skip-preview --stack sandbox")


def test_every_command_of_the_document_works(tmp_path: Path) -> None:
    """A repository is adopted, renamed and offboarded; a secret is overwritten and repaired.

    The stack has one repository in one account: test_readme.py runs the whole sample with the first
    block, and makes a user's own stack with the document's seed. The first block also defines the
    function that the others call.
    """
    stacks = tmp_path / "stacks"
    (stacks / "sandbox").mkdir(parents=True)
    (stacks / "sandbox/_stack.yaml").write_text(ONE_ACCOUNT + DEFAULTS, encoding="utf-8")
    (stacks / "sandbox/billing.yaml").write_text("repository: billing\n", encoding="utf-8")
    shutil.copy(PROJECT / "stacks/Pulumi.sandbox.yaml", stacks)
    _, shell, *_ = blocks("sh")
    first, *others = blocks("sh", SANDBOX)
    assert len(others) == 6
    path, environment = shell.splitlines()[:2]
    function = re.match(r"github\(\) \{\n.*?^\}\n", first, re.MULTILINE | re.DOTALL)
    assert function
    start = [path, "slipway sandbox start", environment, *UP, function.group()]
    (tmp_path / "typed").mkdir()
    with typed_slipway(tmp_path / "typed") as typed:
        done = run_commands(tmp_path, stacks, [typed, *start, *others])
    for text in (
        "sandbox, 1 repository: the next up changes 2",
        "14 not declared any more: slipway up sandbox would delete them",
        "environment prod, secret API_KEY",
        '"ruleset_source": "acme/billing"',
        "arn:aws:iam::333333333333:role/slipway/acme.billing-prod",
    ):
        assert text in done.stdout
    assert "acme.crm" not in done.stdout.splitlines()[-1]
