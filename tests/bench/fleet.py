"""The cost of many stacks: the first `up` of several, two at a time, in one sandbox.

Each stack has its own state and shares nothing with another, so the cost of a repository should not
grow with the number of stacks. The time is measured from the first start to the last end.
"""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final

from sandbox.aws.seed import seed_account
from tests.bench.repositories import declaration, seeded
from tests.e2e.conftest import Project, new_project, users_world

#: Stacks at the same time: each has an engine that uses a whole core.
_AT_ONCE: Final = 2
#: Accounts whose OIDC provider exists already, since only one stack could create it.
_ACCOUNTS: Final = {"dev": "4" * 12, "test": "5" * 12, "prod": "6" * 12}


def measure_fleet(stacks: int, size: int) -> dict[str, Any]:
    """Measure the first `up` of `stacks` stacks with `size` repositories each."""
    with tempfile.TemporaryDirectory() as name, users_world(Path(name)) as world:
        for account in _ACCOUNTS.values():
            seed_account(world.record.aws_url, account, oidc_provider=True)
        project = new_project(world, Path(name))
        fleet = [f"bench-{index}" for index in range(stacks)]
        for stack in fleet:
            names = [f"{stack}-{index:03}" for index in range(size)]
            world.control("POST", "seed", {"repositories": [seeded(name) for name in names]})
            project.new_stack(stack, _settings(), **{name: declaration(name) for name in names})
        started = time.monotonic()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(partial(_up, project), fleet))
        seconds = time.monotonic() - started
    return {"stacks": stacks, "repositories": stacks * size, "seconds": round(seconds, 1)}


def _up(project: Project, stack: str) -> None:
    project.pulumi("up", "--yes", "--skip-preview", "--stack", stack)


def _settings() -> str:
    accounts = "\n".join(
        f'  {environment}: {{account_id: "{account}", region: eu-west-1, oidc_provider: existing,\n'
        f'    assume_role: "arn:aws:iam::{account}:role/slipway"}}'
        for environment, account in _ACCOUNTS.items()
    )
    return f"owner: acme\naccounts:\n{accounts}\n"
