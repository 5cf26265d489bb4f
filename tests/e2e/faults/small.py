"""One small repository with its own stack and AWS account, and all objects that it should have.

The expected objects are listed here; the program does not compute them. After every fault exactly
these objects exist, each once: the tests ask GitHub and AWS for them.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from components.model.types import ENVIRONMENTS
from sandbox.aws.seed import seed_account
from tests.e2e.conftest import Project

#: The branch that may deploy, by environment. Prod would bring no other kind of object.
BRANCHES: Final = {"dev": "develop", "test": "main"}
#: The messages of slipway's commits on the default branch.
COMMITS: Final = [
    f"Manage .github/workflows/python-{file}.yml with slipway\n\n\nskip-checks: true"
    for file in ("dev", "test")
]
#: The secret's value comes from the shell that runs the engine.
SHELL: Final = {"FAULTS_API_KEY": "for-test-alone"}
DECLARED: Final = """\
environments:
  prod: none
  test:
    secrets: {API_KEY: {env: FAULTS_API_KEY}}
    variables: {LOG_LEVEL: warning}
deploy: {lambda_function: "api-{environment}"}
"""


@dataclass(frozen=True)
class Small:
    """A repository and the stack of the same name that onboards it."""

    project: Project
    name: str
    account: str

    @property
    def backend(self) -> Path:
        """The folder of Pulumi's state."""
        url: str = self.project.world.environment["PULUMI_BACKEND_URL"]
        return Path(url.removeprefix("file://").partition("?")[0]) / ".pulumi"

    @property
    def state(self) -> Path:
        """The file of this stack's state."""
        return self.backend / f"stacks/slipway/{self.name}.json"

    @property
    def locks(self) -> list[Path]:
        """The locks on this stack."""
        return list((self.backend / f"locks/organization/slipway/{self.name}").glob("*.json"))

    def latest(self, part: str) -> list[Any]:
        """A list of the state: `resources` or `pending_operations`; empty before the state."""
        try:
            checkpoint = json.loads(self.state.read_text(encoding="utf-8"))["checkpoint"]
        except FileNotFoundError:  # the engine is replacing the file
            return []
        found: list[Any] = (checkpoint["latest"] or {}).get(part) or []
        return found

    def pending(self) -> set[str]:
        """Names of resources whose creation began, but the state does not say how it ended."""
        return {
            operation["resource"]["urn"].rsplit("::", 1)[1]
            for operation in self.latest("pending_operations")
        }

    def pulumi(self, *arguments: str, expect: int | None = 0, **variables: str) -> str:
        """Run pulumi on the stack; the result is its whole output."""
        arguments += ("--stack", self.name)
        done = self.project.pulumi(*arguments, expect=expect, **(SHELL | variables))
        return f"{done.stdout}\n{done.stderr}"

    def up(self, expect: int | None = 0) -> str:
        """Run a plain `pulumi up`."""
        return self.pulumi("up", "--yes", "--skip-preview", expect=expect)

    def slipway_up(self, expect: int | None = 0) -> str:
        """Run `slipway up`, which repairs the remains of an interrupted run."""
        done = self.project.slipway("up", self.name, "--yes", expect=expect, **SHELL)
        return f"{done.stdout}\n{done.stderr}"

    def github(self, path: str) -> Any:
        """GitHub's answer for a path below the repository."""
        return self.project.world.github("GET", f"repos/acme/{self.name}/{path}")

    def role_arn(self, env: str) -> str:
        """The role of an environment."""
        return f"arn:aws:iam::{self.account}:role/slipway/acme.{self.name}-{env}"


def new_small(project: Project, number: int, declared: str = DECLARED) -> Small:
    """A new repository, its account, and its stack.

    Args:
        project: the checkout.
        number: another one for each repository of a world.
        declared: what the declaration says besides the name.
    """
    small = Small(project, f"small-{number}", str(500_000_000_000 + number))
    world = project.world
    repository = {"owner": "acme", "name": small.name, "files": {"README.md": "# Small\n"}}
    world.control("POST", "seed", {"repositories": [repository]})
    seed_account(world.record.aws_url, small.account)
    account = (
        f'{{account_id: "{small.account}", region: eu-west-1,\n'
        f'    assume_role: "arn:aws:iam::{small.account}:role/slipway"}}'
    )
    # One account for all environments is one process of the AWS provider instead of three.
    accounts = "".join(f"  {env}: {account}\n" for env in ENVIRONMENTS)
    settings = f"owner: acme\naccounts:\n{accounts}"
    project.new_stack(small.name, settings, small=f"repository: {small.name}\n{declared}")
    return small
